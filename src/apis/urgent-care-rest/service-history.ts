/** When a service came to the directory and when it last changed, and by what: from the ledger, asked when it is shown. */
import type { Queryable } from '#src/platform/db/db.ts'

export type Touched = { readonly at: Date; readonly by: string }
/** Null where the ledger has nothing. */
export type ServiceHistory = { readonly created: Touched | null; readonly updated: Touched | null }

/** Reads the first and the last change. Throws `Unavailable` when the database is away. */
export async function loadServiceHistory(db: Queryable, uid: number): Promise<ServiceHistory> {
  const changeOf = (end: 'asc' | 'desc') =>
    db
      .selectFrom('service_change')
      .innerJoin('audit', 'audit.seq', 'service_change.audit_seq')
      .select(['service_change.recorded_at', 'audit.actor'])
      .where('service_change.uid', '=', uid)
      .orderBy('service_change.seq', end)
      .limit(1)
      .executeTakeFirst()
  const [first, last] = await Promise.all([changeOf('asc'), changeOf('desc')])
  return { created: touchedBy(first), updated: touchedBy(last) }
}

const touchedBy = (change: { readonly recorded_at: string; readonly actor: string } | undefined): Touched | null =>
  change ? { at: new Date(change.recorded_at), by: nameOf(change.actor) } : null

/** Programs and commands are named. People are not: they edited a pharmacy's profile, which is named instead. */
const nameOf = (actor: string): string =>
  /^(person|mailbox|phone):/.test(actor) ? 'Profile Manager' : actor.replace(/^\w+:/, '')
