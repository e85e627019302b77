/** `/workspace/wrong-reports`: what people say is wrong and no pharmacy answered. View: lead-reports.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Actor, auditNameOf, requireActor } from '#src/accounts/actor.ts'
import { can, type Scope, scopeOf } from '#src/accounts/can.ts'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { fieldsOf, isUnreadable, lineIn, proseIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import { narrowScope } from '#src/profiles/narrow-scope.ts'
import type { Problem } from '#src/rules/problems.ts'
import { answerReport } from '../answer-report.ts'
import { LONGEST_WORDS } from '../report.form.ts'
import type { ReportDeps } from '../report-deps.ts'
import { isReportIn, loadReports, REPORT_SHOWS, type ReportShow } from '../report-records.ts'
import { type ReportRow, reportRow } from './report-words.ts'

type View = {
  readonly title: string
  readonly banner: string | null
  readonly chosen: ChosenArea
  /** The part of an address that keeps the area; empty for all. */
  readonly areaQuery: string
  readonly show: ReportShow
  readonly filters: readonly { readonly text: string; readonly address: string; readonly isShown: boolean }[]
  readonly rows: readonly ReportRow[]
  /** What was typed for a report that was refused. */
  readonly typed: { readonly id: number; readonly answer: string } | null
  readonly problems: readonly Problem[]
}

const PATH = '/workspace/wrong-reports'
/** As large as ids get in the database. */
const ID = /^[1-9]\d{0,14}$/
const NOT_THERE = 'There is no such report in your areas'
const render = template<View>('wrong-reports/pages/lead-reports.njk')

const SHOW_WORDS: Readonly<Record<ReportShow, string>> = {
  lead: 'For us',
  pharmacy: 'With pharmacies',
  answered: 'Answered',
}
const BANNERS: Readonly<Record<string, string>> = {
  settled: 'It is settled. If whoever told us gave an email address, we tell them that you looked into it.',
  spam: 'It is marked as spam. It does not count towards three in 24 hours.',
}

/** Mounts the page, for those who answer for an area. */
export function leadReportsPage(app: FastifyInstance, deps: ReportDeps): void {
  const viewOf = async (
    request: FastifyRequest,
    more: Partial<Pick<View, 'typed' | 'problems'>> = {},
  ): Promise<View> => {
    const query = fieldsOf(request.query)
    const { chosen, scope } = await narrowScope(deps.db.pool, leadOf(request).scope, lineIn(query, 'area'))
    const show = REPORT_SHOWS.find((each) => each === lineIn(query, 'show')) ?? 'lead'
    const now = deps.clock.now()
    const reports = await loadReports(deps.db.pool, { scope, show, now })
    const nameOf = await loadNames(
      deps.db.pool,
      reports.map(({ answeredBy }) => answeredBy),
    )
    return {
      title: 'What people say is wrong',
      banner: BANNERS[rawIn(query, 'done')] ?? null,
      chosen,
      areaQuery: addressOf('', 'lead', chosen.area),
      show,
      filters: REPORT_SHOWS.map((each) => ({
        text: SHOW_WORDS[each],
        address: addressOf(PATH, each, chosen.area),
        isShown: each === show,
      })),
      rows: reports.map((each) => reportRow(each, now, nameOf)),
      ...{ typed: null, problems: [], ...more },
    }
  }

  app.get(PATH, async (request, reply) => render(reply, await viewOf(request)))

  app.post(`${PATH}/:id`, async (request, reply) => {
    const { actor, scope } = leadOf(request)
    const id = idIn(request)
    if (!(await isReportIn(deps.db.pool, id, scope))) throw new NotFound(NOT_THERE)
    const fields = fieldsOf(request.body)
    const given = proseIn(fields, 'answer')
    const refuse = async (problems: readonly Problem[], code: number) =>
      render(reply.code(code), await viewOf(request, { typed: { id, answer: given }, problems }))
    const isSpam = lineIn(fields, 'do') === 'spam'
    const problems = isSpam ? [] : answerProblems(given, id)
    if (problems.length > 0) return refuse(problems, 422)
    const act = isSpam ? ({ act: 'spam', answer: null } as const) : ({ act: 'settle', answer: given } as const)
    const taken = { id, ...act, scope, actor: auditNameOf(actor), now: deps.clock.now() }
    const answered = await answerReport(deps.db, taken)
    if (!answered) throw new NotFound(NOT_THERE)
    if (!answered.ok) return refuse(answered.problems, 409)
    return reply.redirect(answeredAddress(answered.value, lineIn(fieldsOf(request.query), 'area')), 303)
  })
}

function addressOf(path: string, show: ReportShow, area: string | undefined): string {
  const query = new URLSearchParams({ ...(show === 'lead' ? {} : { show }), ...(area === undefined ? {} : { area }) })
  return query.size === 0 ? path : `${path}?${query}`
}

const answeredAddress = (done: string, area: string): string =>
  `${PATH}?${new URLSearchParams({ ...(area === '' ? {} : { area }), done })}`

/** The number in the address; 0, which no report has, for anything else. */
const idIn = (request: FastifyRequest): number =>
  Number(ID.exec((request.params as { readonly id: string }).id)?.[0] ?? 0)

/** Whoever looks after an area, and where. Throws `Forbidden` for those who look after none. */
function leadOf(request: FastifyRequest): { readonly actor: Actor; readonly scope: Scope } {
  const actor = requireActor(request)
  if (!can(actor, 'see-workspace')) throw new Forbidden('This is for the teams that look after the directory')
  return { actor, scope: scopeOf(actor, 'query-pharmacy') }
}

function answerProblems(answer: string, id: number): readonly Problem[] {
  const field = `answer-${id}`
  if (answer === '') return [{ field, code: 'missing', message: 'Enter what you found and did' }]
  if (isUnreadable(answer)) return [{ field, code: 'invalid', message: 'Use letters, numbers and punctuation only' }]
  if ([...answer].length <= LONGEST_WORDS) return []
  return [{ field, code: 'too-long', message: `What you found must be ${LONGEST_WORDS} characters or fewer` }]
}
