// Commits numbered rows on the embedded database for ever, and says each number once its commit was acknowledged.
import { sql } from 'kysely'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'

const db = await openDb({ dataDir: process.argv[2] ?? '', log: createLog('warn') })
const { rows } = await sql<{ last: number }>`select coalesce(max(id), 0) as last from request`.execute(db.pool)
for (let n = (rows[0]?.last ?? 0) + 1; ; n++) {
  // Two rows that must be there together or not at all.
  await db.transact(async (tx) => {
    for (const part of ['first', 'second']) {
      await sql`
        insert into request (ods_code, kind, message, person, created_at)
        values (${String(n)}, 'missing-service', ${part.repeat(500)}, 'p', now())`.execute(tx)
    }
  })
  console.log(n)
}
