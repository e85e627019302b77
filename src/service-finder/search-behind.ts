/** The search from which somebody came to a page: read again from the address of its results. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Place, PlaceAnswer, Places } from '#src/reference-data/places.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { outcodeOf, parsePostcode } from '#src/rules/postcode.ts'
import { roleName } from '#src/rules/referral-roles.ts'
import {
  type FinderForm,
  type FinderRequest,
  finderAddress,
  finderForm,
  pointIn,
  readFinder,
} from './finder-request.ts'
import { reachInWords } from './finder-view.ts'
import { typesFor } from './types-for.ts'

export type SearchBehind = { readonly request: FinderRequest; readonly place: Place; readonly form: FinderForm }
type Deps = { readonly places: Pick<Places, 'find'>; readonly clock: Clock; readonly reference: () => TriageReference }

const LONGEST_ADDRESS = 2000
const LONGEST_NEED = 100
const LONGEST_TITLE = 400

/** Only results of the finder: an address from outside is no way back. Empty when it is none. */
export const backTo = (address: unknown): string =>
  typeof address === 'string' &&
  address.length <= LONGEST_ADDRESS &&
  /^\/finder\/results\?[\w\-.~%&=+:,*]*$/.test(address)
    ? address
    : ''

/** Where somebody searches: where their browser said that they are, else the place that they named. */
export function whereIn(form: FinderForm, places: Pick<Places, 'find'>): PlaceAnswer {
  const point = pointIn(form)
  if (!point) return places.find(form.place)
  return { kind: 'found', place: { ...point, label: 'your location', kind: 'postcode', insteadOf: undefined } }
}

/** Undefined when the address is none, or finds nothing by itself any more. */
export function searchBehind(back: string, { places, clock, reference }: Deps): SearchBehind | undefined {
  const form = finderForm(Object.fromEntries(new URLSearchParams(back.split('?')[1] ?? '')))
  const read = readFinder(form, { now: toLondon(clock.now()), roles: reference().roles })
  if (!read.ok) return undefined
  const types = typesFor(read.value, reference())
  const answer = whereIn(form, places)
  if (types.length === 0 || answer.kind !== 'found') return undefined
  return { request: { ...read.value, typeIds: types.map(({ id }) => id) }, place: answer.place, form }
}

/** Of a postcode only its first half: a whole one may be where a patient lives. */
export function placeToKeep({ label }: Pick<Place, 'label'>): string {
  const postcode = parsePostcode(label)
  return postcode ? outcodeOf(postcode) : label
}

/**
 * What may be kept of a search, and how it is called: types, the area, filters. Nothing of the patient, no moment, no
 * whole postcode and none of the words that were typed.
 */
export function keptSearch(
  { request, place }: Pick<SearchBehind, 'request' | 'place'>,
  reference: Pick<TriageReference, 'types' | 'roles'>,
): { readonly address: string; readonly title: string } {
  const where = placeToKeep(place)
  const names = request.typeIds.map((id) => reference.types.get(id)?.name ?? String(id))
  const { role } = request.patient
  const kept = finderForm({
    need: names.join(', ').slice(0, LONGEST_NEED),
    type: request.typeIds.join(','),
    place: where,
    open: request.open === 'now' ? 'now' : '',
    km: String(request.distanceKm),
    role: role === null ? 'any' : String(role),
    access: request.access.map(({ slug }) => slug),
  })
  const besides = [
    ...(request.open === 'now' ? ['open now'] : []),
    ...(role === null ? [] : [`referrals from ${roleName(role, reference.roles.get(role))}`]),
    ...request.access.map(({ label }) => label.toLowerCase()),
  ]
  return {
    address: finderAddress(kept),
    title: `${names.join(', ')} within ${reachInWords(request.distanceKm)} of ${[where, ...besides].join(', ')}`.slice(
      0,
      LONGEST_TITLE,
    ),
  }
}
