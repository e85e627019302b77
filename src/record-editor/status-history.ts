/** How a service came to the status that it has: when, by whom and why. Read from the ledger, which forgets nothing. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'

export type StatusStep = {
  /** UTC ISO text. */
  readonly at: string
  readonly status: string
  /** As in `audit.actor`. */
  readonly actor: string
  /** In the words of whoever changed it; null when they gave none, as imports do. */
  readonly reason: string | null
}

const STEPS_SHOWN = 20

/** The steps, the newest first. */
export async function loadStatusHistory(db: Queryable, uid: number): Promise<readonly StatusStep[]> {
  const { rows } = await sql<StatusStep>`
    select service_change.recorded_at as at, service_change.after ->> 'status' as status, audit.actor,
      nullif(audit.detail::jsonb ->> 'reason', '') as reason
    from service_change join audit on audit.seq = service_change.audit_seq
    where service_change.uid = ${uid} and service_change.fields && array['status', 'created']
      and service_change.after ->> 'status' is not null
    order by service_change.seq desc limit ${STEPS_SHOWN}`.execute(db)
  return rows
}
