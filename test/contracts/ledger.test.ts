import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { followLedger, type Refresher } from '#src/platform/db/follow-ledger.ts'
import { appendToLedger, type LedgerEntry, type LedgerPlace } from '#src/platform/db/ledger.ts'
import type { OpenDb } from '#src/platform/db/open-db.ts'
import { verifyLedger } from '#src/platform/db/verify-ledger.ts'
import { Unavailable } from '#src/platform/errors.ts'
import { createLog } from '#src/platform/log.ts'
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

  test('two hundred entries with a change each are written by four statements', async () => {
    const entries = Array.from({ length: 200 }, (_, index) => entry(`profile:${index}`, [index]))
    const places = await append(entries)
    assert.equal(new Set(places.map((place) => place.seq)).size, 200)
  })

  test('a hundred saves at once get numbers in the order of their commits', async () => {
    const fresh = await open()
    const seen: number[] = []
    let looking = true
    // A reader that remembers the highest number it saw must never meet a lower one later.
    const reader = (async () => {
      for (let known = 0; looking; ) {
        const rows = await fresh.pool
          .selectFrom('service_change')
          .select('seq')
          .where('seq', '>', known)
          .orderBy('seq')
          .execute()
        for (const row of rows) seen.push(row.seq)
        known = Math.max(known, ...seen)
      }
    })()
    const save = (uid: number): Promise<unknown> =>
      fresh.transact(async (tx) => {
        await sql`select 1`.execute(tx)
        await appendToLedger(tx, AT, [entry('profile:X', [uid])])
        await sql`select 1`.execute(tx)
      })
    await Promise.all(Array.from({ length: 100 }, (_, uid) => save(uid)))
    looking = false
    await reader
    const rows = await fresh.pool.selectFrom('service_change').select('seq').orderBy('seq').execute()
    assert.deepEqual(
      rows.map((row) => row.seq),
      Array.from({ length: 100 }, (_, index) => index + 1),
    )
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    )
    assert.deepEqual(await verifyLedger(fresh.pool), { ok: true, entries: 100, changes: 100 })
  })

  for (const table of ['audit', 'service_change', 'profile_version', 'attestation']) {
    test(`${table} can only be added to`, async () => {
      for (const statement of [`update ${table} set audit_seq = 0`, `delete from ${table}`, `truncate ${table}`]) {
        const refused = sql.raw(statement.replace('audit set audit_seq', 'audit set seq')).execute(db.pool)
        await assert.rejects(refused, /append-only/, statement)
      }
    })
  }

  describe('a ledger that was tampered with is found out', () => {
    const tamperings: readonly (readonly [what: string, statement: string, problem: RegExp])[] = [
      ['an actor', `update audit set actor = 'person:b' where seq = 2`, /^audit entry 2 was changed$/],
      [
        'a time',
        `update audit set recorded_at = recorded_at + '1 ms'::interval where seq = 3`,
        /^audit entry 3 was changed$/,
      ],
      ['a detail', `update audit set detail = replace(detail, '2', '3') where seq = 1`, /^audit entry 1 was changed$/],
      ['a hash', `update audit set hash = 'x' where seq = 2`, /^audit entry 2 was changed$/],
      ['a removed entry', 'delete from audit where seq = 2', /^audit entry 2 is missing$/],
      ['the last entry removed', 'delete from audit where seq = 3', /^audit entry 3 is missing$/],
      [
        'the last entry removed and the head turned back',
        'with gone as (delete from audit where seq = 3) update ledger_head set audit_seq = 2',
        /^audit entry 2 is not the last/,
      ],
      [
        'an entry added',
        `insert into audit select 9, recorded_at, actor, action, target, detail, hash, hash from audit where seq = 3`,
        /^audit entry 9 was added by hand$/,
      ],
      [
        'a change',
        `update service_change set after = '{"b":[1.6]}' where seq = 2`,
        /^the service changes of audit entry 1 /,
      ],
      ['a change removed', 'delete from service_change where seq = 1', /^the service changes of audit entry 1 /],
      [
        'a change moved',
        'update service_change set audit_seq = 2 where seq = 1',
        /^the service changes of audit entry 1 /,
      ],
      [
        'a change added to an entry without any',
        `insert into service_change select 3, recorded_at, uid, ods_code, fields, before, after, 2 from service_change where seq = 1`,
        /^the service changes of audit entry 2 .* \(1 found, 0 written\)$/,
      ],
      [
        'a change added under a number that an entry without changes took',
        `insert into service_change select 0, recorded_at, uid, ods_code, fields, before, after, 0 from service_change where seq = 1`,
        /^service change 0 belongs to no audit entry$/,
      ],
      [
        'a change added beyond the head',
        `insert into service_change select 99, recorded_at, uid, ods_code, fields, before, after, 99 from service_change where seq = 1`,
        /^service change 99 belongs to no audit entry$/,
      ],
    ]
    let db: OpenDb
    before(async () => {
      db = await open()
      const entries = [entry('a', [1, 2]), entry('b', []), entry('c', [3])]
      await db.transact((tx) => appendToLedger(tx, AT, entries))
      assert.deepEqual(await verifyLedger(db.pool), { ok: true, entries: 3, changes: 3 })
    })
    class Undo extends Error {}
    for (const [what, statement, problem] of tamperings) {
      test(what, async () => {
        const tampering = db.transact(async (tx) => {
          for (const table of ['audit', 'service_change']) {
            await sql.raw(`alter table ${table} disable trigger user`).execute(tx)
          }
          await sql.raw(statement).execute(tx)
          const report = await verifyLedger(tx)
          assert.ok(!report.ok)
          assert.match(report.problem, problem)
          throw new Undo()
        })
        await assert.rejects(tampering, Undo)
      })
    }
  })

  describe('following', () => {
    const quiet = createLog('silent')
    const one = [entry('profile:FA002', [1])]

    test('memory reaches what was written before it is asked', async () => {
      const db = await open()
      const spans: string[] = []
      const refresher: Refresher = async (from, to) => void spans.push(`${from}-${to}`)
      const follower = followLedger(db, { log: quiet, pollMs: 3_600_000, refreshers: [refresher] })
      for (const expected of [1, 2, 3]) {
        const [place] = await db.transact((tx) => appendToLedger(tx, AT, one))
        await follower.reached(place?.seq ?? 0)
        assert.ok(follower.seq() >= expected)
        assert.equal(follower.lag(), 0)
      }
      await follower.stop()
      assert.equal(spans[0]?.startsWith('0-'), true)
      assert.equal(spans.at(-1)?.endsWith('-3'), true)
      for (const [index, span] of spans.slice(1).entries()) {
        assert.equal(span.split('-')[0], spans[index]?.split('-')[1], 'each span begins where the last ended')
      }
    })

    test('a refresher that fails is tried again for the same span, the others are not repeated', async () => {
      const db = await open()
      await db.transact((tx) => appendToLedger(tx, AT, one))
      const calls: string[] = []
      const errors: unknown[] = []
      const follower = followLedger(db, {
        log: { ...quiet, error: (facts: unknown) => void errors.push(facts) },
        pollMs: 1,
        refreshers: [
          async (from, to) => void calls.push(`first ${from}-${to}`),
          async (from, to) => {
            calls.push(`second ${from}-${to}`)
            if (calls.length < 4) throw new Error('not now')
          },
        ],
      })
      await follower.reached(1)
      await follower.stop()
      assert.deepEqual(calls, ['first 0-1', 'second 0-1', 'second 0-1', 'second 0-1'])
      assert.equal(errors.length, 2)
    })

    test('whoever waits is told when it takes too long, or when the process stops', async () => {
      const db = await open()
      const follower = followLedger(db, { log: quiet, refreshers: [] })
      await assert.rejects(follower.reached(5, 1), Unavailable)
      const waiting = assert.rejects(follower.reached(5), Unavailable)
      await follower.stop()
      await waiting
      await assert.rejects(follower.reached(5), Unavailable)
    })
  })
})
