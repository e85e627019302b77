/** The filters above the results of the Service Finder, as a form that sends the same search with others. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, type LondonTime } from '#src/rules/london-time.ts'
import { roleName } from '#src/rules/referral-roles.ts'
import { WANTED_ACCESS } from '#src/rules/wanted-access.ts'
import { DISTANCES_KM, type FinderForm, type FinderRequest } from '../finder-request.ts'
import { reachInWords } from '../finder-view.ts'
import { type OpeningFields, openingBoxes } from '../opening-fields.ts'

type Choice = { readonly value: string; readonly text: string }
export type ResultFilters = {
  /** What is asked besides, and stays as it is. */
  readonly kept: readonly { readonly name: string; readonly value: string }[]
  readonly opening: OpeningFields
  readonly distances: readonly Choice[]
  readonly distance: string
  readonly roles: readonly Choice[]
  readonly role: string
  readonly access: readonly (Choice & { readonly checked: boolean })[]
  /** How many of them are in force, for their summary. */
  readonly chosen: number
}

const KEPT = ['need', 'type', 'place', 'latitude', 'longitude', 'age', 'unit', 'sex', 'surgery', 'urgency'] as const

/** The filters of a search. */
export function resultFilters(
  { open, distanceKm, patient, access }: FinderRequest,
  form: FinderForm,
  reference: Pick<TriageReference, 'roles'>,
): ResultFilters {
  return {
    kept: KEPT.filter((name) => form[name] !== '').map((name) => ({ name, value: form[name] })),
    opening: openingBoxes(form),
    distances: distanceChoices(),
    distance: String(distanceKm),
    roles: roleChoices(reference),
    role: patient.role === null ? 'any' : String(patient.role),
    access: WANTED_ACCESS.map((wanted) => ({
      value: wanted.slug,
      text: wanted.label,
      checked: access.includes(wanted),
    })),
    chosen: (open === 'any' ? 0 : 1) + (patient.role === null ? 0 : 1) + access.length,
  }
}

export const distanceChoices = (): readonly Choice[] =>
  DISTANCES_KM.map((km) => ({ value: String(km), text: reachInWords(km) }))

/** `any` is said, so that it is not taken for what somebody usually wants. */
export const roleChoices = ({ roles }: Pick<TriageReference, 'roles'>): readonly Choice[] => [
  { value: 'any', text: 'Anybody' },
  ...[...roles].map(([id, name]) => ({ value: String(id), text: roleName(id, name) })),
]

/** `Open on Friday 11 December 2026 at 3pm`. */
export const openingInWords = ({ day, minute }: LondonTime): string =>
  `Open on ${formatDate(dateOf(day))} at ${formatTime(minute)}`
