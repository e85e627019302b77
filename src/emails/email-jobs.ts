/** The way of an email: queued in the transaction that causes it, written and sent by a worker. */
import type { Tx } from '#src/platform/db/db.ts'
import { enqueue, GiveUp } from '#src/platform/jobs/outbox.ts'
import type { JobHandler } from '#src/platform/jobs/worker.ts'
import { MailRefused } from '#src/platform/mail/mail.ts'
import { type Email, type EmailDeps, sendOnce } from './email.ts'
import { type RequestReceived, writeRequestReceived } from './request-received.ts'

/** The facts of every email that can be queued; each kind has a file of its own. */
export type QueuedEmail = RequestReceived

/** With the outbox's waits (an hour from the sixth on) these span about a day and a half of a mail server being down. */
const MOST_ATTEMPTS = 40

const WRITERS: { readonly [Kind in QueuedEmail['kind']]: (facts: QueuedEmail, baseUrl: string) => Email } = {
  'request-received': writeRequestReceived,
}

/** Queues an email; false when one for the same event and recipient was queued before. */
export async function queueEmail(tx: Tx, facts: QueuedEmail): Promise<boolean> {
  const { event, recipient } = WRITERS[facts.kind](facts, 'http://key.invalid')
  return await enqueue(tx, 'email', facts, { uniqueKey: `${event} ${recipient}`, maxAttempts: MOST_ATTEMPTS })
}

/** What a worker does with queued emails. An address that the mail server refuses is given up, and shown as stuck. */
export function emailJobs(deps: EmailDeps): { readonly email: JobHandler } {
  return {
    email: async (job) => {
      const facts = job.payload as QueuedEmail
      const write = WRITERS[facts.kind]
      if (!write) throw new GiveUp(`There is no email of the kind ${facts.kind}`)
      try {
        await sendOnce(write(facts, deps.baseUrl), deps)
      } catch (error) {
        throw error instanceof MailRefused ? new GiveUp(error.message, { cause: error }) : error
      }
    },
  }
}
