/** In which country or island a postcode lies, where that is not England. */
import { areaOf, type Outcode, outcodeOf, type Postcode } from './postcode.ts'

/** Where pharmacies are nobody's in England. */
export type Elsewhere = 'Wales' | 'Scotland' | 'Northern Ireland' | 'the Isle of Man' | 'the Channel Islands'

/** By the first letter of the codes that the ONS gives to areas. Source: ONS, Register of Geographic Codes. */
const BY_CODE: Readonly<Record<string, Elsewhere>> = {
  W: 'Wales',
  S: 'Scotland',
  N: 'Northern Ireland',
  M: 'the Isle of Man',
  L: 'the Channel Islands',
}
const AREAS: readonly (readonly [country: Elsewhere, areas: string])[] = [
  ['Scotland', 'AB DD DG EH FK G HS IV KA KW KY ML PA PH TD ZE'],
  ['Wales', 'CF LD LL NP SA'],
  ['Northern Ireland', 'BT'],
  ['the Isle of Man', 'IM'],
  ['the Channel Islands', 'GY JE'],
]
const BY_AREA = new Map(AREAS.flatMap(([country, areas]) => areas.split(' ').map((area) => [area, country] as const)))
/** Of areas that are mostly in England. */
const WELSH_OUTCODES = new Set('CH5 CH6 CH7 CH8 SY16 SY17 SY18 SY19 SY20 SY23 SY24 SY25'.split(' '))
/** Of the areas above: on both sides of the border, so that only a code tells. */
const STRADDLING = new Set('DG14 DG16 LD7 LD8 LL12 LL13 LL14 LL20 NP7 NP16 NP25 TD5 TD9 TD12 TD15'.split(' '))

/**
 * Undefined for England, and where the postcode alone does not tell. `codes` are ONS codes of areas that it lies in, such
 * as its local authority (`W06000015`): they decide where there are any.
 */
export function countryOutsideEngland(
  postcode: Postcode | Outcode,
  codes: readonly (string | null | undefined)[] = [],
): Elsewhere | undefined {
  const code = codes.find((each) => /^[EWSNML]\d/.test(each ?? ''))
  if (code) return BY_CODE[code.charAt(0)]
  const outcode = postcode.includes(' ') ? outcodeOf(postcode as Postcode) : postcode
  if (WELSH_OUTCODES.has(outcode)) return 'Wales'
  return STRADDLING.has(outcode) ? undefined : BY_AREA.get(areaOf(postcode as Postcode))
}
