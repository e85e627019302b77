/**
 * One change of a closure, in one transaction: the profile and its DoS services, the closure itself, what happened to it,
 * and whatever has to be told. Whoever changes a closure locks its profile first, so two people never cross.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { NotFound } from '#src/platform/errors.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import type { Profile, StoredProfile } from '#src/profiles/profile.ts'
import { sectionsAfter } from '#src/profiles/save-profile-change.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { accepted, type Result } from '#src/rules/problems.ts'
import type { IssueReceipts } from '#src/verification/issue-receipts.ts'
import { afterClosureChange } from './after-closure-change.ts'
import { dueAfter, queueDue } from './closure-due.ts'
import { type ClosureEventName, noteClosureEvent, type StoredClosure, storeClosure } from './closure-records.ts'
import type { ClosureContext } from './decide-closure.ts'

export type ClosureDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly holidays: () => HolidayCalendar
  readonly issueReceipts: IssueReceipts
}

export type ClosureSaved = {
  readonly closure: StoredClosure
  /** Await the ledger follower reaching it before showing anything; 0 when no page shows anything else than before. */
  readonly seq: number
  /** The reference of the receipt; undefined where none was due. */
  readonly receipt: string | undefined
}

/** What becomes of the closure and of the profile. */
export type ClosureDecision = {
  readonly closure: Omit<StoredClosure, 'seq'> & { readonly seq?: number }
  readonly profile: Profile
  readonly event: ClosureEventName
  /** For the people who read what happened; never private facts. */
  readonly detail?: Readonly<Record<string, unknown>>
}

export type ClosureChange = {
  readonly odsCode: string
  /** As in `audit.actor`; a `system:` decides nothing and gets no receipt. */
  readonly actor: string
  /** What is done, for history: `close-pharmacy`. */
  readonly action: string
  /** Pure but for reading the closure: the profile as it is locked -> what it becomes; undefined: nothing to do. */
  readonly decide: (
    tx: Tx,
    stored: StoredProfile,
    context: ClosureContext & { readonly instant: Date },
  ) => Promise<Result<ClosureDecision | undefined>>
}

/** Makes the change. Undefined when there was nothing to do. Throws NotFound for an unknown pharmacy. */
export async function changeClosure(
  { db, clock, holidays, issueReceipts }: ClosureDeps,
  { odsCode, actor, action, decide }: ClosureChange,
): Promise<Result<ClosureSaved | undefined>> {
  return db.transact(async (tx) => {
    const before = (await lockProfiles(tx, [odsCode])).get(odsCode)
    if (!before) throw new NotFound(`No pharmacy has the ODS code ${odsCode}`)
    const instant = clock.now()
    const context = { now: toLondon(instant), holidays: holidays(), instant }
    const decided = await decide(tx, before, context)
    if (!decided.ok || !decided.value) return decided as Result<undefined>
    const { profile, event, detail = {} } = decided.value
    const recordedAt = instant.toISOString()
    const { seq, receipt } = isDeepStrictEqual(profile, before.profile)
      ? { seq: 0, receipt: undefined }
      : await commit(tx, {
          before,
          profile,
          actor,
          action,
          recordedAt,
          issueReceipts,
          closureId: decided.value.closure.id,
        })
    const changed = { ...decided.value.closure, seq: seq || (decided.value.closure.seq ?? 0) }
    const due = dueAfter(changed, profile, context)
    await storeClosure(tx, changed)
    await noteClosureEvent(tx, changed.id, { happenedAt: recordedAt, actor, event, detail })
    if (due) await queueDue(tx, changed, due)
    await afterClosureChange(tx, { closure: changed, profile, event, actor, happenedAt: recordedAt })
    return accepted({ closure: changed, seq, receipt })
  })
}

type Commit = {
  readonly before: StoredProfile
  readonly profile: Profile
  readonly actor: string
  readonly action: string
  readonly recordedAt: string
  readonly issueReceipts: IssueReceipts
  readonly closureId: string
}

async function commit(
  tx: Tx,
  { before, profile, actor, action, recordedAt, issueReceipts, closureId }: Commit,
): Promise<{ readonly seq: number; readonly receipt: string | undefined }> {
  const isPerson = !actor.startsWith('system:')
  const sections = isPerson ? sectionsAfter(before, profile, { actor, recordedAt }) : before.sections
  const context = { actor, action, recordedAt, onMeeting: 'take', about: { closure: closureId } } as const
  const [saved] = await commitProfiles(
    tx,
    [{ before, profile, sections }],
    isPerson ? { ...context, decides: true, issueReceipts } : { ...context, decides: false },
  )
  return { seq: saved?.seq ?? 0, receipt: saved?.receipt }
}
