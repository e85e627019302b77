/** A process that is killed loses at most the searches of its last second. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDb } from '#src/platform/db/open-db.ts'
import { startChild } from '#test/support/child-process.ts'
import { freshDatabase, testLog as log } from '#test/support/databases.ts'

const LIVES_MS = 3000

for (const kind of ['embedded', 'postgres'] as const) {
  test(`on ${kind} a killed process loses at most its last second`, async () => {
    const address = await freshDatabase(kind)
    const child = startChild('contracts/children/record-searches.ts', [address.databaseUrl ?? '', address.dataDir])
    const first = atOf(await child.line())
    let last = first
    while (last - first < LIVES_MS) last = atOf(await child.line())
    await child.kill()
    const db = await openDb({ ...address, log })
    const rows = await db.pool
      .selectFrom('search_audit')
      .select(['case_ref', 'duration_micros'])
      .orderBy('id')
      .execute()
    await db.close()
    const kept = rows.at(-1)?.duration_micros ?? 0
    assert.ok(last - kept <= 1000, `the last kept is ${last - kept} ms older than the last recorded`)
    const numbers = rows.map((row) => Number(row.case_ref))
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
      'none before the last is missing, and none is there twice',
    )
  })
}

const atOf = (line: string): number => Number(line.split(' ')[1])
