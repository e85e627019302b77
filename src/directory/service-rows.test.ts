/** What the databases write out of a record when it is saved (`migrations/0005-service-texts.sql`), as it is read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detailsOf } from '#src/directory/triage/urgent-care-service.ts'
import type { Db } from '#src/platform/db/db.ts'
import { aService } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { rowOf } from '#test/support/service-row.ts'
import { storeServices } from '#test/support/stored-services.ts'
import { toUrgentCare } from '#test/support/urgent-care.ts'
import { saveServices } from './save-services.ts'
import type { ServiceRecord } from './service-record.ts'
import type { ServiceRow } from './service-row.ts'
import { readAllServices, rowOfUnsaved } from './service-rows.ts'

const everything: ServiceRecord['other'] = {
  genders: ['M'],
  ages: [[0, 364.25]],
  sgsd: { 1004: [4027], 1005: [4001, 4002] },
  dispositions: [1003],
  roles: [1, { id: 23 }],
  restricted: true,
  referrals: ['P81001'],
  limitedTo: ['P81002'],
  promotedTo: ['P81003'],
  returnIfOpenMinutes: 30,
  capacity: { status: 'RED', resetAt: '2026-12-11T18:00' },
  parentUid: 7,
  endpoints: [{ order: 1, transport: 'email', address: 'a@example.nhs.uk' }],
  attributes: [{ name: 'a', value: 1 }],
  hospitalScore: { total: 3, note: 'Busy', updatedAt: '2026-12-11T10:00' },
  unknown: { kept: true },
}
const nulls = Object.fromEntries(Object.keys(everything).map((key) => [key, null]))

const cases: readonly (readonly [Partial<ServiceRecord>, because: string])[] = [
  [{ other: everything }, 'all there is'],
  [{ other: {} }, 'nothing was given'],
  [{ other: nulls }, 'nothing was given, in words'],
  [{ name: 'A "quoted" \\ name\n‘é’ \u{1f48a}', other: everything }, 'text that JSON must escape'],
  [{ other: { genders: [], sgsd: {}, capacity: {} } }, 'empty is not missing'],
  [{ latitude: null, longitude: null, easting: null, northing: null, odsCode: null, other: {} }, 'not placed'],
]

const parsed = ({ facts, hours, clinical, details, ...rest }: ServiceRow): unknown => ({
  ...rest,
  ...Object.fromEntries(
    Object.entries({ facts, hours, clinical, details }).map(([key, text]) => [key, JSON.parse(text)]),
  ),
})

async function rowsIn(db: Db): Promise<readonly ServiceRow[]> {
  const rows: ServiceRow[] = []
  for await (const page of readAllServices(db.pool)) rows.push(...page)
  return rows
}

onBothDatabases((_kind, open) => {
  test('a service is read as its record says, whatever is missing', async () => {
    const db = await open()
    const records = cases.map(([given], index) => aService({ uid: index + 1, ...given }))
    await storeServices(db, records)
    const rows = await rowsIn(db)
    assert.equal(rows.length, cases.length)
    for (const [index, record] of records.entries()) {
      const row = rows[index] ?? assert.fail()
      const expected = { ...rowOf(record, row.seq), capacitySetAtSeconds: row.capacitySetAtSeconds }
      assert.deepEqual(parsed(row), parsed(expected), cases[index]?.[1])
      const unsaved = { ...(await rowOfUnsaved(db.pool, record)), seq: row.seq }
      assert.deepEqual({ ...unsaved, capacitySetAtSeconds: row.capacitySetAtSeconds }, row, 'and before it is stored')
    }
  })

  test('when a capacity was set is told to the millisecond', async () => {
    const db = await open()
    const at = '2026-12-11T10:00:00.123Z'
    const context = { actor: 'command:test', action: 'save', recordedAt: at }
    await db.transact((tx) => saveServices(tx, [aService({ uid: 1, other: everything })], context))
    const [row] = await rowsIn(db)
    const { capacitySetAtSeconds } = row ?? assert.fail()
    assert.equal(detailsOf({ ...toUrgentCare({ uid: 1 }), capacitySetAtSeconds }).capacitySetAt, at)
  })
})
