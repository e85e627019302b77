/** What everything about access is built from. */
import type { ManageDeps } from '#src/profiles/visit.ts'

export type AccessDeps = Pick<ManageDeps, 'db' | 'clock' | 'holidays' | 'baseUrl'> & {
  /** The setting SECRETS_PEPPER: codes and links are made with it. */
  readonly pepper: string
  /** The setting SHARED_MAILBOX_DOMAINS. */
  readonly sharedMailboxDomains: readonly string[]
  /** Where email can be read that leaves nowhere; null where a mail server is set. */
  readonly mailboxHref: string | null
}
