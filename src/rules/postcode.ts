/** UK postcodes: reading, comparing and taking apart. Whether one exists is for the gazetteer to say. */

/** A postcode in canonical form: upper case, one space before the last three characters (`M33 7AB`). */
export type Postcode = string & { readonly brand: 'Postcode' }
/** The part before the space, a postcode district: `M33`, `EC1A`. */
export type Outcode = string & { readonly brand: 'Outcode' }

const OUTWARD = /^(?:[A-Z]{1,2}\d{1,2}|[A-Z]{1,2}\d[A-Z]|GIR)$/
const INWARD = /^\d[A-Z]{2}$/
const CANONICAL = new RegExp(`${OUTWARD.source.slice(0, -1)} ${INWARD.source.slice(1)}`)

/**
 * The text by which two postcodes are compared: compatible forms folded (full-width letters become plain ones), upper
 * case, no white space. Never refuses: the text need not be a postcode.
 */
export const postcodeKey = (text: string): string => text.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase()

/**
 * Reads a postcode. Undefined when it is not shaped like one. The letters of the inward part are not restricted, so
 * that invented postcodes such as `ZZ1 1AA` pass.
 */
export function parsePostcode(text: string): Postcode | undefined {
  // Programs send it as it should be, thousands a second.
  if (CANONICAL.test(text)) return text as Postcode
  const key = postcodeKey(text)
  const outward = key.slice(0, -3)
  const inward = key.slice(-3)
  return OUTWARD.test(outward) && INWARD.test(inward) ? (`${outward} ${inward}` as Postcode) : undefined
}

/** Reads an outcode on its own (`m33`, ` SW1A `). Undefined when it is not shaped like one. */
export function parseOutcode(text: string): Outcode | undefined {
  const key = postcodeKey(text)
  return OUTWARD.test(key) ? (key as Outcode) : undefined
}

/** The postcode district: `M33` of `M33 7AB`. */
export const outcodeOf = (postcode: Postcode): Outcode => postcode.slice(0, -4) as Outcode

/** The postcode sector, `M33 7` of `M33 7AB`: the most that the audit of searches keeps. */
export const sectorOf = (postcode: Postcode): string => postcode.slice(0, -2)

/** The postcode area: `M` of `M33 7AB`. */
export const areaOf = (postcode: Postcode): string => /^[A-Z]+/.exec(postcode)?.[0] ?? ''
