/** Saves one editor's change of one section: the command behind every form of Profile Manager. */
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Queryable, Tx } from '#src/platform/db/db.ts'
import { NotFound } from '#src/platform/errors.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { Problem, Result } from '#src/rules/problems.ts'
import type { IssueReceipts } from '#src/verification/issue-receipts.ts'
import { commitProfiles } from './commit-profiles.ts'
import { loadProfile, loadProfileVersion, loadServicesOf, lockProfiles } from './load-profiles.ts'
import { planProjection, type ServicePlan } from './plan-projection.ts'
import { type Profile, type ProfileSection, SECTIONS, type Sections, type StoredProfile } from './profile.ts'
import { sameSection } from './section-content.ts'

export type ProfileChange = {
  readonly odsCode: string
  readonly section: ProfileSection
  /** Other sections that it may change too. Then each is marked as changed only where its words differ. */
  readonly alsoSections?: readonly ProfileSection[]
  /** The version the editor was looking at. */
  readonly expectedVersion: number
  /** `person:EMAIL`. */
  readonly actor: string
  /** What is done, for history: `set-opening-times`. */
  readonly action: string
  /** What else the ledger remembers of it. */
  readonly about?: Readonly<Record<string, unknown>>
  /** Pure: the profile as it stands -> the profile as it would be. */
  readonly decide: (profile: Profile) => Result<Profile>
  /** DoS services that the editor chose to leave as they are. */
  readonly keepServices?: ReadonlySet<number>
  /** What else becomes true with this save, such as a draft being done with; runs at the end of its transaction. */
  readonly alongside?: (tx: Tx, services: readonly ServicePlan[], waiting: readonly HeldField[]) => Promise<void>
  /** True for a value that was held, or proposed, and is let through now. Default false. */
  readonly throughHolds?: boolean
}

export type SaveOutcome =
  /** Committed. Await the ledger follower reaching `seq` before showing anything. */
  | {
      readonly outcome: 'saved'
      readonly seq: number
      readonly services: readonly ServicePlan[]
      /** The reference of the receipt. */
      readonly receipt: string | undefined
      /** Fields that are held: what was sent of them is kept and waits. */
      readonly waiting: readonly HeldField[]
    }
  /** The profile already says so: nothing was written. */
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'refused'; readonly problems: readonly Problem[] }
  /** Somebody changed the same section since the editor opened it; nothing was written. */
  | ({ readonly outcome: 'conflict' } & SectionConflict)

export type SectionConflict = {
  /** The profile the editor was looking at. */
  readonly base: Profile
  /** The profile as it is now. */
  readonly current: StoredProfile
  /** Who wrote the current words of the section, `person:EMAIL`, and when (UTC). */
  readonly changedBy: string
  readonly changedAt: string
}

type Deps = { readonly db: Db; readonly clock: Clock; readonly issueReceipts: IssueReceipts }

/**
 * Saves the change in one transaction with everything that follows from it. Changes of other sections that happened
 * meanwhile are kept; a change of the same section is a conflict, for the editor to resolve.
 * Throws NotFound when there is no such profile.
 */
export const saveProfileChange = (deps: Deps, change: ProfileChange): Promise<SaveOutcome> =>
  deps.db.transact((tx) => saveProfileChangeIn(tx, deps, change))

/** As `saveProfileChange`, in a transaction of the caller, who holds no lock of the ledger yet. */
export async function saveProfileChangeIn(
  tx: Tx,
  { clock, issueReceipts }: Omit<Deps, 'db'>,
  change: ProfileChange,
): Promise<SaveOutcome> {
  const current = (await lockProfiles(tx, [change.odsCode])).get(change.odsCode)
  if (!current) throw new NotFound(`No pharmacy profile has the ODS code ${change.odsCode}`)
  const conflict = await conflictOf(tx, current, change)
  if (conflict) return { outcome: 'conflict', ...conflict }

  const decided = change.decide(current.profile)
  if (!decided.ok) return { outcome: 'refused', problems: decided.problems }
  if (isDeepStrictEqual(decided.value, current.profile)) return { outcome: 'unchanged' }

  const recordedAt = clock.now().toISOString()
  const [saved] = await commitProfiles(
    tx,
    [
      {
        before: current,
        profile: decided.value,
        sections: sectionsAfter(current, decided.value, { actor: change.actor, recordedAt }),
        ...(change.keepServices ? { keepServices: change.keepServices } : {}),
      },
    ],
    {
      actor: change.actor,
      action: change.action,
      recordedAt,
      decides: true,
      issueReceipts,
      throughHolds: change.throughHolds ?? false,
      onMeeting: 'take',
      about: change.about,
    },
  )
  const { seq, services, receipt, waiting = [] } = saved ?? { seq: 0, services: [], receipt: undefined }
  await change.alongside?.(tx, services, waiting)
  return { outcome: 'saved', seq, services, receipt, waiting }
}

async function conflictOf(
  db: Queryable,
  current: StoredProfile,
  change: ProfileChange,
): Promise<SectionConflict | undefined> {
  if (change.expectedVersion === current.version) return undefined
  const base = await loadProfileVersion(db, change.odsCode, change.expectedVersion)
  if (!base) throw new NotFound(`The profile of ${change.odsCode} never had a version ${change.expectedVersion}`)
  const changed = sectionsOf(change).find((section) => differs(base.profile, current.profile, section))
  if (!changed) return undefined
  const standing = current.sections[changed]
  return { base: base.profile, current, changedBy: standing.changedBy, changedAt: standing.changedAt }
}

const sectionsOf = ({ section, alsoSections = [] }: ProfileChange): readonly ProfileSection[] => [
  section,
  ...alsoSections,
]

const differs = (a: Profile, b: Profile, section: ProfileSection): boolean => !sameSection(a, b, section)

/** The standings of a profile after a person at the pharmacy made it `after`: those of the sections that differ. */
export function sectionsAfter(
  { profile, sections }: StoredProfile,
  after: Profile,
  by: { readonly actor: string; readonly recordedAt: string },
): Sections {
  const standing = (section: ProfileSection) => ({
    ...sections[section],
    source: 'pharmacy',
    changedAt: by.recordedAt,
    changedBy: by.actor,
  })
  const touched = SECTIONS.filter((section) => differs(profile, after, section))
  return { ...sections, ...Object.fromEntries(touched.map((section) => [section, standing(section)])) }
}

/**
 * What a change would do to each DoS service, without doing it: shown before saving.
 * Undefined when there is no such profile.
 */
export async function previewProfileChange(
  db: Queryable,
  {
    odsCode,
    decide,
    keepServices = new Set(),
    today,
  }: Pick<ProfileChange, 'odsCode' | 'decide' | 'keepServices'> & { readonly today: LocalDate },
): Promise<Result<{ before: StoredProfile; after: Profile; services: readonly ServicePlan[] }> | undefined> {
  const before = await loadProfile(db, odsCode)
  if (!before) return undefined
  const decided = decide(before.profile)
  if (!decided.ok) return decided
  const services = planProjection({
    before: before.profile,
    after: decided.value,
    services: await loadServicesOf(db, odsCode),
    decides: true,
    keep: keepServices,
    onMeeting: 'take',
    today,
  })
  return { ok: true, value: { before, after: decided.value, services } }
}
