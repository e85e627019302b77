/** The way of an email: queued in the transaction that causes it, written and sent by a worker. */
import type { Tx } from '#src/platform/db/db.ts'
import { enqueue, enqueueMany, GiveUp } from '#src/platform/jobs/outbox.ts'
import type { JobHandler } from '#src/platform/jobs/worker.ts'
import { MailRefused } from '#src/platform/mail/mail.ts'
import { type CheckReminder, writeCheckReminder } from './check-reminder.ts'
import { type Email, type EmailDeps, sendOnce } from './email.ts'
import { type HolidayReminder, writeHolidayReminder } from './holiday-reminder.ts'
import { type RequestReceived, writeRequestReceived } from './request-received.ts'

/** The facts of every email that can be queued; each kind has a file of its own. */
export type QueuedEmail = CheckReminder | HolidayReminder | RequestReceived

/** With the outbox's waits (an hour from the sixth on) these span about a day and a half of a mail server being down. */
const MOST_ATTEMPTS = 40

type Writer<Facts> = (facts: Facts, baseUrl: string) => Email

const WRITERS: { readonly [Kind in QueuedEmail['kind']]: Writer<Extract<QueuedEmail, { readonly kind: Kind }>> } = {
  'check-reminder': writeCheckReminder,
  'holiday-reminder': writeHolidayReminder,
  'request-received': writeRequestReceived,
}

/** Each kind has its own writer; undefined for one that this version does not know. */
const writerOf = ({ kind }: QueuedEmail) => WRITERS[kind] as Writer<QueuedEmail> | undefined

/** Queues an email; false when one for the same event and recipient was queued before. */
export async function queueEmail(tx: Tx, facts: QueuedEmail): Promise<boolean> {
  return await enqueue(tx, 'email', facts, { uniqueKey: keyOf(facts), maxAttempts: MOST_ATTEMPTS })
}

/** Queues many emails in few statements; says how many were new. */
export async function queueEmails(tx: Tx, emails: readonly QueuedEmail[]): Promise<number> {
  const jobs = emails.map((facts) => ({ payload: facts, uniqueKey: keyOf(facts) }))
  return await enqueueMany(tx, 'email', jobs, { maxAttempts: MOST_ATTEMPTS })
}

function keyOf(facts: QueuedEmail): string {
  const written = writerOf(facts)?.(facts, 'http://key.invalid')
  if (!written) throw new Error(`There is no email of the kind ${facts.kind}`)
  return `${written.event} ${written.recipient}`
}

/** What a worker does with queued emails. An address that the mail server refuses is given up, and shown as stuck. */
export function emailJobs(deps: EmailDeps): { readonly email: JobHandler } {
  return {
    email: async (job) => {
      const facts = job.payload as QueuedEmail
      const write = writerOf(facts)
      if (!write) throw new GiveUp(`There is no email of the kind ${facts.kind}`)
      try {
        await sendOnce(write(facts, deps.baseUrl), deps)
      } catch (error) {
        throw error instanceof MailRefused ? new GiveUp(error.message, { cause: error }) : error
      }
    },
  }
}
