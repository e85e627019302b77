/** A request as those who decide about it read it. */
import type { Profile } from '#src/profiles/profile.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import { ROLE_WORDS, USUAL_CLOSURE_ONLY_DAYS } from '#src/rules/pharmacy-roles.ts'
import type { AccessRequest } from './access-request-store.ts'

/** Rows of a summary list; the words of the asker are theirs and not checked. */
export type AskedFacts = readonly { readonly key: string; readonly value: string }[]

/** Who asks for what, and what can be told of their address. */
export function askedFacts(
  request: AccessRequest,
  profile: Profile | undefined,
  domains: readonly string[],
): AskedFacts {
  const { email, name, jobRole, role, askedAt, odsCode } = request
  const { label, hint } = ROLE_WORDS[role]
  const ends = role === 'closure-only' ? `, after ${USUAL_CLOSURE_ONLY_DAYS} days` : ''
  return [
    { key: 'Pharmacy', value: [`${profile?.name ?? ''} (${odsCode})`, ...addressOf(profile)].join(', ') },
    { key: 'Email address', value: email },
    { key: 'Address is', value: domainWords(email, domains) },
    { key: 'Name they gave', value: name },
    { key: 'Job role they gave', value: jobRole },
    { key: 'They ask to be', value: `${label}: ${hint.charAt(0).toLowerCase()}${hint.slice(1)}${ends}` },
    { key: 'Asked', value: momentWords(askedAt) },
  ]
}

/** `Friday 11 December 2026 at 10:34am`, in London. */
export function momentWords(instant: string): string {
  const { day, minute } = toLondon(new Date(instant))
  return `${formatDate(dateOf(day))} at ${formatTime(minute)}`
}

const addressOf = (profile: Profile | undefined): readonly string[] =>
  profile ? [...profile.address.lines, profile.address.postcode] : []

/** Anybody can make an address at most domains: whoever decides should see which one it is. */
function domainWords(email: string, domains: readonly string[]): string {
  const domain = email.split('@')[1] ?? ''
  if (domains.includes(domain)) return 'an NHSmail address'
  return /\.nhs\.uk$/.test(domain) ? `an NHS address (${domain})` : `not an NHS address (${domain})`
}
