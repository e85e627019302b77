/** Edits of service records, and the records themselves, as the database holds them; each query reaches as far as its reader does. */
import { type RawBuilder, sql } from 'kysely'
import { newServiceCounts, type Reach, serviceCounts, type Where } from '#src/directory/area.ts'
import type { Overrides, ServiceRecord } from '#src/directory/service-record.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { type EditState, OPEN_STATES, type ServiceEdit, type ServicePatch } from './service-edit.ts'

const columns = sql`edit.id, edit.uid, edit.author, edit.state, edit.version, edit.base, edit.proposed, edit.reason,
  edit.begun_at as "begunAt", edit.changed_at as "changedAt", edit.submitted_at as "submittedAt",
  edit.decided_by as "decidedBy", edit.decided_at as "decidedAt", edit.note`

const open = sql`${[...OPEN_STATES]}::text[]`

/** The key of the postcode table for a postcode as it is written. */
export const keyOf = (postcode: RawBuilder<unknown>): RawBuilder<unknown> => sql`upper(replace(${postcode}, ' ', ''))`

/** The service of an edit under the alias `service`, as `serviceCounts` wants it; nothing for one that is being made. */
export const withService = sql`service_edit as edit left join service on service.uid = edit.uid`
const serviceName = sql`coalesce(service.record ->> 'name', edit.proposed ->> 'name', '') as "serviceName"`

/** Whether the service of an edit is within reach, or would be if it were made. */
export const isWithin = (where: Where): RawBuilder<boolean> => sql<boolean>`(
  (service.uid is not null and ${serviceCounts(where)})
  or (edit.uid is null and ${newServiceCounts(where, {
    odsFive: sql`left(edit.proposed ->> 'odsCode', 5)`,
    postcodeKey: keyOf(sql`edit.proposed ->> 'postcode'`),
  })}))`

/** One edit, whoever's it is, where its service is within reach or the person is its author; undefined when there is none. */
export async function loadEdit(
  db: Queryable,
  id: number,
  { reach, author }: { readonly reach: Reach; readonly author: string },
): Promise<ServiceEdit | undefined> {
  const { rows } = await sql<ServiceEdit>`
    select ${columns} from ${withService}
    where edit.id = ${id} and (edit.author = ${author} or ${isWithin({ reach })})`.execute(db)
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

/**
 * What waits for a second person, or for a choice, within reach: the oldest first, and how many that are in `total`. What
 * `otherThan` wrote is left out.
 */
export async function loadQueue(
  db: Queryable,
  state: 'waiting' | 'conflict',
  { where, otherThan = '' }: { readonly where: Where; readonly otherThan?: string },
): Promise<readonly QueuedEdit[]> {
  const { rows } = await sql<QueuedEdit>`
    select ${columns}, ${serviceName}, (count(*) over ())::integer as total
    from ${withService}
    where edit.state = ${state} and edit.author <> ${otherThan} and ${isWithin(where)}
    order by edit.submitted_at, edit.id limit ${EDITS_SHOWN}`.execute(db)
  return rows
}

/** The open edits of a person, those of new services too, the newest first. */
export async function loadEditsOf(
  db: Queryable,
  author: string,
): Promise<readonly (ServiceEdit & { serviceName: string })[]> {
  const { rows } = await sql<ServiceEdit & { serviceName: string }>`
    select ${columns}, ${serviceName}
    from ${withService}
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
  const odsFive = sql`left(${record.odsCode}::text, 5)`
  const postcodeKey = keyOf(sql`${record.postcode}::text`)
  const { rows } = await sql<{ within: boolean }>`
    select ${newServiceCounts({ reach }, { odsFive, postcodeKey })} as within`.execute(db)
  return rows[0]?.within === true
}
