/** One field of a profile by its name: what it says, the profile with another value, and how two changes of it meet. Pure. */
import type { HeldField } from '#src/rules/asked-fields.ts'
import {
  type FieldOutcome,
  isSameJson,
  meetFields,
  type NamedFields,
  settleFields,
} from '#src/rules/field-conflicts.ts'
import type { Profile, ProfileSection } from './profile.ts'

type ContactKey = keyof Profile['contact'] & HeldField
const CONTACT_KEYS: readonly HeldField[] = ['phone', 'website', 'email', 'professionalPhone', 'professionalEmail']

/** The section in which a field is edited. */
export function sectionOfField(field: HeldField): ProfileSection {
  if (isContact(field)) return 'contact'
  return field === 'weekly' ? 'hours' : field
}

const isContact = (field: HeldField): field is ContactKey => CONTACT_KEYS.includes(field)

/** What the field says; undefined where nothing was ever said. */
export const valueOfField = (profile: Profile, field: HeldField): unknown =>
  isContact(field) ? profile.contact[field] : profile[field]

/** The profile with another value of the field; undefined makes it say nothing. */
export function withFieldValue(profile: Profile, field: HeldField, value: unknown): Profile {
  if (isContact(field)) return { ...profile, contact: withKey(profile.contact, field, value) }
  return withKey(profile, field, value)
}

function withKey<T extends object>(record: T, key: string, value: unknown): T {
  const others = Object.entries(record).filter(([name]) => name !== key)
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]]) as T
}

/** `after` with these fields as they are in `before`. */
export const keepFields = (before: Profile, after: Profile, fields: readonly HeldField[]): Profile =>
  fields.reduce((kept, field) => withFieldValue(kept, field, valueOfField(before, field)), after)

/** The fields whose value differs between two profiles. */
export const changedFields = (before: Profile, after: Profile, fields: readonly HeldField[]): readonly HeldField[] =>
  fields.filter((field) => !isSameJson(valueOfField(before, field), valueOfField(after, field)))

/** How a value asked for meets what the field says now. `merged` keeps what both changed in different parts of it. */
export type ValueMeeting = { readonly outcome: FieldOutcome; readonly merged: unknown }

/**
 * A week is met day by day, holidays date by date, services and facilities one by one; a contact detail is one value.
 * One part in conflict makes the field one; then `merged` is what was asked for, with the other parts as they stand.
 */
export function meetValue(field: HeldField, base: unknown, asked: unknown, standing: unknown): ValueMeeting {
  const meetings = meetFields(partsOf(field, base), partsOf(field, asked), partsOf(field, standing))
  const outcomes = meetings.map(({ outcome }) => outcome)
  const outcome = outcomes.includes('conflict') ? 'conflict' : outcomes.includes('taken') ? 'taken' : 'untouched'
  const ours = Object.fromEntries(meetings.map(({ field: part }) => [part, 'ours' as const]))
  return { outcome, merged: wholeOf(field, settleFields(meetings, ours)) }
}

/** What somebody sends now over what they or a colleague sent before, while neither stands. */
export function sendAgain(field: HeldField, standing: unknown, sent: unknown, earlier: unknown): unknown {
  return meetValue(field, standing, sent, earlier).merged
}

const WHOLE = 'value'

function partsOf(field: HeldField, value: unknown): NamedFields {
  if (isContact(field)) return { [WHOLE]: value }
  return (value ?? {}) as NamedFields
}

function wholeOf(field: HeldField, parts: NamedFields): unknown {
  if (isContact(field)) return parts[WHOLE]
  if (field === 'weekly') return Array.from({ length: 7 }, (_, day) => parts[String(day)] ?? null)
  return parts
}
