import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { OpenDb } from '#src/platform/db/open-db.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { type Browser, openBrowser } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, BEN, errorsOf, filledIn, type Manager, send, startManager, visible } from '#test/support/manage.ts'

const HUB = '/manage/FX123'
const CONTACT = `${HUB}/contact-details/change`
const HOURS = `${HUB}/opening-times/change`

describe('editing a profile', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  let ben: Browser
  const stored = async () => {
    const profile = await loadProfile(db.pool, 'FX123')
    assert.ok(profile)
    return profile
  }
  const recordOf = async (uid: number) =>
    (await loadServicesOf(db.pool, 'FX123')).find(({ record }) => record.uid === uid)?.record

  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db)
    amina = await manager.as(AMINA)
    ben = await manager.as(BEN)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('a change is shown before it is saved, with the DoS services it updates', async () => {
    const form = await amina.open(CONTACT)
    const check = await send(amina, form, 'contact-details/change', { phone: '01632 960 222' })
    assert.equal(check.status, 200)
    const words = visible(check)
    assert.match(words, /Public phone number Before: 01632 960001 After: 01632 960 222/)
    assert.match(words, /This updates 4 DoS services:/)
    assert.match(words, /Leave as it is: Minor illness \(2000000003\) It has phone number 01632 960777/)
    assert.equal((await stored()).profile.contact.phone, '01632 960001', 'nothing is saved yet')

    const hub = await send(amina, check, 'change/check', { 'keep-2000000003': 'yes' })
    assert.match(visible(hub), /Your contact details are saved\. The public page and 3 DoS services show it now\./)
    assert.equal((await stored()).profile.contact.phone, '01632 960 222')
    assert.equal((await recordOf(2_000_000_001))?.phone, '01632 960 222')
    assert.equal((await recordOf(2_000_000_003))?.phone, '01632 960777', 'the service that was left as it is')
    assert.equal((await recordOf(2_000_000_005))?.phone, '01632 960001', 'a closed service does not match')
  })

  test('a second click on Save, and Back to the check page, save nothing more', async () => {
    const form = await amina.open(CONTACT)
    const check = await send(amina, form, 'contact-details/change', { website: 'www.example.com' })
    const once = await send(amina, check, 'change/check')
    const { version } = await stored()
    const twice = await send(amina, check, 'change/check')
    assert.equal(visible(twice), visible(once))
    assert.equal((await stored()).version, version)
    const back = await amina.open(check.url.pathname + check.url.search)
    assert.equal(back.url.pathname, `${HUB}/contact-details`)
  })

  test('words that were sent once are found again, until they are saved or dropped', async () => {
    const wrong = await send(amina, await amina.open(CONTACT), 'contact-details/change', {
      email: 'somebody at example',
      'professional-email': 'team@nhs.example',
    })
    assert.equal(wrong.status, 422)
    assert.deepEqual(errorsOf(wrong), {
      email: 'Enter a public email address in the right format, like name@example.com',
    })
    assert.equal(filledIn(wrong, 'contact-details/change')['professional-email'], 'team@nhs.example')

    const again = await amina.open(CONTACT)
    assert.match(visible(again), /These are the words you entered at 10:34am and have not saved yet\./)
    assert.equal(filledIn(again, 'contact-details/change')['email'], 'somebody at example')
    const others = await ben.open(CONTACT)
    assert.equal(filledIn(others, 'contact-details/change')['email'], '', 'nobody else sees them')

    const fresh = await send(amina, again, 'change/discard')
    assert.equal(filledIn(fresh, 'contact-details/change')['email'], '')
  })

  test('words that are sent after the session ended wait for whoever signs in again', async () => {
    const form = await amina.open(CONTACT)
    manager.clock.set('2026-12-11T11:20:00Z')
    const signIn = await send(amina, form, 'contact-details/change', { email: 'late@example.com' })
    assert.equal(signIn.url.pathname, '/sign-in')
    const back = signIn.url.searchParams.get('return') ?? ''
    assert.match(back, /^\/manage\/FX123\/contact-details\/change\?draft=[0-9a-f]{40}$/)

    const found = await (await manager.as(AMINA)).open(back)
    assert.equal(filledIn(found, 'contact-details/change')['email'], 'late@example.com')
    const others = await (await manager.as(BEN)).open(back)
    assert.equal(filledIn(others, 'contact-details/change')['email'], '', 'for nobody else')

    const visitor = openBrowser(manager.app, manager.config.baseUrl)
    const stranger = await visitor.ask(CONTACT, { _csrf: 'x', email: 'evil@example.com' })
    assert.match(
      stranger.headers.get('location') ?? '',
      /^\/sign-in\?/,
      'a stranger is sent to sign in, with nothing kept',
    )
    visitor.setCookie('signpost-session', amina.cookie('signpost-session') ?? '')
    const tokenless = await visitor.ask(CONTACT, { _csrf: 'x', email: 'evil@example.com' })
    assert.equal(tokenless.status, 403, 'without the form’s token nothing is kept')
    manager.clock.set('2026-12-11T10:34:00Z')
    await send(amina, await amina.open(CONTACT), 'change/discard')
  })

  test('another person cannot open or save a draft by its address', async () => {
    const check = await send(amina, await amina.open(CONTACT), 'contact-details/change', { email: 'a@example.com' })
    const stolen = await ben.open(check.url.pathname + check.url.search)
    assert.equal(stolen.url.pathname, CONTACT, 'the form as the profile is, not the draft')
    assert.equal(filledIn(stolen, 'contact-details/change')['email'], '')
    await send(amina, await amina.open(CONTACT), 'change/discard')
  })

  test('edits of different sections by two people are both kept, without a question', async () => {
    const aminas = await amina.open(CONTACT)
    const bens = await ben.open(HOURS)
    await send(ben, await send(ben, bens, 'opening-times/change', { 'monday-1-to': '5:30pm' }), 'change/check')
    const check = await send(amina, aminas, 'contact-details/change', { email: 'hello@example.com' })
    await send(amina, check, 'change/check')
    const { profile } = await stored()
    assert.equal(profile.contact.email, 'hello@example.com')
    assert.deepEqual(profile.weekly[0], [{ opens: 540, closes: 1050 }])
  })

  test('two people who change the same value are asked which is right, and lose no words', async () => {
    const aminas = await amina.open(CONTACT)
    const bens = await ben.open(CONTACT)
    await send(ben, await send(ben, bens, 'contact-details/change', { phone: '01632 960333' }), 'change/check')
    const changed = { phone: '01632 960444', website: 'www.hill.example' }
    const conflict = await send(amina, aminas, 'contact-details/change', changed)
    assert.equal(conflict.status, 409)
    const words = visible(conflict)
    assert.match(words, /Ben Okafor saved a change at 10:34am, after you opened the form/)
    assert.match(words, /01632 960 444 You wrote 01632 960 333 Saved by Ben Okafor at 10:34am/)

    const undecided = await send(amina, conflict, 'change/conflict')
    assert.equal(undecided.status, 422)
    assert.deepEqual(errorsOf(undecided), { 'choose-phone': 'Select what to keep for Public phone number' })

    const check = await send(amina, undecided, 'change/conflict', { 'choose-phone': 'theirs' })
    assert.match(visible(check), /Website Before: www.example.com After: www.hill.example/)
    assert.doesNotMatch(visible(check), /Public phone number Before/)
    await send(amina, check, 'change/check')
    const { profile } = await stored()
    assert.equal(profile.contact.phone, '01632 960 333')
    assert.equal(profile.contact.website, 'www.hill.example')
  })

  test('a change that comes between the check and the saving is asked about too', async () => {
    const check = await send(amina, await amina.open(HOURS), 'opening-times/change', { 'tuesday-1-to': '6pm' })
    const bens = await send(ben, await ben.open(HOURS), 'opening-times/change', { 'tuesday-1-to': '7pm' })
    await send(ben, bens, 'change/check')
    const conflict = await send(amina, check, 'change/check')
    assert.equal(conflict.status, 409)
    assert.match(visible(conflict), /Tuesday 9am to 6pm You wrote 9am to 7pm Saved by Ben Okafor/)
    const mine = await send(amina, conflict, 'change/conflict', { 'choose-tuesday': 'mine' })
    await send(amina, mine, 'change/check')
    assert.deepEqual((await stored()).profile.weekly[1], [{ opens: 540, closes: 1080 }])
  })

  test('a form that names a version that never was is shown again, not trusted', async () => {
    const form = await amina.open(CONTACT)
    for (const version of ['0', '999', '-1', 'x', '']) {
      const page = await send(amina, form, 'contact-details/change', { version, phone: '01632 960555' })
      assert.equal(page.status, 422, version)
      assert.deepEqual(errorsOf(page), { form: 'This form was out of date. Check what you entered, then continue' })
      assert.equal(filledIn(page, 'contact-details/change')['phone'], '01632 960555')
    }
  })

  test('"copy Monday" and "add more times" work without a script and keep what was typed', async () => {
    const form = await amina.open(HOURS)
    const copied = await send(amina, form, 'opening-times/change', {
      'monday-1-from': '8',
      'monday-1-to': '8pm',
      do: 'copy-monday',
    })
    assert.equal(copied.url.hash, '#tuesday')
    const fields = filledIn(copied, 'opening-times/change')
    assert.deepEqual(
      ['tuesday', 'friday', 'saturday'].map((day) => [fields[`${day}-1-from`], fields[`${day}-1-to`]]),
      [
        ['8', '8pm'],
        ['8', '8pm'],
        ['', ''],
      ],
    )
    const wider = await send(amina, copied, 'opening-times/change', { do: 'add-sunday' })
    const more = filledIn(wider, 'opening-times/change')
    assert.equal(more['sunday-open'], 'yes')
    assert.equal(more['sunday-2-from'], '', 'a second pair of boxes is there')
    await send(amina, await amina.open(HOURS), 'change/discard')
  })
})
