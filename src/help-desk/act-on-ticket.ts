/** What the desk and whoever asked do to a ticket: each act under its row lock, by the table of allowed acts. */
import { sql } from 'kysely'
import type { TicketTold } from '#src/emails/ticket-told.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { decideTicketAct, type TicketAct, type TicketState, waitsForDesk } from '#src/rules/ticket-states.ts'
import { answerDueAt, type TicketCategory, type TicketSeverity } from '#src/rules/ticket-targets.ts'
import { type HelpDeskDeps, REQUESTER, type Writing } from './desk-deps.ts'
import { isOneTooMany } from './help-limits.ts'
import { insertMessage, isTaken, mailIdHash, tellRequester } from './raise-ticket.ts'
import { queueTellDesk, tellAssigned } from './tell-desk.ts'
import { lockTicket, type MessageKind, type Ticket } from './ticket-records.ts'

/** What the desk settles about a ticket, apart from its thread. */
export type TicketFacts = {
  readonly category: TicketCategory
  readonly severity: TicketSeverity
  readonly odsCode: string | null
  readonly serviceUid: number | null
  /** `person:EMAIL`; null for nobody. */
  readonly assignedTo: string | null
}

export type DeskAct =
  | { readonly act: 'reply' | 'note' | 'reopen'; readonly words: string }
  | { readonly act: 'close'; readonly words: string; readonly evidence: string | null }
  | { readonly act: 'change'; readonly facts: TicketFacts }

/** `conflict`: somebody else has acted since the page was read. A text is why the state does not allow it. */
export type Acted = 'done' | 'conflict' | 'not-found' | { readonly refused: string }

/** An act of the desk. `expectedVersion` is of the ticket as it was read. */
export function actAsDesk(
  deps: HelpDeskDeps,
  { number, expectedVersion, act }: { number: number; expectedVersion: number; act: DeskAct },
  { actor, now }: Writing,
): Promise<Acted> {
  return deps.db.transact(async (tx): Promise<Acted> => {
    const ticket = await lockTicket(tx, number)
    if (!ticket) return 'not-found'
    if (ticket.version !== expectedVersion) return 'conflict'
    const decided = decideTicketAct(act.act, ticket, now)
    if (!decided.ok) return { refused: decided.problems[0]?.message ?? '' }
    const severity = act.act === 'change' ? act.facts.severity : ticket.severity
    const saving = { ticket, act: act.act, state: decided.value, severity, by: actor, now }
    const dueAt = await saveState(tx, deps, saving)
    if (act.act === 'change') await changeFacts(tx, ticket, act.facts, { actor, now })
    else await say(tx, deps, { ticket, act, dueAt }, { actor, now })
    return 'done'
  })
}

async function changeFacts(tx: Tx, ticket: Ticket, facts: TicketFacts, { actor, now }: Writing): Promise<void> {
  const { number } = ticket
  await tx.updateTable('ticket').set(columnsOf(facts)).where('id', '=', number).execute()
  await tellAssigned(tx, { ticket, to: facts.assignedTo, by: actor })
  await audit(tx, { actor, now, action: 'change-ticket', number, detail: { was: factsOf(ticket), is: facts } })
}

type Said = {
  readonly ticket: Ticket
  readonly act: Exclude<DeskAct, { readonly act: 'change' }>
  readonly dueAt: Date | null
}

/** Adds the desk's words to the thread, and sends them unless they are a note. */
async function say(tx: Tx, deps: HelpDeskDeps, { ticket, act, dueAt }: Said, { actor, now }: Writing): Promise<void> {
  const { number, requesterEmail: email } = ticket
  const evidence = act.act === 'close' ? act.evidence : null
  if (act.act === 'close') await tx.updateTable('ticket').set({ evidence }).where('id', '=', number).execute()
  const message = { number, at: now.toISOString(), kind: KINDS[act.act], author: actor, words: act.words }
  const messageId = await insertMessage(tx, message)
  const what = TOLD[act.act]
  if (what) await tellRequester(tx, deps, { number, email, messageId, what, words: act.words, evidence, dueAt })
  // The words are in the thread, and not where nothing can ever be forgotten.
  await audit(tx, { actor, now, action: `${act.act}-ticket`, number, detail: { message: messageId, evidence } })
}

const KINDS = { reply: 'reply', note: 'note', close: 'closed', reopen: 'reopened' } as const
const TOLD: Readonly<Record<'reply' | 'note' | 'close' | 'reopen', TicketTold['what'] | null>> = {
  reply: 'replied',
  note: null,
  close: 'closed',
  reopen: 'reopened',
}

export type RequesterAct =
  | { readonly act: 'write' | 'reopen'; readonly words: string; readonly mailId?: string }
  | { readonly act: 'end' }
  | { readonly act: 'rate'; readonly satisfied: boolean }

const REQUESTER_KINDS: Readonly<Record<'write' | 'reopen' | 'end', MessageKind>> = {
  write: 'question',
  reopen: 'reopened',
  end: 'ended',
}

/** An act of whoever asked, at their link or by email. `limit`: too much came from there. `repeat`: that email was taken. */
export function actAsRequester(
  deps: HelpDeskDeps,
  { number, act, address }: { number: number; act: RequesterAct; address: string | null },
  now: Date,
): Promise<Acted | 'limit' | 'repeat'> {
  return deps.db.transact(async (tx): Promise<Acted | 'limit' | 'repeat'> => {
    if (isMessage(act) && (await isOneTooMany(tx, { address, mailbox: null }, { now, ...deps }))) return 'limit'
    const ticket = await lockTicket(tx, number)
    if (!ticket || ticket.requesterEmail === null) return 'not-found'
    const mailId = mailIdOf(act)
    if (mailId && (await isTaken(tx, mailId))) return 'repeat'
    const decided = decideTicketAct(act.act, ticket, now)
    if (!decided.ok) return { refused: decided.problems[0]?.message ?? '' }
    await carryOut(tx, deps, { ticket, act, mailId, state: decided.value }, now)
    return 'done'
  })
}

type CarriedOut = Omit<SaidByRequester, 'act' | 'dueAt'> & { readonly act: RequesterAct; readonly state: TicketState }

async function carryOut(
  tx: Tx,
  deps: HelpDeskDeps,
  { ticket, act, mailId, state }: CarriedOut,
  now: Date,
): Promise<void> {
  const { number, severity } = ticket
  const by = ticket.requester ?? `system:${REQUESTER}`
  const dueAt = await saveState(tx, deps, { ticket, act: act.act, state, severity, by, now })
  if (act.act === 'rate') {
    await tx.updateTable('ticket').set({ satisfied: act.satisfied }).where('id', '=', number).execute()
  } else {
    await sayAsRequester(tx, deps, { ticket, act, mailId, dueAt }, now)
  }
  const detail = act.act === 'rate' ? { satisfied: act.satisfied } : {}
  await audit(tx, { actor: by, now, action: `${act.act}-ticket`, number, detail })
}

const isMessage = (act: RequesterAct): act is Extract<RequesterAct, { readonly words: string }> => 'words' in act

const mailIdOf = (act: RequesterAct): string | null =>
  isMessage(act) && act.mailId !== undefined ? mailIdHash(act.mailId) : null

type SaidByRequester = {
  readonly ticket: Ticket
  readonly act: Exclude<RequesterAct, { readonly act: 'rate' }>
  readonly mailId: string | null
  readonly dueAt: Date | null
}

async function sayAsRequester(tx: Tx, deps: HelpDeskDeps, said: SaidByRequester, now: Date): Promise<void> {
  const { ticket, act, mailId, dueAt } = said
  const { number, requester, requesterEmail: email } = ticket
  const words = act.act === 'end' ? '' : act.words
  const message = { number, at: now.toISOString(), kind: REQUESTER_KINDS[act.act], words, mailId }
  const messageId = await insertMessage(tx, { ...message, author: requester ?? REQUESTER })
  if (act.act !== 'end') await queueTellDesk(tx, now)
  if (act.act !== 'reopen') return
  await tellRequester(tx, deps, { number, email, messageId, what: 'reopened', words: '', evidence: null, dueAt })
}

/** Keeps a machine's answer to an email of ours as a note: nobody is answered, nothing waits because of it. */
export function noteAutomatic(
  deps: Pick<HelpDeskDeps, 'db'>,
  { number, words, mailId }: { number: number; words: string; mailId: string },
  now: Date,
): Promise<boolean> {
  return deps.db.transact(async (tx) => {
    const ticket = await lockTicket(tx, number)
    if (!ticket || (await isTaken(tx, mailIdHash(mailId)))) return false
    const message = { number, at: now.toISOString(), kind: 'note', author: 'system:automatic-email', words }
    await insertMessage(tx, { ...message, mailId: mailIdHash(mailId) })
    return true
  })
}

type Saving = {
  readonly ticket: Ticket
  readonly act: TicketAct
  readonly state: TicketState
  readonly severity: TicketSeverity
  readonly by: string
  readonly now: Date
}

/** Writes the state and by when an answer is due; null: none is. */
async function saveState(tx: Tx, deps: HelpDeskDeps, saving: Saving): Promise<Date | null> {
  const { ticket, act, state, severity, by, now } = saving
  const waits = waitsForDesk(state)
  // What has waited goes on waiting: writing once more does not put the answer off.
  const since = waits ? new Date(ticket.waitsSince ?? now) : null
  const dueAt = since && answerDueAt(since, severity, deps.holidays())
  const isClosing = state === 'closed' && ticket.state !== 'closed'
  await tx
    .updateTable('ticket')
    .set({
      state,
      version: sql<number>`version + 1`,
      changed_at: now.toISOString(),
      waits_since: since?.toISOString() ?? null,
      due_at: dueAt?.toISOString() ?? null,
      ...(isClosing && { closed_at: now.toISOString(), closed_by: by, evidence: null, satisfied: null }),
      ...(act === 'reopen' && { closed_at: null, closed_by: null }),
    })
    .where('id', '=', ticket.number)
    .execute()
  return dueAt
}

const columnsOf = (facts: TicketFacts) => ({
  category: facts.category,
  severity: facts.severity,
  ods_code: facts.odsCode,
  service_uid: facts.serviceUid,
  assigned_to: facts.assignedTo,
})

const factsOf = ({ category, severity, odsCode, serviceUid, assignedTo }: Ticket): TicketFacts => ({
  ...{ category, severity, odsCode, serviceUid, assignedTo },
})

async function audit(
  tx: Tx,
  entry: Writing & { readonly action: string; readonly number: number; readonly detail: object },
): Promise<void> {
  const { actor, now, action, number, detail } = entry
  await appendToLedger(tx, now.toISOString(), [{ actor, action, target: `ticket:${number}`, detail, changes: [] }])
}
