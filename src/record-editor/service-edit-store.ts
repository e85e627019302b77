/** Edits of service records, and the records themselves, as the database holds them; each query reaches as far as its reader does. */
import { sql } from 'kysely'
import { type Reach, serviceCounts } from '#src/directory/area.ts'
import type { Overrides, ServiceRecord } from '#src/directory/service-record.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { type EditState, OPEN_STATES, type ServiceEdit, type ServicePatch } from './service-edit.ts'

const columns = sql`edit.id, edit.uid, edit.author, edit.state, edit.version, edit.base, edit.proposed, edit.reason,
  edit.begun_at as "begunAt", edit.changed_at as "changedAt", edit.submitted_at as "submittedAt",
  edit.decided_by as "decidedBy", edit.decided_at as "decidedAt", edit.note`

const open = sql`${[...OPEN_STATES]}::text[]`

/** The service of an edit under the alias `service`, as `serviceCounts` wants it; of a new one what shall be made. */
const itsService = sql`lateral (
  select stored.uid, coalesce(stored.ods_five, left(edit.proposed ->> 'odsCode', 5)) as ods_five,
    coalesce(stored.record, edit.proposed) as record,
    coalesce(stored.postcode_key, upper(replace(edit.proposed ->> 'postcode', ' ', ''))) as postcode_key
  from (select 1) as one left join service as stored on stored.uid = edit.uid) as service`

/** One edit, whoever's it is, where its service is within reach or the person is its author; undefined when there is none. */
export async function loadEdit(
  db: Queryable,
  id: number,
  { reach, author }: { readonly reach: Reach; readonly author: string },
): Promise<ServiceEdit | undefined> {
  const { rows } = await sql<ServiceEdit>`
    select ${columns} from service_edit as edit, ${itsService}
    where edit.id = ${id} and (edit.author = ${author} or ${serviceCounts({ reach })})`.execute(db)
  return rows[0]
}

/** The edit of a service that this person has open; undefined when there is none. Say nothing of reach: load the service first. */
export async function loadOwnEdit(db: Queryable, uid: number, author: string): Promise<ServiceEdit | undefined> {
  const { rows } = await sql<ServiceEdit>`
    select ${columns} from service_edit as edit
    where uid = ${uid} and author = ${author} and state = any(${open})`.execute(db)
  return rows[0]
}

/** Every edit of a service that is open, the oldest first. */
export async function loadOpenEdits(db: Queryable, uid: number): Promise<readonly ServiceEdit[]> {
  const { rows } = await sql<ServiceEdit>`
    select ${columns} from service_edit as edit where uid = ${uid} and state = any(${open}) order by id`.execute(db)
  return rows
}

/** An edit as it stands, locked until the transaction ends. Lock profiles and services first. */
export async function lockEdit(tx: Tx, id: number): Promise<ServiceEdit | undefined> {
  const { rows } = await sql<ServiceEdit>`
    select ${columns} from service_edit as edit where id = ${id} for update`.execute(tx)
  return rows[0]
}

/** An edit without regard to reach, for a transaction that checks it next. */
export async function findEdit(tx: Tx, id: number): Promise<ServiceEdit | undefined> {
  const { rows } = await sql<ServiceEdit>`select ${columns} from service_edit as edit where id = ${id}`.execute(tx)
  return rows[0]
}

/** A draft as it begins. */
export type NewEdit = Pick<ServiceEdit, 'uid' | 'author' | 'base' | 'proposed' | 'reason' | 'begunAt'>

/** Adds a draft; undefined when the person has an edit of this service open. */
export async function insertEdit(tx: Tx, given: NewEdit): Promise<ServiceEdit | undefined> {
  const { uid, author, reason, begunAt } = given
  const [base, proposed] = [JSON.stringify(given.base), JSON.stringify(given.proposed)]
  const { rows } = await sql<ServiceEdit>`
    insert into service_edit as edit (uid, author, state, base, proposed, reason, begun_at, changed_at)
    values (${uid}, ${author}, 'draft', ${base}::jsonb, ${proposed}::jsonb, ${reason}, ${begunAt}, ${begunAt})
    on conflict (author, uid) where state in ('draft', 'waiting', 'conflict') do nothing
    returning ${columns}`.execute(tx)
  return rows[0]
}

export type EditChange = Partial<{
  readonly uid: number
  readonly state: EditState
  readonly base: ServicePatch
  readonly proposed: ServicePatch
  readonly reason: string
  readonly submittedAt: string
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly note: string | null
  readonly publishedSeq: number
}>

/** Writes a change of an edit that is locked, as its next version. */
export async function updateEdit(tx: Tx, edit: ServiceEdit, change: EditChange, at: string): Promise<ServiceEdit> {
  const { base, proposed, submittedAt, decidedBy, decidedAt, publishedSeq, ...plain } = change
  await tx
    .updateTable('service_edit')
    .set({
      ...plain,
      ...(base && { base: JSON.stringify(base) }),
      ...(proposed && { proposed: JSON.stringify(proposed) }),
      ...(submittedAt && { submitted_at: submittedAt }),
      ...(decidedBy !== undefined && { decided_by: decidedBy }),
      ...(decidedAt !== undefined && { decided_at: decidedAt }),
      ...(publishedSeq !== undefined && { published_seq: publishedSeq }),
      version: edit.version + 1,
      changed_at: at,
    })
    .where('id', '=', edit.id)
    .execute()
  return { ...edit, ...change, version: edit.version + 1, changedAt: at }
}

export const EDITS_SHOWN = 50

export type QueuedEdit = ServiceEdit & { readonly serviceName: string; readonly total: number }

/** What waits for a second person, or for a choice, within reach: the oldest first, and how many that are in `total`. */
export async function loadQueue(db: Queryable, state: 'waiting' | 'conflict', reach: Reach, page = 1) {
  const { rows } = await sql<QueuedEdit>`
    select ${columns}, coalesce(service.record ->> 'name', '') as "serviceName", (count(*) over ())::integer as total
    from service_edit as edit, ${itsService}
    where edit.state = ${state} and ${serviceCounts({ reach })}
    order by edit.submitted_at, edit.id limit ${EDITS_SHOWN} offset ${(page - 1) * EDITS_SHOWN}`.execute(db)
  return rows
}

/** How many edits wait for a second person within reach. For the workspace. */
export async function countWaiting(db: Queryable, reach: Reach): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::integer as total from service_edit as edit, ${itsService}
    where edit.state = 'waiting' and ${serviceCounts({ reach })}`.execute(db)
  return rows[0]?.total ?? 0
}

/** The open edits of a person, those of new services too, the newest first. */
export async function loadEditsOf(
  db: Queryable,
  author: string,
): Promise<readonly (ServiceEdit & { serviceName: string })[]> {
  const { rows } = await sql<ServiceEdit & { serviceName: string }>`
    select ${columns}, coalesce(service.record ->> 'name', '') as "serviceName"
    from service_edit as edit, ${itsService}
    where edit.author = ${author} and edit.state = any(${open}) order by edit.id desc limit ${EDITS_SHOWN}`.execute(db)
  return rows
}

/** A service's record, its own values and the profile that projects onto it. */
export type HeldService = {
  readonly record: ServiceRecord
  readonly overrides: Overrides
  readonly profileOds: string | null
  /** The last number of `service_change` about it. */
  readonly seq: number
}

/** A service within reach; undefined when there is none, or it is somebody else's. */
export async function loadService(db: Queryable, uid: number, reach: Reach): Promise<HeldService | undefined> {
  const { rows } = await sql<HeldService>`
    select record, overrides, profile_ods as "profileOds", seq from service
    where uid = ${uid} and ${serviceCounts({ reach })}`.execute(db)
  return rows[0]
}

/** Whether a service is within reach; for a transaction that has just written it. */
export const isWithinReach = async (db: Queryable, uid: number, reach: Reach): Promise<boolean> =>
  reach.everywhere || (await loadService(db, uid, reach)) !== undefined

/** Who last changed these fields of a service, as the audit names them. */
export async function lastChangersOf(
  db: Queryable,
  uid: number,
  fields: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ actor: string }>`
    select distinct actor from (
      select distinct on (field) field, audit.actor
      from service_change, unnest(fields) as field, audit
      where service_change.uid = ${uid} and field = any(${[...fields]}::text[]) and audit.seq = service_change.audit_seq
      order by field, service_change.seq desc) as last order by 1`.execute(db)
  return rows.map(({ actor }) => actor)
}

/** Whether a record would lie within reach if it said this. */
export async function isProposalWithin(db: Queryable, record: ServiceRecord, reach: Reach): Promise<boolean> {
  if (reach.everywhere) return true
  const { rows } = await sql<{ within: boolean }>`
    select true as within from (
      select left(${record.odsCode}::text, 5) as ods_five, ${JSON.stringify(record)}::jsonb as record,
        upper(replace(${record.postcode}::text, ' ', '')) as postcode_key) as service
    where ${serviceCounts({ reach })}`.execute(db)
  return rows.length > 0
}
