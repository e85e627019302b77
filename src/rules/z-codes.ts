/**
 * Z codes: pairs of symptom group and discriminator by which a service is found by what it does, not by a triage. They
 * make local services, and say that a pharmacy offers certain national ones. Pure.
 */
import { OFFERED_SERVICES, Z_CODE_GROUP } from './offered-services.ts'
import { BLOOD_PRESSURE_CHECK, CONTRACEPTION, PALLIATIVE_STOCK, PHARMACY_TYPES } from './service-matching.ts'
import { lifecycleOf, typeNameOf } from './service-types.ts'

/** Discriminators up to this one are NHS Pathways'; above it are Z codes. Source: Directory of Services, Service Finder migration. */
export const LAST_PATHWAYS_DISCRIMINATOR = 10_999

/** Whether a discriminator is a Z code. */
export const isZCode = (discriminator: number): boolean => discriminator > LAST_PATHWAYS_DISCRIMINATOR

const codeOf = (offered: string): number => OFFERED_SERVICES.find(({ code }) => code === offered)?.zCode ?? Number.NaN
const PALLIATIVE = codeOf(PALLIATIVE_STOCK)
const BLOOD_PRESSURE = codeOf(BLOOD_PRESSURE_CHECK)
const CONTRACEPTIVE = codeOf(CONTRACEPTION)

/** What kind of provider it is, for the Service Finder: GP practice, pharmacist. */
const PROVIDER_KINDS: readonly number[] = [14_023, 14_041]

/** Z codes that mean the same everywhere: by themselves they make no local service. */
export const NATIONAL_Z_CODES: readonly number[] = [...PROVIDER_KINDS, PALLIATIVE, BLOOD_PRESSURE, CONTRACEPTIVE]

/** A service as far as a Z code's place depends on it. */
export type ZCodeBearer = { readonly typeId: number; readonly odsCode: string | null }

const canonical = (code: string): string => code.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase()
const typeOf = (typeId: number): string => typeNameOf(typeId) ?? `type ${typeId}`

/**
 * Why a Z code does not belong on a service, as a sentence without its full stop; empty where it does.
 *
 * Source: DoS Integration, quality checker: among pharmacy types palliative stock belongs to a type 13 on the bare code,
 * and is let pass on 134; blood pressure belongs to 148, contraception to 149. No search returns administrative types,
 * so no Z code belongs on them.
 */
export function misplacedBecause({ typeId, odsCode }: ZCodeBearer, discriminator: number): string {
  const name = `Z code ${Z_CODE_GROUP}=${discriminator}`
  if (lifecycleOf(typeId) === 'administrative' && isZCode(discriminator)) {
    return `${name} does not belong on ${typeOf(typeId)}, which no search returns`
  }
  if (!Object.hasOwn(PHARMACY_TYPES, typeId)) return ''
  if (discriminator === PALLIATIVE && typeId === 13 && canonical(odsCode ?? '').length > 5) {
    return `${name} (palliative care stock) is on code ${odsCode}, and belongs to the service with the pharmacy’s own 5 characters`
  }
  if (discriminator === PALLIATIVE && typeId !== 13 && typeId !== 134) {
    return `${name} (palliative care stock) does not belong on ${typeOf(typeId)}`
  }
  if (discriminator === BLOOD_PRESSURE && typeId !== 148) {
    return `${name} (blood pressure) does not belong on ${typeOf(typeId)}`
  }
  if (discriminator === CONTRACEPTIVE && typeId !== 149) {
    return `${name} (contraception) does not belong on ${typeOf(typeId)}`
  }
  return ''
}

/** Why pairs of a service do not belong there, one sentence each; none where all do. */
export const misplacedPairs = (
  bearer: ZCodeBearer,
  pairs: Readonly<Record<string, readonly number[]>>,
): readonly string[] =>
  (pairs[Z_CODE_GROUP] ?? []).map((code) => misplacedBecause(bearer, code)).filter((why) => why !== '')
