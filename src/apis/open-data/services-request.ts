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

const degrees = (name: string, limit: number) =>
  text(`a ${name} in degrees`)
    .regex(/^-?\d{1,3}(\.\d{1,20})?$/, {
      error: `Give the ${name} in decimal degrees, such as ${limit === 90 ? '53.43' : '-2.32'}`,
      abort: true,
    })
    .transform(Number)
    .refine((value) => Math.abs(value) <= limit, { error: `Give a ${name} from -${limit} to ${limit}` })

/** The parameters, each with how it is written. What they mean together is checked by `readServicesRequest`. */
export const servicesParameters = z.strictObject({
  postcode: text('a full postcode')
    .transform((given, context) => {
      const postcode = parsePostcode(given)
      if (!postcode)
        context.issues.push({ code: 'custom', input: given, message: 'Give a full postcode, such as M33 7AB' })
      return postcode ?? z.NEVER
    })
    .optional()
    .meta({ description: 'Where from: a full postcode. Instead of latitude and longitude.', example: 'M33 7AB' }),
  latitude: degrees('latitude', 90)
    .optional()
    .meta({ description: 'Where from: WGS84 degrees north. Together with longitude.', example: '53.43' }),
  longitude: degrees('longitude', 180)
    .optional()
    .meta({ description: 'Where from: WGS84 degrees east. Together with latitude.', example: '-2.32' }),
  type: text('one or more type numbers')
    .regex(/^\d{1,9}(,\d{1,9})*$/, { error: 'Give type numbers separated by commas, such as 13,134', abort: true })
    .transform((given) => given.split(',').map(Number))
    .refine((types) => types.length <= MAX_TYPES, { error: `Give ${MAX_TYPES} types or fewer` })
    .optional()
    .meta({ description: 'Only these DoS service types. Absent: every type.', example: '13,134' }),
  'open-at': text('a London time')
    .transform((given, context) => {
      const at = parseLondonMinute(given)
      if (!at) context.issues.push({ code: 'custom', input: given, message: whyNoLondonMinute(given) })
      return at ?? z.NEVER
    })
    .optional()
    .meta({
      description:
        'The London minute for which openState is computed; absent: now. It removes nothing. No zone. Of a minute that occurs twice in autumn the first is meant.',
      example: '2026-12-11T10:34',
    }),
  status: text('open')
    .refine((given) => given === 'open', {
      error: 'The only status to ask for is open; leave it out for every service',
    })
    .optional()
    .meta({ description: '`open`: only services known to be open at that minute.', enum: ['open'] }),
  limit: text(`a number from 1 to ${MAX_LIMIT}`)
    .regex(/^\d{1,9}$/, { error: `Give a whole number from 1 to ${MAX_LIMIT}`, abort: true })
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MAX_LIMIT, { error: `Give a number from 1 to ${MAX_LIMIT}` })
    .optional()
    .meta({ description: `How many services, 1 to ${MAX_LIMIT}. Absent: ${DEFAULT_LIMIT}.`, example: '10' }),
})

/** Reads a request. Problems name the parameter and say what to give instead. */
export function readServicesRequest(query: unknown): Result<ServicesRequest> {
  const read = readParameters(servicesParameters, query)
  if (!read.ok) return read
  const { postcode, latitude, longitude, type, limit = DEFAULT_LIMIT } = read.value
  const place = placeOf(postcode, latitude, longitude)
  if (!place.ok) return place
  return accepted({
    place: place.value,
    typeIds: type,
    at: read.value['open-at'],
    onlyOpen: read.value.status !== undefined,
    limit,
  })
}

function placeOf(
  postcode: Postcode | undefined,
  latitude: number | undefined,
  longitude: number | undefined,
): Result<ServicesRequest['place']> {
  const given = (latitude === undefined ? 0 : 1) + (longitude === undefined ? 0 : 1)
  if (postcode !== undefined) {
    if (given === 0) return accepted({ postcode })
    return refused(misplaced('postcode', 'Give either postcode, or latitude and longitude, not both'))
  }
  if (latitude !== undefined && longitude !== undefined) return accepted({ latitude, longitude })
  if (given === 0) return refused(misplaced('postcode', 'Give a postcode, or latitude and longitude'))
  return latitude === undefined
    ? refused(misplaced('latitude', 'Give latitude as well as longitude'))
    : refused(misplaced('longitude', 'Give longitude as well as latitude'))
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
