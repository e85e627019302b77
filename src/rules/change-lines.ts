/**
 * A change of one field of a DoS service as lines that people read: one line for a text, one for each weekday, date or
 * pair of codes of a larger value. Pure. Values are those of the interchange format and of `service_change`.
 */
import { areaInWords, knownAreaName } from './area-names.ts'
import { formatDate, formatSessions, formatTime } from './clock-time.ts'
import { phoneKey, websiteKey } from './contact-details.ts'
import { dateOf, dayOf, type LocalDate, parseLondonMinute } from './london-time.ts'
import type { DayHours } from './opening-times.ts'
import { postcodeKey } from './postcode.ts'

/** `before` and `after` are empty where there was, or is, nothing. */
export type ChangeLine = {
  /** `Phone`, `Monday opening times`, `Opening times on Friday 25 December 2026`. */
  readonly what: string
  readonly before: string
  readonly after: string
  /** Both say the same in another way of writing: spaces of a number, capitals of an address. */
  readonly onlyFormat: boolean
}

const NAMES: Readonly<Record<string, string>> = {
  name: 'Name',
  publicName: 'Public name',
  typeId: 'Service type',
  odsCode: 'ODS code',
  status: 'Status',
  address: 'Address',
  postcode: 'Postcode',
  easting: 'Easting',
  northing: 'Northing',
  latitude: 'Latitude',
  longitude: 'Longitude',
  phone: 'Phone',
  web: 'Website',
  nonPublicPhone: 'Non-public phone',
  email: 'Email',
  weekly: 'Opening times of the week',
  specified: 'Opening times on dates',
  publicInformation: 'Public information',
  referralInformation: 'Referral information',
  bankHoliday: 'Bank holiday opening times',
  openAllHours: 'Open all hours',
  capacity: 'Capacity',
  closures: 'Closures',
  sgsd: 'Symptom groups',
  genders: 'Genders',
  ages: 'Ages',
  dispositions: 'Dispositions',
  roles: 'Referral roles',
  restricted: 'Restricted to surgeries',
  referrals: 'Surgeries that refer',
  limitedTo: 'Limited to areas',
  promotedTo: 'Promoted to areas',
  endpoints: 'Endpoints',
  attributes: 'Attributes',
  parentUid: 'Service above',
  returnIfOpenMinutes: 'Returned only if open, in minutes',
}
/** The fields of a DoS service whose changes are reported. */
export const CHANGE_FIELDS: readonly string[] = Object.keys(NAMES)
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** Two texts of a field that mean the same have the same key. */
const KEYS: Readonly<Record<string, (text: string) => string>> = {
  phone: phoneKey,
  nonPublicPhone: phoneKey,
  web: websiteKey,
  postcode: postcodeKey,
  address: lettersOf,
  name: lettersOf,
  publicName: lettersOf,
  email: (text) => text.trim().toLowerCase(),
}

/**
 * The lines of one changed field; none when both values are equal. `areaName` names areas that an import brought. Never
 * throws: a value of a shape it does not know is shown as JSON.
 */
export function changeLines(
  field: string,
  before: unknown,
  after: unknown,
  areaName: (code: string) => string | undefined = knownAreaName,
): readonly ChangeLine[] {
  switch (field) {
    case 'weekly':
      return DAYS.flatMap((day, index) =>
        lineOf(`${day} opening times`, field, hoursIn(partAt(before, index)), hoursIn(partAt(after, index))),
      )
    case 'specified':
      return datesIn(before, after).flatMap(({ from, to, was, is }) => {
        const when = from === to ? `on ${formatDate(from)}` : `from ${formatDate(from)} to ${formatDate(to)}`
        return lineOf(`Opening times ${when}`, field, was, is)
      })
    case 'sgsd':
      return keysOf(before, after).flatMap((group) =>
        lineOf(`Symptom group ${group}`, field, textOf(partAt(before, group)), textOf(partAt(after, group))),
      )
    case 'bankHoliday':
      return lineOf(nameOf(field), field, hoursIn(before ?? undefined), hoursIn(after ?? undefined))
    case 'capacity':
      return lineOf(nameOf(field), field, capacityIn(before), capacityIn(after))
    case 'closures':
      return lineOf(nameOf(field), field, closuresIn(before), closuresIn(after))
    case 'endpoints':
      return partsIn(before, after, endpointName, endpointIn).map((line) => ({ ...line, onlyFormat: false }))
    case 'attributes':
      return partsIn(before, after, attributeName, attributeIn).map((line) => ({ ...line, onlyFormat: false }))
    case 'ages':
      return lineOf(nameOf(field), field, listIn(before, ageIn), listIn(after, ageIn))
    case 'genders':
      return lineOf(nameOf(field), field, listIn(before, genderIn), listIn(after, genderIn))
    case 'limitedTo':
    case 'promotedTo': {
      const areaIn = (code: unknown) => areaInWords(textOf(code), areaName)
      return lineOf(nameOf(field), field, listIn(before, areaIn), listIn(after, areaIn))
    }
    default:
      return lineOf(nameOf(field), field, textOf(before), textOf(after))
  }
}

/** What a field is called, for people. A field that is new to us keeps its name. */
export const nameOf = (field: string): string => NAMES[field] ?? field

function lineOf(what: string, field: string, before: string, after: string): readonly ChangeLine[] {
  if (before === after) return []
  const key = KEYS[field]
  return [{ what, before, after, onlyFormat: key !== undefined && before !== '' && key(before) === key(after) }]
}

function partAt(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

const keysOf = (before: unknown, after: unknown): readonly string[] =>
  [
    ...new Set(
      [before, after].flatMap((value) => (typeof value === 'object' && value !== null ? Object.keys(value) : [])),
    ),
  ].sort()

type ChangedDates = { readonly from: LocalDate; readonly to: LocalDate; readonly was: string; readonly is: string }

/** The dates that changed; days in a row that changed alike are one, as in a closure of two weeks. */
function datesIn(before: unknown, after: unknown): readonly ChangedDates[] {
  const spells: ChangedDates[] = []
  for (const date of keysOf(before, after) as readonly LocalDate[]) {
    const [was, is] = [hoursIn(partAt(before, date)), hoursIn(partAt(after, date))]
    const last = spells.at(-1)
    if (was === is) continue
    if (last && last.was === was && last.is === is && dayOf(date) === dayOf(last.to) + 1) {
      spells[spells.length - 1] = { ...last, to: date }
    } else spells.push({ from: date, to: date, was, is })
  }
  return spells
}

/** Nothing was said where the value is absent; null is "not known", which is something else. */
function hoursIn(value: unknown): string {
  if (value === undefined) return ''
  return value === null ? 'Not known' : formatSessions(value as DayHours)
}

const COLOURS: Readonly<Record<string, string>> = { GREEN: 'Green', AMBER: 'Amber', RED: 'Red' }

/** `Red until 9:56am on Friday 27 November 2026`. A shape that is not known is shown as JSON. */
function capacityIn(value: unknown): string {
  const colour = COLOURS[String(partAt(value, 'status'))]
  const reset = partAt(value, 'resetAt')
  if (colour === undefined) return textOf(value)
  return reset === undefined ? colour : `${colour} until ${momentIn(reset)}`
}

/** `Closed from 2:37pm on Wednesday 5 August 2026 until …`, one after the other. */
function closuresIn(value: unknown): string {
  if (!Array.isArray(value)) return textOf(value)
  return value
    .map((spell) => {
      const until = partAt(spell, 'until')
      const end = until === null ? ', not known until when' : ` until ${momentIn(until)}`
      return partAt(spell, 'from') === undefined
        ? textOf(spell)
        : `Closed from ${momentIn(partAt(spell, 'from'))}${end}`
    })
    .join('; ')
}

/** A London minute in words; as it is when it is none. */
function momentIn(minute: unknown): string {
  const moment = parseLondonMinute(String(minute))
  return moment ? `${formatTime(moment.minute)} on ${formatDate(dateOf(moment.day))}` : textOf(minute)
}

type Part = Pick<ChangeLine, 'what' | 'before' | 'after'>

/** Of a list whose entries have names, those that changed; of two with the same name, the first goes with the first. */
function partsIn(
  before: unknown,
  after: unknown,
  nameOfPart: (value: unknown) => string,
  wordsOf: (value: unknown) => string,
): readonly Part[] {
  const named = (list: unknown): ReadonlyMap<string, string> => {
    const parts = new Map<string, string>()
    for (const value of [list ?? []].flat()) {
      let name = nameOfPart(value)
      for (let again = 2; parts.has(name); again++) name = `${nameOfPart(value)}, number ${again}`
      parts.set(name, wordsOf(value))
    }
    return parts
  }
  const [was, is] = [named(before), named(after)]
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((what) => {
    const part = { what, before: was.get(what) ?? '', after: is.get(what) ?? '' }
    return part.before === part.after ? [] : [part]
  })
}

const endpointName = (endpoint: unknown): string => {
  const scenario = textOf(partAt(endpoint, 'scenario'))
  return ['Endpoint', textOf(partAt(endpoint, 'order')), scenario && `(${scenario})`]
    .filter((text) => text !== '')
    .join(' ')
}

/** `email to pharmacy@nhs.example, as PDF, primaryEmergencyDepartment, compressed: gzip`. */
function endpointIn(endpoint: unknown): string {
  const [transport, address] = [textOf(partAt(endpoint, 'transport')), textOf(partAt(endpoint, 'address'))]
  if (transport === '' && address === '') return textOf(endpoint)
  const said = (key: string, words: string) => {
    const text = textOf(partAt(endpoint, key))
    return text === '' ? [] : [`${words}${text}`]
  }
  return [
    `${transport || 'no transport'} to ${address || 'no address'}`,
    ...said('format', 'as '),
    ...said('interaction', 'for '),
    ...said('compression', 'compressed: '),
    ...said('comment', 'comment: '),
  ].join(', ')
}

const attributeName = (attribute: unknown): string =>
  ['Attribute', textOf(partAt(attribute, 'name'))].filter((text) => text !== '').join(' ')

function attributeIn(attribute: unknown): string {
  if (partAt(attribute, 'name') === undefined) return textOf(attribute)
  return textOf(partAt(attribute, 'value')) || 'No value'
}

const DAYS_IN_A_YEAR = 365.25
const MOST_YEARS = 129

/**
 * `5 years to under 16 years` of `[1826.25, 5843]`. What is no whole number of years is said in days.
 * Source: the interchange format: from and to are days, both included; a year is 365.25 days, and `to` is the day before it.
 */
function ageIn(range: unknown): string {
  if (!Array.isArray(range) || range.length !== 2 || !range.every((each) => typeof each === 'number'))
    return textOf(range)
  const [from, to] = range as [number, number]
  const years = [from / DAYS_IN_A_YEAR, (to + 1) / DAYS_IN_A_YEAR] as const
  const start = from === 0 ? 'Birth' : Number.isInteger(years[0]) ? inYears(years[0]) : `${from} days`
  if (Number.isInteger(years[1]) && years[1] > MOST_YEARS) return from === 0 ? 'Any age' : `${start} and over`
  return `${start} to ${Number.isInteger(years[1]) ? `under ${inYears(years[1])}` : `${to} days`}`
}

const inYears = (years: number): string => `${years} year${years === 1 ? '' : 's'}`

const GENDERS: Readonly<Record<string, string>> = { M: 'Male', F: 'Female', I: 'Indeterminate' }
const genderIn = (code: unknown): string => GENDERS[String(code)] ?? textOf(code)

function listIn(value: unknown, wordsOf: (entry: unknown) => string): string {
  return Array.isArray(value) ? value.map(wordsOf).join(', ') : textOf(value)
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) {
    const isPlain = value.every((each) => typeof each !== 'object')
    return isPlain ? value.map(String).join(', ') : JSON.stringify(value)
  }
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}
