/** `GET /api/v1/pharmacies/{odsCode}`: what a pharmacy says about itself, in public, as JSON. */
import type { IndexedService } from '#src/directory/indexed-service.ts'
import { closuresAt, comingClosures } from '#src/profiles/closure-words.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import { isOfferedOn, serviceWeek } from '#src/profiles/offer-facts.ts'
import type { PublicProfileView, PublicStanding } from '#src/profiles/profile-index.ts'
import { canOffer } from '#src/profiles/remote-offers.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes, type OpenState, openStateAt } from '#src/rules/compiled-hours.ts'
import { FACILITIES } from '#src/rules/facilities.ts'
import { dateOf, dayOf, formatClock, type LocalDate, type LondonTime, MINUTES_PER_DAY } from '#src/rules/london-time.ts'
import { OFFERED_SERVICES } from '#src/rules/offered-services.ts'
import type { DayHours, Session } from '#src/rules/opening-times.ts'
import { PHARMACY_TYPES } from '#src/rules/service-matching.ts'
import { writeOpenState } from './open-state-json.ts'

/** Holidays are listed for this many months from today. */
const HOLIDAY_MONTHS = 18
const NOT_CHECKED = 'From the NHS list, not yet checked by the pharmacy'
const UNTIL_FURTHER_NOTICE: OpenState = { open: false, opensAt: null, because: 'specified' }

export type PharmacyQuestion = {
  readonly profile: PublicProfileView
  /** The DoS services of the pharmacy, whatever their status. */
  readonly services: readonly IndexedService[]
  readonly holidays: HolidayCalendar
  readonly at: LondonTime
}

/** The whole answer. The open state is that of the pharmacy's main DoS service, so that it agrees with every search. */
export function pharmacyAnswer({ profile, services, holidays, at }: PharmacyQuestion): object {
  const { odsCode, name, status, kind, address, contact, weekly, specified } = profile
  const active = services.filter((service) => service.status === 'ACTIVE')
  return {
    odsCode,
    name,
    status,
    kind,
    address: { lines: address.lines, postcode: address.postcode },
    latitude: address.position?.latitude ?? null,
    longitude: address.position?.longitude ?? null,
    phone: contact.phone ?? null,
    website: contact.website ?? null,
    email: contact.email ?? null,
    delivery: deliveryOf(profile),
    openState: openStateObject(stateOf(profile, active, holidays, at)),
    weekly: weekly.map(pairsOf),
    bankHolidays: bankHolidays(profile, holidays, at),
    specified: Object.fromEntries(Object.entries(specified).map(([date, sessions]) => [date, pairsOf(sessions)])),
    closures: comingClosures(profile.closures, at).map(({ from, until, services, advice }) => ({
      from,
      until,
      services,
      advice,
    })),
    services: active.map((service) => ({
      uid: service.uid,
      name: service.name,
      typeId: service.typeId,
      typeName: typeNames[service.typeId] ?? null,
      openState: openStateObject(serviceStateOf(service, profile, at)),
    })),
    offeredServices: offeredServices(profile, dateOf(at.day)),
    facilities: facilities(profile),
    sections: Object.fromEntries(Object.entries(profile.sections).map(([section, one]) => [section, standingOf(one)])),
  }
}

/** How a distance selling pharmacy delivers. It serves all of England, whatever it says. */
function deliveryOf({ kind, delivery }: PublicProfileView) {
  if (!isRemoteOnly(kind)) return null
  const { how = null, orderBy = null, workingDays = null, premisesNumber = null } = delivery ?? {}
  return { area: 'England', how, orderBy: orderBy === null ? null : formatClock(orderBy), workingDays, premisesNumber }
}

/** What the pharmacy said of its services; null while it has said nothing. A service that is not here is not stated. */
function offeredServices({ kind: of, services, weekly }: PublicProfileView, today: LocalDate) {
  if (!services) return null
  return OFFERED_SERVICES.flatMap((kind) => {
    const answer = services[kind.code]
    if (!answer) return []
    return [
      {
        code: kind.code,
        codeIsProvisional: kind.provisionalCode,
        name: kind.label,
        description: kind.line,
        group: kind.group,
        paidFor: kind.paid,
        who: kind.who,
        offered: isOfferedOn(answer, today) === true && canOffer(of, kind),
        from: answer.from,
        to: answer.to,
        weekly: answer.hours && serviceWeek(weekly, answer.hours).map(pairsOf),
        byAppointment: answer.byAppointment,
        bookingLink: answer.bookingLink,
      },
    ]
  })
}

/** What the pharmacy said of its building; null while it has said nothing. */
function facilities({ facilities: answers }: PublicProfileView) {
  if (!answers) return null
  return FACILITIES.flatMap(({ id, label, group, measure }) => {
    const answer = answers[id]
    if (!answer) return []
    const size = measure && answer.measure !== undefined ? { value: answer.measure, unit: measure.unit } : null
    return [{ id, name: label, group, has: answer.has, measure: size, note: answer.note ?? null }]
  })
}

const typeNames: Readonly<Record<number, string>> = PHARMACY_TYPES

/** The same form as in a search, whose text is written by hand. */
const openStateObject = (state: OpenState): unknown => JSON.parse(writeOpenState(state))

function stateOf(
  { status, openingTimes, closures }: PublicProfileView,
  active: readonly IndexedService[],
  holidays: HolidayCalendar,
  at: LondonTime,
): OpenState {
  if (status !== 'open') return UNTIL_FURTHER_NOTICE
  const main = active.find(({ typeId }) => typeId === 13 || typeId === 134)
  if (main) return serviceStateOf(main, { closures }, at)
  return isShutForNow(closures, at)
    ? UNTIL_FURTHER_NOTICE
    : openStateAt(compileOpeningTimes(openingTimes, holidays), at)
}

/** The state of a service by its hours; what they say of days after an end that nobody knows is not told. */
export const serviceStateOf = (
  { uid, hours }: Pick<IndexedService, 'uid' | 'hours'>,
  { closures }: Pick<PublicProfileView, 'closures'>,
  at: LondonTime,
): OpenState => (isShutForNow(closures, at, uid) ? UNTIL_FURTHER_NOTICE : openStateAt(hours, at))

/** Whether it is closed and nobody knows until when. */
const isShutForNow = (closures: PublicProfileView['closures'], at: LondonTime, uid?: number): boolean =>
  closuresAt(closures, at).some(
    ({ until, services }) => until === null && (services === null || (uid !== undefined && services.includes(uid))),
  )

function bankHolidays({ holidays: answers, specified }: PublicProfileView, calendar: HolidayCalendar, at: LondonTime) {
  return calendar.statutoryDays(at.day, monthsLater(at.day, HOLIDAY_MONTHS)).map(({ date, title, note }) => ({
    date,
    name: title,
    note,
    answer: answers[date]?.answer ?? null,
    sessions: specified[date] ? pairsOf(specified[date]) : null,
  }))
}

function monthsLater(day: number, months: number): number {
  const date = new Date(`${dateOf(day)}T00:00Z`)
  date.setUTCMonth(date.getUTCMonth() + months)
  return dayOf(date.toISOString().slice(0, 10) as LocalDate)
}

const standingOf = ({ checkedAt, changedAt, fromList }: PublicStanding) => ({
  checkedAt,
  changedAt,
  note: fromList ? NOT_CHECKED : null,
})

/** `[["09:00","18:00"]]`; a session past midnight shows its real end, `["22:00","02:00"]`, one to midnight `24:00`. */
const pairsOf = (sessions: DayHours): readonly (readonly [string, string])[] | null =>
  sessions === null ? null : sessions.map(({ opens, closes }: Session) => [formatClock(opens), endText(closes)])

const endText = (closes: number): string => formatClock(closes > MINUTES_PER_DAY ? closes - MINUTES_PER_DAY : closes)
