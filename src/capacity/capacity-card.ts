/** The capacity of a pharmacy in one line: that of its main service, for the hub of its profile. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import { loadCapacities } from './capacity-records.ts'
import { type CapacityTag, capacityInWords } from './pages/capacity-words.ts'

export type CapacityCard = {
  readonly tag: CapacityTag
  readonly summary: string
  readonly address: string
}

/** In the order in which a service is taken for the main one: the pharmacy itself, in a shop or at a distance. */
const MAIN_TYPES = [13, 134]

/** Null for a pharmacy without an active service that its profile updates. */
export async function loadCapacityCard(db: Queryable, odsCode: string, now: Date): Promise<CapacityCard | null> {
  const { rows } = await sql<{ uid: number }>`
    select uid from service where ods_five = ${odsCode} and profile_ods = ${odsCode} and status = 'ACTIVE'
    order by coalesce(array_position(${MAIN_TYPES}::integer[], type_id), 9), uid limit 1`.execute(db)
  const [main] = rows
  const capacity = main && (await loadCapacities(db, [main.uid], now)).get(main.uid)
  if (!capacity) return null
  const { tag, lead, left } = capacityInWords(capacity, now)
  return { tag, summary: left ? `${lead}, ${left}` : lead, address: `/capacity/${capacity.uid}` }
}
