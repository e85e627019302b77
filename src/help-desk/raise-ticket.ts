/** Raises a ticket: kept, numbered, linked where that is certain, and acknowledged by email, in one transaction. */
import { createHash } from 'node:crypto'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { TicketTold } from '#src/emails/ticket-told.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import { parseOdsCode } from '#src/rules/ods-code.ts'
import { answerDueAt, SEVERITY_OF, type TicketCategory } from '#src/rules/ticket-targets.ts'
import { type HelpDeskDeps, REQUESTER } from './desk-deps.ts'
import { isOneTooMany } from './help-limits.ts'
import { queueTellDesk } from './tell-desk.ts'
import type { Ticket } from './ticket-records.ts'

export type AskedTicket = {
  readonly channel: Ticket['channel']
  readonly category: TicketCategory
  /** The pharmacy or service as it was typed; empty for none. */
  readonly about: string
  readonly words: string
  readonly name: string
  readonly email: string
  /** `person:EMAIL` of somebody who is signed in; null for anybody else. */
  readonly requester: string | null
  /** The network address; null for what came by email. */
  readonly address: string | null
  /** The message id of what came by email. */
  readonly mailId?: string
}

/** `limit`: too much came from there. `repeat`: this email was taken before. */
export type Raised = { readonly number: number; readonly dueAt: Date } | 'limit' | 'repeat'

/** Keeps a ticket, and sends its number. */
export function raiseTicket(deps: HelpDeskDeps, asked: AskedTicket): Promise<Raised> {
  const now = deps.clock.now()
  const at = now.toISOString()
  const { channel, category, about, words, name, email, requester, address } = asked
  const severity = SEVERITY_OF[category]
  const dueAt = answerDueAt(now, severity, deps.holidays())
  return deps.db.transact(async (tx): Promise<Raised> => {
    if (await isOneTooMany(tx, { address, mailbox: email }, { now, ...deps })) return 'limit'
    const mailId = asked.mailId === undefined ? null : mailIdHash(asked.mailId)
    if (mailId && (await isTaken(tx, mailId))) return 'repeat'
    const link = await findLink(tx, about)
    const { id: number } = await tx
      .insertInto('ticket')
      .values({
        ...{ asked_at: at, channel, category, severity, state: 'new', about: about || null },
        ods_code: link.odsCode,
        service_uid: link.serviceUid,
        requester,
        requester_name: name,
        requester_email: email,
        assigned_to: null,
        waits_since: at,
        due_at: dueAt.toISOString(),
        closed_at: null,
        closed_by: null,
        evidence: null,
        satisfied: null,
        changed_at: at,
        forgotten_at: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const message = { number, at, kind: 'question', author: requester ?? REQUESTER, words, mailId } as const
    const messageId = await insertMessage(tx, message)
    await tellRequester(tx, deps, { number, email, messageId, what: 'received', words: '', evidence: null, dueAt })
    await queueTellDesk(tx, now)
    const detail = { channel, category, ...link }
    const actor = requester ?? `system:${REQUESTER}`
    await appendToLedger(tx, at, [{ actor, action: 'raise-ticket', target: `ticket:${number}`, detail, changes: [] }])
    return { number, dueAt }
  })
}

/** Adds to a thread, and says under which id. */
export async function insertMessage(
  tx: Tx,
  message: {
    readonly number: number
    readonly at: string
    readonly kind: string
    readonly author: string
    readonly words: string
    readonly mailId?: string | null
  },
): Promise<number> {
  const { number, at, kind, author, words, mailId = null } = message
  const { id } = await tx
    .insertInto('ticket_message')
    .values({ ticket_id: number, written_at: at, kind, author, words, mail_id: mailId })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Queues the email to whoever asked. What the desk notes for itself never comes here. */
export async function tellRequester(
  tx: Tx,
  { ticketAddress }: Pick<HelpDeskDeps, 'ticketAddress'>,
  told: Pick<TicketTold, 'number' | 'messageId' | 'what' | 'words' | 'evidence'> & {
    readonly email: string | null
    readonly dueAt: Date | null
  },
): Promise<void> {
  const { email, dueAt, ...facts } = told
  if (email === null) return
  const due = dueAt === null ? '' : formatMomentIn(dueAt.toISOString())
  const first = await tx
    .selectFrom('ticket_message')
    .select(({ fn }) => fn.min('id').as('id'))
    .where('ticket_id', '=', told.number)
    .executeTakeFirstOrThrow()
  const firstId = Number(first.id)
  await queueEmail(tx, { kind: 'ticket-told', recipient: email, ...facts, firstId, due, ticketAddress })
}

/** What tells a repeat of the same email. */
export const mailIdHash = (messageId: string): string => createHash('sha256').update(messageId).digest('hex')

/** Whether an email was taken before. Of two repeats at once the second fails, and finds the first when it is tried again. */
export async function isTaken(tx: Tx, mailId: string): Promise<boolean> {
  const found = await tx.selectFrom('ticket_message').select('id').where('mail_id', '=', mailId).executeTakeFirst()
  return found !== undefined
}

/** The pharmacy or service that somebody means by a code; nothing where it is not certain. */
export async function findLink(
  db: Queryable,
  about: string,
): Promise<{ readonly odsCode: string | null; readonly serviceUid: number | null }> {
  if (/^\d{4,15}$/.test(about)) {
    const uid = Number(about)
    const found = await db.selectFrom('service').select(['uid', 'ods_code']).where('uid', '=', uid).executeTakeFirst()
    if (found) return { odsCode: found.ods_code, serviceUid: uid }
  }
  const odsCode = parseOdsCode(about)
  const found =
    odsCode && (await db.selectFrom('profile').select('ods_code').where('ods_code', '=', odsCode).executeTakeFirst())
  return { odsCode: found ? found.ods_code : null, serviceUid: null }
}
