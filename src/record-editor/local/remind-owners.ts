/** Every morning: whoever answers for a local service whose review day has come is told, once for each review. */
import { sql } from 'kysely'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Db } from '#src/platform/db/db.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'

type Due = {
  readonly uid: number
  readonly service: string
  readonly owner: string
  readonly recipient: string
  readonly dueOn: LocalDate
}

/** Queues the emails and notes that they are, together; says how many. Closed and retired services are let be. */
export function queueLocalReviews(db: Db, now: Date): Promise<number> {
  const today = londonDateOf(now)
  return db.transact(async (tx) => {
    const { rows } = await sql<Due>`
      update local_service as local set told_of = review_on
      from service where service.uid = local.uid and service.status not in ('CLOSED', 'RETIRED')
        and review_on <= ${today}::date and told_of is distinct from review_on
      returning local.uid, service.record ->> 'name' as service, owner_name as owner, owner_mailbox as recipient,
        review_on as "dueOn"`.execute(tx)
    for (const due of rows) await queueEmail(tx, { kind: 'local-review', ...due })
    return rows.length
  })
}
