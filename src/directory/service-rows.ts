/** Reads from the database what the index holds of each service; private facts never leave the table. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import type { ServiceRow } from './indexed-service.ts'
import type { ServiceRecord } from './service-record.ts'

/** Keys of the record that stay behind: what only professionals may see, and what no search needs. */
const LEFT_BEHIND: readonly (keyof ServiceRecord)[] = [
  'uid',
  'nonPublicPhone',
  'email',
  'referralInformation',
  'publicInformation',
  'easting',
  'northing',
  'other',
]
const PAGE = 2000

/** Every service, by uid, in pages. */
export async function* readAllServices(db: Queryable): AsyncGenerator<readonly ServiceRow[]> {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = await serviceRows(db).where('uid', '>', after).orderBy('uid').limit(PAGE).execute()
    yield rows
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = last.uid
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

const serviceRows = (db: Queryable) =>
  db
    .selectFrom('service')
    .select(['uid', 'seq', sql<string>`(record - ${sql.lit(`{${LEFT_BEHIND}}`)}::text[])::text`.as('facts')])
