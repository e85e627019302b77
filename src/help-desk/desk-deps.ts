/** What the service desk is built from. */
import { linkSubjectOf } from '#src/emails/ticket-link.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { HelpLimits } from './help-limits.ts'

export type HelpDeskDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly holidays: () => HolidayCalendar
  /** What makes the link of a ticket one that cannot be guessed; the emails use the same. */
  readonly linkKeyOf: (subject: string) => string
  /** Keys the hashes by which floods are counted. */
  readonly pepper: string
  readonly limits: HelpLimits
  /** Whose mail arrives at the intake, so that emails can be replied to; null: they cannot. */
  readonly ticketAddress: string | null
  /** How many days after its closing a ticket forgets who asked. */
  readonly keptDays: number
}

/** The key of a ticket's link. */
export const keyOf = ({ linkKeyOf }: Pick<HelpDeskDeps, 'linkKeyOf'>, number: number): string =>
  linkKeyOf(linkSubjectOf(number))

/** Who writes, and when. */
export type Writing = { readonly actor: string; readonly now: Date }

/** How the audit names somebody who is not signed in: their address is in the ticket, where it can be forgotten. */
export const REQUESTER = 'requester'
