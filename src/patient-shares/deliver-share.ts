/** The worker's side of a share: sends it, forgets the address at once, and lets no failure carry it anywhere. */
import type { Email } from '#src/emails/email.ts'
import { type EmailDeps, sendOnce } from '#src/emails/email.ts'
import { SHARE_EVENTS, type SharedDetails, shareReference, writePatientShare } from '#src/emails/patient-share.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Unavailable } from '#src/platform/errors.ts'
import { GiveUp, type Job } from '#src/platform/jobs/outbox.ts'
import type { JobHandler } from '#src/platform/jobs/worker.ts'
import { MailRefused } from '#src/platform/mail/mail.ts'
import { type Phone, PhoneRefused } from '#src/platform/phone/phone.ts'
import { SHARE_QUEUE } from './send-share.ts'
import { textWords } from './share-details.ts'

/** When the last attempt is over, and later than this: the times of today are of no use any more. */
export const SENT_WITHIN_MS = 6 * 3_600_000

export type DeliverDeps = EmailDeps & {
  /** Null: no texts. */
  readonly phone: Phone | null
}

/** What became of a share; null while it is on its way. */
export type ShareOutcome = 'sent' | 'refused' | 'gave-up'

type Waiting = {
  readonly id: string
  readonly means: string
  readonly recipient: string
  readonly keptAs: string
  readonly details: SharedDetails
  /** UTC ISO text. */
  readonly askedAt: string
}

/** The handler of the queue. */
export function shareJobs(deps: DeliverDeps): Readonly<Record<string, JobHandler>> {
  return {
    [SHARE_QUEUE]: async (job) => {
      const { shareId } = job.payload as { readonly shareId: string }
      const share = await loadWaiting(deps.db, shareId)
      // Sent before, given up, or forgotten: there is nowhere to send it to.
      if (!share) return
      // No worker ran for hours. Its sender was told that it is not sent.
      if (deps.clock.now().getTime() - Date.parse(share.askedAt) >= SENT_WITHIN_MS) {
        await settle(deps.db, shareId, 'gave-up')
        return
      }
      try {
        await deliver(share, deps)
      } catch (error) {
        throw await failureOf(error, share, job, deps.db)
      }
      await settle(deps.db, shareId, 'sent')
    },
  }
}

async function deliver({ id, means, recipient, keptAs, details }: Waiting, deps: DeliverDeps): Promise<void> {
  if (means === 'email') {
    const email: Email = writePatientShare({ shareId: id, recipient, keptAs, details }, deps.baseUrl)
    await sendOnce(email, deps)
    return
  }
  if (!deps.phone) throw new PhoneRefused('There is no provider of text messages')
  await deps.phone.sendText(recipient, textWords(details, shareReference(id)), `${SHARE_EVENTS}${id}`)
}

/**
 * What is thrown in the place of an error: what a mail server or a provider says often repeats the address, and what is
 * thrown here is logged and kept with the job.
 */
async function failureOf(error: unknown, { id }: Waiting, job: Job, db: Db): Promise<Error> {
  const isRefused = error instanceof MailRefused || error instanceof PhoneRefused
  if (isRefused || job.attempts >= job.maxAttempts) {
    await settle(db, id, isRefused ? 'refused' : 'gave-up')
    return new GiveUp(isRefused ? 'The address was refused' : 'It could not be sent in time')
  }
  await db.pool.updateTable('patient_share').set({ tries: job.attempts }).where('id', '=', id).execute()
  return new Unavailable(`It could not be handed over (${error instanceof Error ? error.name : 'unknown'})`)
}

async function loadWaiting({ pool }: Db, id: string): Promise<Waiting | undefined> {
  const row = await pool.selectFrom('patient_share').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row?.recipient) return undefined
  const { means, recipient, shown_as: keptAs, asked_at: askedAt } = row
  return { id, means, recipient, keptAs, askedAt, details: row.details as SharedDetails }
}

/** Nothing more is sent to the address: it goes. */
async function settle({ pool }: Db, id: string, outcome: ShareOutcome): Promise<void> {
  await pool.updateTable('patient_share').set({ outcome, recipient: null }).where('id', '=', id).execute()
}
