/** The part of a page that says how to get to one place: the way in words, links to maps, and a map. View: getting-there.njk */
import { directionsInWords, type StartingPoint } from '#src/rules/directions-words.ts'
import type { Position } from '#src/rules/distance.ts'
import { geoLink, openStreetMapLink } from '#src/rules/map-links.ts'
import { type MapView, onlyPosition } from './map-view.ts'

export type GettingThere = {
  /** Null where nobody said where they set out. */
  readonly directions: string | null
  readonly links: { readonly ownApp: string; readonly openStreetMap: string }
  readonly map: MapView
}

/** `roadMetres` is null where nobody knows it; null for a place that has no position. */
export function gettingThere(
  place: { readonly name: string; readonly address: string; readonly position: Position | null },
  from: StartingPoint | null,
  roadMetres: number | null,
): GettingThere | null {
  const { name, address, position } = place
  if (!position) return null
  return {
    directions: from && directionsInWords(from, position, roadMetres),
    links: { ownApp: geoLink(position, name), openStreetMap: openStreetMapLink(position) },
    map: {
      title: `Map of ${name}`,
      level: 3,
      origin: from && { ...onlyPosition(from), label: from.label },
      points: [{ ...onlyPosition(position), row: null, name, href: null, lines: [address] }],
      note: from ? `The black circle is ${from.isArea ? 'the middle of ' : ''}${from.label}.` : null,
    },
  }
}
