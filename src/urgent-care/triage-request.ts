/**
 * What a program asks of a triage search, and whether that can be searched for: the checks of the gate, in their order.
 *
 * Source: DoS web services, Check Capacity Summary search logic 1.5 and 1.3.
 */
import type { ApiAccount } from '#src/accounts/api-accounts.ts'
import type { ResultRules } from '#src/directory/triage/triage-index.ts'
import { type Areas, NATIONAL_KM, type TriageReference } from '#src/directory/triage/triage-reference.ts'
import { areasOf } from '#src/reference-data/areas-of.ts'
import type { Gazetteer, PlacedPostcode } from '#src/reference-data/gazetteer.ts'
import { type AgeProblem, type PatientAge, readAge, readAgeLoosely } from '#src/rules/patient-age.ts'
import { chooseDistance, type DistanceProblem, type SearchDistance } from '#src/rules/search-distance.ts'
import { type LondonMoment, readSearchTime, type TimeProblem, toLondonMoment } from '#src/rules/search-time.ts'
import { usualLimitOf } from '#src/rules/service-types.ts'
import { GENDERS, type Gender, type TriageQuestion, usableDiscriminators } from '#src/rules/triage.ts'

export const TRIAGE_VERSIONS = ['1.5', '1.3'] as const
/** 1.3 is laxer about what it is given, and takes services with any of the discriminators. */
export type TriageVersion = (typeof TRIAGE_VERSIONS)[number]

/** The fields as the program wrote them, trimmed; null when missing or empty. */
export type TriageRequest = {
  readonly version: TriageVersion
  /** The program's own reference of the case, and its short form. Not searched with. */
  readonly caseRef: string | null
  readonly caseId: string | null
  readonly postcode: string | null
  /** ODS code of the patient's surgery; `UNK` is not known. */
  readonly surgery: string | null
  readonly age: string | null
  readonly ageFormat: string | null
  readonly disposition: string | null
  readonly symptomGroup: string | null
  readonly symptomDiscriminators: readonly string[]
  /** Whole kilometres. */
  readonly searchDistance: string | null
  /** Whether the distance counts for more than the one stored for the postcode. */
  readonly forceSearchDistance: boolean
  readonly gender: string | null
  /** Asks what would be answered at another moment. */
  readonly searchDateTime: string | null
}

/**
 * Why there is no answer. `role`: the account has no referral role, without which no service may be shown to it.
 * `system`: the fault is ours, no postcodes are known at all. `no-services`: not even an emergency department.
 */
export type TriageProblemCode =
  | 'role'
  | DistanceProblem
  | 'system'
  | 'postcode'
  | AgeProblem
  | 'gender'
  | 'symptom-group'
  | 'discriminators'
  | 'disposition'
  | TimeProblem
  | 'no-services'

/** `given`: what was written in the field, where the answer repeats it. */
export type TriageProblem = { readonly code: TriageProblemCode; readonly given?: string }

/** What the sources leave open. */
export type TriageSettings = {
  /** Undefined: the catalogue's, or those of an emergency department. */
  readonly catchAllTypes: readonly number[] | undefined
  /** Whether 1.3 adds emergency departments to a single match, as it once did. */
  readonly legacyCatchAll: boolean
}

export type CheckDeps = {
  readonly reference: () => TriageReference
  readonly gazetteer: Pick<Gazetteer, 'find' | 'size'>
  readonly settings: TriageSettings
}

/** A request that can be searched for. */
export type CheckedRequest = {
  readonly question: TriageQuestion
  readonly rules: ResultRules
  readonly requestedAt: LondonMoment
  readonly searchAt: LondonMoment
  /** Null when not given to the day. */
  readonly ageInDays: number | null
  readonly distance: SearchDistance
  readonly place: PlacedPostcode
  readonly areas: Areas | null
}

type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: TriageProblem }

const problem = (code: TriageProblemCode): { readonly ok: false; readonly problem: TriageProblem } => ({
  ok: false,
  problem: { code },
})

/** Emergency Department (ED) Catch-All, Emergency Department (ED): the sources do not say which the rule reads. */
const EMERGENCY_DEPARTMENTS = [40, 105] as const
const UNKNOWN_SURGERY = 'UNK'

/** Checks a request of an account at `now`; the first problem ends it. */
export function checkTriageRequest(
  request: TriageRequest,
  { role }: Pick<ApiAccount, 'role'>,
  { reference: current, gazetteer, settings }: CheckDeps,
  now: Date,
): Checked<CheckedRequest> {
  if (role === null) return problem('role')
  const reference = current()
  const { postcode } = request
  const stored = postcode === null ? undefined : reference.storedDistance(postcode)
  const chosen = chooseDistance(request.searchDistance, request.forceSearchDistance, stored, NATIONAL_KM)
  if (!chosen.ok) return problem(chosen.code)
  const place = postcode === null ? undefined : gazetteer.find(postcode)
  if (!place) return problem(gazetteer.size === 0 ? 'system' : 'postcode')

  const need = readNeed(request, reference, now)
  if (!need.ok) return need
  const { age, searchAt, requestedAt, ...asked } = need.value
  const areas = areasOf(place, reference)
  const question: TriageQuestion = {
    origin: place,
    distanceKm: chosen.distance.km,
    discriminatorRule: request.version === '1.5' ? 'all' : 'any',
    age: age.range,
    role,
    surgery: surgeryOf(request.surgery),
    at: searchAt,
    areas: areas === null ? null : codesOf(areas),
    ...asked,
  }
  const rules = resultRules(reference, areas, settings, request.version)
  const { days: ageInDays } = age
  return {
    ok: true,
    value: { question, rules, requestedAt, searchAt, ageInDays, distance: chosen.distance, place, areas },
  }
}

type Need = Pick<TriageQuestion, 'gender' | 'symptomGroup' | 'discriminators' | 'disposition'> & {
  readonly age: PatientAge
  readonly requestedAt: LondonMoment
  readonly searchAt: LondonMoment
}

/** The checks of values, which come after those of the place. */
function readNeed(request: TriageRequest, reference: TriageReference, now: Date): Checked<Need> {
  const isLax = request.version === '1.3'
  const age = (isLax ? readAgeLoosely : readAge)(request.age, request.ageFormat)
  if (!age.ok) return problem(age.code)
  const gender = request.gender === null ? 'I' : genderOf(request.gender)
  if (!gender) return problem('gender')
  const symptoms = readSymptoms(request, reference, isLax)
  if (!symptoms.ok) return symptoms
  const disposition = readDisposition(request.disposition, reference)
  if (disposition === undefined && !isLax) return problem('disposition')
  const requestedAt = toLondonMoment(now)
  const time = readTime(request.searchDateTime, requestedAt, now)
  if (!time.ok) return time
  const { symptomGroup, discriminators } = symptoms.value
  const asked = { age: age.age, gender, symptomGroup, discriminators, disposition: disposition ?? null }
  return { ok: true, value: { ...asked, requestedAt, searchAt: time.value } }
}

/** Without a symptom group nothing matches, and it is no problem; in 1.3 neither is one that does not exist. */
function readSymptoms(
  request: TriageRequest,
  reference: TriageReference,
  isLax: boolean,
): Checked<Pick<Need, 'symptomGroup' | 'discriminators'>> {
  const symptomGroup = numberOf(request.symptomGroup)
  const paired = symptomGroup === null ? undefined : reference.pairedWith(symptomGroup)
  if (request.symptomGroup !== null && !paired && !isLax) return problem('symptom-group')
  const given = discriminatorsOf(request.symptomDiscriminators)
  const discriminators = paired && given ? usableDiscriminators(given, paired) : given
  if (!discriminators || discriminators.length === 0) return problem('discriminators')
  return { ok: true, value: { symptomGroup, discriminators } }
}

/** Null when none is asked for; undefined when there is no such disposition. */
function readDisposition(given: string | null, reference: TriageReference): TriageQuestion['disposition'] | undefined {
  if (given === null) return null
  const id = numberOf(given)
  return id === null ? undefined : reference.dispositions.get(id)
}

function readTime(given: string | null, requestedAt: LondonMoment, now: Date): Checked<LondonMoment> {
  if (given === null) return { ok: true, value: requestedAt }
  const time = readSearchTime(given, now)
  return time.ok ? { ok: true, value: time.at } : { ok: false, problem: { code: time.code, given } }
}

const genderOf = (text: string): Gender | undefined => GENDERS.find((gender) => gender === text)

/** Null when missing or not a whole number. */
const numberOf = (text: string | null): number | null =>
  text !== null && /^[+-]?\d{1,10}$/.test(text) ? Number(text) : null

/** Each once; undefined when one is not a whole number. */
function discriminatorsOf(texts: readonly string[]): readonly number[] | undefined {
  const numbers = new Set<number>()
  for (const text of texts) {
    const number = numberOf(text)
    if (number === null) return undefined
    numbers.add(number)
  }
  return [...numbers]
}

function surgeryOf(text: string | null): string | null {
  const code = text?.toUpperCase()
  return code === undefined || code === UNKNOWN_SURGERY ? null : code
}

const codesOf = ({ localAuthority, icb, local }: Areas): readonly string[] =>
  [localAuthority, icb, ...local].filter((code): code is string => code !== null)

function resultRules(
  reference: TriageReference,
  areas: Areas | null,
  settings: TriageSettings,
  version: TriageVersion,
): ResultRules {
  return {
    rankOf: (typeId) => reference.rankOf(typeId, areas),
    limitOf: (typeId) => reference.types.get(typeId)?.limit ?? usualLimitOf(typeId),
    catchAllTypes: settings.catchAllTypes ?? reference.catchAllTypes ?? EMERGENCY_DEPARTMENTS,
    catchAllKm: reference.catchAllKm,
    legacyCatchAll: settings.legacyCatchAll && version === '1.3',
  }
}
