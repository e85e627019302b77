/**
 * The parts that both forms of a service have in common: its hours, its capacity, its endpoints. Which are text and which
 * are numbers follows what was recorded of the service that this one replaces.
 */
import {
  type Endpoint,
  endpointsInOrder,
  joinedEndpoint,
  type UrgentCareDetails,
  type UrgentCareService,
} from '#src/directory/triage/urgent-care-service.ts'
import { type CapacityStatus, capacityAt, isClosedAt } from '#src/rules/capacity.ts'
import { type CompiledHours, openingTimesOf } from '#src/rules/compiled-hours.ts'
import { formatExchangeSession, rangeFrom, splitAtMidnight } from '#src/rules/exchange-hours.ts'
import { type LondonTime, toLondon, WEEKDAYS } from '#src/rules/london-time.ts'
import type { Session } from '#src/rules/opening-times.ts'

const DAY_NAMES = WEEKDAYS.map((day) => day.charAt(0).toUpperCase() + day.slice(1))

/** All eight rows, Monday to Sunday and Bankholiday, and the specified dates in order. Days not known have no sessions. */
export function openingTimesPart(hours: CompiledHours, now: Date) {
  const { day: today } = toLondon(now)
  const { weekly, bankHoliday, specified } = splitAtMidnight(openingTimesOf(hours), hours.holidays, rangeFrom(today))
  const rows = [...weekly, bankHoliday]
  return {
    allHours: hours.openAllHours,
    days: rows.map((sessions, row) => ({
      day: DAY_NAMES[row] ?? 'Bankholiday',
      sessions: (sessions ?? []).map(sessionPart),
    })),
    specifiedDates: Object.entries(specified).map(([date, sessions]) => ({
      date: date.split('-').reverse().join('-'),
      sessions: sessions.map(sessionPart),
    })),
  }
}

function sessionPart(session: Session) {
  const [start, end] = formatExchangeSession(session)
  return { start: clockPart(start), end: clockPart(end) }
}

const clockPart = (clock: string) => ({ hours: clock.slice(0, 2), minutes: clock.slice(3) })

/** The colours are ours: every recorded answer had none. */
const STATUS_PARTS: Readonly<Record<CapacityStatus, CapacityPart>> = {
  GREEN: { rag: 'GREEN', human: 'HIGH', hex: '#00ff00' },
  AMBER: { rag: 'AMBER', human: 'LOW', hex: '#ffbf00' },
  RED: { rag: 'RED', human: 'NONE', hex: '#ff0000' },
}
export type CapacityPart = { readonly rag: string; readonly human: string; readonly hex: string }
const NOT_SHOWN: CapacityPart = { rag: '', human: '', hex: '' }
export const CAPACITY_PARTS: readonly CapacityPart[] = [...Object.values(STATUS_PARTS), NOT_SHOWN]

const SHOWN_FOR_MS = 24 * 3_600_000

/** When capacities are asked for, worked out once for all services of an answer. */
export type CapacityMoment = {
  readonly now: number
  readonly at: LondonTime
  /** Shows only what was set within the last 24 hours. */
  readonly onlyRecent: boolean
}

/** The moment `now`; `onlyRecent` as the installation has it. */
export const capacityMoment = (now: Date, onlyRecent: boolean): CapacityMoment => ({
  now: now.getTime(),
  at: toLondon(now),
  onlyRecent,
})

/**
 * How busy a service is at a moment. With `onlyRecent` the status is shown only when it was set within the last 24 hours;
 * that of a closure always.
 * `setAt` is an instant in milliseconds, null when nobody ever set it.
 */
export function capacityPart(
  { capacity }: Pick<UrgentCareService, 'capacity'>,
  setAt: number | null,
  { now, at, onlyRecent }: CapacityMoment,
): CapacityPart {
  if (isClosedAt(capacity, at)) return STATUS_PARTS.RED
  if (onlyRecent && (setAt === null || now - setAt > SHOWN_FOR_MS)) return NOT_SHOWN
  return STATUS_PARTS[capacityAt(capacity, at)]
}

/** When the capacity was last set, in milliseconds; null when it never was. */
export const capacitySetAt = ({ capacitySetAt: at }: UrgentCareDetails): number | null =>
  at === null ? null : new Date(at).getTime()

/** In their order, each with its parts joined as older answers had them. */
export const endpointsPart = (endpoints: readonly Endpoint[]) =>
  endpointsInOrder(endpoints).map((endpoint) => ({
    tag: endpoint.transport,
    order: endpoint.order,
    value: joinedEndpoint(endpoint),
  }))

/** What is missing is an empty text. */
export const textPart = (text: string | null): string => text ?? ''

export const phonePart = (service: UrgentCareService, { nonPublicPhone }: UrgentCareDetails) => ({
  public: textPart(service.shown.phone),
  nonPublic: textPart(nonPublicPhone),
  fax: '',
})

export const referralInstructionsPart = ({ publicInformation, referralInformation }: UrgentCareDetails) => ({
  callHandler: textPart(publicInformation),
  other: textPart(referralInformation),
})
