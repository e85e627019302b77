/** A head office with 63 branches and the work of its changes, for tests of a change of many branches. */
import { grantRole } from '#src/accounts/grants.ts'
import { savePerson } from '#src/accounts/people.ts'
import { countBranchRows, createBranchChange } from '#src/head-office/branch-changes-store.ts'
import type { BranchCommand } from '#src/head-office/branch-command.ts'
import { BRANCH_QUEUES, runBranchJob, startBranchChange } from '#src/head-office/run-branch-change.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Job } from '#src/platform/jobs/outbox.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import type { Profile, ProfileSection } from '#src/profiles/profile.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { accepted } from '#src/rules/problems.ts'
import { aProfile, UNCHECKED } from './builders.ts'
import { testLog } from './databases.ts'
import { fixedClock } from './fixed-clock.ts'
import { issueReceipts } from './receipts.ts'

export const HEAD_OFFICE_EMAIL = 'dev@nhs.example'
export const CHRISTMAS = {
  kind: 'holidays',
  answers: { '2026-12-25': { answer: 'closed' }, '2026-12-28': { answer: 'usual' } },
} as const satisfies BranchCommand
/** Branches that can be changed. */
export const BRANCH_CODES = Array.from({ length: 60 }, (_, index) => `FX${String(index).padStart(3, '0')}`)
const branch = (odsCode: string, given: Partial<Profile> = {}): Profile =>
  aProfile({ odsCode, commissioning: { parentCode: 'PX001', icbCode: null, healthAndWellbeingBoard: null }, ...given })

/**
 * The head office: FX900 does not know its Mondays, FX901 is closed for good, FX902 belongs to somebody else. The clock stands
 * at 10am on 22 November 2026.
 */
export async function headOffice(db: Db) {
  const clock = fixedClock('2026-11-22T10:00:00Z')
  const { personId } = await db.transact((tx) =>
    savePerson(tx, { issuer: 'x', subject: 'dev', email: HEAD_OFFICE_EMAIL, name: 'Dev' }, clock.now()),
  )
  await grantRole(
    db,
    { email: HEAD_OFFICE_EMAIL, role: 'group', scope: 'group:PX001' },
    { by: 'command:test', now: clock.now() },
  )
  const profiles = [
    ...BRANCH_CODES.map((code) => branch(code)),
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
        actor: `person:${HEAD_OFFICE_EMAIL}`,
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
  /** Somebody at a branch edits a section. */
  const edit = (odsCode: string, expectedVersion: number, section: ProfileSection, given: (now: Profile) => object) =>
    saveProfileChange(deps, {
      odsCode,
      section,
      expectedVersion,
      actor: 'person:branch@nhs.example',
      action: 'edit',
      decide: (now) => accepted({ ...now, ...given(now) }),
    })
  const answer = (odsCode: string, expectedVersion: number, answers: Profile['holidays']) =>
    edit(odsCode, expectedVersion, 'holidays', ({ holidays }) => ({ holidays: { ...holidays, ...answers } }))
  return { deps, edit, answer, clock, personId, draft, run, work, emails }
}
