/** The local catalogue as the database holds it: services with a local code, who answers for each, and when it is looked at again. */
import { type RawBuilder, sql } from 'kysely'
import { serviceCounts, type Where } from '#src/directory/area.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { LAST_PATHWAYS_DISCRIMINATOR, NATIONAL_Z_CODES } from '#src/rules/z-codes.ts'

export const OWNER_KINDS = ['person', 'team'] as const
export type OwnerKind = (typeof OWNER_KINDS)[number]

export type LocalOwner = {
  readonly kind: OwnerKind
  readonly name: string
  readonly mailbox: string
  /** Reviewed every so many months. */
  readonly months: number
}

export type LocalService = {
  readonly uid: number
  readonly record: ServiceRecord
  /** Null: nobody answers for it yet. */
  readonly owner: LocalOwner | null
  /** From this London day on it must be looked at; null without an owner. */
  readonly reviewOn: LocalDate | null
  /** UTC ISO text; `reviewedBy` is as in `audit.actor`. */
  readonly reviewedAt: string | null
  readonly reviewedBy: string | null
  /** 0 without an owner. */
  readonly version: number
}

type Row = {
  readonly uid: number
  readonly record: ServiceRecord
  readonly kind: OwnerKind | null
  readonly name: string | null
  readonly mailbox: string | null
  readonly months: number | null
  readonly reviewOn: LocalDate | null
  readonly reviewedAt: string | null
  readonly reviewedBy: string | null
  readonly version: number | null
}

/** The condition of the index `service_with_local_code`, in its words: the migration and the rule must say the same. */
export const LOCAL_CODES = `$.*[*] ? (@ > ${LAST_PATHWAYS_DISCRIMINATOR} && ${NATIONAL_Z_CODES.map((code) => `@ != ${code}`).join(' && ')})`

/** Owned, or with a local code on a service that no pharmacy's profile looks after. Retired ones are history. */
const isLocal = (): RawBuilder<boolean> => sql<boolean>`(service.status <> 'RETIRED' and service.uid in (
  select uid from local_service
  union all
  select uid from service as coded where profile_ods is null
    and jsonb_path_exists(coded.record #> '{other,sgsd}', ${sql.lit(LOCAL_CODES)}, '{}', true)))`

const columns = sql`service.uid, service.record, owner_kind as kind, owner_name as name, owner_mailbox as mailbox,
  review_months as months, review_on as "reviewOn", reviewed_at as "reviewedAt", reviewed_by as "reviewedBy", version`

export const LOCAL_STATES = ['all', 'due', 'unowned'] as const
/** `due`: the review day has come. `unowned`: nobody answers for it. Closed services are in neither. */
export type LocalState = (typeof LOCAL_STATES)[number]

const isOpen = sql<boolean>`service.status <> 'CLOSED'`
const inState = (state: LocalState, today: LocalDate): RawBuilder<boolean> => {
  if (state === 'due') return sql<boolean>`(review_on <= ${today}::date and ${isOpen})`
  return state === 'unowned' ? sql<boolean>`(local.uid is null and ${isOpen})` : sql<boolean>`true`
}

export const LOCAL_A_PAGE = 50

export type LocalQuestion = {
  readonly where: Where
  readonly state: LocalState
  /** Part of a name, or a uid; empty for all. */
  readonly text: string
  readonly today: LocalDate
  /** From 1. */
  readonly page: number
}

/** A page of the catalogue, those that wait longest for a review first, and how many there are. */
export async function loadLocalServices(
  db: Queryable,
  { where, state, text, today, page }: LocalQuestion,
): Promise<{ readonly services: readonly LocalService[]; readonly total: number }> {
  const isAsked =
    text === ''
      ? sql`true`
      : sql`(strpos(lower(service.record ->> 'name'), ${text.toLowerCase()}) > 0 or service.uid::text = ${text})`
  const { rows } = await sql<Row & { total: number }>`
    select ${columns}, (count(*) over ())::integer as total
    from service left join local_service as local on local.uid = service.uid
    where ${isLocal()} and ${serviceCounts(where)} and ${inState(state, today)} and ${isAsked}
    order by service.status = 'CLOSED', review_on nulls first, service.uid
    limit ${LOCAL_A_PAGE} offset ${(page - 1) * LOCAL_A_PAGE}`.execute(db)
  return { services: rows.map(localOf), total: rows[0]?.total ?? 0 }
}

/** How many reviews are due, and how many services nobody answers for. */
export async function countLocal(
  db: Queryable,
  where: Where,
  today: LocalDate,
): Promise<{ readonly due: number; readonly unowned: number }> {
  const { rows } = await sql<{ due: number; unowned: number }>`
    select (count(*) filter (where ${inState('due', today)}))::integer as due,
      (count(*) filter (where ${inState('unowned', today)}))::integer as unowned
    from service left join local_service as local on local.uid = service.uid
    where ${isLocal()} and ${serviceCounts(where)}`.execute(db)
  return rows[0] ?? { due: 0, unowned: 0 }
}

/** One service of the catalogue; undefined when it is none, or out of reach. */
export async function loadLocalService(db: Queryable, uid: number, where: Where): Promise<LocalService | undefined> {
  const { rows } = await sql<Row>`
    select ${columns} from service left join local_service as local on local.uid = service.uid
    where service.uid = ${uid} and ${isLocal()} and ${serviceCounts(where)}`.execute(db)
  return rows[0] && localOf(rows[0])
}

/** The version of an owner's row, locked until the transaction ends; 0 where there is none. */
export async function lockOwner(tx: Tx, uid: number): Promise<{ readonly version: number; readonly months: number }> {
  // The service is locked too: two people who name its first owner at once come one after the other.
  await sql`select uid from service where uid = ${uid} for update`.execute(tx)
  const { rows } = await sql<{ version: number; months: number }>`
    select version, review_months as months from local_service where uid = ${uid} for update`.execute(tx)
  return rows[0] ?? { version: 0, months: 0 }
}

export type OwnerRow = LocalOwner & {
  readonly uid: number
  readonly reviewOn: LocalDate
  readonly version: number
  readonly reviewedAt: string | null
  readonly reviewedBy: string | null
}

/** Writes an owner's row; a review that is not given stays. */
export async function writeOwner(
  tx: Tx,
  row: OwnerRow,
  by: { readonly actor: string; readonly at: string },
): Promise<void> {
  const { uid, kind, name, mailbox, months, reviewOn, version, reviewedAt, reviewedBy } = row
  const values = {
    ...{ owner_kind: kind, owner_name: name, owner_mailbox: mailbox, review_months: months, review_on: reviewOn },
    ...{ version, changed_at: by.at, changed_by: by.actor },
    ...(reviewedAt === null ? {} : { reviewed_at: reviewedAt, reviewed_by: reviewedBy }),
  }
  await tx
    .insertInto('local_service')
    .values({ uid, ...values })
    .onConflict((on) => on.column('uid').doUpdateSet(values))
    .execute()
}

const localOf = ({ uid, record, kind, name, mailbox, months, version, ...review }: Row): LocalService => ({
  uid,
  record,
  owner: kind === null || name === null || mailbox === null || months === null ? null : { kind, name, mailbox, months },
  reviewOn: review.reviewOn,
  reviewedAt: review.reviewedAt,
  reviewedBy: review.reviewedBy,
  version: version ?? 0,
})
