/** What answers on services do to the Directory of Services, in words: shown before they are saved. Pure. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { OFFERED_SERVICES, type OfferedServiceKind, Z_CODE_GROUP } from '#src/rules/offered-services.ts'
import type { StoredService } from './load-profiles.ts'
import { isOfferedOn, offeredOn } from './offer-facts.ts'
import { matchOf, planProjection, type ServicePlan } from './plan-projection.ts'
import type { Profile } from './profile.ts'

export type ServiceEffect = {
  /**
   * `opens`, `closes`: whether searches find a service; `gains-code`, `loses-code`: what it says it has; `hours`: when
   * it is given; `missing`: the directory has no service to show this; `later`: a date on which it begins or ends.
   */
  readonly code: 'opens' | 'closes' | 'gains-code' | 'loses-code' | 'hours' | 'missing' | 'later'
  /** The service of the list that this is about. */
  readonly serviceCode: string
  /** The DoS service; null where there is none. */
  readonly uid: number | null
  readonly text: string
}

/**
 * What becomes of each DoS service of a pharmacy, and what is missing, were its profile `after` today. Services that
 * stay as they are do not appear; what is missing appears for as long as it is.
 */
export function servicesEffect(
  before: Profile | undefined,
  after: Profile,
  services: readonly StoredService[],
  today: LocalDate,
): readonly ServiceEffect[] {
  const plans = planProjection({
    before,
    after,
    services,
    decides: true,
    keep: new Set(),
    onMeeting: 'take',
    today,
  })
  return planEffects(before, after, plans, today)
}

/** As `servicesEffect`, for whoever has the plans already. */
export function planEffects(
  before: Profile | undefined,
  after: Profile,
  plans: readonly ServicePlan[],
  today: LocalDate,
): readonly ServiceEffect[] {
  return [
    ...plans.flatMap((plan) => effectsOf(plan)),
    ...missing(after, plans, today),
    ...OFFERED_SERVICES.flatMap((kind) => laterEffects(kind, before, after, today)),
  ]
}

const nameOf = ({ publicName, name }: ServiceRecord): string => publicName || name

const kindOfCode = (discriminator: number) => OFFERED_SERVICES.find(({ zCode }) => zCode === discriminator)

function effectsOf({ uid, before, after, fields }: ServicePlan): readonly ServiceEffect[] {
  const kind = OFFERED_SERVICES.find(({ dosType }) => dosType === after.typeId)
  const effects: ServiceEffect[] = []
  const name = `“${nameOf(after)}”`
  if (kind && before.status !== after.status) {
    const opens = after.status === 'ACTIVE'
    effects.push({
      code: opens ? 'opens' : 'closes',
      serviceCode: kind.code,
      uid,
      text: opens
        ? `NHS 111 and other NHS services will find ${name} for ${kind.label}`
        : `NHS 111 and other NHS services will no longer find ${name} for ${kind.label}`,
    })
  }
  if (kind && after.status === 'ACTIVE' && fields.some(({ field }) => field === 'weekly')) {
    const never = after.hours.weekly.every((day) => day?.length === 0)
    effects.push({
      code: 'hours',
      serviceCode: kind.code,
      uid,
      text: never
        ? `${name} will have no opening times, so NHS 111 will not send people to it`
        : `${name} will have opening times of its own`,
    })
  }
  return [...effects, ...codeEffects(uid, name, zCodesOf(before), zCodesOf(after))]
}

const zCodesOf = ({ other }: ServiceRecord): readonly number[] =>
  ((other['sgsd'] ?? {}) as Record<string, readonly number[]>)[Z_CODE_GROUP] ?? []

function codeEffects(
  uid: number,
  name: string,
  before: readonly number[],
  after: readonly number[],
): readonly ServiceEffect[] {
  const changed = [...new Set([...before, ...after])].filter((code) => before.includes(code) !== after.includes(code))
  return changed.flatMap((code): ServiceEffect[] => {
    const kind = kindOfCode(code)
    if (!kind) return []
    const gains = after.includes(code)
    const does = gains ? 'will say' : 'will no longer say'
    return [
      {
        code: gains ? 'gains-code' : 'loses-code',
        serviceCode: kind.code,
        uid,
        text: `The directory entry ${name} ${does}: ${kind.label} (Z code ${Z_CODE_GROUP}=${code})`,
      },
    ]
  })
}

/** What a pharmacy offers for which the directory has no service. The directory team makes services, not this profile. */
function missing(after: Profile, plans: readonly ServicePlan[], today: LocalDate): readonly ServiceEffect[] {
  const offered = offeredOn(after, today)
  const { reports } = matchOf(
    after,
    plans.map((plan) => plan.before),
    today,
  )
  const unmatched = reports.some(({ code }) => code === 'UNMATCHED_PHARMACY')
  const types = reports.flatMap((report) => (report.code === 'MISSING_SERVICE_TYPE' ? [report.typeId] : []))
  return OFFERED_SERVICES.flatMap(({ code, label, dosType }): ServiceEffect[] => {
    if (offered[code as keyof typeof offered] !== true) return []
    if (!unmatched && !types.some((typeId) => typeId === (dosType ?? 13))) return []
    const text = `Your answer is saved, but NHS 111 cannot find ${label} at your pharmacy: the directory has no ${
      unmatched ? 'active service' : 'service of this kind'
    } for it. Your local Directory of Services team must add one`
    return [{ code: 'missing', serviceCode: code, uid: null, text }]
  })
}

/** Days to come on which what the directory shows will change by itself; only where they are new. */
function laterEffects(
  { code, label, dosType, zCode }: OfferedServiceKind,
  before: Profile | undefined,
  after: Profile,
  today: LocalDate,
): readonly ServiceEffect[] {
  const answer = after.services?.[code]
  if (!answer?.offered || (dosType === null && zCode === null)) return []
  const was = before?.services?.[code]
  const effect = (text: string): ServiceEffect => ({ code: 'later', serviceCode: code, uid: null, text })
  const { from, to } = answer
  return [
    ...(from !== null && from > today && from !== was?.from
      ? [effect(`Before ${formatDateShort(from)} NHS 111 will not find ${label} at your pharmacy`)]
      : []),
    ...(to !== null && to !== was?.to && isOfferedOn(answer, to) === true
      ? [effect(`After ${formatDateShort(to)} NHS 111 will no longer find ${label} at your pharmacy`)]
      : []),
  ]
}
