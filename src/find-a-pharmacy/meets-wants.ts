/** Whether a pharmacy has what a visitor needs, and what it says of it. Pure: facts in memory and a London minute in. */
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import { isOfferedOn, serviceWeek } from '#src/profiles/offer-facts.ts'
import type { ProfileKind, ServiceAnswer } from '#src/profiles/profile.ts'
import type { PublicProfileView } from '#src/profiles/profile-index.ts'
import { canHave, canOffer } from '#src/profiles/remote-offers.ts'
import { formatSessions } from '#src/rules/clock-time.ts'
import { facilityKind } from '#src/rules/facilities.ts'
import { dateOf, type LocalDate, type LondonTime, MINUTES_PER_DAY, weekdayIndex } from '#src/rules/london-time.ts'
import { type OfferedServiceKind, offeredServiceKind } from '#src/rules/offered-services.ts'
import type { WantedAccess } from '#src/rules/wanted-access.ts'
import { type WantedService, wantedServiceNamed } from '#src/rules/wanted-services.ts'
import { daysOfRun, weekRuns } from '#src/rules/week-runs.ts'
import type { Wants } from './wants.ts'

export type Asked = {
  readonly wants: Wants
  readonly at: LondonTime
  /** The service shall be given at that minute, and not only on that day. */
  readonly onlyOpen: boolean
}

/** Whether a pharmacy has an Active DoS service of a type: asked only where the pharmacy itself has not answered. */
export type HasType = (odsCode: string, typeId: number) => boolean

export type Meets = (profile: PublicProfileView) => boolean

/**
 * Whether a pharmacy says that it has everything that is wanted. What it has not said counts as no, but for services
 * that the directory of services has for it. Of a pharmacy that nobody visits nobody needs a step-free entrance.
 *
 * Worked out once for a search, because a search may come by every pharmacy there is.
 */
export function meetsWants(asked: Asked, hasType: HasType): Meets {
  const visited = meetsOf('community', asked, hasType)
  const remote = meetsOf('distance-selling', asked, hasType)
  return (profile) => (isRemoteOnly(profile.kind) ? remote : visited)(profile)
}

const DELIVERY = wantedServiceNamed('delivery')

/** For one kind of pharmacy, those that people visit or those that nobody does. */
function meetsOf(kind: ProfileKind, { wants, ...moment }: Asked, hasType: HasType): Meets {
  const { service, access, delivery } = wants
  const needs = access.flatMap((need) => hasAccess(kind, need) ?? [])
  const services = [
    ...(service ? [givenBy(kind, service, moment, hasType)] : []),
    ...(delivery && DELIVERY && !isRemoteOnly(kind) ? [givenBy(kind, DELIVERY, moment, hasType)] : []),
  ]
  const all = [...needs, ...services]
  return (profile) => {
    for (const meets of all) if (!meets(profile)) return false
    return true
  }
}

/** Undefined where a pharmacy of this kind cannot have it, and nobody would need it there. */
function hasAccess(kind: ProfileKind, need: WantedAccess): Meets | undefined {
  const meant = need.facilities.filter((id) => canHave(kind, { id }))
  if (meant.length === 0) return undefined
  return ({ facilities }) => {
    for (const id of meant) if (facilities?.[id]?.has) return true
    return false
  }
}

type Moment = Pick<Asked, 'at' | 'onlyOpen'>

function givenBy(kind: ProfileKind, wanted: WantedService, { at, onlyOpen }: Moment, hasType: HasType): Meets {
  const date = dateOf(at.day)
  const kinds = wanted.codes.flatMap((code) => offeredServiceKind(code) ?? []).filter((each) => canOffer(kind, each))
  if (wanted.inPerson && isRemoteOnly(kind)) return () => false
  const gives = (profile: PublicProfileView, { code, dosType }: OfferedServiceKind): boolean => {
    const answer = profile.services?.[code]
    if (answer) return isGivenAt(answer, date, onlyOpen ? at : null)
    return dosType !== null && hasType(profile.odsCode, dosType)
  }
  return (profile) => {
    for (const each of kinds) if (gives(profile, each)) return true
    return false
  }
}

/** Offered on the day, and given at the minute where that matters. The pharmacy's own hours are not looked at. */
function isGivenAt(answer: ServiceAnswer, date: LocalDate, at: LondonTime | null): boolean {
  if (isOfferedOn(answer, date) !== true) return false
  if (at === null || answer.hours === null) return true
  const isWithin = (day: number, minute: number) =>
    (answer.hours?.[weekdayIndex(day)] ?? []).some(({ opens, closes }) => opens <= minute && minute < closes)
  return isWithin(at.day, at.minute) || isWithin(at.day - 1, at.minute + MINUTES_PER_DAY)
}

export type WantedFact = { readonly text: string; readonly booking: string | null }

/** What a pharmacy says of what is wanted, for its row in a list: hours of the service, booking, languages. */
export function wantedFacts(
  profile: PublicProfileView,
  { wants, at }: Pick<Asked, 'wants' | 'at'>,
): readonly WantedFact[] {
  const services = [...(wants.service ? [wants.service] : []), ...(wants.delivery && DELIVERY ? [DELIVERY] : [])]
  const codes = new Set(services.flatMap(({ codes: each }) => each))
  return [
    ...[...codes].flatMap((code) => {
      const [kind, answer] = [offeredServiceKind(code), profile.services?.[code]]
      if (!kind || !answer || !canOffer(profile.kind, kind) || !isOfferedOn(answer, dateOf(at.day))) return []
      const text = serviceFact(profile, kind, answer)
      return text === null && answer.bookingLink === null
        ? []
        : [{ text: text ?? kind.label, booking: answer.bookingLink }]
    }),
    ...wants.access
      .flatMap(({ facilities }) => facilities)
      .flatMap((id) => {
        const said = profile.facilities?.[id]
        const label = facilityKind(id)?.label
        return said?.has && said.note && label ? [{ text: `${label}: ${said.note}`, booking: null }] : []
      }),
  ]
}

/** `NHS Blood Pressure Check: Monday to Friday 9am to midday, by appointment only`; null when there is no more to say. */
function serviceFact(
  { weekly }: PublicProfileView,
  { label }: OfferedServiceKind,
  answer: ServiceAnswer,
): string | null {
  const { hours, byAppointment } = answer
  const runs = hours === null ? [] : weekRuns(serviceWeek(weekly, hours)).filter((run) => run.hours?.length !== 0)
  const times = runs.map((run) => `${daysOfRun(run)} ${formatSessions(run.hours).replace(/^O/, 'o')}`)
  const said = [...times, ...(byAppointment ? ['by appointment only'] : [])]
  return said.length === 0 ? null : `${label}: ${said.join('; ')}`
}
