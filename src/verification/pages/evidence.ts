/** `/manage/:odsCode/evidence`: every receipt of a pharmacy, by year and quarter, and as CSV. View: evidence.njk */
import type { FastifyInstance } from 'fastify'
import { csvLine } from '#src/platform/csv-line.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import { type ManageDeps, visit } from '#src/profiles/visit.ts'
import { type FinancialQuarter, parseQuarter, quarterOf } from '#src/rules/financial-quarter.ts'
import { contentOf, loadReceiptQuarters, loadReceiptsOf, type StoredReceipt } from '../receipt-store.ts'
import { actsInWords, sectionLines } from '../receipt-words.ts'

type ReceiptRow = {
  readonly reference: string
  readonly address: string
  readonly submitted: string
  readonly by: string
  readonly acts: string
}
type QuarterRows = {
  readonly name: string /** Null where there are no receipts. */
  readonly checked: string | null
  readonly receipts: readonly ReceiptRow[]
}

type EvidenceView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  /** `2026-27`. */
  readonly year: string
  readonly years: readonly { readonly year: string; readonly isShown: boolean }[]
  readonly quarters: readonly QuarterRows[]
  readonly csvAddress: string
}

const render = template<EvidenceView>('verification/pages/evidence.njk')
const PATH = '/manage/:odsCode/evidence'

/** Mounts the page and its CSV. */
export function evidencePages(app: FastifyInstance, deps: ManageDeps): void {
  app.get(PATH, async (request, reply) => {
    const seen = await visit(deps, request, 'see-history')
    const { odsCode } = seen
    const all = await loadReceiptQuarters(deps.db.pool, odsCode)
    const thisYear = yearOf(quarterOf(seen.today).id)
    const years = [...new Set([thisYear, ...all.map(yearOf)])].toSorted().reverse()
    const { year: asked } = request.query as { year?: unknown }
    const year = years.find((candidate) => candidate === asked) ?? thisYear
    const receipts = await loadReceiptsOf(deps.db.pool, odsCode, quarterIds(year))
    const nameOf = await loadNames(
      deps.db.pool,
      receipts.map(({ person }) => person),
    )
    const byQuarter = Map.groupBy(receipts, ({ quarter }) => quarter)
    return render(reply, {
      title: 'Evidence',
      odsCode,
      pharmacy: seen.stored.profile.name,
      year,
      years: years.map((each) => ({ year: each, isShown: each === year })),
      quarters: quartersOf(year)
        .filter(({ id, starts }) => byQuarter.has(id) || starts <= seen.today)
        .map((quarter) => quarterRows(quarter, byQuarter.get(quarter.id) ?? [], nameOf)),
      csvAddress: `/manage/${odsCode}/evidence.csv`,
    })
  })
  app.get(`${PATH}.csv`, async (request, reply) => {
    const { odsCode } = await visit(deps, request, 'see-history')
    const quarters = await loadReceiptQuarters(deps.db.pool, odsCode)
    const receipts = quarters.length === 0 ? [] : await loadReceiptsOf(deps.db.pool, odsCode, quarters)
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="evidence-${odsCode}.csv"`)
      .send(['\uFEFF', csvLine(COLUMNS), ...receipts.flatMap(csvRows)].join(''))
  })
}

const COLUMNS = [
  'Reference',
  'Quarter',
  'Submitted (UTC)',
  'Submitted by',
  'Pharmacy',
  'ODS code',
  'Section',
  'Checked or changed',
  'Details',
  'Content hash',
  'Hash of the receipt',
]

/** One row for each section of a receipt. */
function csvRows(stored: StoredReceipt): readonly string[] {
  const receipt = contentOf(stored)
  if (!receipt) return []
  const { reference, quarter, submittedAt, submittedBy, pharmacy } = receipt
  return receipt.sections.map((section) =>
    csvLine([
      reference,
      quarter,
      submittedAt,
      submittedBy,
      pharmacy.name,
      pharmacy.odsCode,
      section.title,
      section.act,
      sectionLines(section).lines.join('; '),
      section.contentHash,
      stored.hash,
    ]),
  )
}

/** `2026-27` of `2026-27-Q3`. */
const yearOf = (quarter: string): string => quarter.slice(0, 7)

const quarterIds = (year: string): readonly string[] => [4, 3, 2, 1].map((number) => `${year}-Q${number}`)

/** The quarters of a financial year, the latest first. */
const quartersOf = (year: string): readonly FinancialQuarter[] =>
  quarterIds(year).flatMap((id) => parseQuarter(id) ?? [])

function quarterRows(
  { name }: FinancialQuarter,
  receipts: readonly StoredReceipt[],
  nameOf: (actor: string) => string,
): QuarterRows {
  const rows = receipts.map((stored) => ({ stored, sections: contentOf(stored)?.sections ?? [] }))
  const checked = QUARTERLY_SECTIONS.filter((section) =>
    rows.some(({ sections }) => sections.some((each) => each.section === section && each.act === 'checked')),
  )
  return {
    name,
    checked: rows.length === 0 ? null : `${checked.length} of ${QUARTERLY_SECTIONS.length} sections checked`,
    receipts: rows.map(({ stored, sections }) => ({
      reference: stored.reference,
      address: `/manage/${stored.odsCode}/receipts/${stored.reference}`,
      submitted: formatMomentIn(stored.submittedAt),
      by: nameOf(stored.person),
      acts: actsInWords(sections),
    })),
  }
}
