/** Which DoS services belong to a pharmacy, and what a DoS lead must be told when they do not fit. */
import type { OdsCode } from './ods-code.ts'

/** The types of DoS service that a pharmacy's profile may update. Source: NHS service type list, DoS Integration. */
export const PHARMACY_TYPES = {
  13: 'Pharmacy',
  131: 'Pharmacy Urgent Medicines Supply',
  132: 'Pharmacy Enhanced',
  134: 'Pharmacy Distance Selling',
  137: 'Pharmacy service',
  148: 'NHS Community Blood Pressure Check service',
  149: 'NHS Community Pharmacy Contraception service',
} as const
export type PharmacyTypeId = keyof typeof PHARMACY_TYPES

/** The NHS services whose offer decides about DoS services. Source: NHS website service codes. */
export const PALLIATIVE_STOCK = 'SRV0559'
export const BLOOD_PRESSURE_CHECK = 'SRV0560'
export const CONTRACEPTION = 'SRV2000'

/** What the pharmacy says it offers. A code that is absent has not been answered. */
export type OfferedServices = Readonly<
  Partial<Record<typeof PALLIATIVE_STOCK | typeof BLOOD_PRESSURE_CHECK | typeof CONTRACEPTION, boolean>>
>

/** The types that exist only while a service is offered, and the code of that service. */
const OFFERED_TYPES: Readonly<Record<number, typeof BLOOD_PRESSURE_CHECK | typeof CONTRACEPTION>> = {
  148: BLOOD_PRESSURE_CHECK,
  149: CONTRACEPTION,
}

export type MatchCandidate = {
  readonly uid: number
  readonly odsCode: string | null
  readonly typeId: number
  readonly status: string
}

/** What a DoS lead must look at. HIDDEN_OR_CLOSED names the service, MISSING_SERVICE_TYPE the type that is missing. */
export type MatchReport =
  | { readonly code: 'UNMATCHED_PHARMACY' }
  | { readonly code: 'HIDDEN_OR_CLOSED'; readonly uid: number }
  | { readonly code: 'MISSING_SERVICE_TYPE'; readonly typeId: PharmacyTypeId }

export type Match = { readonly matched: readonly number[]; readonly reports: readonly MatchReport[] }

const canonical = (code: string): string => code.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase()

/**
 * Whether a service carries a pharmacy's code: its first five characters are the pharmacy's, compared exactly once both
 * are upper case and without blanks. A pharmacy code is five letters and digits, so no character can stand for others.
 */
export function isServiceOf(pharmacy: OdsCode | string, serviceCode: string | null): boolean {
  const code = canonical(pharmacy)
  return serviceCode !== null && /^[A-Z0-9]{5}$/.test(code) && canonical(serviceCode).slice(0, 5) === code
}

/**
 * The services that a pharmacy's profile updates.
 *
 * Types 13, 131, 132, 134 and 137 match while they are ACTIVE; 148 and 149 also while CLOSED or COMMISSIONING, when the
 * pharmacy says that it offers the service. At least one service must be ACTIVE, otherwise nothing matches. A hidden or
 * closed pharmacy updates nothing: its services are reported, for a person to act on.
 *
 * Source: DoS Integration, service matcher; a missing 148 or 149 is reported whichever other type is active.
 */
export function matchServices(input: {
  readonly odsCode: string
  readonly profileStatus: string
  readonly services: readonly MatchCandidate[]
  readonly offered?: OfferedServices
}): Match {
  const offered = input.offered ?? {}
  const candidates = input.services.filter(
    (service) => isServiceOf(input.odsCode, service.odsCode) && mayMatch(service),
  )
  if (!candidates.some(isActive)) return { matched: [], reports: [{ code: 'UNMATCHED_PHARMACY' }] }
  const remaining = candidates.filter((service) => isActive(service) || isOffered(service, offered))
  if (input.profileStatus === 'hidden' || input.profileStatus === 'closed') {
    return { matched: [], reports: remaining.map(({ uid }) => ({ code: 'HIDDEN_OR_CLOSED', uid })) }
  }
  const reports = missingTypes(remaining, offered).map((typeId) => ({ code: 'MISSING_SERVICE_TYPE', typeId }) as const)
  return { matched: remaining.map(({ uid }) => uid), reports }
}

const isActive = ({ status }: MatchCandidate): boolean => status === 'ACTIVE'

function mayMatch(service: MatchCandidate): boolean {
  if (!Object.hasOwn(PHARMACY_TYPES, service.typeId)) return false
  if (isActive(service)) return true
  const mayWake = service.status === 'CLOSED' || service.status === 'COMMISSIONING'
  return mayWake && OFFERED_TYPES[service.typeId] !== undefined
}

function isOffered({ typeId }: MatchCandidate, offered: OfferedServices): boolean {
  const code = OFFERED_TYPES[typeId]
  return code !== undefined && offered[code] === true
}

/** Types a pharmacy needs for what it offers and does not have. Palliative stock needs a type 13 on the bare code. */
function missingTypes(services: readonly MatchCandidate[], offered: OfferedServices): readonly PharmacyTypeId[] {
  const has = (typeId: number) => services.some((service) => service.typeId === typeId)
  const hasPlainPharmacy = services.some(
    ({ typeId, odsCode }) => typeId === 13 && canonical(odsCode ?? '').length === 5,
  )
  const missing: PharmacyTypeId[] = []
  if (offered[BLOOD_PRESSURE_CHECK] === true && !has(148)) missing.push(148)
  if (offered[CONTRACEPTION] === true && !has(149)) missing.push(149)
  if (offered[PALLIATIVE_STOCK] === true && !hasPlainPharmacy) missing.push(13)
  return missing
}
