/** The sections that say where a service is and when it is open, for services that no profile speaks for. No I/O. */
import { type Fields, isUnreadable, lineIn, proseIn, rawIn, tickIn } from '#src/platform/http/form-fields.ts'
import { formatDateShort, formatSessions } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { DayHours, Session } from '#src/rules/opening-times.ts'
import { parsePostcode } from '#src/rules/postcode.ts'
import { accepted, type Problem, refused } from '#src/rules/problems.ts'
import { parseTypedDate } from '#src/rules/typed-date.ts'
import { parseTypedHours } from '#src/rules/typed-hours.ts'
import { problem, type Section } from './section.ts'

const LINES = 5
const LONGEST_LINE = 100
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const lineName = (index: number): string => `address-${index + 1}`

export const PLACE_SECTION: Section = {
  key: 'place',
  title: 'Address',
  intro: 'Its place on the map is that of its postcode.',
  fields: ['address', 'postcode', 'easting', 'northing', 'latitude', 'longitude'],
  boxes: {
    address: 'address-1',
    easting: 'postcode',
    northing: 'postcode',
    latitude: 'postcode',
    longitude: 'postcode',
  },
  fill: ({ shown }) => ({
    ...Object.fromEntries(shown.address.map((line, index) => [lineName(index), line])),
    postcode: shown.postcode ?? '',
  }),
  inputs: (_fields, { shown }) => [
    {
      kind: 'group',
      legend: 'Address',
      inputs: Array.from({ length: Math.max(LINES, shown.address.length) }, (_, index) => ({
        kind: 'line',
        name: lineName(index),
        label: `Line ${index + 1}${index === 0 ? '' : ' (optional)'}`,
      })),
    },
    { kind: 'line', name: 'postcode', label: 'Postcode', width: '10' },
  ],
  parse(fields, { shown, gazetteer }) {
    const count = Math.max(LINES, shown.address.length)
    const address = Array.from({ length: count }, (_, index) => proseIn(fields, lineName(index))).filter(Boolean)
    const long = address.findIndex((line) => [...line].length > LONGEST_LINE || isUnreadable(line))
    const typed = lineIn(fields, 'postcode')
    const postcode = parsePostcode(typed)
    const problems = [
      ...(address.length === 0 ? [problem('address-1', 'missing', 'Enter the first line of the address')] : []),
      ...(long === -1
        ? []
        : [
            problem(
              lineName(long),
              'too-long',
              `Each line must be ${LONGEST_LINE} characters or fewer, in plain letters`,
            ),
          ]),
      ...(postcode ? [] : [problem('postcode', 'invalid', 'Enter a full UK postcode, like M33 7AB')]),
    ]
    if (problems.length > 0 || !postcode) return refused(...problems)
    // A pin that is better than the middle of its postcode stays with it.
    if (postcode === shown.postcode) return accepted({ address, postcode })
    const place = gazetteer.find(postcode)
    if (!place) {
      const words =
        'We do not know this postcode, so searches could not find the service. Check it, or ask for it to be added'
      return refused(problem('postcode', 'unknown', words))
    }
    const { easting, northing, latitude, longitude } = place
    return accepted({ address, postcode, easting, northing, latitude, longitude })
  },
}

/** A day as people write it; empty where nobody knows. */
const inWords = (hours: DayHours): string => (hours === null ? '' : formatSessions(hours))

/** A night's end is understood without saying that it is on the next day, and people may say it. */
const parseHours = (text: string) => parseTypedHours(text.replaceAll(/\s*\(?(?:on )?the next day\)?/gi, ''))

type Read = { readonly value: DayHours; readonly problems: readonly Problem[] }

function readHours(fields: Fields, name: string, label: string): Read {
  const typed = lineIn(fields, name)
  if (typed === '') return { value: null, problems: [] }
  const hours = parseHours(typed)
  if (hours.ok) return { value: hours.value, problems: [] }
  return {
    value: null,
    problems: hours.problems.map(({ code, message }) => problem(name, code, `${label}: ${message}`)),
  }
}

export const WEEK_SECTION: Section = {
  key: 'hours',
  title: 'Opening times of the week',
  intro:
    'Write times like 9am to 1pm, 2pm to 5:30pm, or closed. An empty day is not known: people are told to check before they travel.',
  fields: ['openAllHours', 'weekly', 'bankHoliday'],
  boxes: { openAllHours: 'all-hours', weekly: 'monday', bankHoliday: 'bank-holiday' },
  fill: ({ shown: { hours } }) => ({
    'all-hours': hours.openAllHours ? 'yes' : '',
    ...Object.fromEntries(DAYS.map((day, index) => [day, inWords(hours.weekly[index] ?? null)])),
    'bank-holiday': inWords(hours.bankHoliday),
  }),
  inputs: () => [
    { kind: 'tick', name: 'all-hours', label: 'Open 24 hours a day, every day' },
    ...DAYS.map((day) => ({ kind: 'line', name: day, label: capital(day) }) as const),
    {
      kind: 'line',
      name: 'bank-holiday',
      label: 'Bank holidays',
      hint: 'On every bank holiday without times of its own',
    },
  ],
  parse(fields) {
    const allHours = tickIn(fields, 'all-hours')
    const week = DAYS.map((day) => readHours(fields, day, capital(day)))
    const holiday = readHours(fields, 'bank-holiday', 'Bank holidays')
    const problems = [
      ...(allHours === undefined ? [problem('all-hours', 'invalid', 'Tick the box or leave it empty')] : []),
      ...week.flatMap((day) => day.problems),
      ...holiday.problems,
    ]
    if (problems.length > 0) return refused(...problems)
    return accepted({
      openAllHours: allHours === true,
      weekly: week.map(({ value }) => value),
      bankHoliday: holiday.value,
    })
  },
}

const MOST_DATES = 400

export const DATES_SECTION: Section = {
  key: 'dates',
  title: 'Opening times on single dates',
  intro: 'They come before the week and before bank holidays.',
  fields: ['specified'],
  boxes: { specified: 'dates' },
  fill: ({ shown: { hours } }) => ({
    dates: (Object.keys(hours.specified) as LocalDate[])
      .toSorted()
      .map((date) => `${formatDateShort(date)}: ${formatSessions(hours.specified[date] ?? [])}`)
      .join('\n'),
  }),
  inputs: () => [
    {
      kind: 'prose',
      name: 'dates',
      label: 'Dates (optional)',
      hint: 'One on each line, like 25 December 2026: closed, or 31/12/2026: 9am to 1pm',
      rows: 10,
    },
  ],
  parse(fields) {
    const lines = rawIn(fields, 'dates')
      .split('\n')
      .filter((line) => line.trim() !== '')
    if (lines.length > MOST_DATES) {
      return refused(problem('dates', 'too-many', `Enter ${MOST_DATES} dates or fewer`))
    }
    const read = lines.map((line, index) => readDate(line, index + 1))
    const twice = read.find(({ date }, index) => date && read.findIndex((other) => other.date === date) !== index)?.date
    const problems = [
      ...read.flatMap((one) => one.problems),
      ...(twice ? [problem('dates', 'twice', `${formatDateShort(twice)} is there twice. Keep one line for it`)] : []),
    ]
    if (problems.length > 0) return refused(...problems)
    return accepted({ specified: Object.fromEntries(read.map(({ date, hours }) => [date, hours])) })
  },
}

type ReadDate = {
  readonly date: LocalDate | undefined
  readonly hours: readonly Session[]
  readonly problems: readonly Problem[]
}

function readDate(line: string, number: number): ReadDate {
  const [, day = '', words = ''] = /^([^:]*?\d{4}|\d{4}-\d\d-\d\d)\s*[:,]?\s+(.*)$/.exec(line.trim()) ?? []
  const date = parseTypedDate(day)
  const hours = parseHours(words)
  const said = line.trim().slice(0, 60)
  const fault = (what: string) => [problem('dates', 'invalid', `Line ${number}, “${said}”: ${what}`)]
  if (!date) return { date, hours: [], problems: fault('start with a date, like 25 December 2026: closed') }
  if (!hours.ok) return { date, hours: [], problems: fault('after the date write closed, or times like 9am to 1pm') }
  return { date, hours: hours.value, problems: [] }
}
