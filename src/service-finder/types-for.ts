/** Which types of service a search is for. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { findServiceTypes } from '#src/rules/find-service-types.ts'
import { typeAliases } from '#src/rules/service-types.ts'
import type { FinderRequest } from './finder-request.ts'
import { searchableTypes } from './finder-view.ts'

export type AskedType = { readonly id: number; readonly name: string; readonly by: string | null }

/** As many as somebody can choose from at a glance. */
export const TYPE_CHOICES = 12

/** The types that were chosen; else the one that was meant, or those that it may be. */
export function typesFor(
  { typeIds, need }: Pick<FinderRequest, 'typeIds' | 'need'>,
  reference: Pick<TriageReference, 'types'>,
): readonly AskedType[] {
  const all = searchableTypes(reference)
  const chosen = all.filter(({ id }) => typeIds.includes(id)).map((type) => ({ ...type, by: null }))
  if (chosen.length > 0) return chosen
  const lower = need.toLowerCase()
  const exact = all.filter(({ id, name }) => [name, ...typeAliases(id)].some((each) => each.toLowerCase() === lower))
  return exact.length > 0
    ? exact.map((type) => ({ ...type, by: null }))
    : findServiceTypes(need, all).slice(0, TYPE_CHOICES)
}
