/**
 * Makes one change of many branches, and takes it back: some branches at a time, each time in one transaction, so that
 * the site goes on answering, and a process that dies is followed by another that goes on where it stopped.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Actor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { grantsOf } from '#src/accounts/sessions.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Queryable, Tx } from '#src/platform/db/db.ts'
import { enqueue, GiveUp, type Job } from '#src/platform/jobs/outbox.ts'
import { withdrawWaiting } from '#src/profiles/asked-values.ts'
import { type Committed, commitProfiles, type ProfileWrite } from '#src/profiles/commit-profiles.ts'
import { decideCancelChange } from '#src/profiles/decide.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { loadProfilesAt, lockProfiles } from '#src/profiles/load-profiles.ts'
import type { Profile, ProfileKind, StoredProfile } from '#src/profiles/profile.ts'
import { sectionsAfter } from '#src/profiles/save-profile-change.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import { type Problem, type Result, refused } from '#src/rules/problems.ts'
import { confirmSectionsIn } from '#src/verification/confirm-sections.ts'
import type { IssueReceipts } from '#src/verification/issue-receipts.ts'
import {
  type BranchChange,
  type BranchOutcome,
  type BranchRow,
  countBranchRows,
  loadBranchChange,
  moveBranchChange,
  saveBranchOutcomes,
  takeBranchRows,
} from './branch-changes-store.ts'
import { BRANCH_KINDS, CLOSED_FOR_GOOD, decideForBranch } from './branch-command.ts'
import { changedSinceSeen, revertSection } from './value-by-value.ts'

export type HeadOfficeDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly holidays: () => HolidayCalendar
  readonly issueReceipts: IssueReceipts
}

/** Branches in one transaction: few enough that nobody else’s save waits long (measured in test/bench/branches.bench.ts). */
const AT_ONCE = 8
/** How long a change can be taken back as one. */
export const UNDO_HOURS = 24
/** Names the dated change that a change of many branches adds to each. */
export const changeIdOf = (id: number): string => `branches-${id}`

/** Lets a drafted change run, now or at `runAt`; false when it is not a draft any more. */
export async function startBranchChange(tx: Tx, id: number, runAt: Date): Promise<boolean> {
  if (!(await moveBranchChange(tx, id, ['draft'], { state: 'waiting', runAt }))) return false
  return enqueue(tx, RUN, { id }, { uniqueKey: `run ${id}`, runAt })
}

/** Lets a change that was made be taken back; false when it is too late, or somebody asked before. */
export async function startUndo(tx: Tx, { id, finishedAt }: BranchChange, now: Date): Promise<boolean> {
  if (!finishedAt || now.getTime() - Date.parse(finishedAt) > UNDO_HOURS * 3_600_000) return false
  if (!(await moveBranchChange(tx, id, ['done'], { state: 'undoing' }))) return false
  return enqueue(tx, UNDO, { id }, { uniqueKey: `undo ${id}` })
}

const RUN = 'branch-change'
const UNDO = 'undo-branch-change'
/** The queues whose jobs `runBranchJob` does. */
export const BRANCH_QUEUES = [RUN, UNDO] as const

/** Does the job of a queue of ours: makes a change of many branches, or takes it back. May run twice for the same job. */
export function runBranchJob(deps: HeadOfficeDeps, { queue, payload }: Pick<Job, 'queue' | 'payload'>): Promise<void> {
  const { id } = payload as { id: number }
  return queue === UNDO ? undoAll(deps, id) : runAll(deps, id)
}

async function runAll(deps: HeadOfficeDeps, id: number): Promise<void> {
  await moveBranchChange(deps.db.pool, id, ['waiting'], { state: 'running' })
  const change = await changeWithId(deps.db.pool, id)
  if (change.state !== 'running') return
  const doSome = change.kind === 'check' ? confirmBranches : changeBranches
  while ((await deps.db.transact((tx) => takeSome(tx, deps, { change, state: 'waiting', doSome }))) > 0);
  const finishedAt = deps.clock.now()
  await deps.db.transact(async (tx) => {
    if (await moveBranchChange(tx, id, ['running'], { state: 'done', finishedAt })) await tell(tx, change, 'done')
  })
}

async function changeWithId(db: Queryable, id: number): Promise<BranchChange> {
  const change = await loadBranchChange(db, id)
  if (!change) throw new GiveUp(`There is no change ${id} of many branches`)
  return change
}

type Step = { readonly change: BranchChange; readonly actor: Actor; readonly now: Date; readonly today: LocalDate }

async function stepOf(tx: Tx, { clock }: HeadOfficeDeps, change: BranchChange): Promise<Step> {
  const now = clock.now()
  const email = change.actor.replace(/^person:/, '')
  const actor = { personId: change.personId, email, name: '', grants: await grantsOf(tx, email, now) }
  return { change, actor, now, today: dateOf(toLondon(now).day) }
}

/** What is done to a few branches whose profiles are locked; an outcome for each. */
type DoSome = (
  tx: Tx,
  deps: HeadOfficeDeps,
  step: Step,
  rows: readonly BranchRow[],
  stored: ReadonlyMap<string, StoredProfile>,
) => Promise<readonly BranchOutcome[]>

/** Does something to the next branches; how many there were. Rights are those that the person holds now. */
async function takeSome(
  tx: Tx,
  deps: HeadOfficeDeps,
  { change, state, doSome }: { change: BranchChange; state: 'waiting' | 'done'; doSome: DoSome },
): Promise<number> {
  const rows = await takeBranchRows(tx, change.id, state, AT_ONCE)
  if (rows.length === 0) return 0
  const step = await stepOf(tx, deps, change)
  const stored = await lockProfiles(
    tx,
    rows.map(({ odsCode }) => odsCode),
  )
  await saveBranchOutcomes(tx, change.id, await doSome(tx, deps, step, rows, stored))
  return rows.length
}

const refusedRow = ({ odsCode }: BranchRow, reason: string): BranchOutcome => ({ odsCode, state: 'refused', reason })

/** The same words whether there is such a pharmacy or not. */
export const NO_ACCESS = 'You do not have access to a pharmacy with this ODS code'

/** Why this person may not do this to this branch; undefined when they may. */
function notAllowed({ actor, change }: Step, stored: StoredProfile | undefined): string | undefined {
  if (!stored) return NO_ACCESS
  const { odsCode, commissioning } = stored.profile
  const { parentCode, icbCode } = commissioning
  return can(actor, BRANCH_KINDS[change.kind].action, { odsCode, parentCode, icbCode }) ? undefined : NO_ACCESS
}

type Planned = { readonly row: BranchRow; readonly before: StoredProfile; readonly decided: Result<Profile> }

const changeBranches: DoSome = async (tx, deps, step, rows, stored) => {
  const setting = { today: step.today, holidays: deps.holidays(), changeId: changeIdOf(step.change.id) }
  const edited = rows.filter(({ odsCode, versionBefore }) => versionBefore !== stored.get(odsCode)?.version)
  const seen = await loadProfilesAt(
    tx,
    new Map(edited.map(({ odsCode, versionBefore }) => [odsCode, versionBefore ?? 0])),
  )
  const planned = rows.map((row): BranchOutcome | Planned => {
    const before = stored.get(row.odsCode)
    const reason = notAllowed(step, before)
    if (reason !== undefined || !before) return refusedRow(row, reason ?? '')
    const decided = decideForBranch(before.profile, row.command, setting)
    const looked = edited.includes(row) ? seen.get(row.odsCode) : before.profile
    return { row, before, decided: asSeen(step.change, looked, before.profile, decided) }
  })
  return commitPlanned(tx, deps, step, planned, { action: 'change-branches', done: 'done', refused: 'refused' })
}

/** What was decided, unless the person who asked looked at other values than it would change now, or at none. */
function asSeen(
  { kind }: BranchChange,
  seen: Profile | undefined,
  now: Profile,
  decided: Result<Profile>,
): Result<Profile> {
  const { section } = BRANCH_KINDS[kind]
  if (!decided.ok || !section || isDeepStrictEqual(decided.value, now)) return decided
  if (seen && !changedSinceSeen(section, { seen, now, wanted: decided.value })) return decided
  return refused({ field: 'branch', code: 'changed-since', message: NOT_AS_SEEN })
}

const NOT_AS_SEEN = 'Somebody changed this pharmacy after you looked at it. Look again'

type Ending = {
  readonly action: string
  readonly done: 'done' | 'undone'
  readonly refused: 'refused' | 'not-undone'
}

/** Commits what was decided, all branches in one write; the outcomes keep the order. */
async function commitPlanned(
  tx: Tx,
  { issueReceipts }: HeadOfficeDeps,
  { change, now }: Step,
  planned: readonly (BranchOutcome | Planned)[],
  ending: Ending,
): Promise<readonly BranchOutcome[]> {
  const recordedAt = now.toISOString()
  const writes = planned.flatMap((plan): ProfileWrite[] =>
    'decided' in plan && plan.decided.ok && !isDeepStrictEqual(plan.decided.value, plan.before.profile)
      ? [writeOf(plan.before, plan.decided.value, { actor: change.actor, recordedAt })]
      : [],
  )
  const committed = await commitProfiles(tx, writes, {
    actor: change.actor,
    action: ending.action,
    recordedAt,
    decides: true,
    issueReceipts,
    tellSubmitter: false,
    onMeeting: 'take',
  })
  const written = new Map(committed.map((each) => [each.odsCode, each]))
  return planned.map((plan) => ('decided' in plan ? outcomeOf(plan, written.get(plan.row.odsCode), ending) : plan))
}

/** What became of one branch. `written` is undefined where nothing was to be written. */
function outcomeOf({ row, before, decided }: Planned, written: Committed | undefined, ending: Ending): BranchOutcome {
  const { odsCode } = row
  if (!decided.ok) return { odsCode, state: ending.refused, reason: inOneLine(decided.problems) }
  if (!written) return { odsCode, state: ending.done === 'done' ? 'unchanged' : 'undone' }
  if (ending.done === 'undone') return { odsCode, state: 'undone' }
  const reason = written.waiting ? { reason: heldWords(written.waiting, before.profile.kind) } : {}
  return { odsCode, state: 'done', versionBefore: before.version, versionAfter: written.version, ...reason }
}

/** What is held is kept and waits, and must not be taken for done. */
const heldWords = (fields: readonly HeldField[], kind: ProfileKind): string =>
  `It waits: the directory team holds ${fields.map((field) => fieldLabel(field, kind).toLowerCase()).join(', ')}`

const writeOf = (
  before: StoredProfile,
  profile: Profile,
  by: { readonly actor: string; readonly recordedAt: string },
): ProfileWrite => ({ before, profile, sections: sectionsAfter(before, profile, by) })

const inOneLine = (problems: readonly Problem[]): string => problems.map(({ message }) => message).join('. ')

/** Confirms every section of each branch as the person saw it when they drafted the change. */
const confirmBranches: DoSome = async (tx, deps, step, rows, stored) => {
  const given = { now: step.now, holidays: deps.holidays(), issueReceipts: deps.issueReceipts }
  const outcomes: BranchOutcome[] = []
  for (const row of rows) {
    const before = stored.get(row.odsCode)
    const closed = before?.profile.status === 'closed' ? CLOSED_FOR_GOOD.message : undefined
    const reason = notAllowed(step, before) ?? closed
    if (reason !== undefined) {
      outcomes.push(refusedRow(row, reason))
      continue
    }
    const confirmed = await confirmSectionsIn(tx, given, {
      odsCode: row.odsCode,
      sections: QUARTERLY_SECTIONS,
      expectedVersion: row.versionBefore ?? 0,
      actor: step.change.actor,
      tellSubmitter: false,
    })
    if (confirmed.outcome === 'confirmed') outcomes.push({ odsCode: row.odsCode, state: 'done' })
    else if (confirmed.outcome === 'refused') outcomes.push(refusedRow(row, inOneLine(confirmed.problems)))
    else outcomes.push(refusedRow(row, NOT_AS_SEEN))
  }
  return outcomes
}

async function undoAll(deps: HeadOfficeDeps, id: number): Promise<void> {
  const change = await changeWithId(deps.db.pool, id)
  if (change.state !== 'undoing') return
  while ((await deps.db.transact((tx) => takeSome(tx, deps, { change, state: 'done', doSome: takeBack }))) > 0);
  const undoneAt = deps.clock.now()
  await deps.db.transact(async (tx) => {
    if (await moveBranchChange(tx, id, ['undoing'], { state: 'undone', undoneAt })) await tell(tx, change, 'undone')
  })
}

/** Takes what the change did to branches back. */
const takeBack: DoSome = async (tx, deps, step, rows, stored) => {
  const before = await profilesAt(tx, rows, 'versionBefore')
  const after = await profilesAt(tx, rows, 'versionAfter')
  const planned = rows.map((row): BranchOutcome | Planned => {
    const now = stored.get(row.odsCode)
    const reason = notAllowed(step, now)
    if (reason !== undefined || !now) return { odsCode: row.odsCode, state: 'not-undone', reason: reason ?? '' }
    const versions = { before: before.get(row.odsCode), after: after.get(row.odsCode), now: now.profile }
    return { row, before: now, decided: takenBack(step, versions) }
  })
  const ending = { action: 'undo-change-of-branches', done: 'undone', refused: 'not-undone' } as const
  const outcomes = await commitPlanned(tx, deps, step, planned, ending)
  const codes = outcomes.filter(({ state }) => state === 'undone').map(({ odsCode }) => odsCode)
  await withdrawWaiting(tx, codes, {
    ...{ person: step.change.actor, action: 'change-branches', at: step.now.toISOString() },
    sentBy: step.change.finishedAt ?? step.now.toISOString(),
  })
  return outcomes
}

const profilesAt = (tx: Tx, rows: readonly BranchRow[], which: 'versionBefore' | 'versionAfter') =>
  loadProfilesAt(tx, new Map(rows.map((row) => [row.odsCode, row[which] ?? 0])))

type Versions = { readonly before: Profile | undefined; readonly after: Profile | undefined; readonly now: Profile }

/** The branch as it is now, without what the change did. Of a dated change, days that are over stay. */
function takenBack({ change, today }: Step, { before, after, now }: Versions): Result<Profile> {
  const { section } = BRANCH_KINDS[change.kind]
  if (!section || !before || !after) {
    return refused({ field: 'branch', code: 'no-way-back', message: 'This cannot be taken back' })
  }
  if (now.status === 'closed') return refused(CLOSED_FOR_GOOD)
  const reverted = revertSection(section, { before, after, now })
  return change.kind === 'change' && reverted.ok ? decideCancelChange(now, changeIdOf(change.id), { today }) : reverted
}

/** One email about all branches, to whoever asked. */
async function tell(tx: Tx, change: BranchChange, what: 'done' | 'undone'): Promise<void> {
  const counts = await countBranchRows(tx, change.id)
  const person = await tx.selectFrom('person').select('name').where('id', '=', change.personId).executeTakeFirst()
  await queueEmail(tx, {
    kind: 'branches-changed',
    recipient: change.actor.replace(/^person:/, ''),
    name: person?.name ?? '',
    changeId: change.id,
    title: change.title,
    what,
    changed: what === 'done' ? counts.done : counts.undone,
    unchanged: counts.unchanged,
    refused: what === 'done' ? counts.refused + change.unread.length : counts['not-undone'],
  })
}
