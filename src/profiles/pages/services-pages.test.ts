import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveServices } from '#src/directory/save-services.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { aService, NINE_TO_FIVE } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, BEN, errorsOf, filledIn, type Manager, send, startManager, visible } from '#test/support/manage.ts'

const HUB = '/manage/FX123'
const SERVICES = `${HUB}/services`
const URGENT = `${HUB}/urgent-care-services`
const BLOOD_PRESSURE = 2_000_000_148
const SCRIPT = '<script>alert(1)</script>'
const TEN_THOUSAND = 'x'.repeat(10_000)
const VIEWER = { email: 'vera@nhs.example', name: 'Vera', grants: [{ role: 'viewer', scope: 'ods:FX123' }] }
const LOCUM = { email: 'leo@nhs.example', name: 'Leo', grants: [{ role: 'closure-only', scope: 'ods:FX123' }] }

describe('services and their hours', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  let ben: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    const closed = aService({
      uid: BLOOD_PRESSURE,
      typeId: 148,
      odsCode: 'FX123BPC',
      name: 'BP check',
      status: 'CLOSED',
    })
    const context = { actor: 'system:test', action: 'create', recordedAt: '2026-11-01T09:00:00.000Z' }
    await db.transact((tx) => saveServices(tx, [closed], context))
    manager = await startManager(db)
    amina = await manager.as(AMINA)
    ben = await manager.as(BEN)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  const answers = async () => (await loadProfile(db.pool, 'FX123'))?.profile.services
  const version = async () => (await loadProfile(db.pool, 'FX123'))?.version
  const recordOf = async (uid: number) =>
    (await loadServicesOf(db.pool, 'FX123')).find(({ record }) => record.uid === uid)?.record
  /** Fills in a form, as far as the check page. */
  const check = async (browser: Browser, path: string, changed: Record<string, string | undefined>) =>
    send(browser, await browser.open(`${HUB}/${path}`), path, changed)
  const save = async (browser: Browser, path: string, changed: Record<string, string | undefined>) => {
    const page = await check(browser, path, changed)
    assert.equal(page.status, 200, JSON.stringify(errorsOf(page)))
    return send(browser, page, `${path}/check`)
  }
  const forcedConfirmation = async (): Promise<Page> => {
    const csrf = filledIn(await amina.open(`${SERVICES}/change`), 'services/change')['_csrf'] ?? ''
    return amina.open(`${SERVICES}/confirm`, { _csrf: csrf, version: String(await version()) })
  }

  test('while nothing was said there is nothing to confirm', async () => {
    assert.match(visible(await amina.open(HUB)), /Services You have not said yet which services you offer/)
    const page = visible(await amina.open(SERVICES))
    assert.match(page, /You have not said yet which services you offer\./)
    assert.doesNotMatch(page, /Everything is correct/)
    assert.deepEqual(errorsOf(await forcedConfirmation()), {
      unanswered: 'Tell us which services you offer before you confirm them',
    })
  })

  test('yes and no are saved; what is left open stays unknown', async () => {
    const page = await check(amina, 'services/change', { eps0001: 'yes', srv0522: 'yes', srv0513: 'no' })
    assert.match(
      visible(page),
      /Electronic Prescription Service After: Yes.*Prescription delivery After: Yes.*Pregnancy testing \(paid for\) After: No/,
    )
    const done = await send(amina, page, 'services/change/check')
    assert.equal(done.url.pathname, SERVICES)
    assert.match(visible(done), /Your services are saved\. The public page shows it now\./)
    assert.deepEqual(
      Object.entries((await answers()) ?? {}).map(([code, { offered }]) => [code, offered]),
      [
        ['EPS0001', true],
        ['SRV0513', false],
        ['SRV0522', true],
      ],
    )
    assert.match(visible(await amina.open(HUB)), /2 services, \d+ not answered/)
  })

  test('"answer no to the rest" fills in what has no answer, for one to look at', async () => {
    const form = await amina.open(`${SERVICES}/change`)
    const filled = await send(amina, form, 'services/change', { srv0257: 'yes', do: 'no-to-the-rest' })
    assert.equal(filled.url.hash, '#eps0002')
    const fields = filledIn(filled, 'services/change')
    assert.deepEqual(
      [fields['eps0001'], fields['srv0257'], fields['srv0516']],
      ['yes', 'yes', 'no'],
      'answers stay, blanks are no',
    )
    assert.equal((await answers())?.['SRV0257'], undefined, 'nothing is saved yet')
    await send(amina, await amina.open(`${SERVICES}/change`), 'change/discard')
  })

  test('urgent care services: the day of the last look at the stock is asked for, and cannot be to come', async () => {
    const without = await check(amina, 'urgent-care-services/change', { srv0559: 'yes' })
    assert.equal(without.status, 422)
    assert.deepEqual(Object.keys(errorsOf(without)), ['srv0559-checked-day'])
    const ahead = await send(amina, without, 'urgent-care-services/change', {
      'srv0559-checked-day': '12',
      'srv0559-checked-month': '12',
      'srv0559-checked-year': '2026',
    })
    assert.deepEqual(errorsOf(ahead), {
      'srv0559-checked-day': 'The date you checked the stock must be 11 December 2026 or earlier',
    })
    await send(amina, await amina.open(`${URGENT}/change`), 'change/discard')
  })

  test('what it does to the directory is said before it is saved, and what is missing leads to asking for it', async () => {
    const page = await check(amina, 'urgent-care-services/change', {
      srv0559: 'yes',
      'srv0559-checked-day': '1',
      'srv0559-checked-month': 'December',
      'srv0559-checked-year': '2026',
      'srv0559-list': 'Palliative list <3>',
      srv0560: 'yes',
      srv2000: 'yes',
    })
    const words = visible(page)
    assert.match(words, /What it means for the Directory of Services/)
    assert.match(words, /NHS 111 and other NHS services will find “BP check” for NHS Blood Pressure Check\./)
    assert.match(words, /will say: Palliative care medicines in stock \(Z code 360=14167\)\./)
    assert.match(words, /NHS 111 cannot find NHS Pharmacy Contraception Service.* Ask for it/)
    assert.equal((await recordOf(BLOOD_PRESSURE))?.status, 'CLOSED', 'nothing is saved yet')
    const ask = /href="([^"]*missing-service[^"]*)"/.exec(page.body)?.[1] ?? ''
    const form = filledIn(await amina.open(ask), 'missing-service')
    assert.equal(form['kind'], 'NHS Community Pharmacy Contraception service')

    const done = await send(amina, page, 'urgent-care-services/change/check')
    assert.equal(done.url.pathname, URGENT)
    assert.match(
      visible(done),
      /Your urgent care services are saved\. The public page and \d DoS services show it now\./,
    )
    assert.match(
      visible(done),
      /Stock last checked 1 December 2026 Stock list: Palliative list <3> Check the stock again by 3 March 2027/,
    )
    assert.match(visible(done), /DoS service “BP check” \(ID 2000000148\): NHS 111 finds it\./)
    assert.equal((await recordOf(BLOOD_PRESSURE))?.status, 'ACTIVE')
  })

  test('a service that ends before the shop does: the boxes begin with the hours of the shop', async () => {
    const longer = await check(amina, 'opening-times/change', { 'monday-1-to': '6pm', do: 'copy-monday' })
    const week = await send(amina, longer, 'opening-times/change')
    await send(amina, week, 'opening-times/change/check')
    const form = await amina.open(`${SERVICES}/SRV0560/change`)
    const fields = filledIn(form, 'SRV0560/change')
    assert.deepEqual([fields['hours-are'], fields['monday-1-to'], fields['friday-1-to']], ['same', '6pm', '6pm'])
    const copied = await send(amina, form, 'SRV0560/change', { 'monday-1-to': '5pm', do: 'copy-monday' })
    assert.equal(filledIn(copied, 'SRV0560/change')['hours-are'], 'own')
    const page = await send(amina, copied, 'SRV0560/change', { 'booking-link': 'www.example.com/book' })
    const words = visible(page)
    assert.match(words, /When you give it Before: Whenever the pharmacy is open After: Monday to Friday 9am to 5pm;/)
    assert.match(words, /Booking link Before: None After: https:\/\/www\.example\.com\/book/)
    assert.match(words, /“BP check” will have opening times of its own\./)
    const done = await send(amina, page, 'SRV0560/change/check')
    assert.match(visible(done), /What you say about this service is saved\./)
    assert.match(visible(done), /NHS Blood Pressure Check Yes Monday to Friday 9am to 5pm; Saturday and Sunday closed/)
    assert.deepEqual((await recordOf(BLOOD_PRESSURE))?.hours.weekly[0], NINE_TO_FIVE)
    assert.deepEqual((await recordOf(2_000_000_001))?.hours.weekly[0], [{ opens: 540, closes: 1080 }])
  })

  test('a second click on Save saves nothing more', async () => {
    const page = await check(amina, 'services/SRV0522/change', { appointment: 'yes' })
    const once = await send(amina, page, 'SRV0522/change/check')
    const saved = await version()
    const twice = await send(amina, page, 'SRV0522/change/check')
    assert.equal(visible(twice), visible(once))
    assert.equal(await version(), saved)
  })

  test('drafts of one service do not show in the form of another', async () => {
    await check(amina, 'services/SRV0257/change', { 'from-day': '40' })
    const other = filledIn(await amina.open(`${SERVICES}/SRV0522/change`), 'SRV0522/change')
    assert.equal(other['from-day'], '')
    const again = await amina.open(`${SERVICES}/SRV0257/change`)
    assert.equal(filledIn(again, 'SRV0257/change')['from-day'], '40')
    await send(amina, again, 'change/discard')
  })

  test('two people who answer for different services are both right; for the same service they are asked', async () => {
    const aminas = await amina.open(`${SERVICES}/change`)
    await save(ben, 'services/SRV0522/change', { 'to-day': '31', 'to-month': '3', 'to-year': '2027' })
    await save(ben, 'services/change', { srv0516: 'yes' })
    const conflict = await send(amina, aminas, 'services/change', { srv0516: 'no', srv0257: 'yes' })
    assert.equal(conflict.status, 409)
    assert.match(visible(conflict), /Travel clinic \(paid for\) No You wrote Yes Saved by Ben Okafor/)
    assert.doesNotMatch(visible(conflict), /Prescription delivery/, 'its last day is not in this form')
    const page = await send(amina, conflict, 'services/change/conflict', { 'choose-srv0516': 'theirs' })
    await send(amina, page, 'services/change/check')
    const saved = await answers()
    assert.deepEqual(
      [saved?.['SRV0516']?.offered, saved?.['SRV0257']?.offered, saved?.['SRV0522']?.to],
      [true, true, '2027-03-31'],
    )
  })

  test('hours that two people set are chosen value by value', async () => {
    const aminas = await amina.open(`${SERVICES}/SRV0257/change`)
    await save(ben, 'services/SRV0257/change', { 'hours-are': 'own', 'monday-1-to': '1pm', appointment: 'yes' })
    const conflict = await send(amina, aminas, 'SRV0257/change', { 'hours-are': 'own', 'monday-1-to': 'midday' })
    assert.equal(conflict.status, 409)
    assert.match(
      visible(conflict),
      /When you give it Monday 9am to midday; .*You wrote Monday 9am to 1pm; .*Saved by Ben/,
    )
    const page = await send(amina, conflict, 'SRV0257/change/conflict', {
      'choose-hours': 'theirs',
      'choose-appointment': 'theirs',
    })
    assert.match(visible(page), /You have not changed anything\./)
    await send(amina, page, 'change/discard')
  })

  test('a service that somebody else says no to is theirs or mine, and theirs drops the draft', async () => {
    const aminas = await amina.open(`${SERVICES}/SRV0257/change`)
    const no = await check(ben, 'services/change', { srv0257: 'no' })
    assert.match(visible(no), /What you said about New Medicine Service goes with it: Monday 9am to 1pm;/)
    await send(ben, no, 'services/change/check')
    const conflict = await send(amina, aminas, 'SRV0257/change', { appointment: undefined })
    assert.equal(conflict.status, 409)
    const done = await send(amina, conflict, 'SRV0257/change/conflict', { 'choose-offered': 'theirs' })
    assert.equal(done.url.pathname, SERVICES)
    assert.equal((await answers())?.['SRV0257']?.offered, false)
  })

  test('the form of a service that is not offered says that saving offers it', async () => {
    const form = await amina.open(`${SERVICES}/SRV0257/change`)
    assert.match(visible(form), /You have not said that you offer this service\. Saving this form says that you do\./)
  })

  test('a confirmation of what somebody changed meanwhile is not taken; of what stands, it is', async () => {
    const page = await amina.open(SERVICES)
    await save(ben, 'services/change', { srv0513: 'yes' })
    const stale = await send(amina, page, 'services/confirm')
    assert.match(visible(stale), /Ben Okafor changed this at 10:34am, while you were reading it/)
    const hub = await send(amina, stale, 'services/confirm')
    assert.match(visible(hub), /Services: everything is correct/)
  })

  test('the name of a stock list is taken back on its own', async () => {
    const page = await check(amina, 'urgent-care-services/change', { 'srv0559-list': '' })
    assert.match(visible(page), /stock list Before: Palliative list <3> After: Nothing/)
    await send(amina, page, 'urgent-care-services/change/check')
    assert.equal((await answers())?.['SRV0559']?.stockList, undefined)
  })

  test('saying no closes the service of the directory, after a warning', async () => {
    const page = await check(amina, 'urgent-care-services/change', { srv0560: 'no' })
    assert.match(visible(page), /will no longer find “BP check” for NHS Blood Pressure Check\./)
    assert.match(visible(page), /What you said about NHS Blood Pressure Check goes with it/)
    await send(amina, page, 'urgent-care-services/change/check')
    assert.equal((await recordOf(BLOOD_PRESSURE))?.status, 'CLOSED')
    assert.match(visible(await amina.open(URGENT)), /“BP check” .*: closed, so that NHS 111 does not find it\./)
  })

  test('who may look sees what is said, without a way to change it; a locum too', async () => {
    for (const person of [VIEWER, LOCUM]) {
      const browser = await manager.as(person)
      for (const path of ['services', 'urgent-care-services', 'facilities']) {
        const page = await browser.open(`${HUB}/${path}`)
        assert.equal(page.status, 200)
        assert.doesNotMatch(visible(page), /Everything is correct|Change /, `${person.name} on ${path}`)
        assert.equal((await browser.open(`${HUB}/${path}/change`)).status, 403)
      }
      assert.equal((await browser.open(`${SERVICES}/SRV0522/change`)).status, 403)
    }
  })

  test('services that cannot be are not found', async () => {
    for (const code of ['NOTHING', 'srv0522', 'SRV0559', '%F0%9F%92%8A']) {
      assert.equal((await amina.open(`${SERVICES}/${code}/change`)).status, 404, code)
    }
  })

  const link = 'The booking link of NHS Blood Pressure Check must be'
  const BAD: readonly (readonly [string, Record<string, string>, Record<string, string>, string])[] = [
    [
      'services',
      { eps0001: SCRIPT },
      { eps0001: 'Select yes or no for Electronic Prescription Service' },
      'markup for an answer',
    ],
    [
      'services/SRV0522',
      { 'hours-are': SCRIPT },
      { 'hours-are': 'Select when you give this service' },
      'markup for a choice',
    ],
    [
      'services/SRV0522',
      { 'hours-are': 'own', 'monday-1-to': '8pm' },
      { 'monday-1-from': 'Prescription delivery on Monday must be within your opening times, 9am to 6pm' },
      'later than the pharmacy',
    ],
    [
      'services/SRV0522',
      { 'hours-are': 'own', 'monday-1-to': SCRIPT, 'tuesday-1-from': TEN_THOUSAND },
      {
        'monday-1-to': 'Enter a closing time for Monday, like 9am, 5:30pm or midday',
        'tuesday-1-from': 'Enter an opening time for Tuesday, like 9am, 5:30pm or midday',
      },
      'markup and a book for times',
    ],
    [
      'services/SRV0522',
      { 'to-day': '1', 'to-month': '12', 'to-year': '2026' },
      {
        'to-day':
          'The last day of Prescription delivery must be today or in the future. If you no longer offer it, say no',
      },
      'an end that is over',
    ],
    [
      'services/SRV0522',
      { 'from-day': '1', 'from-month': SCRIPT, 'from-year': '2027' },
      { 'from-day': 'First day must be a real date' },
      'markup for a month',
    ],
    [
      'services/SRV0560',
      { 'booking-link': 'http://www.example.com' },
      { 'booking-link': `${link} a web address that starts with https://` },
      'a link that is not safe',
    ],
    [
      'services/SRV0560',
      { 'booking-link': SCRIPT },
      { 'booking-link': `${link} a web address that starts with https://` },
      'markup for a link',
    ],
    [
      'services/SRV0560',
      { 'booking-link': `https://www.example.com/${TEN_THOUSAND}` },
      { 'booking-link': `${link} 500 characters or fewer` },
      'a link as long as a book',
    ],
    [
      'urgent-care-services',
      { srv0560: 'perhaps' },
      { srv0560: 'Select yes or no for NHS Blood Pressure Check' },
      'no such answer',
    ],
    [
      'urgent-care-services',
      { srv0559: 'yes', 'srv0559-list': TEN_THOUSAND },
      { 'srv0559-list': 'The name and version of the stock list must be 80 characters or fewer' },
      'a stock list as long as a book',
    ],
    [
      'urgent-care-services',
      { srv0559: 'yes', 'srv0559-checked-day': SCRIPT },
      { 'srv0559-checked-day': 'The day you last checked the stock must be a real date' },
      'markup for a day',
    ],
  ]
  for (const [page, sent, expect, because] of BAD) {
    const path = `${page}/change`
    test(`${page} is asked again for ${because}`, async () => {
      const before = await version()
      const again = await check(amina, path, sent)
      assert.equal(again.status, 422)
      assert.deepEqual(errorsOf(again), expect)
      assert.match(again.body, /<title>\s*Error: /)
      for (const field of Object.keys(expect)) assert.match(again.body, new RegExp(`id="${field}"`))
      assert.ok(!again.body.includes(SCRIPT), 'markup is shown as text')
      assert.equal(await version(), before, 'nothing is saved')
      await send(amina, await amina.open(`${HUB}/${path}`), `${path}/discard`)
    })
  }
})

describe('a distance selling pharmacy', () => {
  test('is asked about services that can be given remotely, in staffed hours', async () => {
    const db = await openDb({ ...(await pageDatabase()), log: testLog })
    const manager = await startManager(db, { profile: { kind: 'distance-selling' } })
    try {
      const amina = await manager.as(AMINA)
      const form = visible(await amina.open(`${SERVICES}/change`))
      assert.match(form, /New Medicine Service/)
      assert.doesNotMatch(form, /Needle and syringe exchange|Travel clinic/)
      assert.match(
        visible(await amina.open(SERVICES)),
        /Urgent care services : Pharmacy First, contraception and others/,
      )
      assert.doesNotMatch(visible(await amina.open(URGENT)), /NHS Blood Pressure Check|medicines in stock/)
      assert.match(visible(await amina.open(`${SERVICES}/SRV0257/change`)), /In all your staffed hours/)
      assert.equal((await amina.open(`${SERVICES}/SRV0560/change`)).status, 404)
    } finally {
      await manager.close()
      await db.close()
    }
  })
})
