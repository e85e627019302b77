/** A postcode or what contains it: a sector or a district. Areas and search distances are stored by any of the three. */
import { outcodeOf, type Postcode, parseOutcode, parsePostcode, sectorOf } from './postcode.ts'

export type PostcodeUnitKind = 'postcode' | 'sector' | 'district'

/** `name` is canonical (`ZZ1 1AA`, `ZZ1 1`, `ZZ1`), so that two units are the same when their names are. */
export type PostcodeUnit = { readonly kind: PostcodeUnitKind; readonly name: string }

/**
 * Reads a unit; case and spacing do not matter, but for one thing: `ZZ11` is a district and `ZZ1 1` a sector. Undefined
 * when the text is none of the three.
 */
export function parsePostcodeUnit(text: string): PostcodeUnit | undefined {
  const postcode = parsePostcode(text)
  if (postcode) return { kind: 'postcode', name: postcode }
  const plain = text.normalize('NFKC').trim().toUpperCase()
  const district = /\s/.test(plain) ? undefined : parseOutcode(plain)
  if (district) return { kind: 'district', name: district }
  const [, outward = '', digit = ''] = /^(.*?)\s*(\d)$/s.exec(plain) ?? []
  const outcode = parseOutcode(outward)
  return outcode && { kind: 'sector', name: `${outcode} ${digit}` }
}

/** The postcode, its sector and its district: from the smallest to the largest. */
export const unitsOf = (postcode: Postcode): readonly [string, string, string] => [
  postcode,
  sectorOf(postcode),
  outcodeOf(postcode),
]
