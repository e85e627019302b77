import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveServices } from '#src/directory/save-services.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import type { Browser } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'
import { checkEverything } from '../check-everything.ts'

const HOME = '/workspace/quality'
const LEA = { email: 'lea@nhs.example', name: 'Lea Dowd', grants: [{ role: 'lead', scope: 'area:QX1' }] }
const MO = { email: 'mo@nhs.example', name: 'Mo Ali', grants: [{ role: 'lead', scope: 'area:QX1' }] }
const OLI = { email: 'oli@nhs.example', name: 'Oli Reed', grants: [{ role: 'lead', scope: 'area:QX2' }] }
const COM = { email: 'com@nhs.example', name: 'Cat Ford', grants: [{ role: 'commissioner', scope: 'area:QX1' }] }
const DESK = { email: 'desk@nhs.example', name: 'Fiona Walsh', grants: [{ role: 'desk', scope: '' }] }
const inIcb = (icbCode: string) => ({ parentCode: null, icbCode, healthAndWellbeingBoard: null })
const SAVE = { actor: 'system:test', action: 'test', recordedAt: '2026-12-11T10:00:00.000Z' }

describe('the pages about quality', () => {
  let db: OpenDb
  let manager: Manager
  let lea: Browser
  let oli: Browser
  const check = () => checkEverything({ db, clock: manager.clock, holidays: holidayCalendar([]) })
  const findingOf = async (rule: string, subject?: string) => {
    const { id } = await db.pool
      .selectFrom('quality_finding')
      .select('id')
      .where('rule', '=', rule)
      .$if(subject !== undefined, (query) => query.where('subject', '=', subject ?? ''))
      .where('closed_on', 'is', null)
      .executeTakeFirstOrThrow()
    return `${HOME}/findings/${id}`
  }
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db, { profile: { commissioning: inIcb('QX1') } })
    const far = { odsCode: 'FZ900', name: '=cmd()', contact: {}, commissioning: inIcb('QX2') }
    await storePharmacy(db, aProfile(far))
    await db.transact((tx) =>
      saveServices(tx, [aService({ uid: 2_100_000_077, odsCode: 'FX123D', name: '=1+1' })], SAVE),
    )
    await db.pool
      .insertInto('ods_organisation')
      .values({ ods_code: 'FX123', name: 'Hill', postcode: 'M33 9ZZ', phone: null, status: 'A' })
      .execute()
    lea = await manager.as(LEA)
    oli = await manager.as(OLI)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('say so before anything was checked', async () => {
    assert.match(visible(await lea.open(HOME)), /Nothing has been checked yet.* No things to put right/)
    assert.match(visible(await lea.open(`${HOME}/league`)), /No pharmacies, the lowest score first/)
  })

  test('the figure on the workspace is the sum of the list that it opens', async () => {
    await check()
    const workspace = visible(await lea.open('/workspace'))
    const flags = /Quality flags (\d+) things to put right/.exec(workspace)?.[1]
    const home = visible(await lea.open(HOME))
    assert.match(home, new RegExp(`${flags} things to put right`))
    const sum = [...home.matchAll(/(?:High|Medium|Low) (\d+) findings?/g)].reduce(
      (all, [, count]) => all + Number(count),
      0,
    )
    assert.equal(String(sum), flags)
    assert.match(home, /Service that is there twice High 1 finding Nobody owns it/)
    assert.match(home, /last checked on/)
    assert.match(
      visible(await lea.open(`${HOME}/league`)),
      /of 1 pharmacy: 0 with 80 or more.* 1 pharmacy, the lowest score first/,
    )
  })

  test('each sees their own area, on pages and in files, and opens what they may', async () => {
    const own = await lea.open(`${HOME}/duplicate-service`)
    assert.match(
      visible(own),
      /Hill & Sons \(FX123\) =1\+1 \(2100000077\) Another active Pharmacy service of FX123 is 2000000001/,
    )
    assert.match(own.body, /href="\/workspace\/services\/2100000077"/)
    assert.match(visible(await oli.open(`${HOME}/duplicate-service`)), /No findings/)
    const file = await lea.open(`${HOME}/duplicate-service/findings.csv`)
    assert.match(file.body, /duplicate-service,high,FX123,Hill & Sons,QX1,2100000077,'=1\+1,Another active/)
    const theirs = await oli.open(`${HOME}/missing-phone/findings.csv`)
    assert.match(theirs.body, /missing-phone,medium,FZ900,'=cmd\(\),QX2,,,No public phone number/)
    assert.equal((await lea.open(`${HOME}/missing-phone/findings.csv`)).body.trim().split('\n').length, 1)
    const commissioner = await manager.as(COM)
    const seen = await commissioner.open(`${HOME}/duplicate-service`)
    assert.doesNotMatch(seen.body, /workspace\/services|\/owner/)
    assert.match(visible(await commissioner.open('/reports')), /Data quality/)
    const path = await findingOf('duplicate-service')
    assert.doesNotMatch((await commissioner.open(path)).body, /<form[^>]*exempt/)
    assert.equal((await oli.ask(path)).status, 404)
    assert.equal((await oli.ask(`${path}/exempt`, { _csrf: 'x' })).status, 403)
    assert.equal((await (await manager.as(AMINA)).ask(HOME)).status, 403)
  })

  test('an area that is none is told on the page, and there is no file of it', async () => {
    const desk = await manager.as(DESK)
    assert.match(visible(await desk.open(`${HOME}?area=QX2`)), /Pharmacy without a phone number/)
    assert.doesNotMatch(visible(await desk.open(`${HOME}?area=QX1`)), /Pharmacy without a phone number Medium/)
    assert.match(visible(await desk.open(`${HOME}?area=XXX`)), /no area with the code XXX/)
    assert.equal((await lea.ask(`${HOME}/drift.csv?area=QX2`)).status, 400)
  })

  test('what differs from ODS at the first comparison is set apart', async () => {
    assert.match(visible(await lea.open(`${HOME}/drift`)), /No findings To put right \(0\)/)
    const first = await lea.open(`${HOME}/drift?show=first`)
    assert.match(visible(first), /Postcode: ODS says “M33 9ZZ”\. We say “M33 7AB”\. There at the first comparison/)
    const page = await lea.open(await findingOf('differs-from-ods', 'FX123 postcode'))
    assert.equal((await lea.open('/workspace/queries/new?ods=FX123&field=place')).status, 200)
    assert.match(visible(page), /We say M33 7AB They say M33 9ZZ/)
    assert.match(page.body, /href="\/workspace\/queries\/new\?ods=FX123&amp;field=place"/)
  })

  test('exempting asks for a reason and a day, keeps what was typed, and is undone', async () => {
    const path = await findingOf('duplicate-service')
    const page = await lea.open(path)
    assert.deepEqual(errorsOf(await send(lea, page, '/exempt')), {
      reason: 'Enter why this is accepted',
      'ends-day': 'Enter the last day',
    })
    const day = (text: string) => {
      const [year = '', month = '', date = ''] = text.split('-')
      return { 'ends-day': date, 'ends-month': month, 'ends-year': year }
    }
    const past = await send(lea, page, '/exempt', { reason: 'Two <b>counters</b>', ...day('2026-12-10') })
    assert.equal(past.status, 422)
    assert.deepEqual(errorsOf(past), { 'ends-day': 'The last day must be today or in the future' })
    assert.match(past.body, /Two &lt;b&gt;counters&lt;\/b&gt;<\/textarea>/)
    const late = await send(lea, page, '/exempt', { reason: 'x'.repeat(501), ...day('2028-01-01') })
    assert.deepEqual(Object.keys(errorsOf(late)), ['reason', 'ends-day'])
    const mo = await manager.as(MO)
    const read = await mo.open(path)
    const done = await send(lea, page, '/exempt', { reason: 'Two counters', ...day('2026-12-31') })
    assert.match(visible(done), /exempt until its last day.*Exempt until 31 December 2026 Two counters Lea Dowd/)
    const second = await send(mo, read, '/exempt', { reason: 'Mine', ...day('2026-12-31') })
    assert.equal(second.status, 409)
    assert.match(visible(second), /Somebody else decided about this finding.*Two counters/)
    assert.match(visible(await lea.open(`${HOME}/duplicate-service`)), /No findings To put right \(0\) Exempt \(1\)/)
    assert.match(visible(await lea.open(`${HOME}/duplicate-service?show=exempt`)), /Exempt until 31 December 2026/)
    const ended = await send(lea, await lea.open(path), '/end-exemption')
    assert.match(visible(ended), /The exemption has ended/)
  })

  test('an owner is named for one’s own area, and the second of two is told', async () => {
    const path = `${HOME}/duplicate-service/owner`
    const mo = await manager.as(MO)
    const [first, second] = [await lea.open(path), await mo.open(path)]
    assert.deepEqual(errorsOf(await send(lea, first, '/owner', { owner: ' ' })), { owner: 'Enter a person or a team' })
    assert.match(visible(await send(lea, first, '/owner', { owner: 'Lea’s team' })), /Owner Lea’s team/)
    const late = await send(mo, second, '/owner', { owner: 'Mo' })
    assert.equal(late.status, 409)
    assert.match(visible(late), /Somebody else named another owner/)
    assert.equal((await send(mo, await mo.open(path), '/owner', { area: 'QX2', owner: 'Mo' })).status, 422)
    assert.match(visible(await oli.open(`${HOME}/duplicate-service`)), /Owner Nobody yet/)
  })

  test('a pharmacy sees its score, what to do next, and that it rises at once', async () => {
    const amina = await manager.as(AMINA)
    const hub = visible(await amina.open('/manage/FX123'))
    const score = /Quality of the record : (\d+) of 100\. Next: /.exec(hub)?.[1]
    const page = visible(await amina.open('/manage/FX123/quality'))
    assert.match(page, new RegExp(`${score} of 100: `))
    assert.match(page, /Do this next: Bank holidays without an answer High 20 points/)
    assert.match(page, /Service that is there twice High 20 points Service 2100000077: Another active/)
    assert.match(page, /How the score is made/)
    await db.transact((tx) =>
      saveServices(tx, [aService({ uid: 2_100_000_077, odsCode: 'FX123D', name: '=1+1', status: 'RETIRED' })], SAVE),
    )
    assert.match(visible(await amina.open('/manage/FX123/quality')), new RegExp(`${Number(score) + 20} of 100: `))
  })

  test('addresses that name nothing are answered with a page', async () => {
    for (const path of [
      'no-such-rule',
      'findings/0',
      'findings/x',
      'findings/99999999999999999999',
      '%00',
      'x'.repeat(3000),
    ]) {
      assert.ok([400, 404, 414].includes((await lea.ask(`${HOME}/${path}`)).status), path.slice(0, 40))
    }
    for (const query of ['page=0', 'page=99999', 'show=x', 'ods=%00', 'ods=FX123', `area=${'x'.repeat(3000)}`]) {
      assert.equal((await lea.ask(`${HOME}/duplicate-service?${query}`)).status, 200, query.slice(0, 40))
    }
  })

  test('a trend is drawn from the second day on, said in words, and there as a table', async () => {
    assert.doesNotMatch((await lea.open(HOME)).body, /<polyline/)
    manager.clock.set('2026-12-12T10:34:00Z')
    await check()
    const desk = await manager.as(DESK)
    assert.match((await desk.open(HOME)).body, /aria-label="Trend: \d+ on 11 December 2026, \d+ on 12 December 2026"/)
    const page = await desk.open(`${HOME}/duplicate-service`)
    assert.match(page.body, /<polyline points="0,0 120,24"/)
    assert.match(visible(page), /12 December 2026 0 0 1 11 December 2026 1 1 0/)
    assert.match(visible(await desk.open(`${HOME}/duplicate-service?show=closed`)), /last seen on 11 December 2026/)
  })
})
