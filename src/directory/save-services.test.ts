/** When a service's capacity was set, as `save-services.ts` and whoever writes services through it keep it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Db } from '#src/platform/db/db.ts'
import { aService } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { saveServices } from './save-services.ts'
import type { ServiceRecord } from './service-record.ts'

const FIRST = '2026-12-11T10:00:00.000Z'
const LATER = '2026-12-11T11:00:00.000Z'

const GREEN = { capacity: { status: 'GREEN' } }
const RED = { capacity: { status: 'RED', resetAt: '2026-12-11T18:00' } }
const RED_LATER = { capacity: { status: 'RED', resetAt: '2026-12-11T19:00' } }
const RED_TURNED_ROUND = { capacity: { resetAt: '2026-12-11T18:00', status: 'RED' } }

const save = (db: Db, record: ServiceRecord, recordedAt: string) =>
  db.transact((tx) => saveServices(tx, [record], { actor: 'command:test', action: 'save', recordedAt }))

const cases: readonly (readonly [
  first: object,
  then: Partial<ServiceRecord>,
  setAt: string | null,
  because: string,
])[] = [
  [GREEN, { other: GREEN }, FIRST, 'saving the same says nothing new'],
  [GREEN, { other: GREEN, phone: '01632 960002' }, FIRST, 'a new phone number is not a new capacity'],
  [GREEN, { other: { ...GREEN, roles: [1] } }, FIRST, 'nor is a new role'],
  [GREEN, { other: RED }, LATER, 'another status'],
  [RED, { other: RED_LATER }, LATER, 'another end'],
  [RED, { other: RED_TURNED_ROUND }, FIRST, 'the order of keys means nothing'],
  [{}, { other: {} }, null, 'none was ever set'],
  [{}, { other: GREEN }, LATER, 'set for the first time'],
  [RED, { other: {} }, null, 'there is none any more'],
]

onBothDatabases((_kind, open) => {
  test('a capacity keeps the time at which it was set until it is set to something else', async () => {
    const db = await open()
    for (const [index, [first, then, expected, because]] of cases.entries()) {
      const uid = index + 1
      await save(db, aService({ uid, other: first as ServiceRecord['other'] }), FIRST)
      await save(db, aService({ uid, ...then }), LATER)
      const row = await db.pool
        .selectFrom('service')
        .select('capacity_set_at')
        .where('uid', '=', uid)
        .executeTakeFirstOrThrow()

      assert.equal(row.capacity_set_at, expected, because)
    }
  })
})
