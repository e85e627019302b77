/** Queries as the database keeps them: a question about a field, its thread, and who is awaited. Nothing here is public. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import { inScope, type ListScope } from '#src/profiles/match-pharmacies.ts'
import type { AskedField, QueryOutcome } from '#src/rules/asked-fields.ts'
import type { LocalDate } from '#src/rules/london-time.ts'

export type Query = {
  readonly id: number
  readonly odsCode: string
  readonly pharmacyName: string
  readonly field: AskedField
  /** The DoS service whose change gave cause to ask. */
  readonly uid: number | null
  /** As in `audit.actor`; so is `closedBy`. */
  readonly askedBy: string
  /** UTC ISO text. */
  readonly askedAt: string
  /** The last London day for a reply. */
  readonly replyBy: LocalDate
  readonly ifNoReply: string
  readonly turn: 'pharmacy' | 'lead' | 'closed'
  /** How many messages and closings there were: what somebody acts upon must be the latest. */
  readonly turns: number
  readonly outcome: QueryOutcome | null
  readonly closedBy: string | null
  readonly closedAt: string | null
  readonly question: string
}

export type Message = {
  readonly side: 'lead' | 'pharmacy'
  readonly person: string
  readonly writtenAt: string
  readonly words: string
}

const select = sql`
  select field_query.id, ods_code as "odsCode", name as "pharmacyName", field, uid, asked_by as "askedBy",
    asked_at as "askedAt", to_char(reply_by, 'YYYY-MM-DD') as "replyBy", if_no_reply as "ifNoReply", turn, turns, outcome,
    closed_by as "closedBy", closed_at as "closedAt",
    (select words from field_query_message m where m.query_id = field_query.id order by m.id limit 1) as question
  from field_query join (select ods_code, name, document from profile) as pharmacy using (ods_code)`

/** One query of a scope; undefined when there is none there. */
export async function loadQuery(db: Queryable, id: number, scope: ListScope): Promise<Query | undefined> {
  const { rows } = await sql<Query>`${select} where field_query.id = ${id} and ${inScope(scope)}`.execute(db)
  return rows[0]
}

/** Which queries a list shows. `overdue` are those whose day to reply by has passed without an answer. */
export const QUERY_SHOWS = ['lead', 'overdue', 'pharmacy', 'closed'] as const
export type QueryShow = (typeof QUERY_SHOWS)[number]

export const QUERIES_SHOWN = 50

const showing = (show: QueryShow, today: LocalDate) => {
  if (show === 'overdue') return sql`turn = 'pharmacy' and reply_by < ${today}::date`
  return show === 'pharmacy' ? sql`turn = 'pharmacy' and reply_by >= ${today}::date` : sql`turn = ${show}`
}

/** A page of the queries of a scope, those that are due first; the closed ones newest first. Pages count from 1. */
export async function loadQueries(
  db: Queryable,
  {
    scope,
    show,
    today,
    page,
  }: { readonly scope: ListScope; readonly show: QueryShow; readonly today: LocalDate } & {
    readonly page: number
  },
): Promise<{ readonly queries: readonly Query[]; readonly total: number }> {
  const where = sql`where ${showing(show, today)} and ${inScope(scope)}`
  const order = show === 'closed' ? sql`closed_at desc, field_query.id desc` : sql`reply_by, field_query.id`
  const { rows } = await sql<Query>`
    ${select} ${where} order by ${order} limit ${QUERIES_SHOWN} offset ${(page - 1) * QUERIES_SHOWN}`.execute(db)
  const { rows: counted } = await sql<{ total: number }>`
    select count(*)::integer as total
    from field_query join (select ods_code, name, document from profile) as pharmacy using (ods_code) ${where}`.execute(
    db,
  )
  return { queries: rows, total: counted[0]?.total ?? 0 }
}

/** How many queries of a scope wait for the lead, for the pharmacy within its time, and beyond it. */
export async function countQueries(
  db: Queryable,
  scope: ListScope,
  today: LocalDate,
): Promise<{ readonly forLead: number; readonly forPharmacy: number; readonly overdue: number }> {
  const { rows } = await sql<{ forLead: number; forPharmacy: number; overdue: number }>`
    select count(*) filter (where turn = 'lead')::integer as "forLead",
      count(*) filter (where ${showing('pharmacy', today)})::integer as "forPharmacy",
      count(*) filter (where ${showing('overdue', today)})::integer as overdue
    from field_query join (select ods_code, name, document from profile) as pharmacy using (ods_code)
    where turn <> 'closed' and ${inScope(scope)}`.execute(db)
  return rows[0] ?? { forLead: 0, forPharmacy: 0, overdue: 0 }
}

/** The queries of a pharmacy: the open ones, and the last that were closed. */
export async function loadQueriesOf(db: Queryable, odsCode: string): Promise<readonly Query[]> {
  const { rows } = await sql<Query>`
    ${select} where ods_code = ${odsCode}
    order by turn = 'closed', case when turn = 'closed' then null else reply_by end, field_query.id desc
    limit ${QUERIES_SHOWN}`.execute(db)
  return rows
}

/** What was said in a query, first to last. */
export async function loadMessages(db: Queryable, id: number): Promise<readonly Message[]> {
  const { rows } = await sql<Message>`
    select side, person, written_at as "writtenAt", words from field_query_message where query_id = ${id} order by id`.execute(
    db,
  )
  return rows
}
