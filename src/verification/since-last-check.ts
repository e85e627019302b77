/** What changed in each section since somebody last checked it. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import type { Profile, ProfileSection, StoredProfile } from '#src/profiles/profile.ts'
import { type PartDifference, partDifferences } from '#src/profiles/section-words.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'

export type SinceLastCheck = {
  /** Undefined when nobody ever checked the section. */
  readonly checked: { readonly at: string; readonly by: string } | undefined
  /** Undefined when we do not know what it said then. */
  readonly differences: readonly PartDifference[] | undefined
}

/** By section. Checks that were recorded before there was a history are known by their date only. */
export async function loadSinceLastCheck(
  db: Queryable,
  stored: StoredProfile,
  sections: readonly ProfileSection[],
  holidays: HolidayCalendar,
): Promise<ReadonlyMap<ProfileSection, SinceLastCheck>> {
  const { odsCode } = stored.profile
  const { rows } = await sql<{ section: ProfileSection; document: unknown }>`
    select last.section, version.document from (
      select distinct on (section) section, ods_code, profile_version from attestation
      where ods_code = ${odsCode} order by section, attested_at desc, id desc
    ) as last
    join profile_version as version on version.ods_code = last.ods_code and version.version = last.profile_version`.execute(
    db,
  )
  const then = new Map(rows.map(({ section, document }) => [section, document as Profile]))
  return new Map(sections.map((section) => [section, sinceCheck(stored, section, then.get(section), holidays)]))
}

function sinceCheck(
  { profile, sections }: StoredProfile,
  section: ProfileSection,
  then: Profile | undefined,
  holidays: HolidayCalendar,
): SinceLastCheck {
  const { checkedAt, checkedBy, changedAt } = sections[section]
  if (checkedAt === null) return { checked: undefined, differences: undefined }
  const checked = { at: checkedAt, by: checkedBy ?? '' }
  if (then) return { checked, differences: partDifferences(then, profile, section, holidays) }
  return { checked, differences: changedAt <= checkedAt ? [] : undefined }
}
