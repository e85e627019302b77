/** Which pharmacies somebody means, as conditions on the table `profile`. */
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '#src/accounts/can.ts'
import { pharmaciesIn } from '#src/directory/area.ts'
import { postcodeKey } from '#src/rules/postcode.ts'

/** A scope, and of it the region, ICB or local authority that a list is about, by its code; undefined: all of it. */
export type ListScope = Scope & { readonly area?: string | undefined }

/** The rows of `profile` that lie in a scope. The same rule as `can`: single pharmacies, the branches of head offices, areas. */
export function inScope({ area, ...scope }: ListScope): RawBuilder<unknown> {
  return area === undefined ? isWithin(scope) : sql`(ods_code in (${pharmaciesIn(area)}) and ${isWithin(scope)})`
}

function isWithin({ everywhere, odsCodes, parentCodes, icbCodes }: Scope): RawBuilder<unknown> {
  if (everywhere) return sql`true`
  return sql`(
    ods_code = any(${[...odsCodes]}::text[])
    or document -> 'commissioning' ->> 'parentCode' = any(${[...parentCodes]}::text[])
    or document -> 'commissioning' ->> 'icbCode' = any(${[...icbCodes]}::text[]))`
}

/** The rows of `profile` that a person means by an ODS code, a name or the beginning of a postcode; empty finds all. */
export function matchesText(text: string): RawBuilder<unknown> {
  if (text.trim() === '') return sql`true`
  const code = postcodeKey(text)
  const words = searchKey(text)
  if (words === '') return sql`false`
  return sql`(
    ods_code = ${code}
    or replace(document -> 'address' ->> 'postcode', ' ', '') like ${`${likeText(code)}%`}
    or regexp_replace(lower(name), '[^a-z0-9]+', '', 'g') like ${`%${words}%`})`
}

/** Letters and digits alone: `St. Mary's` and `st marys` are the same. */
const searchKey = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '')

const likeText = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&')
