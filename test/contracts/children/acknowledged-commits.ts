// Commits numbered rows on the embedded database, and says each number once its commit was acknowledged. Goes on until
// it is killed, or until a commit is refused; then it does nothing more, and is ended by whatever ends a server.
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { openDb } from '#src/platform/db/open-db.ts'
import { Unavailable } from '#src/platform/errors.ts'
import { createLog } from '#src/platform/log.ts'

const db = await openDb({ dataDir: process.argv[2] ?? '', log: createLog('warn') })
const { rows } = await sql<{ last: number }>`select coalesce(max(ods_code::int), 0)::int8 as last from request`.execute(
  db.pool,
)
const save = (n: number): Promise<void> =>
  // Two rows that must be there together or not at all.
  db.transact(async (tx) => {
    for (const part of ['first', 'second']) {
      await sql`
        insert into request (ods_code, kind, message, person, created_at)
        values (${String(n)}, 'missing-service', ${part + randomBytes(4000).toString('hex')}, 'p', now())`.execute(tx)
    }
  })

const wait = setInterval(() => {}, 60_000)
try {
  for (let n = (rows[0]?.last ?? 0) + 1; ; n++) {
    await save(n)
    console.log(n)
  }
} catch (error) {
  console.log(error instanceof Unavailable ? 'refused' : String(error))
}
wait.ref()
