/** What the emails about access have in common: how they name pharmacies, roles and moments. */
import { formatDate, formatDateShort, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import { type PharmacyRole, ROLE_WORDS } from '#src/rules/pharmacy-roles.ts'
import { oneLine } from './plain-text-email.ts'

export type NamedPharmacy = { readonly odsCode: string; readonly name: string }

/** `Hill Pharmacy (FX123)`. */
export const pharmacyWords = ({ odsCode, name }: NamedPharmacy): string => `${oneLine(name)} (${odsCode})`

/** `Editor: change and check everything`. */
export function roleWords(role: PharmacyRole): string {
  const { label, hint } = ROLE_WORDS[role]
  return `${label}: ${hint.charAt(0).toLowerCase()}${hint.slice(1)}`
}

/** `until the end of 18 December 2026`; empty for access without an end. */
export const untilWords = (lastDay: LocalDate | null): string =>
  lastDay === null ? '' : `until the end of ${formatDateShort(lastDay)}`

/** `Friday 11 December 2026 at 10:34am`, in London. */
export function momentWords(instant: string): string {
  const { day, minute } = toLondon(new Date(instant))
  return `${formatDate(dateOf(day))} at ${formatTime(minute)}`
}

/** Somebody's own words, on one line and marked as theirs, so that they cannot pass for ours. */
export const quotedLine = (text: string): string => `“${oneLine(text)}”`
