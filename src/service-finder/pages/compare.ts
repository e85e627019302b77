/** `/finder/compare`: up to four services side by side, their hours on one axis. View: compare.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type CurrentCapacity, loadCapacities } from '#src/capacity/capacity-records.ts'
import type { RoadDistances } from '#src/directory/triage/triage-index.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { template } from '#src/platform/views.ts'
import { distanceMetres } from '#src/rules/distance.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { type OpenWords, openingWords } from '#src/rules/opening-words.ts'
import { axisLine, type Chart, chartOf, MOST_COMPARED } from '../compare-services.ts'
import { fitOf } from '../find-services.ts'
import { destinationsOf, startAt } from '../finder-map.ts'
import { capacityWords, distanceInWords, type FinderRow, misfitWords, phoneLink } from '../finder-view.ts'
import { backTo, searchBehind } from '../search-behind.ts'
import { type FinderDeps, finderActor } from './finder-deps.ts'

type Compared = {
  readonly href: string
  readonly name: string
  readonly type: string
  readonly address: string
  readonly state: OpenWords
  readonly days: readonly string[]
  readonly capacity: FinderRow['capacity']
  /** Said where it is neither Red nor Amber. */
  readonly notFull: string
  readonly distance: string
  readonly fit: readonly string[]
  readonly phone: FinderRow['phone']
}
type View = {
  readonly title: string
  readonly back: string
  /** Said above the list; null for nothing. */
  readonly note: string | null
  readonly services: readonly Compared[]
  readonly chart: Chart
  /** Whether the chart has hours that nobody knows. */
  readonly hasUnknown: boolean
}

const render = template<View>('service-finder/pages/compare.njk')
const LONGEST_UID = 10

/** Mounts the page. */
export function comparePage(app: FastifyInstance, deps: FinderDeps): void {
  app.get('/finder/compare', async (request, reply) => {
    finderActor(request)
    return render(reply, await viewOf(request, deps))
  })
}

async function viewOf(request: FastifyRequest, deps: FinderDeps): Promise<View> {
  const query = request.query as Readonly<Record<string, unknown>>
  const back = backTo(query['back'])
  const asked = uidsIn(query['uid'])
  const services = asked.flatMap((uid) => deps.triage.service(uid) ?? []).slice(0, MOST_COMPARED)
  const instant = deps.clock.now()
  const now = toLondon(instant)
  const lines = services.map(({ shown }) => ({ name: chartName(shown), line: axisLine(shown.hours, now.day) }))
  const capacities = await loadCapacities(
    deps.db.pool,
    services.map(({ shown }) => shown.uid),
    instant,
  )
  const search = searchBehind(back, deps)
  const roads = search && (await deps.roads.distances(search.place, destinationsOf(services)))
  return {
    title: 'Compare services',
    back,
    note: noteOn(asked.length, services.length),
    services: services.map((service, index) => ({
      href: `/finder/services/${service.shown.uid}${back === '' ? '' : `?back=${encodeURIComponent(back)}`}`,
      name: nameOf(service.shown),
      type: deps.reference().types.get(service.shown.typeId)?.name ?? '',
      address: [service.shown.address, service.shown.postcode].filter(Boolean).join(', '),
      state: openingWords(service.shown.hours, now, true),
      days: lines[index]?.line.days ?? [],
      capacity: capacityWords(capacities.get(service.shown.uid), instant),
      notFull: notFullWords(capacities.get(service.shown.uid)),
      ...besideSearch(service, { search, roads }, deps),
      phone: phoneLink(service.shown.phone),
    })),
    chart: chartOf(lines, now),
    hasUnknown: lines.some(({ line }) => line.unknown.length > 0),
  }
}

/** Green because somebody said so, or because nobody ever said anything. */
const notFullWords = (capacity: CurrentCapacity | undefined): string =>
  !capacity || capacity.because === 'never' ? 'Nobody has said' : 'Green: has capacity'

const nameOf = ({ publicName, name }: { readonly publicName: string | null; readonly name: string }): string =>
  publicName ?? name

/** Branches of one name are told apart by their postcodes. */
const chartName = (shown: UrgentCareService['shown']): string =>
  [nameOf(shown), shown.postcode].filter(Boolean).join(', ')

/** How far it is from where was searched, and whether it fits whom was searched for. */
function besideSearch(
  service: UrgentCareService,
  { search, roads }: { readonly search: ReturnType<typeof searchBehind>; readonly roads: RoadDistances | undefined },
  deps: FinderDeps,
): Pick<Compared, 'distance' | 'fit'> {
  const { latitude, longitude } = service.shown
  if (!search) return { distance: 'Not known without a search', fit: ['Not known without a search'] }
  const now = toLondon(deps.clock.now())
  const fit = fitOf(service, search.request, { now, profiles: deps.profiles })
  return {
    distance:
      latitude === null || longitude === null
        ? 'Not known'
        : distanceInWords(distanceMetres(search.place, { latitude, longitude }), {
            roadMetres: roads?.get(service.shown.uid),
            isArea: startAt(search.place).isArea,
          }),
    fit: misfitWords(fit, { role: search.request.patient.role, reference: deps.reference() }),
  }
}

/** Each once, in the order in which they were ticked. */
function uidsIn(given: unknown): readonly number[] {
  const texts = [given]
    .flat()
    .filter((uid) => typeof uid === 'string' && /^\d+$/.test(uid) && uid.length <= LONGEST_UID)
  return [...new Set(texts.map(Number))]
}

function noteOn(asked: number, shown: number): string | null {
  if (shown === 0) return 'Tick the services that you want to compare, then choose “Compare the ticked”.'
  if (asked > MOST_COMPARED) return `Only the first ${MOST_COMPARED} of those that you ticked are shown.`
  return asked > shown ? 'One or more of them do not exist any more.' : null
}
