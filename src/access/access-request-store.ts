/** The table of requests for access. */
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { PharmacyRole } from '#src/rules/pharmacy-roles.ts'

export type AccessRequestState = 'asked' | 'approved' | 'refused' | 'withdrawn'

export type AccessRequest = {
  readonly id: number
  readonly odsCode: string
  readonly email: string
  readonly name: string
  readonly jobRole: string
  readonly role: PharmacyRole
  readonly askedAt: string
  readonly state: AccessRequestState
  readonly mailbox: string | null
  readonly codeId: string | null
  readonly codesSent: number
  readonly codeSentAt: string | null
  readonly decidedAt: string | null
  readonly decidedBy: string | null
  readonly reason: string | null
}

/** One request; undefined when there is none of this number. */
export async function loadAccessRequest(db: Queryable, id: number): Promise<AccessRequest | undefined> {
  if (!Number.isSafeInteger(id)) return undefined
  const row = await requests(db).where('id', '=', id).executeTakeFirst()
  return row && toRequest(row)
}

/** The open requests for a pharmacy, the oldest first. */
export async function loadOpenRequests(db: Queryable, odsCode: string): Promise<readonly AccessRequest[]> {
  const rows = await requests(db).where('ods_code', '=', odsCode).where('state', '=', 'asked').orderBy('id').execute()
  return rows.map(toRequest)
}

/** What an address asked for since an instant, the newest first. */
export async function loadRequestsOf(db: Queryable, email: string, since: Date): Promise<readonly AccessRequest[]> {
  const rows = await requests(db)
    .where('email', '=', email)
    .where((row) => row.or([row('asked_at', '>', since.toISOString()), row('state', '=', 'asked')]))
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
  return rows.map(toRequest)
}

/** Notes what was decided. */
export async function closeRequest(
  tx: Tx,
  id: number,
  closed: {
    readonly state: Exclude<AccessRequestState, 'asked'>
    readonly by: string
    readonly now: Date
    readonly reason: string | null
  },
): Promise<void> {
  const { state, by, now, reason } = closed
  await tx
    .updateTable('access_request')
    .set({ state, decided_at: now.toISOString(), decided_by: by, reason, code_id: null })
    .where('id', '=', id)
    .execute()
}

const requests = (db: Queryable) =>
  db
    .selectFrom('access_request')
    .select(['id', 'ods_code', 'email', 'name', 'job_role', 'role', 'asked_at', 'state', 'mailbox', 'code_id'])
    .select(['codes_sent', 'code_sent_at', 'decided_at', 'decided_by', 'reason'])

type Row = Awaited<ReturnType<ReturnType<typeof requests>['executeTakeFirstOrThrow']>>

const toRequest = (row: Row): AccessRequest => ({
  id: row.id,
  odsCode: row.ods_code,
  email: row.email,
  name: row.name,
  jobRole: row.job_role,
  role: row.role as PharmacyRole,
  askedAt: row.asked_at,
  state: row.state as AccessRequestState,
  mailbox: row.mailbox,
  codeId: row.code_id,
  codesSent: row.codes_sent,
  codeSentAt: row.code_sent_at,
  decidedAt: row.decided_at,
  decidedBy: row.decided_by,
  reason: row.reason,
})
