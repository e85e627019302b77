import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { loadTables } from '#src/platform/db/catalogue.ts'
import { isUniqueViolation } from '#src/platform/db/database-error.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { Unavailable } from '#src/platform/errors.ts'
import { createLog } from '#src/platform/log.ts'
import { startChild } from '#test/support/child-process.ts'
import { freshDatabase, onBothDatabases, testLog } from '#test/support/databases.ts'

onBothDatabases((_kind, open) => {
  let db: OpenDb
  before(async () => {
    db = await open()
  })
  const put = (tx: OpenDb['pool'], name: string, version = 1): Promise<unknown> =>
    tx.insertInto('reference_version').values({ name, version, updated_at: '2026-12-11T10:00:00.000Z' }).execute()
  const names = async (): Promise<string[]> => {
    const rows = await db.pool.selectFrom('reference_version').select('name').orderBy('name').execute()
    return rows.map((row) => row.name)
  }

  describe('values', () => {
    test('read as the same JavaScript types', async () => {
      const { rows } = await sql`select
        9007199254740991::int8 as big, 7::int4 as small, 1.5::float8 as float, 1.50::numeric as numeric, true as yes,
        date '2026-03-29' as day, timestamptz '2026-03-29 02:30:00.25+01' as instant, null::text as nothing,
        '{"b":[1,null]}'::jsonb as json, array['a','b "c", \\d','NULL',null,'','é'] as texts, array[1,2]::int8[] as bigs,
        array[date '2026-12-25'] as days, '{}'::text[] as none`.execute(db.pool)
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
          texts: ['a', 'b "c", \\d', 'NULL', null, '', 'é'],
          bigs: [1, 2],
          days: ['2026-12-25'],
          none: [],
        },
      ])
    })

    test('are written as the same JavaScript types', async () => {
      const instant = new Date('2026-03-29T01:30:00.250Z')
      const { rows } = await sql`select
        ${5}::int8 as big, ${0.1}::float8 as float, ${true}::bool as yes, ${null}::text as nothing, ${instant}::timestamptz as instant,
        ${['a', 'b "c", \\d', null, 'NULL', '']}::text[] as texts, ${[1, 2]}::int8[] as bigs, ${'2026-12-25'}::date as day,
        ${{ a: "it's" }}::jsonb as json, ${JSON.stringify([1, 'x'])}::jsonb as list, ${'5'}::text as text, ${5}::text as number_text
      `.execute(db.pool)
      assert.deepEqual(rows, [
        {
          big: 5,
          float: 0.1,
          yes: true,
          nothing: null,
          instant: '2026-03-29T01:30:00.250Z',
          texts: ['a', 'b "c", \\d', null, 'NULL', ''],
          bigs: [1, 2],
          day: '2026-12-25',
          json: { a: "it's" },
          list: [1, 'x'],
          text: '5',
          number_text: '5',
        },
      ])
    })

    test('beyond the whole numbers we can read throw, as do values without a form', async () => {
      await assert.rejects(sql`select 9007199254740992::int8`.execute(db.pool), RangeError)
      await assert.rejects(sql`select ${Number.NaN}::float8`.execute(db.pool), TypeError)
      await assert.rejects(sql`select ${new Uint8Array(1)}::bytea`.execute(db.pool), TypeError)
    })

    test('sort by code point where no other order is stated', async () => {
      const { rows } = await sql<{
        t: string
      }>`select t from unnest(array['b','A','a','é','B']) as t order by t collate "C"`.execute(db.pool)
      assert.deepEqual(
        rows.map(({ t }) => t),
        ['A', 'B', 'a', 'b', 'é'],
      )
    })

    test('a write says how many rows it touched', async () => {
      await put(db.pool, 'count-a')
      await put(db.pool, 'count-b')
      const updated = await db.pool
        .updateTable('reference_version')
        .set({ version: 2 })
        .where('name', 'like', 'count-%')
        .executeTakeFirst()
      assert.equal(updated.numUpdatedRows, 2n)
      const deleted = await db.pool.deleteFrom('reference_version').where('name', 'like', 'count-%').executeTakeFirst()
      assert.equal(deleted.numDeletedRows, 2n)
    })
  })

  describe('transactions', () => {
    test('commit what was done, and give back what the work gives', async () => {
      const value = await db.transact(async (tx) => {
        await put(tx, 'kept')
        return 5
      })
      assert.equal(value, 5)
      assert.deepEqual(await names(), ['kept'])
    })

    test('roll back when the work throws, and throw the same', async () => {
      const reason = new Error('no')
      const failing = db.transact(async (tx) => {
        await put(tx, 'gone')
        throw reason
      })
      await assert.rejects(failing, (error) => error === reason)
      assert.deepEqual(await names(), ['kept'])
    })

    test('never commit after a statement failed, even when the failure was caught', async () => {
      const failing = db.transact(async (tx) => {
        await put(tx, 'half')
        await put(tx, 'kept').catch(() => {})
      })
      await assert.rejects(failing)
      assert.deepEqual(await names(), ['kept'])
      await put(db.pool, 'later')
    })

    test('a refused key is told apart from other errors', async () => {
      const refused = (what: Promise<unknown>): Promise<unknown> =>
        what.then(
          () => undefined,
          (error: unknown) => error,
        )
      const taken = await refused(put(db.pool, 'kept'))
      assert.equal(isUniqueViolation(taken), true)
      assert.equal(isUniqueViolation(taken, 'reference_version_pkey'), true)
      assert.equal(isUniqueViolation(taken, 'another'), false)
      assert.equal(isUniqueViolation(await refused(sql`select nonsense`.execute(db.pool))), false)
    })

    test('the pool inside a transaction is refused, however it is reached, and so is a second transaction', async () => {
      const pool = db.pool
      const uses: readonly (readonly [string, () => unknown])[] = [
        ['db.pool', () => db.pool],
        ['a pool kept from before', () => sql`select 1`.execute(pool)],
        ['a transaction inside', () => db.transact(async () => {})],
      ]
      for (const [what, use] of uses) {
        await assert.rejects(
          db.transact(async () => void (await use())),
          /inside a transaction/,
          what,
        )
      }
      assert.deepEqual((await sql`select 1 as one`.execute(db.pool)).rows, [{ one: 1 }])
    })

    test('what was started inside a transaction may use the pool once it is over', async () => {
      let later: Promise<unknown> = Promise.resolve()
      const over = Promise.withResolvers<void>()
      await db.transact(async () => {
        later = over.promise.then(() => sql`select 1`.execute(db.pool))
      })
      over.resolve()
      await later
    })

    test('run side by side without seeing what the other has not committed', async () => {
      const inside = Promise.withResolvers<void>()
      const finish = Promise.withResolvers<void>()
      const open = db.transact(async (tx) => {
        await put(tx, 'unseen')
        inside.resolve()
        await finish.promise
      })
      await inside.promise
      const look = names()
      finish.resolve()
      await open
      // PostgreSQL answers with what was committed then; the embedded database answers afterwards.
      assert.ok([2, 3].includes((await look).length))
      assert.equal((await names()).length, 3)
    })
  })

  test('tables.ts names exactly the tables and columns that the migrations make', async () => {
    const described = new Map<string, string[]>()
    const folder = new URL('../../src/platform/db/', import.meta.url)
    const body = readdirSync(folder)
      .filter((name) => /^(.*-)?tables\.ts$/.test(name))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .map((text) => text.slice(text.indexOf('export type ')))
      .join('\n')
    for (const [, table = '', columns = ''] of body.matchAll(/^ {2}(\w+): \{([^}]*)\}/gm)) {
      described.set(table, [...columns.matchAll(/(\w+):/g)].map(([, column = '']) => column).sort())
    }
    const real = await db.pool.introspection.getTables()
    const found = new Map(real.map((table) => [table.name, table.columns.map((column) => column.name).sort()]))
    assert.deepEqual(Object.fromEntries([...described].sort()), Object.fromEntries([...found].sort()))
  })

  test('every table has a primary key, by which a backup reads it', async () => {
    for (const table of await loadTables(db.pool)) assert.notEqual(table.primaryKey.length, 0, table.name)
  })

  test('every table is listed after those it refers to', async () => {
    const order = (await loadTables(db.pool)).map((table) => table.name)
    assert.ok(order.indexOf('profile') < order.indexOf('service'))
    assert.ok(order.indexOf('person') < order.indexOf('identity'))
  })

  test('a commit to the ledger is announced, a rollback is not', async () => {
    const entry = { actor: 'system:test', action: 'test', target: 'test', detail: {}, changes: [] }
    let heard = 0
    const first = Promise.withResolvers<void>()
    const stop = db.onCommit(() => {
      heard += 1
      first.resolve()
    })
    const rolledBack = db.transact(async (tx) => {
      await appendToLedger(tx, '2026-12-11T10:00:00.000Z', [entry])
      throw new Error('no')
    })
    await assert.rejects(rolledBack, /no/)
    await db.transact((tx) => appendToLedger(tx, '2026-12-11T10:00:00.000Z', [entry]))
    await first.promise
    stop()
    assert.equal(heard, 1)
  })

  test('closing twice is the same as closing once', async () => {
    const other = await open()
    await Promise.all([other.close(), other.close()])
    await other.close()
  })
})

describe('PostgreSQL in production', () => {
  test('a commit of another process is heard', async () => {
    const address = await freshDatabase('postgres')
    const db = await openDb({ ...address, log: testLog })
    const child = startChild('contracts/children/hold-database.ts', [address.dataDir, address.databaseUrl ?? ''])
    assert.equal(await child.line(), 'open')
    const heard = Promise.withResolvers<void>()
    db.onCommit(heard.resolve)
    child.process.stdin?.write('write\n')
    await heard.promise
    await child.kill()
    await db.close()
  })

  test('lost connections end nothing: the query fails as unavailable, the next ones work, commits are heard again', async () => {
    const address = await freshDatabase('postgres')
    const db = await openDb({ ...address, log: createLog('silent') })
    const killer = new pg.Client({ connectionString: address.databaseUrl ?? '' })
    await killer.connect()
    const cutAll = async (): Promise<void> => {
      await killer.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
    }
    const again = Promise.withResolvers<void>()
    await assert.rejects(
      db.transact(async (tx) => {
        await sql`select 1`.execute(tx)
        await cutAll()
        await sql`select 1`.execute(tx)
      }),
      Unavailable,
    )
    // The watch announces itself when it is back, because it may have missed something.
    db.onCommit(again.resolve)
    await again.promise
    for (let tries = 0; ; tries++) {
      // A connection that was cut while nobody used it may be handed out once.
      const answer = await sql`select 1`.execute(db.pool).catch((error: unknown) => error)
      if (!(answer instanceof Unavailable)) break
      assert.ok(tries < 10)
      await wait(1)
    }
    await killer.end()
    await db.close()
  })
})

describe('an embedded database whose process is killed', () => {
  test('has every commit that was acknowledged, and none by half', async () => {
    const { dataDir } = await freshDatabase('embedded')
    for (let round = 1; round <= 3; round++) {
      const child = startChild('contracts/children/acknowledged-commits.ts', [dataDir])
      let acknowledged = 0
      for (let n = 0; n < 40 * round; n++) acknowledged = Number(await child.line())
      await child.kill()
      const db = await openDb({ dataDir, log: testLog })
      const { rows } = await sql<{ parts: number; numbers: number; last: number }>`
        select count(*) as parts, count(distinct ods_code) as numbers, max(ods_code::int) as last from request`.execute(
        db.pool,
      )
      const found = rows[0]
      assert.ok(found)
      assert.ok(
        found.last >= acknowledged,
        `round ${round}: ${acknowledged} was acknowledged, ${found.last} is the last there`,
      )
      assert.equal(found.parts, found.numbers * 2)
      await db.close()
    }
  })
})

describe('an embedded database that is written to', () => {
  test('makes checkpoints while it runs, so that its log does not grow and a kill costs seconds', async () => {
    const db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    const lastCheckpoint = async (): Promise<string | undefined> => {
      const { rows } = await sql<{ at: string }>`select redo_lsn::text as at from pg_control_checkpoint()`.execute(
        db.pool,
      )
      return rows[0]?.at
    }
    const atFirst = await lastCheckpoint()
    await sql`create table filler (words text)`.execute(db.pool)
    await sql`insert into filler select repeat(md5(n::text), 30) from generate_series(1, 80000) n`.execute(db.pool)
    for (let tries = 0; tries < 300 && (await lastCheckpoint()) === atFirst; tries++) await wait(100)
    const later = await lastCheckpoint()
    await db.close()
    assert.notEqual(later, atFirst)
  })
})
