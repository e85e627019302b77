/** The sections that hold words and contacts: name and type, texts, contact details. No I/O. */
import { type Fields, isUnreadable, lineIn, proseIn, rawIn } from '#src/platform/http/form-fields.ts'
import { parseEmail, parsePhone, parseWebsite } from '#src/rules/contact-details.ts'
import { parseOdsCode } from '#src/rules/ods-code.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { lifecycleOf, nameWithAliases } from '#src/rules/service-types.ts'
import type { ServicePatch } from '../service-edit.ts'
import { type FormContext, type Item, problem, type Section } from './section.ts'

const LONGEST_NAME = 255
const LONGEST_PUBLIC_NAME = 75
const LONGEST_TEXT = 4_000

function lengthProblems(field: string, label: string, text: string, most: number): readonly Problem[] {
  if (isUnreadable(text)) return [problem(field, 'invalid', `${label} must use letters, numbers and punctuation only`)]
  if ([...text].length <= most) return []
  const words = `${label} must be ${most.toLocaleString('en-GB')} characters or fewer. You entered ${[...text].length.toLocaleString('en-GB')}`
  return [problem(field, 'too-long', words)]
}

function typesFor({ reference, now }: FormContext): readonly Item[] {
  return [...reference.types.values()]
    .filter(({ id }) => id === now.typeId || lifecycleOf(id) !== 'retired')
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
    .map(({ id, name }) => ({ value: String(id), text: nameWithAliases(`${name} (${id})`, id) }))
}

export const NAMES_SECTION: Section = {
  key: 'name',
  title: 'Name and type',
  fields: ['name', 'publicName', 'typeId', 'odsCode'],
  boxes: { publicName: 'public-name', typeId: 'type', odsCode: 'ods-code' },
  fill: ({ shown, isNew }) => ({
    name: shown.name,
    'public-name': shown.publicName ?? '',
    type: isNew && shown.typeId === 0 ? '' : String(shown.typeId),
    'ods-code': shown.odsCode ?? '',
  }),
  inputs: (_fields, context) => [
    {
      kind: 'line',
      name: 'name',
      label: 'Name',
      hint: 'As professionals know it, such as in NHS 111. Up to 255 characters',
    },
    {
      kind: 'line',
      name: 'public-name',
      label: 'Public name (optional)',
      hint: 'What patients read. Up to 75 characters',
    },
    {
      kind: 'select',
      name: 'type',
      label: 'Type of service',
      items: [{ value: '', text: 'Choose a type' }, ...typesFor(context)],
    },
    {
      kind: 'line',
      name: 'ods-code',
      label: 'ODS code (optional)',
      hint: 'For example, FA002, or FA002001 for a further service of a pharmacy',
      width: '10',
    },
  ],
  parse(fields) {
    const [name, publicName] = [proseIn(fields, 'name'), proseIn(fields, 'public-name')]
    const typed = lineIn(fields, 'ods-code')
    const odsCode = typed === '' ? null : parseOdsCode(typed)
    const type = rawIn(fields, 'type')
    const problems = [
      ...(name === '' ? [problem('name', 'missing', 'Enter the name of the service')] : []),
      ...lengthProblems('name', 'Name', name, LONGEST_NAME),
      ...lengthProblems('public-name', 'Public name', publicName, LONGEST_PUBLIC_NAME),
      ...(/^-?\d{1,6}$/.test(type) ? [] : [problem('type', 'missing', 'Choose what type of service it is')]),
      ...(odsCode === undefined
        ? [problem('ods-code', 'invalid', 'Enter an ODS code of 3 to 12 letters and numbers')]
        : []),
    ]
    if (problems.length > 0 || odsCode === undefined) return refused(...problems)
    return accepted({ name, publicName: publicName || null, typeId: Number(type), odsCode })
  },
}

const prose = (text: string | null): string => text ?? ''

export const TEXTS_SECTION: Section = {
  key: 'texts',
  title: 'Information and referral instructions',
  fields: ['publicInformation', 'referralInformation'],
  boxes: { publicInformation: 'public-information', referralInformation: 'referral-information' },
  fill: ({ shown }) => ({
    'public-information': prose(shown.publicInformation),
    'referral-information': prose(shown.referralInformation),
  }),
  inputs: () => [
    {
      kind: 'prose',
      name: 'public-information',
      label: 'Public information and instructions (optional)',
      hint: 'Call handlers read it to patients, and everybody can see it. Up to 4,000 characters',
      rows: 8,
    },
    {
      kind: 'prose',
      name: 'referral-information',
      label: 'Referral instructions for professionals (optional)',
      hint: 'Only professionals see it. Up to 4,000 characters',
      rows: 8,
    },
  ],
  parse(fields, { now }) {
    const read = (name: string, label: string, before: string | null) => {
      const text = rawIn(fields, name)
      // What an import brought may be longer, as long as nobody touches it.
      return { text: text || null, problems: text === before ? [] : lengthProblems(name, label, text, LONGEST_TEXT) }
    }
    const forAll = read('public-information', 'Public information', now.publicInformation)
    const forSome = read('referral-information', 'Referral instructions', now.referralInformation)
    const problems = [...forAll.problems, ...forSome.problems]
    if (problems.length > 0) return refused(...problems)
    return accepted({ publicInformation: forAll.text, referralInformation: forSome.text })
  },
}

const CONTACTS = [
  { name: 'phone', field: 'phone', label: 'Phone', parse: parsePhone },
  { name: 'website', field: 'web', label: 'Website', parse: parseWebsite },
  { name: 'non-public-phone', field: 'nonPublicPhone', label: 'Non-public phone', parse: parsePhone },
  { name: 'email', field: 'email', label: 'Email', parse: parseEmail },
] as const

export const CONTACT_SECTION: Section = {
  key: 'contact',
  title: 'Contact details',
  intro: 'Empty a box to say that there is none.',
  fields: CONTACTS.map(({ field }) => field),
  boxes: { web: 'website', nonPublicPhone: 'non-public-phone' },
  fill: ({ shown }) => Object.fromEntries(CONTACTS.map(({ name, field }) => [name, shown[field] ?? ''])),
  inputs: () => [
    { kind: 'line', name: 'phone', label: 'Phone (optional)', hint: 'Everybody can see it', width: '20' },
    { kind: 'line', name: 'website', label: 'Website (optional)', hint: 'For example, https://www.example.com' },
    {
      kind: 'line',
      name: 'non-public-phone',
      label: 'Non-public phone (optional)',
      hint: 'Only professionals see it',
      width: '20',
    },
    { kind: 'line', name: 'email', label: 'Email (optional)', hint: 'Only professionals see it' },
  ],
  parse: (fields, { shown }): Result<ServicePatch> => {
    const read = CONTACTS.map(({ name, field, label, parse }) =>
      readContact(fields, { name, label, now: shown[field], parse }),
    )
    const problems = read.flatMap(({ problems }) => problems)
    if (problems.length > 0) return refused(...problems)
    return accepted(Object.fromEntries(CONTACTS.map(({ field }, index) => [field, read[index]?.value ?? null])))
  },
}

type Contact = {
  readonly name: string
  readonly label: string
  readonly now: string | null
  readonly parse: (text: string) => Result<string>
}

/** What an import brought may stay as it is, however it is written. */
function readContact(fields: Fields, { name, label, now, parse }: Contact) {
  const typed = lineIn(fields, name)
  if (typed === '' || typed === now) return { value: typed || null, problems: [] }
  const parsed = parse(typed)
  if (parsed.ok) return { value: parsed.value, problems: [] }
  return {
    value: null,
    problems: parsed.problems.map(({ code, message }) => problem(name, code, `${label}: ${message}`)),
  }
}
