/** A recorded search in words, for people on the telephone with whoever made it. Pure. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { FoundSearch } from './find-searches.ts'

export type Fact = { readonly name: string; readonly value: string }

/** What names codes. */
export type CodeNames = Pick<
  TriageReference,
  'symptomGroupName' | 'discriminatorName' | 'dispositions' | 'roles' | 'types'
>

const GENDERS = new Map([
  ['M', 'Male'],
  ['F', 'Female'],
  ['I', 'Indeterminate'],
])

/** What was asked, the patient first; what was not given is left out. */
export function askedFacts(search: FoundSearch, names: CodeNames): readonly Fact[] {
  const { parameters, postcodeSector } = search
  const place = postcodeSector === null ? [] : [{ name: 'Postcode sector', value: postcodeSector }]
  // The database keeps them in an order of its own.
  const entries = Object.entries(parameters).sort(([a], [b]) => placeOf(a) - placeOf(b))
  const facts = entries.flatMap(([name, value]) => factOf(name, value, search, names))
  return [...place, ...facts]
}

const ORDER = [
  ...['age', 'ageFormat', 'gender', 'symptomGroup', 'symptomDiscriminators', 'disposition', 'surgery'],
  ...['searchDistance', 'forceSearchDistance', 'distanceUsed', 'searchDateTime', 'role'],
]
const placeOf = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)

/** How a search ended: `3 services`, `Nothing matched …`, `Fault 101`. */
export function outcomeWords({ outcome, uids }: Pick<FoundSearch, 'outcome' | 'uids'>): string {
  const services = uids.length === 0 ? 'No services' : uids.length === 1 ? '1 service' : `${uids.length} services`
  if (outcome === 'ok') return services
  if (outcome === 'catch-all') return `Nothing matched: ${services.toLowerCase()} as a catch-all`
  return `Fault ${outcome}`
}

/** `0.64 ms`, `12 ms`, `1.2 s`. */
export function durationWords(micros: number): string {
  if (micros >= 1_000_000) return `${(micros / 1_000_000).toFixed(1)} s`
  return micros >= 10_000 ? `${Math.round(micros / 1000)} ms` : `${(micros / 1000).toFixed(2)} ms`
}

function factOf(name: string, value: unknown, search: FoundSearch, names: CodeNames): readonly Fact[] {
  // The unit of an age says more beside it than alone.
  if (name === 'ageFormat' && isGiven(search.parameters['age'])) return []
  const isLeftOut = !isGiven(value) || (search.api === 'rest' && LEFT_OUT_OF_REST.test(String(value)))
  const words = isLeftOut ? '' : valueWords(name, value, search, names)
  return words === '' ? [] : [{ name: LABELS.get(name) ?? asWords(name), value: words }]
}

/** How the addresses of REST say that a part is left out. */
const LEFT_OUT_OF_REST = /^\s*(0|null)\s*$/i

const LABELS = new Map([
  ['symptomGroup', 'Symptom group'],
  ['symptomDiscriminators', 'Symptom discriminators'],
  ['surgery', 'Surgery'],
  ['searchDistance', 'Distance asked for'],
  ['forceSearchDistance', 'Distance overrides the stored one'],
  ['searchDateTime', 'For another moment'],
  ['distanceUsed', 'Distance used'],
  ['role', 'Referral role'],
  ['serviceId', 'Service'],
  ['gpPracticeId', 'Surgery, by its service ID'],
  ['serviceTypeIds', 'Service types'],
  ['numberPerType', 'Services of each type'],
  ['symptomGroupDiscriminatorCombos', 'Symptom group and discriminator'],
])

type InWords = (text: string, search: FoundSearch, names: CodeNames) => string

const VALUES = new Map<string, InWords>(
  Object.entries({
    age: (text, { api, parameters }) => ageWords(text, api === 'rest' ? 'AgeGroup' : parameters['ageFormat']),
    gender: (text) => GENDERS.get(text) ?? text,
    symptomGroup: (text, _, names) => named(text, names.symptomGroupName(Number(text))),
    symptomDiscriminators: (text, _, names) => named(text, names.discriminatorName(Number(text))),
    disposition: (text, _, names) => named(text, names.dispositions.get(Number(text))?.name),
    role: (text, _, names) => named(text, names.roles.get(Number(text))),
    searchDistance: (text, { api }) => `${text} ${api === 'rest' ? 'miles' : 'km'}`,
    distanceUsed: (text) => text.replace(/^([\d.]+) (.+)$/, '$1 km ($2)'),
  } satisfies Record<string, InWords>),
)

function valueWords(name: string, value: unknown, search: FoundSearch, names: CodeNames): string {
  if (Array.isArray(value)) return value.map((item) => valueWords(name, item, search, names)).join(', ')
  if (value === true) return 'Yes'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return VALUES.get(name)?.(text, search, names) ?? text
}

function ageWords(age: string, format: unknown): string {
  if (typeof format !== 'string' || format === '') return age
  return format === 'AgeGroup' ? `Age group ${age}` : `${age} ${format.toLowerCase()}`
}

const isGiven = (value: unknown): boolean => value !== null && value !== undefined && value !== '' && value !== false
const named = (code: string, name: string | null | undefined): string => (name ? `${code} (${name})` : code)

/** `numberPerWard` -> `Number per ward`. */
function asWords(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
