/** The ICB of a postcode, by its ODS code: the register names areas so, and files of postcodes name them otherwise. */
import type { PublicProfileView } from '#src/profiles/profile-index.ts'
import type { Gazetteer } from '#src/reference-data/gazetteer.ts'
import type { Postcode } from '#src/rules/postcode.ts'

export type PostcodeArea = {
  readonly areaCode: string
  /** False: it is the area of most pharmacies nearby, because nothing says more. */
  readonly isSure: boolean
}

type Parts = {
  readonly gazetteer: Pick<Gazetteer, 'find'>
  readonly pharmacies: Iterable<Pick<PublicProfileView, 'address' | 'commissioning'>>
}

/**
 * The area of the pharmacies whose postcodes lie in the same ICB by the postcode file; where the file does not say, that of
 * most pharmacies of the same district. Undefined when there are none.
 */
export function areaOfPostcode(postcode: Postcode, { gazetteer, pharmacies }: Parts): PostcodeArea | undefined {
  const board = gazetteer.find(postcode)?.icbCode ?? null
  const inBoard = new Map<string, number>()
  const inDistrict = new Map<string, number>()
  for (const { address, commissioning } of pharmacies) {
    const icb = commissioning?.icbCode
    if (!icb) continue
    if (outcodeOf(address.postcode) === outcodeOf(postcode)) add(inDistrict, icb)
    if (board !== null && gazetteer.find(address.postcode)?.icbCode === board) add(inBoard, icb)
  }
  const sure = mostOf(inBoard)
  const likely = mostOf(inDistrict)
  if (sure !== undefined) return { areaCode: sure, isSure: true }
  return likely === undefined ? undefined : { areaCode: likely, isSure: false }
}

/** `M33` of `M33 7AB`. */
const outcodeOf = (postcode: string): string => postcode.slice(0, -3).trim()
const add = (counts: Map<string, number>, code: string) => counts.set(code, (counts.get(code) ?? 0) + 1)
const mostOf = (counts: ReadonlyMap<string, number>): string | undefined =>
  [...counts].sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1))[0]?.[0]
