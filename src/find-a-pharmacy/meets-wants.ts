/** Whether a pharmacy has what a visitor needs, and what it says of it. Pure: facts in memory and a London minute in. */
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import { isOfferedOn, serviceWeek } from '#src/profiles/offer-facts.ts'
import type { ServiceAnswer } from '#src/profiles/profile.ts'
import type { PublicProfileView } from '#src/profiles/profile-index.ts'
import { canHave, canOffer } from '#src/profiles/remote-offers.ts'
import { formatSessions } from '#src/rules/clock-time.ts'
import { facilityKind } from '#src/rules/facilities.ts'
import { dateOf, type LondonTime, MINUTES_PER_DAY, weekdayIndex } from '#src/rules/london-time.ts'
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

/** The types of the Active DoS services of a pharmacy: asked only where the pharmacy itself has not answered. */
export type TypesOf = (odsCode: string) => readonly number[]

/**
 * Whether a pharmacy says that it has everything that is wanted. What it has not said counts as no, but for services
 * that the directory of services has for it. Of a pharmacy that nobody visits nobody needs a step-free entrance.
 */
export function meetsWants(profile: PublicProfileView, { wants, at, onlyOpen }: Asked, typesOf: TypesOf): boolean {
  const { service, access, delivery } = wants
  const gives = (one: WantedService) => givenBy(profile, one, { at, onlyOpen, typesOf })
  return (
    access.every((need) => hasAccess(profile, need)) &&
    (service === undefined || gives(service)) &&
    (!delivery || isRemoteOnly(profile.kind) || (DELIVERY !== undefined && gives(DELIVERY)))
  )
}

const DELIVERY = wantedServiceNamed('delivery')

function hasAccess({ kind, facilities = {} }: PublicProfileView, need: WantedAccess): boolean {
  const meant = need.facilities.filter((id) => canHave(kind, { id }))
  if (meant.length === 0) return true
  return meant.some((id) => facilities[id]?.has === true)
}

type Moment = Pick<Asked, 'at' | 'onlyOpen'> & { readonly typesOf: TypesOf }

function givenBy(profile: PublicProfileView, wanted: WantedService, moment: Moment): boolean {
  if (wanted.inPerson && isRemoteOnly(profile.kind)) return false
  return wanted.codes.some((code) => {
    const kind = offeredServiceKind(code)
    if (!kind || !canOffer(profile.kind, kind)) return false
    const answer = profile.services?.[code]
    if (answer) return isGivenAt(answer, moment)
    return kind.dosType !== null && moment.typesOf(profile.odsCode).includes(kind.dosType)
  })
}

/** Offered on the day, and given at the minute where that matters. The pharmacy's own hours are not looked at. */
function isGivenAt(answer: ServiceAnswer, { at, onlyOpen }: Pick<Moment, 'at' | 'onlyOpen'>): boolean {
  if (isOfferedOn(answer, dateOf(at.day)) !== true) return false
  if (!onlyOpen || answer.hours === null) return true
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
