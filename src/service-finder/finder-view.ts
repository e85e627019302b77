/** What the pages of the Service Finder say. Pure: services in, words and addresses out. */
import type { CurrentCapacity } from '#src/capacity/capacity-records.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { formatTime } from '#src/rules/clock-time.ts'
import { milesInWords, roughMilesInWords } from '#src/rules/distance.ts'
import { type LondonTime, toLondon } from '#src/rules/london-time.ts'
import { type OpenWords, openingWords } from '#src/rules/opening-words.ts'
import { roleName } from '#src/rules/referral-roles.ts'
import { telephoneLink } from '#src/rules/safe-links.ts'
import { onFootInWords } from '#src/rules/time-on-foot.ts'
import type { FinderFound } from './find-services.ts'

export type FinderRow = {
  readonly uid: number
  readonly href: string
  readonly name: string
  readonly type: string
  /** By road where that is known, and in a straight line. */
  readonly distance: string
  readonly state: OpenWords
  /** Null when it is Green. */
  readonly capacity: { readonly text: string; readonly colour: string; readonly why: string } | null
  readonly address: string
  readonly phone: { readonly text: string; readonly href: string } | null
  readonly misfits: readonly string[]
}

export type RowDeps = {
  readonly reference: Pick<TriageReference, 'types' | 'roles'>
  /** The moment that the search is about, and whether that is now. */
  readonly at: LondonTime
  readonly isNow: boolean
  readonly now: Date
  readonly capacities: ReadonlyMap<number, CurrentCapacity>
  /** Metres by road by uid; undefined when nobody knows. */
  readonly roads: ReadonlyMap<number, number> | undefined
  /** Whether the distances are those from the middle of an area. */
  readonly isArea: boolean
  /** What follows the address of a service's page: the search that one may go back to. */
  readonly back: string
  readonly role: number | null
}

const MISFIT_WORDS = {
  age: 'Not for this age',
  gender: 'Not for this sex',
  surgery: 'Only for patients of other surgeries',
  hours: 'Not open in time',
} as const

/** One service of the results. */
export function finderRow({ service, distanceMetres, misfits, missing }: FinderFound, deps: RowDeps): FinderRow {
  const { shown } = service
  return {
    uid: shown.uid,
    href: `/finder/services/${shown.uid}${deps.back}#service`,
    name: shown.publicName ?? shown.name,
    type: deps.reference.types.get(shown.typeId)?.name ?? '',
    distance: distanceInWords(distanceMetres, { roadMetres: deps.roads?.get(shown.uid), isArea: deps.isArea }),
    state: openingWords(shown.hours, deps.at, deps.isNow),
    capacity: capacityWords(deps.capacities.get(shown.uid), deps.now),
    address: [shown.address, shown.postcode].filter(Boolean).join(', '),
    phone: phoneLink(shown.phone),
    misfits: misfitWords({ misfits, missing }, deps),
  }
}

/** `12 miles (20 km)`: what is asked in kilometres is said in miles first, as each distance is. */
export const reachInWords = (km: number): string => `${milesInWords(km * 1000)} (${km} km)`

/**
 * `0.4 miles in a straight line, about 0.6 miles by road, about 11 minutes on foot`. The road is left out where nobody
 * knows it, and where it would be shorter than the straight line: then one of the two places is rough. The walk is left
 * out where it is too far, and where somebody may be anywhere in an area.
 */
export function distanceInWords(
  metres: number,
  { roadMetres, isArea }: { readonly roadMetres: number | undefined; readonly isArea: boolean },
): string {
  const straight = milesInWords(metres)
  const words = [
    `${straight.charAt(0).toUpperCase()}${straight.slice(1)} in a straight line`,
    roadMetres === undefined || roadMetres < metres ? undefined : `${roughMilesInWords(roadMetres)} by road`,
    isArea ? undefined : onFootInWords(metres),
  ]
  return words.filter((each) => each !== undefined).join(', ')
}

/** Why it may not be for this patient, a sentence each. */
export const misfitWords = (
  { misfits, missing }: Pick<FinderFound, 'misfits' | 'missing'>,
  deps: Pick<RowDeps, 'role' | 'reference'>,
): readonly string[] => [
  ...misfits.map((misfit) => (misfit === 'role' ? roleWords(deps) : MISFIT_WORDS[misfit])),
  ...missing.map(
    ({ access, isKnown }) => `${isKnown ? 'Does not have' : 'Does not say if it has'}: ${access.label.toLowerCase()}`,
  ),
]

const roleWords = ({ role, reference }: Pick<RowDeps, 'role' | 'reference'>): string =>
  `Does not take referrals from ${role === null ? 'this role' : roleName(role, reference.roles.get(role))}`

/** A number that a press dials. */
export const phoneLink = (phone: string | null): FinderRow['phone'] =>
  phone === null ? null : { text: phone, href: telephoneLink(phone) }

/** Red and Amber, with why and until when; null for Green and where nobody said anything. */
export function capacityWords(capacity: CurrentCapacity | undefined, now: Date): FinderRow['capacity'] {
  if (!capacity || capacity.status === 'GREEN') return null
  const until = capacity.resetAt === null ? 'until somebody changes it' : `until ${momentWords(capacity.resetAt, now)}`
  const reason = capacity.because === 'closure' ? 'The pharmacy has said that it is closed' : noteOf(capacity)
  return {
    text: capacity.status === 'RED' ? 'Red: no capacity' : 'Amber: low capacity',
    colour: capacity.status === 'RED' ? 'red' : 'orange',
    why: [reason, until].filter((part) => part !== '').join(', '),
  }
}

/** What somebody wrote, to go on with. */
const noteOf = ({ note }: CurrentCapacity): string => (note ?? '').trim().replace(/[.,;]+$/, '')

function momentWords(instant: string, now: Date): string {
  const at = toLondon(new Date(instant))
  const days = at.day - toLondon(now).day
  const clock = formatTime(at.minute)
  if (days === 0) return clock
  return days === 1 ? `${clock} tomorrow` : `${clock} in ${days} days`
}

/** The types of the catalogue that a search may be for, in the order of the alphabet. */
export function searchableTypes({ types }: Pick<TriageReference, 'types'>): readonly { id: number; name: string }[] {
  return [...types.values()]
    .filter(({ lifecycle, id }) => lifecycle === 'current' && id > 0)
    .map(({ id, name }) => ({ id, name }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en-GB'))
}
