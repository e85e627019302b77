import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Browser } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, BEN, errorsOf, filledIn, type Manager, send, startManager, visible } from '#test/support/manage.ts'

const HUB = '/manage/FX123'
const FACILITIES = `${HUB}/facilities`
const FORM = 'facilities/change'
const SCRIPT = '<script>alert(1)</script>'

describe('facilities', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  let ben: Browser
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

  const stored = async () => {
    const found = await loadProfile(db.pool, 'FX123')
    assert.ok(found)
    return found
  }
  const check = async (browser: Browser, changed: Record<string, string | undefined>) =>
    send(browser, await browser.open(`${FACILITIES}/change`), FORM, changed)
  const save = async (browser: Browser, changed: Record<string, string | undefined>) =>
    send(browser, await check(browser, changed), `${FORM}/check`)

  test('while nothing is stated there is nothing to confirm', async () => {
    assert.match(visible(await amina.open(HUB)), /Facilities Nothing is stated yet/)
    const page = await amina.open(FACILITIES)
    assert.doesNotMatch(visible(page), /Everything is correct/)
    const csrf = filledIn(await amina.open(`${FACILITIES}/change`), FORM)['_csrf'] ?? ''
    const forced = await amina.open(`${FACILITIES}/confirm`, { _csrf: csrf, version: '1' })
    assert.deepEqual(errorsOf(forced), { unanswered: 'Tell us about your facilities before you confirm them' })
  })

  test('yes, no and not stated are three answers, with a measure and a note where they help', async () => {
    const page = await check(amina, {
      'facility-28': 'no',
      'facility-wide-door': 'yes',
      'measure-wide-door': '850 mm',
      'facility-portable-ramp': 'yes',
      'note-portable-ramp': `Ring the bell & we come. ${SCRIPT}`,
    })
    const words = visible(page)
    assert.match(words, /Car parking After: No/)
    assert.match(words, /Wide entrance door After: Yes, 850 millimetres/)
    assert.match(words, /Portable ramp After: Yes\. Ring the bell & we come\. <script>alert\(1\)<\/script>/)
    assert.ok(!page.body.includes(SCRIPT), 'markup is shown as text')
    assert.match(words, /This does not change what any DoS service says\./)
    const hub = await send(amina, page, `${FORM}/check`)
    assert.match(visible(hub), /Your facilities are saved\. The public page shows it now\./)
    assert.match(visible(hub), /2 facilities, \d+ not stated/)
    assert.deepEqual((await stored()).profile.facilities, {
      '28': { has: false },
      'wide-door': { has: true, measure: 850 },
      'portable-ramp': { has: true, note: `Ring the bell & we come. ${SCRIPT}` },
    })
    assert.ok(!(await amina.open(FACILITIES)).body.includes(SCRIPT))
  })

  test('an answer is taken back: not stated, and what stood beside it goes', async () => {
    const page = await check(amina, { 'facility-portable-ramp': 'not-stated' })
    assert.match(visible(page), /Portable ramp Before: Yes\. Ring the bell.* After: Not stated/)
    await send(amina, page, `${FORM}/check`)
    assert.equal((await stored()).profile.facilities?.['portable-ramp'], undefined)
  })

  test('a second click on Save saves nothing more', async () => {
    const page = await check(amina, { 'facility-29': 'yes' })
    const once = await send(amina, page, `${FORM}/check`)
    const { version } = await stored()
    assert.equal(visible(await send(amina, page, `${FORM}/check`)), visible(once))
    assert.equal((await stored()).version, version)
  })

  test('two people are asked about what both answered, and each keeps the rest', async () => {
    const aminas = await amina.open(`${FACILITIES}/change`)
    await save(ben, { 'measure-wide-door': '900', 'facility-4': 'yes' })
    const conflict = await send(amina, aminas, FORM, { 'measure-wide-door': '870', 'facility-seating': 'yes' })
    assert.equal(conflict.status, 409)
    const words = visible(conflict)
    assert.match(words, /Wide entrance door Yes, 870 millimetres You wrote Yes, 900 millimetres Saved by Ben Okafor/)
    assert.match(words, /Induction loop Not stated As it was when you opened the form Yes Saved by Ben Okafor/)
    const page = await send(amina, conflict, `${FORM}/conflict`, {
      'choose-facility-wide-door': 'theirs',
      'choose-facility-4': 'theirs',
    })
    await send(amina, page, `${FORM}/check`)
    const { facilities } = (await stored()).profile
    assert.deepEqual(
      [facilities?.['wide-door'], facilities?.['4'], facilities?.['seating']],
      [{ has: true, measure: 900 }, { has: true }, { has: true }],
    )
  })

  test('what stands is confirmed; what somebody changed meanwhile is not', async () => {
    const page = await amina.open(FACILITIES)
    await save(ben, { 'facility-5': 'no' })
    const stale = await send(amina, page, 'facilities/confirm')
    assert.match(visible(stale), /Ben Okafor changed this at 10:34am, while you were reading it/)
    assert.match(visible(await send(amina, stale, 'facilities/confirm')), /Facilities: everything is correct/)
  })

  const range = 'Width of the open door must be a whole number between 600 and 2000 millimetres'
  const BAD: readonly (readonly [Record<string, string>, Record<string, string>, string])[] = [
    [{ 'measure-wide-door': '599' }, { 'measure-wide-door': range }, 'narrower than any door'],
    [{ 'measure-wide-door': '2001' }, { 'measure-wide-door': range }, 'wider than any'],
    [{ 'measure-wide-door': '850.5' }, { 'measure-wide-door': range }, 'half a millimetre'],
    [{ 'measure-wide-door': '-850' }, { 'measure-wide-door': range }, 'less than nothing'],
    [{ 'measure-wide-door': '1e3' }, { 'measure-wide-door': range }, 'a number as programs write it'],
    [{ 'measure-wide-door': SCRIPT }, { 'measure-wide-door': range }, 'markup'],
    [{ 'measure-wide-door': '9'.repeat(10_000) }, { 'measure-wide-door': range }, 'a number as long as a book'],
    [
      { 'facility-29': 'yes', 'note-29': 'x'.repeat(201) },
      { 'note-29': 'The note on Cycle parking must be 200 characters or fewer' },
      'one character too many',
    ],
    [
      { 'facility-29': 'yes', 'note-29': 'x'.repeat(10_000) },
      { 'note-29': 'The note on Cycle parking must be 200 characters or fewer' },
      'a note as long as a book',
    ],
    [
      { 'facility-29': 'yes', 'note-29': 'Bell\u0007' },
      { 'note-29': 'The note on Cycle parking must use letters, numbers and punctuation only' },
      'a control character',
    ],
    [
      { 'facility-30': 'not-stated', 'note-30': 'Two bays' },
      { 'facility-30': 'Select yes or no for Disabled parking, or clear what you entered' },
      'a note without an answer',
    ],
    [
      { 'facility-30': SCRIPT },
      { 'facility-30': 'Select yes, no or not stated for Disabled parking' },
      'no such answer',
    ],
  ]
  for (const [sent, expected, because] of BAD) {
    test(`is asked again for ${because}`, async () => {
      const { version } = await stored()
      const page = await check(amina, sent)
      assert.equal(page.status, 422)
      assert.deepEqual(errorsOf(page), expected)
      assert.match(page.body, /<title>\s*Error: /)
      for (const field of Object.keys(expected)) assert.match(page.body, new RegExp(`id="${field}"`))
      assert.ok(!page.body.includes(SCRIPT), 'markup is shown as text')
      assert.equal((await stored()).version, version)
      const again = await amina.open(`${FACILITIES}/change`)
      if (again.body.includes(`${FORM}/discard`)) await send(amina, again, `${FORM}/discard`)
    })
  }
})
