/** "Everything is correct": a person says that a section, as it stands, is right. Changes no word of the profile. */
import { sql } from 'kysely'
import type { Clock } from '#src/platform/clock.ts'
import { canonicalJson, sha256 } from '#src/platform/db/canonical-json.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import type { Profile, ProfileSection, StoredProfile } from '#src/profiles/profile.ts'
import { sectionContent } from '#src/profiles/save-profile-change.ts'
import { holidaysDue } from '#src/profiles/sections-due.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'

export type ConfirmOutcome =
  | { readonly outcome: 'confirmed'; readonly seq: number }
  /** The section changed since the person read it; nothing was recorded. */
  | { readonly outcome: 'stale'; readonly current: StoredProfile }
  | { readonly outcome: 'refused'; readonly problems: readonly Problem[] }

type Deps = { readonly db: Db; readonly clock: Clock; readonly holidays: () => HolidayCalendar }
type Confirmation = {
  readonly odsCode: string
  readonly section: ProfileSection
  /** The version the person was reading. */
  readonly expectedVersion: number
  /** `person:EMAIL`. */
  readonly actor: string
}

/**
 * Records the attestation and the section's checked date in one transaction. What was read is what is attested: a
 * section that changed meanwhile is `stale`. Throws NotFound when there is no such profile.
 */
export async function confirmSection({ db, clock, holidays }: Deps, asked: Confirmation): Promise<ConfirmOutcome> {
  const now = clock.now()
  const today = dateOf(toLondon(now).day)
  return db.transact(async (tx) => {
    const current = (await lockProfiles(tx, [asked.odsCode])).get(asked.odsCode)
    if (!current) throw new NotFound(`No pharmacy profile has the ODS code ${asked.odsCode}`)
    if (await changedSince(tx, current, asked)) return { outcome: 'stale', current }
    const problems = problemsOf(current.profile, asked.section, { today, holidays: holidays() })
    if (problems.length > 0) return { outcome: 'refused', problems }
    return { outcome: 'confirmed', seq: await record(tx, current, asked, now.toISOString(), today) }
  })
}

function problemsOf(
  profile: Profile,
  section: ProfileSection,
  on: { today: LocalDate; holidays: HolidayCalendar },
): readonly Problem[] {
  switch (section) {
    case 'contact':
      return profile.contact.phone
        ? []
        : [
            {
              field: 'phone',
              code: 'missing',
              message: 'Add a public phone number before you confirm your contact details',
            },
          ]
    case 'hours':
      return profile.weekly.every((hours) => hours !== null)
        ? []
        : [{ field: 'hours', code: 'missing', message: 'Tell us the hours of every day before you confirm them' }]
    case 'holidays':
      return holidaysDue(profile, on).map(({ date, title }) => ({
        field: `holiday-${date}`,
        code: 'unanswered',
        message: `Tell us if you are open on ${title} (${date}) before you confirm`,
      }))
    case 'changes':
      return []
    case 'services':
    case 'facilities':
      return [{ field: section, code: 'not-open', message: 'This section is not open yet' }]
  }
}

async function changedSince(tx: Tx, current: StoredProfile, { odsCode, section, expectedVersion }: Confirmation) {
  if (expectedVersion === current.version) return false
  const since = await tx
    .selectFrom('profile_version')
    .select('document')
    .where('ods_code', '=', odsCode)
    .where('version', '=', expectedVersion)
    .executeTakeFirst()
  if (!since) return true
  return contentHash(since.document as Profile, section) !== contentHash(current.profile, section)
}

/** SHA-256 of a section's words, keys in order, so that the same words always have the same hash. */
export const contentHash = (profile: Profile, section: ProfileSection): string =>
  sha256(canonicalJson(sectionContent(profile, section)))

async function record(
  tx: Tx,
  current: StoredProfile,
  asked: Confirmation,
  at: string,
  today: LocalDate,
): Promise<number> {
  const { odsCode, section, actor } = asked
  const hash = contentHash(current.profile, section)
  const quarter = quarterOf(today).id
  const [entry] = await appendToLedger(tx, at, [
    {
      actor,
      action: 'confirm-section',
      target: `pharmacy:${odsCode}`,
      detail: { section, version: current.version, contentHash: hash, quarter },
      changes: [],
    },
  ])
  if (!entry) throw new Error('The ledger gave no place for a confirmation')
  await tx
    .insertInto('attestation')
    .values({
      ods_code: odsCode,
      section,
      attested_at: at,
      person: actor,
      quarter,
      profile_version: current.version,
      content_hash: hash,
      audit_seq: entry.auditSeq,
    })
    .execute()
  const standing = JSON.stringify({ ...current.sections[section], checkedAt: at, checkedBy: actor })
  await tx
    .updateTable('profile')
    .set({ sections: sql`jsonb_set(sections, ${`{${section}}`}::text[], ${standing}::jsonb)`, seq: entry.seq })
    .where('ods_code', '=', odsCode)
    .execute()
  return entry.seq
}
