import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantRole } from '#src/accounts/grants.ts'
import { savePerson } from '#src/accounts/people.ts'
import type { Db } from '#src/platform/db/db.ts'
import { enqueue, type Job } from '#src/platform/jobs/outbox.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { accepted } from '#src/rules/problems.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases, testLog } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import {
  countBranchRows,
  createBranchChange,
  loadBranchChange,
  loadBranchRows,
  moveBranchChange,
} from './branch-changes-store.ts'
import type { BranchCommand } from './branch-command.ts'
import { BRANCH_QUEUES, NO_ACCESS, runBranchJob, startBranchChange, startUndo } from './run-branch-change.ts'

const EMAIL = 'dev@nhs.example'
const CHRISTMAS: BranchCommand = {
  kind: 'holidays',
  answers: { '2026-12-25': { answer: 'closed' }, '2026-12-28': { answer: 'usual' } },
}
const codes = Array.from({ length: 60 }, (_, index) => `FX${String(index).padStart(3, '0')}`)
const branch = (odsCode: string, given: Partial<Profile> = {}): Profile =>
  aProfile({ odsCode, commissioning: { parentCode: 'PX001', icbCode: null, healthAndWellbeingBoard: null }, ...given })

async function headOffice(db: Db) {
  const clock = fixedClock('2026-11-22T10:00:00Z')
  const { personId } = await db.transact((tx) =>
    savePerson(tx, { issuer: 'x', subject: 'dev', email: EMAIL, name: 'Dev' }, clock.now()),
  )
  await grantRole(db, { email: EMAIL, role: 'group', scope: 'group:PX001' }, { by: 'command:test', now: clock.now() })
  const profiles = [
    ...codes.map((code) => branch(code)),
    branch('FX900', { weekly: [null, [], [], [], [], [], []] }),
    branch('FX901', { status: 'closed' }),
    aProfile({ odsCode: 'FX902' }),
  ]
  await db.transact((tx) =>
    commitProfiles(
      tx,
      profiles.map((profile) => ({ before: undefined, profile, sections: UNCHECKED })),
      {
        actor: 'command:import',
        action: 'import',
        recordedAt: '2026-11-01T09:00:00.000Z',
        decides: false,
        onMeeting: 'keep',
      },
    ),
  )
  const deps = { db, clock, holidays: () => holidayCalendar([]), issueReceipts }
  const draft = (command: BranchCommand, odsCodes: readonly string[]) =>
    db.transact((tx) =>
      createBranchChange(tx, {
        personId,
        actor: `person:${EMAIL}`,
        kind: command.kind,
        title: 'Christmas 2026',
        source: null,
        unread: [],
        now: clock.now(),
        rows: odsCodes.map((odsCode, place) => ({ odsCode, place, command, versionBefore: 1 })),
      }),
    )
  const run = async (id: number) => {
    await db.transact((tx) => startBranchChange(tx, id, clock.now()))
    await work()
    return countBranchRows(db.pool, id)
  }
  const jobs = Object.fromEntries(BRANCH_QUEUES.map((queue) => [queue, (job: Job) => runBranchJob(deps, job)]))
  const work = () => doReadyJobs(db, jobs, { log: testLog, clock })
  const emails = async () =>
    (await db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').orderBy('id').execute())
      .map(({ payload }) => payload as { kind: string; changed?: number; refused?: number })
      .filter(({ kind }) => kind === 'branches-changed')
  return { deps, clock, personId, draft, run, work, emails }
}

onBothDatabases((kind, open) => {
  test(`${kind}: good branches are changed and bad ones are told, each with its reason`, async () => {
    const db = await open()
    const { draft, run, emails } = await headOffice(db)
    const id = await draft(CHRISTMAS, [...codes, 'FX900', 'FX901', 'FX902', 'FX903'])
    const counts = await run(id)
    assert.deepEqual([counts.done, counts.refused, counts.waiting], [60, 4, 0])
    const refused = await loadBranchRows(db.pool, id, { state: 'refused' })
    assert.deepEqual(
      refused.map(({ odsCode, reason }) => [odsCode, reason]),
      [
        ['FX900', 'The usual hours of Monday 28 December 2026 are not known'],
        ['FX901', 'This pharmacy is closed for good'],
        ['FX902', NO_ACCESS],
        ['FX903', NO_ACCESS],
      ],
    )
    assert.deepEqual((await loadProfile(db.pool, 'FX059'))?.profile.holidays, CHRISTMAS.answers)
    assert.equal((await loadProfile(db.pool, 'FX059'))?.sections.holidays.changedBy, `person:${EMAIL}`)
    assert.deepEqual((await loadProfile(db.pool, 'FX902'))?.profile.holidays, {})
    assert.deepEqual(
      (await emails()).map(({ changed, refused: not }) => [changed, not]),
      [[60, 4]],
      'one email, not sixty',
    )
    const receipts = await db.pool.selectFrom('receipt').select('ods_code').execute()
    assert.equal(receipts.length, 60, 'each branch has its own receipt')
  })

  test(`${kind}: what says so already is left alone, and running again changes nothing`, async () => {
    const db = await open()
    const { draft, run, work } = await headOffice(db)
    await run(await draft(CHRISTMAS, ['FX001']))
    const id = await draft(CHRISTMAS, ['FX001', 'FX002'])
    const counts = await run(id)
    assert.deepEqual([counts.done, counts.unchanged], [1, 1])
    await moveBranchChange(db.pool, id, ['done'], { state: 'running' })
    await db.transact((tx) => enqueue(tx, 'branch-change', { id }))
    await work()
    assert.equal((await loadProfile(db.pool, 'FX002'))?.version, 2)
  })

  test(`${kind}: undone as one, but for the branch that somebody changed since`, async () => {
    const db = await open()
    const { deps, clock, draft, run, work } = await headOffice(db)
    const id = await draft(CHRISTMAS, ['FX001', 'FX002', 'FX003'])
    await run(id)
    const answer = (odsCode: string, answers: Profile['holidays']) =>
      saveProfileChange(deps, {
        odsCode,
        section: 'holidays',
        expectedVersion: 2,
        actor: 'person:branch@nhs.example',
        action: 'answer-holidays',
        decide: (profile) => accepted({ ...profile, holidays: { ...profile.holidays, ...answers } }),
      })
    await answer('FX002', { '2026-12-25': { answer: 'other', sessions: [{ opens: 600, closes: 720 }] } })
    await answer('FX003', { '2027-01-01': { answer: 'closed' } })
    const change = await loadBranchChange(db.pool, id)
    assert.ok(change)
    assert.equal(await db.transact((tx) => startUndo(tx, change, clock.now())), true)
    await work()
    const rows = await loadBranchRows(db.pool, id, {})
    assert.deepEqual(
      rows.map(({ odsCode, state, reason }) => [odsCode, state, reason]),
      [
        ['FX001', 'undone', null],
        ['FX002', 'not-undone', 'Somebody has changed this since'],
        ['FX003', 'undone', null],
      ],
    )
    assert.deepEqual((await loadProfile(db.pool, 'FX001'))?.profile.holidays, {})
    assert.deepEqual((await loadProfile(db.pool, 'FX003'))?.profile.holidays, { '2027-01-01': { answer: 'closed' } })
    const undone = await loadBranchChange(db.pool, id)
    assert.equal(undone?.state, 'undone')
    assert.equal(undone && (await db.transact((tx) => startUndo(tx, undone, clock.now()))), false, 'only once')
  })

  test(`${kind}: a change cannot be undone after a day, and a change for later waits`, async () => {
    const db = await open()
    const { clock, draft, run, work } = await headOffice(db)
    const id = await draft(CHRISTMAS, ['FX001'])
    await run(id)
    const change = await loadBranchChange(db.pool, id)
    assert.ok(change)
    const later = await draft(CHRISTMAS, ['FX002'])
    await db.transact((tx) => startBranchChange(tx, later, new Date(clock.now().getTime() + 3_600_000)))
    await work()
    assert.equal((await loadBranchChange(db.pool, later))?.state, 'waiting')
    clock.set('2026-11-23T11:00:01Z')
    await work()
    assert.equal((await loadBranchChange(db.pool, later))?.state, 'done')
    assert.equal(await db.transact((tx) => startUndo(tx, change, clock.now())), false)
  })

  test(`${kind}: a dated change is added once and its days from today on are given back`, async () => {
    const db = await open()
    const { clock, draft, run, work } = await headOffice(db)
    const change = { from: '2026-12-24', to: '2026-12-24', sessions: [], reason: 'Staff training', note: null } as const
    const id = await draft({ kind: 'change', change }, ['FX001'])
    await run(id)
    assert.equal((await loadProfile(db.pool, 'FX001'))?.profile.changes.length, 1)
    const stored = await loadBranchChange(db.pool, id)
    assert.ok(stored)
    await db.transact((tx) => startUndo(tx, stored, clock.now()))
    await work()
    assert.deepEqual((await loadProfile(db.pool, 'FX001'))?.profile.changes, [])
  })

  test(`${kind}: a check confirms what the person saw, and no branch that changed since`, async () => {
    const db = await open()
    const { deps, draft, run } = await headOffice(db)
    const everything = { ...CHRISTMAS.answers, '2027-01-01': { answer: 'closed' } } as const
    await run(await draft({ kind: 'holidays', answers: everything }, ['FX001', 'FX002']))
    for (const odsCode of ['FX001', 'FX002']) {
      await saveProfileChange(deps, {
        odsCode,
        section: 'services',
        alsoSections: ['facilities'],
        expectedVersion: 2,
        actor: 'person:branch@nhs.example',
        action: 'set-services',
        decide: (profile) => accepted({ ...profile, services: {}, facilities: { '28': { has: true } } }),
      })
    }
    const { version = 0 } = (await loadProfile(db.pool, 'FX001')) ?? {}
    const id = await draft({ kind: 'check' }, ['FX001', 'FX002', 'FX003'])
    const seen = db.pool.updateTable('branch_change_row').set({ version_before: version })
    await seen.where('branch_change_id', '=', id).where('ods_code', '=', 'FX001').execute()
    await run(id)
    const rows = await loadBranchRows(db.pool, id, {})
    assert.deepEqual(
      rows.map(({ odsCode, state }) => [odsCode, state]),
      [
        ['FX001', 'done'],
        ['FX002', 'refused'],
        ['FX003', 'refused'],
      ],
    )
    assert.match(rows[1]?.reason ?? '', /Somebody changed this pharmacy after you looked at it/)
    assert.match(rows[2]?.reason ?? '', /Tell us if you are open on Christmas Day/)
    assert.ok((await loadProfile(db.pool, 'FX001'))?.sections.hours.checkedAt)
  })
})
