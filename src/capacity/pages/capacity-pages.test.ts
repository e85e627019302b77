import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { closePharmacy } from '#src/closures/close-pharmacy.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { receiptIssuerFor } from '#src/verification/issue-receipts.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'

const UID = 2_000_000_001
const PAGE = `/capacity/${UID}`
const CLOSURE_ONLY = {
  email: 'locum@nhs.example',
  name: 'Carla Reyes',
  grants: [{ role: 'closure-only', scope: 'ods:FX123' }],
}
const LEAD = { email: 'lead@nhs.example', name: 'Lea Dowd', grants: [{ role: 'lead', scope: 'area:QX1' }] }
const TWO_AREAS = {
  email: 'two@nhs.example',
  name: 'Two Areas',
  grants: [
    { role: 'lead', scope: 'area:QX1' },
    { role: 'lead', scope: 'area:QX2' },
  ],
}
const COMMISSIONER = {
  email: 'icb@nhs.example',
  name: 'Cy Board',
  grants: [{ role: 'commissioner', scope: 'area:QX1' }],
}
const DESK = { email: 'desk@nhs.example', name: 'Fiona Walsh', grants: [{ role: 'desk', scope: '' }] }
const HEAD_OFFICE = { email: 'head@nhs.example', name: 'Dev Patel', grants: [{ role: 'group', scope: 'group:PNN00' }] }
const THEIRS = 2_000_000_100

const commissioning = { parentCode: null, icbCode: 'QX1', healthAndWellbeingBoard: null }
const branch = (number: number) => `FY${String(number).padStart(3, '0')}`

describe('capacity', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  let desk: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db, { profile: { commissioning } })
    const elsewhere = { ...commissioning, icbCode: 'QX2' }
    await storePharmacy(db, aProfile({ odsCode: 'FZ900', name: 'Far Chemist', commissioning: elsewhere }), [
      aService({ uid: THEIRS, odsCode: 'FZ900', name: 'Far Chemist, Leeds' }),
      aService({ uid: THEIRS + 1, odsCode: 'RX1', typeId: 105, name: 'Emergency Department' }),
    ])
    for (let number = 0; number < 30; number++) {
      const odsCode = branch(number)
      const place = { ...commissioning, icbCode: 'QX3', parentCode: 'PNN00' }
      await storePharmacy(db, aProfile({ odsCode, name: `Branch ${number}`, commissioning: place }), [
        aService({ uid: 2_000_001_000 + number, odsCode, name: `Branch ${number}` }),
      ])
    }
    await at('10:34')
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  /** Sets it as the form stands but for these fields. */
  const set = async (fields: Readonly<Record<string, string | undefined>>, browser = amina, page = PAGE) =>
    send(browser, await browser.open(page), page, { closed: 'no', reason: 'Very busy', ...fields })
  const headings = (page: Page) => [...page.body.matchAll(/<h3[^>]*>([^<]*)</g)].map(([, text]) => text)
  /** Whoever did nothing for half an hour signs in again. */
  const at = async (instant: string) => {
    manager.clock.set(`2026-12-11T${instant}:00Z`)
    amina = await manager.as(AMINA)
    desk = await manager.as(DESK)
  }

  test('a pharmacy sees its services, and sets one from there', async () => {
    await at('10:34')
    const list = await amina.open('/capacity')
    assert.match(visible(list), /Capacity of your services .* 4 services/)
    assert.match(visible(list), /Pharmacy: Hill & Sons, Sale Pharmacy Green Takes people as usual Set capacity/)
    assert.match(list.body, /<a href="\/capacity\/2000000001">Set capacity/)
    assert.doesNotMatch(visible(list), /Old service|Far Chemist/, 'not active, not theirs')
    const red = await set({ status: 'RED', reset: '120' })
    assert.match(visible(red), /Success This service is set to Red until 12:34pm\./)
    assert.match(visible(red), /Red Until 12:34pm, 2 hours left Set at 10:34am by Amina Khan Very busy/)
    assert.equal(new URL(red.url).search, '?set=1', 'a page to come back to')
    await at('11:15')
    const later = await amina.open('/capacity')
    assert.match(visible(later), /Red Until 12:34pm, 1 hour 19 minutes left Set at 10:34am by Amina Khan Very busy/)
    await at('12:34')
    const lapsed = await amina.open(PAGE)
    assert.match(visible(lapsed), /Green Went back to Green by itself at 12:34pm Set at 10:34am by Amina Khan/)
    assert.match(
      visible(lapsed),
      /History Red 10:34am, by Amina Khan Went back to Green by itself at 12:34pm Very busy/,
    )
    const claimed = await amina.open(`${PAGE}?set=1`)
    assert.doesNotMatch(visible(claimed), /Success/, 'an address cannot claim what is not so')
  })

  test('the others of the pharmacy are set with it, and only those that were offered', async () => {
    await at('13:00')
    const page = await set({
      status: 'AMBER',
      'also-2000000002': 'yes',
      'also-2000000005': 'yes',
      [`also-${THEIRS}`]: 'yes',
    })
    assert.match(visible(page), /2 services are set to Amber until 5pm\./)
    assert.match(visible(await amina.open('/capacity/2000000002')), /Amber Until 5pm, 4 hours left/)
    const [theirs] = await db.pool.selectFrom('capacity_setting').select('id').where('uid', '=', THEIRS).execute()
    assert.equal(theirs, undefined)
    await set({ status: 'GREEN', 'also-2000000002': 'yes' })
    assert.match(
      visible(await amina.open('/capacity/2000000002')),
      /Green Takes people as usual Set at 1pm by Amina Khan/,
    )
  })

  test('what is wrong is said beside it, and nothing is set', async () => {
    const before = await db.pool.selectFrom('capacity_setting').select('id').execute()
    const cases: readonly (readonly [Readonly<Record<string, string>>, Readonly<Record<string, string>>])[] = [
      [{}, { status: 'Select Green, Amber or Red' }],
      [{ status: 'RED', closed: '' }, { closed: 'Select yes if the pharmacy is closed' }],
      [{ status: 'RED', reset: '0' }, { reset: 'Select when it goes back to Green' }],
      [
        { status: 'RED', reset: 'other', 'reset-hours': '121' },
        { 'reset-hours': 'It must be 120 hours (5 days) or less' },
      ],
      [
        { status: 'RED', reset: 'other', 'reset-hours': '-1' },
        { 'reset-hours': 'Hours must be a whole number, such as 2' },
      ],
      [{ status: 'AMBER', reason: '' }, { reason: 'Select a reason' }],
      [
        { status: 'AMBER', 'add-note': 'yes', note: 'x'.repeat(901) },
        { note: 'The note must be 900 characters or fewer' },
      ],
      [{ status: 'AMBER', 'add-note': 'yes', note: ' ' }, { note: 'Enter a note, or untick “Add a note”' }],
    ]
    for (const [fields, expected] of cases) {
      const page = await set(fields)
      assert.equal(page.status, 422)
      assert.deepEqual(errorsOf(page), expected)
      assert.match(page.body, /<title>Error: /)
      for (const field of Object.keys(expected))
        assert.match(page.body, new RegExp(`id="${field}"`), 'the link leads there')
    }
    assert.deepEqual(await db.pool.selectFrom('capacity_setting').select('id').execute(), before)
  })

  test('a reason and a note of 900 characters are kept together', async () => {
    const note = 'n'.repeat(900)
    const page = await set({ status: 'AMBER', 'add-note': 'yes', note })
    assert.match(visible(page), new RegExp(`Very busy: ${note}`))
    await set({ status: 'GREEN' })
  })

  test('a service of somebody else is forbidden, whether there is one or not', async () => {
    const locum = await manager.as(CLOSURE_ONLY)
    for (const uid of [String(THEIRS), '2999999999', '0', 'x', '9'.repeat(30)]) {
      for (const browser of [amina, locum, await manager.as(LEAD)]) {
        const page = await browser.ask(`/capacity/${uid}`)
        assert.equal(page.status, 403, uid)
      }
    }
    const page = await amina.open(PAGE)
    const sent = await send(amina, page, PAGE, { status: 'GREEN' })
    assert.equal(sent.status, 200)
    const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    assert.equal((await amina.ask(`/capacity/${THEIRS}`, { _csrf: token, status: 'GREEN' })).status, 403)
    assert.equal((await desk.ask('/capacity/2999999999')).status, 404, 'who may see all is told that there is none')
    assert.equal((await desk.ask(`/capacity/${THEIRS}`)).status, 200)
  })

  test('who may only look is shown no form and cannot send one', async () => {
    const browser = await manager.as(COMMISSIONER)
    const page = await browser.open(PAGE)
    assert.match(visible(page), /History/)
    assert.doesNotMatch(page.body, /<form[^>]*action="\/capacity/)
    const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    assert.equal((await browser.ask(PAGE, { _csrf: token, status: 'GREEN' })).status, 403)
  })

  test('a service that is not active can be looked at and not set', async () => {
    const page = await amina.open('/capacity/2000000005')
    assert.match(visible(page), /not active in the Directory of Services\. Its capacity cannot be set/)
    assert.doesNotMatch(page.body, /name="status"/)
  })

  test('Red because it is closed leads to closing it, which tells more people', async () => {
    const page = await amina.open(PAGE)
    assert.match(visible(page), /Is the pharmacy closed\?/)
    const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    const answer = await amina.ask(PAGE, { _csrf: token, status: 'RED', closed: 'yes' })
    assert.equal(answer.headers.get('location'), '/manage/FX123/close-now')
    const lead = await (await manager.as(LEAD)).open(PAGE)
    assert.doesNotMatch(visible(lead), /Is the pharmacy closed\?/, 'a lead cannot close it')
  })

  test('history goes back page by page', async () => {
    for (let number = 0; number < 12; number++) await set({ status: number % 2 ? 'GREEN' : 'AMBER' })
    const first = await amina.open(PAGE)
    assert.match(first.body, /href="\/capacity\/2000000001\?page=2#history"/)
    const rows = (page: Page) => page.body.split('id="history"')[1]?.match(/<li>\s*<p/g)?.length
    assert.equal(rows(first), 10)
    assert.match(visible(await amina.open(`${PAGE}?page=2`)), /Newer/)
    assert.match(
      visible(await amina.open(`${PAGE}?page=99`)),
      /Nobody has set the capacity of this service before that/,
    )
    for (const page of ['0', '-1', 'x', '99999']) assert.equal((await amina.ask(`${PAGE}?page=${page}`)).status, 200)
  })

  test('the hub has the capacity of the main service for those who may see it', async () => {
    await set({ status: 'AMBER', reset: '60' })
    const hub = await amina.open('/manage/FX123')
    assert.match(visible(hub), /Capacity Amber Until \S+, 1 hour left Set capacity/)
    assert.match(hub.body, /<a href="\/capacity\/2000000001">Set capacity/)
    const seen = await (await manager.as(COMMISSIONER)).open('/manage/FX123')
    assert.match(seen.body, /<a href="\/capacity\/2000000001">See capacity/)
    const locum = await (await manager.as(CLOSURE_ONLY)).open('/manage/FX123')
    assert.doesNotMatch(locum.body, /\/capacity/)
  })

  test('the board counts an area, pharmacies first, and marks what is Red for over 4 hours', async () => {
    await at('06:00')
    await set({ status: 'GREEN' }, desk, PAGE)
    await set({ status: 'RED', reset: '480' }, desk, `/capacity/${THEIRS + 1}`)
    await set({ status: 'RED', reset: '480' }, amina, '/capacity/2000000003')
    await at('09:00')
    await set({ status: 'RED', reset: '480' }, amina, '/capacity/2000000003')
    await set({ status: 'RED', reset: '480' }, desk, `/capacity/${THEIRS}`)
    await at('10:01')
    const board = await desk.open('/capacity')
    assert.deepEqual(headings(board), ['Minor illness', 'Far Chemist, Leeds', 'Emergency Department'])
    assert.match(visible(board), /Alert: 2 services have been Red for over 4 hours\./)
    assert.match(visible(board), /Red: 3 Red: closed now: 0 Amber: 0 Green: 33/)
    assert.match(
      visible(board),
      /Minor illness Hill & Sons, FX123\. Pharmacy Enhanced Red Until 5pm, 6 hours 59 minutes left Alert: Red for over 4 hours Red since 6am, last set at 9am by Amina Khan/,
    )
    const mine = await (await manager.as(LEAD)).open('/capacity')
    assert.deepEqual(headings(mine), ['Minor illness'])
    assert.doesNotMatch(mine.body, /name="area"/, 'there is one area only')
    const two = await manager.as(TWO_AREAS)
    assert.deepEqual(headings(await two.open('/capacity')), ['Minor illness', 'Far Chemist, Leeds'])
    assert.deepEqual(headings(await two.open('/capacity?area=QX2')), ['Far Chemist, Leeds'])
    assert.deepEqual(
      headings(await two.open('/capacity?area=QX3')),
      ['Minor illness', 'Far Chemist, Leeds'],
      'not theirs',
    )
    const all = await desk.open('/capacity')
    assert.match(visible(all), /Area All of England QX1 QX2 QX3/)
  })

  test('the board filters and turns pages', async () => {
    const red = await desk.open('/capacity?show=red')
    assert.match(visible(red), /3 services are Red/)
    assert.match(visible(await desk.open('/capacity?show=amber')), /No service is Amber/)
    const all = await desk.open('/capacity?show=all')
    assert.match(visible(all), /36 services/)
    assert.equal(headings(all).length, 25)
    assert.equal(headings(await desk.open('/capacity?show=all&page=2')).length, 11)
    const rest = await (await manager.as(HEAD_OFFICE)).open('/capacity?page=2')
    assert.match(visible(rest), /30 services .* Branch 29/)
    const meant = await desk.open('/capacity?show=all&q=branch+7')
    assert.deepEqual(headings(meant), ['Branch 7'])
    assert.match(meant.body, /name="q"[^>]*value="branch 7"/)
    for (const query of [
      'q=%00',
      `q=${'x'.repeat(500)}`,
      'q=%25',
      'show=x',
      'page=0',
      'page=99999',
      'area=%00',
      'area=a&area=b',
    ]) {
      assert.equal((await desk.ask(`/capacity?${query}`)).status, 200, query)
    }
    assert.equal(all.headers.get('refresh'), null)
    const steady = await desk.open('/capacity?refresh=yes')
    assert.equal(steady.headers.get('refresh'), '60')
    assert.match(visible(steady), /It refreshes by itself every minute\. Stop that/)
  })

  test('a closure makes it Red whatever is set, and what is set holds afterwards', async () => {
    await at('10:34')
    const { clock } = manager
    const holidays = () => manager.memory.holidays
    const deps = { db, clock, holidays, issueReceipts: receiptIssuerFor(manager.config, holidays) }
    const told = {
      id: 'closure-1',
      from: '2026-12-11T10:34',
      until: '2026-12-11T12:00',
      services: null,
      reason: 'Power or IT failure',
      advice: null,
      filledInBy: null,
      phone: null,
    }
    const closed = await closePharmacy(deps, 'FX123', told, {
      actor: 'person:amina@nhs.example',
      via: 'profile-manager',
      askedAt: clock.now(),
    })
    assert.ok(closed.ok)
    const page = await amina.open(PAGE)
    assert.match(visible(page), /Red: closed Closed until midday, 1 hour 26 minutes left Told at 10:34am by Amina Khan/)
    assert.match(
      visible(page),
      /Capacity is Red because it is closed\. See the closure What you set now holds after it reopens\./,
    )
    assert.match(page.body, /<a href="\/manage\/FX123\/closures\/closure-1">/)
    assert.doesNotMatch(visible(page), /Is the pharmacy closed\?/)
    const amber = await set({ status: 'AMBER', reset: '240' })
    assert.match(visible(amber), /This service is set to Amber until 2:34pm/)
    assert.match(visible(amber), /Red: closed Closed until midday.*It is set to Amber until 2:34pm\./)
    const board = await (await manager.as(LEAD)).open('/capacity?show=closed')
    assert.match(visible(board), /4 services are closed now Hill & Sons, FX123 Red: closed .* 4 services:/)
    assert.deepEqual(headings(board), ['Hill &amp; Sons, FX123'], 'a pharmacy that is shut is one line')
    await at('12:00')
    assert.match(visible(await amina.open(PAGE)), /Amber Until 2:34pm, 2 hours 34 minutes left/)
  })
})
