// Opens the database it is given and keeps it, until it is told to write to the ledger or is killed.
import { createInterface } from 'node:readline'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'

const [dataDir = '', databaseUrl] = process.argv.slice(2)
const db = await openDb({ dataDir, databaseUrl, log: createLog('warn') })
console.log('open')
for await (const _ of createInterface(process.stdin)) {
  const entry = { actor: 'system:test', action: 'test', target: 'test', detail: {}, changes: [] }
  await db.transact((tx) => appendToLedger(tx, '2026-12-11T10:00:00.000Z', [entry]))
  console.log('written')
}
