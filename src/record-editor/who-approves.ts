/** Who can agree to an edit that waits: the other leads of its areas, and where there is none the desk, or the national team. */
import { sql } from 'kysely'
import { loadHolders } from '#src/accounts/grants.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import type { ServiceEdit } from './service-edit.ts'
import { keyOf, withService } from './service-edit-store.ts'

export type Approvers = {
  /** Of whom they are; `nobody` when no such person is left. */
  readonly team: 'leads' | 'desk' | 'national' | 'nobody'
  readonly emails: readonly string[]
}

/** Whoever can agree first. The author is never among them. */
export async function loadApprovers(
  db: Queryable,
  { id, author }: Pick<ServiceEdit, 'id' | 'author'>,
  now: Date,
): Promise<Approvers> {
  const others = (emails: readonly string[]) => [...new Set(emails)].filter((email) => `person:${email}` !== author)
  const leads: string[] = []
  for (const icb of await icbsOf(db, id))
    leads.push(...(await loadHolders(db, { role: 'lead', scope: `area:${icb}`, now })))
  if (others(leads).length > 0) return { team: 'leads', emails: others(leads).toSorted() }
  for (const team of ['desk', 'national'] as const) {
    const emails = others(await loadHolders(db, { role: team, scope: '', now }))
    if (emails.length > 0) return { team, emails }
  }
  return { team: 'nobody', emails: [] }
}

/** The ICBs whose leads look after the service of an edit: of its pharmacy, else of where it is. */
async function icbsOf(db: Queryable, id: number): Promise<readonly string[]> {
  const { rows } = await sql<{ icb: string }>`
    with place as (
      select coalesce(service.ods_five, left(edit.proposed ->> 'odsCode', 5)) as ods_five,
        coalesce(service.postcode_key, ${keyOf(sql`edit.proposed ->> 'postcode'`)}) as postcode_key
      from ${withService} where edit.id = ${id})
    select pharmacy.document -> 'commissioning' ->> 'icbCode' as icb
    from place join profile pharmacy on pharmacy.ods_code = place.ods_five
    where pharmacy.document -> 'commissioning' ->> 'icbCode' is not null
    union
    select area.icb_ods_code from place
      join postcode on postcode.postcode_key = place.postcode_key join icb_area area on area.icb_code = postcode.icb_code
    where not exists (select from profile theirs where theirs.ods_code = place.ods_five)
    order by 1`.execute(db)
  return rows.map(({ icb }) => icb)
}
