/** Numbers and addresses in a text that everybody will read, which are not for everybody. Pure: a warning, never a refusal. */
import { phoneKey } from './contact-details.ts'

export type ContactInText = {
  /** As it stands in the text. */
  readonly text: string
  /** Why somebody should look: it is one that is not public, or an address that nobody said is. */
  readonly because: 'not-public' | 'email'
}

const NUMBER = /(?:\+|\b0)[\d\s().\-‐‑–]{8,20}\d/g
const EMAIL = /[^\s@<>()[\],;:"]+@[^\s@<>()[\],;:"]+\.[^\s@<>()[\],;:".]+/g

/**
 * The contacts in a public text that may not belong there. `nonPublicPhone` and `email` are those of the service that only
 * professionals may see. Any other number is a service's own affair, and says nothing.
 */
export function privateContactsIn(
  text: string,
  { nonPublicPhone, email }: { readonly nonPublicPhone: string | null; readonly email: string | null },
): readonly ContactInText[] {
  const hidden = nonPublicPhone === null ? undefined : phoneKey(nonPublicPhone)
  const numbers = [...text.matchAll(NUMBER)]
    .map(([found]) => found.trim())
    .filter((found) => phoneKey(found) === hidden)
    .map((found) => ({ text: found, because: 'not-public' }) as const)
  const secret = email?.trim().toLowerCase()
  const addresses = [...text.matchAll(EMAIL)].map(([found]) =>
    found.toLowerCase() === secret
      ? ({ text: found, because: 'not-public' } as const)
      : ({ text: found, because: 'email' } as const),
  )
  return [...numbers, ...addresses]
}
