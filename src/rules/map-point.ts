/** A point on the map as people type it: a National Grid reference, or latitude and longitude. */
import { toGps, toGrid } from './national-grid.ts'

/** WGS84 degrees and OSGB36 grid metres of one point. */
export type MapPoint = {
  readonly latitude: number
  readonly longitude: number
  readonly easting: number
  readonly northing: number
}

/** The point of something that has more to say, such as a postcode; undefined for nothing. */
export const positionOf = (place: MapPoint | undefined): MapPoint | undefined =>
  place && {
    latitude: place.latitude,
    longitude: place.longitude,
    easting: place.easting,
    northing: place.northing,
  }

/**
 * How far from the middle of its postcode a pharmacy may put its own pin. Postcodes are smaller than this in towns.
 * Source: our own choice, in the spirit of GEO: a wrong pin decides whether a pharmacy is found.
 */
export const PIN_WITHOUT_APPROVAL_METRES = 250

/** Great Britain in grid metres, from the Isles of Scilly to Shetland. */
const GRID = { west: 80_000, east: 700_000, south: 4_000, north: 1_300_000 }

/**
 * Reads `53.424, -2.318`, `SJ 78940 91980`, `SJ789919` or `378940, 391980`. Undefined for anything else and for points
 * outside Great Britain. A grid reference of few digits names a square; its middle is taken.
 */
export function parseMapPoint(text: string): MapPoint | undefined {
  const typed = text.normalize('NFKC').replaceAll('−', '-').trim().toUpperCase()
  return lettered(typed) ?? numbered(typed)
}

function lettered(typed: string): MapPoint | undefined {
  const match = /^([A-HJ-Z])([A-HJ-Z])\s*(\d{2,5})\s*,?\s*(\d{2,5})$|^([A-HJ-Z])([A-HJ-Z])\s*(\d{4,10})$/.exec(typed)
  if (!match) return undefined
  const letters = `${match[1] ?? match[5]}${match[2] ?? match[6]}`
  const digits = match[7] ?? `${match[3]}${match[4]}`
  const half = digits.length / 2
  if (!Number.isInteger(half) || (match[3] !== undefined && match[3].length !== match[4]?.length)) return undefined
  const [east, north] = squareOf(letters)
  const metres = 10 ** (5 - half)
  const middle = metres > 1 ? metres / 2 : 0
  return fromGrid(
    east + Number(digits.slice(0, half)) * metres + middle,
    north + Number(digits.slice(half)) * metres + middle,
  )
}

/** The south-west corner of a 100 km square. Two letters of an alphabet without I, each a place in a grid of five by five. */
function squareOf(letters: string): readonly [east: number, north: number] {
  const [first = 0, second = 0] = [...letters].map((letter) => {
    const index = letter.charCodeAt(0) - 65
    return index > 7 ? index - 1 : index
  })
  const east = ((((first % 5) + 3) % 5) * 5 + (second % 5)) * 100_000
  const north = (19 - Math.floor(first / 5) * 5 - Math.floor(second / 5)) * 100_000
  return [east, north]
}

function numbered(typed: string): MapPoint | undefined {
  const match = /^(-?\d+(?:\.\d+)?)\s*[,\s]\s*(-?\d+(?:\.\d+)?)$/.exec(typed)
  if (!match) return undefined
  const [first, second] = [Number(match[1]), Number(match[2])]
  if (Math.abs(first) <= 90 && Math.abs(second) <= 180) return fromGps(first, second)
  return fromGrid(first, second)
}

function fromGps(latitude: number, longitude: number): MapPoint | undefined {
  if (latitude < 49.8 || latitude > 61 || longitude < -8.7 || longitude > 1.8) return undefined
  return { latitude: sixDecimals(latitude), longitude: sixDecimals(longitude), ...toGrid({ latitude, longitude }) }
}

function fromGrid(easting: number, northing: number): MapPoint | undefined {
  const isInside = easting > GRID.west && easting < GRID.east && northing > GRID.south && northing < GRID.north
  if (!isInside) return undefined
  const grid = { easting: Math.round(easting), northing: Math.round(northing) }
  return { ...toGps(grid), ...grid }
}

const sixDecimals = (degrees: number): number => Math.round(degrees * 1e6) / 1e6
