/** One change of many branches, as the database keeps it. */
import { sql } from 'kysely'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { BranchCommand, BranchKind } from './branch-command.ts'

export type BranchChangeState = 'draft' | 'waiting' | 'running' | 'done' | 'undoing' | 'undone' | 'cancelled'
export type BranchRowState = 'waiting' | 'done' | 'unchanged' | 'refused' | 'undone' | 'not-undone'

/** A line of a file that asks for nothing that could be done. */
export type UnreadLine = { readonly line: number; readonly odsCode: string; readonly reason: string }

export type BranchChange = {
  readonly id: number
  readonly personId: number
  /** `person:EMAIL`. */
  readonly actor: string
  readonly kind: BranchKind
  /** What it does, in a line. */
  readonly title: string
  /** The file it came from; null when it was filled in. */
  readonly source: string | null
  readonly unread: readonly UnreadLine[]
  readonly state: BranchChangeState
  /** Instants are UTC ISO text. */
  readonly createdAt: string
  readonly runAt: string | null
  readonly finishedAt: string | null
  readonly undoneAt: string | null
}

export type BranchRow = {
  readonly odsCode: string
  readonly place: number
  readonly command: BranchCommand
  readonly state: BranchRowState
  readonly reason: string | null
  readonly versionBefore: number | null
  readonly versionAfter: number | null
}

export type NewBranchChange = Pick<BranchChange, 'personId' | 'actor' | 'kind' | 'title' | 'source' | 'unread'> & {
  readonly now: Date
  /** `versionBefore`: what the person was looking at; null where they may not look. */
  readonly rows: readonly Pick<BranchRow, 'odsCode' | 'place' | 'command' | 'versionBefore'>[]
}

/** Stores a change that nothing was done of yet, and returns its number. */
export async function createBranchChange(tx: Tx, change: NewBranchChange): Promise<number> {
  const { personId, actor, kind, title, source, unread, now } = change
  const { id } = await tx
    .insertInto('branch_change')
    .values({
      person_id: personId,
      actor,
      kind,
      title,
      source,
      unread: JSON.stringify(unread),
      state: 'draft',
      created_at: now.toISOString(),
      run_at: null,
      finished_at: null,
      undone_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const rows = change.rows.map(({ odsCode, place, command, versionBefore }) => ({
    odsCode,
    place,
    command,
    versionBefore,
  }))
  await sql`
    insert into branch_change_row (branch_change_id, ods_code, place, command, state, version_before)
    select ${id}, row."odsCode", row.place, row.command, 'waiting', row."versionBefore"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row ("odsCode" text, place integer, command jsonb, "versionBefore" integer)`.execute(
    tx,
  )
  return id
}

/** A change of this person; undefined when there is none with this number. */
export async function loadBranchChange(
  db: Queryable,
  id: number,
  personId?: number,
): Promise<BranchChange | undefined> {
  const query = changes(db).where('id', '=', id)
  const row = await (personId === undefined ? query : query.where('person_id', '=', personId)).executeTakeFirst()
  return row && changeIn(row)
}

/** The changes of a person, the newest first. Drafts that were never run are not among them. */
export async function listBranchChanges(db: Queryable, personId: number): Promise<readonly BranchChange[]> {
  const rows = await changes(db)
    .where('person_id', '=', personId)
    .where('state', '<>', 'draft')
    .orderBy('id', 'desc')
    .limit(50)
    .execute()
  return rows.map(changeIn)
}

const changes = (db: Queryable) => db.selectFrom('branch_change').selectAll()

type ChangeRow = Awaited<ReturnType<ReturnType<typeof changes>['executeTakeFirstOrThrow']>>

const changeIn = (row: ChangeRow): BranchChange => ({
  id: row.id,
  personId: row.person_id,
  actor: row.actor,
  kind: row.kind as BranchKind,
  title: row.title,
  source: row.source,
  unread: row.unread as readonly UnreadLine[],
  state: row.state as BranchChangeState,
  createdAt: row.created_at,
  runAt: row.run_at,
  finishedAt: row.finished_at,
  undoneAt: row.undone_at,
})

/** Moves a change on, unless it is not in one of the states `from` any more; says whether it was. */
export async function moveBranchChange(
  db: Queryable,
  id: number,
  from: readonly BranchChangeState[],
  to: {
    readonly state: BranchChangeState
    readonly runAt?: Date
    readonly finishedAt?: Date
    readonly undoneAt?: Date
  },
): Promise<boolean> {
  const moved = await db
    .updateTable('branch_change')
    .set({
      state: to.state,
      ...(to.runAt && { run_at: to.runAt.toISOString() }),
      ...(to.finishedAt && { finished_at: to.finishedAt.toISOString() }),
      ...(to.undoneAt && { undone_at: to.undoneAt.toISOString() }),
    })
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirst()
  return moved.numUpdatedRows === 1n
}

/** Rows of a change in order: a page of them, or those of one state. */
export async function loadBranchRows(
  db: Queryable,
  id: number,
  {
    state,
    limit = 50,
    offset = 0,
  }: { readonly state?: BranchRowState; readonly limit?: number; readonly offset?: number },
): Promise<readonly BranchRow[]> {
  const query = rowsOf(db, id).limit(limit).offset(offset)
  const rows = await (state ? query.where('state', '=', state) : query).execute()
  return rows.map(rowIn)
}

/** The next rows in a state, locked. Another worker waits for them, so that whoever finds none knows that all are done. */
export async function takeBranchRows(
  tx: Tx,
  id: number,
  state: BranchRowState,
  limit: number,
): Promise<readonly BranchRow[]> {
  const rows = await rowsOf(tx, id).where('state', '=', state).limit(limit).forUpdate().execute()
  return rows.map(rowIn)
}

const rowsOf = (db: Queryable, id: number) =>
  db.selectFrom('branch_change_row').selectAll().where('branch_change_id', '=', id).orderBy('place').orderBy('ods_code')

type Row = Awaited<ReturnType<ReturnType<typeof rowsOf>['executeTakeFirstOrThrow']>>

const rowIn = (row: Row): BranchRow => ({
  odsCode: row.ods_code,
  place: row.place,
  command: row.command as BranchCommand,
  state: row.state as BranchRowState,
  reason: row.reason,
  versionBefore: row.version_before,
  versionAfter: row.version_after,
})

/** What became of a branch. */
export type BranchOutcome = Pick<BranchRow, 'odsCode' | 'state'> & {
  readonly reason?: string
  readonly versionBefore?: number
  readonly versionAfter?: number
}

/** Writes what became of branches, in one statement. */
export async function saveBranchOutcomes(tx: Tx, id: number, outcomes: readonly BranchOutcome[]): Promise<void> {
  await sql`
    update branch_change_row as row
    set state = outcome.state, reason = outcome.reason,
      version_before = coalesce(outcome."versionBefore", row.version_before),
      version_after = coalesce(outcome."versionAfter", row.version_after)
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb)
      as outcome ("odsCode" text, state text, reason text, "versionBefore" integer, "versionAfter" integer)
    where row.branch_change_id = ${id} and row.ods_code = outcome."odsCode"`.execute(tx)
}

/** How many branches of a change are in each state. */
export async function countBranchRows(db: Queryable, id: number): Promise<Readonly<Record<BranchRowState, number>>> {
  const rows = await db
    .selectFrom('branch_change_row')
    .select(['state', (count) => count.fn.countAll<number>().as('rows')])
    .where('branch_change_id', '=', id)
    .groupBy('state')
    .execute()
  const counted = Object.fromEntries(rows.map(({ state, rows: count }) => [state, Number(count)]))
  return { waiting: 0, done: 0, unchanged: 0, refused: 0, undone: 0, 'not-undone': 0, ...counted }
}

/** Takes branches out of a draft; of a change that was started meanwhile, none. */
export async function leaveOutBranches(db: Queryable, id: number, odsCodes: readonly string[]): Promise<void> {
  if (odsCodes.length === 0) return
  await db
    .deleteFrom('branch_change_row')
    .where('branch_change_id', 'in', drafts(db, id))
    .where('ods_code', 'in', odsCodes)
    .execute()
}

/** Remembers which version of each branch the person was shown last, before they run a draft. */
export async function rememberSeen(db: Queryable, id: number, seen: ReadonlyMap<string, number>): Promise<void> {
  if (seen.size === 0) return
  const rows = [...seen].map(([odsCode, version]) => ({ odsCode, version }))
  await sql`
    update branch_change_row as row set version_before = seen.version
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as seen ("odsCode" text, version integer)
    where row.branch_change_id in (${drafts(db, id)}) and row.ods_code = seen."odsCode"`.execute(db)
}

/** The number, as long as it is that of a draft; locked against being started meanwhile. */
const drafts = (db: Queryable, id: number) =>
  db.selectFrom('branch_change').select('id').where('id', '=', id).where('state', '=', 'draft').forUpdate()
