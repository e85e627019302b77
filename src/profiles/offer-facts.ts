/** What a pharmacy's answers on its services mean for its DoS services: hours of their own, status and Z codes. Pure. */
import type { ProjectedFacts } from '#src/directory/project-profile.ts'
import { dayOf, type LocalDate, weekdayIndex } from '#src/rules/london-time.ts'
import {
  OFFERED_SERVICES,
  type OfferedServiceKind,
  offeredServiceKind,
  Z_CODE_GROUP,
} from '#src/rules/offered-services.ts'
import { commonSessions, type OpeningTimes, type Session, type WeeklyHours } from '#src/rules/opening-times.ts'
import {
  BLOOD_PRESSURE_CHECK,
  CONTRACEPTION,
  type OfferedServices,
  PALLIATIVE_STOCK,
} from '#src/rules/service-matching.ts'
import type { Profile, ServiceAnswer } from './profile.ts'
import { canOffer } from './remote-offers.ts'

/** Which service is meant: its type, and its code, which may be longer than the pharmacy's. */
export type ProjectedOnto = { readonly typeId: number; readonly odsCode: string | null }

/** Whether a service is offered on a London date; undefined when nobody has said. Before its first day it is not. */
export function isOfferedOn(answer: ServiceAnswer | undefined, date: LocalDate): boolean | undefined {
  if (!answer) return undefined
  const { offered, from, to } = answer
  return offered && (from === null || from <= date) && (to === null || date <= to)
}

const DECIDING = [PALLIATIVE_STOCK, BLOOD_PRESSURE_CHECK, CONTRACEPTION] as const

/** The answers that decide which DoS services a pharmacy has; a code that is absent has not been answered. */
export function offeredOn(
  { kind, services = {} }: Pick<Profile, 'kind' | 'services'>,
  date: LocalDate,
): OfferedServices {
  const answers = DECIDING.map((code) => {
    const service = offeredServiceKind(code)
    const offered = isOfferedOn(services[code], date)
    return [code, offered && service !== undefined && canOffer(kind, service)] as const
  })
  return Object.fromEntries(answers.filter(([, offered]) => offered !== undefined))
}

const KIND_OF_TYPE: ReadonlyMap<number, OfferedServiceKind> = new Map(
  OFFERED_SERVICES.flatMap((kind) => (kind.dosType === null ? [] : [[kind.dosType, kind] as const])),
)
const PALLIATIVE_KIND = OFFERED_SERVICES.find(({ code }) => code === PALLIATIVE_STOCK)
const PHARMACY = 13

type OfferFacts = Partial<Pick<ProjectedFacts, 'weekly' | 'specified' | 'status' | 'zCode'>>

/**
 * What the answers state of one service beyond what the pharmacy states of all; undefined when nothing.
 *
 * A service type that stands for an offered service has that service's hours, within the pharmacy's. Types 148 and 149
 * are ACTIVE with their Z code while offered and CLOSED otherwise, keeping the code; other types cannot be closed from
 * here (they would not match again), so they have no hours while the service is not offered. Palliative stock is a Z
 * code of the type 13 service on the pharmacy's own code.
 *
 * Source: DoS Integration, service toggles. Unlike there, an active service that lacks its Z code gets it.
 */
export function offerFacts(
  profile: Profile,
  specified: OpeningTimes['specified'],
  service: ProjectedOnto,
  today: LocalDate,
): OfferFacts | undefined {
  if (!profile.services) return undefined
  if (service.typeId === PHARMACY) return stockFacts(profile, service, today)
  const kind = KIND_OF_TYPE.get(service.typeId)
  const answer = kind && profile.services[kind.code]
  if (!answer) return undefined
  const offered = isOfferedOn(answer, today) === true && canOffer(profile.kind, kind)
  if (kind.zCode === null) return hoursFacts(profile.weekly, specified, offered ? answer.hours : NEVER)
  if (!offered) return { status: 'CLOSED' }
  const hours = hoursFacts(profile.weekly, specified, answer.hours)
  return { status: 'ACTIVE', zCode: zCodeOf(kind.zCode, true), ...hours }
}

const zCodeOf = (discriminator: number, carried: boolean) => ({ group: Z_CODE_GROUP, discriminator, carried })

function stockFacts({ services = {} }: Profile, { odsCode }: ProjectedOnto, today: LocalDate): OfferFacts | undefined {
  const offered = isOfferedOn(services[PALLIATIVE_STOCK], today)
  if (offered === undefined || !PALLIATIVE_KIND?.zCode || odsCode?.trim().length !== 5) return undefined
  return { zCode: zCodeOf(PALLIATIVE_KIND.zCode, offered) }
}

const NEVER: WeeklyHours = [[], [], [], [], [], [], []]

/** The week of a service with hours of its own in a pharmacy with these: never open while the pharmacy is not. */
export const serviceWeek = (weekly: WeeklyHours, own: WeeklyHours): WeeklyHours =>
  weekly.map((open, weekday) => {
    const given = own[weekday] ?? []
    return given.length === 0 ? [] : open && commonSessions(open, given)
  })

/**
 * The hours of a service: its own where the pharmacy is open too, on weekdays and on dates with hours of their own.
 * What is not known of the pharmacy is not known of the service, unless the service is not given that day at all.
 */
function hoursFacts(weekly: WeeklyHours, specified: OpeningTimes['specified'], own: WeeklyHours | null): OfferFacts {
  if (own === null) return {}
  const ownOn = (weekday: number) => own[weekday] ?? []
  const dates = Object.entries(specified) as [LocalDate, readonly Session[]][]
  return {
    weekly: serviceWeek(weekly, own),
    specified: Object.fromEntries(
      dates.map(([date, open]) => [date, commonSessions(open, ownOn(weekdayIndex(dayOf(date))))]),
    ),
  }
}
