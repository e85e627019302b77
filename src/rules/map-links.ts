/** Links that open a place in a map of the reader's own choice. They ask nobody for anything until somebody presses them. */
import type { Position } from './distance.ts'

/** About one metre. */
const DECIMALS = 5
const STREET_ZOOM = 17

const degrees = (value: number): string => String(Number(value.toFixed(DECIMALS)))

/** `geo:53.42,-2.32?q=53.42,-2.32(Hill%20%26%20Sons)`: telephones open it in the map that they have. Source: RFC 5870. */
export function geoLink({ latitude, longitude }: Position, name: string): string {
  const at = `${degrees(latitude)},${degrees(longitude)}`
  // Brackets would end the name.
  return `geo:${at}?q=${at}(${encodeURIComponent(name.replaceAll(/[()]/g, ' ').toWellFormed())})`
}

/** The page of OpenStreetMap with a pin at the place. */
export function openStreetMapLink({ latitude, longitude }: Position): string {
  const [north, east] = [degrees(latitude), degrees(longitude)]
  return `https://www.openstreetmap.org/?mlat=${north}&mlon=${east}#map=${STREET_ZOOM}/${north}/${east}`
}
