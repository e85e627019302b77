import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { aProfile } from '#test/support/builders.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'

const LIST = '/workspace/contacts'
const WRONG = '/workspace/contact-corrections'
const LEA = { email: 'lea@nhs.example', name: 'Lea Dowd', grants: [{ role: 'lead', scope: 'area:QX1' }] }
const OLI = { email: 'oli@nhs.example', name: 'Oli Reed', grants: [{ role: 'lead', scope: 'area:QX2' }] }
const DESK = { email: 'desk@nhs.example', name: 'Fiona Walsh', grants: [{ role: 'desk', scope: '' }] }
const LPC = { email: 'lpc@nhs.example', name: 'Lou Park', grants: [{ role: 'lpc', scope: 'area:QX2' }] }
const NOBODY = { email: 'nobody@nhs.example', name: 'No Body', grants: [] }
const inIcb = (icbCode: string) => ({ parentCode: null, icbCode, healthAndWellbeingBoard: null })
const CONTACT = {
  name: 'North Shire',
  level: 'local',
  mailbox: 'DoS.team@north.example',
  phone: '01632960100',
  'night-phone': '07700 900 100',
  owner: 'Lea Dowd',
}

describe('the contacts register', () => {
  let db: OpenDb
  let manager: Manager
  let lea: Browser
  let oli: Browser
  let desk: Browser
  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    await db.pool
      .insertInto('postcode')
      .values([
        { postcode_key: 'ZZ11AA', latitude: 53.8, longitude: -1.5, icb_code: 'E54000001', source: 'test' },
        { postcode_key: 'ZZ99AA', latitude: 53.8, longitude: -1.5, icb_code: 'E54000001', source: 'test' },
        { postcode_key: 'ZZ11AB', latitude: 53.8, longitude: -1.5, icb_code: null, source: 'test' },
      ])
      .execute()
    const address = { ...aProfile().address, postcode: 'ZZ1 1AA' }
    await storePharmacy(db, aProfile({ odsCode: 'FY100', address, commissioning: inIcb('QX1') }))
    manager = await startManager(db, { profile: { commissioning: inIcb('QX2') } })
    lea = await manager.as(LEA)
    oli = await manager.as(OLI)
    desk = await manager.as(DESK)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  const change = async (browser: Browser, code: string, given: Record<string, string>): Promise<Page> =>
    send(browser, await browser.open(`${LIST}/${code}/change`), `${LIST}/${code}/change`, given)
  const actions = async (code: string) => {
    const rows = await db.pool
      .selectFrom('audit')
      .select(['actor', 'action'])
      .where('target', '=', `dos-contact:${code}`)
      .orderBy('seq')
      .execute()
    return rows.map(({ actor, action }) => `${actor} ${action}`)
  }
  const emails = async (kind: string) => {
    const rows = await db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').orderBy('id').execute()
    return rows
      .map(({ payload }) => payload as { readonly kind: string; readonly recipient: string })
      .filter((email) => email.kind === kind)
      .map(({ recipient }) => recipient)
  }

  test('a lead adds the contact that their area lacks, with every value checked, and of no other area', async () => {
    const list = visible(await lea.open(LIST))
    assert.match(list, /No contacts .*Areas without a contact Add a contact for QX1$/)
    assert.doesNotMatch(list, /QX2/)
    const wrong = await change(lea, 'QX1', {
      ...CONTACT,
      name: ' ',
      mailbox: 'nobody',
      phone: '12',
      owner: 'x'.repeat(101),
    })
    assert.equal(wrong.status, 422)
    assert.deepEqual(errorsOf(wrong), {
      name: 'Enter the name of the area',
      mailbox: 'Enter the email address of a role mailbox, like dos.team@icb.nhs.uk',
      phone: 'Phone in hours must be a UK phone number, like 01632 960 001',
      owner: 'Who keeps this right must be 100 characters or fewer',
    })
    const saved = visible(await change(lea, 'QX1', CONTACT))
    assert.match(saved, /The contact is saved and confirmed\./)
    assert.match(saved, /dos\.team@north\.example Phone in hours 01632 960 100 Phone out of hours 07700 900 100/)
    assert.match(saved, /Last confirmed 11 December 2026 by Lea Dowd, due again by 11 March 2027/)
    assert.deepEqual(await actions('QX1'), ['person:lea@nhs.example change-dos-contact'])
    const page = await lea.open(`${LIST}/QX1/change`)
    const csrf = { _csrf: /name="_csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? '' }
    assert.equal((await lea.ask(`${LIST}/QX2/change`)).status, 403)
    assert.equal((await lea.ask(`${LIST}/QX2/change`, { ...csrf, ...CONTACT, version: '0' })).status, 403)
    assert.equal((await oli.ask(`${LIST}/QX1/confirm`, csrf)).status, 403)
    await change(desk, 'QX2', { ...CONTACT, name: 'South Shire', phone: '' })
  })

  test('everybody with a right reads it, and nobody else, and nobody reads it signed out', async () => {
    for (const person of [AMINA, LPC, OLI]) {
      const browser = await manager.as(person)
      assert.match(visible(await browser.open(LIST)), /North Shire \(QX1\).*01632 960 100/, person.email)
      const page = await browser.open(`${LIST}/QX1`)
      assert.doesNotMatch(page.body, /QX1\/(change|confirm)/, person.email)
    }
    const stranger = await manager.as(NOBODY)
    for (const path of [LIST, `${LIST}/QX1`, `${LIST}/QX1/wrong`]) {
      assert.equal((await stranger.ask(path)).status, 403, path)
      assert.match(String((await manager.app.inject(path)).headers.location), /^\/sign-in\?/)
    }
    assert.match((await (await manager.as(AMINA)).open('/manage')).body, /href="\/workspace\/contacts"/)
    for (const path of ['no-such', 'QX9', '%00', '..%2f', 'x'.repeat(300)]) {
      assert.ok([400, 404, 414].includes((await lea.ask(`${LIST}/${path}`)).status), path)
    }
  })

  test('a contact is found by its name, its code and a postcode', async () => {
    const found = async (q: string) => {
      const page = await lea.open(`${LIST}?${new URLSearchParams({ q })}`)
      return [...page.body.matchAll(/<h3[^>]*><a href="[^"]*">([^<]*)/g)].map(([, name]) => name)
    }
    for (const [q, names] of [
      ['', ['North Shire', 'South Shire']],
      ['north', ['North Shire']],
      ['qx2', ['South Shire']],
      ['%', []],
      ["'; drop table dos_contact", []],
      ['zz9 9aa', ['North Shire']],
      ['ZZ1 1AB', ['North Shire']],
      ['AB1 2CD', []],
    ] as const) {
      assert.deepEqual(await found(q), names, q)
    }
    assert.match(visible(await lea.open(`${LIST}?q=ZZ9+9AA`)), /ZZ9 9AA lies in the area QX1\./)
    assert.match(visible(await lea.open(`${LIST}?q=ZZ1+1AB`)), /Most pharmacies near ZZ1 1AB are in the area QX1/)
    assert.match(visible(await lea.open(`${LIST}?q=AB1+2CD`)), /We do not know which area AB1 2CD lies in\./)
  })

  test('of two who change a contact at once the second sees what the first one said', async () => {
    const page = await desk.open(`${LIST}/QX1/change`)
    await change(lea, 'QX1', { owner: 'The north team' })
    const late = await send(desk, page, `${LIST}/QX1/change`, { owner: 'The desk' })
    assert.equal(late.status, 409)
    assert.match(errorsOf(late)['name'] ?? '', /Somebody else changed this contact/)
    assert.match(late.body, /value="The north team"/)
    const again = await send(desk, late, `${LIST}/QX1/change`, { owner: 'The desk' })
    assert.match(visible(again), /Kept right by The desk Last confirmed 11 December 2026 by Fiona Walsh/)
  })

  test('after 90 days a contact is late until one of those who keep it confirms it', async () => {
    const late = /Late: may be out of date/
    manager.clock.set('2027-03-10T12:00:00Z')
    lea = await manager.as(LEA)
    assert.doesNotMatch(visible(await lea.open(`${LIST}/QX1`)), late)
    manager.clock.set('2027-03-11T12:00:00Z')
    lea = await manager.as(LEA)
    assert.match(visible(await lea.open(`${LIST}/QX1`)), late)
    assert.match(visible(await lea.open('/workspace')), /Contacts to confirm 1 waiting 1 late/)
    assert.match(visible(await lea.open(`${LIST}?show=due`)), /1 contact to confirm/)
    const done = visible(await send(lea, await lea.open(`${LIST}/QX1`), `${LIST}/QX1/confirm`))
    assert.match(done, /You confirmed that the contact is right\./)
    assert.match(done, /Last confirmed 11 March 2027 by Lea Dowd, due again by 9 June 2027/)
    assert.doesNotMatch(done, late)
    assert.match(visible(await lea.open('/workspace')), /Contacts to confirm Nothing waiting/)
    assert.equal((await actions('QX1')).at(-1), 'person:lea@nhs.example confirm-dos-contact')
    assert.equal((await actions('QX1')).length, 4)
  })

  test('what a reader says is wrong goes to the leads of the area and stays open until one answers', async () => {
    const amina = await manager.as(AMINA)
    oli = await manager.as(OLI)
    desk = await manager.as(DESK)
    const form = await amina.open(`${LIST}/QX1/wrong`)
    const say = (words: string) => send(amina, form, `${LIST}/QX1/wrong`, { words })
    assert.deepEqual(errorsOf(await say(' ')), { words: 'Enter what is wrong' })
    assert.deepEqual(errorsOf(await say('x'.repeat(501))), {
      words: 'What you enter must be 500 characters or fewer',
    })
    assert.match(
      visible(await say('<b>The number rings out</b>')),
      /“<b>The number rings out<\/b>” .* Waits for an answer/,
    )
    assert.deepEqual(await emails('contact-wrong'), ['lea@nhs.example'])
    assert.match(visible(await lea.open('/workspace')), /Contacts that readers say are wrong 1 waiting/)
    assert.match(visible(await oli.open(WRONG)), /Nothing waits for you\./)
    const { id } = await db.pool.selectFrom('dos_contact_correction').select('id').executeTakeFirstOrThrow()
    assert.equal((await oli.ask(`${WRONG}/${id}`)).status, 404)
    assert.equal((await amina.ask(`${WRONG}/${id}`)).status, 403)
    for (const path of ['999', 'x', '0', '1e3', '99999999999999999999']) {
      assert.equal((await lea.ask(`${WRONG}/${path}`)).status, 404, path)
    }
    const page = await lea.open(`${WRONG}/${id}`)
    const deskPage = await desk.open(`${WRONG}/${id}`)
    assert.match(visible(page), /The number rings out.*Amina Khan, 11 March 2027 at midday/)
    assert.deepEqual(errorsOf(await send(lea, page, `${WRONG}/${id}`, { answer: '' })), {
      answer: 'Enter what you did',
    })
    const closed = visible(await send(lea, page, `${WRONG}/${id}`, { answer: 'It is mended' }))
    assert.match(
      closed,
      /The request is closed\..*Nothing waits for you\..*Answer: It is mended Lea Dowd, 11 March 2027/,
    )
    const second = await send(desk, deskPage, `${WRONG}/${id}`, { answer: 'Too late' })
    assert.match(second.body, /Somebody else has answered this request already\./)
    assert.deepEqual(await emails('contact-answered'), ['amina@nhs.example'])
    assert.match(visible(await amina.open(`${LIST}/QX1`)), /What you told us .*Answer: It is mended/)
    assert.deepEqual((await actions('QX1')).slice(-2), [
      'person:amina@nhs.example say-dos-contact-wrong',
      'person:lea@nhs.example answer-dos-contact',
    ])
  })

  test('where an area has no lead the desk is asked, and one reader has at most five open requests', async () => {
    await db.pool.deleteFrom('role_grant').where('email', '=', OLI.email).execute()
    const lpc = await manager.as(LPC)
    const form = await lpc.open(`${LIST}/QX2/wrong`)
    for (let count = 0; count < 5; count++) await send(lpc, form, `${LIST}/QX2/wrong`, { words: `Wrong ${count}` })
    const sixth = await send(lpc, form, `${LIST}/QX2/wrong`, { words: 'Wrong again' })
    assert.match(errorsOf(sixth)['words'] ?? '', /^5 of your requests wait for an answer/)
    assert.deepEqual((await emails('contact-wrong')).slice(1), Array(5).fill('desk@nhs.example'))
  })
})
