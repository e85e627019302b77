/** What differs in words between kinds of pharmacy. A distance selling pharmacy has staffed hours and no visitors. */
import type { ProfileKind } from '#src/profiles/profile.ts'

/** What the pages call the hours of a pharmacy in the middle of a sentence. */
export const hoursName = (kind: ProfileKind): string =>
  kind === 'distance-selling' ? 'staffed hours' : 'opening hours'

/** When a service without hours of its own is given. */
export const sameHoursWords = (kind: ProfileKind): string =>
  kind === 'distance-selling' ? 'In all your staffed hours' : 'Whenever the pharmacy is open'
