/** An ODS code in canonical form: upper case, no spaces. */
export type OdsCode = string & { readonly brand: 'OdsCode' }

/** Reads an ODS code of any organisation or service from user input. Returns undefined when the text cannot be one. */
export function parseOdsCode(text: string): OdsCode | undefined {
  const code = text.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase()
  return /^[A-Z0-9]{3,12}$/.test(code) ? (code as OdsCode) : undefined
}

/**
 * Reads the ODS code of a pharmacy: exactly five letters and digits. A pharmacy's further DoS services carry the same
 * five characters and a suffix; `pharmacyCodeOf` takes the five.
 *
 * Source: NHS ODS; pharmacies are `F` and four, newer ones alternate letter and digit.
 */
export function parsePharmacyCode(text: string): OdsCode | undefined {
  const code = parseOdsCode(text)
  return code?.length === 5 ? code : undefined
}

/**
 * The pharmacy that does not exist: anyone who is signed in may try Profile Manager on it. No code of a real pharmacy is
 * written like this.
 */
export const TRAINING_PHARMACY = 'TRAIN' as OdsCode

/** Which pharmacy a service's code belongs to: its first five characters. */
export const pharmacyCodeOf = (code: string): OdsCode => code.slice(0, 5).toUpperCase() as OdsCode
