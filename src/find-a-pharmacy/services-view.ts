/** What the public page says of a pharmacy's services and facilities. Pure: answers and a date in, words out. */

import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import { isOfferedOn, serviceWeek } from '#src/profiles/offer-facts.ts'
import type { ServiceAnswer } from '#src/profiles/profile.ts'
import type { PublicProfileView } from '#src/profiles/profile-index.ts'
import { canHave, canOffer, remoteLimits } from '#src/profiles/remote-offers.ts'
import { formatDateShort, formatSessions } from '#src/rules/clock-time.ts'
import { FACILITY_GROUP_LABELS, FACILITY_GROUPS, type FacilityKind, facilitiesInGroup } from '#src/rules/facilities.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import {
  type OfferedServiceKind,
  SERVICE_GROUP_LABELS,
  SERVICE_GROUPS,
  servicesInGroup,
} from '#src/rules/offered-services.ts'
import { daysOfRun, weekRuns } from '#src/rules/week-runs.ts'

export type ServiceRow = {
  readonly name: string
  readonly line: string
  readonly who: string | null
  /** What of it cannot be done where nobody visits. */
  readonly limits: string | null
  /** When it is given where that is not whenever the pharmacy is open: `Monday to Friday: 9am to midday`. */
  readonly hours: readonly string[]
  readonly byAppointment: boolean
  readonly bookingLink: string | null
  /** `Until 31 March 2027`, `Starts 1 September 2026`. */
  readonly dates: string | null
}
export type ServiceRows = { readonly heading: string; readonly services: readonly ServiceRow[] }

/** The services that are offered now or will be, by group. Those of which nobody has said anything do not appear. */
export function servicesOffered(profile: PublicProfileView, today: LocalDate): readonly ServiceRows[] {
  const answers = profile.services ?? {}
  return SERVICE_GROUPS.map((group) => ({
    heading: SERVICE_GROUP_LABELS[group],
    services: servicesInGroup(group).flatMap((kind) => {
      const answer = answers[kind.code]
      return answer && canOffer(profile.kind, kind) && isComing(answer, today)
        ? [serviceRow(kind, answer, profile, today)]
        : []
    }),
  })).filter(({ services }) => services.length > 0)
}

/** Offered today or later. */
const isComing = (answer: ServiceAnswer, today: LocalDate): boolean =>
  isOfferedOn(answer, answer.from !== null && answer.from > today ? answer.from : today) === true

function serviceRow(
  { code, label, line, who }: OfferedServiceKind,
  { hours, byAppointment, bookingLink, from, to }: ServiceAnswer,
  { kind, weekly }: PublicProfileView,
  today: LocalDate,
): ServiceRow {
  const runs = hours === null ? [] : weekRuns(serviceWeek(weekly, hours))
  return {
    name: label,
    line,
    who,
    limits: remoteLimits(kind, { code }) ?? null,
    hours: runs
      .filter((run) => run.hours?.length !== 0)
      .map((run) => `${daysOfRun(run)}: ${formatSessions(run.hours).replace(/^O/, 'o')}`),
    byAppointment,
    bookingLink,
    dates: datesInWords(from !== null && from > today ? from : null, to),
  }
}

function datesInWords(from: LocalDate | null, to: LocalDate | null): string | null {
  if (from !== null && to !== null) return `${formatDateShort(from)} to ${formatDateShort(to)}`
  if (from !== null) return `Starts ${formatDateShort(from)}`
  return to === null ? null : `Until ${formatDateShort(to)}`
}

export type FacilityRow = { readonly name: string; readonly measure: string | null; readonly note: string | null }
export type FacilityRows = {
  readonly heading: string
  readonly has: readonly FacilityRow[]
  /** Names in one sentence; null when there is nothing that the pharmacy said it has not. */
  readonly hasNot: string | null
}

/** The facilities of which the pharmacy said yes or no, by group. */
export function facilitiesStated({ kind: of, facilities = {} }: PublicProfileView): readonly FacilityRows[] {
  return FACILITY_GROUPS.map((group) => {
    const stated = facilitiesInGroup(group).filter((kind) => canHave(of, kind) && facilities[kind.id] !== undefined)
    const without = stated.filter(({ id, absence }) => !facilities[id]?.has && absence === null)
    return {
      heading: FACILITY_GROUP_LABELS[group],
      has: stated.flatMap((kind) => {
        if (facilities[kind.id]?.has) return [facilityRow(kind, facilities)]
        return kind.absence === null ? [] : [{ name: kind.absence, measure: null, note: null }]
      }),
      hasNot: without.length === 0 ? null : without.map(({ label }) => inSentence(label)).join(', '),
    }
  }).filter(({ has, hasNot }) => has.length > 0 || hasNot !== null)
}

export type Arrival = {
  /** `Step-free access`, `Car parking: behind the shop`. */
  readonly lines: readonly string[]
  /** Nobody has said whether somebody in a wheelchair gets in. */
  readonly isAccessUnknown: boolean
}

const STEP_FREE = ['35', '7', 'entrance-step', 'fixed-ramp', 'portable-ramp'] as const

/** What the pharmacy says of parking and getting in, for those who are on their way; null where nobody visits. */
export function arrivalFacts(profile: PublicProfileView): Arrival | null {
  if (isRemoteOnly(profile.kind) || profile.status === 'closed') return null
  const ways = [FACILITY_GROUP_LABELS.parking, FACILITY_GROUP_LABELS['getting-in']]
  const rows = facilitiesStated(profile)
    .filter(({ heading }) => ways.includes(heading))
    .flatMap(({ has }) => has)
  return {
    lines: rows.map(({ name, measure, note }) => {
      const more = [measure, note].filter((part) => part !== null)
      return more.length === 0 ? name : `${name}: ${more.join('. ')}`
    }),
    isAccessUnknown: STEP_FREE.every((id) => profile.facilities?.[id] === undefined),
  }
}

/** `car parking`; names stay as they are: `British Sign Language by video`. */
const inSentence = (label: string): string =>
  /^\S+ [A-Z]/.test(label) ? label : label.slice(0, 1).toLowerCase() + label.slice(1)

function facilityRow({ id, label, measure }: FacilityKind, facilities: NonNullable<PublicProfileView['facilities']>) {
  const said = facilities[id]
  return {
    name: label,
    measure: measure && said?.measure !== undefined ? `${measure.label}: ${said.measure} ${measure.unit}` : null,
    note: said?.note ?? null,
  }
}
