/** Puts a backup in the place of everything that the database holds. */
import { sql } from 'kysely'
import { type BackupHeader, type BackupTable, readBackup, WrongBackup } from './backup-file.ts'
import { loadTables, type Table } from './catalogue.ts'
import type { Db, Tx } from './db.ts'
import { applyMigrations, type Migration, readMigrations } from './migrations.ts'
import { type DbSettings, openAlone } from './open-db.ts'
import type { WireText } from './wire-text.ts'

export type RestoreSummary = { readonly createdAt: string; readonly tables: number; readonly rows: number }

/** Rows sent in one statement, and the size from which fewer are. */
const ROWS_AT_A_TIME = 500
const CHARACTERS_AT_A_TIME = 4_000_000

/**
 * Replaces everything in one transaction, or leaves all as it was. A backup of an older version is brought up to date.
 *
 * Throws `WrongBackup` when the file is not a whole backup or is newer than this code, before the database is touched,
 * and `StartProblem` when a server or a command is using the database.
 */
export async function restoreBackup(
  settings: DbSettings,
  file: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<RestoreSummary> {
  const header = await checkFile(file)
  const old = knownMigrations(header, migrations, file)
  const db = await openAlone(settings)
  try {
    return await replaceAll(db, file, { header, old, newer: migrations.slice(old.length) })
  } finally {
    await db.close()
  }
}

/** Reads the file to its end and gives its header. */
async function checkFile(file: string): Promise<BackupHeader> {
  let header: BackupHeader | undefined
  for await (const part of readBackup(file)) if (part.kind === 'header') header = part.header
  if (!header) throw new WrongBackup(`${file} is empty`)
  return header
}

/** The migrations the backup was made with: the first of ours, unchanged. */
function knownMigrations(header: BackupHeader, ours: readonly Migration[], file: string): readonly Migration[] {
  for (const [index, { name, checksum }] of header.migrations.entries()) {
    const known = ours[index]
    if (known?.name !== name || known.checksum !== checksum) {
      throw new WrongBackup(`${file} was written by another version of Signpost (migration ${name} is not known here)`)
    }
  }
  return ours.slice(0, header.migrations.length)
}

type Plan = { readonly header: BackupHeader; readonly old: readonly Migration[]; readonly newer: readonly Migration[] }

async function replaceAll(db: Db, file: string, { header, old, newer }: Plan): Promise<RestoreSummary> {
  return db.transact(async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx)
    await dropEverything(tx)
    await applyMigrations(tx, old)
    const summary = await loadRows(tx, file)
    await applyMigrations(tx, newer)
    return { createdAt: header.createdAt, ...summary }
  })
}

/** Drops what is ours in the schema; the migrations make it again. */
async function dropEverything(tx: Tx): Promise<void> {
  const { rows } = await sql<{ statement: string }>`
    select format('drop table %I cascade', relname) as statement from pg_class
      where relkind = 'r' and relnamespace = current_schema()::regnamespace and pg_has_role(relowner, 'member')
    union all
    select format('drop function %s', oid::regprocedure) from pg_proc
      where pronamespace = current_schema()::regnamespace and pg_has_role(proowner, 'member')
        and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')`.execute(tx)
  for (const { statement } of rows) await sql.raw(statement).execute(tx)
}

async function loadRows(tx: Tx, file: string): Promise<{ tables: number; rows: number }> {
  const tables = new Map((await loadTables(tx)).map((table) => [table.name, table]))
  const seen: Table[] = []
  let rows = 0
  let loader: Loader | undefined
  for await (const part of readBackup(file)) {
    if (part.kind === 'row') {
      await loader?.add(part.row)
      rows += 1
    } else if (part.kind === 'table') {
      await loader?.flush()
      const table = tableFor(part.table, tables, file)
      await empty(tx, table)
      loader = loaderOf(tx, table, part.table.columns)
      seen.push(table)
    }
  }
  await loader?.flush()
  for (const table of seen) await continueNumbering(tx, table)
  return { tables: seen.length, rows }
}

type Loader = { add(row: readonly WireText[]): Promise<void>; flush(): Promise<void> }

/** Gathers rows of one table and inserts many with one statement. */
function loaderOf(tx: Tx, table: Table, columns: readonly string[]): Loader {
  let batch: (readonly WireText[])[] = []
  let characters = 0
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await insert(tx, table, columns, batch)
    batch = []
    characters = 0
  }
  return {
    async add(row) {
      batch.push(row)
      for (const text of row) characters += text?.length ?? 0
      if (batch.length === ROWS_AT_A_TIME || characters > CHARACTERS_AT_A_TIME) await flush()
    },
    flush,
  }
}

function tableFor({ table: name, columns }: BackupTable, tables: ReadonlyMap<string, Table>, file: string): Table {
  const table = tables.get(name)
  const known = new Set(table?.columns.map((column) => column.name))
  if (!table || !columns.every((column) => known.has(column))) {
    throw new WrongBackup(`${file} holds a table "${name}" that this version does not have in this form`)
  }
  return table
}

/** Migrations put rows into some tables, which the backup has too. Not one that can only be added to. */
async function empty(tx: Tx, { name }: Table): Promise<void> {
  const { rows } = await sql`select from ${sql.table(name)} limit 1`.execute(tx)
  if (rows.length > 0) await sql`delete from ${sql.table(name)}`.execute(tx)
}

async function insert(
  tx: Tx,
  table: Table,
  names: readonly string[],
  rows: readonly (readonly WireText[])[],
): Promise<void> {
  const types = new Map(table.columns.map((column) => [column.name, column.type]))
  const columns = sql.join(names.map((name) => sql.ref(name)))
  const values = sql.join(
    names.map((name, index) => sql`(given ->> ${sql.lit(index)})::${sql.raw(types.get(name) ?? 'text')}`),
  )
  await sql`
    insert into ${sql.table(table.name)} (${columns}) overriding system value
    select ${values} from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as given`.execute(tx)
}

/** New rows get numbers above the highest that was restored. */
async function continueNumbering(tx: Tx, { name, identity }: Table): Promise<void> {
  if (!identity) return
  await sql`
    select setval(pg_get_serial_sequence(${name}, ${identity}), max(${sql.ref(identity)}))
    from ${sql.table(name)} having count(*) > 0`.execute(tx)
}
