/** Reads from the database what is held in memory of each service. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import type { ServiceRecord } from './service-record.ts'
import type { ServiceRow } from './service-row.ts'

const PAGE = 2000

/**
 * Every service, by uid, in pages. The next page is fetched while one is being worked on. A page is emptied when the next
 * is asked for: lists that have grown old would keep all their texts in memory, dead as they are, and those of a national
 * directory are 200 MB.
 */
export async function* readAllServices(db: Queryable): AsyncGenerator<readonly ServiceRow[]> {
  const pageAfter = (uid: number): Promise<ServiceRow[]> =>
    serviceRows(db).where('uid', '>', uid).orderBy('uid').limit(PAGE).execute()
  let next: Promise<ServiceRow[]> | undefined = pageAfter(Number.MIN_SAFE_INTEGER)
  while (next !== undefined) {
    const rows: ServiceRow[] = await next
    const last = rows.at(-1)
    next = last && rows.length === PAGE ? pageAfter(last.uid) : undefined
    // If the reader stops early, nobody waits for the page under way: its failure must not count as unhandled.
    next?.catch(() => {})
    // The question for it leaves in this turn; else the database would wait until these are worked on.
    await nextTurn()
    yield rows
    rows.length = 0
  }
}

/** The services whose last change has a number above `seq`, in pages by that number. */
export async function* readServicesAfter(db: Queryable, seq: number): AsyncGenerator<readonly ServiceRow[]> {
  for (let after = { seq, uid: Number.MAX_SAFE_INTEGER }; ; ) {
    const rows = await serviceRows(db)
      .where((row) => row(row.refTuple('seq', 'uid'), '>', row.tuple(after.seq, after.uid)))
      .orderBy('seq')
      .orderBy('uid')
      .limit(PAGE)
      .execute()
    yield rows
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = last
  }
}

/** The row that a record would have if it were stored, by the functions of the database that write stored ones. */
export async function rowOfUnsaved(db: Queryable, record: ServiceRecord): Promise<ServiceRow> {
  const given = sql`(${JSON.stringify(record)}::jsonb)`
  const { rows } = await sql<Pick<ServiceRow, 'facts' | 'hours' | 'clinical' | 'details'>>`
    select service_facts(${given}) as facts, (${given} -> 'hours')::text as hours,
      service_clinical(${given} -> 'other') as clinical, service_details(${given}) as details`.execute(db)
  const [texts] = rows
  if (!texts) throw new Error('The database wrote no texts of the record')
  return { uid: record.uid, seq: 0, ...texts, capacitySetAtSeconds: null }
}

const serviceRows = (db: Queryable) =>
  db.selectFrom('service').select([
    'uid',
    'seq',
    'facts_text as facts',
    'hours_text as hours',
    'clinical_text as clinical',
    'details_text as details',
    // A number costs a tenth of an instant, which is needed only for the few that are shown.
    sql<number | null>`date_part('epoch', capacity_set_at)`.as('capacitySetAtSeconds'),
  ])
