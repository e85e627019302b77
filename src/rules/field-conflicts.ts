/**
 * Two people changed the same record: which of their values fit together, and about which must a person decide?
 *
 * A comparison of named fields three ways: `base` is what somebody was looking at, `ours` what they want, `theirs` what
 * stands now. A field that is absent says the same as one that is undefined; null is a value. Pure, never throws.
 */

/** Values of JSON by the name of their field. */
export type NamedFields = Readonly<Record<string, unknown>>

/**
 * `untouched`: there is nothing to do, because ours does not change it or theirs says the same already; what stands
 * stays. `taken`: only ours changed it. `conflict`: both did, and differently; what stands stays until somebody decides.
 */
export type FieldOutcome = 'untouched' | 'taken' | 'conflict'

export type FieldMeeting = {
  readonly field: string
  readonly outcome: FieldOutcome
  readonly base: unknown
  readonly ours: unknown
  readonly theirs: unknown
}

/** Whether two values of a field mean the same. Where writing differs and meaning does not, callers bring their own. */
export type SameValue = (field: string, one: unknown, other: unknown) => boolean

/** How each field meets, in the order of their names: every field that any of the three names, once. */
export function meetFields(
  base: NamedFields,
  ours: NamedFields,
  theirs: NamedFields,
  same: SameValue = (_field, one, other) => isSameJson(one, other),
): readonly FieldMeeting[] {
  const fields = [...new Set([base, ours, theirs].flatMap((fields) => Object.keys(fields)))].sort()
  return fields.map((field) => {
    const [was, wanted, is] = [base, ours, theirs].map((fields) => ownOf(fields, field))
    const outcome = outcomeOf((one, other) => same(field, one, other), was, wanted, is)
    return { field, outcome, base: was, ours: wanted, theirs: is }
  })
}

function outcomeOf(
  same: (one: unknown, other: unknown) => boolean,
  base: unknown,
  ours: unknown,
  theirs: unknown,
): FieldOutcome {
  if (same(base, ours) || same(ours, theirs)) return 'untouched'
  return same(base, theirs) ? 'taken' : 'conflict'
}

/** The fields about which a person must decide. */
export const conflictsIn = (meetings: readonly FieldMeeting[]): readonly FieldMeeting[] =>
  meetings.filter(({ outcome }) => outcome === 'conflict')

/** A person's decision about fields in conflict. */
export type FieldChoices = Readonly<Record<string, 'ours' | 'theirs'>>

/**
 * What the record says when what fits together is taken and what was chosen is chosen. A conflict without a choice keeps
 * what stands. Fields that say nothing are absent.
 */
export function settleFields(meetings: readonly FieldMeeting[], choices: FieldChoices = {}): NamedFields {
  const settled = meetings.map(({ field, outcome, ours, theirs }) => {
    const takesOurs = outcome === 'taken' || (outcome === 'conflict' && ownOf(choices, field) === 'ours')
    return [field, takesOurs ? ours : theirs] as const
  })
  return Object.fromEntries(settled.filter(([, value]) => value !== undefined))
}

/** Whether two values of JSON are equal, whatever the order of keys. A key that is absent equals one that is undefined. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) return false
  const [mine, yours] = [one as NamedFields, other as NamedFields]
  return [...new Set([...Object.keys(mine), ...Object.keys(yours)])].every((key) =>
    isSameJson(ownOf(mine, key), ownOf(yours, key)),
  )
}

/** A field's own value: names such as `constructor` are fields like others. */
const ownOf = (fields: NamedFields, field: string): unknown =>
  Object.hasOwn(fields, field) ? fields[field] : undefined
