import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Db } from '#src/platform/db/db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { openTrainingPharmacy, resetTrainingPharmacy } from '#src/profiles/training-pharmacy.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { storePharmacy } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { closePharmacy, confirmClosed, expectReopening, reopenPharmacy } from './close-pharmacy.ts'
import { CLOSURE_DUE } from './closure-due.ts'
import { loadClosure, loadClosureEvents } from './closure-records.ts'
import { endTrainingClosures, runClosureDue, writeClosuresOn } from './closure-watch.ts'
import type { ToldClosure } from './decide-closure.ts'

const AMINA = 'person:amina@nhs.example'
const FRIDAY = '2026-12-11'
const now: ToldClosure = {
  id: 'c1',
  from: `${FRIDAY}T10:34`,
  until: null,
  services: null,
  reason: 'Power or IT failure',
  advice: null,
}

/** A pharmacy at 10:34 on a Friday, with somebody who may edit it, and a way to let hours pass. */
async function pharmacy(db: Db) {
  const clock = fixedClock()
  const profile = aProfile({ contact: { phone: '01632 960001', professionalEmail: 'hill@nhs.net' } })
  await storePharmacy(db, profile, [aService()])
  await db.pool
    .insertInto('role_grant')
    .values({
      email: 'amina@nhs.example',
      role: 'owner',
      scope: 'ods:FX123',
      granted_by: 'system:test',
      granted_at: clock.now().toISOString(),
    })
    .execute()
  const holidays = holidayCalendar([])
  const deps = { db, clock, issueReceipts, holidays: () => holidays, sharedMailboxDomains: ['nhs.net'] }
  const log = createLog('error')
  return {
    deps,
    clock,
    tell: (told: Partial<ToldClosure> = {}, actor = AMINA) =>
      closePharmacy(
        deps,
        'FX123',
        { ...now, ...told, filledInBy: null, phone: null },
        { actor, via: 'profile-manager', askedAt: clock.now() },
      ),
    /** Does what is due at an instant. */
    at: async (instant: string) => {
      clock.set(instant)
      await doReadyJobs(db, { [CLOSURE_DUE]: (job) => runClosureDue(deps, job) }, { log, clock })
    },
    events: async () => (await loadClosureEvents(db.pool, 'c1')).map(({ event }) => event),
    emails: async () => {
      const rows = await db.pool
        .selectFrom('job')
        .select('payload')
        .where('queue', '=', 'email')
        .orderBy('id')
        .execute()
      return rows
        .map(({ payload }) => payload as { kind: string; what?: string; recipient: string })
        .filter(({ kind }) => kind === 'reopen-prompt' || kind === 'closure-confirm')
        .map(({ kind, what, recipient }) => `${what ?? kind} ${recipient}`)
    },
  }
}

/** The pharmacy changes, and nobody decided it. */
async function becomes(db: Db, changed: Partial<Profile>): Promise<void> {
  const before = await loadProfile(db.pool, 'FX123')
  assert.ok(before)
  const profile = { ...before.profile, ...changed }
  const context = { actor: 'system:test', action: 'test', recordedAt: `${FRIDAY}T10:35:00.000Z` }
  await db.transact((tx) =>
    commitProfiles(tx, [{ before, profile, sections: before.sections }], {
      ...context,
      decides: false,
      onMeeting: 'take',
    }),
  )
}

onBothDatabases((_kind, open) => {
  test('while nobody knows the end it is asked every two hours, at hours in which it would be open', async () => {
    const db = await open()
    const { tell, at, events, emails, deps } = await pharmacy(db)
    assert.ok((await tell()).ok)
    await at('2026-12-11T12:33:00Z')
    assert.deepEqual(await events(), ['told'], 'not two hours yet')
    await at('2026-12-11T12:34:00Z')
    await at('2026-12-11T14:34:00Z')
    await at('2026-12-11T15:00:00Z')
    assert.deepEqual(await events(), ['told', 'asked', 'asked'])
    assert.deepEqual(await emails(), ['ask amina@nhs.example', 'ask amina@nhs.example'])
    await at('2026-12-11T16:34:00Z')
    await at('2026-12-13T12:00:00Z')
    assert.equal((await events()).length, 4, 'nobody is woken at night or on a Sunday')
    await at('2026-12-14T09:00:00Z')
    assert.equal((await events()).length, 5)
    await confirmClosed(deps, 'FX123', 'c1', { actor: AMINA })
    await at('2026-12-14T10:59:00Z')
    assert.equal((await events()).at(-1), 'confirmed', 'an answer puts the next question off')
  })

  test('before the expected time it is brought to mind, and at that time it is over', async () => {
    const db = await open()
    const { tell, at, events, emails } = await pharmacy(db)
    await tell({ until: `${FRIDAY}T15:00` })
    await at('2026-12-11T14:44:00Z')
    assert.deepEqual(await events(), ['told'])
    await at('2026-12-11T14:45:00Z')
    await at('2026-12-11T14:50:00Z')
    assert.deepEqual(await events(), ['told', 'reminded'])
    await at('2026-12-11T15:00:00Z')
    assert.deepEqual(await events(), ['told', 'reminded', 'expired'])
    assert.deepEqual(await emails(), ['remind amina@nhs.example'])
    const closure = await loadClosure(db.pool, 'c1')
    assert.deepEqual([closure?.end, closure?.endedAt], ['expired', Date.parse('2026-12-11T15:00:00Z')])
    assert.equal((await loadProfile(db.pool, 'FX123'))?.profile.closures?.[0]?.ended, true)
    assert.deepEqual((await loadServicesOf(db.pool, 'FX123'))[0]?.record.hours.specified[FRIDAY], [
      { opens: 540, closes: 634 },
      { opens: 900, closes: 1020 },
    ])
  })

  test('a job that runs long after its time notes only that it is over', async () => {
    const db = await open()
    const { tell, at, events, emails } = await pharmacy(db)
    await tell({ until: `${FRIDAY}T15:00` })
    await at('2026-12-12T09:00:00Z')
    assert.deepEqual([await events(), await emails()], [['told', 'expired'], []])
  })

  test('a job whose closure has heard another word, or is over, does nothing', async () => {
    const db = await open()
    const { tell, at, events, emails, deps, clock } = await pharmacy(db)
    await tell({ until: `${FRIDAY}T12:00` })
    clock.set('2026-12-11T11:30:00Z')
    await expectReopening(deps, 'FX123', 'c1', { actor: AMINA, until: `${FRIDAY}T16:00` })
    await at('2026-12-11T12:30:00Z')
    assert.deepEqual(await events(), ['told', 'changed'], 'the reminder and the end of before')
    clock.set('2026-12-11T13:00:00Z')
    await reopenPharmacy(deps, 'FX123', 'c1', { actor: AMINA })
    await at('2026-12-11T18:00:00Z')
    assert.deepEqual(await events(), ['told', 'changed', 'reopened'])
    assert.deepEqual(await emails(), [])
  })

  test('a long closure is confirmed every week, by the shared mailbox when whoever told it has left', async () => {
    const db = await open()
    const { tell, at, events, emails } = await pharmacy(db)
    await tell({ until: '2027-01-11T09:00' })
    await at('2026-12-18T10:34:00Z')
    await db.pool.deleteFrom('role_grant').execute()
    await at('2026-12-25T10:34:00Z')
    assert.deepEqual(await events(), ['told', 'asked', 'asked'])
    assert.deepEqual(await emails(), ['closure-confirm amina@nhs.example', 'closure-confirm hill@nhs.net'])
  })

  test('a closure told with a code asks the shared mailbox', async () => {
    const db = await open()
    const { tell, at, emails } = await pharmacy(db)
    await tell({}, 'mailbox:FX123')
    await at('2026-12-11T12:34:00Z')
    assert.deepEqual(await emails(), ['ask hill@nhs.net'])
  })

  test('where there is no shared mailbox its owners are asked, and history does not say so of nobody', async () => {
    const db = await open()
    const { tell, at, emails } = await pharmacy(db)
    await becomes(db, { contact: { phone: '01632 960001' } })
    await tell({}, 'phone:FX123')
    await at('2026-12-11T12:34:00Z')
    assert.deepEqual(await emails(), ['ask amina@nhs.example'])
    await db.pool.deleteFrom('role_grant').execute()
    await at('2026-12-11T14:34:00Z')
    assert.equal((await emails()).length, 1)
    const asked = (await loadClosureEvents(db.pool, 'c1')).filter(({ event }) => event === 'asked')
    assert.deepEqual(
      asked.map(({ detail }) => detail),
      [{}, { nobody: true }],
    )
  })

  test('whoever may not open it again is not asked, such as a locum who works elsewhere by now', async () => {
    const db = await open()
    const { tell, at, emails } = await pharmacy(db)
    await tell()
    await db.pool.updateTable('role_grant').set({ scope: 'ods:FX999' }).execute()
    await at('2026-12-11T12:34:00Z')
    assert.deepEqual(await emails(), ['ask hill@nhs.net'])
  })

  test('nobody is asked whether a pharmacy that has closed for good is open again', async () => {
    const db = await open()
    const { tell, at, emails, events } = await pharmacy(db)
    await tell()
    await becomes(db, { status: 'closed' })
    await at('2026-12-11T12:34:00Z')
    await at('2026-12-14T12:34:00Z')
    assert.deepEqual([await emails(), await events()], [[], ['told']])
  })

  test('an end that nobody knows is written on before what is written runs out', async () => {
    const db = await open()
    const { tell, deps, clock, events } = await pharmacy(db)
    await tell()
    const writtenTo = async () => (await loadProfile(db.pool, 'FX123'))?.profile.closures?.[0]?.writtenTo
    assert.equal(await writtenTo(), '2026-12-24')
    clock.set('2026-12-17T03:00:00Z')
    assert.deepEqual(await writeClosuresOn(deps), { written: 0, refused: [] }, 'seven days are left')
    clock.set('2026-12-18T03:00:00Z')
    assert.deepEqual(await writeClosuresOn(deps), { written: 1, refused: [] })
    assert.equal(await writtenTo(), '2026-12-31')
    assert.deepEqual((await loadServicesOf(db.pool, 'FX123'))[0]?.record.hours.specified['2026-12-31'], [])
    assert.deepEqual(await writeClosuresOn(deps), { written: 0, refused: [] })
    assert.deepEqual(await events(), ['told', 'written-on'])
  })

  test('a closure of the training pharmacy is asked about by nobody, and ends when it begins again', async () => {
    const db = await open()
    const { deps, at, emails, clock } = await pharmacy(db)
    await openTrainingPharmacy(deps)
    const by = { actor: AMINA, via: 'profile-manager', askedAt: clock.now() } as const
    assert.ok((await closePharmacy(deps, TRAINING_PHARMACY, { ...now, filledInBy: null, phone: null }, by)).ok)
    await at('2026-12-11T12:34:00Z')
    assert.deepEqual(await emails(), [])
    clock.set('2026-12-12T03:50:00Z')
    await resetTrainingPharmacy(deps)
    await endTrainingClosures(deps)
    assert.equal((await loadClosure(db.pool, 'c1'))?.end, 'reopened')
    await at('2026-12-14T12:34:00Z')
    assert.equal((await loadProfile(db.pool, TRAINING_PHARMACY))?.profile.closures, undefined)
  })
})
