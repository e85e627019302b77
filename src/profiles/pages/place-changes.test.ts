import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { toGps } from '#src/rules/national-grid.ts'
import type { Browser } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, send, startManager, visible } from '#test/support/manage.ts'

const PAGE = '/manage/FX123/address-and-name'
const QUEUE = '/workspace/place-changes'
const LEAD = { email: 'lead@icb.example', name: 'Lena Lead', grants: [{ role: 'lead', scope: 'area:QOP' }] }
const OTHER_LEAD = { email: 'far@icb.example', grants: [{ role: 'lead', scope: 'area:QXX' }] }
const VIEWER = { email: 'viewer@nhs.example', grants: [{ role: 'viewer', scope: 'ods:FX123' }] }
/** An owner who is a lead too. */
const BOTH = {
  email: 'both@nhs.example',
  grants: [
    { role: 'owner', scope: 'ods:FX123' },
    { role: 'lead', scope: 'area:QOP' },
  ],
}
const M33 = { easting: 378_940, northing: 391_980 }
const centre = toGps(M33)

describe('correcting the name, the address and the map pin', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  let lead: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    await db.pool
      .insertInto('postcode')
      .values({ postcode_key: 'M337AB', ...centre, source: 'test', easting: M33.easting, northing: M33.northing })
      .execute()
    await db.pool
      .insertInto('ods_organisation')
      .values({ ods_code: 'FX123', name: 'HILL & SONS', postcode: 'M33 9ZZ', status: 'A' })
      .execute()
    manager = await startManager(db, {
      profile: {
        commissioning: { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null },
        contact: { phone: '01632 960001', professionalEmail: 'pharmacy.fx123@nhs.net' },
      },
    })
    ;[amina, lead] = [await manager.as(AMINA), await manager.as(LEAD)]
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  /** Fills in a form, reads the check page, and sends it. */
  const ask = async (kind: string, fields: Record<string, string>, browser = amina) => {
    const check = await send(browser, await browser.open(`${PAGE}/${kind}`), `address-and-name/${kind}`, fields)
    assert.equal(check.status, 200, JSON.stringify(errorsOf(check)))
    return { check: visible(check), done: await send(browser, check, `address-and-name/${kind}`, { do: 'send' }) }
  }
  const refused = async (kind: string, fields: Record<string, string>) => {
    const page = await send(amina, await amina.open(`${PAGE}/${kind}`), `address-and-name/${kind}`, fields)
    assert.equal(page.status, 422)
    return errorsOf(page)
  }
  const emails = async () =>
    (await db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').orderBy('id').execute())
      .map(({ payload }) => payload as { kind: string; outcome: string; recipient: string; requestId: number })
      .filter(({ kind }) => kind === 'place-change-told')
      .map(({ outcome, recipient, requestId }) => `${requestId} ${outcome} ${recipient}`)
  const profile = async () => (await loadProfile(db.pool, 'FX123'))?.profile ?? assert.fail('no profile')

  test('shows what patients see beside what the ODS register says, and how to correct it', async () => {
    const words = visible(await amina.open(PAGE))
    assert.match(words, /Trading name Hill & Sons Address 1 High Street, Sale, M33 7AB Map pin 53\.42400, -2\.31800/)
    assert.match(words, /Name HILL & SONS Same Postcode M33 9ZZ Different/)
    assert.match(words, /apply to PCSE first/)
    assert.match(words, /Nobody has asked for a correction/)
    const viewer = await manager.as(VIEWER)
    assert.doesNotMatch(visible(await viewer.open(PAGE)), /The trading name is wrong/)
    assert.equal((await viewer.open(`${PAGE}/name`)).status, 403)
  })

  const mistakes: [kind: string, fields: Record<string, string>, errors: Record<string, string>][] = [
    [
      'name',
      { name: '' },
      {
        name: 'Enter the trading name',
        evidence: 'Tell us how you know, for example the reference that PCSE gave you',
      },
    ],
    [
      'name',
      { name: 'Hills', evidence: 'x'.repeat(1001) },
      { evidence: 'How you know must be 1,000 characters or fewer' },
    ],
    [
      'name',
      { name: 'Hills', evidence: 'x\u0000' },
      { evidence: 'Enter how you know again: part of it could not be read' },
    ],
    [
      'pin',
      { where: 'postcode', evidence: 'x'.repeat(1001) },
      { evidence: 'Why it is right must be 1,000 characters or fewer' },
    ],
    ['name', { name: 'Hill & Sons', evidence: 'x' }, { name: 'This is the trading name already' }],
    ['name', { name: 'x'.repeat(101), evidence: 'x' }, { name: 'The trading name must be 100 characters or fewer' }],
    [
      'address',
      { 'line-1': '', 'line-2': '', postcode: 'M33', evidence: 'x' },
      { 'line-1': 'Enter the building and street', postcode: 'Enter a full postcode, like M33 7AB' },
    ],
    ['address', { evidence: 'x' }, { 'line-1': 'This is the address already' }],
    ['pin', {}, { where: 'Select where the map pin should be' }],
    ['pin', { where: 'point', point: '' }, { point: 'Enter a grid reference, or latitude and longitude' }],
    [
      'pin',
      { where: 'point', point: 'behind the church' },
      {
        point:
          'Enter a grid reference like SJ 78940 91980, or latitude and longitude like 53.42400, -2.31800, in Great Britain',
      },
    ],
    [
      'pin',
      { where: 'point', point: '378940, 393000' },
      {
        evidence:
          'The map pin would be 1.0 kilometres from the middle of the postcode. Tell us why it is right, so that somebody can approve it',
      },
    ],
  ]
  for (const [kind, fields, errors] of mistakes) {
    test(`a ${kind} with ${JSON.stringify(fields).slice(0, 60)} is refused in words`, async () =>
      assert.deepEqual(await refused(kind, fields), errors))
  }

  test('from the check page one goes back to what one entered', async () => {
    const check = await send(amina, await amina.open(`${PAGE}/name`), 'address-and-name/name', {
      name: 'Hill “24”',
      evidence: 'PCSE 9',
    })
    const form = await send(amina, check, 'address-and-name/name', { do: 'change' })
    assert.match(form.body, /value="Hill “24”"/)
    assert.match(form.body, />PCSE 9<\/textarea>/)
    assert.match(visible(await amina.open(PAGE)), /Nobody has asked for a correction/)
  })

  test('a pin near the middle of its postcode is set at once, on the DoS services too', async () => {
    const { check, done } = await ask('pin', { where: 'point', point: '378940, 392100' })
    assert.match(check, /120 metres from the middle of M33 7AB/)
    assert.match(check, /Nobody has to approve this/)
    assert.match(visible(done), /The map pin is moved/)
    assert.match(visible(done), /Map pin, asked on 11 December 2026 Done/)
    const { address, approved } = await profile()
    assert.deepEqual(
      [address.position?.easting, address.position?.northing, approved],
      [378_940, 392_100, ['position']],
    )
    const services = await loadServicesOf(db.pool, 'FX123')
    assert.deepEqual(
      services.slice(0, 4).map(({ record }) => record.northing),
      Array(4).fill(392_100),
    )
  })

  test('a pin further away waits; a lead approves it, and it is on every service at once', async () => {
    const { check, done } = await ask('pin', {
      where: 'point',
      point: 'SJ 78940 92980',
      evidence: 'Inside the hospital',
    })
    assert.match(check, /1\.0 kilometres from the middle of M33 7AB/)
    assert.match(visible(done), /Waiting for approval/)
    assert.equal((await profile()).address.position?.northing, 392_100, 'nothing yet')
    const queue = await lead.open(QUEUE)
    assert.match(
      visible(queue),
      /1 request waits .*Hill & Sons, FX123 Map pin: 53\.\d+, -2\.\d+ .*Asked on 11 December 2026 by Amina Khan/,
    )
    const id = /place-changes\/(\d+)/.exec(queue.body)?.[1]
    const page = await lead.open(`${QUEUE}/${id}`)
    assert.match(
      visible(page),
      /Asked for .* 1\.0 kilometres from the middle of M33 7AB Map pin moves by 880 metres Why it is right Inside the hospital/,
    )
    assert.match(visible(page), /The public page and 4 DoS services show it at once/)
    const blank = await send(lead, page, `${QUEUE}/${id}`)
    assert.deepEqual(errorsOf(blank), { decision: 'Select whether this is right' })
    const approved = await send(lead, blank, `${QUEUE}/${id}`, { decision: 'approve' })
    assert.match(visible(approved), /Approved\..*Nothing waits for an answer/)
    assert.equal((await profile()).address.position?.northing, 392_980)
    const [service] = await loadServicesOf(db.pool, 'FX123')
    assert.equal(service?.record.northing, 392_980)
    const version = await db.pool
      .selectFrom('profile_version')
      .selectAll()
      .where('ods_code', '=', 'FX123')
      .orderBy('version', 'desc')
      .executeTakeFirst()
    assert.deepEqual([version?.actor, version?.action], ['person:lead@icb.example', 'approve-place-change'])
    assert.deepEqual(await emails(), [
      `${id} waiting amina@nhs.example`,
      `${id} waiting pharmacy.fx123@nhs.net`,
      `${id} approved amina@nhs.example`,
      `${id} approved pharmacy.fx123@nhs.net`,
    ])
    assert.match(visible(await amina.open(PAGE)), /Approved 53\.\d+.*approved on 11 December 2026 by Lena Lead/)
  })

  test('a name waits, a second one is told that it does, and the first is refused with its reason', async () => {
    await ask('name', { name: 'Hill’s', evidence: 'PCSE 123' })
    const second = await ask('name', { name: 'Hills', evidence: 'PCSE 123' })
    assert.equal(second.done.status, 409)
    assert.match(errorsOf(second.done)['name'] ?? '', /A request about the trading name is waiting already/)
    const id = /place-changes\/(\d+)/.exec((await lead.open(QUEUE)).body)?.[1]
    const page = await lead.open(`${QUEUE}/${id}`)
    assert.match(
      errorsOf(await send(lead, page, `${QUEUE}/${id}`, { decision: 'refuse' }))['reason'] ?? '',
      /Tell them why/,
    )
    await send(lead, page, `${QUEUE}/${id}`, { decision: 'refuse', reason: 'PCSE does <b>not</b> know it' })
    assert.equal((await profile()).name, 'Hill & Sons')
    const words = visible(await amina.open(PAGE))
    assert.match(words, /Not approved Hill’s .* by Lena Lead Reason: PCSE does <b>not<\/b> know it/)
    assert.match(visible(await lead.open(`${QUEUE}/${id}`)), /Not approved by Lena Lead/)
  })

  test('two deciders at once: one decision, and the other reads it', async () => {
    await ask('name', { name: 'Hill Pharmacy', evidence: 'PCSE 124' })
    const id = /place-changes\/(\d+)/.exec((await lead.open(QUEUE)).body)?.[1]
    const page = await lead.open(`${QUEUE}/${id}`)
    const answers = await Promise.all([
      send(lead, page, `${QUEUE}/${id}`, { decision: 'approve' }),
      send(lead.copy(), page, `${QUEUE}/${id}`, { decision: 'refuse', reason: 'No' }),
    ])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
    const slower = answers.find(({ status }) => status === 409)
    assert.match(visible(slower ?? assert.fail()), /Somebody else was faster/)
    const decided = (await emails()).filter((line) => line.startsWith(`${id} `) && !line.includes('waiting'))
    assert.equal(decided.length, 2, 'one decision, told to two addresses')
    const entries = await db.pool
      .selectFrom('audit')
      .select('action')
      .where('action', 'in', ['approve-place-change', 'refuse-place-change'])
      .execute()
    assert.equal(entries.length, 3, 'the pin, the first name, and this one')
  })

  test('a decision about a profile that changed since is asked again', async () => {
    await db.pool.deleteFrom('place_change').where('status', '=', 'waiting').execute()
    await ask('name', { name: 'Hill and Daughters', evidence: 'PCSE 125' })
    const id = /place-changes\/(\d+)/.exec((await lead.open(QUEUE)).body)?.[1]
    const page = await lead.open(`${QUEUE}/${id}`)
    await ask('pin', { where: 'postcode' })
    const again = await send(lead, page, `${QUEUE}/${id}`, { decision: 'approve' })
    assert.equal(again.status, 409)
    assert.match(visible(again), /The profile of this pharmacy changed while you were reading/)
    await send(lead, again, `${QUEUE}/${id}`, { decision: 'approve' })
    assert.equal((await profile()).name, 'Hill and Daughters')
  })

  test('an unknown postcode keeps the request, and says what it means', async () => {
    const { check } = await ask('address', { 'line-1': '9 New Road', postcode: 'm33 9zz', evidence: 'PCSE 126' })
    assert.match(check, /We do not know the postcode M33 9ZZ yet\. Your request is kept all the same/)
    const id = /place-changes\/(\d+)/.exec((await lead.open(QUEUE)).body)?.[1]
    const page = await lead.open(`${QUEUE}/${id}`)
    assert.match(visible(page), /the pharmacy is not found by distance until a map pin or the postcode comes/)
    await send(lead, page, `${QUEUE}/${id}`, { decision: 'approve' })
    const { address, approved } = await profile()
    assert.deepEqual(address, { lines: ['9 New Road', 'Sale'], postcode: 'M33 9ZZ', position: null })
    assert.ok(approved?.includes('address'))
  })

  test('who asks may withdraw, once; nobody decides their own request, nor one of another area', async () => {
    await ask('name', { name: 'Mistake', evidence: 'none' })
    const page = await amina.open(PAGE)
    const withdrawn = await send(amina, page, '/withdraw')
    assert.match(visible(withdrawn), /Your request is withdrawn.*Withdrawn Mistake/)
    assert.match(visible(await send(amina, page, '/withdraw')), /was answered before you withdrew it/)
    const both = await manager.as(BOTH)
    await ask('name', { name: 'Both Pharmacy', evidence: 'mine' }, both)
    const id = /place-changes\/(\d+)/.exec((await lead.open(QUEUE)).body)?.[1]
    const own = await both.open(`${QUEUE}/${id}`)
    assert.match(visible(own), /You asked for this yourself, so somebody else decides/)
    const csrf = /name="_csrf" value="([^"]*)"/.exec((await both.open(`${PAGE}/name`)).body)?.[1] ?? ''
    assert.equal((await both.open(`${QUEUE}/${id}`, { _csrf: csrf, decision: 'approve', version: '1' })).status, 403)
    const far = await manager.as(OTHER_LEAD)
    assert.match(visible(await far.open(QUEUE)), /Nothing waits for an answer/)
    assert.equal((await far.open(`${QUEUE}/${id}`)).status, 403)
    assert.equal((await amina.open(QUEUE)).status, 403)
    assert.equal((await lead.open(`${QUEUE}/999999`)).status, 404)
  })
})
