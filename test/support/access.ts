/** Access to pharmacies for page tests: the real app with a pharmacy, its owner, and a shared mailbox. */
import assert from 'node:assert/strict'
import { mailboxLinkKey } from '#src/access/mailbox-link.ts'
import { codeDigits } from '#src/accounts/one-time-codes.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import type { Db } from '#src/platform/db/db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { noMailer } from '#src/platform/mail/mail.ts'
import { testLog } from './databases.ts'
import type { FixedClock } from './fixed-clock.ts'

export const MAILBOX = 'pharmacy.fx123@nhs.net'

export type SentEmail = { readonly recipient: string; readonly subject: string; readonly body: string }

/** Sends what is queued and gives back what has been sent since the last time. */
export function postOffice(db: Db, clock: FixedClock, given: { readonly baseUrl: string; readonly pepper: string }) {
  const seen = new Set<string>()
  return async (): Promise<readonly SentEmail[]> => {
    const secrets = {
      codeOf: (codeId: string) => codeDigits(codeId, given.pepper),
      linkKeyOf: (codeId: string) => mailboxLinkKey(codeId, given.pepper),
    }
    const handlers = emailJobs({ db, clock, mailer: noMailer, baseUrl: given.baseUrl, secrets })
    // One after the other: they arrive in the order in which they were sent.
    await doReadyJobs(db, handlers, { log: testLog, clock, concurrency: 1 })
    const all = await db.pool
      .selectFrom('email_sent')
      .select(['recipient', 'subject', 'body', 'event'])
      .orderBy('event')
      .orderBy('recipient')
      .execute()
    const fresh = all.filter(({ event, recipient }) => !seen.has(`${event} ${recipient}`))
    for (const { event, recipient } of fresh) seen.add(`${event} ${recipient}`)
    return fresh
  }
}

/** The code in an email to a shared mailbox. */
export const codeIn = (email: SentEmail): string =>
  /^(\d{6})$/m.exec(email.body)?.[1] ?? assert.fail(`no code in: ${email.body}`)

/** The path of the link in an email to a shared mailbox. */
export const linkIn = (email: SentEmail): string =>
  new URL(/^(http\S+\/confirm-access\/\S+)$/m.exec(email.body)?.[1] ?? assert.fail(`no link in: ${email.body}`))
    .pathname
