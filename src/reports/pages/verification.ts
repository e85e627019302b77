/** `/reports/verification`: who verified in a quarter, live, as a page and as CSV. View: verification.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import type { ProfileSection } from '#src/profiles/profile.ts'
import { partTitle } from '#src/profiles/section-words.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import { formatDate } from '#src/rules/clock-time.ts'
import { type FinancialQuarter, parseQuarter, quarterBefore, quarterOf } from '#src/rules/financial-quarter.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { lateSince, loadQuarterReport } from '../frozen-quarters.ts'
import { VERIFICATION_HEAD, type VerifiedPharmacy, verificationLine } from '../verification.ts'
import { type AreaChoice, type ReportDeps, whereOf } from './report-reach.ts'

type Share = { readonly what: string; readonly done: number; readonly percent: number }
type Laggard = { readonly odsCode: string; readonly name: string; readonly missing: string }

type View = {
  readonly title: string
  readonly quarter: string
  readonly ends: string
  readonly isOver: boolean
  /** When and as what it was frozen; null while the figures are of now. */
  readonly frozen: { readonly at: string; readonly rootHash: string; readonly isGenuine: boolean } | null
  /** Complete only since it was frozen. */
  readonly late: readonly { readonly odsCode: string; readonly name: string }[]
  readonly quarters: readonly AreaChoice[]
  readonly areas: readonly AreaChoice[]
  readonly pharmacies: number
  readonly complete: Share
  readonly sections: readonly Share[]
  readonly laggards: readonly Laggard[]
  readonly laggardsTotal: number
  readonly previous: string | null
  readonly next: string | null
  readonly csvAddress: string
}

const PATH = '/reports/verification'
const A_PAGE = 100
const QUARTERS_SHOWN = 8
const render = template<View>('reports/pages/verification.njk')

/** Mounts the page and its CSV. */
export function verificationPages(app: FastifyInstance, deps: ReportDeps): void {
  app.get(PATH, async (request, reply) => {
    const { where, areas } = await whereOf(deps, request)
    const today = londonDateOf(deps.clock.now())
    const quarter = quarterIn(request, today)
    const { pharmacies, frozen } = await loadQuarterReport(deps.db.pool, { ...where, quarter })
    const late = frozen ? await lateSince(deps.db.pool, { ...where, quarter }, pharmacies) : []
    const missing = pharmacies.filter(({ isComplete }) => !isComplete)
    const page = Math.min(pageIn(request), Math.max(1, Math.ceil(missing.length / A_PAGE)))
    const here = addressFor(quarter, where.area)
    return render(reply, {
      title: 'Quarterly verification',
      quarter: quarter.name,
      ends: formatDate(quarter.ends),
      isOver: quarter.ends < today,
      frozen: frozen && { ...frozen, at: formatMomentIn(frozen.frozenAt) },
      late: late.map(({ odsCode, name }) => ({ odsCode, name })),
      quarters: lastQuarters(today).map(({ id, name }) => ({ value: id, text: name, selected: id === quarter.id })),
      areas,
      pharmacies: pharmacies.length,
      complete: shareOf('Everything', pharmacies.length - missing.length, pharmacies.length),
      sections: QUARTERLY_SECTIONS.map((section) =>
        shareOf(partTitle(section, 'community'), countChecked(pharmacies, section), pharmacies.length),
      ),
      laggards: missing.slice((page - 1) * A_PAGE, page * A_PAGE).map(laggardOf),
      laggardsTotal: missing.length,
      previous: page > 1 ? here(PATH, page - 1) : null,
      next: page * A_PAGE < missing.length ? here(PATH, page + 1) : null,
      csvAddress: here(`${PATH}.csv`),
    })
  })
  app.get(`${PATH}.csv`, async (request, reply) => {
    const { where } = await whereOf(deps, request)
    const quarter = quarterIn(request, londonDateOf(deps.clock.now()))
    const { pharmacies } = await loadQuarterReport(deps.db.pool, { ...where, quarter })
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="verification-${quarter.id}.csv"`)
      .send(`\uFEFF${VERIFICATION_HEAD}${pharmacies.map((each) => verificationLine(quarter, each)).join('')}`)
  })
}

/** The quarter that was asked for; this one when none was, or one that is still to come. */
function quarterIn(request: FastifyRequest, today: LocalDate): FinancialQuarter {
  const current = quarterOf(today)
  const asked = parseQuarter(lineIn(fieldsOf(request.query), 'quarter'))
  return asked && asked.starts <= current.starts ? asked : current
}

function pageIn(request: FastifyRequest): number {
  const text = lineIn(fieldsOf(request.query), 'page')
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 1
}

function lastQuarters(today: LocalDate): readonly FinancialQuarter[] {
  const quarters = [quarterOf(today)]
  while (quarters.length < QUARTERS_SHOWN) quarters.push(quarterBefore(quarters.at(-1) as FinancialQuarter))
  return quarters
}

const addressFor =
  (quarter: FinancialQuarter, area: string | undefined) =>
  (path: string, page?: number): string =>
    `${path}?${new URLSearchParams({ quarter: quarter.id, ...(area ? { area } : {}), ...(page ? { page: String(page) } : {}) })}`

const countChecked = (pharmacies: readonly VerifiedPharmacy[], section: ProfileSection): number =>
  pharmacies.filter(({ checkedAt }) => checkedAt[section] !== undefined).length

/** Rounded down, so that 100% means all. */
const shareOf = (what: string, done: number, of: number): Share => ({
  what,
  done,
  percent: of === 0 ? 0 : Math.floor((100 * done) / of),
})

function laggardOf({ odsCode, name, checkedAt, kind }: VerifiedPharmacy): Laggard {
  const missing = QUARTERLY_SECTIONS.filter((section) => checkedAt[section] === undefined)
  const parts = missing.map((section) => partTitle(section, kind as 'community')).join(', ')
  // The same five names on every row would hide the rows that differ.
  return {
    odsCode,
    name,
    missing: missing.length === QUARTERLY_SECTIONS.length ? 'Nothing checked' : `Not checked: ${parts}`,
  }
}
