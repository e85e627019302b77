/**
 * What a patient is told of a service: public facts in words. Pure. Everything comes through the public mappers of
 * `rules/audience.ts`, so that what is not public is out of reach; nobody types anything that is sent.
 */
import type { IndexedService } from '#src/directory/indexed-service.ts'
import type { SharedDetails } from '#src/emails/patient-share.ts'
import { facilitiesStated } from '#src/find-a-pharmacy/services-view.ts'
import { minuteInWords, serviceClosureAt } from '#src/profiles/closure-words.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import type { PublicProfileView } from '#src/profiles/profile-index.ts'
import { type PublicService, publicServiceOf } from '#src/rules/audience.ts'
import { formatDate, formatSessions } from '#src/rules/clock-time.ts'
import { type CompiledHours, compiledSessionsOn } from '#src/rules/compiled-hours.ts'
import type { Position } from '#src/rules/distance.ts'
import { type DayNumber, dateOf, type LondonTime } from '#src/rules/london-time.ts'
import { openStreetMapLink } from '#src/rules/map-links.ts'
import { CHECK_FIRST } from '#src/rules/opening-words.ts'

/** What can be ticked, in the order in which it is sent. */
export const SHARE_PARTS = ['address', 'phone', 'hours', 'directions', 'map'] as const
export type SharePart = (typeof SHARE_PARTS)[number]

/** Today and the next seven days. */
const DAYS_SHOWN = 8
/** About one metre. */
const DECIMALS = 5
const GETTING_THERE: readonly string[] = ['Parking and getting here', 'Getting in']

export type SharedFrom = {
  readonly service: IndexedService
  /** Of the pharmacy that the service belongs to; undefined where it has no public profile. */
  readonly profile: PublicProfileView | undefined
  readonly now: LondonTime
  /** Where people reach the site, without a final slash. */
  readonly baseUrl: string
}

type Facts = {
  readonly shown: PublicService<IndexedService>
  readonly profile: PublicProfileView | undefined
  readonly isRemote: boolean
  readonly now: LondonTime
}
type Block = SharedDetails['blocks'][number]

/** The parts of which something is known. A pharmacy that nobody visits has no way there. */
export function partsOf(from: SharedFrom): readonly SharePart[] {
  const facts = factsOf(from)
  return SHARE_PARTS.filter((part) => BLOCKS[part](facts) !== undefined)
}

/** The details with the parts that were ticked; a part of which nothing is known is left out. */
export function sharedDetails(from: SharedFrom, parts: readonly SharePart[]): SharedDetails {
  const facts = factsOf(from)
  const { shown, profile, isRemote, now } = facts
  const page = pageUrlOf(from)
  return {
    name: shown.publicName ?? profile?.name ?? shown.name,
    warnings: warningsOf(facts),
    blocks: SHARE_PARTS.filter((part) => parts.includes(part)).flatMap((part) => BLOCKS[part](facts) ?? []),
    advice: isRemote
      ? 'Times can change. Ring or look at its page first.'
      : `${CHECK_FIRST}: times can change${shown.phone === null ? '' : ', so ring first if you can'}.`,
    pageUrl: page,
    asOf: formatDate(dateOf(now.day)),
  }
}

/** The page that a square leads to; null for a service without a page that everybody may open. */
export const pageUrlOf = ({ profile, baseUrl }: Pick<SharedFrom, 'profile' | 'baseUrl'>): string | null =>
  profile && profile.status !== 'hidden' ? `${baseUrl}/pharmacies/${profile.odsCode}` : null

function factsOf({ service, profile, now }: SharedFrom): Facts {
  const visible = profile && profile.status !== 'hidden' ? profile : undefined
  return { shown: publicServiceOf(service), profile: visible, isRemote: !!visible && isRemoteOnly(visible.kind), now }
}

function warningsOf({ shown, profile, isRemote, now }: Facts): readonly string[] {
  const closure = serviceClosureAt(profile?.closures, now, shown.uid)
  const until = closure?.until ? `It is expected to open again at ${minuteInWords(closure.until)}.` : ''
  return [
    ...(isRemote ? ['This is an online pharmacy: it delivers, and you cannot go there.'] : []),
    ...(closure ? [`It is closed, outside its usual times. ${until || 'We do not know when it opens again.'}`] : []),
    ...(closure?.advice ? [`It says: ${closure.advice}`] : []),
  ]
}

const BLOCKS: Readonly<Record<SharePart, (facts: Facts) => Block | undefined>> = {
  address: ({ shown, isRemote }) => {
    const lines = [...shown.address.split(', '), shown.postcode ?? ''].filter((line) => line !== '')
    return lines.length === 0 || isRemote ? undefined : { heading: 'Address', lines }
  },
  phone: ({ shown }) => (shown.phone === null ? undefined : { heading: 'Phone', lines: [shown.phone] }),
  hours: ({ shown, isRemote, now }) => {
    const lines = daysOf(shown.hours, now.day)
    return { heading: isRemote ? 'Staffed hours' : 'Opening times', lines }
  },
  directions: (facts) => {
    const point = pointOf(facts)
    if (!point) return undefined
    return { heading: 'How to get there', lines: [...gettingThere(facts.profile), wayTo(point)] }
  },
  map: (facts) => {
    const point = pointOf(facts)
    return point && { heading: 'On a map', lines: [openStreetMapLink(point)] }
  },
}

function pointOf({ shown, isRemote }: Facts): Position | undefined {
  const { latitude, longitude } = shown
  return isRemote || latitude === null || longitude === null ? undefined : { latitude, longitude }
}

/** The page of OpenStreetMap that asks where one sets out, and knows where to. */
const wayTo = ({ latitude, longitude }: Position): string =>
  `https://www.openstreetmap.org/directions?to=${latitude.toFixed(DECIMALS)}%2C${longitude.toFixed(DECIMALS)}`

/** What the pharmacy says of parking and of its door, one line each. */
function gettingThere(profile: PublicProfileView | undefined): readonly string[] {
  if (!profile) return []
  return facilitiesStated(profile)
    .filter(({ heading }) => GETTING_THERE.includes(heading))
    .flatMap(({ has, hasNot }) => [
      ...has.map(({ name, measure, note }) => [name, measure, note].filter(Boolean).join('. ')),
      ...(hasNot === null ? [] : [`Not available: ${hasNot}`]),
    ])
}

/** A line for today, then one for each run of days with the same times: `Monday 23 to Friday 27 November: 9am to 5pm`. */
function daysOf(hours: CompiledHours, today: DayNumber): readonly string[] {
  const runs: { first: DayNumber; last: DayNumber; words: string }[] = []
  for (let day = today; day < today + DAYS_SHOWN; day += 1) {
    const words = dayWords(hours, day)
    const run = runs.at(-1)
    // Today stands for itself: it is what most patients look for.
    if (run && run.first !== today && run.words === words) run.last = day
    else runs.push({ first: day, last: day, words })
  }
  return runs.map(({ first, last, words }) => {
    const span = first === last ? shortDay(first) : spanWords(first, last)
    return `${first === today ? `Today, ${span}` : span}: ${words}`
  })
}

function dayWords(hours: CompiledHours, day: DayNumber): string {
  const { sessions } = compiledSessionsOn(hours, day)
  const holiday = hours.holidays.titleOf(day)
  const words = sessions === null ? 'not known, ring first' : formatSessions(sessions)
  return holiday === undefined ? words : `${words} (${holiday})`
}

/** `Monday 23 to Friday 27 November`, and both months where they differ. */
function spanWords(first: DayNumber, last: DayNumber): string {
  const month = (day: DayNumber) => dateOf(day).slice(0, 7)
  const from = month(first) === month(last) ? shortDay(first).replace(/ [A-Z]\w+$/, '') : shortDay(first)
  return `${from} to ${shortDay(last)}`
}

/** Within eight days nobody needs the year. */
const shortDay = (day: DayNumber): string => formatDate(dateOf(day)).replace(/ \d{4}$/, '')

/** The details as paragraphs of plain lines, to be copied. */
export function plainWords({ name, warnings, blocks, advice, pageUrl }: SharedDetails): string {
  return [
    name,
    ...warnings,
    ...blocks.map(({ heading, lines }) => `${heading}:\n${lines.join('\n')}`),
    [advice, ...(pageUrl === null ? [] : [pageUrl])].join('\n'),
  ].join('\n\n')
}

/** The words of a text message. It says who it is from and what to do when it went astray. */
export function textWords(details: SharedDetails, reference: string): string {
  const { name, warnings, blocks, advice, pageUrl } = details
  return [
    `From Signpost, because somebody who is helping you asked for it. Not for you? Delete it, ref ${reference}.`,
    ...[name, ...warnings],
    ...blocks.flatMap(({ heading, lines }) => {
      const told = lines.filter((line) => !isAddress(line))
      const words = told.join(told.some((line) => line.includes(',')) ? '; ' : ', ')
      return [words === '' ? `${heading}:` : `${heading}: ${words}`, ...lines.filter(isAddress)]
    }),
    ...[advice, ...(pageUrl === null ? [] : [pageUrl])],
  ].join('\n')
}

/** Whether a line is one that can be followed. */
export const isAddress = (line: string): boolean => line.startsWith('https://')
