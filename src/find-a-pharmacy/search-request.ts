/** What a visitor searches for, read from the address of the results page or from the form that leads to it. Pure. */
import { MONTH_NAMES, parseClockTime } from '#src/rules/clock-time.ts'
import type { Position } from '#src/rules/distance.ts'
import {
  type DayNumber,
  dateOf,
  dayOf,
  formatLondon,
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
/** Longer than any place; one that is a little longer is for `places.find` to refuse, which unifies letters first. */
const LONGEST_PLACE = 1000
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
  if (text.length > LONGEST_PLACE) return refused(TOO_LONG)
  if (text !== '') return accepted({ text, point: undefined, besides: besides?.slice(0, LONGEST_ECHO) })
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
  const boxes = boxesOf(open) ?? BOXES.map((name) => echo(textOf(query, name)))
  const [day = '', month = '', year = '', time = ''] = boxes
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
    open: open === 'now' ? 'now' : open === 'at' || anyBox || isWrongMinute(open, now) ? 'at' : '',
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
  if (!at) return refused(wrongMinute(open, now.day))
  const day = readDay(dateOf(at.day), now.day)
  return day.ok ? accepted({ kind: 'at', at }) : day
}

/** Until the end of the year after next: hours further ahead are nobody's promise. */
const YEARS_AHEAD = 2

/** Reads `YYYY-MM-DD`, today or later. */
function readDay(text: string, today: DayNumber): Result<DayNumber> {
  const [year, thisYear] = [Number(text.slice(0, 4)), Number(dateOf(today).slice(0, 4))]
  const tooLate = thisYear + YEARS_AHEAD + 1
  if (year >= tooLate) return refused(problem('open-day', 'far', `The date must be before ${tooLate}`))
  if (year < thisYear) return refused(PAST)
  const date = parseLocalDate(text)
  if (!date) return refused(problem('open-day', 'not-real', 'The date must be a real date'))
  return dayOf(date) < today ? refused(PAST) : accepted(dayOf(date))
}

function readBoxes(query: Query, now: LondonTime): Result<Opening> {
  const [day = '', month = '', year = '', time = ''] = BOXES.map((name) => textOf(query, name))
  const date = readDate(day, month, year, now.day)
  const minute = readTime(time)
  if (!date.ok || !minute.ok) return refused(...(date.ok ? [] : date.problems), ...(minute.ok ? [] : minute.problems))
  const at = { day: date.value, minute: minute.value }
  return minuteExists(at) ? accepted({ kind: 'at', at }) : refused({ ...CLOCKS_FORWARD, field: 'open-time' })
}

/** Reads three boxes; all empty means `today`. The month may be a word. */
function readDate(day: string, month: string, year: string, today: DayNumber): Result<DayNumber> {
  const missing = [!day && 'a day', !month && 'a month', !year && 'a year'].filter((part) => part !== false)
  if (missing.length === 3) return accepted(today)
  if (missing.length > 0) {
    return refused(problem('open-day', 'incomplete', `The date must include ${missing.join(' and ')}`))
  }
  if (!/^\d{4}$/.test(year)) return refused(problem('open-day', 'year', 'The year must include 4 numbers, like 2026'))
  return readDay(`${year}-${monthNumber(month).padStart(2, '0')}-${day.padStart(2, '0')}`, today)
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

/** A minute in an address, whether or not there is such a minute. */
const MINUTE = /^(\d{4})-(\d\d)-(\d\d)T((?:[01]\d|2[0-3]):[0-5]\d)$/

/** Why `open` is not a minute: the minute is skipped, the date is not real, or it is not a minute at all. */
function wrongMinute(open: string, today: DayNumber): Problem {
  if (!MINUTE.test(open)) return problem('open', 'not-a-minute', 'Choose when the pharmacy should be open')
  const day = readDay(open.slice(0, 10), today)
  return (day.ok ? undefined : day.problems[0]) ?? CLOCKS_FORWARD
}

const isWrongMinute = (open: string, now: LondonTime): boolean => {
  const read = readOpening({ open }, now)
  return !read.ok
}

/** The form's boxes for a minute that was given in the address; undefined for anything else. */
function boxesOf(open: string): readonly string[] | undefined {
  const [, year = '', month = '', day = '', time = ''] = MINUTE.exec(open) ?? []
  return year === '' ? undefined : [String(Number(day)), String(Number(month)), year, time]
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
const PAST = problem('open-day', 'past', 'The date must be today or in the future')
const NO_PLACE = problem('place', 'empty', 'Enter a postcode, town or area')
const TOO_LONG = problem('place', 'too-long', 'Enter a postcode, town or area of 100 characters or fewer')
const CLOCKS_FORWARD = problem(
  'open-time',
  'skipped',
  'That time does not exist: the clocks go forward from 1am to 2am that night. Enter a time before 1am or from 2am',
)
