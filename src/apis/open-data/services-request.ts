/** The parameters of `GET /api/v1/services`: read, checked, and described for the OpenAPI document. */
import { z } from 'zod'
import type { Position } from '#src/rules/distance.ts'
import { type LondonTime, parseLocalDate, parseLondonMinute } from '#src/rules/london-time.ts'
import { type Postcode, parsePostcode } from '#src/rules/postcode.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { readParameters, text } from './parameters.ts'

export type ServicesRequest = {
  readonly place: { readonly postcode: Postcode } | Position
  /** Undefined: every type. */
  readonly typeIds: readonly number[] | undefined
  /** Undefined: now. */
  readonly at: LondonTime | undefined
  readonly onlyOpen: boolean
  readonly limit: number
}

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 50
const MAX_TYPES = 50
const MAX_LATITUDE = 90
const MAX_LONGITUDE = 180

/** How each parameter is read; undefined when the text will not do. */
const READERS = {
  postcode: parsePostcode,
  latitude: (given: string) => readDegrees(given, MAX_LATITUDE),
  longitude: (given: string) => readDegrees(given, MAX_LONGITUDE),
  type: readTypes,
  'open-at': parseLondonMinute,
  status: (given: string) => (given === 'open' ? given : undefined),
  limit: readLimit,
} as const

function readDegrees(given: string, most: number): number | undefined {
  const degrees = /^-?\d{1,3}(\.\d{1,20})?$/.test(given) ? Number(given) : Number.NaN
  return Math.abs(degrees) <= most ? degrees : undefined
}

function readTypes(given: string): readonly number[] | undefined {
  const types = /^\d{1,9}(,\d{1,9})*$/.test(given) ? given.split(',').map(Number) : []
  return types.length > 0 && types.length <= MAX_TYPES ? types : undefined
}

function readLimit(given: string): number | undefined {
  const limit = /^\d{1,9}$/.test(given) ? Number(given) : 0
  return limit >= 1 && limit <= MAX_LIMIT ? limit : undefined
}

type Reader<Value> = (given: string) => Value | undefined

/** A parameter that is read by `read`. `what` names what to give; `why` says what is wrong with a text. */
const parameter = <Value>(what: string, read: Reader<Value>, why: (given: string) => string) =>
  text(what)
    .transform((given, context) => {
      const value = read(given)
      if (value === undefined) context.issues.push({ code: 'custom', input: given, message: why(given) })
      return value as Value
    })
    .optional()

const always = (message: string) => () => message
const ONE_TO_LIMIT = `a whole number from 1 to ${MAX_LIMIT}`

/** The parameters, each with how it is written. What they mean together is checked by `readServicesRequest`. */
export const servicesParameters = z.strictObject({
  postcode: parameter('a full postcode', READERS.postcode, always('Give a full postcode, such as M33 7AB')).meta({
    description: 'Where from: a full postcode. Instead of latitude and longitude.',
    example: 'M33 7AB',
  }),
  latitude: parameter(
    'a latitude in degrees',
    READERS.latitude,
    always(`Give a latitude in decimal degrees, such as 53.43, from -${MAX_LATITUDE} to ${MAX_LATITUDE}`),
  ).meta({ description: 'Where from: WGS84 degrees north. Together with longitude.', example: '53.43' }),
  longitude: parameter(
    'a longitude in degrees',
    READERS.longitude,
    always(`Give a longitude in decimal degrees, such as -2.32, from -${MAX_LONGITUDE} to ${MAX_LONGITUDE}`),
  ).meta({ description: 'Where from: WGS84 degrees east. Together with latitude.', example: '-2.32' }),
  type: parameter(
    'one or more type numbers',
    READERS.type,
    always(`Give up to ${MAX_TYPES} type numbers separated by commas, such as 13,134`),
  ).meta({ description: 'Only these DoS service types. Absent: every type.', example: '13,134' }),
  'open-at': parameter('a London time', READERS['open-at'], whyNoLondonMinute).meta({
    description:
      'The London minute for which openState is computed; absent: now. It removes nothing. No zone. Of a minute that occurs twice in autumn the first is meant.',
    example: '2026-12-11T10:34',
  }),
  status: parameter(
    'open',
    READERS.status,
    always('The only status to ask for is open; leave it out for every service'),
  ).meta({ description: '`open`: only services known to be open at that minute.', enum: ['open'] }),
  limit: parameter(ONE_TO_LIMIT, READERS.limit, always(`Give ${ONE_TO_LIMIT}`)).meta({
    description: `How many services, 1 to ${MAX_LIMIT}. Absent: ${DEFAULT_LIMIT}.`,
    example: '10',
  }),
})

type Parameters = Partial<z.infer<typeof servicesParameters>>

/** Reads a request. Problems name the parameter and say what to give instead. */
export function readServicesRequest(query: unknown): Result<ServicesRequest> {
  const plain = readWithoutProblems(query as Readonly<Record<string, unknown>>)
  if (plain) return together(plain)
  const read = readParameters(servicesParameters, query)
  return read.ok ? together(read.value) : read
}

const readers: ReadonlyMap<string, Reader<unknown>> = new Map(Object.entries(READERS))

/** The parameters, read by the same readers; undefined when anything is wrong. Five times as fast as saying what. */
function readWithoutProblems(query: Readonly<Record<string, unknown>>): Parameters | undefined {
  const parameters: Record<string, unknown> = {}
  for (const name in query) {
    const given = query[name]
    const value = typeof given === 'string' ? readers.get(name)?.(given) : undefined
    if (value === undefined) return undefined
    parameters[name] = value
  }
  return parameters
}

/** Puts the parameters together. */
function together({ postcode, latitude, longitude, ...read }: Parameters): Result<ServicesRequest> {
  const place = placeOf(postcode, latitude, longitude)
  if (!place.ok) return place
  const { type: typeIds, limit = DEFAULT_LIMIT } = read
  return accepted({ place: place.value, typeIds, at: read['open-at'], onlyOpen: read.status !== undefined, limit })
}

function placeOf(
  postcode: Postcode | undefined,
  latitude: number | undefined,
  longitude: number | undefined,
): Result<ServicesRequest['place']> {
  if (postcode !== undefined) {
    if (latitude === undefined && longitude === undefined) return accepted({ postcode })
    return refused(misplaced('postcode', 'Give either postcode, or latitude and longitude, not both'))
  }
  if (latitude !== undefined && longitude !== undefined) return accepted({ latitude, longitude })
  if (latitude !== undefined) return refused(misplaced('longitude', 'Give longitude as well as latitude'))
  if (longitude !== undefined) return refused(misplaced('latitude', 'Give latitude as well as longitude'))
  return refused(misplaced('postcode', 'Give a postcode, or latitude and longitude'))
}

const misplaced = (field: string, message: string): Problem => ({
  field,
  code: 'place',
  message: `${field}: ${message}`,
})

/** What to say to a time that is not a London minute. */
function whyNoLondonMinute(given: string): string {
  const example = 'such as 2026-12-11T10:34'
  if (/T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+\- ]\d\d:?\d\d)$/i.test(given)) {
    return `Leave out the zone: this is a time on London clocks, ${example}`
  }
  if (/^\S{10}T24:00$/.test(given)) return 'Give midnight as 00:00 of the next day'
  const [date = '', minute = ''] = given.split('T')
  if (/^\d{4}-\d\d-\d\d$/.test(date) && !parseLocalDate(date)) return `There is no ${date}: give a date that exists`
  if (/^01:[0-5]\d$/.test(minute) && parseLocalDate(date)) {
    return `London clocks skip ${minute} on ${date}: give a time before 01:00 or from 02:00`
  }
  return `Give a date and time on London clocks, to the minute and without a zone, ${example}`
}
