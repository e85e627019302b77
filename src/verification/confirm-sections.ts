/** "Everything is correct": a person says that sections, as they stand, are right. Changes no word of the profile. */
import { sql } from 'kysely'
import type { Clock } from '#src/platform/clock.ts'
import { canonicalJson, sha256 } from '#src/platform/db/canonical-json.ts'
import type { Db, Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import { loadProfileVersion, lockProfiles } from '#src/profiles/load-profiles.ts'
import type { Profile, ProfileSection, StoredProfile } from '#src/profiles/profile.ts'
import { sectionContent } from '#src/profiles/section-content.ts'
import { hasAnswers, holidaysDue } from '#src/profiles/sections-due.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDate } from '#src/rules/clock-time.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { IssueReceipts } from './issue-receipts.ts'

export type ConfirmOutcome =
  /** `reference` is the receipt's: of this confirmation, or of the same one that was sent a moment ago. */
  | { readonly outcome: 'confirmed'; readonly seq: number; readonly reference: string }
  /** These sections changed since the person read them; nothing was recorded. `base` is what the person read. */
  | {
      readonly outcome: 'stale'
      readonly current: StoredProfile
      readonly base: Profile | undefined
      readonly sections: readonly ProfileSection[]
    }
  | { readonly outcome: 'refused'; readonly problems: readonly Problem[] }

type Deps = {
  readonly db: Db
  readonly clock: Clock
  readonly holidays: () => HolidayCalendar
  readonly issueReceipts: IssueReceipts
}

export type Confirmation = {
  readonly odsCode: string
  /** At least one. */
  readonly sections: readonly ProfileSection[]
  /** The version the person was reading. */
  readonly expectedVersion: number
  /** `person:EMAIL`. */
  readonly actor: string
  /** False when they get one email about many pharmacies instead of one each. Default true. */
  readonly tellSubmitter?: boolean
}

/** The same confirmation by the same person within this time is a second click, not a second check. */
const SAME_CHECK_MS = 10 * 60_000

/**
 * Records the attestations, the sections' checked dates and the receipt in one transaction. What was read is what is
 * attested: when one section changed meanwhile all is `stale`. Throws NotFound when there is no such profile.
 */
export async function confirmSections(deps: Deps, asked: Confirmation): Promise<ConfirmOutcome> {
  const now = deps.clock.now()
  return deps.db.transact((tx) => confirmSectionsIn(tx, { ...deps, now, holidays: deps.holidays() }, asked))
}

/** As `confirmSections`, in the caller's transaction and at its instant. */
export async function confirmSectionsIn(
  tx: Tx,
  given: { readonly now: Date; readonly holidays: HolidayCalendar; readonly issueReceipts: IssueReceipts },
  asked: Confirmation,
): Promise<ConfirmOutcome> {
  const { now, holidays, issueReceipts } = given
  const today = dateOf(toLondon(now).day)
  const current = (await lockProfiles(tx, [asked.odsCode])).get(asked.odsCode)
  if (!current) throw new NotFound(`No pharmacy profile has the ODS code ${asked.odsCode}`)
  const { base, sections } = await changedSince(tx, current, asked)
  if (sections.length > 0) return { outcome: 'stale', current, base, sections }
  const problems = asked.sections.flatMap((section) => confirmProblems(current.profile, section, { today, holidays }))
  if (problems.length > 0) return { outcome: 'refused', problems }
  const earlier = await sameCheck(tx, current, asked, now)
  if (earlier) return { outcome: 'confirmed', ...earlier }
  return { outcome: 'confirmed', ...(await record(tx, current, asked, now.toISOString(), issueReceipts)) }
}

/** Why a section cannot be confirmed as it stands: something in it is not known. Empty when it can. */
export function confirmProblems(
  profile: Profile,
  section: ProfileSection,
  on: { readonly today: LocalDate; readonly holidays: HolidayCalendar },
): readonly Problem[] {
  const problem = (code: string, message: string, field: string = section): readonly Problem[] => [
    { field, code, message },
  ]
  switch (section) {
    case 'contact':
      return [
        ...(profile.contact.phone
          ? []
          : problem('missing', 'Add a public phone number before you confirm your contact details', 'phone')),
        ...(profile.contact.website || !isRemoteOnly(profile.kind)
          ? []
          : problem('missing', 'Add a website before you confirm your contact details', 'website')),
      ]
    case 'hours':
      if (profile.weekly.every((hours) => hours !== null)) return []
      return problem('missing', 'Tell us the hours of every day before you confirm them')
    case 'holidays':
      return holidaysDue(profile, on).flatMap(({ date, title }) =>
        problem(
          'unanswered',
          `Tell us if you are open on ${title}, ${formatDate(date)}, before you confirm`,
          `holiday-${date}`,
        ),
      )
    case 'changes':
      return []
    case 'services':
      if (hasAnswers(profile.services)) return []
      return problem('missing', 'Tell us which services you offer before you confirm them')
    case 'facilities':
      if (hasAnswers(profile.facilities)) return []
      return problem('missing', 'Tell us about your facilities before you confirm them')
  }
}

/** Which of the sections differ from the version that was read; all of them when there never was such a version. */
async function changedSince(
  db: Queryable,
  current: StoredProfile,
  { odsCode, sections, expectedVersion }: Confirmation,
): Promise<{ readonly base: Profile | undefined; readonly sections: readonly ProfileSection[] }> {
  if (expectedVersion === current.version) return { base: current.profile, sections: [] }
  const base = (await loadProfileVersion(db, odsCode, expectedVersion))?.profile
  if (!base) return { base, sections }
  const differs = (section: ProfileSection) => contentHash(base, section) !== contentHash(current.profile, section)
  return { base, sections: sections.filter(differs) }
}

/** SHA-256 of a section's words, keys in order, so that the same words always have the same hash. */
export const contentHash = (profile: Profile, section: ProfileSection): string =>
  sha256(canonicalJson(sectionContent(profile, section)))

/** The same check of the same words by the same person, moments ago and in the same quarter. */
async function sameCheck(db: Queryable, { version }: StoredProfile, asked: Confirmation, now: Date) {
  const row = await db
    .selectFrom('submission')
    .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
    .innerJoin('profile', 'profile.ods_code', 'submission.ods_code')
    .select(['receipt.reference', 'profile.seq'])
    .where('submission.ods_code', '=', asked.odsCode)
    .where('submission.person', '=', asked.actor)
    .where('submission.quarter', '=', quarterOf(dateOf(toLondon(now).day)).id)
    .where('submission.profile_version', '=', version)
    .where('submission.checked', '=', sql<string[]>`${[...asked.sections]}::text[]`)
    .where('submission.changed', '=', sql<string[]>`'{}'::text[]`)
    .where('submission.submitted_at', '>', new Date(now.getTime() - SAME_CHECK_MS).toISOString())
    .orderBy('submission.id', 'desc')
    .executeTakeFirst()
  return row
}

async function record(
  tx: Tx,
  current: StoredProfile,
  asked: Confirmation,
  at: string,
  issueReceipts: IssueReceipts,
): Promise<{ readonly seq: number; readonly reference: string }> {
  const { odsCode, sections, actor, tellSubmitter = true } = asked
  const { profile, version } = current
  const quarter = quarterOf(dateOf(toLondon(new Date(at)).day)).id
  const checks = sections.map((section) => ({ section, contentHash: contentHash(profile, section) }))
  const places = await appendToLedger(
    tx,
    at,
    checks.map(({ section, contentHash }) => ({
      actor,
      action: 'confirm-section',
      target: `pharmacy:${odsCode}`,
      detail: { section, version, contentHash, quarter },
      changes: [],
    })),
  )
  const last = places.at(-1)
  if (!last) throw new Error('The ledger gave no place for a confirmation')
  const decided = [{ before: profile, after: profile, version, checked: sections, auditSeq: last.auditSeq }]
  const act = { actor, action: 'confirm-section', recordedAt: at, decided, tellSubmitter }
  const [receipt] = await issueReceipts(tx, act)
  if (!receipt) throw new Error('A confirmation got no receipt')
  await tx
    .insertInto('attestation')
    .values(
      checks.map(({ section, contentHash }, index) => ({
        ods_code: odsCode,
        section,
        attested_at: at,
        person: actor,
        quarter,
        profile_version: version,
        content_hash: contentHash,
        audit_seq: places[index]?.auditSeq ?? last.auditSeq,
        submission_id: receipt.submissionId,
      })),
    )
    .execute()
  const standing = sections.map((section) => [
    section,
    { ...current.sections[section], checkedAt: at, checkedBy: actor },
  ])
  await tx
    .updateTable('profile')
    .set({ sections: sql`sections || ${JSON.stringify(Object.fromEntries(standing))}::jsonb`, seq: last.seq })
    .where('ods_code', '=', odsCode)
    .execute()
  return { seq: last.seq, reference: receipt.reference }
}
