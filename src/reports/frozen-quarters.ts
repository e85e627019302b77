/**
 * The verification report of a quarter that is over, frozen: written once, never changed, and provable by one hash. The
 * report of an area is its lines of it.
 */
import { sql } from 'kysely'
import { EVERYWHERE, type Where } from '#src/directory/area.ts'
import type { Clock } from '#src/platform/clock.ts'
import { csvLine } from '#src/platform/csv-line.ts'
import { canonicalJson, sha256 } from '#src/platform/db/canonical-json.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { type FinancialQuarter, quarterAfter, quarterBefore, quarterOf } from '#src/rules/financial-quarter.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { queueQuarterClosed } from './quarter-closed.ts'
import {
  missingOf,
  type Seal,
  VERIFIED_AT_A_TIME,
  type VerificationQuestion,
  type VerifiedPharmacy,
  verifiedInPieces,
  verifiedPharmacies,
} from './verification.ts'

export type FrozenQuarter = {
  /** UTC ISO text. */
  readonly frozenAt: string
  readonly rootHash: string
  /** Whether the lines still come to the root hash, and the ledger names the same. */
  readonly isGenuine: boolean
  readonly pharmacies: readonly VerifiedPharmacy[]
}

/** The hash that stands for a whole report: of the hashes of its lines, so that one line can be proved without the others. */
export const rootHashOf = (lines: string): string =>
  sha256(
    lines
      .split('\n')
      .filter((line) => line !== '')
      .map(sha256)
      .join(''),
  )

/**
 * Freezes the quarter before the one of now; false when that was done before, or no pharmacy was there then. Run by a job
 * when a quarter has just ended, and safe to run again. Queues the emails that tell everybody their final position.
 */
export async function freezeLastQuarter({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<boolean> {
  const now = clock.now()
  const quarter = quarterBefore(quarterOf(londonDateOf(now)))
  return db.transact(async (tx) => {
    const known = await tx
      .selectFrom('quarter_report')
      .select('quarter')
      .where('quarter', '=', quarter.id)
      .executeTakeFirst()
    if (known) return false
    const pharmacies = await verifiedPharmacies(tx, { quarter, reach: EVERYWHERE })
    if (pharmacies.length === 0) return false
    const lines = pharmacies.map((pharmacy) => `${canonicalJson(pharmacy)}\n`).join('')
    const rootHash = rootHashOf(lines)
    const complete = pharmacies.filter(({ isComplete }) => isComplete).length
    const [place] = await appendToLedger(tx, now.toISOString(), [
      {
        actor: 'system:quarter-reports',
        action: 'freeze-quarter',
        target: `quarter:${quarter.id}`,
        detail: { pharmacies: pharmacies.length, complete, rootHash },
        changes: [],
      },
    ])
    await tx
      .insertInto('quarter_report')
      .values({
        quarter: quarter.id,
        frozen_at: now.toISOString(),
        pharmacies: pharmacies.length,
        complete,
        lines,
        root_hash: rootHash,
        audit_seq: place?.auditSeq ?? 0,
      })
      .execute()
    await queueQuarterClosed(tx, { quarter, pharmacies, rootHash, now })
    return true
  })
}

/** A frozen quarter, with the pharmacies that `where` reaches as they were then; undefined while it is not frozen. */
export async function loadFrozenQuarter(
  db: Queryable,
  { quarter, ...where }: VerificationQuestion,
): Promise<FrozenQuarter | undefined> {
  const row = await frozenRow(db, quarter)
  if (!row) return undefined
  return {
    frozenAt: row.frozen_at,
    rootHash: row.root_hash,
    isGenuine: rootHashOf(row.lines) === row.root_hash && rootHashIn(row.detail) === row.root_hash,
    pharmacies: [...linesIn(row.lines)].map(pharmacyOf).filter((pharmacy) => counts(pharmacy, where)),
  }
}

const frozenRow = (db: Queryable, quarter: FinancialQuarter) =>
  db
    .selectFrom('quarter_report')
    .leftJoin('audit', 'audit.seq', 'quarter_report.audit_seq')
    .selectAll('quarter_report')
    .select('audit.detail')
    .where('quarter', '=', quarter.id)
    .executeTakeFirst()

function* linesIn(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start)
    if (end > start) yield text.slice(start, end)
    if (end < 0) return
    start = end + 1
  }
}

const pharmacyOf = (line: string): VerifiedPharmacy => JSON.parse(line) as VerifiedPharmacy

/** What the ledger was told when it was frozen; undefined when it was told nothing. */
const rootHashIn = (detail: string | null): unknown =>
  (JSON.parse(detail ?? '{}') as Readonly<Record<string, unknown>>)['rootHash']

/** By the areas that the line itself names: pharmacies that moved since are where they were. */
const counts = ({ icb, areas }: VerifiedPharmacy, { reach, area }: Where): boolean =>
  (reach.everywhere || (icb !== null && reach.icbCodes.includes(icb))) &&
  (area === undefined || area === icb || areas?.includes(area) === true)

/** A quarter's report as it is to be shown: the frozen one where there is one. */
export async function loadQuarterReport(
  db: Queryable,
  asked: VerificationQuestion,
): Promise<{
  readonly pharmacies: readonly VerifiedPharmacy[]
  readonly frozen: Omit<FrozenQuarter, 'pharmacies'> | null
  readonly seal: Seal
}> {
  const frozen = await loadFrozenQuarter(db, asked)
  if (frozen) return { pharmacies: frozen.pharmacies, frozen, seal: frozen }
  return { pharmacies: await verifiedPharmacies(db, asked), frozen: null, seal: { frozenAt: null, rootHash: null } }
}

/** The same for a file: some pharmacies at a time, read when they are wanted. Of a frozen quarter the text is held. */
export async function quarterReportInPieces(
  db: Queryable,
  asked: VerificationQuestion,
): Promise<{
  readonly pieces: AsyncIterable<readonly VerifiedPharmacy[]>
  readonly isFrozen: boolean
  readonly seal: Seal
}> {
  const row = await frozenRow(db, asked.quarter)
  if (!row) return { pieces: verifiedInPieces(db, asked), isFrozen: false, seal: { frozenAt: null, rootHash: null } }
  return {
    pieces: frozenInPieces(row.lines, asked),
    isFrozen: true,
    seal: { frozenAt: row.frozen_at, rootHash: row.root_hash },
  }
}

async function* frozenInPieces(text: string, where: Where): AsyncGenerator<readonly VerifiedPharmacy[]> {
  let piece: VerifiedPharmacy[] = []
  for (const line of linesIn(text)) {
    const pharmacy = pharmacyOf(line)
    if (counts(pharmacy, where)) piece.push(pharmacy)
    if (piece.length < VERIFIED_AT_A_TIME) continue
    yield piece
    piece = []
  }
  if (piece.length > 0) yield piece
}

/** A pharmacy, as it was frozen, that has checked what was missing in the quarter after. */
export type LatePharmacy = VerifiedPharmacy & { readonly lateAt: string }

/**
 * Pharmacies of a frozen report that were not complete, and have checked in the quarter after it everything that was
 * missing: a report of its own beside the frozen one, by the areas that they lay in then.
 */
export async function lateSince(
  db: Queryable,
  quarter: FinancialQuarter,
  frozen: readonly VerifiedPharmacy[],
): Promise<readonly LatePharmacy[]> {
  const incomplete = frozen.filter(({ isComplete }) => !isComplete)
  const { rows } = await sql<{ odsCode: string; section: string; firstAt: string }>`
    select ods_code as "odsCode", section, min(attested_at) as "firstAt" from attestation
    where quarter = ${quarterAfter(quarter).id} and ods_code = any(${incomplete.map(({ odsCode }) => odsCode)}::text[])
    group by ods_code, section`.execute(db)
  const since = Map.groupBy(rows, ({ odsCode }) => odsCode)
  return incomplete.flatMap((pharmacy) => {
    const checked = new Map(since.get(pharmacy.odsCode)?.map(({ section, firstAt }) => [section, firstAt]))
    const instants = missingOf(pharmacy).map((section) => checked.get(section))
    return instants.every((instant) => instant !== undefined)
      ? [{ ...pharmacy, lateAt: instants.toSorted().at(-1) ?? '' }]
      : []
  })
}

/** Those that came late as CSV, head first, some lines at a time; of a quarter that is not frozen the head alone. */
export async function* lateCsv(db: Queryable, asked: VerificationQuestion): AsyncGenerator<string> {
  yield csvLine(['quarter', 'odsCode', 'name', 'icb', 'lateAt'])
  const { pieces, isFrozen } = await quarterReportInPieces(db, asked)
  if (!isFrozen) return
  for await (const piece of pieces) {
    const late = await lateSince(db, asked.quarter, piece)
    const lines = late.map(({ odsCode, name, icb, lateAt }) =>
      csvLine([asked.quarter.id, odsCode, name, icb ?? '', lateAt]),
    )
    if (lines.length > 0) yield lines.join('')
  }
}
