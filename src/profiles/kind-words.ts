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

/** The words of pages that differ between pharmacies that people visit and those that send medicines. */
export type KindWords = {
  readonly isRemote: boolean
  /** `standard opening times`, in the middle of a sentence. */
  readonly week: string
  readonly times: string
  /** Begins what is ticked for a day: "Open on Monday". */
  readonly openOn: string
  /** The two boxes of a pair of times, and those of the next pair. */
  readonly from: string
  readonly fromAgain: string
  readonly to: string
  readonly toAgain: string
  readonly differentTimes: string
  /** What the public is told of a day that nobody answered. */
  readonly untilAnswered: string
  readonly noteExample: string
}

const VISITED: Omit<KindWords, 'week' | 'times'> = {
  isRemote: false,
  openOn: 'Open',
  from: 'Opens',
  fromAgain: 'Opens again',
  to: 'Closes',
  toAgain: 'Closes again',
  differentTimes: 'Open at different times',
  untilAnswered: 'people are told to check before they travel',
  noteExample: 'where people can go meanwhile',
}
const REMOTE: Omit<KindWords, 'week' | 'times'> = {
  isRemote: true,
  openOn: 'Staffed',
  from: 'Staffed from',
  fromAgain: 'And from',
  to: 'Staffed until',
  toAgain: 'And until',
  differentTimes: 'Staffed at different times',
  untilAnswered: 'people are told that your hours are not confirmed',
  noteExample: 'when you send orders again',
}

/** The words for this kind of pharmacy. */
export const kindWords = (kind: ProfileKind): KindWords => ({
  ...(isRemoteOnly(kind) ? REMOTE : VISITED),
  week: hoursTitle(kind).toLowerCase(),
  times: timesName(kind),
})
