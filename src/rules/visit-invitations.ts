/** Words that ask people to come: a distance selling pharmacy, which has no visitors, must not use them. */
import { parsePostcode } from './postcode.ts'

const PLACE = '(?:pharmacy|shop|store|branch|premises|counter|chemist|door|unit|warehouse)'
const OURS = `(?:us|(?:our|the) (?:\\w+ )?${PLACE})`
/** What follows "come in" when it means people, and not parcels that come in plain boxes. */
const TO_US =
  '(?=\\s*(?:$|[.,;:!?]|and\\b|to\\b|or\\b|for\\b|any\\b|today\\b|now\\b|when|if\\b|between\\b|from\\b|during\\b|at\\b|on\\b|without\\b|whenever\\b))'

const INVITATIONS: readonly RegExp[] = [
  `visit(?:ing)? (?:in person|${OURS})`,
  `come (?:in|by|round|over)${TO_US}`,
  `come (?:and|to) (?:see us|${OURS})`,
  `(?:walk|pop|drop|step)(?:ping)? (?:in|by|round|over)${TO_US}`,
  `(?:walk|drop)-ins?`,
  `stop by`,
  `see us in person`,
  `click (?:and|&) collect`,
  `collect(?:ed|ion|ions|ing)?\\b[^.!?]{0,40}? (?:from|at) ${OURS}`,
  `pick(?:ed|ing)?[ -]?ups?\\b[^.!?]{0,40}? (?:from|at) ${OURS}`,
  `(?:at|in|into|inside|to) our (?:\\w+ )?${PLACE}`,
  `in person`,
  `open to the public`,
].map((words) => new RegExp(`\\b(?:${words})(?!\\w)`, 'gi'))

/** Up to three words before an invitation that turn it into its opposite: "you cannot visit us". */
const TURNED = /\b(?:no|(?<!why )not|cannot|can['’]t|don['’]t|never|without|instead of|rather than)\s+(?:\S+\s+){0,3}$/i

/** A postcode that stands among other words. */
const POSTCODE = /\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b/gi

/** What in a text asks people to come. `words` are as they were written. */
export type Invitation = { readonly kind: 'invitation' | 'address'; readonly words: string }

/**
 * The first words of a text that ask people to come, or name an address to go to; undefined when there are none. What
 * says the opposite, such as "you cannot visit us", is no invitation. Never throws.
 *
 * Source: NHS (Pharmaceutical and Local Pharmaceutical Services) Regulations 2013, regulation 64: essential services are
 * given without face to face contact at the premises.
 */
export function invitationIn(text: string): Invitation | undefined {
  const found = INVITATIONS.flatMap((pattern) => [...text.matchAll(pattern)])
    .filter(({ index }) => !TURNED.test(text.slice(0, index)))
    .toSorted((a, b) => a.index - b.index)
  const [first] = found
  if (first) return { kind: 'invitation', words: first[0].trim() }
  const postcode = [...text.matchAll(POSTCODE)].find(([words]) => parsePostcode(words) !== undefined)
  return postcode ? { kind: 'address', words: postcode[0] } : undefined
}
