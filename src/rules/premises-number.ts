/** The number under which the General Pharmaceutical Council (GPhC) registers the premises of a pharmacy. */
import { accepted, type Result, refused } from './problems.ts'

/**
 * Reads a registration number, with or without "GPhC" before it and spaces in it: seven digits, of which the first is
 * 1, or 9 for newer registrations.
 *
 * Source: NHS Data Model and Dictionary, Pharmacy Premises (seven digits, from 1); the public register has both series.
 */
export function parsePremisesNumber(text: string): Result<string> {
  const digits = text
    .normalize('NFKC')
    .replace(/^\s*gphc(?:\s*(?:number|no\.?))?\s*:?/i, '')
    .replaceAll(/\s/g, '')
  if (/^[19]\d{6}$/.test(digits)) return accepted(digits)
  const message = 'Enter the GPhC registration number of your premises: 7 digits, beginning with 1 or 9, like 1099999'
  return refused({ field: 'premises-number', code: 'not-a-number', message })
}

/** The page of these premises in the public register of the GPhC. */
export const registerAddress = (premisesNumber: string): string =>
  `https://www.pharmacyregulation.org/registers/pharmacy/registrationnumber/${premisesNumber}`
