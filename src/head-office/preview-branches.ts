/** What a drafted change would do to each branch, without doing it. */
import { isDeepStrictEqual } from 'node:util'
import type { Actor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { loadProfiles } from '#src/profiles/load-profiles.ts'
import type { StoredProfile } from '#src/profiles/profile.ts'
import { type PartDifference, partDifferences } from '#src/profiles/section-words.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { confirmProblems } from '#src/verification/confirm-sections.ts'
import type { BranchChange, BranchRow } from './branch-changes-store.ts'
import { BRANCH_KINDS, decideForBranch } from './branch-command.ts'
import { changeIdOf, NO_ACCESS } from './run-branch-change.ts'

export type BranchPreview = {
  readonly odsCode: string
  /** Empty when there is no such pharmacy, or none that this person may see. */
  readonly name: string
  readonly postcode: string
  readonly place: number
  /** The version of the profile that is shown; null when none is. */
  readonly version: number | null
  readonly outcome: 'change' | 'same' | 'refused'
  readonly differences: readonly PartDifference[]
  /** Why it would be refused; empty when it would not. */
  readonly reasons: readonly string[]
}

export type PreviewSetting = {
  readonly actor: Actor
  readonly today: LocalDate
  readonly holidays: HolidayCalendar
}

/** The preview of every branch, in the order of the rows. */
export async function previewBranches(
  db: Queryable,
  change: BranchChange,
  rows: readonly BranchRow[],
  setting: PreviewSetting,
): Promise<readonly BranchPreview[]> {
  const stored = await loadProfiles(
    db,
    rows.map(({ odsCode }) => odsCode),
  )
  return rows.map((row) => previewOf(change, row, stored.get(row.odsCode), setting))
}

function previewOf(
  change: BranchChange,
  row: BranchRow,
  stored: StoredProfile | undefined,
  { actor, today, holidays }: PreviewSetting,
): BranchPreview {
  const { odsCode, place } = row
  const refusal = (reasons: readonly string[], shown?: StoredProfile): BranchPreview => ({
    odsCode,
    name: shown?.profile.name ?? '',
    postcode: shown?.profile.address.postcode ?? '',
    place,
    version: shown?.version ?? null,
    outcome: 'refused',
    differences: [],
    reasons,
  })
  const { action, section } = BRANCH_KINDS[change.kind]
  const { parentCode, icbCode } = stored?.profile.commissioning ?? {}
  if (!stored || !can(actor, action, { odsCode, parentCode, icbCode })) {
    return refusal([NO_ACCESS])
  }
  const { profile, version } = stored
  const decided = decideForBranch(profile, row.command, { today, holidays, changeId: changeIdOf(change.id) })
  const problems = decided.ok ? unconfirmable(change, stored, { today, holidays }) : decided.problems
  if (!decided.ok || problems.length > 0)
    return refusal(
      problems.map(({ message }) => message),
      stored,
    )
  const differences = section ? partDifferences(profile, decided.value, section, holidays) : []
  const same = change.kind !== 'check' && isDeepStrictEqual(decided.value, profile)
  const { name, address } = profile
  const outcome = same ? 'same' : 'change'
  return { odsCode, name, postcode: address.postcode, place, version, outcome, differences, reasons: [] }
}

const unconfirmable = (
  { kind }: BranchChange,
  { profile }: StoredProfile,
  on: { readonly today: LocalDate; readonly holidays: HolidayCalendar },
) => (kind === 'check' ? QUARTERLY_SECTIONS.flatMap((section) => confirmProblems(profile, section, on)) : [])
