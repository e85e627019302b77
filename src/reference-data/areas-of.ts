/** Which areas a postcode lies in: services are limited and promoted to areas, and ranked by them. */
import type { Areas, TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { PlacedPostcode } from './gazetteer.ts'

/**
 * The areas that the catalogue lists the postcode for, and the codes of the postcode table, together; null when neither
 * knows any. Where both name a local authority or a board, the catalogue's is the one whose ranking counts, and the other
 * is an area still.
 */
export function areasOf(
  { postcode, icbCode, localAuthorityCode }: PlacedPostcode,
  reference: Pick<TriageReference, 'listedAreasOf'>,
): Areas | null {
  const listed = reference.listedAreasOf(postcode)
  if (icbCode === null && localAuthorityCode === null) return listed
  const localAuthority = listed?.localAuthority ?? localAuthorityCode
  const icb = listed?.icb ?? icbCode
  const others = [...(listed?.local ?? []), localAuthorityCode, icbCode].filter(
    (code): code is string => code !== null && code !== localAuthority && code !== icb,
  )
  return { localAuthority, icb, local: [...new Set(others)] }
}
