/** Where a search was from: said beside each distance, carried to a pharmacy's page, and shown on the map. */
import { type MapView, mapOfList } from '#src/platform/map/map-view.ts'
import type { Places } from '#src/reference-data/places.ts'
import { bearingDegrees, type StartingPoint, windOf } from '#src/rules/directions-words.ts'
import { distanceMetres, type Position } from '#src/rules/distance.ts'
import { parseMapPoint } from '#src/rules/map-point.ts'
import { onFootInWords } from '#src/rules/time-on-foot.ts'
import type { NearbyPharmacy } from './nearby.ts'
import type { ResultRow, Spot } from './results-view.ts'

/** Whether somebody is there, and not somewhere in an area of which this is the middle. */
export const isExact = ({ kind }: Spot): boolean => kind === 'postcode' || kind === 'location'

/** Nearer than this a direction says nothing. */
const NO_DIRECTION_METRES = 100
const POINT_DECIMALS = 3
const YOUR_LOCATION = 'your location'

/** The row as it is from a place: with a direction and the time on foot, and with the place in the link to its page. */
export function rowFrom(place: Spot, row: ResultRow, { service, distanceMetres }: NearbyPharmacy): ResultRow {
  const to = positionOf(service)
  const wind = to && distanceMetres > NO_DIRECTION_METRES ? ` ${windOf(bearingDegrees(place, to))}` : ''
  return {
    ...row,
    href: row.href && `${row.href}?from=${encodeURIComponent(startParameter(place))}`,
    distance: row.distance && [`${row.distance}${wind}`, walkFrom(place, distanceMetres)].filter(Boolean).join(', '),
  }
}

/** Undefined where it is too far, and where somebody may be anywhere in an area. */
const walkFrom = (place: Spot, distanceMetres: number): string | undefined =>
  isExact(place) ? onFootInWords(distanceMetres) : undefined

const startParameter = (place: Spot): string =>
  place.kind === 'location'
    ? `${place.latitude.toFixed(POINT_DECIMALS)},${place.longitude.toFixed(POINT_DECIMALS)}`
    : place.label

/** Where somebody sets out who came from a search: `from` is the name of a place, or a point. Null when it is neither. */
export function readStart(from: unknown, places: Pick<Places, 'find'>): StartingPoint | null {
  if (typeof from !== 'string') return null
  const point = /^-?\d{1,2}(\.\d{1,9})?,-?\d{1,2}(\.\d{1,9})?$/.test(from) ? parseMapPoint(from) : undefined
  if (point) return { latitude: point.latitude, longitude: point.longitude, label: YOUR_LOCATION, isArea: false }
  const answer = places.find(from)
  if (answer.kind !== 'found') return null
  const { latitude, longitude, label, kind } = answer.place
  return { latitude, longitude, label, isArea: kind !== 'postcode' }
}

/** `About 8 minutes on foot: …`, as a sentence; empty where it is too far, and for the middle of an area. */
export function walkInWords({ isArea, ...start }: StartingPoint, to: Position): string {
  const words = isArea ? undefined : onFootInWords(distanceMetres(start, to))
  return words === undefined
    ? ''
    : `A${words.slice(1)}: our estimate from the straight line and a third more, at 3 miles an hour.`
}

/** The map of a page's first list; null where it is empty. `rows` and `found` are in the same order. */
export function mapOfResults(
  place: Spot,
  rows: readonly ResultRow[],
  found: readonly NearbyPharmacy[],
): MapView | null {
  const isArea = place.kind === 'outcode' || place.kind === 'town'
  return mapOfList(
    rows.map(({ name, href, state, distance }, index) => {
      const service = found[index]?.service
      const lines = [state.sentence, distance].filter((line) => line !== null)
      return { row: `result-${index + 1}`, name, href, lines, position: service ? positionOf(service) : null }
    }),
    ['pharmacy', 'pharmacies'],
    { latitude: place.latitude, longitude: place.longitude, label: `${isArea ? 'the middle of ' : ''}${place.label}` },
  )
}

const positionOf = ({ latitude, longitude }: NearbyPharmacy['service']): Position | null =>
  latitude === null || longitude === null ? null : { latitude, longitude }
