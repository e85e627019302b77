/** `/reports/verification`: who verified in a quarter, live or as it was frozen. View: verification.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { AreaChoice, ChosenArea } from '#src/directory/area-choices.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatDayOf, formatMomentIn } from '#src/profiles/names-and-moments.ts'
import { partTitle } from '#src/profiles/section-words.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import { areaInWords } from '#src/rules/area-names.ts'
import { formatDate, formatDateShort } from '#src/rules/clock-time.ts'
import { completeByDay, type DayOfQuarter } from '../by-day.ts'
import { lateSince, loadQuarterReport } from '../frozen-quarters.ts'
import { type LastContact, loadLastContacts } from '../last-contact.ts'
import type { VerifiedPharmacy } from '../verification.ts'
import type { ReportDeps } from './report-reach.ts'
import { addressFor, lastQuarters, verificationAsked } from './verification-asked.ts'

type Share = { readonly what: string; readonly done: number; readonly percent: number }

/** One pharmacy of the list: each section with the day of its last check, or an empty text. */
type Row = {
  readonly odsCode: string
  readonly name: string
  readonly checkedOn: readonly string[]
  readonly heardOn: string
  readonly remindedOn: string
  readonly reminderAddress: string | null
  readonly remedialAddress: string | null
}

type Chart = {
  /** `x,y x,y …` in a box of 600 by 200, 100% at the top. */
  readonly points: string
  readonly words: string
  readonly days: readonly { readonly day: string; readonly complete: number; readonly percent: number }[]
}

type View = {
  readonly title: string
  readonly quarter: string
  readonly quarterId: string
  readonly quarterProblem: string | null
  readonly ends: string
  readonly isOver: boolean
  /** When and as what it was frozen; null while the figures are of now. */
  readonly frozen: { readonly at: string; readonly rootHash: string; readonly isGenuine: boolean } | null
  /** Complete only since it was frozen. */
  readonly late: readonly { readonly odsCode: string; readonly name: string; readonly on: string }[]
  readonly lateTotal: number
  readonly quarters: readonly AreaChoice[]
  readonly chosen: ChosenArea
  readonly pharmacies: number
  readonly complete: Share
  readonly sections: readonly Share[]
  readonly chart: Chart | null
  /** Each ICB of the report, when there are several. */
  readonly boards: readonly (Share & { readonly of: number; readonly address: string })[]
  readonly sectionNames: readonly string[]
  readonly showsAll: boolean
  readonly rows: readonly Row[]
  readonly laggardsTotal: number
  readonly hasRemedial: boolean
  readonly addresses: Readonly<
    Record<'csv' | 'xlsx' | 'pdf' | 'late' | 'reminders' | 'remedials' | 'all' | 'missing', string>
  >
  readonly previous: string | null
  readonly next: string | null
}

const PATH = '/reports/verification'
const A_PAGE = 100
const QUARTERS_SHOWN = 8
const MOST_LATE = 100
const CHART_WIDTH = 600
const CHART_HEIGHT = 200
const render = template<View>('reports/pages/verification.njk')

/** Mounts the page. */
export function verificationPage(app: FastifyInstance, deps: ReportDeps): void {
  app.get(PATH, async (request, reply) => {
    const asked = await verificationAsked(deps, request)
    const { where, quarter, today, chosen, quarterProblem } = asked
    const { pharmacies, frozen } = await loadQuarterReport(deps.db.pool, { ...where, quarter })
    const late = frozen ? await lateSince(deps.db.pool, quarter, pharmacies) : []
    const laggards = pharmacies.filter(({ isComplete }) => !isComplete)
    const showsAll = lineIn(fieldsOf(request.query), 'show') === 'all'
    const listed = showsAll ? pharmacies : laggards
    const page = Math.min(pageIn(request), Math.max(1, Math.ceil(listed.length / A_PAGE)))
    const here = addressFor(asked)
    const show = showsAll ? { show: 'all' } : {}
    const shown = listed.slice((page - 1) * A_PAGE, page * A_PAGE)
    const codes = shown.map(({ odsCode }) => odsCode)
    const contacts = await loadLastContacts(deps.db.pool, quarter, codes)
    const isOver = quarter.ends < today
    const hasRemedial = isOver && mayDraftRemedial(request)
    const letter = (odsCode: string, kind: string) => here(`${PATH}/letters/${odsCode}`, { kind })
    return render(reply, {
      title: 'Quarterly verification',
      quarter: quarter.name,
      quarterId: quarter.id,
      quarterProblem,
      ends: formatDate(quarter.ends),
      isOver,
      frozen: frozen && { ...frozen, at: formatMomentIn(frozen.frozenAt) },
      late: late.slice(0, MOST_LATE).map(({ odsCode, name, lateAt }) => ({ odsCode, name, on: formatDayOf(lateAt) })),
      lateTotal: late.length,
      quarters: lastQuarters(today, QUARTERS_SHOWN).map(({ id, name }) => ({
        value: id,
        text: name,
        selected: id === quarter.id,
      })),
      chosen,
      pharmacies: pharmacies.length,
      complete: shareOf('Everything', pharmacies.length - laggards.length, pharmacies.length),
      sections: QUARTERLY_SECTIONS.map((section) => {
        const done = pharmacies.filter(({ checkedAt }) => checkedAt[section] !== undefined).length
        return shareOf(partTitle(section, 'community'), done, pharmacies.length)
      }),
      chart: chartOf(completeByDay(quarter, pharmacies, today)),
      boards: boardsOf(pharmacies, (area) => `${PATH}?${new URLSearchParams({ quarter: quarter.id, area })}`),
      sectionNames: QUARTERLY_SECTIONS.map((section) => partTitle(section, 'community')),
      showsAll,
      rows: shown.map((pharmacy) => ({
        ...rowOf(pharmacy, contacts.get(pharmacy.odsCode)),
        reminderAddress: pharmacy.isComplete ? null : letter(pharmacy.odsCode, 'reminder'),
        remedialAddress: pharmacy.isComplete || !hasRemedial ? null : letter(pharmacy.odsCode, 'remedial'),
      })),
      laggardsTotal: laggards.length,
      hasRemedial,
      addresses: {
        csv: here(`${PATH}.csv`),
        xlsx: here(`${PATH}.xlsx`),
        pdf: here(`${PATH}.pdf`),
        late: here(`${PATH}/late.csv`),
        reminders: here(`${PATH}/letters.txt`, { kind: 'reminder' }),
        remedials: here(`${PATH}/letters.txt`, { kind: 'remedial' }),
        all: here(PATH, { show: 'all' }),
        missing: here(PATH),
      },
      previous: page > 1 ? here(PATH, { ...show, page: String(page - 1) }) : null,
      next: page * A_PAGE < listed.length ? here(PATH, { ...show, page: String(page + 1) }) : null,
    })
  })
}

/** The draft of a notice is for those who may see everything of an area; committees remind. */
export const mayDraftRemedial = (request: FastifyRequest): boolean => can(requireActor(request), 'see-daily-changes')

function pageIn(request: FastifyRequest): number {
  const text = lineIn(fieldsOf(request.query), 'page')
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 1
}

/** Rounded down, so that 100% means all. */
const shareOf = (what: string, done: number, of: number): Share => ({
  what,
  done,
  percent: of === 0 ? 0 : Math.floor((100 * done) / of),
})

function boardsOf(pharmacies: readonly VerifiedPharmacy[], address: (area: string) => string): View['boards'] {
  const boards = [...Map.groupBy(pharmacies, ({ icb }) => icb ?? '')]
  if (boards.length < 2) return []
  return boards
    .map(([icb, theirs]) => ({
      ...shareOf(
        icb === '' ? 'Without an ICB' : areaInWords(icb),
        theirs.filter(({ isComplete }) => isComplete).length,
        theirs.length,
      ),
      of: theirs.length,
      address: icb === '' ? '' : address(icb),
    }))
    .toSorted((one, other) => one.what.localeCompare(other.what, 'en-GB'))
}

/** A day alone is no chart. */
function chartOf(days: readonly DayOfQuarter[]): Chart | null {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last || days.length < 2) return null
  const said = ({ date, percent }: DayOfQuarter) => `${percent}% on ${formatDateShort(date)}`
  return {
    points: days
      .map(({ percent }, index) => {
        const x = Math.round((CHART_WIDTH * index) / (days.length - 1))
        return `${x},${CHART_HEIGHT - (CHART_HEIGHT * percent) / 100}`
      })
      .join(' '),
    words: `From ${said(first)} to ${said(last)}`,
    days: days.map(({ date, complete, percent }) => ({ day: formatDateShort(date), complete, percent })),
  }
}

function rowOf({ odsCode, name, checkedAt }: VerifiedPharmacy, contact: LastContact | undefined) {
  const day = (instant: string | null | undefined) => (instant ? formatDayOf(instant) : '')
  return {
    odsCode,
    name,
    checkedOn: QUARTERLY_SECTIONS.map((section) => day(checkedAt[section])),
    heardOn: day(contact?.heardAt),
    remindedOn: day(contact?.remindedAt),
  }
}
