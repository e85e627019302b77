/** What the embedded database needs each night; a PostgreSQL server has people and programs for it. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type BackupSummary, writeBackup } from './backup.ts'
import type { Db } from './db.ts'

const KEPT_BACKUPS = 7

/** Removes dead rows and refreshes the planner's statistics: the embedded engine has nothing that does so by itself. */
export async function vacuumEmbedded(db: Db): Promise<void> {
  await sql`vacuum analyze`.execute(db.pool)
}

/**
 * Writes `DATA_DIR/backups/signpost-YYYY-MM-DD.backup` (the UTC date of `now`; a second one on that day replaces the
 * first) and removes all but the newest seven. An older one is only removed once the new one is whole.
 */
export async function backUpEmbedded(db: Db, dataDir: string, now: Date): Promise<BackupSummary & { file: string }> {
  const folder = join(dataDir, 'backups')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `signpost-${now.toISOString().slice(0, 10)}.backup`)
  const summary = await writeBackup(db, file, now)
  const backups = readdirSync(folder).filter((name) => /^signpost-\d{4}-\d\d-\d\d\.backup$/.test(name))
  for (const old of backups.sort().slice(0, -KEPT_BACKUPS)) rmSync(join(folder, old), { force: true })
  return { ...summary, file }
}
