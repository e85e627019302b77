/** What the page of results says. Pure: what was found near a place in, words and addresses out. */
import type { MapView } from '#src/platform/map/map-view.ts'
import { serviceClosureAt } from '#src/profiles/closure-words.ts'
import { terminationWords } from '#src/reference-data/packed-terminations.ts'
import type { Place } from '#src/reference-data/places.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { milesInWords } from '#src/rules/distance.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { momentWords, type OpenWords, openingWords, shortDate } from '#src/rules/opening-words.ts'
import { registerAddress } from '#src/rules/premises-number.ts'
import { telephoneLink } from '#src/rules/safe-links.ts'
import { type ElsewhereView, elsewhereView } from './elsewhere.ts'
import { isExact, mapOfResults, rowFrom } from './from-where.ts'
import { type WantedFact, wantedFacts } from './meets-wants.ts'
import type { Nearby, NearbyPharmacy } from './nearby.ts'
import { closureWords, kilometresWords, TEMPORARILY_CLOSED, withoutTravel } from './open-words.ts'
import { type Choice, type FilterView, filterView, openingChoices } from './search-choices.ts'
import {
  type Link,
  MOST_RESULTS,
  type Opening,
  RESULTS_A_PAGE,
  type Search,
  type SearchRequest,
  searchAddress,
} from './search-request.ts'
import { eachWant, wantsAnything } from './wants.ts'

/** Where is searched: a place that has a name, or where the visitor is. */
export type Spot = Omit<Place, 'kind'> & { readonly kind: Place['kind'] | 'location' }
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
  /** What it says of what is wanted. */
  readonly facts: readonly WantedFact[]
  /** Its page in the register of the General Pharmaceutical Council; of online pharmacies only. */
  readonly register: Link | null
}
export type ResultsView = {
  readonly title: string
  readonly changeSearch: string
  readonly order: string
  readonly notes: readonly string[]
  /** Whom to ask where the place is not in England; null where it is. */
  readonly elsewhere: ElsewhereView | null
  /** Who the wanted service is for, before any result; null where anybody may have it. */
  readonly who: { readonly service: string; readonly text: string } | null
  /** A second place that was given; this search is about the first. */
  readonly besides: Link | null
  readonly openings: readonly Choice[]
  readonly filters: FilterView
  readonly rows: readonly ResultRow[]
  /** Of the rows; null where there are none. */
  readonly map: MapView | null
  readonly more: Link | null
  /** Pharmacies whose hours at that time nobody has confirmed. */
  readonly unconfirmed: readonly ResultRow[]
  readonly online: { readonly lead: string; readonly rows: readonly ResultRow[]; readonly more: Link | null }
  /** What was tried and what to try when nothing was found; null otherwise. */
  readonly nothing: { readonly lead: string; readonly links: readonly Link[] } | null
}

/** A search that asks for less, and how far away its nearest pharmacy is; undefined where it finds none either. */
export type Wider = { readonly text: string; readonly search: Search; readonly nearestMetres: number | undefined }

export type ResultsInput = {
  readonly request: SearchRequest
  readonly place: Spot
  readonly now: LondonTime
  readonly holidays: HolidayCalendar
  readonly nearby: Nearby
  readonly unconfirmed: readonly NearbyPharmacy[]
  readonly online: Nearby
  /** Searches that ask for less, where this one finds nothing. */
  readonly wider: readonly Wider[]
}

const FAR_METRES = 48_280
const FAR_WORDS = '30 miles'

export function resultsView(input: ResultsInput): ResultsView {
  const { request, place, now, nearby, online } = input
  const search = searchNear(request, place)
  const at = momentOf(request.opening, now)
  const isNow = request.opening.kind !== 'at'
  const rowOf = (pharmacy: NearbyPharmacy) => ({
    ...rowFrom(place, resultRow(pharmacy, at, isNow), pharmacy),
    facts: pharmacy.profile ? wantedFacts(pharmacy.profile, { wants: request.wants, at }) : [],
  })
  const { service, delivery } = request.wants
  const next = request.shown + RESULTS_A_PAGE
  const rows = nearby.found.map(rowOf)
  const moreOf = (list: Nearby, anchor: string, what: string): Link | null =>
    list.more && next <= MOST_RESULTS
      ? {
          text: `Show ${RESULTS_A_PAGE} more ${what}`,
          href: `${searchAddress(search, next)}#${anchor}-${request.shown + 1}`,
        }
      : null
  return {
    title: `${subject(search, now)} near ${place.label}`,
    changeSearch: homeAddress(search),
    order: orderWords(place, rows),
    notes: notesOf(input),
    elsewhere: place.country ? elsewhereView(place.insteadOf ?? place.label, place.country) : null,
    who: service?.who ? { service: service.label, text: service.who } : null,
    besides:
      request.besides === undefined
        ? null
        : { text: request.besides, href: searchAddress({ ...search, text: request.besides }) },
    openings: openingChoices(search, now),
    filters: filterView(search),
    rows,
    map: mapOfResults(place, rows, nearby.found),
    more: moreOf(nearby, 'result', 'pharmacies'),
    unconfirmed: input.unconfirmed.map(rowOf),
    online: {
      lead: onlineLead(search),
      rows: online.found.map((pharmacy) => onlineRow(rowOf(pharmacy), pharmacy)),
      more: delivery && !nearby.more ? moreOf(online, 'online', 'online pharmacies') : null,
    },
    nothing: nearby.found.length > 0 ? null : nothingFound(input, search),
  }
}

function orderWords(place: Spot, rows: readonly ResultRow[]): string {
  const order = `Nearest first, in a straight line from ${isExact(place) ? '' : 'the middle of '}${place.label}.`
  const saysWalks = rows.some(({ distance }) => distance?.endsWith(' on foot'))
  return saysWalks ? `${order} Times on foot are estimates from that line.` : order
}

/** The same search by the name that the place has here; a point stays a point. */
export const searchNear = (search: Search, place: Spot): Search =>
  place.kind === 'location' ? search : { ...search, text: place.label, point: undefined }

/** Nobody travels there; who sends medicines has to be in a register, and anyone may look. */
const onlineRow = (row: ResultRow, { profile }: NearbyPharmacy): ResultRow => {
  const number = profile?.delivery?.premisesNumber
  return {
    ...row,
    state: withoutTravel(row.state),
    distance: null,
    address: null,
    register: number ? { text: number, href: registerAddress(number) } : null,
  }
}

const onlineLead = ({ wants }: Search): string =>
  `These pharmacies deliver to any address in England. You order online or by phone.${
    wants.service ? ` They say that they offer “${wants.service.label}” by phone, video or post.` : ''
  }`

/** The minute that is asked about. */
export const momentOf = (opening: Opening, now: LondonTime): LondonTime => (opening.kind === 'at' ? opening.at : now)

/** The first page with the search filled in. */
export const homeAddress = (search: Search): string => searchAddress(search).replace('/pharmacies', '/')

/** `Sore throat: pharmacies open at 3pm on Saturday 12 December`. */
function subject({ opening, wants }: Search, now: LondonTime): string {
  const pharmacies = wants.delivery ? 'Pharmacies that deliver' : 'Pharmacies'
  const when = opening.kind === 'any' ? '' : ` open ${openWhen(opening, now)}`
  const text = wants.delivery && when !== '' ? `${pharmacies} and are${when}` : `${pharmacies}${when}`
  return wants.service ? `${wants.service.label}: ${text.charAt(0).toLowerCase()}${text.slice(1)}` : text
}

const openWhen = (opening: Exclude<Opening, { kind: 'any' }>, now: LondonTime): string =>
  opening.kind === 'now' ? 'now' : `at ${momentWords(opening.at, now)}`

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
    distance: `${capital(milesInWords(distanceMetres))} (${kilometresWords(distanceMetres)})`,
    address: [address, profile?.address.postcode ?? service.postcode].filter(Boolean).join(', '),
    phone: phone ? { text: phone, href: telephoneLink(phone) } : null,
    facts: [],
    register: null,
  }
}

function notesOf({ request, place, now, holidays, nearby, online }: ResultsInput): readonly string[] {
  const { opening } = request
  const notes: string[] = []
  if (place.insteadOf !== undefined) {
    notes.push(`We do not know exactly where ${place.insteadOf} is, so this page shows pharmacies near ${place.label}.`)
  }
  if (place.termination)
    notes.push(`${terminationWords(place.label, place.termination)} This page shows pharmacies around where it was.`)
  if (opening.kind === 'at' && isBefore(opening.at, now)) {
    notes.push(`${capital(momentWords(opening.at, now))} has passed. These are the opening times as we know them now.`)
  }
  const holiday = opening.kind === 'any' ? undefined : holidays.titleOf(momentOf(opening, now).day)
  if (holiday !== undefined && nearby.found.length > 0) {
    const day = shortDate(momentOf(opening, now).day, now.day)
    notes.push(`${day} is ${holiday}. Only pharmacies that have confirmed they are open that day are in this list.`)
  }
  if ((request.wants.service || request.wants.access.length > 0) && nearby.found.length + online.found.length > 0) {
    notes.push(
      'Only pharmacies that say they have what you need are in this list. Others may have it too: phone and ask.',
    )
  }
  const nearest = nearby.found[0]
  if (nearest && nearest.distanceMetres > FAR_METRES) {
    notes.push(`None is within ${FAR_WORDS}: the nearest is ${milesInWords(nearest.distanceMetres)} away.`)
  }
  return notes
}

const isBefore = (a: LondonTime, b: LondonTime): boolean => a.day < b.day || (a.day === b.day && a.minute < b.minute)

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function nothingFound(
  { request, place, now, unconfirmed, wider }: ResultsInput,
  search: Search,
): ResultsView['nothing'] {
  const { opening, wants } = request
  if (opening.kind === 'any' && !wantsAnything(wants)) {
    return { lead: 'There are no pharmacies with a known address in the directory yet.', links: [] }
  }
  const others = unconfirmed.length > 0 ? ' The pharmacies below may be open: contact them before you travel.' : ''
  return {
    lead: `We looked for pharmacies that say ${tried(search, now)} and found none, near ${place.label} or further away.${others}`,
    links: [
      ...wider.flatMap(({ text, search: less, nearestMetres }) =>
        nearestMetres === undefined
          ? []
          : [{ text: `${text}: the nearest is ${milesInWords(nearestMetres)} away`, href: searchAddress(less) }],
      ),
      { text: 'Choose another day, time or service', href: homeAddress(search) },
    ],
  }
}

/** `they are open now and have “Sore throat” and “Hearing loop”`. */
function tried({ opening, wants }: Search, now: LondonTime): string {
  const names = eachWant({ ...wants, delivery: false }).map(({ text }) => `“${text}”`)
  const parts = [
    ...(opening.kind === 'any' ? [] : [`are open ${openWhen(opening, now)}`]),
    ...(names.length > 0 ? [`have ${names.join(' and ')}`] : []),
    ...(wants.delivery ? ['deliver'] : []),
  ]
  return `they ${parts.join(' and ')}`
}
