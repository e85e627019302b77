/** `/reports/daily-changes`: a day's changes as a page and as CSV. View: daily-changes.njk */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AreaChoice, ChosenArea } from '#src/directory/area-choices.ts'
import { dateFields, parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import { CHANGE_FIELDS, nameOf as fieldName } from '#src/rules/change-lines.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import {
  dateOf,
  dayOf,
  type LocalDate,
  londonDateOf,
  parseLocalDate,
  parseLondonMinute,
} from '#src/rules/london-time.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import type { Problem } from '#src/rules/problems.ts'
import {
  BLANK_SERVICE,
  DAILY_CHANGES_HEAD,
  type DailyChange,
  type DailyQuestion,
  dailyChangeLine,
  dailyChanges,
} from '../daily-changes.ts'
import { countChangedServices } from '../report-counts.ts'
import { type ReportDeps, refuseFile, unknownAreaMessage, whereOf } from './report-reach.ts'

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
  /** The boxes of the day: as typed, where something is wrong. */
  readonly fields: Fields
  readonly withNoise: boolean
  readonly chosen: ChosenArea
  readonly changeFields: readonly AreaChoice[]
  readonly odsCode: string
  /** What is left out, in words; empty when nothing is. */
  readonly filters: readonly string[]
  readonly services: readonly ChangedService[]
  readonly total: number
  /** How many services those changes are of. */
  readonly of: number
  /** How many more services changed in spelling alone, which is left out: with `of`, the figure of the workspace. */
  readonly spellingOnly: number
  readonly shown: number
  readonly csvAddress: string
  readonly dayBefore: string
  readonly dayAfter: string | null
  readonly problems: readonly Problem[]
}

const PATH = '/reports/daily-changes'
/** More than these are for the CSV. */
const MOST_SHOWN = 300
const render = template<View>('reports/pages/daily-changes.njk')

type Asked = Pick<DailyQuestion, 'date' | 'withNoise' | 'field' | 'odsCode'> & { readonly problems: readonly Problem[] }

/** Mounts the page and its CSV. */
export function dailyChangesPages(app: FastifyInstance, deps: ReportDeps): void {
  app.get(PATH, async (request, reply) => {
    const { where, chosen } = await whereOf(deps, request, 'see-daily-changes')
    const today = londonDateOf(deps.clock.now())
    const { problems, ...asked } = askedIn(request, today)
    const { date, withNoise, field, odsCode } = asked
    const { first, total, of } = await firstLines(deps, { ...where, ...asked })
    const isNarrowed = withNoise || field !== undefined || odsCode !== undefined
    const changed = isNarrowed ? of : await countChangedServices(deps.db.pool, { ...where, date })
    const nameOf = await loadNames(
      deps.db.pool,
      first.map(({ actor }) => actor),
    )
    const here = addressFor(where.area, asked)
    return render(reply, {
      title: 'Daily changes',
      day: formatDate(date),
      fields: problems.length > 0 ? fieldsOf(request.query) : dateFields('date', date),
      withNoise,
      chosen,
      changeFields: fieldChoices(field),
      odsCode: odsCode ?? lineIn(fieldsOf(request.query), 'ods'),
      filters: [...(field ? [wordsOfField(field)] : []), ...(odsCode ? [`pharmacy ${odsCode}`] : [])],
      services: byService(first, nameOf),
      total,
      of,
      spellingOnly: Math.max(0, changed - of),
      shown: first.length,
      csvAddress: here(`${PATH}.csv`, date),
      dayBefore: here(PATH, dateOf(dayOf(date) - 1)),
      dayAfter: date < today ? here(PATH, dateOf(dayOf(date) + 1)) : null,
      problems,
    })
  })
  app.get(`${PATH}.csv`, async (request, reply) => {
    const { where, chosen } = await whereOf(deps, request, 'see-daily-changes')
    if (chosen.unknown) return refuseFile(reply, [unknownAreaMessage(chosen.unknown)])
    const { problems, ...asked } = askedIn(request, londonDateOf(deps.clock.now()))
    // A file of another day than the one that was meant would be believed.
    if (problems.length > 0)
      return refuseFile(
        reply,
        problems.map(({ message }) => message),
      )
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="daily-changes-${asked.date}.csv"`)
      .send(Readable.from(csvOf(deps, { ...where, ...asked })))
  })
}

async function* csvOf({ db }: ReportDeps, question: DailyQuestion): AsyncGenerator<string> {
  yield `\uFEFF${DAILY_CHANGES_HEAD}`
  for await (const lines of dailyChanges(db.pool, question)) yield lines.map(dailyChangeLine).join('')
}

/**
 * What was asked for: the day as `date=2026-12-11` or as three boxes (today when none, or none that is real or over), a
 * field and a pharmacy. A pharmacy's code that is none is a problem, and then nothing is left out.
 */
function askedIn(request: FastifyRequest, today: LocalDate): Asked {
  const fields = fieldsOf(request.query)
  const withNoise = lineIn(fields, 'all') === 'yes'
  const field = [BLANK_SERVICE, ...CHANGE_FIELDS].find((each) => each === lineIn(fields, 'field'))
  const code = lineIn(fields, 'ods')
  const odsCode = parsePharmacyCode(code)
  const day = dayIn(fields, today)
  const noCode = { field: 'ods', code: 'invalid', message: 'ODS code must be 5 letters and numbers, like FA002' }
  const problems = [...day.problems, ...(code !== '' && odsCode === undefined ? [noCode] : [])]
  return { date: day.date, withNoise, field, odsCode, problems }
}

function dayIn(fields: Fields, today: LocalDate): { readonly date: LocalDate; readonly problems: readonly Problem[] } {
  const typed = parseDateFields(fields, 'date', 'The day')
  if (typed && !typed.ok) return { date: today, problems: typed.problems }
  const written = lineIn(fields, 'date')
  const date = typed?.value ?? (written === '' ? today : parseLocalDate(written))
  if (date === undefined) {
    return { date: today, problems: [{ field: 'date-day', code: 'invalid', message: 'The day must be a real date' }] }
  }
  if (date <= today) return { date, problems: [] }
  const message = 'The day must be today or in the past'
  return { date: today, problems: [{ field: 'date-day', code: 'future', message }] }
}

const wordsOfField = (field: string): string => (field === BLANK_SERVICE ? 'New services' : fieldName(field))

/** The fields to choose from, by name; the empty value is all of them. */
function fieldChoices(chosen: string | undefined): readonly AreaChoice[] {
  const named = [BLANK_SERVICE, ...CHANGE_FIELDS].map((value) => ({ value, text: wordsOfField(value) }))
  const sorted = named.toSorted((one, other) => one.text.localeCompare(other.text, 'en-GB'))
  return [{ value: '', text: 'All fields' }, ...sorted].map((each) => ({
    ...each,
    selected: each.value === (chosen ?? ''),
  }))
}

const addressFor =
  (area: string | undefined, { withNoise, field, odsCode }: Omit<Asked, 'problems'>) =>
  (path: string, date: LocalDate): string => {
    const query = new URLSearchParams({ date })
    for (const [name, value] of Object.entries({ area, field, ods: odsCode })) if (value) query.set(name, value)
    if (withNoise) query.set('all', 'yes')
    return `${path}?${query}`
  }

async function firstLines({ db }: ReportDeps, question: DailyQuestion) {
  const first: DailyChange[] = []
  const services = new Set<number>()
  let total = 0
  for await (const lines of dailyChanges(db.pool, question)) {
    total += lines.length
    for (const { uid } of lines) services.add(uid)
    first.push(...lines.slice(0, MOST_SHOWN - first.length))
  }
  return { first, total, of: services.size }
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
