/** The map of what was found, and the way to one service in words: both repeat what the page says without a script. */
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { type GettingThere, gettingThere } from '#src/platform/map/getting-there.ts'
import { type MapView, mapOfList } from '#src/platform/map/map-view.ts'
import type { Place, Places } from '#src/reference-data/places.ts'
import type { StartingPoint } from '#src/rules/directions-words.ts'
import { distanceMetres, type Position } from '#src/rules/distance.ts'
import { onFootInWords } from '#src/rules/time-on-foot.ts'
import type { RoadDestination, RoadProvider } from '#src/urgent-care/road-distances.ts'
import type { FinderFound } from './find-services.ts'
import { finderForm } from './finder-request.ts'
import type { FinderRow } from './finder-view.ts'
import { whereIn } from './search-behind.ts'

/** The map of the services that fit; null where there are none. `rows` and `found` are in the same order. */
export function finderMap(place: Place, rows: readonly FinderRow[], found: readonly FinderFound[]): MapView | null {
  const start = startAt(place)
  return mapOfList(
    rows.map(({ name, href, state, distance }, index) => ({
      ...{ row: `result-${index + 1}`, name, href },
      lines: [state.sentence, distance],
      position: positionOf(found[index]?.service),
    })),
    ['service', 'services'],
    { ...start, label: `${start.isArea ? 'the middle of ' : ''}${start.label}` },
  )
}

/**
 * How to get to a service from the place of the search that led to it: `back` is the address of its results, empty where
 * nobody searched. Null for a service that has no position.
 */
export async function wayToService(
  service: UrgentCareService,
  back: string,
  { places, roads }: { readonly places: Pick<Places, 'find'>; readonly roads: Pick<RoadProvider, 'distances'> },
): Promise<GettingThere | null> {
  const { shown } = service
  const position = positionOf(service)
  const searched = whereIn(finderForm(Object.fromEntries(new URLSearchParams(back.split('?')[1] ?? ''))), places)
  const from = searched.kind === 'found' ? startAt(searched.place) : null
  const byRoad = from ? await roads.distances(from, destinationsOf([service])) : undefined
  const way = gettingThere(
    {
      ...{ name: shown.publicName ?? shown.name, position },
      address: [shown.address, shown.postcode].filter(Boolean).join(', '),
    },
    from,
    byRoad?.get(shown.uid) ?? null,
  )
  const walk = from && position && !from.isArea ? onFootInWords(distanceMetres(from, position)) : undefined
  if (!way?.directions || walk === undefined) return way
  return { ...way, directions: `${way.directions} A${walk.slice(1)}, as we estimate.` }
}

/** Where one can ask the way to: the services that have a position. */
export const destinationsOf = (services: readonly UrgentCareService[]): readonly RoadDestination[] =>
  services.flatMap((service) => {
    const position = positionOf(service)
    return position ? [{ uid: service.shown.uid, ...position }] : []
  })

/** Where somebody sets out who searched near a place. */
export const startAt = ({ latitude, longitude, label, kind }: Place): StartingPoint => ({
  ...{ latitude, longitude, label },
  isArea: kind !== 'postcode',
})

function positionOf(service: UrgentCareService | undefined): Position | null {
  const { latitude = null, longitude = null } = service?.shown ?? {}
  return latitude === null || longitude === null ? null : { latitude, longitude }
}
