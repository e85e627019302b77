/** What a visitor searches for, read from the address of the results page or from the form that leads to it. Pure. */
import { MONTH_NAMES, parseClockTime } from '#src/rules/clock-time.ts'
import type { Position } from '#src/rules/distance.ts'
import {
  dateOf,
  dayOf,
  formatLondon,
  type LocalDate,
  type LondonTime,
  minuteExists,
  parseLocalDate,
  parseLondonMinute,
} from '#src/rules/london-time.ts'
import { parseMapPoint } from '#src/rules/map-point.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { NOTHING_WANTED, readWants, type Wants, wantsParameters } from './wants.ts'

/** When the pharmacy shall be open. */
export type Opening =
  | { readonly kind: 'any' }
  | { readonly kind: 'now' }
  | { readonly kind: 'at'; readonly at: LondonTime }

/** What the address of a search says. */
export type Search = {
  /** Untidied: a postcode, an outcode or the name of a place; empty where a point was given instead. */
  readonly text: string
  /** Where somebody is, rounded to some hundred metres, so that no address tells which house they are in. */
  readonly point: Position | undefined
  readonly opening: Opening
  readonly wants: Wants
}

export type SearchRequest = Search & {
  /** A place that was given besides the postcode, and is left out. */
  readonly besides: string | undefined
  /** How many pharmacies to show: 10 to 50. */
  readonly shown: number
  /** The form was sent: its address is longer than the one that finds the same. */
  readonly fromForm: boolean
}

/** The form as it was filled in, to be shown again. */
export type SearchForm = {
  readonly place: string
  /** Where the last search was near, unless a place is typed; null for none. */
  readonly point: { readonly latitude: string; readonly longitude: string } | null
  /** Slugs of `rules/wanted-services.ts` and `rules/wanted-access.ts`. */
  readonly service: string
  readonly access: readonly string[]
  readonly delivery: boolean
  readonly open: '' | 'now' | 'at'
  readonly day: string
  readonly month: string
  readonly year: string
  readonly time: string
}

export type Link = { readonly text: string; readonly href: string }

export type Query = Readonly<Record<string, unknown>>

export const RESULTS_A_PAGE = 10
export const MOST_RESULTS = 50
/** Longer input is cut before it is shown again. */
const LONGEST_ECHO = 100
const BOXES = ['open-day', 'open-month', 'open-year', 'open-time'] as const

/** Of which one each makes sense. */
const SINGLE = ['place', 'postcode', 'open', 'show', 'service', 'delivery', 'latitude', 'longitude', ...BOXES] as const

/**
 * Reads `postcode`, `place`, `latitude` with `longitude`, `open` (`now`, `any` or a London minute), `service`, `access`,
 * `delivery` and `show`, or the form's `open=at` with a date in three boxes and a time. Problems name the form's fields:
 * `place`, `open`, `open-day`, `open-time`, `service`, `access`.
 */
export function readSearch(query: Query, now: LondonTime): Result<SearchRequest> {
  const repeated = SINGLE.find((name) => isRepeated(query[name]))
  if (repeated) return refused(problem(fieldOf(repeated), 'repeated', repeatedMessage(repeated)))
  const where = readWhere(query)
  const opening = readOpening(query, now)
  const wants = readWants(givenWants(query))
  if (!where.ok || !opening.ok || !wants.ok) {
    return refused(...[where, opening, wants].flatMap((part) => (part.ok ? [] : part.problems)))
  }
  return accepted({
    ...where.value,
    opening: opening.value,
    wants: wants.value,
    shown: readShown(textOf(query, 'show')),
    fromForm:
      BOXES.some((name) => name in query) ||
      textOf(query, 'open') === 'at' ||
      query['service'] === '' ||
      isTooExact(query, where.value.point),
  })
}

/** A place that is typed counts before the point where somebody is. */
function readWhere(query: Query): Result<Pick<SearchRequest, 'text' | 'point' | 'besides'>> {
  const postcode = textOf(query, 'postcode')
  const place = textOf(query, 'place')
  const text = postcode || place
  const besides = postcode !== '' && place !== '' && place !== postcode ? place : undefined
  if (text !== '') return accepted({ text, point: undefined, besides })
  const point = readPoint(query)
  if (!point.ok) return point
  return point.value ? accepted({ text, point: point.value, besides }) : refused(NO_PLACE)
}

/** About a hundred metres on the ground: near enough for a list of pharmacies, too far for a front door. */
const POINT_DECIMALS = 3

/** The point of an address, rounded; undefined when it has none. */
function readPoint(query: Query): Result<Position | undefined> {
  const [latitude, longitude] = [textOf(query, 'latitude'), textOf(query, 'longitude')]
  if (latitude === '' && longitude === '') return accepted(undefined)
  const isDegrees = (text: string) => /^-?\d{1,3}(\.\d{1,20})?$/.test(text)
  if (!isDegrees(latitude) || !isDegrees(longitude)) return refused(WRONG_POINT)
  const found = parseMapPoint(`${Number(latitude)}, ${Number(longitude)}`)
  if (!found) return refused(OUTSIDE)
  return accepted({ latitude: rounded(found.latitude), longitude: rounded(found.longitude) })
}

const rounded = (degrees: number): number => Number(degrees.toFixed(POINT_DECIMALS))

/** The address says more than the search needs: it is replaced by one that does not. */
const isTooExact = (query: Query, point: Position | undefined): boolean =>
  point !== undefined &&
  (Number(textOf(query, 'latitude')) !== point.latitude || Number(textOf(query, 'longitude')) !== point.longitude)

const givenWants = (query: Query) => ({
  service: textOf(query, 'service'),
  access: [query['access'] ?? []].flat().flatMap((value) => (typeof value === 'string' ? value.split(',') : [])),
  delivery: textOf(query, 'delivery'),
})

/** The form with what was given, also when it was wrong. */
export function searchForm(query: Query, now: LondonTime): SearchForm {
  const open = textOf(query, 'open')
  const at = parseLondonMinute(open)
  const boxes = BOXES.map((name) => echo(textOf(query, name)))
  const [day = '', month = '', year = '', time = ''] = at ? boxesOf(at) : boxes
  const anyBox = [day, month, year, time].some((value) => value !== '')
  const place = echo(textOf(query, 'postcode') || textOf(query, 'place'))
  const point = readPoint(query)
  const read = readWants(givenWants(query))
  const wants = read.ok ? read.value : NOTHING_WANTED
  return {
    place,
    point: place === '' && point.ok && point.value ? pointWords(point.value) : null,
    service: wants.service?.slug ?? '',
    access: wants.access.map(({ slug }) => slug),
    delivery: wants.delivery,
    open: open === 'now' ? 'now' : at || open === 'at' || anyBox || isWrongMinute(open, now) ? 'at' : '',
    day,
    month,
    year,
    time,
  }
}

/** The results page's address for a search: the shortest that finds the same. */
export function searchAddress({ text, point, opening, wants }: Search, shown = RESULTS_A_PAGE): string {
  const parameters = new URLSearchParams(point && text === '' ? pointWords(point) : { place: text })
  const open = openParameter(opening)
  if (open !== '') parameters.set('open', open)
  for (const [name, value] of wantsParameters(wants)) parameters.append(name, value)
  if (shown !== RESULTS_A_PAGE) parameters.set('show', String(shown))
  return `/pharmacies?${parameters.toString().replaceAll('%3A', ':').replaceAll('+', '%20')}`
}

const pointWords = ({ latitude, longitude }: Position) => ({
  latitude: latitude.toFixed(POINT_DECIMALS),
  longitude: longitude.toFixed(POINT_DECIMALS),
})

/** `now`, `2026-12-11T15:00`, or empty for any time. */
export function openParameter(opening: Opening): string {
  if (opening.kind === 'any') return ''
  return opening.kind === 'now' ? 'now' : formatLondon(opening.at)
}

function readOpening(query: Query, now: LondonTime): Result<Opening> {
  const open = textOf(query, 'open')
  if (open === 'now') return accepted({ kind: 'now' })
  const inBoxes = BOXES.some((name) => textOf(query, name) !== '')
  if (open === 'at' || (open === '' && inBoxes)) return readBoxes(query, now)
  if (open === '' || open === 'any') return accepted({ kind: 'any' })
  const at = parseLondonMinute(open)
  return at ? accepted({ kind: 'at', at }) : refused(wrongMinute(open))
}

function readBoxes(query: Query, now: LondonTime): Result<Opening> {
  const [day = '', month = '', year = '', time = ''] = BOXES.map((name) => textOf(query, name))
  const date = readDate(day, month, year, dateOf(now.day))
  const minute = readTime(time)
  if (!date.ok || !minute.ok) return refused(...(date.ok ? [] : date.problems), ...(minute.ok ? [] : minute.problems))
  const at = { day: dayOf(date.value), minute: minute.value }
  return minuteExists(at) ? accepted({ kind: 'at', at }) : refused({ ...CLOCKS_FORWARD, field: 'open-time' })
}

/** Reads three boxes; all empty means `today`. The month may be a word. */
function readDate(day: string, month: string, year: string, today: LocalDate): Result<LocalDate> {
  const missing = [!day && 'a day', !month && 'a month', !year && 'a year'].filter((part) => part !== false)
  if (missing.length === 3) return accepted(today)
  if (missing.length > 0) {
    return refused(problem('open-day', 'incomplete', `The date must include ${missing.join(' and ')}`))
  }
  if (!/^\d{4}$/.test(year)) return refused(problem('open-day', 'year', 'The year must include 4 numbers, like 2026'))
  const date = parseLocalDate(`${year}-${monthNumber(month).padStart(2, '0')}-${day.padStart(2, '0')}`)
  return date ? accepted(date) : refused(problem('open-day', 'not-real', 'The date must be a real date'))
}

/** `12` for `12`, `Dec`, `december`; other text as it is. */
function monthNumber(text: string): string {
  const at = text.length < 3 ? -1 : MONTH_NAMES.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase()))
  return at < 0 ? text : String(at + 1)
}

function readTime(text: string): Result<number> {
  if (text === '') return refused(problem('open-time', 'empty', `Enter a time, ${TIME_EXAMPLES}`))
  const minute = parseClockTime(text)
  if (minute === undefined || minute >= 1440) {
    return refused(problem('open-time', 'not-a-time', `Enter a time that we can read, ${TIME_EXAMPLES}`))
  }
  return accepted(minute)
}

const TIME_EXAMPLES = 'for example 9am, 3pm or 15:30'

/** Why `open` is not a minute: the minute is skipped, the date is not real, or it is not a minute at all. */
function wrongMinute(open: string): Problem {
  const match = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d$/.exec(open)
  if (!match) return problem('open', 'not-a-minute', 'Choose when the pharmacy should be open')
  return parseLocalDate(match[1] ?? '')
    ? CLOCKS_FORWARD
    : problem('open-day', 'not-real', 'The date must be a real date')
}

const isWrongMinute = (open: string, now: LondonTime): boolean => {
  const read = readOpening({ open }, now)
  return !read.ok
}

/** The form's boxes for a minute that was given in the address. */
function boxesOf(at: LondonTime): readonly string[] {
  const [year = '', month = '', day = ''] = dateOf(at.day).split('-')
  return [String(Number(day)), String(Number(month)), year, formatLondon(at).slice(11)]
}

/** 10, 20, … 50; anything else is 10. */
function readShown(text: string): number {
  const shown = Number(text)
  return /^[1-5]0$/.test(text) ? shown : RESULTS_A_PAGE
}

/** A parameter as one tidy line; empty when it is absent, repeated or not text. */
function textOf(query: Query, name: string): string {
  const given = query[name]
  const value = Array.isArray(given) ? given[0] : given
  return typeof value === 'string' ? value.replaceAll(/[\p{C}\s]+/gu, ' ').trim() : ''
}

const isRepeated = (given: unknown): boolean => Array.isArray(given) && new Set(given).size > 1

/** Those that have no field of their own belong to the place. */
const fieldOf = (parameter: string): string =>
  ['postcode', 'show', 'latitude', 'longitude'].includes(parameter) ? 'place' : parameter

function repeatedMessage(parameter: string): string {
  if (parameter.startsWith('open')) return 'Choose one time at which the pharmacy should be open'
  if (parameter === 'service') return 'Choose one service at a time'
  return 'Enter one postcode or place at a time'
}

const echo = (text: string): string => text.slice(0, LONGEST_ECHO).toWellFormed()

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })

const WRONG_POINT = problem(
  'place',
  'not-a-point',
  'Enter a postcode, town or area instead: we cannot read where you are',
)
const OUTSIDE = problem(
  'place',
  'outside',
  'Enter a postcode, town or area in England: where you are is outside Great Britain',
)
const NO_PLACE = problem('place', 'empty', 'Enter a postcode, town or area')
const CLOCKS_FORWARD = problem(
  'open-time',
  'skipped',
  'That time does not exist: the clocks go forward from 1am to 2am that night. Enter a time before 1am or from 2am',
)
