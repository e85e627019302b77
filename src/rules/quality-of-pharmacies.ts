/** What may be wrong with a pharmacy's profile, or between it and its DoS services. Pure. */
import { formatDateShort } from './clock-time.ts'
import { parsePhone } from './contact-details.ts'
import { quarterBefore, quarterOf } from './financial-quarter.ts'
import { hasFillDownFault } from './listed-hours.ts'
import { dayOf } from './london-time.ts'
import {
  aboutPharmacy,
  aboutService,
  type CheckedPlace,
  type Checking,
  type Found,
  isTrading,
} from './quality-subject.ts'
import { type MatchReport, matchServices } from './service-matching.ts'
import { typeNameOf } from './service-types.ts'

/** How far ahead bank holidays must be answered. Ours: long enough for two reminders. */
export const HOLIDAYS_AHEAD_DAYS = 42

/** A pharmacy that is open and has no active service of its main type: urgent care does not know it. */
export function withoutMainService({ profile, services }: CheckedPlace): readonly Found[] {
  if (!isTrading(profile) || profile.kind === 'appliance') return []
  const hasMain = services.some(({ typeId, status }) => (typeId === 13 || typeId === 134) && status === 'ACTIVE')
  const wanted = profile.kind === 'distance-selling' ? 'type 134 (Pharmacy Distance Selling)' : 'type 13 (Pharmacy)'
  return hasMain ? [] : [aboutPharmacy(profile.odsCode, `No active DoS service of ${wanted}`)]
}

/** Active services of a pharmacy that is hidden or has closed. Source: DoS Integration, hidden or closed. */
export function activeThoughClosed(place: CheckedPlace): readonly Found[] {
  const status = place.profile?.status
  if (status !== 'hidden' && status !== 'closed') return []
  const words = status === 'hidden' ? 'is hidden' : 'has closed'
  return reportsOf(place)
    .flatMap((report) => (report.code === 'HIDDEN_OR_CLOSED' ? [report.uid] : []))
    .filter((uid) => place.services.some((service) => service.uid === uid && service.status === 'ACTIVE'))
    .map((uid) => aboutService({ uid }, `It is active, and its pharmacy ${words}`))
}

/** Services that a pharmacy needs for what it offers and does not have. Source: DoS Integration, missing service type. */
export function missingTypes(place: CheckedPlace): readonly Found[] {
  const { profile } = place
  if (!isTrading(profile)) return []
  return reportsOf(place).flatMap((report) => {
    if (report.code !== 'MISSING_SERVICE_TYPE') return []
    const { typeId } = report
    const name = typeNameOf(typeId) ?? `type ${typeId}`
    const words =
      typeId === 13 ? 'on its own 5 characters, for the palliative care stock that it offers' : 'though it offers that'
    return [aboutPharmacy(profile.odsCode, `No DoS service of type ${typeId} (${name}) ${words}`, `type ${typeId}`)]
  })
}

function reportsOf({ profile, services }: CheckedPlace): readonly MatchReport[] {
  if (!profile) return []
  const { odsCode, status, offered } = profile
  return matchServices({ odsCode, profileStatus: status, services, offered }).reports
}

/** Bank holidays, Christmas Day and Easter Sunday of the next six weeks that nobody has answered. */
export function blankHolidays({ profile }: CheckedPlace, { today, holidays }: Checking): readonly Found[] {
  if (!isTrading(profile) || profile.kind === 'appliance') return []
  const from = dayOf(today)
  const blank = holidays
    .statutoryDays(from, from + HOLIDAYS_AHEAD_DAYS)
    .filter(({ date }) => !profile.answeredDays.has(date))
  if (blank.length === 0) return []
  const words = blank.map(({ title, date }) => `${title}, ${formatDateShort(date)}`).join('; ')
  return [aboutPharmacy(profile.odsCode, `Not answered: ${words}`)]
}

/**
 * Sections that nobody checked in this quarter or the one before. The first day of a quarter makes nobody stale.
 *
 * Source: NHS pharmacy terms of service, one verification in each financial quarter.
 */
export function staleVerification({ profile }: CheckedPlace, { today }: Checking): readonly Found[] {
  if (!isTrading(profile)) return []
  const since = quarterBefore(quarterOf(today)).starts
  const stale = profile.checks.filter(({ checkedOn }) => checkedOn === null || checkedOn < since)
  if (stale.length === 0) return []
  const words = stale
    .map(({ section, checkedOn }) => `${section} (${checkedOn === null ? 'never' : formatDateShort(checkedOn)})`)
    .join(', ')
  return [aboutPharmacy(profile.odsCode, `Last checked before ${formatDateShort(since)}: ${words}`)]
}

/** A pharmacy that is open, with a day of the week on which nobody knows its hours, or a week that a spreadsheet filled. */
export function unknownHours({ profile }: CheckedPlace): readonly Found[] {
  if (!isTrading(profile) || profile.kind === 'appliance') return []
  const unknown = profile.weekly.filter((day) => day === null).length
  if (unknown === 7) return [aboutPharmacy(profile.odsCode, 'The opening times of every day are unknown')]
  if (unknown > 0) {
    return [
      aboutPharmacy(profile.odsCode, `The opening times of ${unknown} ${unknown === 1 ? 'day' : 'days'} are unknown`),
    ]
  }
  if (profile.weekly.every((day) => day?.length === 0)) {
    return [aboutPharmacy(profile.odsCode, 'It says it is open, and is closed on every day of the week')]
  }
  if (!hasFillDownFault(profile.weekly)) return []
  return [
    aboutPharmacy(
      profile.odsCode,
      'Monday to Friday each close one minute after the day before, as a spreadsheet fills a column',
    ),
  ]
}

/** A pharmacy that is open, without a phone number that can be rung. */
export function withoutPhone({ profile }: CheckedPlace): readonly Found[] {
  if (!isTrading(profile)) return []
  if (profile.phone === null) return [aboutPharmacy(profile.odsCode, 'No public phone number')]
  return parsePhone(profile.phone).ok
    ? []
    : [aboutPharmacy(profile.odsCode, `“${profile.phone}” is not a phone number`)]
}

/** A pharmacy that is open, without a website. One that sells at a distance cannot be reached otherwise. */
export function withoutWebsite({ profile }: CheckedPlace): readonly Found[] {
  if (!isTrading(profile) || profile.website !== null) return []
  return [aboutPharmacy(profile.odsCode, 'No website')]
}

/** From so many on it is no misunderstanding. Ours. */
const PROFESSIONALS = 3

/** A pharmacy of which several professionals said that it could not help the patients whom they sent. */
export function couldNotHelp({ profile, couldNotHelp: people = 0 }: CheckedPlace): readonly Found[] {
  if (!isTrading(profile) || people < PROFESSIONALS) return []
  return [aboutPharmacy(profile.odsCode, `${people} professionals told us so in the last 30 days`)]
}
