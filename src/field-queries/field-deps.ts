/** What queries, holds and proposals are built from. */
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { IssueReceipts } from '#src/verification/issue-receipts.ts'

export type FieldDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly holidays: () => HolidayCalendar
  readonly issueReceipts: IssueReceipts
  /** The pharmacy's shared mailbox; null when it has none. */
  readonly sharedMailboxOf: (profile: Profile) => string | null
}
