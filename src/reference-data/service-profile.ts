/**
 * What a service of type 13 or 134 says of its pharmacy, as a profile. Pure. Where the pharmaceutical list named the
 * pharmacy too, name, address and hours are the list's: see `imported-profile.ts`.
 */
import { isDeepStrictEqual } from 'node:util'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { isApproved, withoutApproval } from '#src/profiles/place-change.ts'
import type { DatedChange, HolidayAnswer, Profile } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { dayOf, type LocalDate, MINUTES_PER_DAY } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import type { WeeklyHours } from '#src/rules/opening-times.ts'
import { postcodeKey } from '#src/rules/postcode.ts'
import { type Draft, type ImportContext, newSections, withSection } from './imported-profile.ts'
import type { Position } from './reference-store.ts'

const ALL_DAY: WeeklyHours[number] = [{ opens: 0, closes: MINUTES_PER_DAY }]
/** Dated changes that came from a service; those of people have other ids. */
const IMPORTED = 'imported-'

/** The profile that such a service makes when there is none. */
export function newServiceProfile(head: ServiceRecord, calendar: HolidayCalendar, context: ImportContext): Draft {
  const profile: Profile = {
    odsCode: pharmacyCodeOf(head.odsCode ?? ''),
    name: nameOf(head),
    ownerName: null,
    kind: 'community',
    status: 'open',
    address: { lines: head.address, postcode: head.postcode ?? '', position: positionOf(head) },
    contact: {},
    weekly: weeklyOf(head),
    holidays: {},
    changes: [],
    commissioning: { parentCode: null, icbCode: null, healthAndWellbeingBoard: null },
  }
  return withService({ profile, sections: newSections(context), kept: [] }, head, calendar, context)
}

/** What such a service says of a pharmacy that has a profile. */
export function withService(
  draft: Draft,
  head: ServiceRecord,
  calendar: HolidayCalendar,
  context: ImportContext,
): Draft {
  const isListed = draft.profile.commissioning.onPharmaceuticalList === true
  const given = withSection(draft, 'contact', serviceContact(draft.profile, head, isListed), context)
  const contacted = { ...given, kept: [...given.kept, ...keptPlace(given.profile, head, isListed)] }
  const timed = isListed ? contacted : withSection(contacted, 'hours', serviceHours(contacted.profile, head), context)
  const dates = datesOf(head, calendar)
  const answered = withSection(timed, 'holidays', serviceHolidays(timed.profile, dates.holidays), context)
  const changed = withSection(answered, 'changes', serviceChanges(answered.profile, dates.changes), context)
  const sellsAtADistance = head.typeId === 134 && changed.profile.kind === 'community'
  return sellsAtADistance ? { ...changed, profile: { ...changed.profile, kind: 'distance-selling' } } : changed
}

const nameOf = ({ publicName, name }: ServiceRecord): string => publicName || name

const weeklyOf = ({ hours }: ServiceRecord): WeeklyHours =>
  hours.openAllHours ? hours.weekly.map(() => ALL_DAY) : hours.weekly

function positionOf({ easting, northing, latitude, longitude }: ServiceRecord): Position | null {
  if (easting === null || northing === null || latitude === null || longitude === null) return null
  return { latitude, longitude, easting, northing }
}

/** A blank says nothing, and what a service does not say is not taken away. */
function serviceContact(profile: Profile, head: ServiceRecord, isListed: boolean) {
  const said = {
    phone: head.phone,
    website: head.web,
    professionalPhone: head.nonPublicPhone,
    professionalEmail: head.email,
  }
  const given = Object.entries(said).filter(([, value]) => value !== null && value !== '')
  const next: Profile = {
    ...profile,
    contact: { ...profile.contact, ...Object.fromEntries(given) },
    name: isListed || isApproved(profile, 'name') ? profile.name : nameOf(head),
    address: addressAfter(profile, head, isListed),
  }
  const isMoved = postcodeKey(next.address.postcode) !== postcodeKey(profile.address.postcode)
  const differences = [
    ...given
      .filter(([key, value]) => profile.contact[key as keyof typeof said] !== value)
      // The number is non-public for two of these: the report names the field only.
      .map(([key]) => `${key} differs from that of service ${head.uid}`),
    ...(next.name === profile.name ? [] : [`name: “${profile.name}”; service ${head.uid} says “${next.name}”`]),
    ...(isDeepStrictEqual(next.address, profile.address) ? [] : [`address or point differs from service ${head.uid}`]),
  ]
  return { profile: isMoved ? withoutApproval(next, 'position') : next, differences }
}

function addressAfter(profile: Profile, head: ServiceRecord, isListed: boolean): Profile['address'] {
  const { address } = profile
  const said = { lines: head.address, postcode: head.postcode ?? '' }
  const { lines, postcode } = isListed || isApproved(profile, 'address') ? address : said
  if (postcodeKey(address.postcode) !== postcodeKey(said.postcode)) {
    return { lines, postcode, position: postcode === address.postcode ? address.position : positionOf(head) }
  }
  const isKept = isApproved(profile, 'position')
  return { lines, postcode, position: isKept ? address.position : (positionOf(head) ?? address.position) }
}

/** What a service says otherwise of a name or address that was corrected on request. */
function keptPlace(profile: Profile, head: ServiceRecord, isListed: boolean): readonly string[] {
  const { lines, postcode, position } = profile.address
  const said = positionOf(head)
  const isElsewhere = said !== null && position !== null && !isDeepStrictEqual(said, position)
  const differs = [
    !isListed && isApproved(profile, 'name') && nameOf(head) !== profile.name ? 'name' : null,
    !isListed &&
    isApproved(profile, 'address') &&
    [...head.address, head.postcode].join() !== [...lines, postcode].join()
      ? 'address'
      : null,
    isApproved(profile, 'position') && isElsewhere ? 'point' : null,
  ]
  return differs
    .filter((what) => what !== null)
    .map((what) => `${what}: corrected on request; service ${head.uid} says otherwise`)
}

function serviceHours(profile: Profile, head: ServiceRecord) {
  const weekly = weeklyOf(head)
  const isSame = isDeepStrictEqual(weekly, profile.weekly)
  return {
    profile: { ...profile, weekly },
    differences: isSame ? [] : [`hours differ from those of service ${head.uid}`],
  }
}

type Dates = { readonly holidays: Readonly<Record<LocalDate, HolidayAnswer>>; readonly changes: readonly DatedChange[] }

/** Specified dates of a service: an answer where the date is a statutory day, otherwise a dated change. */
function datesOf({ hours }: ServiceRecord, calendar: HolidayCalendar): Dates {
  const holidays: Record<LocalDate, HolidayAnswer> = {}
  const changes: DatedChange[] = []
  for (const date of (Object.keys(hours.specified) as LocalDate[]).sort()) {
    const sessions = hours.specified[date] ?? []
    if (calendar.isStatutory(dayOf(date))) {
      holidays[date] = sessions.length === 0 ? { answer: 'closed' } : { answer: 'other', sessions }
    } else {
      const reason = 'From the directory of services'
      changes.push({ id: `${IMPORTED}${date}`, from: date, to: date, sessions, reason, note: null })
    }
  }
  return { holidays, changes }
}

function serviceHolidays(profile: Profile, holidays: Dates['holidays']) {
  const dates = Object.keys(holidays) as LocalDate[]
  const differing = dates.filter((date) => !isDeepStrictEqual(profile.holidays[date], holidays[date]))
  return {
    profile: { ...profile, holidays: { ...profile.holidays, ...holidays } },
    differences: differing.map((date) => `${date}: the service in the directory says otherwise`),
  }
}

function serviceChanges(profile: Profile, changes: Dates['changes']) {
  const own = profile.changes.filter(({ id }) => !id.startsWith(IMPORTED))
  const next = [...changes, ...own]
  const isSame = isDeepStrictEqual(next, profile.changes)
  return {
    profile: { ...profile, changes: next },
    differences: isSame ? [] : ['dated changes differ from those of the service in the directory'],
  }
}
