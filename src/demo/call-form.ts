/** What is typed into the page that tries a call: fields as text, what can be chosen, and what is wrong. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { TriageProblemCode, TriageRequest } from '#src/urgent-care/triage-request.ts'

const FIELDS = ['postcode', 'symptom', 'need', 'age', 'gender', 'role', 'surgery', 'when'] as const
export type CallField = (typeof FIELDS)[number]
/** Every field, empty where it was left so. */
export type CallForm = Readonly<Record<CallField, string>>

const EMPTY: CallForm = {
  postcode: '',
  symptom: '',
  need: '',
  age: '',
  gender: 'I',
  role: '23',
  surgery: '',
  when: '',
}

/** Reads a query; undefined when nothing was asked yet. Of a field that comes twice the last counts. */
export function readCallForm(query: unknown): { readonly form: CallForm; readonly isAsked: boolean } {
  const given = (query ?? {}) as Readonly<Record<string, unknown>>
  const entries = FIELDS.flatMap((field) => {
    const value = [given[field]].flat().at(-1)
    return typeof value === 'string' ? [[field, value.trim().slice(0, 200)] as const] : []
  })
  return { form: { ...EMPTY, ...Object.fromEntries(entries) }, isAsked: entries.length > 0 }
}

/** The call as a program would send it. `symptom` is a group and a discriminator: `9001-7001`. */
export function requestOf({ postcode, symptom, need, age, gender, surgery, when }: CallForm): TriageRequest {
  const [group = '', discriminator = ''] = symptom.split('-')
  const orNull = (text: string): string | null => text || null
  return {
    version: '1.5',
    caseRef: null,
    caseId: 'TEST',
    postcode: orNull(postcode),
    surgery: orNull(surgery),
    ...ageOf(age),
    disposition: orNull(need),
    symptomGroup: orNull(group),
    symptomDiscriminators: discriminator ? [discriminator] : [],
    searchDistance: null,
    forceSearchDistance: false,
    gender: orNull(gender),
    searchDateTime: orNull(when),
  }
}

/** Years, and months where somebody writes `8 months`: the web services take years from 2 on only. */
function ageOf(text: string): Pick<TriageRequest, 'age' | 'ageFormat'> {
  const match = /^(\d+)\s*(years?|months?|days?)?$/i.exec(text)
  if (!match) return { age: text || null, ageFormat: 'Years' }
  const unit = (match[2] ?? 'years').toLowerCase()
  if (unit.startsWith('d')) return { age: match[1] ?? null, ageFormat: 'Days' }
  return { age: match[1] ?? null, ageFormat: unit.startsWith('m') ? 'Months' : 'Years' }
}

const AGE = 'Enter an age: 2 to 129 years, 1 to 23 months or 0 to 31 days, such as 34 or 8 months'

const PROBLEMS: Readonly<Partial<Record<TriageProblemCode, readonly [CallField, string]>>> = {
  role: ['role', 'Choose who is asking'],
  postcode: ['postcode', 'Enter a postcode of the directory, such as one from an example call'],
  system: ['postcode', 'No postcodes are known yet: import some first'],
  gender: ['gender', 'Choose a gender'],
  'symptom-group': ['symptom', 'Choose what is wrong'],
  discriminators: ['symptom', 'Choose what is wrong'],
  disposition: ['need', 'Choose what is needed, or leave it empty'],
  time: ['when', 'Enter a date and time, such as 2026-12-11T18:30, or leave it empty for now'],
  'time-past': ['when', 'The date and time must be in the future, or empty for now'],
  'time-far': ['when', 'The date and time must be within the next 12 months'],
}

/** What is to be put right. Null: the search was made and found nothing. */
export function problemFor(code: TriageProblemCode): Problem | null {
  if (code === 'no-services') return null
  const [field, message] = PROBLEMS[code] ?? ['age', AGE]
  return { field, code, message }
}

type Choice = { readonly value: string; readonly text: string }

/** What can be chosen, as the catalogue names it. */
export function choicesOf(
  reference: TriageReference,
): Readonly<Record<'symptoms' | 'needs' | 'roles', readonly Choice[]>> {
  return {
    symptoms: reference.symptomGroups.flatMap((group) =>
      [...(reference.pairedWith(group) ?? [])].map((discriminator) => ({
        value: `${group}-${discriminator}`,
        text: `${plain(reference.symptomGroupName(group)) ?? `Group ${group}`}: ${lowerFirst(plain(reference.discriminatorName(discriminator))) ?? `discriminator ${discriminator}`}`,
      })),
    ),
    needs: [...reference.dispositions.values()].map(({ id, name }) => ({
      value: String(id),
      text: plain(name) ?? `Disposition ${id}`,
    })),
    roles: [...reference.roles].map(([id, name]) => ({ value: String(id), text: name ?? `Role ${id}` })),
  }
}

/** The page says once that the codes are invented. */
const plain = (name: string | null): string | undefined => name?.replace(' (invented)', '')

const lowerFirst = (text: string | undefined): string | undefined =>
  text && text.charAt(0).toLowerCase() + text.slice(1)
