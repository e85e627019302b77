/** Requests that wait for the directory team: those that no shared mailbox can decide, or has not within a working day. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import { inScope, type ListScope } from '#src/profiles/match-pharmacies.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { instantOf, toLondon } from '#src/rules/london-time.ts'
import type { PharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { workingDayAfter, workingDayBefore } from '#src/rules/working-days.ts'

export const REQUESTS_A_PAGE = 25

export type WaitingRequest = {
  readonly id: number
  readonly odsCode: string
  readonly pharmacy: string
  readonly email: string
  readonly role: PharmacyRole
  readonly askedAt: string
  /** When it should be decided at the latest: a working day after it came to the queue. */
  readonly dueAt: Date
  readonly isLate: boolean
  readonly hasMailbox: boolean
}

export type AccessQueue = {
  readonly requests: readonly WaitingRequest[]
  /** In the queue, and how many of them are late. */
  readonly waiting: number
  readonly late: number
  /** Not in the queue yet: the pharmacy's mailbox has the first word. */
  readonly atMailbox: number
}

type Asked = {
  readonly scope: ListScope
  readonly now: Date
  readonly holidays: HolidayCalendar
  /** 1 for the first. */
  readonly page: number
  /** Whether those that wait for a mailbox are listed instead of the queue. */
  readonly atMailbox: boolean
}

/** One page of the requests for the pharmacies of a scope, the oldest first, with counts of all. */
export async function loadAccessQueue(db: Queryable, asked: Asked): Promise<AccessQueue> {
  const { scope, now, holidays, page, atMailbox } = asked
  const passed = workingDayBefore(toLondon(now), holidays)
  const oneDay = instantOf(passed).toISOString()
  const twoDays = instantOf(workingDayBefore(passed, holidays)).toISOString()
  const isQueued = sql`(mailbox is null or asked_at <= ${oneDay})`
  const isLate = sql`asked_at <= case when mailbox is null then ${oneDay}::timestamptz else ${twoDays}::timestamptz end`
  const open = sql`
    select access_request.*, profile.name as pharmacy from access_request join profile using (ods_code)
    where state = 'asked' and ods_code in (select ods_code from profile where ${inScope(scope)})`
  const counts = await sql<{ waiting: number; late: number; at_mailbox: number }>`
    select count(*) filter (where ${isQueued}) as waiting, count(*) filter (where ${isLate}) as late,
      count(*) filter (where not ${isQueued}) as at_mailbox
    from (${open}) as found`.execute(db)
  const { rows } = await sql<Row>`
    select id, ods_code, pharmacy, email, role, asked_at, mailbox, ${isLate} as late from (${open}) as found
    where ${atMailbox ? sql`not ${isQueued}` : isQueued}
    order by asked_at, id limit ${REQUESTS_A_PAGE} offset ${(page - 1) * REQUESTS_A_PAGE}`.execute(db)
  const [count] = counts.rows
  return {
    requests: rows.map((row) => waitingRequest(row, holidays)),
    waiting: Number(count?.waiting ?? 0),
    late: Number(count?.late ?? 0),
    atMailbox: Number(count?.at_mailbox ?? 0),
  }
}

type Row = {
  id: number
  ods_code: string
  pharmacy: string
  email: string
  role: string
  asked_at: string
  mailbox: string | null
  late: boolean
}

function waitingRequest(row: Row, holidays: HolidayCalendar): WaitingRequest {
  const { id, ods_code: odsCode, pharmacy, email, role, asked_at: askedAt, mailbox, late: isLate } = row
  const cameIn = toLondon(new Date(askedAt))
  const queuedAt = mailbox === null ? cameIn : workingDayAfter(cameIn, holidays)
  return {
    id,
    odsCode,
    pharmacy,
    email,
    role: role as PharmacyRole,
    askedAt,
    dueAt: instantOf(workingDayAfter(queuedAt, holidays)),
    isLate,
    hasMailbox: mailbox !== null,
  }
}
