/** What closing with a code is built from. */
import type { ServiceIndex } from '#src/directory/service-index.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { LedgerFollower } from '#src/platform/db/follow-ledger.ts'
import type { ProfileIndex } from '#src/profiles/profile-index.ts'
import type { CodeCounts } from '#src/rules/code-limits.ts'
import type { ClosureDeps } from '../change-closure.ts'

export type ByCodeDeps = ClosureDeps & {
  readonly db: Db
  /** What is in memory, for pharmacies nearby that are open. */
  readonly services: Pick<ServiceIndex, 'nearest'>
  readonly profiles: Pick<ProfileIndex, 'find'>
  readonly follower: Pick<LedgerFollower, 'reached'>
  readonly baseUrl: string
  /** Keys codes, and hides networks. */
  readonly pepper: string
  /** Where a pharmacy's email address is its shared mailbox. */
  readonly sharedMailboxDomains: readonly string[]
  /** Whether texts can be sent and calls made. */
  readonly hasPhone: boolean
  /** Where emails, and texts and calls, are read that do not leave this machine; null where they do. */
  readonly mailboxHref: string | null
  readonly phoneHref: string | null
  readonly limits: CodeCounts
  /** Codes entered a minute and network; 0 is no limit. */
  readonly guessesPerMinute: number
}

/** Where everything of it lives. */
export const HOME = '/close-without-sign-in'
export const CODE_PATH = `${HOME}/code`
export const PHARMACY_PATH = `${HOME}/pharmacy`
