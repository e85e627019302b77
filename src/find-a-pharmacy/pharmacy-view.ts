/** What the public page of a pharmacy says. Pure: a profile, its DoS services and a London minute in, words out. */

import type { IndexedService } from '#src/directory/indexed-service.ts'
import {
  closuresAt,
  minuteInWords,
  reopeningWords,
  serviceClosureAt,
  spanStateAt,
} from '#src/profiles/closure-words.ts'
import { isRemoteOnly, timesName } from '#src/profiles/kind-words.ts'
import type { ProfileKind } from '#src/profiles/profile.ts'
import type { PublicProfileView, PublicStanding } from '#src/profiles/profile-index.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { dayName, formatDate, formatDateShort, formatSessions, formatTime } from '#src/rules/clock-time.ts'
import { type CompiledHours, compiledSessionsOn, compiledWeek, compileOpeningTimes } from '#src/rules/compiled-hours.ts'
import { dateOf, dayOf, type LocalDate, type LondonTime, toLondon, weekdayIndex } from '#src/rules/london-time.ts'
import type { DayHours } from '#src/rules/opening-times.ts'
import { CHECK_FIRST, type OpenWords, openingWords } from '#src/rules/opening-words.ts'
import { safeWebsite, telephoneLink } from '#src/rules/safe-links.ts'
import { PHARMACY_TYPES } from '#src/rules/service-matching.ts'
import { type DeliveryView, deliveryView } from './delivery-view.ts'
import { closureWords, withoutTravel } from './open-words.ts'
import { type FacilityRows, facilitiesStated, type ServiceRows, servicesOffered } from './services-view.ts'

/** The public facts of an Active DoS service that the page needs. */
export type ListedService = Pick<IndexedService, 'typeId' | 'phone' | 'web' | 'hours'> & {
  readonly uid?: IndexedService['uid']
}

export type PharmacyView = {
  readonly title: string
  readonly kind: PublicProfileView['kind']
  readonly odsCode: string
  /** ODS code of its Integrated Care Board, whose area has feeds of its own; null where nobody knows. */
  readonly area: string | null
  readonly notice: { readonly heading: string; readonly text: string } | null
  /** What patients should do while it is closed out of turn, and which services are closed alone. */
  readonly closures: readonly { readonly heading: string; readonly lines: readonly string[] }[]
  /** Null where there are no public hours, or the pharmacy is closed for longer than its hours say. */
  readonly state: OpenWords | null
  /** `opening times`, or `staffed hours` where nobody visits. */
  readonly times: string
  readonly addressLines: readonly string[]
  readonly contacts: readonly Contact[]
  /** How medicines get to people from a pharmacy that nobody visits; null for all others. */
  readonly delivery: DeliveryView | null
  /** The seven days, or null where nobody knows any. */
  readonly week: readonly WeekRow[] | null
  readonly changes: readonly { readonly when: string; readonly hours: string; readonly note: string | null }[]
  readonly holidays: readonly HolidayRow[]
  readonly offered: readonly ServiceRows[]
  readonly facilities: readonly FacilityRows[]
  /** What the directory of services calls it. */
  readonly services: readonly string[]
  /** Where the words of each part come from: "Opening times checked by the pharmacy on 12 November 2026". */
  readonly standing: Readonly<Record<'contact' | 'hours' | 'holidays' | 'services' | 'facilities', string>>
  readonly lastUpdated: string
}

type Contact = { readonly label: string; readonly text: string; readonly href: string; readonly outside: boolean }
type WeekRow = {
  readonly day: string
  readonly hours: string
  readonly isToday: boolean
  /** Today's hours where they are not the usual ones. */
  readonly today: string | null
}
type HolidayRow = {
  readonly date: string
  readonly title: string
  readonly note: string | null
  readonly hours: string
  readonly isKnown: boolean
}

const NOT_CONFIRMED = `Not confirmed: ${CHECK_FIRST.toLowerCase()}`
/** How far ahead holidays are listed: each then appears once. */
const HOLIDAYS_AHEAD_DAYS = 365

const NOTICES: Readonly<Record<string, { readonly heading: string; readonly text: string }>> = {
  closed: {
    heading: 'This pharmacy has closed for good',
    text: 'It no longer provides NHS services. Look for another pharmacy below.',
  },
  'temporarily-closed': {
    heading: 'This pharmacy is temporarily closed',
    text: 'We do not know when it will open again. Phone before you travel, or use another pharmacy.',
  },
  appliance: {
    heading: 'This is an appliance contractor',
    text: 'It supplies things such as stoma bags, catheters and dressings, and has no public opening hours. Contact it before you visit.',
  },
  'distance-selling': {
    heading: 'This is an online pharmacy',
    text: 'It delivers medicines to any address in England. You cannot go there to use its NHS services.',
  },
}

/**
 * The page of a profile that is not hidden. Hours are those of its main DoS service where there is one, so that the page
 * and the search never disagree.
 */
export function pharmacyView(
  profile: PublicProfileView,
  services: readonly ListedService[],
  now: LondonTime,
  holidays: HolidayCalendar,
): PharmacyView {
  const main = mainService(services)
  const hours = main?.hours ?? compileOpeningTimes(profile.openingTimes, holidays)
  const hasHours = profile.kind !== 'appliance' && profile.status !== 'closed'
  return {
    title: profile.name,
    kind: profile.kind,
    odsCode: profile.odsCode,
    area: profile.commissioning.icbCode,
    notice: noticeOf(profile),
    closures: profile.status === 'closed' ? [] : closureNotices(profile, services, now),
    state: hasHours && profile.status === 'open' ? stateOf(profile, main?.uid, hours, now) : null,
    times: timesName(profile.kind),
    addressLines: [...profile.address.lines, profile.address.postcode],
    contacts: contactsOf(profile, main),
    delivery: deliveryView(profile),
    week: hasHours ? weekOf(hours, profile.kind, now) : null,
    changes: hasHours ? changesOf(profile, services, now) : [],
    holidays: hasHours ? holidaysOf(hours, profile.kind, now) : [],
    offered: profile.status === 'closed' ? [] : servicesOffered(profile, dateOf(now.day)),
    facilities: profile.status === 'closed' ? [] : facilitiesStated(profile),
    services: profile.status === 'closed' ? [] : serviceNames(services),
    standing: {
      contact: standingWords('Contact details', profile.sections.contact),
      hours: standingWords(isRemoteOnly(profile.kind) ? 'Staffed hours' : 'Opening times', profile.sections.hours),
      holidays: standingWords('Bank holiday times', profile.sections.holidays),
      services: standingWords('Services', profile.sections.services),
      facilities: standingWords('Facilities', profile.sections.facilities),
    },
    lastUpdated: lastUpdated(profile),
  }
}

function noticeOf({ status, kind }: PublicProfileView): PharmacyView['notice'] {
  const notice = NOTICES[status] ?? NOTICES[kind] ?? null
  if (status !== 'temporarily-closed' || !isRemoteOnly(kind) || !notice) return notice
  return { ...notice, text: 'We do not know when it will open again. Contact it, or use another pharmacy.' }
}

function stateOf(
  { kind, closures }: PublicProfileView,
  main: number | undefined,
  hours: CompiledHours,
  now: LondonTime,
): OpenWords {
  const closure = serviceClosureAt(closures, now, main)
  const words = closure ? closureWords(closure, hours, now, true) : openingWords(hours, now, true)
  return isRemoteOnly(kind) ? withoutTravel(words) : words
}

/** The service that stands for the whole pharmacy. */
export const mainService = (services: readonly ListedService[]): ListedService | undefined =>
  services.find(({ typeId }) => typeId === 13 || typeId === 134)

function contactsOf({ contact }: PublicProfileView, main: ListedService | undefined): readonly Contact[] {
  const phone = contact.phone ?? main?.phone ?? null
  const website = safeWebsite(contact.website ?? main?.web ?? null)
  const { email } = contact
  return [
    ...(phone ? [{ label: 'Phone', text: phone, href: telephoneLink(phone), outside: false }] : []),
    ...(website ? [{ label: 'Website', text: website.text, href: website.href, outside: true }] : []),
    ...(email ? [{ label: 'Email', text: email, href: `mailto:${encodeURI(email)}`, outside: false }] : []),
  ]
}

function weekOf(hours: CompiledHours, kind: ProfileKind, now: LondonTime): readonly WeekRow[] | null {
  const week = compiledWeek(hours)
  if (week.every((day) => day === null) && !hours.openAllHours) return null
  const actual = dayWords(compiledSessionsOn(hours, now.day).sessions, kind)
  return week.map((sessions, weekday) => {
    const usual = hours.openAllHours ? 'Open 24 hours' : dayWords(sessions, kind)
    const isToday = weekday === weekdayIndex(now.day)
    return { day: dayName(weekday), hours: usual, isToday, today: isToday && actual !== usual ? actual : null }
  })
}

const dayWords = (sessions: DayHours, kind: ProfileKind): string =>
  sessions === null ? (isRemoteOnly(kind) ? 'Not known' : CHECK_FIRST) : formatSessions(sessions)

function changesOf(
  { changes, closures }: PublicProfileView,
  services: readonly ListedService[],
  now: LondonTime,
): PharmacyView['changes'] {
  const today = dateOf(now.day)
  const told = changes
    .filter(({ to }) => to >= today)
    .map(({ from, to, sessions, note }) => ({ from, when: spanWords(from, to), hours: formatSessions(sessions), note }))
  const planned = closures
    .filter((closure) => spanStateAt(closure, now) === 'planned')
    .flatMap(({ from, until, advice, services: closed }) => {
      const names = closedNames(services, closed)
      if (names?.length === 0) return []
      const hours = names ? `${names.join(', ')}: closed` : 'Closed'
      return [{ from, when: plannedWords(from, until), hours, note: advice }]
    })
  return [...told, ...planned]
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
    .map(({ when, hours, note }) => ({ when, hours, note }))
}

const plannedWords = (from: string, until: string | null): string =>
  `From ${minuteInWords(from)}${until ? ` to ${minuteInWords(until)}` : ', until further notice'}`

/** What the public calls the services of a closure, as far as it knows them; null: the whole pharmacy. */
const closedNames = (services: readonly ListedService[], closed: readonly number[] | null): readonly string[] | null =>
  closed && serviceNames(services.filter(({ uid }) => uid !== undefined && closed.includes(uid)))

/** The advice of a closure of everything; services that are closed alone, each by what it is. */
function closureNotices(
  { closures }: PublicProfileView,
  services: readonly ListedService[],
  now: LondonTime,
): PharmacyView['closures'] {
  return closuresAt(closures, now).flatMap(({ services: closed, until, advice }) => {
    if (closed === null) return advice ? [{ heading: 'While this pharmacy is closed', lines: [advice] }] : []
    const names = closedNames(services, closed) ?? []
    if (names.length === 0) return []
    const reopening = `${names.join(', ')}. ${reopeningWords(until, now)}.`
    return [
      {
        heading: names.length === 1 ? 'A service is closed now' : 'Some services are closed now',
        lines: [reopening, ...(advice ? [advice] : [])],
      },
    ]
  })
}

/** `Saturday 12 December 2026`, or `Saturday 12 December to Tuesday 15 December 2026`. */
export function spanWords(from: LocalDate, to: LocalDate): string {
  if (from === to) return formatDate(from)
  const start = from.slice(0, 4) === to.slice(0, 4) ? formatDate(from).replace(/ \d{4}$/, '') : formatDate(from)
  return `${start} to ${formatDate(to)}`
}

function holidaysOf(hours: CompiledHours, kind: ProfileKind, now: LondonTime): readonly HolidayRow[] {
  const unconfirmed = isRemoteOnly(kind) ? 'Not confirmed' : NOT_CONFIRMED
  return hours.holidays.statutoryDays(now.day, now.day + HOLIDAYS_AHEAD_DAYS).map(({ date, title, note }) => {
    const { sessions } = compiledSessionsOn(hours, dayOf(date))
    const words = sessions === null ? unconfirmed : formatSessions(sessions)
    return { date: formatDate(date), title, note, hours: words, isKnown: sessions !== null }
  })
}

function serviceNames(services: readonly ListedService[]): readonly string[] {
  const names: Readonly<Record<number, string>> = PHARMACY_TYPES
  const types = [...new Set(services.map(({ typeId }) => typeId))].sort((a, b) => a - b)
  return types.flatMap((typeId) => names[typeId] ?? [])
}

function standingWords(part: string, { checkedAt, changedAt, fromList }: PublicStanding): string {
  if (fromList) return `${part} from the NHS list, not yet checked by the pharmacy`
  if (checkedAt !== null && checkedAt >= changedAt)
    return `${part} checked by the pharmacy on ${dayOfInstant(checkedAt)}`
  return `${part} updated on ${dayOfInstant(changedAt)}`
}

const dayOfInstant = (instant: string): string => formatDateShort(dateOf(toLondon(new Date(instant)).day))

function lastUpdated({ sections }: PublicProfileView): string {
  const latest = Object.values(sections)
    .map(({ changedAt }) => changedAt)
    .reduce((a, b) => (a > b ? a : b))
  const { day, minute } = toLondon(new Date(latest))
  return `${formatDateShort(dateOf(day))} at ${formatTime(minute)}`
}
