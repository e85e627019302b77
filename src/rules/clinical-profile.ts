/**
 * Whether a clinical profile can be: what its editor may add to it. What an import brought stays until somebody takes it
 * out, so only what is new is judged against the stored codes. Pure.
 *
 * Source: product design F45 and D3; Check Capacity Summary search logic 1.5; the interchange format of services.
 */
import { parseOdsCode } from './ods-code.ts'
import { DAYS_PER_MONTH, DAYS_PER_YEAR } from './patient-age.ts'
import type { Problem } from './problems.ts'
import { GENDERS } from './triage.ts'
import { misplacedPairs, type ZCodeBearer } from './z-codes.ts'

/** Symptom groups with their discriminators, as in the interchange format. */
export type Pairs = Readonly<Record<string, readonly number[]>>
/** In days, both ends included; decimals are usual. */
export type ProfiledAges = readonly [from: number, to: number]

/** The fields of a clinical profile; null is none. */
export type ProfileFields = {
  readonly genders: readonly string[] | null
  readonly ages: readonly ProfiledAges[] | null
  readonly sgsd: Pairs | null
  readonly dispositions: readonly number[] | null
  readonly roles: readonly (number | { readonly id: number })[] | null
  readonly restricted: boolean | null
  readonly referrals: readonly string[] | null
  readonly limitedTo: readonly string[] | null
  readonly promotedTo: readonly string[] | null
  readonly returnIfOpenMinutes: number | null
}

/** What the stored reference knows. */
export type ClinicalCodes = {
  pairedWith(symptomGroup: number): ReadonlySet<number> | undefined
  readonly dispositions: ReadonlyMap<number, unknown>
  readonly roles: ReadonlyMap<number, unknown>
  /** Local authority, integrated care board, local area; undefined for a code that is none of ours. */
  areaKind(code: string): 'la' | 'icb' | 'local' | undefined
}

/** The last day of the oldest age that can be profiled: 129 years and their last day. */
export const OLDEST_DAYS = 47_481.5
export const RETURN_IF_OPEN: readonly number[] = [15, 30]

type Changed = ZCodeBearer & ProfileFields

/** What is wrong with a profile after a change, field by field; `before` may hold what would be refused today. */
export function profileProblems(before: Changed, after: Changed, codes: ClinicalCodes): readonly Problem[] {
  const added = <T>(was: readonly T[] | null, is: readonly T[] | null): readonly T[] =>
    (is ?? []).filter((item) => !(was ?? []).includes(item))
  const roleIds = (roles: ProfileFields['roles']) =>
    (roles ?? []).map((role) => (typeof role === 'number' ? role : role.id))
  return [
    ...pairProblems(before.sgsd ?? {}, after.sgsd ?? {}, codes),
    ...placeProblems(before, after),
    ...added(before.dispositions, after.dispositions)
      .filter((id) => !codes.dispositions.has(id))
      .map((id) => problem('dispositions', 'unknown', `There is no disposition ${id}`)),
    ...added(roleIds(before.roles), roleIds(after.roles))
      .filter((id) => !codes.roles.has(id))
      .map((id) => problem('roles', 'unknown', `There is no referral role ${id}`)),
    ...added(before.genders, after.genders)
      .filter((gender) => !(GENDERS as readonly string[]).includes(gender))
      .map((gender) => problem('genders', 'unknown', `“${gender}” is not M, F or I`)),
    ...ageProblems(before.ages ?? [], after.ages ?? []),
    ...surgeryProblems(before, after),
    ...(['limitedTo', 'promotedTo'] as const).flatMap((field) =>
      added(before[field], after[field])
        .filter((code) => codes.areaKind(code) === undefined)
        .map((code) => problem(field, 'unknown', `We know no area with the code ${code}`)),
    ),
    ...(after.returnIfOpenMinutes === null || RETURN_IF_OPEN.includes(after.returnIfOpenMinutes)
      ? []
      : [problem('returnIfOpenMinutes', 'unknown', 'Returned only if open must be 15 or 30 minutes, or not at all')]),
  ]
}

function pairProblems(before: Pairs, after: Pairs, codes: Pick<ClinicalCodes, 'pairedWith'>): readonly Problem[] {
  return Object.entries(after).flatMap(([group, discriminators]) =>
    discriminators
      .filter((discriminator) => !before[group]?.includes(discriminator))
      .flatMap((discriminator) => pairProblem(Number(group), discriminator, codes) ?? []),
  )
}

/** Why a pair cannot be added; undefined when it can. */
export function pairProblem(
  symptomGroup: number,
  discriminator: number,
  { pairedWith }: Pick<ClinicalCodes, 'pairedWith'>,
): Problem | undefined {
  const paired = pairedWith(symptomGroup)
  if (!paired) return problem('sgsd', 'unknown-group', `There is no symptom group ${symptomGroup}`)
  if (paired.has(discriminator)) return undefined
  return problem(
    'sgsd',
    'unknown-pair',
    `Discriminator ${discriminator} does not go with symptom group ${symptomGroup}`,
  )
}

/** A misplaced code that was there before is refused too when its service becomes one that it does not belong on. */
function placeProblems(before: Changed, after: Changed): readonly Problem[] {
  const already = misplacedPairs(before, before.sgsd ?? {})
  return misplacedPairs(after, after.sgsd ?? {})
    .filter((why) => !already.includes(why))
    .map((why) => problem('sgsd', 'misplaced', why))
}

function ageProblems(before: readonly ProfiledAges[], after: readonly ProfiledAges[]): readonly Problem[] {
  const times = ([from, to]: ProfiledAges, ranges: readonly ProfiledAges[]) =>
    ranges.filter(([first, last]) => first === from && last === to).length
  return after.flatMap((range, index) => {
    if (times(range, before) >= times(range, after)) return []
    const wrong = ageRangeProblem(range)
    if (wrong) return [wrong]
    const [from, to] = range
    const other = after.find(([first, last], at) => at !== index && first <= to && from <= last)
    if (!other) return []
    const words = `Ages ${ageWords(range)} overlap with ${ageWords(other)}. Take those out first`
    return [problem('ages', 'overlap', words)]
  })
}

/** Why a range of ages cannot be; undefined when it can. */
export function ageRangeProblem([from, to]: ProfiledAges): Problem | undefined {
  if (!Number.isFinite(from) || !Number.isFinite(to) || from < 0) {
    return problem('ages', 'invalid', 'Ages must be numbers of 0 or more')
  }
  if (to > OLDEST_DAYS) return problem('ages', 'too-old', 'Ages must be 129 years or younger')
  return from < to ? undefined : problem('ages', 'order', 'The youngest age must be younger than the oldest')
}

function surgeryProblems(before: Changed, after: Changed): readonly Problem[] {
  const listed = after.referrals ?? []
  const isNew = (code: string) => !(before.referrals ?? []).includes(code)
  return [
    ...listed
      .filter((code) => isNew(code) && parseOdsCode(code) !== code)
      .map((code) => problem('referrals', 'invalid', `“${code}” is not an ODS code`)),
    ...(after.restricted === true &&
    listed.length === 0 &&
    !(before.restricted === true && (before.referrals ?? []).length === 0)
      ? [problem('referrals', 'empty', 'A service for patients of some surgeries only must list at least one surgery')]
      : []),
  ]
}

/** What keeps every search from returning a service, in words; none when nothing does. Empty lists match nobody. */
export function matchesNobodyBecause({ genders, ages, sgsd, dispositions, roles }: ProfileFields): readonly string[] {
  const isEmpty = (list: readonly unknown[] | null) => (list ?? []).length === 0
  return [
    ...(Object.values(sgsd ?? {}).every((list) => list.length === 0) ? ['no symptom group and discriminator'] : []),
    ...(isEmpty(dispositions) ? ['no disposition'] : []),
    ...(isEmpty(genders) ? ['no gender'] : []),
    ...(isEmpty(ages) ? ['no ages'] : []),
    ...(isEmpty(roles) ? ['no referral role'] : []),
  ]
}

export const AGE_UNITS = ['years', 'months', 'days'] as const
export type AgeUnit = (typeof AGE_UNITS)[number]
const DAYS_IN: Readonly<Record<AgeUnit, number>> = { years: DAYS_PER_YEAR, months: DAYS_PER_MONTH, days: 1 }

/** An age that people mean whole: "to 15 years" is until the day before somebody turns 16. Days are as they are. */
export type TypedAge = { readonly value: number; readonly unit: AgeUnit }

/**
 * A range of ages in days. Source: the stored bands, of which "5 to 15 years" is 1826.25 to 5843: the last age lasts
 * until the day before the next begins.
 */
export const ageRangeInDays = (from: TypedAge, to: TypedAge): ProfiledAges => [
  from.value * DAYS_IN[from.unit],
  to.unit === 'days' ? to.value : (to.value + 1) * DAYS_IN[to.unit] - 1,
]

/** `5 to 15 years`, `0 to 6 months`, `0.5 to 27 days`: the largest unit that says both ends exactly. */
export function ageWords([from, to]: ProfiledAges): string {
  if (to === OLDEST_DAYS && Number.isInteger(from / DAYS_PER_YEAR)) return `${from / DAYS_PER_YEAR} years and over`
  return inWholes(from, to, 'year') ?? inWholes(from, to, 'month') ?? `${from} to ${to} days`
}

function inWholes(from: number, to: number, unit: 'year' | 'month'): string | undefined {
  const days = DAYS_IN[`${unit}s`]
  const first = from / days
  const last = (to + 1) / days - 1
  if (!Number.isInteger(first) || !Number.isInteger(last)) return undefined
  if (last === 0) return `under 1 ${unit}`
  if (first !== last) return `${first} to ${last} ${unit}s`
  return last === 1 ? `1 ${unit}` : `${last} ${unit}s`
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
