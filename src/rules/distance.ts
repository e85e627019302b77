/** Where something is, in WGS84 degrees. */
export type Position = { readonly latitude: number; readonly longitude: number }

export const METRES_PER_MILE = 1609.344

/** Miles with one decimal, as the web services write them: `0.0`, `48.3`. */
export const milesText = (metres: number): string => (metres / METRES_PER_MILE).toFixed(1)

const EARTH_RADIUS_METRES = 6_371_000
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** The great-circle distance in whole metres (haversine on a sphere of 6,371 km). Symmetric; 0 for the same place. */
export function distanceMetres(a: Position, b: Position): number {
  const northward = Math.sin(radians(b.latitude - a.latitude) / 2)
  const eastward = Math.sin(radians(b.longitude - a.longitude) / 2)
  const chord =
    northward * northward + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * eastward * eastward
  return Math.round(2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(chord))))
}

/**
 * Whole metres from north to south between two places: never more than `distanceMetres`, and worked out more than ten times
 * as fast. Whoever looks for the nearest passes over most places by it.
 */
export const northSouthMetres = (a: Position, b: Position): number =>
  Math.floor(EARTH_RADIUS_METRES * radians(Math.abs(b.latitude - a.latitude)))

/** `0.3 miles`, `1 mile`, `12 miles`, as people read them: whole miles from ten on. */
export function milesInWords(metres: number): string {
  const miles = metres / METRES_PER_MILE
  if (miles < 0.1) return 'less than 0.1 miles'
  const rounded = miles < 9.95 ? Math.round(miles * 10) / 10 : Math.round(miles)
  return rounded === 1 ? '1 mile' : `${rounded} miles`
}

/** `about 0.6 miles`, for a distance that is only known roughly, as by road; `less than 0.1 miles` is rough already. */
export function roughMilesInWords(metres: number): string {
  const words = milesInWords(metres)
  return /^\d/.test(words) ? `about ${words}` : words
}
