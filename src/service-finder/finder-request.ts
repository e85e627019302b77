/** What somebody asks the Service Finder, read from the address of its results. Pure. */
import type { Position } from '#src/rules/distance.ts'
import { formatLondon, type LondonTime } from '#src/rules/london-time.ts'
import { parseMapPoint } from '#src/rules/map-point.ts'
import { DAYS_PER_YEAR, readAge } from '#src/rules/patient-age.ts'
import type { Patient } from '#src/rules/patient-fit.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { WANTED_ACCESS, type WantedAccess } from '#src/rules/wanted-access.ts'
import { type OpenAsked, readOpening } from './opening-fields.ts'

export const DISTANCES_KM = [1, 5, 10, 20, 60] as const
/** How soon the patient must be seen: within so many minutes the service must be open. */
export const URGENCIES = { now: 0, hour: 60, 'four-hours': 240, today: 1440 } as const
export type Urgency = keyof typeof URGENCIES

/** As many types as one search is for. */
export const MOST_TYPES = 10
const TYPE_IDS = new RegExp(`^\\d{1,9}(,\\d{1,9}){0,${MOST_TYPES - 1}}$`)

export type FinderRequest = {
  /** As typed: a type's name or an everyday word. Empty where `typeIds` were chosen. */
  readonly need: string
  readonly typeIds: readonly number[]
  /** Untidied: a postcode, an outcode or a town. */
  readonly place: string
  readonly patient: Patient
  readonly urgency: Urgency | null
  readonly open: OpenAsked
  /** What the building or its people must have; only profiles of pharmacies tell. */
  readonly access: readonly WantedAccess[]
  readonly distanceKm: (typeof DISTANCES_KM)[number]
  /** How many to show. */
  readonly shown: number
}

/** The form as it was filled in: every field is text. `surgery` is a code or a name; `access` slugs with commas between. */
export type FinderForm = Readonly<Record<(typeof FIELDS)[number], string>>

export const FIELDS = [
  'need',
  'type',
  'place',
  'latitude',
  'longitude',
  'age',
  'unit',
  'sex',
  'surgery',
  'urgency',
  'open',
  'open-day',
  'open-month',
  'open-year',
  'open-time',
  'access',
  'km',
  'role',
  'show',
] as const
const A_PAGE = 20
export const MOST_SHOWN = 100
const LONGEST = 200
const MOST_ACCESS = 20
const USUAL_KM = 20
const UNITS: ReadonlyMap<string, string> = new Map([
  ['years', 'Years'],
  ['months', 'Months'],
  ['days', 'Days'],
])

/** The fields of an address, each as one tidy line; a name that is sent twice counts once. */
export function finderForm(query: unknown): FinderForm {
  const given = (typeof query === 'object' && query !== null ? query : {}) as Readonly<Record<string, unknown>>
  const lineOf = (name: string): string => {
    const value = name === 'access' ? [given[name]].flat().slice(0, MOST_ACCESS).join(',') : [given[name]].flat()[0]
    return typeof value === 'string'
      ? value
          .replaceAll(/[\p{C}\s]+/gu, ' ')
          .trim()
          .slice(0, LONGEST)
          .toWellFormed()
      : ''
  }
  return Object.fromEntries(FIELDS.map((name) => [name, lineOf(name)])) as FinderForm
}

/**
 * Only a need and a place must be given. Problems name the form's fields. A role must be one of `roles`. A surgery is not
 * looked up: `find-practice.ts`.
 */
export function readFinder(
  form: FinderForm,
  { now, roles }: { readonly now: LondonTime; readonly roles: { has(id: number): boolean } },
): Result<FinderRequest> {
  const age = form.age === '' ? null : ageIn(form)
  const open = readOpening(form, now)
  const role = roleIn(form, roles)
  const problems = [
    ...problemsOf(form, age),
    ...(open.ok ? [] : open.problems),
    ...(role === undefined ? [unknownRole(form.role)] : []),
  ]
  if (problems.length > 0 || !open.ok) return refused(...problems)
  const wanted = form.access.split(',')
  return accepted({
    need: form.need,
    typeIds: TYPE_IDS.test(form.type) ? form.type.split(',').map(Number) : [],
    place: form.place,
    patient: patientIn(form, age ?? null, role ?? null),
    urgency: Object.hasOwn(URGENCIES, form.urgency) ? (form.urgency as Urgency) : null,
    open: open.value,
    access: WANTED_ACCESS.filter(({ slug }) => wanted.includes(slug)),
    distanceKm: DISTANCES_KM.find((km) => String(km) === form.km) ?? USUAL_KM,
    shown: /^\d{1,3}$/.test(form.show) ? Math.min(MOST_SHOWN, Math.max(A_PAGE, Number(form.show))) : A_PAGE,
  })
}

const problemsOf = (form: FinderForm, age: Patient['age'] | undefined): readonly Problem[] => [
  ...(form.need === '' && form.type === '' ? [NO_NEED] : []),
  ...(form.place === '' && pointIn(form) === undefined ? [NO_PLACE] : []),
  ...(age === undefined ? [WRONG_AGE] : []),
]

const patientIn = ({ sex, surgery }: FinderForm, age: Patient['age'], role: number | null): Patient => ({
  age,
  gender: sex === 'F' || sex === 'M' ? sex : null,
  surgery: practiceCodeIn(surgery),
  role,
})

/** Undefined for a role that nobody has: to filter by it would find nothing, and say nothing. */
function roleIn({ role }: FinderForm, roles: { has(id: number): boolean }): number | null | undefined {
  if (role === '' || role === 'any') return null
  return /^\d{1,9}$/.test(role) && roles.has(Number(role)) ? Number(role) : undefined
}

const POINT_DECIMALS = 3

/** Where a browser said that it is, to some hundred metres; undefined when a place is named, and for what is no point. */
export function pointIn({ place, latitude, longitude }: FinderForm): Position | undefined {
  if (place !== '' || latitude === '' || longitude === '') return undefined
  const point = parseMapPoint(`${Number(latitude)}, ${Number(longitude)}`)
  const rounded = (degrees: number): number => Number(degrees.toFixed(POINT_DECIMALS))
  return point && { latitude: rounded(point.latitude), longitude: rounded(point.longitude) }
}

/** The ODS code of a practice, in upper case, alone or behind its name: `Elm Surgery (P91003)`. Null for a name. */
export const practiceCodeIn = (text: string): string | null =>
  /(?:^|\()((?=[a-z]*\d)[a-z0-9]{3,10})(?:$|\)$)/i.exec(text)?.[1]?.toUpperCase() ?? null

/** The form with its moment in one field, as addresses carry it. */
export const withOpening = (form: FinderForm, open: OpenAsked): FinderForm => ({
  ...form,
  open: open === 'any' ? '' : open === 'now' ? 'now' : formatLondon(open),
  ...{ 'open-day': '', 'open-month': '', 'open-year': '', 'open-time': '' },
})

/** The address of the results for a form with other values in some fields; what is empty is left out. */
export function finderAddress(form: FinderForm, other: Partial<FinderForm> = {}): string {
  const all = { ...form, ...other }
  const given = FIELDS.filter((name) => all[name] !== '').map((name): [string, string] => [name, all[name]])
  return `/finder/results?${new URLSearchParams(given).toString().replaceAll('%3A', ':').replaceAll('%2C', ',')}`
}

/** Undefined when it is no age. The search counts years from two on; before that a number of years is a range. */
function ageIn({ age, unit }: FinderForm): Patient['age'] | undefined {
  const format = UNITS.get(unit) ?? 'Years'
  const young = format === 'Years' ? YOUNG.get(age) : undefined
  const read = readAge(age, format)
  return young ?? (read.ok ? read.age.range : undefined)
}

// Maps, because an object also answers to words such as `constructor`, which somebody may type.
const YOUNG: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['0', [0, DAYS_PER_YEAR - 1]],
  ['1', [DAYS_PER_YEAR, 2 * DAYS_PER_YEAR - 1]],
])

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
const NO_NEED = problem('need', 'empty', 'Enter the kind of service you need')
const NO_PLACE = problem('place', 'empty', 'Enter a postcode or town')
const unknownRole = (role: string): Problem =>
  problem('role', 'unknown', `Select who refers. We do not know the role “${role}”`)
const WRONG_AGE = problem('age', 'not-an-age', 'Enter the age as a whole number: up to 129 years, 23 months or 31 days')
