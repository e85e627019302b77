/** `/reports/gaps`: the services of an area that searches missed by one rule alone, as a page and as CSV. View: gaps.njk */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import type { Verdict } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { dateFields, parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, fieldsOf } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { dateOf, dayOf, type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { reasonOf } from '#src/urgent-care/verdict-words.ts'
import { gapReportCsv, loadGapReport } from '../gaps.ts'
import { type ReportDeps, refuseFile, unknownAreaMessage, whereOf } from './report-reach.ts'

export type GapPageDeps = ReportDeps & { readonly reference: () => Pick<TriageReference, 'symptomGroupName'> }

type View = {
  readonly title: string
  readonly problems: readonly Problem[]
  readonly fields: Fields
  readonly chosen: ChosenArea
  readonly from: string
  readonly to: string
  readonly rules: readonly { readonly reason: string; readonly times: string; readonly services: string }[]
  readonly services: readonly {
    readonly name: string
    readonly uid: number
    readonly odsCode: string | null
    readonly reason: string
    readonly symptomGroup: string
    readonly searches: string
  }[]
  readonly csvAddress: string
}

const PATH = '/reports/gaps'
/** Of the days that are kept. */
const LONGEST_DAYS = 120
const USUAL_DAYS = 28
/** More than these are for the CSV. */
const MOST_SHOWN = 50
const render = template<View>('reports/pages/gaps.njk')

/** Mounts the page and its CSV. */
export function gapsPages(app: FastifyInstance, deps: GapPageDeps): void {
  app.get(PATH, async (request, reply) => {
    const { where, chosen } = await whereOf(deps, request)
    const { from, to, fields, problems } = daysIn(request, londonDateOf(deps.clock.now()))
    const { rules, services } = await loadGapReport(deps.db.pool, { ...where, from, to }, MOST_SHOWN)
    const { symptomGroupName } = deps.reference()
    const query = { ...dateFields('from', from), ...dateFields('to', to), ...(where.area ? { area: where.area } : {}) }
    return render(reply, {
      title: 'Near misses',
      problems,
      fields,
      chosen,
      from: formatDateShort(from),
      to: formatDateShort(to),
      rules: rules.map((rule) => ({
        reason: reasonIn(rule.test),
        times: inWords(rule.searches, 'time', 'times'),
        services: inWords(rule.services, 'service', 'services'),
      })),
      services: services.map(({ uid, name, odsCode, test, symptomGroup, searches }) => ({
        ...{ uid, odsCode, name: name ?? 'No longer in the directory', reason: reasonIn(test) },
        symptomGroup: [symptomGroup, symptomGroupName(symptomGroup)].filter(Boolean).join(' '),
        searches: inWords(searches, 'search', 'searches'),
      })),
      csvAddress: `${PATH}.csv?${new URLSearchParams(query)}`,
    })
  })
  app.get(`${PATH}.csv`, async (request, reply) => {
    const { where, chosen } = await whereOf(deps, request)
    if (chosen.unknown) return refuseFile(reply, [unknownAreaMessage(chosen.unknown)])
    const { from, to } = daysIn(request, londonDateOf(deps.clock.now()))
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="near-misses-${from}-to-${to}.csv"`)
      .send(Readable.from(withMark(gapReportCsv(deps.db, { ...where, from, to }))))
  })
}

/** Spreadsheets need the mark to read names with accents. */
async function* withMark(lines: AsyncIterable<string>): AsyncGenerator<string> {
  yield '\uFEFF'
  yield* lines
}

const reasonIn = (test: string): string => reasonOf(test as Verdict['outcome']) ?? test

const count = new Intl.NumberFormat('en-GB')
const inWords = (many: number, one: string, more: string): string => `${count.format(many)} ${many === 1 ? one : more}`

type Days = {
  readonly from: LocalDate
  readonly to: LocalDate
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

/** The days that were asked for; the last four weeks when none were, or any that cannot be. */
function daysIn(request: FastifyRequest, today: LocalDate): Days {
  const given = fieldsOf(request.query)
  const usual = { from: dateOf(dayOf(today) - USUAL_DAYS + 1), to: today }
  const first = parseDateFields(given, 'from', 'The first day')
  const last = parseDateFields(given, 'to', 'The last day')
  const unread = [first, last].flatMap((date) => (date && !date.ok ? date.problems : []))
  const to = last?.ok ? last.value : usual.to
  const from = first?.ok ? first.value : dateOf(dayOf(to) - USUAL_DAYS + 1)
  const problems = unread.length > 0 ? unread : spanProblems(from, to, today)
  if (problems.length > 0) return { ...usual, fields: given, problems }
  return { from, to, fields: { ...dateFields('from', from), ...dateFields('to', to) }, problems: [] }
}

function spanProblems(from: LocalDate, to: LocalDate, today: LocalDate): readonly Problem[] {
  const problem = (field: string, message: string) => [{ field, code: 'span', message }]
  if (to > today) return problem('to-day', 'The last day must be today or in the past')
  if (from > to) return problem('from-day', 'The first day must be before the last day')
  if (dayOf(to) - dayOf(from) >= LONGEST_DAYS) return problem('from-day', `Choose ${LONGEST_DAYS} days or fewer`)
  return []
}
