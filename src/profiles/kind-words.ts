/**
 * What differs in words between kinds of pharmacy: here and nowhere else.
 *
 * A distance selling pharmacy sends medicines and has no visitors: it has staffed hours, in which somebody answers the
 * phone and a pharmacist is there. A day without them is "closed" there too, as the NHS website and 111 say it.
 * Source: NHS (Pharmaceutical and Local Pharmaceutical Services) Regulations 2013, regulations 25 and 64.
 */
import type { ProfileKind } from './profile.ts'

/** Whether nobody visits this kind of pharmacy. */
export const isRemoteOnly = (kind: ProfileKind): boolean => kind === 'distance-selling'

/** The hours of an ordinary week, as a heading. */
export const hoursTitle = (kind: ProfileKind): string =>
  isRemoteOnly(kind) ? 'Staffed hours' : 'Standard opening times'

/** What the pages call the hours of a pharmacy in the middle of a sentence. */
export const hoursName = (kind: ProfileKind): string => (isRemoteOnly(kind) ? 'staffed hours' : 'opening hours')

/** The hours in which something else has to lie, in the middle of a sentence. */
export const timesName = (kind: ProfileKind): string => (isRemoteOnly(kind) ? 'staffed hours' : 'opening times')

/** When a service without hours of its own is given. */
export const sameHoursWords = (kind: ProfileKind): string =>
  isRemoteOnly(kind) ? 'In all your staffed hours' : 'Whenever the pharmacy is open'
