/** Writes everything that matters into one file, as of one moment, while the service goes on. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { createGzip, type Gzip } from 'node:zlib'
import { sql } from 'kysely'
import { BACKUP_FORMAT, BACKUP_VERSION, type BackupFooter, type BackupHeader } from './backup-file.ts'
import { loadTables, type Table } from './catalogue.ts'
import type { Db, Tx } from './db.ts'
import { readMigrations } from './migrations.ts'
import type { WireText } from './wire-text.ts'

export type BackupSummary = { readonly tables: number; readonly rows: number }

/**
 * Not in a backup: people sign in again, what was sent to patients is kept for less than a day, and the schema is made by
 * the migrations that the header names.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'session',
  'sign_in_attempt',
  'one_time_code',
  'closure_session',
  'patient_share',
  'migration',
])

const ROWS_AT_A_TIME = 500

/**
 * Writes a backup to `file`, replacing it only when the new one is whole and on the disk. Only its owner may read it.
 *
 * On the embedded database other work waits meanwhile (some seconds for a national directory); on PostgreSQL it does not.
 */
export async function writeBackup(db: Db, file: string, now: Date): Promise<BackupSummary> {
  const partial = `${file}.partial-${process.pid}`
  try {
    const summary = await db.transact(async (tx) => {
      await sql`set transaction isolation level repeatable read, read only`.execute(tx)
      return writeTables(tx, partial, now)
    })
    flushToDisk(partial)
    renameSync(partial, file)
    return summary
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

async function writeTables(tx: Tx, file: string, now: Date): Promise<BackupSummary> {
  const tables = (await loadTables(tx)).filter((table) => !LEFT_OUT.has(table.name))
  const writer = await openWriter(file)
  let rows = 0
  try {
    await writer.write([headerAt(now)])
    for (const table of tables) {
      await writer.write([{ table: table.name, columns: table.columns.map((column) => column.name) }])
      for await (const chunk of rowsOf(tx, table)) {
        rows += chunk.length
        await writer.write(chunk)
      }
    }
    await writer.end(rows)
  } catch (error) {
    writer.abandon()
    throw error
  }
  return { tables: tables.length, rows }
}

function headerAt(now: Date): BackupHeader {
  const migrations = readMigrations().map(({ name, checksum }) => ({ name, checksum }))
  return { format: BACKUP_FORMAT, version: BACKUP_VERSION, createdAt: now.toISOString(), migrations }
}

/** A table by its primary key, a chunk at a time: neither engine then holds all of it in memory. */
async function* rowsOf(tx: Tx, table: Table): AsyncGenerator<WireText[][]> {
  const { columns, primaryKey } = table
  const texts = sql.join(columns.map((column, index) => sql`${sql.ref(column.name)}::text as ${sql.ref(`c${index}`)}`))
  const key = sql.join(primaryKey.map((name) => sql.ref(name)))
  const places = primaryKey.map((name) => columns.findIndex((column) => column.name === name))
  const bound = (last: readonly WireText[]) =>
    sql.join(places.map((place) => sql`${last[place]}::${sql.raw(columns[place]?.type ?? 'text')}`))
  let last: WireText[] | undefined
  do {
    const after = last ? sql`where (${key}) > (${bound(last)})` : sql``
    const { rows } = await sql<Record<string, WireText>>`
      select ${texts} from ${sql.table(table.name)} ${after} order by ${key} limit ${sql.lit(ROWS_AT_A_TIME)}`.execute(
      tx,
    )
    const chunk = rows.map((row) => columns.map((_, index) => row[`c${index}`] ?? null))
    if (chunk.length > 0) yield chunk
    last = chunk.length === ROWS_AT_A_TIME ? chunk.at(-1) : undefined
  } while (last)
}

type Writer = {
  write(values: readonly unknown[]): Promise<void>
  /** Writes the footer and waits for the last byte. */
  end(rows: number): Promise<void>
  abandon(): void
}

async function openWriter(file: string): Promise<Writer> {
  const handle = await open(file, 'w', 0o600)
  const gzip: Gzip = createGzip({ level: 3 })
  const output = handle.createWriteStream()
  const done = finished(output)
  // An error, such as a full disk, is thrown by the next write; here it is only kept from being nobody's.
  done.catch(() => {})
  output.on('error', (error) => gzip.destroy(error))
  gzip.on('error', (error) => output.destroy(error))
  gzip.pipe(output)
  const digest = createHash('sha256')
  const send = async (text: string): Promise<void> => {
    if (output.errored) throw output.errored
    if (!gzip.write(text)) await Promise.race([once(gzip, 'drain'), done])
  }
  return {
    async write(values) {
      const text = values.map((value) => `${JSON.stringify(value)}\n`).join('')
      digest.update(text)
      await send(text)
    },
    async end(rows) {
      const footer: BackupFooter = { end: true, rows, sha256: digest.digest('hex') }
      await send(`${JSON.stringify(footer)}\n`)
      gzip.end()
      await done
    },
    abandon: () => void gzip.destroy(),
  }
}

function flushToDisk(file: string): void {
  const descriptor = openSync(file, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
