/** Every DoS service of a pharmacy as its hub shows it: what it is, its hours as 111 sees them, and who sets them. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { StoredService } from '#src/profiles/load-profiles.ts'
import type { ProfileKind } from '#src/profiles/profile.ts'
import { canOffer } from '#src/profiles/remote-offers.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDate, formatSessions, formatTime } from '#src/rules/clock-time.ts'
import { compileOpeningTimes, type OpenState, openStateAt } from '#src/rules/compiled-hours.ts'
import { type DayNumber, dateOf, dayOf, type LocalDate, type LondonTime } from '#src/rules/london-time.ts'
import { OFFERED_SERVICES } from '#src/rules/offered-services.ts'
import { sessionsOn } from '#src/rules/opening-times.ts'
import { PHARMACY_TYPES } from '#src/rules/service-matching.ts'
import { lowerFirst } from './change-words.ts'
import { nameOf, ownValuesOf, typeName } from './service-words.ts'
import { serviceTag, type Tag } from './status-tags.ts'

export type DayLine = { readonly day: string; readonly hours: string }

export type ServiceCard = {
  readonly uid: number
  readonly name: string
  readonly type: string
  readonly tag: Tag
  /** `Open now, until 6pm. Today: 9am to 6pm.` */
  readonly today: string
  /** Today and the six days after it. */
  readonly week: readonly DayLine[]
  /** Later dates with hours of their own. */
  readonly later: readonly DayLine[]
  /** Whether this profile updates it, and if not, why. */
  readonly updated: string
  readonly own: readonly string[]
}

const DAYS_SHOWN = 7

/** How many of the services this profile updates, and how many have values of their own: `This profile updates 4 of the 5.` */
export function updatesWords(services: readonly StoredService[]): string {
  const updated = services.filter(({ profileOds }) => profileOds !== null)
  const own = updated.filter(({ overrides }) => ownValuesOf(overrides).length > 0).length
  const some = updated.length === 0 ? 'none of them' : `${updated.length} of the ${services.length}`
  const all = services.length === 1 ? 'it' : `all ${services.length} of them`
  return [
    `This profile updates ${updated.length === services.length ? all : some}.`,
    ...(own > 0 ? [`${own} ${own === 1 ? 'keeps values of its own' : 'keep values of their own'}.`] : []),
  ].join(' ')
}

/** The card of a service at a London minute. */
export function serviceCard(
  { record, overrides, profileOds }: StoredService,
  at: LondonTime,
  holidays: HolidayCalendar,
  kind: ProfileKind,
): ServiceCard {
  const hoursOn = (day: DayNumber) => hoursWords(record, day, holidays)
  return {
    uid: record.uid,
    name: nameOf(record),
    type: typeName(record.typeId),
    tag: serviceTag(record.status),
    today: `${nowWords(openStateAt(compileOpeningTimes(record.hours, holidays), at), at)}. Today: ${lowerFirst(hoursOn(at.day))}.`,
    week: Array.from({ length: DAYS_SHOWN }, (_, ahead) => ({
      day: dayWords(at.day + ahead, at.day),
      hours: hoursOn(at.day + ahead),
    })),
    later: laterDates(record, at.day).map((date) => ({ day: formatDate(date), hours: hoursOn(dayOf(date)) })),
    updated: [updatedWords(record, profileOds), ...onSiteWords(record, kind)].join(' '),
    own: profileOds === null ? [] : ownValuesOf(overrides),
  }
}

function hoursWords({ hours }: ServiceRecord, day: DayNumber, holidays: HolidayCalendar): string {
  const { sessions, because } = sessionsOn(hours, day, holidays)
  const holiday = holidays.titleOf(day)
  const words = because === 'unknown' && holiday ? 'Not known: no answer for this day' : formatSessions(sessions)
  return holiday ? `${words} (${holiday})` : words
}

const dayWords = (day: DayNumber, today: DayNumber): string =>
  day === today ? 'Today' : formatDate(dateOf(day)).replace(/ \d{4}$/, '')

function laterDates({ hours }: ServiceRecord, today: DayNumber): readonly LocalDate[] {
  const after = dateOf(today + DAYS_SHOWN)
  return (Object.keys(hours.specified) as LocalDate[]).filter((date) => date >= after).sort()
}

/** What the search of 111 would say of it now. */
function nowWords(state: OpenState, at: LondonTime): string {
  if (state.open === null) return 'Not known if it is open now'
  if (!state.open) return 'Closed now'
  if (!state.until) return 'Open now, at all hours'
  const until = formatTime(state.until.minute)
  const endsToday = state.until.day === at.day || (state.until.day === at.day + 1 && state.until.minute === 0)
  return endsToday ? `Open now, until ${until}` : `Open now, until ${until} on ${formatDate(dateOf(state.until.day))}`
}

/** Why a service that people have to be there for should not be in the directory. */
function onSiteWords({ typeId, status }: ServiceRecord, kind: ProfileKind): readonly string[] {
  const service = OFFERED_SERVICES.find(({ dosType }) => dosType === typeId)
  if (status !== 'ACTIVE' || !service || canOffer(kind, service)) return []
  return [
    'People have to be there for this service, and a distance selling pharmacy has no visitors. Ask the directory team to close it.',
  ]
}

function updatedWords(record: ServiceRecord, profileOds: string | null): string {
  if (profileOds !== null) return 'This profile updates it.'
  if (!Object.hasOwn(PHARMACY_TYPES, record.typeId)) {
    return 'This profile does not update it: its type is looked after by the directory team.'
  }
  if (record.status !== 'ACTIVE') {
    return `This profile does not update it while it is ${serviceTag(record.status).text.toLowerCase()}, and 111 does not show it.`
  }
  return 'This profile does not update it at the moment.'
}
