/** The way of an email: queued in the transaction that causes it, written and sent by a worker. */
import type { Tx } from '#src/platform/db/db.ts'
import { enqueue, enqueueMany, GiveUp } from '#src/platform/jobs/outbox.ts'
import type { JobHandler } from '#src/platform/jobs/worker.ts'
import { MailRefused } from '#src/platform/mail/mail.ts'
import { type AccessAsked, writeAccessAsked } from './access-asked.ts'
import { type AccessInvitation, writeAccessInvitation } from './access-invitation.ts'
import { type AccessRequested, writeAccessRequest } from './access-request.ts'
import { type BranchesChanged, writeBranchesChanged } from './branches-changed.ts'
import { type CapacityLapses, writeCapacityLapses } from './capacity-lapses.ts'
import { type CheckReminder, writeCheckReminder } from './check-reminder.ts'
import { type ClosedWithoutSignIn, writeClosedWithoutSignIn } from './closed-without-sign-in.ts'
import { type ClosureCode, writeClosureCode } from './closure-code.ts'
import { type ClosureConfirm, writeClosureConfirm } from './closure-confirm.ts'
import { type ClosureNearby, writeClosureNearby } from './closure-nearby.ts'
import { type ClosureNotice, writeClosureNotice } from './closure-notice.ts'
import { type ConfirmListener, writeConfirmListener } from './confirm-listener.ts'
import { type ContactAnswered, writeContactAnswered } from './contact-answered.ts'
import { type ContactWrong, writeContactWrong } from './contact-wrong.ts'
import { type DailyDigest, writeDailyDigest } from './daily-digest.ts'
import { type Email, type EmailDeps, type EmailSecrets, sendOnce } from './email.ts'
import { type FieldConflict, writeFieldConflict } from './field-conflict.ts'
import { type FieldQueryEmail, writeFieldQuery } from './field-query.ts'
import { type FieldTold, writeFieldTold } from './field-told.ts'
import { type HolidayReminder, writeHolidayReminder } from './holiday-reminder.ts'
import { type LaunchInvitation, writeLaunchInvitation } from './launch-invitation.ts'
import { type LocalReview, writeLocalReview } from './local-review.ts'
import { type MailboxCode, writeMailboxCode } from './mailbox-code.ts'
import { type NewSignIn, writeNewSignIn } from './new-sign-in.ts'
import { type OnCallActed, writeOnCallActed } from './on-call-acted.ts'
import { type OnCallCode, writeOnCallCode } from './on-call-code.ts'
import { type OnCallLink, writeOnCallLink } from './on-call-link.ts'
import { type OnCallReview, writeOnCallReview } from './on-call-review.ts'
import { type OnboardingTold, writeOnboardingStep } from './onboarding-step.ts'
import { type PeopleChanged, writePeopleChanged } from './people-changed.ts'
import { type PlaceChangeTold, writePlaceChangeTold } from './place-change-told.ts'
import { type QuarterClosed, writeQuarterClosed } from './quarter-closed.ts'
import { type ReceiptEmail, writeReceipt } from './receipt.ts'
import { type RecordEditTold, writeRecordEditTold } from './record-edit-told.ts'
import { type ReferralProblems, writeReferralProblems } from './referral-problems.ts'
import { type ReopenPrompt, writeReopenPrompt } from './reopen-prompt.ts'
import { type RequestReceived, writeRequestReceived } from './request-received.ts'
import { type SignInCode, writeSignInCode } from './sign-in-code.ts'
import { type TicketTold, writeTicketTold } from './ticket-told.ts'
import { type TicketsWait, writeTicketsWait } from './tickets-wait.ts'
import { type WrongAnswered, writeWrongAnswered } from './wrong-answered.ts'
import { type WrongReported, writeWrongReported } from './wrong-reported.ts'
import { writeYourAccess, type YourAccess } from './your-access.ts'

/** The facts of every email that can be queued; each kind has a file of its own. */
export type QueuedEmail =
  | AccessAsked
  | AccessInvitation
  | AccessRequested
  | BranchesChanged
  | CapacityLapses
  | CheckReminder
  | ClosureConfirm
  | ClosureNearby
  | ClosureNotice
  | ConfirmListener
  | ClosedWithoutSignIn
  | ClosureCode
  | ContactAnswered
  | ContactWrong
  | DailyDigest
  | FieldConflict
  | FieldQueryEmail
  | FieldTold
  | HolidayReminder
  | LaunchInvitation
  | LocalReview
  | MailboxCode
  | NewSignIn
  | OnboardingTold
  | OnCallActed
  | OnCallCode
  | OnCallLink
  | OnCallReview
  | PeopleChanged
  | PlaceChangeTold
  | QuarterClosed
  | RequestReceived
  | ReceiptEmail
  | RecordEditTold
  | ReferralProblems
  | ReopenPrompt
  | SignInCode
  | TicketTold
  | TicketsWait
  | WrongAnswered
  | WrongReported
  | YourAccess

/** With the outbox's waits (an hour from the sixth on) these span about a day and a half of a mail server being down. */
const MOST_ATTEMPTS = 40

type Writers = {
  readonly [Kind in QueuedEmail['kind']]: (
    facts: Extract<QueuedEmail, { readonly kind: Kind }>,
    baseUrl: string,
    secrets: EmailSecrets,
  ) => Email
}

const WRITERS: Writers = {
  'access-asked': writeAccessAsked,
  'access-invitation': writeAccessInvitation,
  'access-request': writeAccessRequest,
  'branches-changed': writeBranchesChanged,
  'capacity-lapses': writeCapacityLapses,
  'check-reminder': writeCheckReminder,
  'closure-confirm': writeClosureConfirm,
  'closure-nearby': writeClosureNearby,
  'closure-notice': writeClosureNotice,
  'confirm-listener': writeConfirmListener,
  'closed-without-sign-in': writeClosedWithoutSignIn,
  'closure-code': writeClosureCode,
  'contact-answered': writeContactAnswered,
  'contact-wrong': writeContactWrong,
  'daily-digest': writeDailyDigest,
  'field-conflict': writeFieldConflict,
  'field-query': writeFieldQuery,
  'field-told': writeFieldTold,
  'holiday-reminder': writeHolidayReminder,
  'launch-invitation': writeLaunchInvitation,
  'local-review': writeLocalReview,
  'mailbox-code': writeMailboxCode,
  'new-sign-in': writeNewSignIn,
  'onboarding-step': writeOnboardingStep,
  'on-call-acted': writeOnCallActed,
  'on-call-code': writeOnCallCode,
  'on-call-link': writeOnCallLink,
  'on-call-review': writeOnCallReview,
  'people-changed': writePeopleChanged,
  'place-change-told': writePlaceChangeTold,
  'request-received': writeRequestReceived,
  'quarter-closed': writeQuarterClosed,
  receipt: writeReceipt,
  'record-edit-told': writeRecordEditTold,
  'referral-problems': writeReferralProblems,
  'reopen-prompt': writeReopenPrompt,
  'sign-in-code': writeSignInCode,
  'ticket-told': writeTicketTold,
  'tickets-wait': writeTicketsWait,
  'wrong-answered': writeWrongAnswered,
  'wrong-reported': writeWrongReported,
  'your-access': writeYourAccess,
}

/** An email's event and recipient do not depend on where we are or on what is secret. */
const FOR_ITS_KEY = ['http://key.invalid', { codeOf: () => '', linkKeyOf: () => '' }] as const

/** Queues an email; false when one for the same event and recipient was queued before. */
export async function queueEmail(tx: Tx, facts: QueuedEmail): Promise<boolean> {
  const { event, recipient, inTurn } = writerOf(facts.kind)(facts, ...FOR_ITS_KEY)
  return await enqueue(tx, 'email', facts, {
    uniqueKey: `${event} ${recipient}`,
    ...(inTurn !== undefined && { orderingKey: `${inTurn} ${recipient}` }),
    maxAttempts: MOST_ATTEMPTS,
  })
}

/** Queues many emails in few statements; says how many were new. */
export async function queueEmails(tx: Tx, emails: readonly QueuedEmail[]): Promise<number> {
  const jobs = emails.map((facts) => ({ payload: facts, uniqueKey: keyOf(facts) }))
  return await enqueueMany(tx, 'email', jobs, { maxAttempts: MOST_ATTEMPTS })
}

function keyOf(facts: QueuedEmail): string {
  const { event, recipient } = writerOf(facts.kind)(facts, ...FOR_ITS_KEY)
  return `${event} ${recipient}`
}

/** What a worker does with queued emails. An address that the mail server refuses is given up, and shown as stuck. */
export function emailJobs(deps: EmailDeps): { readonly email: JobHandler } {
  return {
    email: async (job) => {
      const facts = job.payload as QueuedEmail
      if (!Object.hasOwn(WRITERS, facts.kind)) throw new GiveUp(`There is no email of the kind ${facts.kind}`)
      try {
        await sendOnce(writerOf(facts.kind)(facts, deps.baseUrl, deps.secrets ?? notGiven), deps)
      } catch (error) {
        throw error instanceof MailRefused ? new GiveUp(error.message, { cause: error }) : error
      }
    },
  }
}

/** The writer of a kind takes the facts of that kind: whoever asks has them together. */
const writerOf = (kind: QueuedEmail['kind']) =>
  WRITERS[kind] as (facts: QueuedEmail, baseUrl: string, secrets: EmailSecrets) => Email

const refuse = (): never => {
  throw new Error('This worker was not given the secrets of emails')
}
const notGiven: EmailSecrets = { codeOf: refuse, linkKeyOf: refuse }
