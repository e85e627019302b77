/** `/finder/results`: the services near a place that take a patient, and those that do not, with why. View: results.njk */
import { loadCapacities } from '#src/capacity/capacity-records.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { MapView } from '#src/platform/map/map-view.ts'
import { template } from '#src/platform/views.ts'
import { terminationWords } from '#src/reference-data/packed-terminations.ts'
import type { Place } from '#src/reference-data/places.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { roleName } from '#src/rules/referral-roles.ts'
import { type PracticeAnswer, practiceInWords } from '../find-practice.ts'
import { type FinderFound, findServices, momentOf } from '../find-services.ts'
import { destinationsOf, finderMap, startAt } from '../finder-map.ts'
import {
  DISTANCES_KM,
  type FinderForm,
  type FinderRequest,
  finderAddress,
  MOST_SHOWN,
  pointIn,
} from '../finder-request.ts'
import { type FinderRow, finderRow, reachInWords } from '../finder-view.ts'
import type { OwnChoice } from '../saved-store.ts'
import type { FinderDeps } from './finder-deps.ts'
import { openingInWords, type ResultFilters, resultFilters } from './result-filters.ts'

type Link = { readonly text: string; readonly href: string }
type ResultsView = {
  readonly title: string
  /** What the title only counts; null where it names them. */
  readonly types: string | null
  readonly changeSearch: string
  /** What is not quite as it was asked. */
  readonly notes: readonly string[]
  readonly asked: readonly string[]
  readonly openFilters: readonly (Link & { readonly isCurrent: boolean })[]
  readonly filters: ResultFilters
  /** The address of these results, to come back to and to save. */
  readonly here: string
  /** Not where somebody is: that is nobody's business afterwards. */
  readonly mayKeep: boolean
  /** A role to refer as, which is not kept yet; null for none. */
  readonly roleToKeep: { readonly id: number; readonly name: string } | null
  readonly fittingTitle: string
  readonly fitting: readonly FinderRow[]
  /** Of those that fit; null where there are none. */
  readonly map: MapView | null
  readonly more: Link | null
  readonly others: readonly FinderRow[]
  readonly nothing: string
  readonly widen: readonly Link[]
}

/** The page of results. */
export const renderResults = template<ResultsView>('service-finder/pages/results.njk')

const OTHERS_SHOWN = 5
/** More names of types than this are no heading that anybody reads. */
const MOST_IN_TITLE = 2
const MORE = 20

export type Searched = {
  readonly request: FinderRequest
  readonly place: Place
  /** As the address of these results has it. */
  readonly form: FinderForm
  readonly choice: OwnChoice
  /** Whose patient it is. */
  readonly practice: PracticeAnswer
}

/** What was found near a place, in words. */
export async function resultsView(searched: Searched, deps: FinderDeps): Promise<ResultsView> {
  const { request, place, form, choice } = searched
  const instant = deps.clock.now()
  const now = toLondon(instant)
  const reference = deps.reference()
  const { fitting, others } = findServices(request, {
    ...{ from: place, now, index: deps.triage, profiles: deps.profiles },
  })
  const shown = [...fitting.slice(0, request.shown), ...others.slice(0, OTHERS_SHOWN)]
  const [capacities, roads] = await Promise.all([
    loadCapacities(
      deps.db.pool,
      shown.map(({ service }) => service.shown.uid),
      instant,
    ),
    deps.roads.distances(place, destinationsOf(shown.map(({ service }) => service))),
  ])
  const at = momentOf(request.open, now)
  const rowDeps = {
    ...{ reference, at, now: instant, capacities, roads, role: request.patient.role },
    ...{ isNow: at === now, isArea: startAt(place).isArea },
    back: `?back=${encodeURIComponent(finderAddress(form))}`,
  }
  const rows = (found: readonly FinderFound[], most: number): readonly FinderRow[] =>
    found.slice(0, most).map((each) => finderRow(each, rowDeps))
  const names = request.typeIds.map((id) => reference.types.get(id)?.name ?? String(id))
  const name = names.join(', ')
  const isMany = names.length > MOST_IN_TITLE
  return {
    title: `${isMany ? `${names.length} types of service` : names.join(' and ')} near ${place.label}`,
    types: isMany ? name : null,
    changeSearch: finderAddress(form).replace('/finder/results', '/finder'),
    notes: notesOn(searched),
    asked: askedWords(searched, reference),
    openFilters: openFilters(request, form),
    filters: resultFilters(request, form, reference),
    here: finderAddress(form),
    mayKeep: pointIn(form) === undefined,
    roleToKeep: roleToKeep(request, choice, reference),
    fittingTitle: `${fitting.length} within ${reachInWords(request.distanceKm)}, nearest first`,
    fitting: rows(fitting, request.shown),
    map: finderMap(place, rows(fitting, request.shown), fitting),
    more: moreLink(fitting.length, request, form),
    others: rows(others, OTHERS_SHOWN),
    nothing: nothingWords(name, place, request),
    widen: widerSearches(request, form),
  }
}

function roleToKeep({ patient: { role } }: FinderRequest, choice: OwnChoice, { roles }: TriageReference) {
  return role === null || role === choice.role ? null : { id: role, name: roleName(role, roles.get(role)) }
}

function openFilters({ open }: FinderRequest, form: FinderForm): ResultsView['openFilters'] {
  const chosen = typeof open === 'object' ? openingInWords(open) : null
  return [
    { text: 'Any time', href: finderAddress(form, { open: '' }), isCurrent: open === 'any' },
    { text: 'Open now', href: finderAddress(form, { open: 'now' }), isCurrent: open === 'now' },
    ...(chosen ? [{ text: chosen, href: finderAddress(form), isCurrent: true }] : []),
  ]
}

const moreLink = (found: number, { shown }: FinderRequest, form: FinderForm): Link | null =>
  found > shown && shown < MOST_SHOWN
    ? { text: 'Show more', href: finderAddress(form, { show: String(Math.min(MOST_SHOWN, shown + MORE)) }) }
    : null

const nothingWords = (name: string, { label }: Place, { distanceKm, open, access }: FinderRequest): string =>
  `We looked for ${name} within ${reachInWords(distanceKm)} of ${label}${open === 'any' ? '' : ', open at that time'}${
    access.length > 0 ? `, with ${access.map(({ label }) => label.toLowerCase()).join(', ')}` : ''
  }.`

function widerSearches({ distanceKm, open }: FinderRequest, form: FinderForm): readonly Link[] {
  const further = DISTANCES_KM.find((km) => km > distanceKm)
  return [
    ...(further
      ? [{ text: `Look within ${reachInWords(further)}`, href: finderAddress(form, { km: String(further) }) }]
      : []),
    ...(open === 'any' ? [] : [{ text: 'Look at any time', href: finderAddress(form, { open: '' }) }]),
    ...(form.access === '' ? [] : [{ text: 'Look whatever the access', href: finderAddress(form, { access: '' }) }]),
    { text: 'Choose another type of service', href: '/finder/types' },
  ]
}

const notesOn = ({ place, practice }: Searched): readonly string[] => [
  ...(place.insteadOf ? [`We do not know exactly where ${place.insteadOf} is, so this is near ${place.label}.`] : []),
  ...(place.termination ? [`${terminationWords(place.label, place.termination)} This is around where it was.`] : []),
  ...(practice.kind === 'unchecked'
    ? [`This directory holds no GP practices, so we did not check the code ${practice.code}.`]
    : []),
]

function askedWords({ request, form, practice }: Searched, { roles }: TriageReference): readonly string[] {
  const { patient, urgency, access } = request
  const { role, surgery, gender } = patient
  return [
    ...(form.age === '' ? [] : [`age ${form.age} ${form.unit || 'years'}`]),
    ...(gender === null ? [] : [gender === 'F' ? 'female' : 'male']),
    ...(surgery === null
      ? []
      : [`patient of ${practice.kind === 'found' ? practiceInWords(practice.practice) : surgery}`]),
    ...(urgency === null ? [] : [URGENCY_WORDS[urgency]]),
    ...(role === null ? [] : [`referred by ${roleName(role, roles.get(role))}`]),
    ...access.map(({ label }) => label.toLowerCase()),
  ]
}

const URGENCY_WORDS = {
  now: 'seen now',
  hour: 'seen within an hour',
  'four-hours': 'seen within 4 hours',
  today: 'seen within 24 hours',
} as const
