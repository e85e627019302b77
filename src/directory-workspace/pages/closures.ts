/** `/workspace/closures`: which pharmacies of one's area are shut, will be, or were a few days ago. View: closures.njk */
import type { FastifyInstance } from 'fastify'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import { fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { type MapView, mapOfList } from '#src/platform/map/map-view.ts'
import { template } from '#src/platform/views.ts'
import { formatMoment } from '#src/profiles/names-and-moments.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import {
  type AreaClosure,
  CLOSURE_SHOWS,
  CLOSURES_A_PAGE,
  type ClosureShow,
  loadClosuresInArea,
} from '../closures-in-area.ts'
import { reachFor } from '../figures.ts'
import { workspaceActor } from './workspace.ts'
import type { WorkspaceDeps } from './workspace-pages.ts'

type Row = {
  readonly title: string
  readonly address: string
  readonly what: string | null
  readonly when: string
  readonly reopening: string
  readonly reason: string
  readonly notice: { readonly text: string; readonly colour: string }
  readonly lost: string
}
type View = {
  readonly title: string
  readonly chosen: ChosenArea
  readonly show: ClosureShow
  readonly heading: string
  readonly filters: readonly { readonly text: string; readonly address: string; readonly isShown: boolean }[]
  readonly rows: readonly Row[]
  /** Of the rows; null where there are none. */
  readonly map: MapView | null
  readonly previous: string | null
  readonly next: string | null
}

const PATH = '/workspace/closures'
const render = template<View>('directory-workspace/pages/closures.njk')

/** Mounts the page. */
export function closuresPage(app: FastifyInstance, deps: WorkspaceDeps): void {
  app.get(PATH, async (request, reply) => {
    const reach = reachFor(workspaceActor(request), 'see-workspace')
    const query = fieldsOf(request.query)
    const chosen = await chooseArea(deps.db.pool, reach, lineIn(query, 'area'))
    const { area } = chosen
    const show = CLOSURE_SHOWS.find((each) => each === rawIn(query, 'show')) ?? 'now'
    const page = /^[1-9]\d{0,3}$/.test(rawIn(query, 'page')) ? Number(rawIn(query, 'page')) : 1
    const now = deps.clock.now()
    const { closures, total } = await loadClosuresInArea(deps.db.pool, {
      where: { reach, area },
      ...{ show, page, now, holidays: deps.holidays() },
    })
    const rows = closures.map((closure) => rowOf(closure, londonDateOf(now)))
    return render(reply, {
      title: 'Closures',
      chosen,
      show,
      heading: HEADINGS[show](total),
      filters: CLOSURE_SHOWS.map((each) => ({
        text: FILTERS[each],
        address: addressOf(each, 1, area),
        isShown: each === show,
      })),
      rows,
      map: mapOf(rows, closures),
      previous: page > 1 ? addressOf(show, page - 1, area) : null,
      next: page * CLOSURES_A_PAGE < total ? addressOf(show, page + 1, area) : null,
    })
  })
}

const FILTERS: Readonly<Record<ClosureShow, string>> = {
  now: 'Now',
  planned: 'Planned',
  over: 'Over in the last 7 days',
}

const closuresIn = (total: number): string =>
  total === 0 ? 'No closures' : total === 1 ? '1 closure' : `${total} closures`
const HEADINGS: Readonly<Record<ClosureShow, (total: number) => string>> = {
  now: (total) => `${closuresIn(total)} now`,
  planned: (total) => `${closuresIn(total)} planned`,
  over: (total) => `${closuresIn(total)} over in the last 7 days`,
}

const addressOf = (show: ClosureShow, page: number, area: string | undefined): string =>
  `${PATH}?${new URLSearchParams({ show, ...(area ? { area } : {}), ...(page > 1 ? { page: String(page) } : {}) })}`

function rowOf(closure: AreaClosure, today: LocalDate): Row {
  const { id, odsCode, pharmacy, startsAt, services, reason, notice } = closure
  return {
    title: `${pharmacy} (${odsCode})`,
    address: `/manage/${odsCode}/closures/${id}`,
    what: services === null ? null : services.length === 1 ? '1 service only' : `${services.length} services only`,
    when: formatMoment(startsAt, today),
    reopening: reopeningOf(closure, today),
    reason,
    notice: notice ?? { text: 'None written', colour: 'grey' },
    lost: closure.lostMinutes === 0 ? 'None' : durationOf(closure.lostMinutes),
  }
}

/** The closures of this page; `rows` and `closures` are in the same order. */
const mapOf = (rows: readonly Row[], closures: readonly AreaClosure[]): MapView | null =>
  mapOfList(
    rows.map(({ title, address, what, when, reopening }, index) => ({
      ...{ row: `closure-${index + 1}`, name: title, href: address },
      lines: [...(what === null ? [] : [what]), `Closed from: ${when}`, `Reopening: ${reopening}`],
      position: closures[index]?.position ?? null,
    })),
    ['closure', 'closures'],
    null,
  )

function reopeningOf({ endedAt, expectedAt }: AreaClosure, today: LocalDate): string {
  if (endedAt !== null) return `Open again since ${formatMoment(endedAt, today)}`
  return expectedAt === null ? 'Nobody knows yet' : formatMoment(expectedAt, today)
}

/** `3 hours 20 minutes`. */
function durationOf(minutes: number): string {
  const [hours, left] = [Math.floor(minutes / 60), minutes % 60]
  const parts = [
    hours > 0 ? `${hours} ${hours === 1 ? 'hour' : 'hours'}` : '',
    left > 0 ? `${left} ${left === 1 ? 'minute' : 'minutes'}` : '',
  ]
  return parts.filter(Boolean).join(' ')
}
