import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { appendToLedger, type LedgerEntry, type LedgerPlace } from '#src/platform/db/ledger.ts'
import type { OpenDb } from '#src/platform/db/open-db.ts'
import { onBothDatabases } from '#test/support/databases.ts'

const AT = '2026-12-11T10:34:00.000Z'

const entry = (target: string, uids: readonly number[]): LedgerEntry => ({
  actor: 'person:amina@example.org',
  action: 'set-hours',
  target,
  detail: { reason: 'a "quoted" word', version: 2 },
  changes: uids.map((uid) => ({ uid, odsCode: 'FA002', fields: ['weekly'], before: { a: null }, after: { b: [1.5] } })),
})

onBothDatabases((_kind, open) => {
  let db: OpenDb
  before(async () => {
    db = await open()
  })
  const append = (entries: readonly LedgerEntry[]): Promise<readonly LedgerPlace[]> =>
    db.transact((tx) => appendToLedger(tx, AT, entries))

  test('numbers run on, an entry without changes takes one of its own', async () => {
    assert.deepEqual(await append([entry('profile:FA002', [11, 12]), entry('profile:FA003', [])]), [
      { auditSeq: 1, seq: 2, changeSeqs: [1, 2] },
      { auditSeq: 2, seq: 3, changeSeqs: [] },
    ])
    assert.deepEqual(await append([entry('profile:FA004', [13])]), [{ auditSeq: 3, seq: 4, changeSeqs: [4] }])
  })

  test('nothing to write takes no number', async () => {
    assert.deepEqual(await append([]), [])
  })

  test('a change reads back as it was given', async () => {
    const rows = await db.pool.selectFrom('service_change').selectAll().where('seq', '=', 1).execute()
    assert.deepEqual(rows, [
      {
        seq: 1,
        recorded_at: AT,
        uid: 11,
        ods_code: 'FA002',
        fields: ['weekly'],
        before: { a: null },
        after: { b: [1.5] },
        audit_seq: 1,
      },
    ])
  })

  test('a new service has no before', async () => {
    const [place] = await append([
      {
        ...entry('service:14', []),
        changes: [{ uid: 14, odsCode: null, fields: [], before: null, after: { name: 'x' } }],
      },
    ])
    const row = await db.pool
      .selectFrom('service_change')
      .select(['before', 'ods_code', 'fields'])
      .where('seq', '=', place?.seq ?? 0)
      .where('before', 'is', null)
      .executeTakeFirst()
    assert.deepEqual(row, { before: null, ods_code: null, fields: [] })
  })
})
