/** `/reports/daily-changes`: a day's changes as a page and as CSV. View: daily-changes.njk */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { dateFields, parseDateFields } from '#src/platform/http/date-fields.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import {
  dateOf,
  dayOf,
  type LocalDate,
  londonDateOf,
  parseLocalDate,
  parseLondonMinute,
} from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import {
  DAILY_CHANGES_HEAD,
  type DailyChange,
  type DailyQuestion,
  dailyChangeLine,
  dailyChanges,
} from '../daily-changes.ts'
import { type AreaChoice, type ReportDeps, whereOf } from './report-reach.ts'

type ChangedService = {
  readonly uid: number
  readonly name: string
  readonly odsCode: string | null
  readonly at: string
  readonly who: string
  readonly lines: readonly Pick<DailyChange, 'what' | 'before' | 'after' | 'kind'>[]
}

type View = {
  readonly title: string
  readonly day: string
  readonly fields: Readonly<Record<string, string>>
  readonly withNoise: boolean
  readonly areas: readonly AreaChoice[]
  readonly services: readonly ChangedService[]
  readonly total: number
  readonly shown: number
  readonly csvAddress: string
  readonly dayBefore: string
  readonly dayAfter: string | null
  readonly problems: readonly { readonly href: string; readonly text: string }[]
}

const PATH = '/reports/daily-changes'
/** More than these are for the CSV. */
const MOST_SHOWN = 300
const render = template<View>('reports/pages/daily-changes.njk')

type Asked = { readonly date: LocalDate; readonly withNoise: boolean; readonly problems: readonly Problem[] }

/** Mounts the page and its CSV. */
export function dailyChangesPages(app: FastifyInstance, deps: ReportDeps): void {
  app.get(PATH, async (request, reply) => {
    const { where, areas } = await whereOf(deps, request)
    const today = londonDateOf(deps.clock.now())
    const { date, withNoise, problems } = askedIn(request, today)
    const { first, total } = await firstLines(deps, { ...where, date, withNoise })
    const nameOf = await loadNames(
      deps.db.pool,
      first.map(({ actor }) => actor),
    )
    const here = addressFor(where.area, withNoise)
    return render(reply, {
      title: 'Daily changes',
      day: formatDate(date),
      fields: dateFields('date', date) as Record<string, string>,
      withNoise,
      areas,
      services: byService(first, nameOf),
      total,
      shown: first.length,
      csvAddress: here(`${PATH}.csv`, date),
      dayBefore: here(PATH, dateOf(dayOf(date) - 1)),
      dayAfter: date < today ? here(PATH, dateOf(dayOf(date) + 1)) : null,
      problems: problems.map(({ field, message }) => ({ href: `#${field}`, text: message })),
    })
  })
  app.get(`${PATH}.csv`, async (request, reply) => {
    const { where } = await whereOf(deps, request)
    const { date, withNoise } = askedIn(request, londonDateOf(deps.clock.now()))
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="daily-changes-${date}.csv"`)
      .send(Readable.from(csvOf(deps, { ...where, date, withNoise })))
  })
}

async function* csvOf({ db }: ReportDeps, question: DailyQuestion): AsyncGenerator<string> {
  yield `\uFEFF${DAILY_CHANGES_HEAD}`
  for await (const lines of dailyChanges(db.pool, question)) yield lines.map(dailyChangeLine).join('')
}

/** The day that was asked for as `date=2026-12-11` or as three boxes; today when none, or none that is real or over. */
function askedIn(request: FastifyRequest, today: LocalDate): Asked {
  const fields = fieldsOf(request.query)
  const withNoise = lineIn(fields, 'all') === 'yes'
  const typed = parseDateFields(fields, 'date', 'The day')
  if (typed && !typed.ok) return { date: today, withNoise, problems: typed.problems }
  const date = typed?.value ?? parseLocalDate(lineIn(fields, 'date')) ?? today
  if (date <= today) return { date, withNoise, problems: [] }
  return {
    date: today,
    withNoise,
    problems: [{ field: 'date-day', code: 'future', message: 'The day must be today or in the past' }],
  }
}

const addressFor =
  (area: string | undefined, withNoise: boolean) =>
  (path: string, date: LocalDate): string =>
    `${path}?${new URLSearchParams({ date, ...(area ? { area } : {}), ...(withNoise ? { all: 'yes' } : {}) })}`

async function firstLines({ db }: ReportDeps, question: DailyQuestion) {
  const first: DailyChange[] = []
  let total = 0
  for await (const lines of dailyChanges(db.pool, question)) {
    total += lines.length
    first.push(...lines.slice(0, MOST_SHOWN - first.length))
  }
  return { first, total }
}

/** The lines of one change of one service stand together. */
function byService(lines: readonly DailyChange[], nameOf: (actor: string) => string): readonly ChangedService[] {
  return [...Map.groupBy(lines, ({ seq }) => seq).values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { uid, service, odsCode, at, actor } = first
    const time = parseLondonMinute(at)
    return [{ uid, name: service, odsCode, at: time ? formatTime(time.minute) : at, who: nameOf(actor), lines: group }]
  })
}
