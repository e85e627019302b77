/** The fields that may be held or proposed, in words and by the rules of today: labels, comparisons, decisions. Pure. */

import type { AskedField, HeldField } from '#src/rules/asked-fields.ts'
import { visibleTo } from '#src/rules/audience.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { decideRestore, type EarlierVersion, type Restored } from './decide-restore.ts'
import { sectionOfField, valueOfField, withFieldValue } from './held-fields.ts'
import { hoursTitle } from './kind-words.ts'
import { CONTACT_FIELDS } from './pages/contact-details.form.ts'
import { differencesBetween } from './pages/stated.ts'
import type { Profile, ProfileKind } from './profile.ts'
import { type PartValue, partValues } from './section-words.ts'

type ContactKey = keyof Profile['contact']

const LABELS: Readonly<Record<Exclude<AskedField, ContactKey | 'weekly'>, string>> = {
  holidays: 'Bank holidays',
  services: 'Services',
  facilities: 'Facilities',
  changes: 'Closures and changes',
  place: 'Name, address and map pin',
  other: 'Something else',
}

/** What people call a field: `Public phone number`. */
export function fieldLabel(field: AskedField, kind: ProfileKind): string {
  if (field === 'weekly') return hoursTitle(kind)
  const contact = CONTACT_FIELDS.find(({ key }) => key === field)
  return contact?.label ?? LABELS[field as keyof typeof LABELS]
}

/** Whether everybody may read the field: of others, emails do not tell the values. */
export const isPublicField = (field: HeldField): boolean =>
  !isContact(field) || visibleTo('public', `profile.contact.${field}`)

const isContact = (field: AskedField): field is ContactKey & HeldField =>
  CONTACT_FIELDS.some(({ key }) => key === field)

/**
 * The profile with the value, by the rules of today: what they refuse is told, and stays as it is. Days that are over
 * stay as they were lived.
 */
export function decideFieldValue(
  profile: Profile,
  field: HeldField,
  value: unknown,
  {
    today,
    holidays,
    savedOn,
  }: { today: EarlierVersion['savedOn']; holidays: HolidayCalendar } & Pick<EarlierVersion, 'savedOn'>,
): Restored {
  const wanted = { profile: withFieldValue(profile, field, value), savedOn }
  return decideRestore(profile, wanted, [sectionOfField(field)], { today, holidays })
}

/** One line of a comparison: what the field said, what is asked for, and what it says now. Null: nothing. */
export type ComparedValue = {
  readonly label: string
  readonly before: string | null
  readonly asked: string | null
  readonly standing: string | null
}

/** The parts of a field in which the three differ, in words. */
export function comparedValues(
  profile: Profile,
  field: HeldField,
  { base, asked }: { readonly base: unknown; readonly asked: unknown },
  holidays: HolidayCalendar,
): readonly ComparedValue[] {
  const [was, wanted, is] = [base, asked, valueOfField(profile, field)].map((value) =>
    statedField(withFieldValue(profile, field, value), field, holidays),
  ) as [readonly PartValue[], readonly PartValue[], readonly PartValue[]]
  const differing = new Map(
    [...differencesBetween(was, wanted), ...differencesBetween(was, is), ...differencesBetween(wanted, is)].map(
      ({ key, label }) => [key, label],
    ),
  )
  const textIn = (values: readonly PartValue[], key: string) => values.find((value) => value.key === key)?.text ?? null
  return [...differing].map(([key, label]) => ({
    label,
    before: textIn(was, key),
    asked: textIn(wanted, key),
    standing: textIn(is, key),
  }))
}

/** What a field says, value by value in words. */
export const fieldWords = (profile: Profile, field: HeldField, holidays: HolidayCalendar): readonly PartValue[] =>
  statedField(profile, field, holidays)

function statedField(profile: Profile, field: HeldField, holidays: HolidayCalendar): readonly PartValue[] {
  const values = partValues(profile, sectionOfField(field), holidays)
  if (!isContact(field)) return values
  const name = CONTACT_FIELDS.find(({ key }) => key === field)?.name
  return values.filter(({ key }) => key === name)
}
