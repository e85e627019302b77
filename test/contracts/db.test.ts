import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { OpenDb } from '#src/platform/db/open-db.ts'
import { onBothDatabases } from '#test/support/databases.ts'

onBothDatabases((_kind, open) => {
  let db: OpenDb
  before(async () => {
    db = await open()
  })

  test('values read as the same JavaScript types', async () => {
    const { rows } = await sql`select
      9007199254740991::int8 as big, 7::int4 as small, 1.5::float8 as float, 1.50::numeric as numeric, true as yes,
      date '2026-03-29' as day, timestamptz '2026-03-29 02:30:00.25+01' as instant, null::text as nothing,
      '{"b":[1,null]}'::jsonb as json, array['a','b "c", \\d','NULL',null,''] as texts, array[1,2]::int8[] as bigs,
      array[date '2026-12-25'] as days`.execute(db.pool)
    assert.deepEqual(rows, [
      {
        big: 9007199254740991,
        small: 7,
        float: 1.5,
        numeric: '1.50',
        yes: true,
        day: '2026-03-29',
        instant: '2026-03-29T01:30:00.250Z',
        nothing: null,
        json: { b: [1, null] },
        texts: ['a', 'b "c", \\d', 'NULL', null, ''],
        bigs: [1, 2],
        days: ['2026-12-25'],
      },
    ])
  })
})
