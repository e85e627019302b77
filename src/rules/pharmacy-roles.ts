/** The four ways to look after one pharmacy, what they are called, and how long each may last. */
import { dateOf, dayOf, type LocalDate } from './london-time.ts'

/** From the one that may do most to the one that may do least. */
export const PHARMACY_ROLES = ['owner', 'editor', 'closure-only', 'viewer'] as const
export type PharmacyRole = (typeof PHARMACY_ROLES)[number]

/** What people call a role, and what it lets them do, in the words of the pages. */
export const ROLE_WORDS: Readonly<Record<PharmacyRole, { readonly label: string; readonly hint: string }>> = {
  owner: { label: 'Owner', hint: 'Change and check everything, and decide who else has access' },
  editor: { label: 'Editor', hint: 'Change and check everything' },
  'closure-only': {
    label: 'Closure only',
    hint: 'Say that the pharmacy is closed or keeps other hours. For locums; ends by itself',
  },
  viewer: { label: 'Viewer', hint: 'See everything and change nothing' },
}

/** What a role is called in the middle of a sentence: `editor`. */
export const roleInSentence = (role: PharmacyRole): string => ROLE_WORDS[role].label.toLowerCase()

/** Reads a role of a pharmacy; undefined for anything else. */
export const parsePharmacyRole = (text: string): PharmacyRole | undefined =>
  PHARMACY_ROLES.find((role) => role === text)

/** Whether a role may do more than another. */
export const isAbove = (role: PharmacyRole, other: PharmacyRole): boolean =>
  PHARMACY_ROLES.indexOf(role) < PHARMACY_ROLES.indexOf(other)

/** The longest that access may be limited to. Source: product.md F3 and F93, a locum's access lasts a quarter at most. */
export const LONGEST_LIMITED_DAYS = 93
/** How long closure-only access lasts when nobody says otherwise. */
export const USUAL_CLOSURE_ONLY_DAYS = 7

/**
 * The last day of access that begins on `today`: `asked`, a week for closure-only where nothing was asked, or null for
 * no end. A text is what is wrong with the date that was asked for.
 */
export function lastDayOf(
  role: PharmacyRole,
  asked: LocalDate | null,
  today: LocalDate,
): { readonly lastDay: LocalDate | null } | string {
  if (role === 'owner') {
    return asked === null ? { lastDay: null } : 'An owner has no last day. Leave the date empty, or choose another role'
  }
  if (asked === null) {
    return { lastDay: role === 'closure-only' ? dateOf(dayOf(today) + USUAL_CLOSURE_ONLY_DAYS) : null }
  }
  if (asked < today) return 'Last day must be today or in the future'
  if (role === 'closure-only' && dayOf(asked) > dayOf(today) + LONGEST_LIMITED_DAYS) {
    return `Closure-only access can last up to ${LONGEST_LIMITED_DAYS} days`
  }
  return { lastDay: asked }
}
