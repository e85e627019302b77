/** Requests for another name, address or pin in words. */
import { distanceMetres } from '#src/rules/distance.ts'
import type { AskedPlace, PlaceKind, PlaceNow } from './place-change.ts'
import type { Position } from './profile.ts'

/** What is to be corrected, in the middle of a sentence. */
export const PLACE_WORDS: Readonly<Record<PlaceKind, string>> = {
  name: 'trading name',
  address: 'address',
  pin: 'map pin',
}

/** What was asked for, as one line. */
export function askedInWords(asked: AskedPlace, postcode: string): string {
  switch (asked.kind) {
    case 'name':
      return asked.name
    case 'address': {
      const address = [...asked.lines, asked.postcode].join(', ')
      return asked.position ? `${address}; map pin at ${pointInWords(asked.position)}` : address
    }
    case 'pin':
      return asked.position ? pointInWords(asked.position) : `The middle of ${postcode}`
  }
}

/** The same value as it was or is. */
export function placeInWords(kind: PlaceKind, { name, address }: PlaceNow): string {
  switch (kind) {
    case 'name':
      return name
    case 'address':
      return [...address.lines, address.postcode].join(', ')
    case 'pin':
      return address.position ? pointInWords(address.position) : 'No map pin'
  }
}

/** `53.42400, -2.31800 (easting 378940, northing 391980)`. */
export const pointInWords = ({ latitude, longitude, easting, northing }: Position): string =>
  `${latitude.toFixed(5)}, ${longitude.toFixed(5)} (easting ${easting}, northing ${northing})`

/** `120 metres`, `1.4 kilometres`. */
export const metresInWords = (metres: number): string =>
  metres < 1000 ? `${metres} ${metres === 1 ? 'metre' : 'metres'}` : `${(metres / 1000).toFixed(1)} kilometres`

/** `120 metres from the middle of M33 7AB`; null where that is not known. */
export function fromCentreInWords(
  position: Position | null,
  postcode: string,
  centre: Position | undefined,
): string | null {
  if (!position || !centre) return null
  const metres = distanceMetres(position, centre)
  return metres === 0 ? `In the middle of ${postcode}` : `${metresInWords(metres)} from the middle of ${postcode}`
}
