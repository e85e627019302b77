/** The way to a place in words: how far it is and in which direction. For people who see no map, and for all others. */
import { distanceMetres, METRES_PER_MILE, milesInWords, type Position, roughMilesInWords } from './distance.ts'

const WINDS = ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'] as const
/** One of the eight winds, as people say it. */
export type Wind = (typeof WINDS)[number]

const DEGREES_PER_WIND = 45
/** Nearer than this a direction says nothing: postcodes are about that large. */
const SAME_PLACE_METRES = 50

const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** In which direction one sets out from a place for another: degrees clockwise from north, from 0 up to 360; 0 for the same place. */
export function bearingDegrees(from: Position, to: Position): number {
  const [north, south] = [radians(to.latitude), radians(from.latitude)]
  const across = radians(to.longitude - from.longitude)
  const eastward = Math.sin(across) * Math.cos(north)
  const northward = Math.cos(south) * Math.sin(north) - Math.sin(south) * Math.cos(north) * Math.cos(across)
  return ((Math.atan2(eastward, northward) * 180) / Math.PI + 360) % 360
}

/** The wind nearest to a bearing; half way between two it is the one further clockwise. Any number of degrees will do. */
export function windOf(degrees: number): Wind {
  const nearest = Math.floor((((degrees % 360) + 360) % 360) / DEGREES_PER_WIND + 0.5)
  return WINDS[nearest % WINDS.length] ?? 'north'
}

/** `0.4 miles north-east`; `less than 0.1 miles west`; `at the same place` within 50 metres. */
export function distanceAndWind(from: Position, to: Position): string {
  const metres = distanceMetres(from, to)
  if (metres < SAME_PLACE_METRES) return 'at the same place'
  return `${milesInWords(metres)} ${windOf(bearingDegrees(from, to))}`
}

/** Where somebody sets out. */
export type StartingPoint = Position & {
  /** `M33 7AB`, `Sale`. */
  readonly label: string
  /** It stands for a whole area, so that its middle is meant. */
  readonly isArea: boolean
}

/**
 * `0.4 miles (0.6 km) north-east of M33 7AB in a straight line, about 0.6 miles by road.` The road is left out where
 * nobody knows it (null), and where it would be shorter than the straight line: then one of the two points is rough.
 */
export function directionsInWords(from: StartingPoint, to: Position, roadMetres: number | null): string {
  const start = `${from.isArea ? 'the middle of ' : ''}${from.label}`
  const metres = distanceMetres(from, to)
  if (metres < SAME_PLACE_METRES) return `Less than ${SAME_PLACE_METRES} metres from ${start}.`
  const straight = `${milesInWords(metres)} (${kilometres(metres)}) ${windOf(bearingDegrees(from, to))} of ${start}`
  const road = roadMetres === null || roadMetres < metres ? '' : `, ${roughMilesInWords(roadMetres)} by road`
  return `${sentenceCase(straight)} in a straight line${road}.`
}

const METRES_PER_KILOMETRE = 1000

function kilometres(metres: number): string {
  const km = metres / METRES_PER_KILOMETRE
  if (metres < METRES_PER_MILE / 10) return `${Math.round(metres / 10) * 10} metres`
  return `${km < 9.95 ? Math.round(km * 10) / 10 : Math.round(km)} km`
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
