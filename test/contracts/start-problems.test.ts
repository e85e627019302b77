import assert from 'node:assert/strict'
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { lockDataDirectory, makeDataDirectory } from '#src/platform/db/data-directory.ts'
import { migrate, readMigrations, splitStatements } from '#src/platform/db/migrations.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { connectionProblem, refuseOldVersion } from '#src/platform/db/postgres.ts'
import { StartProblem } from '#src/platform/errors.ts'
import { startChild } from '#test/support/child-process.ts'
import { emptyPostgres, freshDatabase, onBothDatabases, testLog } from '#test/support/databases.ts'
import { temporaryFolder } from '#test/support/postgres-cluster.ts'
import { mountSmallDisk } from '#test/support/small-disk.ts'

/** A start problem is one line for the person who started the server. */
const oneLine =
  (expected: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof StartProblem, String(error))
    assert.match(error.message, expected)
    assert.ok(!error.message.includes('\n'))
    return true
  }
const refused = (settings: { dataDir?: string; databaseUrl?: string }, expected: RegExp): Promise<void> =>
  assert.rejects(openDb({ dataDir: temporaryFolder('data'), ...settings, log: testLog }), oneLine(expected))

describe('the data directory', () => {
  test('serves one process; it is free again at once when that one is killed', async () => {
    const { dataDir } = await freshDatabase('embedded')
    const owner = startChild('contracts/children/hold-database.ts', [dataDir])
    assert.equal(await owner.line(), 'open')
    await refused({ dataDir }, /is in use by another Signpost process/)
    await owner.kill()
    const db = await openDb({ dataDir, log: testLog })
    await refused({ dataDir }, /is in use/)
    await db.close()
  })

  test('is locked on systems without abstract sockets too, and a lock left by a killed process is no obstacle', async () => {
    const dir = temporaryFolder('data')
    const unlock = await lockDataDirectory(dir, 'darwin')
    await assert.rejects(lockDataDirectory(dir, 'darwin'), oneLine(/is in use/))
    await unlock()
    const release = await lockDataDirectory(dir, 'darwin')
    await release()
  })

  test('is made, with the folders above it', async () => {
    const dataDir = join(temporaryFolder('data'), 'deep', 'down')
    makeDataDirectory(dataDir)
    makeDataDirectory(dataDir)
  })

  test('may not be a file, nor lie below one', async () => {
    const file = join(temporaryFolder('data'), 'file')
    writeFileSync(file, '')
    await refused({ dataDir: file }, /a part of the path is a file/)
    await refused({ dataDir: join(file, 'below') }, /a part of the path is a file/)
  })

  test('must be writable', () => {
    const dir = temporaryFolder('data')
    chmodSync(dir, 0o500)
    asSomebodyElse(() => {
      assert.throws(() => makeDataDirectory(dir), oneLine(/permission denied/))
      assert.throws(() => makeDataDirectory(join(dir, 'below')), oneLine(/permission denied/))
    })
    chmodSync(dir, 0o700)
  })

  test('of another PostgreSQL format is refused', async () => {
    const dataDir = temporaryFolder('data')
    mkdirSync(join(dataDir, 'db'))
    writeFileSync(join(dataDir, 'db', 'PG_VERSION'), '17\n')
    await refused({ dataDir }, /was written by embedded PostgreSQL 17/)
  })
})

/** Root may write anywhere, so root becomes the user nobody meanwhile. */
function asSomebodyElse(work: () => void): void {
  const root = process.geteuid?.() === 0
  if (root) process.seteuid?.(65_534)
  try {
    work()
  } finally {
    if (root) process.seteuid?.(0)
  }
}

describe('a full disk', () => {
  const smallDisk = (t: TestContext, megabytes: number) => {
    const disk = mountSmallDisk(megabytes)
    if (!disk) t.skip('a small disk can be mounted by root only')
    else t.after(() => disk.unmount())
    return disk
  }

  test('at the first start is one line', async (t) => {
    const disk = smallDisk(t, 8)
    if (disk)
      await refused({ dataDir: join(disk.dir, 'data') }, /^The embedded database in .* cannot start: the disk is full$/)
  })

  test('while the server runs: the save is refused, the process ends with one line, nothing acknowledged is lost', async (t) => {
    const disk = smallDisk(t, 48)
    if (!disk) return
    const dataDir = join(disk.dir, 'data')
    cpSync((await freshDatabase('embedded')).dataDir, dataDir, { recursive: true })
    const child = startChild('contracts/children/acknowledged-commits.ts', [dataDir])
    let acknowledged = 0
    for (let line = await child.line(); line !== 'refused'; line = await child.line()) acknowledged = Number(line)
    const { code } = await child.ended
    assert.equal(code, 1)
    const [line = '', ...more] = child.errors().trim().split('\n')
    assert.deepEqual(more, [])
    assert.equal(
      (JSON.parse(line) as { msg: string }).msg,
      `The embedded database in ${dataDir} stopped: the disk is full`,
    )
    assert.ok(acknowledged > 0)

    disk.enlarge(128)
    const db = await openDb({ dataDir, log: testLog })
    const { rows } = await sql`select count(*) as parts, max(ods_code::int) as last from request`.execute(db.pool)
    assert.deepEqual(rows, [{ parts: acknowledged * 2, last: acknowledged }])
    await db.close()
  })
})

describe('PostgreSQL', () => {
  test('that cannot be reached', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    await refused(
      { databaseUrl: `postgres://u:secret@127.0.0.1:${port}/d` },
      /^PostgreSQL at 127.0.0.1:\d+ cannot be reached: [^\n]+$/,
    )
  })

  test('without that user or database', async () => {
    const url = new URL(await emptyPostgres())
    const other = (change: (url: URL) => void): string => {
      const changed = new URL(url)
      change(changed)
      return changed.href
    }
    await refused({ databaseUrl: other((it) => (it.username = 'nobody_here')) }, /does not let "nobody_here" in/)
    await refused(
      { databaseUrl: other((it) => (it.pathname = '/not_there')) },
      /has no database "not_there": create it/,
    )
  })

  test('that holds something else is not touched', async () => {
    const databaseUrl = await emptyPostgres()
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query('create table audit (mine text)')
    await refused({ databaseUrl }, /^The migration 0001-house failed: relation "audit" already exists$/)
    const { rows } = await client.query(
      `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    )
    assert.deepEqual(rows, [{ relname: 'audit' }])
    await client.end()
  })

  test('in which we may not create tables', async () => {
    const databaseUrl = await emptyPostgres()
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query('create role signpost_limited login')
    const limited = new URL(databaseUrl)
    limited.username = 'signpost_limited'
    await refused({ databaseUrl: limited.href }, /^The database cannot be set up: permission denied for schema public$/)
    await client.query('drop role signpost_limited')
    await client.end()
  })

  const refusals: readonly (readonly [code: string, expected: RegExp])[] = [
    ['28P01', /does not let "amina" in: check the user and password/],
    ['3D000', /has no database "directory"/],
    ['42501', /"amina" may not use the database "directory"/],
    ['ECONNREFUSED', /cannot be reached: it said\sno/],
  ]
  for (const [code, expected] of refusals) {
    test(`that answers ${code} is explained without the password`, () => {
      const error = Object.assign(new Error('it said\nno'), { code })
      const problem = connectionProblem('postgres://amina:hunter2@db.example:5433/directory', error)
      oneLine(expected)(problem)
      assert.match(problem.message, /db\.example:5433/)
      assert.ok(!problem.message.includes('hunter2'))
    })
  }

  test('that is too old', () => {
    assert.throws(() => refuseOldVersion(140_011, '14.11'), oneLine(/^PostgreSQL 14\.11 is too old/))
    refuseOldVersion(150_000, '15.0')
  })
})

onBothDatabases((_kind, open) => {
  describe('migrations', () => {
    const [first] = readMigrations()
    assert.ok(first)
    const later = {
      name: '9999-later',
      checksum: 'x',
      statements: ['create table later (id int primary key)', 'insert into later values (1)'],
    }

    test('are applied once, each recorded', async () => {
      const db = await open()
      assert.deepEqual(await migrate(db), [])
      assert.deepEqual(await migrate(db, [...readMigrations(), later]), ['9999-later'])
      assert.deepEqual(await migrate(db, [...readMigrations(), later]), [])
      assert.deepEqual((await sql`select id from later`.execute(db.pool)).rows, [{ id: 1 }])
      await assert.rejects(
        migrate(db),
        oneLine(/used by a newer version of Signpost \(it has the migration 9999-later\)/),
      )
    })

    test('that were edited after they were applied are refused', async () => {
      const db = await open()
      const edited = [{ ...first, checksum: 'other' }]
      await assert.rejects(migrate(db, edited), oneLine(/^The migration 0001-house is not the one/))
    })

    test('that fail leave nothing of them', async () => {
      const db = await open()
      const broken = { ...later, statements: [...later.statements, 'create nonsense'] }
      await assert.rejects(
        migrate(db, [...readMigrations(), broken]),
        oneLine(/^The migration 9999-later failed: syntax error/),
      )
      assert.deepEqual((await sql`select to_regclass('later') as found`.execute(db.pool)).rows, [{ found: null }])
    })
  })
})

describe('words after npm start', () => {
  const ask = async (...words: string[]) => {
    const child = startChild('../src/main.ts', words, { DATA_DIR: join(temporaryFolder('data'), 'untouched') })
    let output = ''
    child.process.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    const { code } = await child.ended
    return { code, output, errors: child.errors() }
  }

  test('that would change nothing are refused, with what to write instead', async () => {
    const { code, output, errors } = await ask('--port', '8080')
    assert.equal(code, 2)
    assert.equal(output, '')
    assert.match(errors, /^npm start takes no arguments, and was given: --port 8080\n\nUsage: npm start\n/)
    assert.match(errors, /PORT=8080 npm start\n/)
  })

  test('that ask for help are answered: settings, and the commands', async () => {
    const { code, output, errors } = await ask('--help')
    assert.equal(code, 0)
    assert.equal(errors, '')
    assert.match(output, /^Usage: npm start\n[\s\S]*docs\/operating\.md[\s\S]*\n {2}import ods\n[\s\S]*\n {2}backup\n/)
  })
})

test('two processes that start at once migrate one after the other', async () => {
  const databaseUrl = await emptyPostgres()
  const settings = { databaseUrl, dataDir: '', log: testLog }
  const dbs = await Promise.all([openDb(settings), openDb(settings), openDb(settings)])
  for (const db of dbs) await db.close()
})

test('a script is split at the semicolons that end statements', () => {
  const script = `-- a comment; with 'quotes'
create table a (b text default ';''--'); -- after
create function f() returns trigger language plpgsql as $$ begin raise 'x'; end $$;
create function g() returns int as $body$ select 1; $$ ; $body$ language sql; select 1 - 2, "a;b", '$$;'`
  assert.deepEqual(splitStatements(script), [
    `create table a (b text default ';''--')`,
    `create function f() returns trigger language plpgsql as $$ begin raise 'x'; end $$`,
    'create function g() returns int as $body$ select 1; $$ ; $body$ language sql',
    `select 1 - 2, "a;b", '$$;'`,
  ])
})
