/** What each consumer was told, in words. Pure. */

import { momentInWords, reopeningWords } from '#src/profiles/closure-words.ts'
import { keylessWords } from '#src/profiles/keyless-actors.ts'
import { formatDate, formatDateShort, formatSessions, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import { typeNameOf } from '#src/rules/service-types.ts'
import type { Unknown } from './load-told.ts'
import type { ToldThen } from './told-then.ts'

export type Fact = { readonly name: string; readonly value: string }
export type Consumer = { readonly heading: string; readonly lead: string; readonly facts: readonly Fact[] }

const NOTHING = 'Nothing'
/** The codes of a record. */
const SEXES: Readonly<Record<string, string>> = { M: 'male', F: 'female', I: 'indeterminate' }

/** The three audiences, each with what it was told at a London minute. */
export const consumersTold = (told: ToldThen, at: LondonTime): readonly Consumer[] => [
  publicTold(told, at),
  professionalsTold(told, at),
  urgentCareTold(told, at),
]

function publicTold(told: ToldThen, at: LondonTime): Consumer {
  const { service, page } = told
  const pageFacts: readonly (readonly [string, string | null])[] = page
    ? [
        ['Page of the pharmacy', [page.title, page.notice?.heading].filter(Boolean).join('. ')],
        ['The page said', page.state?.sentence ?? null],
        ...page.closures.map(({ heading, lines }) => [heading, lines.join(' ')] as const),
        ...page.contacts.map(({ label, text }) => [`${label} on the page`, text] as const),
      ]
    : [['Page of the pharmacy', 'There was none']]
  const found: readonly (readonly [string, string | null])[] = told.isFindable
    ? [
        ['Found near a postcode', `Yes, as ${service.name}`],
        ['Open', told.openWords.sentence],
        [`Opening times on ${formatDate(dateOf(at.day))}`, formatSessions(told.sessions)],
        ['Phone', service.phone ?? NOTHING],
        ['Website', service.web ?? NOTHING],
        ['Address', [service.address, service.postcode].filter(Boolean).join(', ') || NOTHING],
      ]
    : [['Found near a postcode', notFound(told)]]
  return {
    heading: 'The public',
    lead: 'The page of the pharmacy, the search for a service near a postcode, and open data.',
    facts: factsOf([...pageFacts, ...found]),
  }
}

const notFound = ({ service }: ToldThen): string =>
  service.status === 'ACTIVE'
    ? 'No: the directory did not know where it is'
    : `No: its status was ${service.status.toLowerCase()}`

function professionalsTold(told: ToldThen, at: LondonTime): Consumer {
  const { details, service } = told
  return {
    heading: 'Professionals',
    lead: 'What those who work with the directory saw beside what everybody saw.',
    facts: factsOf([
      ['Name', `${service.name} (${typeNameOf(service.typeId) ?? `type ${service.typeId}`})`],
      ['Status', capital(service.status.toLowerCase())],
      ['Non-public phone', details.nonPublicPhone ?? NOTHING],
      ['Email', details.email ?? NOTHING],
      ['Referral information', details.referralInformation ?? NOTHING],
      ['Capacity', capacityWords(told, at)],
      ['Closure', closureWords(told, at)],
    ]),
  }
}

function urgentCareTold(told: ToldThen, at: LondonTime): Consumer {
  const { details, service, urgentCare } = told
  const { clinical } = urgentCare
  const isActive = service.status === 'ACTIVE'
  return {
    heading: 'NHS 111 and urgent care',
    lead: 'The searches and details of the web services, SOAP and REST.',
    facts: factsOf([
      ['Returned by searches', returnedWords(told)],
      ['Capacity in searches', isActive ? capacityWords(told, at) : null],
      ['Capacity in REST', told.restCapacity || 'None: it was set more than 24 hours before'],
      [`Opening times sent for ${formatDate(dateOf(at.day))}`, restSessions(told, at)],
      ['Public phone', service.phone ?? NOTHING],
      ['Non-public phone', details.nonPublicPhone ?? NOTHING],
      ['For call handlers', details.publicInformation ?? NOTHING],
      ['For referrers', details.referralInformation ?? NOTHING],
      ['Symptom groups', listOf([...clinical.pairs.keys()])],
      ['Dispositions', listOf([...clinical.dispositions])],
      ['Referral roles', listOf([...clinical.roles])],
      ['Ages in days', clinical.ages.map(([from, to]) => `${from} to ${to}`).join(', ') || NOTHING],
      ['Sexes', [...clinical.genders].map((code) => SEXES[code] ?? code).join(', ') || NOTHING],
    ]),
  }
}

function returnedWords({ service, urgentCare, isClosed, isFindable }: ToldThen): string {
  if (service.status !== 'ACTIVE') return `No: its status was ${service.status.toLowerCase()}`
  if (!isFindable) return 'No: the directory did not know where it is'
  if (urgentCare.clinical.pairs.size === 0) return 'No: it had no symptom groups'
  return isClosed ? 'No: it was closed' : 'Yes, where its clinical profile fitted the caller and the time'
}

/** `Red until 6pm today`, or that one has lapsed. */
function capacityWords({ capacity, isClosed, details }: ToldThen, at: LondonTime): string {
  const { status, resetAt } = details.capacity
  const until = resetAt === null ? '' : ` until ${momentInWords(resetAt, at)}`
  const stored = capital(status.toLowerCase())
  if (isClosed) return status === 'GREEN' ? 'Red: it was closed' : `Red: it was closed. Below that ${stored}${until}`
  if (capacity === status) return capacity === 'GREEN' ? 'Green' : `${stored}${until}`
  const lapsed = parseLondonMinute(resetAt ?? '')
  return `Green: ${stored} had lapsed${lapsed ? ` at ${formatTime(lapsed.minute)} on ${formatDate(dateOf(lapsed.day))}` : ''}`
}

function closureWords({ closure, isClosed }: ToldThen, at: LondonTime): string {
  if (!closure) return isClosed ? 'Closed' : 'Not closed'
  const since = `${closure.services === null ? 'Closed' : 'This service closed'} since ${momentInWords(closure.from, at)}`
  return `${since}. ${reopeningWords(closure.until, at)}. Reason: ${closure.reason}`
}

/** The sessions that the REST answer carried for the day: of its date where it has one, else of the weekday. */
function restSessions({ restHours, service }: ToldThen, at: LondonTime): string {
  const date = dateOf(at.day).split('-').reverse().join('-')
  const day = formatDate(dateOf(at.day)).split(' ')[0]
  const dated = restHours.specifiedDates.find((each) => each.date === date)
  const isHoliday = service.hours.holidays.isBankHoliday(at.day)
  const sent = dated ?? restHours.days.find((each) => each.day === (isHoliday ? 'Bankholiday' : day))
  const words = (sent?.sessions ?? []).map(
    ({ start, end }) => `${start.hours}:${start.minutes} to ${end.hours}:${end.minutes}`,
  )
  const all = restHours.allHours ? ['all hours'] : []
  return [...all, ...words].join(', ') || 'None'
}

/** Why nothing can be said, for people. */
export function unknownWords({ why, from }: Unknown, moment: (instant: string) => string): string {
  switch (why) {
    case 'before-all':
      return from === null
        ? 'Unknown: this directory has kept nothing yet.'
        : `Unknown: this directory keeps nothing of that day. It begins at ${moment(from)}.`
    case 'not-yet':
      return from === null
        ? 'Unknown: nothing is kept of this service.'
        : `The directory did not have this service yet, so nobody was told of it. It came at ${moment(from)}.`
    case 'gap':
      return `Unknown: what is kept of this service does not fit together${from === null ? '' : ` at ${moment(from)}`}. We would rather say nothing than something wrong.`
  }
}

/** Nobody: the program wrote it. */
const THE_DIRECTORY = 'this directory itself'

/** `Added to the directory`: how a service came, and who brought it where that was somebody. */
export function addedWords(who: string): string {
  return who === THE_DIRECTORY ? 'Added to the directory' : `Added to the directory, by ${who}`
}

/** Who made a change. `nameOf` knows people. */
export function whoWords(actor: string, nameOf: (actor: string) => string): string {
  const [kind = '', name = ''] = actor.split(/:(.*)/s)
  if (kind === 'person') return nameOf(actor)
  if (kind === 'command') return `the command “${name}”`
  if (kind === 'account') return `the program ${name}`
  return keylessWords(actor) ?? THE_DIRECTORY
}

/** An instant in words, with its seconds, because several changes may lie in one minute. */
export function instantWords(instant: string, { day, minute }: LondonTime): string {
  const seconds = Number(instant.slice(17, 19))
  const past = seconds === 0 ? '' : ` and ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
  return `${formatTime(minute)}${past} on ${formatDateShort(dateOf(day))}`
}

const factsOf = (pairs: readonly (readonly [string, string | null])[]): readonly Fact[] =>
  pairs.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))

const listOf = (ids: readonly number[]): string => ids.toSorted((a, b) => a - b).join(', ') || NOTHING

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
