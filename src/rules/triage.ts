/**
 * Which services may help a caller: the tests of the two pipelines of a triage search, one by one, in their order.
 *
 * Source for all of it: DoS web services, Check Capacity Summary search logic 1.5.
 */

import { type Capacity, capacityAt } from './capacity.ts'
import type { CompiledHours } from './compiled-hours.ts'
import type { LondonTime } from './london-time.ts'
import { isOpenBetween, sessionWindow } from './session-window.ts'

export const GENDERS = ['M', 'F', 'I'] as const
export type Gender = (typeof GENDERS)[number]

/** British National Grid (OSGB36), metres. */
export type GridPlace = { readonly easting: number; readonly northing: number }

/** An exact age has two equal ends; an age group is a range. Days, with decimals. */
export type AgeRange = readonly [from: number, to: number]

/** Whom a service is for, as it is profiled. Empty lists of genders, ages and roles match nobody. */
export type ClinicalProfile = {
  readonly genders: ReadonlySet<string>
  readonly ages: readonly AgeRange[]
  /** Symptom group to the discriminators that the service takes with it. */
  readonly pairs: ReadonlyMap<number, ReadonlySet<number>>
  /** Disposition groups. */
  readonly dispositions: ReadonlySet<number>
  /** Referral roles that may be shown the service. */
  readonly roles: ReadonlySet<number>
  /** Only for patients of the surgeries in `referrals`. */
  readonly restricted: boolean
  /** ODS codes of surgeries, upper case: those that commission the service. */
  readonly referrals: ReadonlySet<string>
  /** Codes of areas; null: not limited, not promoted. */
  readonly limitedTo: ReadonlySet<string> | null
  readonly promotedTo: ReadonlySet<string> | null
  /** 15 or 30: returned only when open, or opening within so many minutes. Null: whatever the session window says. */
  readonly returnIfOpenMinutes: number | null
}

/** What the tests read of a service. */
export type TriageService = GridPlace & {
  readonly uid: number
  readonly typeId: number
  readonly odsCode: string | null
  readonly isActive: boolean
  readonly hours: CompiledHours
  readonly clinical: ClinicalProfile
  readonly capacity: Capacity
}

/** What a caller needs, checked and complete. */
export type TriageQuestion = {
  readonly origin: GridPlace
  readonly distanceKm: number
  /** Null when none was given: then nothing matches. */
  readonly symptomGroup: number | null
  /** Distinct, and each paired with the symptom group (`usableDiscriminators`). */
  readonly discriminators: readonly number[]
  /** Version 1.5 asks that a service carries all of them, 1.3 any. */
  readonly discriminatorRule: 'all' | 'any'
  /** Null: not asked for. The timeframe in minutes may be unknown. */
  readonly disposition: { readonly id: number; readonly timeframe: number | null } | null
  readonly gender: Gender
  /** Null: not asked for (1.3 only). */
  readonly age: AgeRange | null
  /** The referral role of the account that asks. */
  readonly role: number
  /** ODS code of the patient's surgery, upper case; null when not known. */
  readonly surgery: string | null
  readonly at: LondonTime
  /** Areas that the origin lies in (local authority, ICB, local areas); null when not known: then no service is limited. */
  readonly areas: readonly string[] | null
}

/** Losers of these leave no record. */
export const COARSE_TESTS = ['status', 'box', 'symptom-group', 'gender', 'surgery'] as const
/** A service that fails exactly one of these is a near miss, a "gap", which commissioners count. */
export const FINE_TESTS = [
  'capacity',
  'discriminators',
  'disposition',
  'role',
  'age',
  'session',
  'return-if-open',
  'area',
] as const
export type CoarseTest = (typeof COARSE_TESTS)[number]
export type FineTest = (typeof FINE_TESTS)[number]
export type TriageTest = CoarseTest | FineTest

type Check = (service: TriageService, question: TriageQuestion) => boolean

const CHECKS: Readonly<Record<TriageTest, Check>> = {
  status: ({ isActive }) => isActive,
  box: isInBox,
  'symptom-group': ({ clinical }, { symptomGroup }) => symptomGroup !== null && clinical.pairs.has(symptomGroup),
  gender: ({ clinical }, { gender }) => clinical.genders.has(gender),
  surgery: ({ clinical }, { surgery }) => takesPatientsOf(clinical, surgery),
  capacity: ({ capacity }, { at }) => capacityAt(capacity, at) !== 'RED',
  discriminators: hasDiscriminators,
  disposition: ({ clinical }, { disposition }) => disposition === null || clinical.dispositions.has(disposition.id),
  role: ({ clinical }, { role }) => clinical.roles.has(role),
  age: ({ clinical }, { age }) => age === null || takesAge(clinical.ages, age),
  session: ({ hours }, { at, disposition }) => {
    const { from, to } = sessionWindow(disposition?.timeframe ?? null)
    return isOpenBetween(hours, at, from, to)
  },
  'return-if-open': ({ hours, clinical }, { at }) =>
    clinical.returnIfOpenMinutes === null || isOpenBetween(hours, at, 0, clinical.returnIfOpenMinutes),
  area: ({ clinical }, { areas }) => clinical.limitedTo === null || areas === null || meets(clinical.limitedTo, areas),
}

const IN_ORDER: readonly TriageTest[] = [...COARSE_TESTS, ...FINE_TESTS]

/** The first test that a service fails for this caller, in the order of the pipelines; null when it passes them all. */
export function firstFailedTest(service: TriageService, question: TriageQuestion): TriageTest | null {
  for (const name of IN_ORDER) if (!CHECKS[name](service, question)) return name
  return null
}

/** Whether a service passes these tests; without names, every one. */
export function passesTests(
  service: TriageService,
  question: TriageQuestion,
  names: readonly TriageTest[] = IN_ORDER,
): boolean {
  for (const name of names) if (!CHECKS[name](service, question)) return false
  return true
}

/** Whether a service passes the first pipeline, and which tests of the second it fails. */
export function failedTests(
  service: TriageService,
  question: TriageQuestion,
): { readonly coarse: CoarseTest | null; readonly fine: readonly FineTest[] } {
  const coarse = COARSE_TESTS.find((name) => !CHECKS[name](service, question)) ?? null
  return { coarse, fine: coarse === null ? FINE_TESTS.filter((name) => !CHECKS[name](service, question)) : [] }
}

/**
 * Whether a place lies in the search box: a square around the origin, its edges included, so that a service in a corner
 * is returned from further away than the distance says.
 */
export function isInBox(
  { easting, northing }: GridPlace,
  { origin, distanceKm }: Pick<TriageQuestion, 'origin' | 'distanceKm'>,
): boolean {
  const reach = metresOf(distanceKm)
  return Math.abs(easting - origin.easting) <= reach && Math.abs(northing - origin.northing) <= reach
}

/** A thousandth of a millimetre more: 32.3 times a thousand comes out a little below 32,300, and a box includes its edges. */
export const metresOf = (km: number): number => km * 1000 + 1e-6

/** The discriminators that count: each once, and only those that can be combined with the symptom group. */
export const usableDiscriminators = (
  given: readonly number[],
  pairedWith: ReadonlySet<number> | undefined,
): readonly number[] =>
  pairedWith === undefined ? [] : [...new Set(given)].filter((discriminator) => pairedWith.has(discriminator))

function hasDiscriminators(
  { clinical }: TriageService,
  { symptomGroup, discriminators, discriminatorRule }: TriageQuestion,
): boolean {
  const taken = symptomGroup === null ? undefined : clinical.pairs.get(symptomGroup)
  if (!taken) return false
  for (const discriminator of discriminators) {
    const found = taken.has(discriminator)
    if (discriminatorRule === 'any' && found) return true
    if (discriminatorRule === 'all' && !found) return false
  }
  return discriminatorRule === 'all' && discriminators.length > 0
}

/** Whether a service lists a surgery among those that commission it. No surgery is listed nowhere. */
export const isCommissionedBy = ({ referrals }: Pick<ClinicalProfile, 'referrals'>, surgery: string | null): boolean =>
  surgery !== null && referrals.has(surgery)

/** Whether the patients of a surgery may come: a restricted service takes those of the surgeries on its list only. */
export const takesPatientsOf = (
  clinical: Pick<ClinicalProfile, 'restricted' | 'referrals'>,
  surgery: string | null,
): boolean => !clinical.restricted || isCommissionedBy(clinical, surgery)

/** An exact age must lie inside a profiled range; an age group is taken when it overlaps one. Ends included. */
export function takesAge(ages: readonly AgeRange[], [from, to]: AgeRange): boolean {
  for (const [youngest, oldest] of ages) if (from <= oldest && to >= youngest) return true
  return false
}

function meets(codes: ReadonlySet<string>, areas: readonly string[]): boolean {
  for (const area of areas) if (codes.has(area)) return true
  return false
}
