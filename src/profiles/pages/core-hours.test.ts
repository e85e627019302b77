import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Browser } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, send, startManager, visible } from '#test/support/manage.ts'

const PAGE = '/manage/FX123/opening-times'

describe('core hours', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  const stated = async () => (await loadProfile(db.pool, 'FX123'))?.profile.contract

  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db)
    amina = await manager.as(AMINA)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('before anybody has said so, fewer hours may be core or supplementary', async () => {
    const form = await amina.open(`${PAGE}/change`)
    const check = await send(amina, form, 'opening-times/change', { 'monday-1-to': '4pm' })
    assert.match(visible(check), /If these are core hours, only your ICB can change them/)
    assert.match(visible(check), /The letter to your ICB/)
    await send(amina, check, 'change/discard')
  })

  test('the kind of contract and some hours are asked for', async () => {
    const form = await amina.open(`${PAGE}/core-hours`)
    const none = Object.fromEntries(
      ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [`${day}-open`, undefined]),
    )
    const refused = await send(amina, form, 'opening-times/core-hours', none)
    assert.equal(refused.status, 422)
    assert.deepEqual(errorsOf(refused), {
      condition: 'Select the kind of contract',
      'monday-open': 'Enter your core hours',
    })
    await send(amina, await amina.open(`${PAGE}/core-hours`), 'core-hours/discard')
  })

  test('core hours are checked, saved and shown beside the opening times', async () => {
    const form = await amina.open(`${PAGE}/core-hours`)
    const check = await send(amina, form, 'opening-times/core-hours', {
      condition: 'forty',
      'monday-1-from': '10am',
    })
    assert.match(visible(check), /Core hours on Monday After: 10am to/)
    assert.match(visible(check), /Most contracts say 40 hours/)
    assert.match(visible(check), /This does not change what any DoS service says/)
    const page = await send(amina, check, 'core-hours/check')
    assert.equal(page.url.pathname, PAGE)
    assert.match(visible(page), /Your core hours are saved\. (?!The public)/)
    assert.match(visible(page), /a week are core hours/)
    assert.match(visible(page), /Monday .*?Core 10am to .*?, supplementary 9am to 10am/)
    assert.equal((await stated())?.condition, 'forty')
  })

  test('a change of core hours comes with the letter that applies for it', async () => {
    const form = await amina.open(`${PAGE}/change`)
    const check = await send(amina, form, 'opening-times/change', { 'monday-1-from': '11am' })
    const words = visible(check)
    assert.match(words, /Core hours: you would no longer be open on Monday \(10am to 11am\)/)
    assert.match(
      check.body,
      /^Subject: Application to change core opening hours: .*FX123/m,
      'no line of it is indented',
    )
    assert.match(check.body, /^Core hours as agreed [\s\S]*^Sunday: None$/m)
    assert.match(words, /Supplementary hours: you would no longer be open on Monday \(9am to 10am\)/)
    await send(amina, check, 'change/discard')
  })

  test('closing on an ordinary day says that the ICB has to agree, and Christmas Day does not', async () => {
    const add = `${PAGE.replace('opening-times', 'closures-and-changes')}/add`
    const closing = async (day: string, month: string) => {
      const form = await amina.open(add)
      const fields = { 'from-when': 'other', 'from-day': day, 'from-month': month, 'from-year': '2026' }
      const check = await send(amina, form, 'closures-and-changes/add', {
        ...fields,
        'to-day': day,
        'to-month': month,
        'to-year': '2026',
        what: 'closed',
        reason: 'Staff training',
      })
      assert.equal(check.status, 200, visible(check))
      await send(amina, check, 'add/discard')
      return visible(check)
    }
    assert.match(await closing('15', '12'), /your ICB has to agree first/)
    assert.doesNotMatch(await closing('25', '12'), /ICB/)
  })

  test('what a contract says is not for the public', async () => {
    const { body } = await amina.open('/api/v1/pharmacies/FX123')
    assert.doesNotMatch(body, /contract|condition|forty/)
  })
})
