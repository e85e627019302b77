import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { OpenDb } from '#src/platform/db/open-db.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { openTrainingPharmacy } from '#src/profiles/training-pharmacy.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, BEN, errorsOf, filledIn, type Manager, send, startManager, visible } from '#test/support/manage.ts'
import { loadClosureEvents, loadOpenClosures } from '../closure-records.ts'

const NOW = '2026-12-11T10:34:00.000Z'
const HUB = '/manage/FX123'
const CLOSE = `${HUB}/close-now`
const PLAN = `${HUB}/closures/plan`
const LOCUM = {
  email: 'locum@nhs.example',
  name: 'Lena Locum',
  grants: [{ role: 'closure-only', scope: 'ods:FX123' }],
}
const NO_POWER = { reason: 'Power or IT failure' }

describe('closing a pharmacy on its pages', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser

  /** Signs in at an instant. */
  async function at(instant: string): Promise<void> {
    manager.clock.set(instant)
    amina = await manager.as(AMINA)
  }
  const close = async (answers: Record<string, string | undefined> = {}, who: Browser = amina): Promise<Page> =>
    send(who, await who.open(CLOSE), 'close-now', { ...NO_POWER, ...answers })
  const closures = () => loadOpenClosures(db.pool, 'FX123')
  const servicesClosed = async () =>
    (await loadServicesOf(db.pool, 'FX123')).filter(({ record }) => (record.closures ?? []).length > 0).length

  /** Takes back every closure, as if none had been told. */
  async function clear(): Promise<void> {
    manager.clock.set(NOW)
    const before = await loadProfile(db.pool, 'FX123')
    assert.ok(before)
    const { closures: _, ...profile } = before.profile
    await db.transact(async (tx) => {
      const over = { ended_at: NOW, how_ended: 'cancelled' } as const
      await tx.updateTable('closure').set(over).where('ended_at', 'is', null).execute()
      await commitProfiles(tx, [{ before, profile, sections: before.sections }], {
        actor: 'system:test',
        action: 'clear',
        recordedAt: NOW,
        decides: false,
        onMeeting: 'take',
      })
    })
  }

  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db)
  })
  beforeEach(async () => {
    await clear()
    await at(NOW)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('one press closes everything, and one press opens it again', async () => {
    const form = await amina.open(CLOSE)
    const { closure: _, _csrf: __, ...fields } = filledIn(form, 'close-now')
    assert.deepEqual(fields, {
      'from-when': 'now',
      'until-when': 'unknown',
      what: 'whole',
      advice: 'Please use another pharmacy. If you need medicine urgently, call 111 or go to 111.nhs.uk.',
      name: 'Amina Khan',
      phone: '01632 960001',
    })
    const closed = await send(amina, form, 'close-now', NO_POWER)
    assert.match(closed.url.pathname, /^\/manage\/FX123\/closures\/[0-9a-f-]{36}$/)
    assert.equal(closed.headers.get('refresh'), null, 'everybody knows already: there is nothing to watch')
    const words = visible(closed)
    assert.match(words, /You are closed\. NHS 111 and the public page show it now\./)
    assert.match(words, /Closed since 10:34am today\. Nobody knows yet when it will reopen\./)
    assert.match(
      words,
      /What the public sees Closed now\. We do not know when it will reopen\. Please use another pharmacy/,
    )
    assert.match(words, /Told by Amina Khan, 10:34am Contact for the NHS Amina Khan, 01632 960 001/)
    assert.match(words, /What happened 10:34am Told that it is closed Amina Khan/)
    assert.equal(await servicesClosed(), 4)
    assert.match(visible(await amina.open('/pharmacies/FX123')), /Closed now\. We do not know when it will reopen/)
    const found = await manager.app.inject('/api/v1/services?latitude=53.424&longitude=-2.318')
    assert.deepEqual(found.json().results[0].openState, { open: false, opensAt: null, because: 'specified' })

    manager.clock.set('2026-12-11T10:58:00Z')
    const reopened = await send(amina, closed, '/reopen')
    assert.match(visible(reopened), /You are open again.*Reopened at 10:58am today, after it closed at 10:34am today\./)
    assert.match(visible(await amina.open('/pharmacies/FX123')), /Open until 5pm/)
    const again = await send(amina, closed, '/reopen')
    assert.match(visible(again), /You are open again/, 'a second press shows what the first one did')
    assert.deepEqual(await closures(), [])
    const id = closed.url.pathname.split('/').at(-1) ?? ''
    assert.deepEqual(
      (await loadClosureEvents(db.pool, id)).map(({ event }) => event),
      ['told', 'reopened'],
    )
  })

  test('a double press is one closure, also when the second comes minutes later', async () => {
    const form = await amina.open(CLOSE)
    const [first, second] = await Promise.all([1, 2].map(() => send(amina, form, 'close-now', NO_POWER)))
    assert.equal(first?.url.pathname, second?.url.pathname)
    manager.clock.set('2026-12-11T10:50:00Z')
    const late = await send(amina, form, 'close-now', { 'until-when': 'today', 'until-time': '10am' })
    assert.equal(late.url.pathname, first?.url.pathname)
    assert.equal((await closures()).length, 1)
  })

  test('whoever closes what somebody closed meanwhile is shown by whom and when', async () => {
    const ben = await manager.as(BEN)
    const forms = [await amina.open(CLOSE), await ben.open(CLOSE)] as const
    await send(amina, forms[0], 'close-now', NO_POWER)
    const late = await send(ben, forms[1], 'close-now', NO_POWER)
    assert.equal(late.status, 200)
    assert.match(visible(late), /Amina Khan has closed it already\. You do not need to do it again\./)
    assert.match(visible(await ben.open(CLOSE)), /Amina Khan has closed it already/, 'and whoever opens the form')
    assert.equal((await closures()).length, 1)
  })

  test('two people who close at once make one closure', async () => {
    const ben = await manager.as(BEN)
    const forms = [await amina.open(CLOSE), await ben.open(CLOSE)] as const
    const answers = await Promise.all([
      send(amina, forms[0], 'close-now', NO_POWER),
      send(ben, forms[1], 'close-now', NO_POWER),
    ])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    )
    assert.equal(answers[0].url.pathname, answers[1].url.pathname)
    assert.equal((await closures()).length, 1)
  })

  test('what is wrong is said beside its field, and what was entered stays', async () => {
    for (const [answers, errors, because] of [
      [{ reason: undefined }, { reason: 'Select why the pharmacy is closed' }, 'a reason is required'],
      [{ 'until-when': undefined }, { 'until-when': 'Select when you expect to reopen' }, 'so is an end, known or not'],
      [{ 'until-when': 'today' }, { 'until-time': 'Enter the time you expect to reopen' }, 'today needs a time'],
      [
        { 'until-when': 'today', 'until-time': 'soon' },
        { 'until-time': 'The time you expect to reopen must be like 9am, 5:30pm or midday' },
        'that is no time',
      ],
      [
        { 'until-when': 'today', 'until-time': '10:30am' },
        {
          'until-time':
            'The time of reopening must be after the start of the closure. If you mean after midnight, select ‘Another day’',
        },
        'it has passed',
      ],
      [
        { 'from-when': 'earlier', 'from-time': '9am', 'until-when': 'today', 'until-time': '10am' },
        { 'until-time': 'The time of reopening must be in the future' },
        'it started before, and the end has passed',
      ],
      [
        { 'from-when': 'earlier', 'from-time': '11am' },
        { 'from-time': 'The time the pharmacy closed must be earlier today. To close later, plan a closure' },
        'the future is planned',
      ],
      [
        {
          'until-when': 'other',
          'until-day': '31',
          'until-month': '2',
          'until-year': '2027',
          'until-other-time': '9am',
        },
        { 'until-day': 'The day you expect to reopen must be a real date' },
        'no such date',
      ],
      [
        { 'until-when': 'other' },
        {
          'until-day': 'Enter the day you expect to reopen',
          'until-other-time': 'Enter the time you expect to reopen',
        },
        'a day needs both',
      ],
      [
        {
          'until-when': 'other',
          'until-day': '1',
          'until-month': '8',
          'until-year': '2027',
          'until-other-time': '9am',
        },
        {
          'until-day':
            'A closure can last up to 3 months. Choose “I do not know” if it may be longer, and speak to your ICB',
        },
        'too long to know',
      ],
      [{ what: 'some' }, { 'service-2000000001': 'Select at least 1 service that is closed' }, 'which services'],
      [
        { advice: 'x'.repeat(141) },
        { advice: 'The advice for patients must be 140 characters or fewer' },
        'as on the page',
      ],
      [
        { phone: 'ask Ben', name: 'A'.repeat(101) },
        {
          name: 'Your name must be 100 characters or fewer',
          phone: 'Enter a phone number in the right format, like 0161 496 0000',
        },
        'every field is judged',
      ],
    ] as const) {
      const wrong = await close(answers)
      assert.equal(wrong.status, 422, because)
      assert.deepEqual(errorsOf(wrong), errors, because)
      assert.match(wrong.body, /<title>\s*Error: Close now/)
      for (const field of Object.keys(errors))
        assert.match(wrong.body, new RegExp(` id="${field}"`), `${field} is there`)
      for (const [name, value] of Object.entries({ ...NO_POWER, ...answers })) {
        if (value !== undefined) assert.equal(filledIn(wrong, 'close-now')[name], value, because)
      }
    }
    assert.deepEqual(await closures(), [])
  })

  test('a form of rubbish is refused, not guessed', async () => {
    const form = await amina.open(CLOSE)
    const rubbish = await send(amina, form, 'close-now', {
      ...NO_POWER,
      closure: "'; drop table closure",
      'from-when': 'yesterday',
      'until-when': 'never',
      what: 'everything',
      advice: 'a\u0007b',
    })
    assert.equal(rubbish.status, 422)
    assert.deepEqual(Object.keys(errorsOf(rubbish)), ['until-when', 'from-when', 'what', 'advice'])
    const strange = await send(amina, form, 'close-now', { ...NO_POWER, what: 'some', 'service-2000000005': 'yes' })
    assert.deepEqual(Object.keys(errorsOf(strange)), ['service-2000000001'], 'a closed service is not one of them')
  })

  test('it may have closed earlier today, and reopen across midnight', async () => {
    const closed = await close({
      'from-when': 'earlier',
      'from-time': '9:15am',
      'until-when': 'other',
      'until-day': '14',
      'until-month': '12',
      'until-year': '2026',
      'until-other-time': '12:30am',
    })
    assert.match(visible(closed), /Closed since 9:15am today\. Expected to reopen at 12:30am on Monday\./)
    assert.match(
      visible(await amina.open('/pharmacies/FX123')),
      /Closed now\. Expected to reopen at 9am on Monday/,
      'the public comes when it opens',
    )
  })

  test('a form that was sent before closes nothing, and says so', async () => {
    const form = await amina.open(CLOSE)
    await send(amina, await send(amina, form, 'close-now', NO_POWER), '/reopen')
    const stale = await send(amina, form, 'close-now', NO_POWER)
    assert.equal(stale.status, 422)
    assert.deepEqual(Object.keys(errorsOf(stale)), ['reason'])
    assert.match(visible(await send(amina, stale, 'close-now')), /You are closed/, 'the next press does')
  })

  test('a number from a list that no form would take does not hold up whoever closes', async () => {
    const before = await loadProfile(db.pool, 'FX123')
    assert.ok(before)
    const given = (profile: typeof before.profile) =>
      db.transact(async (tx) => {
        const stored = await loadProfile(tx, 'FX123')
        assert.ok(stored)
        const context = {
          actor: 'system:test',
          action: 'test',
          recordedAt: NOW,
          decides: false,
          onMeeting: 'take',
        } as const
        await commitProfiles(tx, [{ before: stored, profile, sections: stored.sections }], context)
      })
    await given({ ...before.profile, contact: { ...before.profile.contact, professionalPhone: 'bleep 12' } })
    assert.equal(filledIn(await amina.open(CLOSE), 'close-now')['phone'], '01632 960001')
    assert.match(visible(await close()), /You are closed/)
    await clear()
    await given(before.profile)
  })

  test('at the training pharmacy nobody is said to know', async () => {
    await openTrainingPharmacy({ db, clock: manager.clock })
    const closed = await send(amina, await amina.open('/manage/TRAIN/close-now'), 'close-now', NO_POWER)
    const words = visible(closed)
    assert.match(words, /At a real pharmacy NHS 111 .*nobody else learns of its closure/)
    assert.doesNotMatch(words, /Who knows|we ask by email/)
  })

  test('some services alone are closed', async () => {
    const closed = await close({ what: 'some', 'service-2000000002': 'yes' })
    assert.match(visible(closed), /1 service closed .*What is closed Urgent medicines/)
    assert.equal(await servicesClosed(), 1)
    assert.match(visible(closed), /1 service is closed\. NHS 111 and the public page show it now/)
    assert.doesNotMatch(visible(closed), /You are closed/)
    const twice = await close({ what: 'some', 'service-2000000002': 'yes', 'service-2000000003': 'yes' })
    assert.match(visible(twice), /Amina Khan has closed it already/)
    assert.match(visible(await close()), /You are closed/, 'the rest closes too')
    assert.equal(await servicesClosed(), 4)
  })

  test('nobody is told that they are open when another closure is in force, or when it is evening', async () => {
    const some = await close({ what: 'some', 'service-2000000002': 'yes' })
    const whole = await close()
    assert.match(visible(await send(amina, some, '/reopen')), /over, but you are still closed: another closure/)
    await at('2026-12-11T18:00:00Z')
    const reopened = visible(await send(amina, await amina.open(whole.url.pathname), '/reopen'))
    assert.match(reopened, /This closure is over\. You open next at 9am on Monday\. NHS 111/)
    assert.doesNotMatch(reopened, /open again/i)
    assert.match(visible(await amina.open('/pharmacies/FX123')), /Closed\. Opens Monday at 9am/)
  })

  test('a pharmacy that is shut anyway need not tell, and may', async () => {
    await at('2026-12-12T10:00:00Z')
    assert.match(
      visible(await amina.open(CLOSE)),
      /You are not due to be open now\. You only need to tell us if you will not open at 9am on Monday\./,
    )
    const told = { 'until-when': 'today', 'until-time': '5pm' }
    const needless = await close(told)
    assert.match(
      visible(needless),
      /You do not need to tell us: this pharmacy is not due to be open before 5pm today\./,
    )
    assert.deepEqual(await closures(), [])
    const anyway = await send(amina, needless, 'close-now', { anyway: 'yes' })
    assert.match(visible(anyway), /Expected to reopen at 5pm today/)
    await clear()
    await at('2026-12-12T10:00:00Z')
    assert.match(visible(await close()), /You are closed/, 'an end that nobody knows may reach Monday')
    await clear()
    await at('2026-12-11T18:00:00Z')
    const afternoon = { 'from-when': 'earlier', 'from-time': '2pm', 'until-when': 'today', 'until-time': '7pm' }
    assert.match(
      visible(await close(afternoon)),
      /You are closed/,
      'it should have been open at 2pm: the ICB is to know',
    )
  })

  test('a closure that is planned stands in the way of an end after its start, and not of one that nobody knows', async () => {
    const plan = await send(amina, await amina.open(PLAN), 'closures/plan', {
      ...NO_POWER,
      'from-day': '14',
      'from-month': '12',
      'from-year': '2026',
      'from-time': '9am',
      'until-when': 'unknown',
    })
    assert.match(visible(plan), /Closure planned Starts at 9am on Monday\. Nobody knows yet/)
    const tuesday = { 'until-day': '15', 'until-month': '12', 'until-year': '2026', 'until-other-time': '9am' }
    const clash = await close({ 'until-when': 'other', ...tuesday })
    assert.deepEqual(errorsOf(clash), {
      'until-when':
        'A closure is planned from 9am on Monday. Enter a time of reopening before then, or say that you do not know',
    })
    assert.match(visible(await close()), /You are closed/)
  })

  test('the hub says so above everything, with one press to open again, and what is planned is listed', async () => {
    assert.match(visible(await amina.open(HUB)), /Open now .* Close now/)
    await close({ 'until-when': 'today', 'until-time': '4pm' })
    const hub = await amina.open(HUB)
    const words = visible(hub)
    assert.match(
      words,
      /Closed now .* Closed since 10:34am today Expected to reopen at 4pm today\. Reopen now See this closure/,
    )
    assert.doesNotMatch(words, / Close now /)
    assert.match(words, /Closed from 10:34am on Friday 11 December 2026\. Until 4pm on Friday 11 December 2026/)
    const list = visible(await amina.open(`${HUB}/closures-and-changes`))
    manager.clock.set('2026-12-11T10:35:00Z')
    assert.match(
      list,
      /Closures Closed from 10:34am on Friday 11 December 2026 Closed now Until 4pm .* Reason \(professionals only\): Power/,
    )
    assert.match(visible(await send(amina, hub, '/reopen')), /You are open again/)
    assert.match(
      visible(await amina.open(`${HUB}/closures-and-changes`)),
      /Closures that ended in the last month .* Over Ended at/,
    )

    manager.clock.set('2026-12-11T10:36:00Z')
    const viewer = await manager.as({
      email: 'v@nhs.example',
      name: 'Vi',
      grants: [{ role: 'viewer', scope: 'ods:FX123' }],
    })
    const closed = await close()
    const seen = visible(await viewer.open(closed.url.pathname))
    assert.doesNotMatch(seen, /Reopen now|Still closed/)
    assert.doesNotMatch(visible(await viewer.open(HUB)), /Reopen now|Close now/)
  })

  test('a planned closure is told, put off, cancelled, or begins by itself', async () => {
    const plan = { ...NO_POWER, 'from-day': '14', 'from-month': '12', 'from-year': '2026', 'from-time': '9am' }
    const form = await amina.open(PLAN)
    assert.deepEqual(Object.keys(errorsOf(await send(amina, form, 'closures/plan', {}))), [
      'from-day',
      'from-time',
      'until-when',
      'reason',
    ])
    const until = {
      'until-when': 'other',
      'until-day': '18',
      'until-month': '12',
      'until-year': '2026',
      'until-other-time': '2pm',
    }
    assert.deepEqual(errorsOf(await send(amina, form, 'closures/plan', { ...plan, ...until, 'until-day': '13' })), {
      'until-other-time': 'The time of reopening must be after the start of the closure',
    })
    assert.deepEqual(errorsOf(await send(amina, form, 'closures/plan', { ...plan, ...until, 'from-day': '10' })), {
      'from-day': 'The closure must start today or later',
    })
    const planned = await send(amina, form, 'closures/plan', { ...plan, ...until })
    assert.match(
      visible(planned),
      /Your closure is planned.* Starts at 9am on Monday\. Expected to reopen at 2pm on Friday/,
    )
    assert.doesNotMatch(visible(planned), /every week/, 'it is shorter than 5 days')
    assert.match(
      visible(await amina.open('/pharmacies/FX123')),
      /Open until 5pm .* From 9am on Monday 14 December 2026 to 2pm on Friday 18 December 2026 Closed/,
    )
    assert.deepEqual(
      Object.keys(
        errorsOf(await send(amina, await amina.open(PLAN), 'closures/plan', { ...plan, ...until, 'from-day': '16' })),
      ),
      ['from-day'],
      'it overlaps',
    )
    const change = await amina.open(`${planned.url.pathname}/expect`)
    assert.equal(filledIn(change, '/expect')['until-other-time'], '2pm')
    const longer = await send(amina, change, '/expect', { 'until-day': '20' })
    assert.match(visible(longer), /expected time of reopening is changed.*We ask every week/)
    assert.match(visible(longer), /Expected to reopen at 2pm on Sunday 20 December 2026 Amina Khan/)
    const cancelled = await send(amina, longer, '/cancel')
    assert.match(visible(cancelled), /The closure is cancelled\..*planned from 9am on Monday, and cancelled/)
    assert.match(visible(await send(amina, longer, '/cancel')), /The closure is cancelled/, 'twice is once')
  })

  test('history says what became of it, in words, and offers to restore nothing of it', async () => {
    await close({ 'until-when': 'today', 'until-time': '4pm' })
    manager.clock.set('2026-12-11T10:40:00Z')
    const closure = await amina.open(CLOSE)
    await send(amina, closure, '/reopen')
    const history = visible(await amina.open(`${HUB}/history?part=changes`))
    assert.match(history, /Reopened 11 December 2026 at 10:40am Amina Khan .*Before: Until 4pm on .*: Ended at 10:40am/)
    assert.match(history, /Told a closure 11 December 2026 at 10:34am Amina Khan Closed from 10:34am on Friday/)
    const { version } = (await loadProfile(db.pool, 'FX123')) ?? assert.fail()
    const before = visible(await amina.open(`${HUB}/history/${version - 1}`))
    assert.match(before, /Every section says the same now/, 'closures are not restored')
  })

  test('what comes too late shows what happened meanwhile', async () => {
    const closed = await close({ 'until-when': 'today', 'until-time': '11am' })
    manager.clock.set('2026-12-11T11:00:00Z')
    const late = await send(amina, closed, '/confirm')
    assert.equal(late.status, 409)
    assert.match(
      visible(late),
      /its expected reopening time has passed\. Close the pharmacy again.*Over since 11am today/,
    )
    assert.match(visible(await amina.open('/pharmacies/FX123')), /Open until 5pm/, 'open by itself, with no job')
    assert.match(visible(await close()), /You are closed/, 'and can be closed again')
  })

  test('a locum who may only say that it is closed closes and reopens', async () => {
    const locum = await manager.as(LOCUM)
    const closed = await close({}, locum)
    assert.match(visible(closed), /Told by Lena Locum/)
    assert.match(visible(await send(locum, closed, '/reopen')), /You are open again/)
  })

  test('the night on which the clocks change has no minute too few or too many', async () => {
    await at('2027-03-27T23:30:00Z')
    const other = (day: string, time: string) => ({
      'until-when': 'other',
      'until-day': day,
      'until-month': '3',
      'until-year': '2027',
      'until-other-time': time,
    })
    assert.deepEqual(errorsOf(await close(other('28', '1:30am'))), {
      'until-other-time': 'The clocks go forward at 1am that night. Enter a time before 1am, or from 2am',
    })
    const spring = await close({ ...other('28', '2am'), anyway: 'yes' })
    assert.match(visible(spring), /Expected to reopen at 2am tomorrow/)
    assert.equal((await closures())[0]?.expectedAt, Date.parse('2027-03-28T01:00:00Z'))

    await clear()
    // 1:30am on 25 October 2026 for the second time.
    await at('2026-10-25T01:30:00Z')
    assert.deepEqual(errorsOf(await close({ 'until-when': 'today', 'until-time': '1:45am' })), {
      'until-time': 'The clocks went back at 2am. Enter a time from 2am',
    })
    assert.match(
      visible(await close({ 'until-when': 'today', 'until-time': '2am', anyway: 'yes' })),
      /Expected to reopen at 2am today/,
    )
    assert.equal((await closures())[0]?.expectedAt, Date.parse('2026-10-25T02:00:00Z'))
  })

  test('a closure over the end of a quarter is one closure', async () => {
    await at('2026-12-31T15:00:00Z')
    const closed = await close({
      'until-when': 'other',
      'until-day': '4',
      'until-month': '1',
      'until-year': '2027',
      'until-other-time': '9am',
    })
    assert.match(visible(closed), /Expected to reopen at 9am on Monday/)
    const profile = await loadProfile(db.pool, 'FX123')
    assert.deepEqual(profile?.profile.closures?.[0]?.statutory, ['2027-01-01'])
  })
})
