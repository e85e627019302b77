// A command that leaves a transaction open: it writes a row, says so, and waits to be killed.
import { sql } from 'kysely'
import { openCommandDb } from '#src/platform/db/command-db.ts'
import { createLog } from '#src/platform/log.ts'

const db = await openCommandDb({ dataDir: process.argv[2] ?? '', log: createLog('warn') })
await db.transact(async (tx) => {
  await sql`insert into reference_version (name, version, updated_at) values ('half-done', 1, now())`.execute(tx)
  console.log('written')
  await new Promise((resolve) => setTimeout(resolve, 60_000))
})
