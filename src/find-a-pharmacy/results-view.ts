/** What the page of results says. Pure: what was found near a place in, words and addresses out. */
import { serviceClosureAt } from '#src/profiles/closure-words.ts'
import type { Place } from '#src/reference-data/places.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { milesInWords } from '#src/rules/distance.ts'
import { type LondonTime, weekdayIndex } from '#src/rules/london-time.ts'
import { momentWords, type OpenWords, openingWords, shortDate } from '#src/rules/opening-words.ts'
import { telephoneLink } from '#src/rules/safe-links.ts'
import type { Nearby, NearbyPharmacy } from './nearby.ts'
import { closureWords, kilometresWords, TEMPORARILY_CLOSED, withoutTravel } from './open-words.ts'
import {
  MOST_RESULTS,
  type Opening,
  openParameter,
  RESULTS_A_PAGE,
  type SearchRequest,
  searchAddress,
} from './search-request.ts'

export type Link = { readonly text: string; readonly href: string }
export type ResultRow = {
  readonly id: string
  readonly name: string
  /** Null where the pharmacy has no page. */
  readonly href: string | null
  readonly state: OpenWords
  /** Both null for online pharmacies, which nobody visits. */
  readonly distance: string | null
  readonly address: string | null
  readonly phone: Link | null
}
export type ResultsView = {
  readonly title: string
  readonly changeSearch: string
  readonly order: string
  readonly notes: readonly string[]
  /** A second place that was given; this search is about the first. */
  readonly besides: Link | null
  readonly filters: readonly (Link & { readonly isCurrent: boolean })[]
  readonly rows: readonly ResultRow[]
  readonly more: Link | null
  /** Pharmacies whose hours at that time nobody has confirmed. */
  readonly unconfirmed: readonly ResultRow[]
  readonly online: readonly ResultRow[]
  /** What to try when nothing was found; null otherwise. */
  readonly nothing: { readonly lead: string; readonly links: readonly Link[] } | null
}

export type ResultsInput = {
  readonly request: SearchRequest
  readonly place: Place
  readonly now: LondonTime
  readonly holidays: HolidayCalendar
  readonly nearby: Nearby
  readonly unconfirmed: readonly NearbyPharmacy[]
  readonly online: readonly NearbyPharmacy[]
}

const FAR_METRES = 48_280
const FAR_WORDS = '30 miles'

export function resultsView(input: ResultsInput): ResultsView {
  const { request, place, now, nearby } = input
  const at = momentOf(request.opening, now)
  const isNow = request.opening.kind !== 'at'
  const row = (pharmacy: NearbyPharmacy) => resultRow(pharmacy, at, isNow)
  const next = request.shown + RESULTS_A_PAGE
  return {
    title: `${subject(request.opening, now)} near ${place.label}`,
    changeSearch: homeAddress(place.label, request.opening),
    order: `Nearest first, in a straight line from ${place.kind === 'postcode' ? '' : 'the middle of '}${place.label}.`,
    notes: notesOf(input),
    besides: request.besides === undefined ? null : linkTo(request.besides, request.opening, request.besides),
    filters: filtersOf(place.label, request.opening, now),
    rows: nearby.found.map(row),
    more:
      nearby.more && next <= MOST_RESULTS
        ? {
            text: `Show ${RESULTS_A_PAGE} more pharmacies`,
            href: `${searchAddress(place.label, request.opening, next)}#result-${request.shown + 1}`,
          }
        : null,
    unconfirmed: input.unconfirmed.map(row),
    online: input.online.map((pharmacy) => onlineRow(row(pharmacy))),
    nothing: nearby.found.length > 0 ? null : nothingFound(input),
  }
}

/** Nobody travels there. */
const onlineRow = (row: ResultRow): ResultRow => ({
  ...row,
  state: withoutTravel(row.state),
  distance: null,
  address: null,
})

/** The minute that is asked about. */
export const momentOf = (opening: Opening, now: LondonTime): LondonTime => (opening.kind === 'at' ? opening.at : now)

/** The first page with the search filled in. */
export function homeAddress(text: string, opening: Opening): string {
  return searchAddress(text, opening).replace('/pharmacies', '/')
}

/** `Pharmacies open at 3pm on Saturday 12 December`. */
function subject(opening: Opening, now: LondonTime): string {
  if (opening.kind === 'any') return 'Pharmacies'
  return opening.kind === 'now' ? 'Pharmacies open now' : `Pharmacies open at ${momentWords(opening.at, now)}`
}

/** One pharmacy of a list, as it is at a minute. */
export function resultRow(pharmacy: NearbyPharmacy, at: LondonTime, isNow: boolean): ResultRow {
  const { service, profile, distanceMetres } = pharmacy
  const phone = profile?.contact.phone ?? service.phone
  const address = profile ? profile.address.lines.join(', ') : service.address
  const isShut = profile?.status === 'temporarily-closed'
  const closure = serviceClosureAt(profile?.closures, at, service.uid)
  return {
    id: profile?.odsCode ?? String(service.uid),
    name: profile?.name ?? service.publicName ?? service.name,
    href: profile ? `/pharmacies/${profile.odsCode}` : null,
    state: isShut
      ? TEMPORARILY_CLOSED
      : closure
        ? closureWords(closure, service.hours, at, isNow)
        : openingWords(service.hours, at, isNow),
    distance: `${milesInWords(distanceMetres)} (${kilometresWords(distanceMetres)})`,
    address: [address, profile?.address.postcode ?? service.postcode].filter(Boolean).join(', '),
    phone: phone ? { text: phone, href: telephoneLink(phone) } : null,
  }
}

function notesOf({ request, place, now, holidays, nearby }: ResultsInput): readonly string[] {
  const { opening } = request
  const notes: string[] = []
  if (place.insteadOf !== undefined) {
    notes.push(`We do not know exactly where ${place.insteadOf} is, so this page shows pharmacies near ${place.label}.`)
  }
  if (opening.kind === 'at' && isBefore(opening.at, now)) {
    notes.push(`${capital(momentWords(opening.at, now))} has passed. These are the opening times as we know them now.`)
  }
  const holiday = opening.kind === 'any' ? undefined : holidays.titleOf(momentOf(opening, now).day)
  if (holiday !== undefined && nearby.found.length > 0) {
    const day = shortDate(momentOf(opening, now).day, now.day)
    notes.push(`${day} is ${holiday}. Only pharmacies that have confirmed they are open that day are in this list.`)
  }
  const nearest = nearby.found[0]
  if (nearest && nearest.distanceMetres > FAR_METRES) {
    notes.push(`None is within ${FAR_WORDS}: the nearest is ${milesInWords(nearest.distanceMetres)} away.`)
  }
  return notes
}

const isBefore = (a: LondonTime, b: LondonTime): boolean => a.day < b.day || (a.day === b.day && a.minute < b.minute)

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const EVENING_MINUTE = 20 * 60
const SUNDAY_MINUTE = 11 * 60

/** Any time, now, the time that was asked for, and the times at which an open pharmacy is hard to find. */
function filtersOf(text: string, opening: Opening, now: LondonTime): ResultsView['filters'] {
  const sunday = now.day + ((6 - weekdayIndex(now.day) + 7) % 7 || (now.minute < SUNDAY_MINUTE ? 0 : 7))
  const openings: readonly Opening[] = [
    { kind: 'any' },
    { kind: 'now' },
    { kind: 'at', at: { day: now.day + (now.minute < EVENING_MINUTE ? 0 : 1), minute: EVENING_MINUTE } },
    { kind: 'at', at: { day: sunday, minute: SUNDAY_MINUTE } },
    ...(opening.kind === 'at' ? [opening] : []),
  ]
  const chosen = openParameter(opening)
  const byParameter = new Map(openings.map((choice) => [openParameter(choice), choice]))
  return [...byParameter].map(([parameter, choice]) => ({
    ...linkTo(text, choice, choiceWords(choice, now)),
    isCurrent: parameter === chosen,
  }))
}

function choiceWords(choice: Opening, now: LondonTime): string {
  if (choice.kind === 'any') return 'Any time'
  return choice.kind === 'now' ? 'Open now' : `Open at ${momentWords(choice.at, now)}`
}

function nothingFound({ request, place, now, unconfirmed }: ResultsInput): ResultsView['nothing'] {
  const { opening } = request
  if (opening.kind === 'any') {
    return { lead: 'There are no pharmacies with a known address in the directory yet.', links: [] }
  }
  const when = opening.kind === 'now' ? 'now' : `at ${momentWords(opening.at, now)}`
  const others = unconfirmed.length > 0 ? ' The pharmacies below may be open: contact them before you travel.' : ''
  return {
    lead: `We looked for pharmacies that say they are open ${when} and found none, near ${place.label} or further away.${others}`,
    links: [
      linkTo(place.label, { kind: 'any' }, `Show all pharmacies near ${place.label}`),
      { text: 'Choose another day or time', href: homeAddress(place.label, opening) },
    ],
  }
}

const linkTo = (place: string, opening: Opening, text: string): Link => ({ text, href: searchAddress(place, opening) })
