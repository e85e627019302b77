/** Whom a service takes, in words that somebody on the telephone can read out. Pure. */
import { DAYS_PER_MONTH, DAYS_PER_YEAR } from './patient-age.ts'
import type { AgeRange, ClinicalProfile } from './triage.ts'

/** A range that ends here or later has no upper end: 129 years and their last day. */
const OLDEST = 47_481
const SURGERIES_NAMED = 10
/** Ages are profiled to the last day of a year, which is a day or less short of the next. */
const A_DAY = 1.01

/** `16 years and over`, `under 1 year or 5 to 15 years`, `any age`; `no age is given` where nobody is taken. */
export function agesInWords(ages: readonly AgeRange[]): string {
  return merged(ages).map(ageWords).join(' or ') || 'no age is given'
}

/** Ranges that follow each other without a day between them are one. */
function merged(ages: readonly AgeRange[]): readonly AgeRange[] {
  const whole: AgeRange[] = []
  for (const [from, to] of ages.toSorted((a, b) => a[0] - b[0])) {
    const last = whole.at(-1)
    if (last && from <= last[1] + A_DAY) whole[whole.length - 1] = [last[0], Math.max(last[1], to)]
    else whole.push([from, to])
  }
  return whole
}

function ageWords([from, to]: AgeRange): string {
  const isOpen = to >= OLDEST
  if (from < 1) return isOpen ? 'any age' : `under ${amount(to + 1)}`
  if (isOpen) return `${amount(from)} and over`
  const [first, end] = [wholeYears(from), wholeYears(to + 1)]
  if (first === undefined || end === undefined) return `${amount(from)} to under ${amount(to + 1)}`
  return first === end - 1 ? `${years(first)} old` : `${first} to ${years(end - 1)}`
}

const years = (count: number): string => `${count} year${count === 1 ? '' : 's'}`
/** Undefined unless it is a number of years, give or take a day. */
function wholeYears(days: number): number | undefined {
  const count = Math.round(days / DAYS_PER_YEAR)
  return count > 0 && Math.abs(days - count * DAYS_PER_YEAR) <= A_DAY ? count : undefined
}

function amount(days: number): string {
  const wholes = wholeYears(days)
  if (wholes !== undefined) return years(wholes)
  const months = Math.round(days / DAYS_PER_MONTH)
  if (months > 0 && Math.abs(days - months * DAYS_PER_MONTH) <= A_DAY)
    return `${months} month${months === 1 ? '' : 's'}`
  const whole = Math.round(days)
  return `${whole} day${whole === 1 ? '' : 's'}`
}

/** `female and male`, `female only`; `no sex is given` where nobody is taken. */
export function sexesInWords(genders: ReadonlySet<string>): string {
  const [female, male] = [genders.has('F'), genders.has('M')]
  if (female && male) return 'female and male'
  if (female) return 'female only'
  return male ? 'male only' : 'no sex is given'
}

/** `any surgery`, `only patients of P91003 and P91004`; at most ten are named. */
export function surgeriesInWords({ restricted, referrals }: Pick<ClinicalProfile, 'restricted' | 'referrals'>): string {
  if (!restricted) return 'any surgery'
  const codes = [...referrals].toSorted()
  if (codes.length === 0) return 'no surgery is given'
  const named = codes.slice(0, SURGERIES_NAMED).join(', ')
  return `only patients of ${named}${codes.length > SURGERIES_NAMED ? ` and ${codes.length - SURGERIES_NAMED} more` : ''}`
}

/** `any area`, `only callers from QOP`. */
export function areasInWords(limitedTo: ClinicalProfile['limitedTo']): string {
  if (limitedTo === null) return 'any area'
  return limitedTo.size === 0 ? 'no area is given' : `only from ${[...limitedTo].toSorted().join(', ')}`
}
