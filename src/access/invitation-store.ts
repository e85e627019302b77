/** The table of invitations. */
import type { Queryable } from '#src/platform/db/db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { PharmacyRole } from '#src/rules/pharmacy-roles.ts'

export type Invitation = {
  readonly id: number
  readonly odsCode: string
  readonly email: string
  readonly role: PharmacyRole
  readonly lastDay: LocalDate | null
  readonly invitedBy: string
  readonly sentAt: string
  readonly timesSent: number
  readonly openUntil: string
  readonly state: 'waiting' | 'accepted' | 'declined' | 'withdrawn' | 'lapsed'
}

/** One invitation; undefined when there is none of this number. */
export async function loadInvitation(db: Queryable, id: number): Promise<Invitation | undefined> {
  if (!Number.isSafeInteger(id)) return undefined
  const row = await invitations(db).where('id', '=', id).executeTakeFirst()
  return row && toInvitation(row)
}

/** The invitations of a pharmacy that nobody has answered, those that have run out included; by address. */
export async function loadWaitingInvitations(db: Queryable, odsCode: string): Promise<readonly Invitation[]> {
  const rows = await invitations(db)
    .where('ods_code', '=', odsCode)
    .where('state', '=', 'waiting')
    .orderBy('email')
    .execute()
  return rows.map(toInvitation)
}

/** The invitations that an address can answer now, the newest first. */
export async function loadInvitationsFor(db: Queryable, email: string, now: Date): Promise<readonly Invitation[]> {
  const rows = await invitations(db)
    .where('email', '=', email)
    .where('state', '=', 'waiting')
    .where('open_until', '>', now.toISOString())
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
  return rows.map(toInvitation)
}

const invitations = (db: Queryable) => db.selectFrom('access_invitation').selectAll()

type Row = Awaited<ReturnType<ReturnType<typeof invitations>['executeTakeFirstOrThrow']>>

const toInvitation = (row: Row): Invitation => ({
  id: row.id,
  odsCode: row.ods_code,
  email: row.email,
  role: row.role as PharmacyRole,
  lastDay: row.last_day as LocalDate | null,
  invitedBy: row.invited_by,
  sentAt: row.sent_at,
  timesSent: row.times_sent,
  openUntil: row.open_until,
  state: row.state as Invitation['state'],
})
