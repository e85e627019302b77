/** Tickets and their threads as the database keeps them. What is the desk's own is left out in the query. */
import { type RawBuilder, sql } from 'kysely'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { parseOdsCode } from '#src/rules/ods-code.ts'
import type { TicketState } from '#src/rules/ticket-states.ts'
import type { TicketCategory, TicketSeverity } from '#src/rules/ticket-targets.ts'

export type Ticket = {
  readonly number: number
  /** Instants are UTC ISO text. */
  readonly askedAt: string
  readonly channel: 'form' | 'email'
  readonly category: TicketCategory
  readonly severity: TicketSeverity
  readonly state: TicketState
  readonly about: string | null
  readonly odsCode: string | null
  readonly serviceUid: number | null
  /** As in `audit.actor`; null: not signed in, or forgotten. */
  readonly requester: string | null
  readonly requesterName: string | null
  /** Null: forgotten. */
  readonly requesterEmail: string | null
  readonly assignedTo: string | null
  readonly waitsSince: string | null
  /** Null: nothing waits for the desk. */
  readonly dueAt: string | null
  readonly closedAt: string | null
  readonly evidence: string | null
  readonly satisfied: boolean | null
  readonly version: number
  readonly forgottenAt: string | null
}

/** `note` is the desk's own. `ended`: whoever asked has closed it. */
export type MessageKind = 'question' | 'reply' | 'note' | 'closed' | 'reopened' | 'ended'
export type TicketMessage = {
  readonly id: number
  readonly writtenAt: string
  readonly kind: MessageKind
  /** `requester`, or as in `audit.actor`. */
  readonly author: string
  readonly words: string
  readonly isEmail: boolean
}

const columns = sql`ticket.id as number, asked_at as "askedAt", channel, category, severity, state, about,
  ods_code as "odsCode", service_uid as "serviceUid", requester, requester_name as "requesterName",
  requester_email as "requesterEmail", assigned_to as "assignedTo", waits_since as "waitsSince", due_at as "dueAt",
  closed_at as "closedAt", evidence, satisfied, version, forgotten_at as "forgottenAt"`

/** One ticket; undefined when there is none of this number. */
export async function loadTicket(db: Queryable, number: number): Promise<Ticket | undefined> {
  const { rows } = await sql<Ticket>`select ${columns} from ticket where id = ${number}`.execute(db)
  return rows[0]
}

/** As `loadTicket`, and locks it until the transaction ends. */
export async function lockTicket(tx: Tx, number: number): Promise<Ticket | undefined> {
  const { rows } = await sql<Ticket>`select ${columns} from ticket where id = ${number} for update`.execute(tx)
  return rows[0]
}

/** The thread, the first message first: `requester` never gets the notes of the desk. */
export async function loadThread(
  db: Queryable,
  number: number,
  reader: 'requester' | 'desk',
): Promise<readonly TicketMessage[]> {
  const { rows } = await sql<TicketMessage>`
    select id, written_at as "writtenAt", kind, author, words, mail_id is not null as "isEmail"
    from ticket_message where ticket_id = ${number} ${reader === 'desk' ? sql`` : sql`and kind <> 'note'`}
    order by id`.execute(db)
  return rows
}

/** The tickets of somebody who was signed in, the latest first. */
export async function loadOwnTickets(db: Queryable, requester: string): Promise<readonly Ticket[]> {
  const { rows } = await sql<Ticket>`
    select ${columns} from ticket where requester = ${requester} order by id desc limit ${TICKETS_SHOWN}`.execute(db)
  return rows
}

export const TICKET_QUEUES = ['waiting', 'overdue', 'mine', 'answered', 'closed', 'all'] as const
export type TicketQueue = (typeof TICKET_QUEUES)[number]
export const TICKETS_SHOWN = 50

export type QueuedTicket = Ticket & {
  /** How its first message begins. */
  readonly begins: string
}

type Question = {
  readonly queue: TicketQueue
  /** A number, an ODS code, the UID of a service, or words; empty for all. */
  readonly text: string
  readonly me: string
  readonly now: Date
  /** From 1. */
  readonly page: number
}

/** A page of a queue, what is due first, and how many there are in all. */
export async function loadTickets(
  db: Queryable,
  question: Question,
): Promise<{ readonly tickets: readonly QueuedTicket[]; readonly total: number }> {
  const { queue, text, page } = question
  const { rows } = await sql<QueuedTicket & { total: number }>`
    select ${columns}, left(first.words, 200) as begins, (count(*) over ())::integer as total
    from ticket left join lateral
      (select words from ticket_message where ticket_id = ticket.id order by id limit 1) as first on true
    where ${inQueue(queue, question)} and ${matches(text)}
    order by due_at nulls last, changed_at desc, ticket.id
    limit ${TICKETS_SHOWN} offset ${(page - 1) * TICKETS_SHOWN}`.execute(db)
  return { tickets: rows, total: rows[0]?.total ?? 0 }
}

/** How many wait for the desk, how many of these are late, and how many of them are one person's. */
export async function countTickets(
  db: Queryable,
  { me, now }: Pick<Question, 'me' | 'now'>,
): Promise<{ readonly waiting: number; readonly overdue: number; readonly mine: number }> {
  const { rows } = await sql<{ waiting: number; overdue: number; mine: number }>`
    select count(*)::integer as waiting, (count(*) filter (where due_at < ${now.toISOString()}))::integer as overdue,
      (count(*) filter (where assigned_to = ${me}))::integer as mine
    from ticket where due_at is not null`.execute(db)
  return rows[0] ?? { waiting: 0, overdue: 0, mine: 0 }
}

function inQueue(queue: TicketQueue, { me, now }: Pick<Question, 'me' | 'now'>): RawBuilder<unknown> {
  if (queue === 'waiting') return sql`due_at is not null`
  if (queue === 'overdue') return sql`due_at < ${now.toISOString()}`
  if (queue === 'mine') return sql`assigned_to = ${me} and state <> 'closed'`
  return queue === 'all' ? sql`true` : sql`state = ${queue}`
}

function matches(text: string): RawBuilder<unknown> {
  if (text === '') return sql`true`
  const wanted = text.toLowerCase()
  const digits = /^#?(\d{1,15})$/.exec(text)?.[1]
  const odsCode = parseOdsCode(text)
  return sql`(${digits ? sql`ticket.id = ${Number(digits)} or service_uid = ${Number(digits)}` : sql`false`}
    or ${odsCode ? sql`ods_code = ${odsCode}` : sql`false`}
    or strpos(lower(coalesce(about, '') || ' ' || coalesce(requester_name, '') || ' ' || coalesce(requester_email, '')), ${wanted}) > 0
    or exists (select from ticket_message as said where said.ticket_id = ticket.id and strpos(lower(said.words), ${wanted}) > 0))`
}
