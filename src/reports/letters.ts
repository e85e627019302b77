/** What letters about missing checks need to know, gathered for some pharmacies at once. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import { formatDayOf, formatMomentIn } from '#src/profiles/names-and-moments.ts'
import { sectionTitle } from '#src/profiles/section-pages.ts'
import type { FinancialQuarter } from '#src/rules/financial-quarter.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { type LatePharmacy, lateSince } from './frozen-quarters.ts'
import { loadLastContacts } from './last-contact.ts'
import type { LetterFacts } from './letter-words.ts'
import { missingOf, type Seal, type VerifiedPharmacy } from './verification.ts'

type Asked = {
  readonly quarter: FinancialQuarter
  readonly seal: Seal
  readonly today: LocalDate
  readonly baseUrl: string
}

/** The facts of the letters to pharmacies of a report that have something left to check, in their order. */
export async function loadLetterFacts(
  db: Queryable,
  pharmacies: readonly VerifiedPharmacy[],
  { quarter, seal, today, baseUrl }: Asked,
): Promise<readonly LetterFacts[]> {
  const laggards = pharmacies.filter(({ isComplete }) => !isComplete)
  const codes = laggards.map(({ odsCode }) => odsCode)
  const addresses = await loadAddresses(db, codes)
  const contacts = await loadLastContacts(db, quarter, codes)
  const isFrozen = seal.frozenAt !== null
  const late = new Map<string, LatePharmacy>(
    isFrozen ? (await lateSince(db, quarter, laggards)).map((each) => [each.odsCode, each]) : [],
  )
  return laggards.map((pharmacy) => {
    const { odsCode, name, icb, kind } = pharmacy
    const contact = contacts.get(odsCode)
    const lateAt = late.get(odsCode)?.lateAt
    return {
      ...{ quarter, today, odsCode, name, icb },
      address: addresses.get(odsCode) ?? [],
      missing: missingOf(pharmacy).map((section) => sectionTitle(section, kind as 'community')),
      heardOn: contact?.heardAt ? formatDayOf(contact.heardAt) : null,
      remindedOn: contact?.remindedAt ? formatDayOf(contact.remindedAt) : null,
      lateOn: lateAt === undefined ? null : formatDayOf(lateAt),
      frozenOn: seal.frozenAt === null ? null : formatMomentIn(seal.frozenAt),
      rootHash: seal.rootHash,
      checkAddress: `${baseUrl}/manage/${odsCode}/check-everything`,
    }
  })
}

async function loadAddresses(
  db: Queryable,
  odsCodes: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await sql<{ code: string; lines: readonly string[] | null; postcode: string | null }>`
    select ods_code as code, document #> '{address,lines}' as lines, document #>> '{address,postcode}' as postcode
    from profile where ods_code = any(${[...odsCodes]}::text[])`.execute(db)
  return new Map(
    rows.map(({ code, lines, postcode }) => [code, [...(lines ?? []), postcode ?? ''].filter((line) => line !== '')]),
  )
}
