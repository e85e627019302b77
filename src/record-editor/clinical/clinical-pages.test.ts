/** The clinical pages as two leads use them, in the real app: what is refused, what a draft says, and what a search would say. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveServices } from '#src/directory/save-services.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { storeCatalogue } from '#src/reference-data/reference-file.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { aService } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { errorsOf, type Manager, startManager, visible } from '#test/support/manage.ts'
import { loadOpenEdits } from '../service-edit-store.ts'

const AT = '2026-12-01T09:00:00.000Z'
const HERE = { easting: 378_940, northing: 391_980 }
const FOR_ALL = {
  ...{ sgsd: { 1011: [4003, 4999] }, genders: ['F', 'M'], ages: [[5844, 47_481.5]], dispositions: [1008], roles: [4] },
  ...{ restricted: false, referrals: [] },
}
const at = (uid: number, name: string, km: number, other: object = {}) =>
  aService({
    ...{ uid, name, typeId: 132, odsCode: 'FX123PFS', ...HERE, easting: HERE.easting + km * 1000, postcode: 'M33 7AB' },
    other: { ...FOR_ALL, ...other },
  })
const PAGE = '/workspace/services/901/clinical'
const ADD = `${PAGE}/pairs/add`
const YEARS = { 'from-unit': 'years', 'to-unit': 'years' }
const CALL = { postcode: 'M33 7AB', group: '1', gender: 'F', symptom: '1011', discriminators: '4004', role: '4' }

describe('the clinical profile of a service', () => {
  let db: OpenDb
  let manager: Manager
  let lead: Browser
  let second: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    await db.pool
      .insertInto('postcode')
      .values({ postcode_key: 'M337AB', latitude: 53.424, longitude: -2.318, ...HERE, source: 'test' })
      .execute()
    await db.transact(async (tx) => {
      const catalogue = {
        types: [{ id: 132, name: 'Minor illness', rank: 3 }],
        pairs: { 1011: [4003, 4004], 360: [14_207], ...manyPairs() },
        symptomGroups: [{ id: 1011, name: 'Sore throat' }],
        discriminators: [
          { id: 4003, name: 'For a week' },
          { id: 4004, name: 'With a fever' },
        ],
        dispositions: [{ id: 1008, timeframe: 1440, name: 'Within a day' }],
        roles: [{ id: 4, name: 'NHS 111' }, { id: 5 }],
      }
      await storeCatalogue(tx, catalogue, { actor: 'command:test', action: 'test', at: AT })
      const services = [at(901, 'Edited', 2), at(902, 'Nearer', 1, { sgsd: { 1011: [4003, 4004] } })]
      await saveServices(tx, services, { actor: 'command:test', action: 'test', recordedAt: AT })
    })
    manager = await startManager(db)
    lead = await manager.as({ email: 'lea@nhs.example', grants: [{ role: 'national', scope: '' }] })
    second = await manager.as({ email: 'sam@nhs.example', grants: [{ role: 'national', scope: '' }] })
  })
  after(async () => {
    await manager.close()
    await db.close()
  })
  /** Sends a form of a page, of which it may have several at one address. */
  const send = (browser: Browser, page: Page, action: string, fields: Record<string, string> = {}) =>
    browser.open(action, { _csrf: /name="_csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? '', ...fields })
  const draft = async () => (await loadOpenEdits(db.pool, 901))[0]?.proposed

  test('pasted lines are added together or not at all, and every bad one is named', async () => {
    const page = await lead.open(ADD)
    const lines = '1011 4004\r\n1011 4005\nEarache: 1\r\n\r\n1011 4003'
    const refused = await send(lead, page, ADD, { lines })
    assert.equal(refused.status, 422)
    assert.deepEqual(errorsOf(refused), { lines: '2 of 4 lines cannot be added. They are listed above the box' })
    assert.match(visible(refused), /Line 2, “1011 4005”: Discriminator 4005 does not go with symptom group 1011/)
    assert.match(visible(refused), /Line 3, “Earache: 1”: There is no symptom group “Earache”/)
    assert.match(refused.body, />1011 4004\n1011 4005\nEarache: 1\n\n1011 4003<\/textarea>/)
    assert.equal(await draft(), undefined)
    const saved = await send(lead, page, ADD, { lines: '1011 4004' })
    assert.match(
      visible(saved),
      /1 pair added to your draft\..* 3 pairs .*4003 For a week 4004 With a fever 4999 Not in the reference/,
    )
    assert.deepEqual(await draft(), { sgsd: { 1011: [4003, 4004, 4999] } })
  })

  test('the catalogue is searched by name and number, and a Z code is refused where it does not belong', async () => {
    const found = await lead.open(`${ADD}?q=14207`)
    assert.match(visible(found), /1 pair for “14207” that the service does not have\. 360 14207 Z code/)
    const box = /name="(pick-[0-9a-f]+)"/.exec(found.body)?.[1] ?? assert.fail()
    const refused = await send(lead, found, ADD, { [box]: 'yes' })
    assert.match(
      errorsOf(refused)['lines'] ?? '',
      /Z code 360=14207 \(blood pressure\) does not belong on Pharmacy Enhanced/,
    )
    assert.match(visible(await lead.open(`${ADD}?q=fever`)), /No pairs for “fever” that the service does not have/)
  })

  test('hundreds of pairs come a page at a time, are found by a word, and are taken out by ticking them', async () => {
    const page = await lead.open(ADD)
    const many = Array.from({ length: 300 }, (_, index) => `2000 ${5000 + index}`).join('\n')
    assert.match(visible(await send(lead, page, ADD, { lines: many })), /303 pairs .* Page 1 of 4 · Next page/)
    assert.match(visible(await lead.open(`${PAGE}/pairs?page=4`)), /2000 .* 5299 .* Page 4 of 4 · Previous page/)
    const found = await lead.open(`${PAGE}/pairs?q=4999`)
    assert.match(visible(found), /1 pair for “4999”/)
    const box = /name="(pick-[0-9a-f]+)"/.exec(found.body)?.[1] ?? assert.fail()
    assert.match(
      visible(await send(lead, found, `${PAGE}/pairs`, { [box]: 'yes' })),
      /1 pair taken out of your draft\. .*302 pairs/,
    )
    assert.deepEqual((await draft())?.sgsd?.['1011'], [4003, 4004])
    const nothing = await send(lead, found, `${PAGE}/pairs`)
    assert.deepEqual(errorsOf(nothing), { list: 'Tick the pairs to take out' })
  })

  test('the other topics change the same draft, each by itself', async () => {
    const ages = await lead.open(`${PAGE}/ages`)
    assert.match(visible(ages), /16 years and over 5844 to 47481\.5 days/)
    assert.match(
      errorsOf(await send(lead, ages, `${PAGE}/ages`, { ...YEARS, from: '9', to: '4' }))['from'] ?? '',
      /younger than the oldest/,
    )
    assert.match(errorsOf(await send(lead, ages, `${PAGE}/ages`, { group: '1' }))['from'] ?? '', /overlap/)
    assert.match(
      visible(await send(lead, ages, `${PAGE}/ages`, { ...YEARS, from: '5', to: '15' })),
      /5 to 15 years 1826\.25 to 5843 days/,
    )
    const genders = await lead.open(`${PAGE}/genders`)
    await send(lead, genders, `${PAGE}/genders`, { 'choice-i': 'yes', 'choice-f': 'yes' })
    const roles = await lead.open(`${PAGE}/roles`)
    await send(lead, roles, `${PAGE}/roles`, { 'choice-4': 'yes', 'choice-5': 'yes' })
    await send(lead, await lead.open(`${PAGE}/return-if-open`), `${PAGE}/return-if-open`, { choice: '15' })
    const surgeries = await lead.open(`${PAGE}/surgeries`)
    const restricted = await send(lead, surgeries, `${PAGE}/surgeries`, { restricted: 'yes' })
    assert.match(errorsOf(restricted)['restricted'] ?? '', /must list at least one surgery/)
    await send(lead, await lead.open(`${PAGE}/surgeries/add`), `${PAGE}/surgeries/add`, { lines: 'p84016' })
    await send(lead, await lead.open(`${PAGE}/limited-areas/add`), `${PAGE}/limited-areas/add`, { lines: 'QOP' })
    const { sgsd: _, ...others } = (await draft()) ?? {}
    assert.deepEqual(others, {
      ages: [
        [1826.25, 5843],
        [5844, 47_481.5],
      ],
      genders: ['F', 'I'],
      roles: [4, 5],
      returnIfOpenMinutes: 15,
      referrals: ['P84016'],
      limitedTo: ['QOP'],
    })
    assert.match(
      visible(await lead.open(PAGE)),
      /Pharmacy First, CPCS.* 302 pairs in 2 groups Changed .* Genders Female, Indeterminate or not known Changed .* Open to all; 1 surgery listed/,
    )
  })

  test('a search shows the service before and after the draft, and nobody else’s answer changes', async () => {
    const address = `/workspace/services/901/try?${new URLSearchParams(CALL)}`
    const tried = visible(await lead.open(address))
    assert.match(tried, /Now Not returned They see people with this symptom, but not in this form\./)
    assert.match(tried, /With your change Returned Returned as number 2 of 2\./)
    assert.match(tried, /2 services In the order .* Nearer .* Edited/)
    const tester = visible(
      await lead.open(`/workspace/search-tester?${new URLSearchParams({ ...CALL, service: '901' })}`),
    )
    assert.match(tester, /Edited, UID 901 Not returned/)
    assert.match(
      visible(await second.open(address)),
      /You have not changed anything yet.* Now Not returned (?!.*With your change)/,
    )
    assert.match(
      visible(await lead.open(address.replace('group=1', 'group=4'))),
      /With your change Not returned They do not see people of this age\./,
    )
    const empty = await lead.open('/workspace/services/901/try?postcode=M33+7AB')
    assert.deepEqual(Object.keys(errorsOf(empty)), ['age', 'symptom', 'discriminators'])
    assert.match((await lead.open('/workspace/services/901/try')).body, /name="symptom"[^>]* value="1011"/)
  })

  test('who approves tries the same, and a change that waits is locked', async () => {
    const [edit] = await loadOpenEdits(db.pool, 901)
    const { id = 0 } = edit ?? {}
    assert.equal((await second.ask(`/workspace/approvals/${id}/try`)).status, 200)
    const tried = visible(await second.open(`/workspace/approvals/${id}/try?${new URLSearchParams(CALL)}`))
    assert.match(tried, /With this change Returned Returned as number 2 of 2/)
    await db.pool.updateTable('service_edit').set({ state: 'waiting' }).where('id', '=', id).execute()
    assert.match(visible(await lead.open(`${PAGE}/pairs`)), /Your change waits for a second person/)
    const page = await lead.open('/workspace/services/902/clinical/genders')
    const late = await send(lead, page, `${PAGE}/genders`, { 'choice-f': 'yes' })
    assert.match(errorsOf(late)['choice'] ?? '', /Take it back before you change anything/)
  })

  test('addresses of nothing are not found', async () => {
    for (const path of [
      '999/clinical',
      'x/clinical',
      '901/clinical/nothing',
      '901%00/clinical',
      '901/clinical/roles/add',
    ]) {
      assert.ok([400, 404].includes((await lead.ask(`/workspace/services/${path}`)).status), path)
    }
    for (const id of ['0', 'x', '99999999', '9'.repeat(40)]) {
      assert.equal((await lead.ask(`/workspace/approvals/${id}/try`)).status, 404, id)
    }
  })
})

const manyPairs = () => ({ 2000: Array.from({ length: 300 }, (_, index) => 5000 + index) })
