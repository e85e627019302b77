/** What the fictitious pharmacies have checked so far, as reports count it. Their sections say the same. */
import { sql } from 'kysely'
import type { Tx } from '#src/platform/db/db.ts'
import { SECTIONS } from '#src/profiles/profile.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { contentHash } from '#src/verification/confirm-sections.ts'
import type { DemoPharmacy } from './pharmacies.ts'

/** Stores a check for each section that somebody checked. They have no receipts, as checks of long ago have none. */
export async function storePastChecks(tx: Tx, pharmacies: readonly DemoPharmacy[]): Promise<void> {
  const checks = pharmacies.flatMap(({ profile, sections }) =>
    SECTIONS.flatMap((section) => {
      const { checkedAt, checkedBy } = sections[section]
      if (checkedAt === null || checkedBy === null) return []
      return [
        {
          ...{ ods_code: profile.odsCode, section, attested_at: checkedAt, person: checkedBy },
          ...{ quarter: quarterOf(londonDateOf(checkedAt)).id, content_hash: contentHash(profile, section) },
        },
      ]
    }),
  )
  // By the version and the entry of the audit with which each pharmacy came.
  await sql`
    insert into attestation
      (ods_code, section, attested_at, person, quarter, profile_version, content_hash, audit_seq)
    select checks.ods_code, section, attested_at, checks.person, quarter, version.version, content_hash, version.audit_seq
    from jsonb_to_recordset(${JSON.stringify(checks)}::jsonb) as checks
      (ods_code text, section text, attested_at timestamptz, person text, quarter text, content_hash text)
    join profile_version as version on version.ods_code = checks.ods_code and version.version = 1
    order by attested_at`.execute(tx)
}
