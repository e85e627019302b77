/** Finding services by what people have: a number, an ODS code, a postcode or words of a name, within reach. */
import { type RawBuilder, sql } from 'kysely'
import { type Reach, serviceCounts } from '#src/directory/area.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { parsePostcode, postcodeKey } from '#src/rules/postcode.ts'

export type ServiceQuestion = {
  /** A uid, an ODS code, a postcode, or words of the name; empty for all. */
  readonly text: string
  readonly typeId?: number | undefined
  readonly status?: string | undefined
  /** From 1. */
  readonly page: number
}

export type FoundService = {
  readonly uid: number
  readonly name: string
  readonly typeId: number
  readonly status: string
  readonly odsCode: string | null
  readonly address: readonly string[]
  readonly postcode: string | null
  readonly profileOds: string | null
}

export const SERVICES_A_PAGE = 25

/** A page of services, by number, and whether there is another one. */
export async function findServices(
  db: Queryable,
  { text, typeId, status, page }: ServiceQuestion,
  reach: Reach,
): Promise<{ readonly services: readonly FoundService[]; readonly isMore: boolean }> {
  // First which ones, then what they say: records are large, and are opened for one page only.
  const { rows } = await sql<FoundService>`
    with page as materialized (
      select uid from service
      where ${isAsked(text.trim())}
        and ${typeId === undefined ? sql`true` : sql`type_id = ${typeId}`}
        and ${status === undefined ? sql`true` : sql`status = ${status}`}
        and ${serviceCounts({ reach })}
      order by ${text.trim() === '' ? sql`uid` : BY_INDEX_OF_WORDS} limit ${SERVICES_A_PAGE + 1} offset ${(page - 1) * SERVICES_A_PAGE}
    )
    select uid, record ->> 'name' as name, type_id as "typeId", status, ods_code as "odsCode",
      record -> 'address' as address, record ->> 'postcode' as postcode, profile_ods as "profileOds"
    from page join service using (uid) order by uid`.execute(db)
  return { services: rows.slice(0, SERVICES_A_PAGE), isMore: rows.length > SERVICES_A_PAGE }
}

/** Or else the database reads services in the order of their numbers until it has a page of them, which may be never. */
const BY_INDEX_OF_WORDS = sql`uid + 0`
const LARGEST_UID = 2_147_483_647

/** What the words of a question are is told by their shape. */
function isAsked(text: string): RawBuilder<boolean> {
  if (text === '') return sql<boolean>`true`
  if (/^\d{4,10}$/.test(text)) return sql<boolean>`uid = ${Math.min(Number(text), LARGEST_UID)}`
  const postcode = parsePostcode(text)
  if (postcode) return sql<boolean>`postcode_key = ${postcodeKey(postcode)}`
  const code = text.toUpperCase()
  if (/^(?=.*\d)[A-Z0-9]{5,12}$/.test(code)) {
    return sql<boolean>`(ods_five = ${code.slice(0, 5)} and starts_with(ods_code, ${code}))`
  }
  // Each word may be the beginning of one.
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  if (words.length === 0) return sql<boolean>`false`
  return sql<boolean>`to_tsvector('simple', coalesce(record ->> 'name', '') || ' ' || coalesce(record ->> 'publicName', ''))
    @@ to_tsquery('simple', ${words.map((word) => `${word}:*`).join(' & ')})`
}
