import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { Browser } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, BEN, errorsOf, type Manager, send, startManager, visible } from '#test/support/manage.ts'

const HUB = '/manage/FX123'

describe('bank holidays, closures and confirmation', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db)
    amina = await manager.as(AMINA)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })
  const profile = async (): Promise<Profile> => {
    const stored = await loadProfile(db.pool, 'FX123')
    assert.ok(stored)
    return stored.profile
  }
  const save = async (path: string, changed: Record<string, string | undefined>) => {
    const check = await send(amina, await amina.open(`${HUB}/${path}`), path, changed)
    assert.equal(check.status, 200, JSON.stringify(errorsOf(check)))
    const done = await send(amina, check, `${path}/check`)
    return { check: visible(check), done: visible(done) }
  }

  test('unanswered holidays keep the section from being confirmed, and the page leads to the first', async () => {
    const page = await amina.open(`${HUB}/bank-holidays`)
    const words = visible(page)
    assert.match(words, /0 of 1\d answered/)
    assert.match(words, /2 days need an answer by 31 December before you can confirm this section/)
    assert.match(page.body, /href="\/manage\/FX123\/bank-holidays\/change#holiday-2026-12-25"/)
    assert.doesNotMatch(words, /Everything is correct/)
    const form = await amina.open(`${HUB}/contact-details`)
    const csrf = /name="_csrf" value="([^"]*)"/.exec(form.body)?.[1] ?? ''
    const forced = await amina.open(`${HUB}/bank-holidays/confirm`, { _csrf: csrf, version: '1' })
    assert.deepEqual(errorsOf(forced), {
      'holiday-2026-12-25': 'Tell us if you are open on Christmas Day, Friday 25 December 2026 before you confirm',
    })
  })

  test('holidays are answered one by one; the others stay unanswered', async () => {
    const { check, done } = await save('bank-holidays/change', {
      'holiday-2026-12-25': 'closed',
      'holiday-2027-01-01': 'other',
      'holiday-2027-01-01-1-from': '10',
      'holiday-2027-01-01-1-to': '4pm',
    })
    assert.match(check, /Christmas Day, Friday 25 December 2026 After: Closed/)
    assert.match(check, /What the public will see .*New Year’s Day, Friday 1 January 2027 10am to 4pm/)
    assert.match(check, /This updates 4 DoS services/)
    assert.match(done, /Your bank holiday answers are saved/)
    assert.deepEqual((await profile()).holidays, {
      '2026-12-25': { answer: 'closed' },
      '2027-01-01': { answer: 'other', sessions: [{ opens: 600, closes: 960 }] },
    })
    assert.match(visible(await amina.open(`${HUB}/bank-holidays`)), /2 of 1\d answered.*1 day needs an answer/)
  })

  test('when every holiday of the quarter is answered the section is confirmed, and the hub says so', async () => {
    await save('bank-holidays/change', { 'holiday-2026-12-28': 'usual' })
    const page = await amina.open(`${HUB}/bank-holidays`)
    const hub = await send(amina, page, 'bank-holidays/confirm')
    const words = visible(hub)
    assert.match(words, /Thank you\. Bank holidays: everything is correct\./)
    assert.match(words, /1 of 5 sections checked\. Finish by 31 December 2026\./)
    assert.match(words, /Checked 11 December 2026 by Amina Khan/)
  })

  test('a confirmation of what somebody changed meanwhile is not taken', async () => {
    const page = await amina.open(`${HUB}/opening-times`)
    await save('opening-times/change', { 'monday-1-to': '6pm' })
    const stale = await send(amina, page, 'opening-times/confirm')
    assert.match(visible(stale), /Amina Khan changed this at 10:34am, while you were reading it/)
    const hub = await send(amina, stale, 'opening-times/confirm')
    assert.match(visible(hub), /Standard opening times: everything is correct/)
  })

  test('with all sections checked the deadline is met', async () => {
    await send(amina, await amina.open(`${HUB}/contact-details`), 'contact-details/confirm')
    await save('services/change', { eps0001: 'yes' })
    await send(amina, await amina.open(`${HUB}/services`), 'services/confirm')
    await save('facilities/change', { 'facility-28': 'no' })
    await send(amina, await amina.open(`${HUB}/facilities`), 'facilities/confirm')
    const hub = await amina.open(HUB)
    assert.match(visible(hub), /All 5 sections are checked\. The next check is due after 31 December 2026\./)
    assert.match(hub.body, /signpost-deadline--done/)
  })

  test('closed for the afternoon of today: the hours before it stay, every service follows', async () => {
    const { check, done } = await save('closures-and-changes/add', {
      'from-when': 'today',
      what: 'part',
      'part-from': '2pm',
      reason: 'No pharmacist available',
      note: 'Go to <b>Sale</b> & back',
    })
    assert.match(check, /Hours After: Open 9am to 2pm/)
    assert.match(check, /What the public will see Friday 11 December 2026 Open 9am to 2pm Go to <b>Sale<\/b> & back/)
    assert.match(done, /Your closure or change is saved\. The public page and 4 DoS services show it now\./)
    const services = await loadServicesOf(db.pool, 'FX123')
    assert.deepEqual(
      services.map(({ record }) => record.hours.specified['2026-12-11']),
      [...Array(4).fill([{ opens: 540, closes: 840 }]), undefined],
    )
  })

  test('a change that meets a holiday answer says what it replaces', async () => {
    const { check } = await save('closures-and-changes/add', {
      'from-when': 'other',
      'from-day': '1',
      'from-month': 'Jan',
      'from-year': '2027',
      what: 'closed',
      reason: 'Building work',
    })
    assert.match(
      check,
      /This replaces your bank holiday answer for New Year’s Day, Friday 1 January 2027: 10am to 4pm\./,
    )
  })

  test('sending a new change twice adds it once, and "tomorrow" stays the day it meant', async () => {
    manager.clock.set('2026-12-11T23:50:00Z')
    amina = await manager.as(AMINA)
    const form = await amina.open(`${HUB}/closures-and-changes/add`)
    const fields = { 'from-when': 'tomorrow', what: 'closed', reason: 'Staff training' }
    const check = await send(amina, form, 'closures-and-changes/add', fields)
    manager.clock.set('2026-12-12T00:05:00Z')
    await send(amina, check, 'add/check')
    await send(amina, check, 'add/check')
    const added = (await profile()).changes.filter(({ reason }) => reason === 'Staff training')
    assert.deepEqual(
      added.map(({ from, to }) => [from, to]),
      [['2026-12-12', '2026-12-12']],
    )
  })

  test('a change is edited, and cancelled after a check', async () => {
    const list = await amina.open(`${HUB}/closures-and-changes`)
    const id = (await profile()).changes.find(({ reason }) => reason === 'Building work')?.id
    assert.ok(list.body.includes(`closures-and-changes/${id}/edit`))
    const { check } = await save(`closures-and-changes/${id}/edit`, {
      what: 'hours',
      'hours-1-from': 'midday',
      'hours-1-to': '2pm',
    })
    assert.match(check, /Hours Before: Closed all day After: Open midday to 2pm/)
    const cancel = await amina.open(`${HUB}/closures-and-changes/${id}/cancel`)
    assert.match(visible(cancel), /Friday 1 January 2027.*This updates 4 DoS services/)
    const hub = await send(amina, cancel, `${id}/cancel`)
    assert.match(visible(hub), /The closure or change is cancelled\./)
    assert.ok((await profile()).changes.every((change) => change.id !== id))
    const services = await loadServicesOf(db.pool, 'FX123')
    const newYear = services[0]?.record.hours.specified['2027-01-01']
    assert.deepEqual(newYear, [{ opens: 600, closes: 960 }], 'the holiday answer holds again')
    const again = await send(amina, cancel, `${id}/cancel`)
    assert.match(visible(again), /The closure or change is cancelled\./)
  })

  test('two people who plan the same day are asked', async () => {
    const ben = await manager.as(BEN)
    const form = await amina.open(`${HUB}/closures-and-changes/add`)
    const day = { 'from-when': 'other', 'from-day': '20', 'from-month': '1', 'from-year': '2027' }
    const bens = await send(ben, await ben.open(`${HUB}/closures-and-changes/add`), 'changes/add', {
      ...day,
      what: 'closed',
      reason: 'Building work',
    })
    await send(ben, bens, 'add/check')
    const conflict = await send(amina, form, 'changes/add', {
      ...day,
      what: 'hours',
      'hours-1-from': '9',
      'hours-1-to': '12',
      reason: 'Staff training',
    })
    assert.equal(conflict.status, 409)
    assert.match(
      visible(conflict),
      /Open 9am to midday\. Reason: Staff training\. You wrote Wednesday 20 January 2027: Closed all day\. Reason: Building work\. Saved by Ben Okafor/,
    )
    const check = await send(amina, conflict, 'add/conflict', { 'choose-change': 'mine' })
    assert.match(visible(check), /This replaces, on the days they share, your change of Wednesday 20 January 2027/)
  })
})
