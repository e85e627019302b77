/**
 * What was each consumer of the directory told about a service? The record as it was known goes through the very functions
 * that answer today: the public page, the search by distance, the web services of urgent care.
 */
import {
  capacityMoment,
  capacityPart,
  capacitySetAt,
  openingTimesPart,
} from '#src/apis/urgent-care-rest/service-parts.ts'
import { detailsXml } from '#src/apis/urgent-care-soap/soap-answers.ts'
import { type IndexedService, isFindable, pharmacyOf, serviceReader } from '#src/directory/indexed-service.ts'
import type { ServiceRow } from '#src/directory/service-row.ts'
import { urgentCareReader } from '#src/directory/triage/urgent-care-reader.ts'
import { detailsOf, type UrgentCareDetails, type UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { type PharmacyView, pharmacyView } from '#src/find-a-pharmacy/pharmacy-view.ts'
import { serviceClosureAt } from '#src/profiles/closure-words.ts'
import type { Closure, Profile, Sections } from '#src/profiles/profile.ts'
import { SECTIONS } from '#src/profiles/profile.ts'
import { publicView } from '#src/profiles/profile-index.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type CapacityStatus, capacityAt, isClosedAt } from '#src/rules/capacity.ts'
import { compiledSessionsOn, type OpenState, openStateAt } from '#src/rules/compiled-hours.ts'
import { type LondonTime, toLondon } from '#src/rules/london-time.ts'
import type { DayHours } from '#src/rules/opening-times.ts'
import { type OpenWords, openingWords } from '#src/rules/opening-words.ts'

type SoapVersion = Parameters<typeof detailsXml>[1]

export type ToldThen = {
  readonly service: IndexedService
  /** The public page of its pharmacy; null where there was none, or it was hidden. Its standing is not of that day. */
  readonly page: Pick<PharmacyView, 'title' | 'notice' | 'closures' | 'state' | 'contacts'> | null
  /** Whether searches by distance returned it: active, and placed. */
  readonly isFindable: boolean
  readonly open: OpenState
  readonly openWords: OpenWords
  /** Those that begin on that day. */
  readonly sessions: DayHours
  readonly details: UrgentCareDetails
  readonly urgentCare: UrgentCareService
  readonly capacity: CapacityStatus
  readonly isClosed: boolean
  /** As the REST answer carried it: empty when it was set too long before to be shown. */
  readonly restCapacity: string
  readonly restHours: ReturnType<typeof openingTimesPart>
  /**
   * What SOAP answered to ServiceDetailsById for its number, to the byte: nothing but the record is in it. Null while it was
   * not Active, and so refused. A CheckCapacitySummary cannot be had back: names of types are not kept as they were.
   */
  readonly soapDetails: Readonly<Record<SoapVersion, string>> | null
  /** The closure that lay over it, with what professionals knew of it. */
  readonly closure: Closure | null
}

export type Known = {
  readonly row: ServiceRow
  /** The other services of its pharmacy as they were known. */
  readonly siblings: readonly ServiceRow[]
  readonly profile: Profile | undefined
}

export type Rules = {
  readonly holidays: HolidayCalendar
  /** Whether REST shows a capacity that was set within 24 hours only. */
  readonly onlyRecentCapacity: boolean
}

/** The answers at an instant, by what was known. Pure. */
export function toldThen({ row, siblings, profile }: Known, instant: Date, rules: Rules): ToldThen {
  const at = toLondon(instant)
  const read = serviceReader(rules.holidays)
  const own = read(row)
  const urgentCare = urgentCareReader()(own)
  const { service } = own
  const details = detailsOf(urgentCare)
  const listed = [service, ...siblings.map((sibling) => read(sibling).service)]
    .filter((each) => each.status === 'ACTIVE' && pharmacyOf(each) === pharmacyOf(service))
    .toSorted((a, b) => a.uid - b.uid)
  const recent = capacityMoment(instant, rules.onlyRecentCapacity)
  return {
    service,
    page: pageOf(profile, pharmacyOf(service), listed, at, rules.holidays),
    isFindable: isFindable(service),
    open: openStateAt(service.hours, at),
    openWords: openingWords(service.hours, at, true),
    sessions: compiledSessionsOn(service.hours, at.day).sessions,
    details,
    urgentCare,
    capacity: capacityAt(urgentCare.capacity, at),
    isClosed: isClosedAt(urgentCare.capacity, at),
    restCapacity: capacityPart(urgentCare, capacitySetAt(details), recent).rag,
    restHours: openingTimesPart(service.hours, instant),
    soapDetails: service.status === 'ACTIVE' ? soapDetailsOf(urgentCare) : null,
    closure: serviceClosureAt(profile?.closures, at, service.uid) ?? null,
  }
}

const soapDetailsOf = (service: UrgentCareService): ToldThen['soapDetails'] => ({
  '1.5': detailsXml([service], '1.5'),
  '1.3': detailsXml([service], '1.3'),
})

function pageOf(
  profile: Profile | undefined,
  odsCode: string | undefined,
  listed: readonly IndexedService[],
  at: LondonTime,
  holidays: HolidayCalendar,
): ToldThen['page'] {
  if (!profile || profile.status === 'hidden' || profile.odsCode !== odsCode) return null
  return pharmacyView(publicView(profile, NOT_OF_THAT_DAY), listed, at, holidays)
}

/** When a section was checked is not kept version by version: it is not shown, and this stands for it. */
const NOT_OF_THAT_DAY = Object.fromEntries(
  SECTIONS.map((section) => [
    section,
    { source: 'list', changedAt: '1970-01-01T00:00:00.000Z', changedBy: '', checkedAt: null, checkedBy: null },
  ]),
) as Sections
