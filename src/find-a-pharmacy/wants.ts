/** What a visitor needs of a pharmacy besides being open, as the address of a search says it. Pure. */
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { WANTED_ACCESS, type WantedAccess, wantedAccess } from '#src/rules/wanted-access.ts'
import { type WantedService, wantedServiceNamed } from '#src/rules/wanted-services.ts'

export type Wants = {
  readonly service: WantedService | undefined
  /** All of them, in the order of the list. */
  readonly access: readonly WantedAccess[]
  /** Medicines shall come to the visitor. */
  readonly delivery: boolean
}

export const NOTHING_WANTED: Wants = { service: undefined, access: [], delivery: false }

/** More than there are: a longer list is no search of ours. */
const MOST_ACCESS = 30
const LONGEST_NAME = 80

/** Reads what stands in `service`, `access` and `delivery`. Problems name these fields. */
export function readWants(given: {
  readonly service: string
  readonly access: readonly string[]
  readonly delivery: string
}): Result<Wants> {
  const service = given.service.length > LONGEST_NAME ? undefined : wantedServiceNamed(given.service)
  const asked = given.access.slice(0, MOST_ACCESS).filter((slug) => slug !== '')
  const found = asked.map((slug) => wantedAccess(slug))
  const problems = [
    ...(given.service !== '' && !service ? [NO_SERVICE] : []),
    ...(found.includes(undefined) ? [NO_ACCESS] : []),
  ]
  if (problems.length > 0) return refused(...problems)
  return accepted({
    service,
    access: WANTED_ACCESS.filter((each) => found.includes(each)),
    delivery: given.delivery === 'yes',
  })
}

const NO_SERVICE: Problem = { field: 'service', code: 'unknown', message: 'Choose a service from the list' }
const NO_ACCESS: Problem = { field: 'access', code: 'unknown', message: 'Choose what you need from the list' }

/** Whether anything is wanted. */
export const wantsAnything = ({ service, access, delivery }: Wants): boolean =>
  service !== undefined || access.length > 0 || delivery

/** One thing that is wanted, and the search without it. */
export type Want = { readonly text: string; readonly without: Wants }

/** What is wanted, one by one. */
export function eachWant(wants: Wants): readonly Want[] {
  const { service, access, delivery } = wants
  return [
    ...(service ? [{ text: service.label, without: { ...wants, service: undefined } }] : []),
    ...access.map((one) => ({ text: one.label, without: { ...wants, access: access.filter((each) => each !== one) } })),
    ...(delivery ? [{ text: 'Delivers to me', without: { ...wants, delivery: false } }] : []),
  ]
}

/** The parameters of an address that mean the same. */
export const wantsParameters = ({ service, access, delivery }: Wants): readonly (readonly [string, string])[] => [
  ...(service ? [['service', service.slug] as const] : []),
  ...access.map(({ slug }) => ['access', slug] as const),
  ...(delivery ? [['delivery', 'yes'] as const] : []),
]
