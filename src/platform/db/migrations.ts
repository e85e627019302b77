/** Brings a database to the form this code expects: `migrations/*.sql` in order of their names, forward only. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { StartProblem } from '../errors.ts'
import type { Db, Queryable, Tx } from './db.ts'

export type Migration = { readonly name: string; readonly checksum: string; readonly statements: readonly string[] }

const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url))

/** Advisory lock: two nodes that start at once migrate one after the other. */
const MIGRATION_LOCK = 7_446_002

/** The migrations of this code, oldest first. */
export function readMigrations(folder: string = MIGRATIONS): readonly Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'))
  return files.sort().map((file) => {
    const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n')
    return { name: basename(file, '.sql'), checksum: sha256(text), statements: splitStatements(text) }
  })
}

/**
 * Applies what is missing, all in one transaction, and returns the names applied.
 *
 * Throws `StartProblem` when the database has a migration that this code does not know (a newer version wrote it), one
 * whose text has changed, or tables of something else.
 */
export async function migrate(db: Db, migrations: readonly Migration[] = readMigrations()): Promise<readonly string[]> {
  return db.transact(async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx)
    if (db.kind === 'postgres') await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx)
    await ensureTable(tx)
    const applied = await appliedMigrations(tx)
    refuseUnknown(applied, migrations)
    const missing = migrations.filter((migration) => !applied.has(migration.name))
    await applyMigrations(tx, missing)
    return missing.map((migration) => migration.name)
  })
}

/** Applies these, in order, and records them. Throws `StartProblem` at the first that fails. */
export async function applyMigrations(tx: Tx, migrations: readonly Migration[]): Promise<void> {
  await ensureTable(tx)
  for (const migration of migrations) await apply(tx, migration)
}

/** Throws `StartProblem` unless the database has exactly the migrations of this code; changes nothing. */
export async function refuseOtherSchema(
  db: Queryable,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> {
  const applied = await appliedMigrations(db)
  refuseUnknown(applied, migrations)
  const missing = migrations.find((migration) => !applied.has(migration.name))
  if (missing)
    throw new StartProblem(`The database lacks the migration ${missing.name}: an older version of Signpost is using it`)
}

async function ensureTable(tx: Tx): Promise<void> {
  // Not "create if not exists": that would need the right to create tables even when there is nothing to create.
  const { rows } = await sql<{ there: boolean }>`select to_regclass('migration') is not null as there`.execute(tx)
  if (rows[0]?.there) return
  try {
    await sql`create table migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())`.execute(
      tx,
    )
  } catch (error) {
    throw new StartProblem(`The database cannot be set up: ${messageOf(error)}`, { cause: error })
  }
}

async function appliedMigrations(db: Queryable): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('migration').select(['name', 'checksum']).orderBy('name').execute()
  return new Map(rows.map((row) => [row.name, row.checksum]))
}

function refuseUnknown(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]))
  for (const [name, checksum] of applied) {
    const expected = known.get(name)
    if (expected === undefined) {
      throw new StartProblem(
        `The database was used by a newer version of Signpost (it has the migration ${name}): run that version`,
      )
    }
    if (expected !== checksum) {
      throw new StartProblem(
        `The migration ${name} is not the one this database was made with: migrations are never edited, only added`,
      )
    }
  }
}

async function apply(tx: Tx, migration: Migration): Promise<void> {
  try {
    for (const statement of migration.statements) await sql.raw(statement).execute(tx)
    await tx.insertInto('migration').values({ name: migration.name, checksum: migration.checksum }).execute()
  } catch (error) {
    throw new StartProblem(`The migration ${migration.name} failed: ${messageOf(error)}`, { cause: error })
  }
}

/** The statements of a script: split at semicolons that are not inside quotes, dollar quotes or comments. */
export function splitStatements(script: string): readonly string[] {
  const statements: string[] = []
  let statement = ''
  // In turn: a comment, quoted text, a quoted name, a dollar-quoted body, the end of a statement, anything else.
  for (const [piece] of script.matchAll(/--[^\n]*|'(?:[^']|'')*'|"[^"]*"|(\$\w*\$)[\s\S]*?\1|;|[^;'"$-]+|[\s\S]/g)) {
    if (piece.startsWith('--')) continue
    if (piece !== ';') statement += piece
    else {
      statements.push(statement.trim())
      statement = ''
    }
  }
  return [...statements, statement.trim()].filter((text) => text !== '')
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error)
