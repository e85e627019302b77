/** What a map shows. Every map stands beside a list or a page that says the same in words; script draws it, see map.js. */
import type { Position } from '#src/rules/distance.ts'

export type MapPoint = Position & {
  /** Id of the row of the page's list that it belongs to; null where the page is about this place alone. */
  readonly row: string | null
  readonly name: string
  /** Null where it has no page, or this is its page. */
  readonly href: string | null
  /** What is said of it below its name. */
  readonly lines: readonly string[]
}

export type MapView = {
  readonly title: string
  /** Of its heading: 2, or 3 where it is within a part of the page. */
  readonly level: 2 | 3
  /** Where the search was from; null for nowhere. */
  readonly origin: (Position & { readonly label: string }) | null
  /** In the order of the list. */
  readonly points: readonly MapPoint[]
  /** Beneath the map; null for nothing to say. */
  readonly note: string | null
}

/** Something of a list that may be on the map: what has no position stays in the list only. */
export type Mappable = Omit<MapPoint, 'latitude' | 'longitude'> & { readonly position: Position | null }

/**
 * The map of a list; null where nothing of it has a position. `noun` is what the rows are, one and several of them:
 * `['pharmacy', 'pharmacies']`.
 */
export function mapOfList(
  rows: readonly Mappable[],
  noun: readonly [one: string, several: string],
  origin: MapView['origin'],
): MapView | null {
  const points = rows.flatMap(({ position, ...point }) => (position ? [{ ...point, ...onlyPosition(position) }] : []))
  if (points.length === 0) return null
  const missing = rows.length - points.length
  const notes = [
    ...(origin ? [`The black circle is ${origin.label}.`] : []),
    ...(missing > 0 ? [`${missing} ${noun[missing === 1 ? 0 : 1]} of the list cannot be placed on the map.`] : []),
  ]
  return {
    title: 'Map',
    level: 2,
    origin: origin && { ...onlyPosition(origin), label: origin.label },
    points,
    note: ['Each number is a place in the list.', ...notes].join(' '),
  }
}

/** What else a place knows, such as metres of the National Grid, stays away from the page. */
export const onlyPosition = ({ latitude, longitude }: Position): Position => ({ latitude, longitude })
