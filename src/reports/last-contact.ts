/** When a pharmacy was last heard of, and last reminded: what somebody wants to know before they write or ring. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import type { FinancialQuarter } from '#src/rules/financial-quarter.ts'
import { dayOf } from '#src/rules/london-time.ts'

export type LastContact = {
  /** When somebody last checked or changed its profile; null: never. */
  readonly heardAt: string | null
  /** The last reminder of the quarter that went to the people who look after it now, or its own mailbox; null: none. */
  readonly remindedAt: string | null
}

/** The last contacts of some pharmacies, by code. One statement, whatever their number. */
export async function loadLastContacts(
  db: Queryable,
  quarter: FinancialQuarter,
  odsCodes: readonly string[],
): Promise<ReadonlyMap<string, LastContact>> {
  if (odsCodes.length === 0) return new Map()
  // Named one by one, so that the emails are found by their key.
  const events = Array.from(
    { length: dayOf(quarter.ends) - dayOf(quarter.starts) + 1 },
    (_, index) => `check-reminder ${quarter.id} day ${index + 1}`,
  )
  const { rows } = await sql<LastContact & { odsCode: string }>`
    with reminded as (
      select recipient, max(sent_at) as at from email_sent where event = any(${events}::text[]) group by recipient
    ), by_right as (
      select scope, max(at) as at from reminded join role_grant on role_grant.email = recipient group by scope
    ), heard as (
      select ods_code, max(at) as at from (
        select ods_code, submitted_at as at from submission where ods_code = any(${[...odsCodes]}::text[])
        union all
        select ods_code, attested_at from attestation where ods_code = any(${[...odsCodes]}::text[])
      ) each_time group by ods_code
    )
    select pharmacy.ods_code as "odsCode", heard.at as "heardAt", greatest(own.at, head.at, box.at) as "remindedAt"
    from profile pharmacy
    left join heard on heard.ods_code = pharmacy.ods_code
    left join by_right own on own.scope = 'ods:' || pharmacy.ods_code
    left join by_right head on head.scope = 'group:' || (pharmacy.document -> 'commissioning' ->> 'parentCode')
    left join reminded box on box.recipient = lower(pharmacy.document #>> '{contact,professionalEmail}')
    where pharmacy.ods_code = any(${[...odsCodes]}::text[])`.execute(db)
  return new Map(rows.map(({ odsCode, ...contact }) => [odsCode, contact]))
}
