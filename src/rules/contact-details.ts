/** Phone numbers, websites and email addresses as pharmacies type them. */
import { accepted, type Problem, type Result, refused } from './problems.ts'

const MAX_PHONE = 50
const MAX_WEBSITE = 255
const MAX_EMAIL = 254

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
/** Control and format characters have no place in a contact detail; NFKC folds full-width and other compatible forms. */
const tidy = (text: string): string => text.normalize('NFKC').trim()

const isUkNumber = (digits: string): boolean => /^0(?:[1235789]\d{8,9})$/.test(digits)

/**
 * Reads a UK phone number with spaces, brackets, hyphens, dots, +44 or 0044, and an extension. The answer is written in
 * groups: `0161 496 0001`, `020 7946 0001 ext 12`.
 */
export function parsePhone(text: string): Result<string> {
  const typed = tidy(text)
  if (typed === '') return refused(problem('phone', 'blank', 'Enter a UK telephone number'))
  if (typed.length > MAX_PHONE) {
    return refused(problem('phone', 'too-long', `Telephone number must be ${MAX_PHONE} characters or fewer`))
  }
  const match =
    /^([+\d][\d\s().\-‐‑–]*|\([\d\s().\-‐‑–]*)(?:\s*[,;]?\s*(?:extension|ext|x|#)\.?\s*:?\s*(\d{1,6}))?$/i.exec(typed)
  const digits = match && nationalDigits(match[1] ?? '')
  if (!match || !digits || !isUkNumber(digits)) return refused(notAPhone)
  return accepted(match[2] ? `${groupDigits(digits)} ext ${match[2]}` : groupDigits(digits))
}

const notAPhone = problem(
  'phone',
  'not-a-phone',
  'Enter a UK telephone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192',
)

/** The digits from the leading 0 on; undefined for a number of another country. */
function nationalDigits(text: string): string | undefined {
  const compact = text.replaceAll(/[\s().\-‐‑–]/g, '')
  if (compact.slice(1).includes('+')) return undefined
  if (!/^(?:\+|00)/.test(compact)) return compact
  const match = /^(?:\+|00)44(\d+)$/.exec(compact)
  return match ? `0${(match[1] ?? '').replace(/^0/, '')}` : undefined
}

/** Groups as Ofcom writes them: 02x in 3-4-4, 011x, 01x1 and freephone in 4-3-4, others in 5-6 (5-5 for ten digits). */
function groupDigits(digits: string): string {
  if (/^02/.test(digits)) return inGroups(digits, 3, 7)
  if (/^(?:011|01\d1|03|08|09)/.test(digits)) return inGroups(digits, 4, 7)
  return digits.length === 10 ? inGroups(digits, 5) : inGroups(digits, 5, 8)
}

function inGroups(digits: string, ...breaks: readonly number[]): string {
  return [0, ...breaks].map((start, index) => digits.slice(start, breaks[index])).join(' ')
}

/** The text by which two phone numbers are compared, and the form of the DoS: no white space, brackets or hyphens. */
export function phoneKey(text: string): string {
  const [number = '', extension] = tidy(text).split(/(?:extension|ext|x|#)\.?/i)
  const digits = nationalDigits(number) ?? number.replaceAll(/\s/g, '')
  return extension === undefined ? digits : `${digits}x${extension.replaceAll(/\D/g, '')}`
}

/** Whether calling costs a premium rate (09…): worth a warning, never a refusal. */
export const isPremiumRate = (phone: string): boolean => phoneKey(phone).startsWith('09')

const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?'
const HOST = new RegExp(`^(?:${LABEL}\\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$`)

/**
 * Reads a website with or without http:// or https://. The scheme and the host become lower case, the rest is kept.
 * Ports, user names, spaces and characters that are not percent-encoded are refused with a message that says so.
 *
 * Source: DoS Integration, website rule; a query directly after the host is accepted, blanks around it are taken off.
 */
export function parseWebsite(text: string): Result<string> {
  const typed = tidy(text)
  if (typed === '') return refused(website('blank', 'Enter a website address'))
  if (typed.length > MAX_WEBSITE) {
    return refused(website('too-long', `Website address must be ${MAX_WEBSITE} characters or fewer`))
  }
  const fault = websiteFault(typed)
  return fault ? refused(fault) : accepted(websiteKey(typed))
}

const website = (code: string, message: string): Problem => problem('website', code, message)

function websiteFault(typed: string): Problem | undefined {
  const { scheme, host, rest } = partsOf(typed)
  if (scheme !== '' && scheme !== 'http://' && scheme !== 'https://') {
    return website(
      'scheme',
      'Website address must start with http:// or https://, or with the name, like www.example.com',
    )
  }
  if (host.includes('@')) {
    return website('email', 'Enter a website address, not an email address')
  }
  if (/:\d*$/.test(host)) return website('port', 'Website address must not contain a port number, such as :8080')
  if (!/^[\x21-\x7e]*$/.test(rest) || /["<>\\^`{|}]|%(?![\da-f]{2})/i.test(rest)) {
    return website('encoding', 'Website address must not contain spaces or special characters: write a space as %20')
  }
  if (!HOST.test(host) || host.split('.').some((label) => label.length > 63)) {
    return website('not-a-website', 'Enter a website address in the correct format, like https://www.example.com')
  }
  return undefined
}

function partsOf(typed: string): { scheme: string; host: string; rest: string } {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)(.*)$/is.exec(typed)
  return { scheme: match?.[1]?.toLowerCase() ?? '', host: match?.[2]?.toLowerCase() ?? '', rest: match?.[3] ?? '' }
}

/** The text by which two websites are compared: scheme and host in lower case, path and query as they are. */
export function websiteKey(text: string): string {
  const { scheme, host, rest } = partsOf(tidy(text))
  return `${scheme}${host}${rest}`
}

/** Reads an email address: one @, a name without blanks, a host of two or more labels. The host becomes lower case. */
export function parseEmail(text: string): Result<string> {
  const typed = tidy(text)
  if (typed === '') return refused(problem('email', 'blank', 'Enter an email address'))
  if (typed.length > MAX_EMAIL) {
    return refused(problem('email', 'too-long', `Email address must be ${MAX_EMAIL} characters or fewer`))
  }
  const match = /^([\w.!#$%&'*+/=?^`{|}~-]{1,64})@([^@]+)$/.exec(typed)
  const name = match?.[1] ?? ''
  const host = match?.[2]?.toLowerCase() ?? ''
  if (!match || !HOST.test(host) || name.startsWith('.') || name.endsWith('.') || name.includes('..')) {
    return refused(
      problem('email', 'not-an-email', 'Enter an email address in the correct format, like name@example.com'),
    )
  }
  return accepted(`${name}@${host}`)
}
