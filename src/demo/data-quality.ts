/** A pharmaceutical list to compare the fictitious profiles with, of which it says a few things otherwise, and owners of rules. */
import { sql } from 'kysely'
import { queueQualityCheck } from '#src/data-quality/check-everything.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { dateOf, dayOf, londonDateOf } from '#src/rules/london-time.ts'

const BY = 'system:demo'
const DAY_MS = 86_400_000
/** A start is busy enough. */
const CHECK_AFTER_MS = 20_000

const OWNERS = [
  ['duplicate-service', 'Service desk'],
  ['blank-holidays', 'Regional DoS leads'],
] as const

/** Stores them and asks for a first check. A second time changes nothing. */
export async function seedDataQuality(db: Db, now: Date, leadsArea: string): Promise<void> {
  const isDone = await db.transact((tx) => storeList(tx, now, leadsArea))
  if (!isDone) await queueQualityCheck(db.pool, now, CHECK_AFTER_MS)
}

async function storeList(tx: Tx, now: Date, leadsArea: string): Promise<boolean> {
  const there = await tx.selectFrom('quality_run').select('id').limit(1).executeTakeFirst()
  if (there) return true
  // The list as if profiles had come from it, then some lines of which it says something else.
  await sql`
    insert into listed_pharmacy (ods_code, name, address_lines, postcode, weekly)
    select ods_code, name, document #> '{address,lines}', document #>> '{address,postcode}', document -> 'weekly'
    from profile on conflict (ods_code) do nothing`.execute(tx)
  const { rows } = await sql<{ ods_code: string }>`
    select ods_code from profile
    where status = 'open' and document -> 'commissioning' ->> 'icbCode' = ${leadsArea} order by ods_code limit 3`.execute(
    tx,
  )
  const [renamed, moved, absent] = rows.map(({ ods_code }) => ods_code)
  const today = londonDateOf(now)
  await sql`update listed_pharmacy set name = 'Old Mill Pharmacy' where ods_code = ${renamed ?? ''}`.execute(tx)
  await sql`
    update listed_pharmacy set weekly = jsonb_set(weekly, '{5}', '[{"opens": 540, "closes": 780}]')
    where ods_code = ${moved ?? ''}`.execute(tx)
  await sql`
    update listed_pharmacy set absent_since = ${dateOf(dayOf(today) - 3)}::date
    where ods_code = ${absent ?? ''}`.execute(tx)
  // A check before all this: what it finds now is new.
  const yesterday = new Date(now.getTime() - DAY_MS)
  await tx
    .insertInto('quality_run')
    .values({
      ...{ day: londonDateOf(yesterday), started_at: yesterday.toISOString(), finished_at: yesterday.toISOString() },
      compared: ['list', 'postcodes'],
    })
    .execute()
  await tx
    .insertInto('quality_owner')
    .values(
      OWNERS.map(([rule, owner]) => ({
        ...{ rule, owner, area_code: '', version: 1, changed_at: now.toISOString(), changed_by: BY },
      })),
    )
    .onConflict((on) => on.doNothing())
    .execute()
  await tx
    .insertInto('quality_exemption')
    .values({
      ...{ rule: 'differs-from-list', subject: `${renamed ?? ''} name`, ended_at: null, ended_by: null },
      reason: 'It trades under a new name; the contract is being changed.',
      ...{ ends_on: dateOf(dayOf(today) + 60), made_at: now.toISOString(), made_by: BY },
    })
    .execute()
  return false
}
