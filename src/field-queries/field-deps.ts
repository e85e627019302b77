/** What queries, holds and proposals are built from. */
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { IssueReceipts } from '#src/verification/issue-receipts.ts'

/** What asking and holding need, which change no profile. */
export type AskDeps = {
  readonly db: Db
  readonly clock: Clock
  /** The pharmacy's shared mailbox; null when it has none. */
  readonly sharedMailboxOf: (profile: Profile) => string | null
}

export type FieldDeps = AskDeps & {
  readonly holidays: () => HolidayCalendar
  readonly issueReceipts: IssueReceipts
}
