/** What reports are built from, and what the kinds of them are called. */
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { WrongThing } from '#src/rules/wrong-reports.ts'

export type ReportDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly holidays: () => HolidayCalendar
  /** Keys the hashes by which floods are counted. */
  readonly pepper: string
  /** The pharmacy's shared mailbox; null when it has none. */
  readonly sharedMailboxOf: (profile: Profile) => string | null
}

/** What the public, the pharmacy and the lead read. */
export const WRONG_WORDS: Readonly<Record<WrongThing, string>> = {
  closed: 'It was closed when the page said that it was open',
  hours: 'The opening times are wrong',
  phone: 'The phone number, website or email is wrong',
  access: 'The facilities or access are wrong',
  service: 'It does not offer a service that is listed',
  moved: 'It has moved or closed for good',
}
