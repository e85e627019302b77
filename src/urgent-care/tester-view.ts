/** The search tester as its pages show it: what may be chosen, and what was asked. Pure. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf } from '#src/rules/london-time.ts'
import { AGE_GROUPS, type TesterForm } from './search-tester.form.ts'
import type { Fact } from './search-words.ts'
import type { CheckedRequest } from './triage-request.ts'

type Choice = { readonly value: string; readonly text: string }

/** What the form offers: the codes of the catalogue by name. */
export type TesterChoices = {
  readonly roles: readonly Choice[]
  readonly dispositions: readonly Choice[]
  readonly ageGroups: readonly Choice[]
  /** The symptom groups of the catalogue, and what goes with the one that was entered. */
  readonly groups: readonly string[]
  readonly goesWith: readonly string[]
}

/** The role that is asked for unless another is chosen. */
export const usualRole = ({ roles }: Pick<TriageReference, 'roles'>): string => String([...roles.keys()][0] ?? '')

/** What the form offers for what was filled in so far. */
export function testerChoices(reference: TriageReference, form: TesterForm): TesterChoices {
  const group = /^\d{1,9}$/.test(form['symptom'] ?? '') ? Number(form['symptom']) : null
  const pairs = group === null ? [] : [...(reference.pairedWith(group) ?? [])].sort((a, b) => a - b)
  return {
    roles: [...reference.roles].map(([id, name]) => ({ value: String(id), text: named(id, name) })),
    dispositions: [...reference.dispositions.values()].map(({ id, name }) => ({
      value: String(id),
      text: named(id, name),
    })),
    ageGroups: AGE_GROUPS,
    groups: reference.symptomGroups.map((id) => named(id, reference.symptomGroupName(id))),
    goesWith: pairs.map((id) => named(id, reference.discriminatorName(id))),
  }
}

const named = (id: number, name: string | null | undefined): string => (name ? `${id} ${name}` : String(id))

/** The search as it was understood. */
export function askedFacts(
  { question, distance, place, searchAt, areas }: CheckedRequest,
  form: TesterForm,
  names: TriageReference,
): readonly Fact[] {
  const { symptomGroup, discriminators, disposition, role, gender, surgery } = question
  const age = AGE_GROUPS.find(({ value }) => value === form['group'])?.text ?? `${form['age']} ${form['unit']}`
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['When', `${formatTime(searchAt.minute)} on ${formatDate(dateOf(searchAt.day))}`],
    ['Where', `${place.postcode}, ${distance.km} km (${DISTANCES[distance.source]})`],
    ['Areas', [areas?.localAuthority, areas?.icb, ...(areas?.local ?? [])].filter(Boolean).join(', ') || 'Not known'],
    ['Patient', `${SEXES[gender]}, ${age.charAt(0).toLowerCase()}${age.slice(1)}`],
    ['GP surgery', surgery ?? 'Not given'],
    ['Symptom group', symptomGroup === null ? 'None' : named(symptomGroup, names.symptomGroupName(symptomGroup))],
    ['Discriminators', discriminators.map((id) => named(id, names.discriminatorName(id))).join('; ')],
    ['Disposition', disposition ? named(disposition.id, names.dispositions.get(disposition.id)?.name) : 'Any'],
    ['Referral role', named(role, names.roles.get(role))],
  ]
  return facts.map(([name, value]) => ({ name, value }))
}

const SEXES = { F: 'Female', M: 'Male', I: 'Sex not known' } as const
const DISTANCES: Readonly<Record<CheckedRequest['distance']['source'], string>> = {
  Postcode: 'kept for the postcode',
  Sector: 'kept for its sector',
  District: 'kept for its district',
  Override: 'as you entered',
  'Web Service': 'as you entered',
  National: 'the national distance',
}
