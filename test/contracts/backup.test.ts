import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { writeBackup } from '#src/platform/db/backup.ts'
import { WrongBackup } from '#src/platform/db/backup-file.ts'
import { loadTables } from '#src/platform/db/catalogue.ts'
import type { Db } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { readMigrations } from '#src/platform/db/migrations.ts'
import { openAlone, openDb } from '#src/platform/db/open-db.ts'
import { restoreBackup } from '#src/platform/db/restore.ts'
import { backUpEmbedded, vacuumEmbedded } from '#src/platform/db/upkeep.ts'
import { verifyLedger } from '#src/platform/db/verify-ledger.ts'
import { StartProblem } from '#src/platform/errors.ts'
import { type DatabaseAddress, type DatabaseKind, freshDatabase, testLog } from '#test/support/databases.ts'
import { temporaryFolder } from '#test/support/postgres-cluster.ts'
import { mountSmallDisk } from '#test/support/small-disk.ts'

const NOW = new Date('2026-12-11T02:30:00.000Z')
const AT = NOW.toISOString()
const folder = temporaryFolder('backups')
const file = join(folder, 'full.backup')

const withDb = async <T>(address: DatabaseAddress, work: (db: Db) => Promise<T>): Promise<T> => {
  const db = await openDb({ ...address, log: testLog })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

/** Awkward values in every kind of column. */
async function fill(db: Db): Promise<void> {
  await db.transact(async (tx) => {
    const person = { email: 'zoë@example.org', name: 'Zoë "Z" O’Neill\n\\N {NULL} \u2028', created_at: AT }
    for (const email of [person.email, 'b@example.org']) {
      await tx
        .insertInto('person')
        .values({ ...person, email })
        .execute()
    }
    await tx.insertInto('identity').values({ issuer: 'https://i', subject: 's', person_id: 2 }).execute()
    await tx
      .insertInto('session')
      .values({
        token_hash: 'hash-of-a-session',
        person_id: 1,
        created_at: AT,
        last_seen_at: AT,
        expires_at: AT,
        proved_at: AT,
      })
      .execute()
    const document = JSON.stringify({ a: [1.5, null, 'é"\\'], b: { c: '' } })
    await tx
      .insertInto('profile')
      .values({ ods_code: 'FA002', name: "O'Neill", status: 'open', version: 1, document, sections: '{}', seq: 1 })
      .execute()
    await tx
      .insertInto('service')
      .values({
        uid: 2140000001,
        ods_code: 'FA002AB',
        type_id: 13,
        status: 'ACTIVE',
        profile_ods: 'FA002',
        record: document,
        seq: 1,
      })
      .execute()
    await tx
      .insertInto('postcode')
      .values({ postcode_key: 'M337AB', latitude: 53.42424242424243, longitude: -2.3e-7, source: 'test' })
      .execute()
    await tx.insertInto('bank_holiday').values({ held_on: '2026-12-28', title: 'Boxing Day', source: 'test' }).execute()
    // More rows than are read or written at a time.
    await sql`insert into job (queue, payload) select 'mail', jsonb_build_object('n', n) from generate_series(1, 1201) as n`.execute(
      tx,
    )
    const change = { uid: 1, odsCode: null, fields: ['a,b', 'c"d'], before: null, after: { x: 0.1 } }
    const entry = {
      actor: 'person:zoë@example.org',
      action: 'test',
      target: 't',
      detail: { note: '\u2028' },
      changes: [change],
    }
    await appendToLedger(tx, AT, [entry, { ...entry, changes: [] }])
  })
}

/** Everything a database holds, as text, apart from what a backup leaves out. */
async function everything(db: Db): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {}
  for (const { name } of await loadTables(db.pool)) {
    if (['session', 'sign_in_attempt', 'migration'].includes(name)) continue
    const { rows } = await sql<{ row: string }>`select ${sql.table(name)}::text as row from ${sql.table(name)}`.execute(
      db.pool,
    )
    found[name] = rows.map(({ row }) => row).sort()
  }
  return found
}

let original: Record<string, unknown[]>
before(async () => {
  await withDb(await freshDatabase('embedded'), async (db) => {
    await fill(db)
    original = await everything(db)
    const summary = await writeBackup(db, file, NOW)
    assert.equal(summary.rows, Object.values(original).flat().length)
  })
})

test('only its owner may read a backup, and it holds no sessions', () => {
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const text = gunzipSync(readFileSync(file)).toString()
  assert.ok(!text.includes('hash-of-a-session') && !text.includes('"session"'))
  assert.deepEqual(readdirSync(folder), ['full.backup'])
})

for (const kind of ['postgres', 'embedded'] as const satisfies readonly DatabaseKind[]) {
  describe(`restoring into ${kind === 'embedded' ? 'the embedded database' : 'PostgreSQL'}`, () => {
    let address: DatabaseAddress
    before(async () => {
      address = await freshDatabase(kind)
    })
    const restore = (from: string) => restoreBackup({ ...address, log: testLog }, from)

    test('brings back everything, and replaces what was there', async () => {
      await withDb(address, async (db) => {
        await fill(db)
        await db.pool
          .insertInto('role_grant')
          .values({ email: 'x', role: 'y', granted_at: AT, granted_by: 'z' })
          .execute()
      })
      const summary = await restore(file)
      assert.deepEqual([summary.createdAt, summary.rows], [AT, Object.values(original).flat().length])
      await withDb(address, async (db) => {
        assert.deepEqual(await everything(db), original)
        assert.deepEqual(await verifyLedger(db.pool), { ok: true, entries: 2, changes: 1 })
        assert.deepEqual(await db.pool.selectFrom('session').selectAll().execute(), [])
      })
    })

    test('a backup of it is the same again', async () => {
      const again = join(folder, `again-${kind}.backup`)
      await withDb(address, (db) => writeBackup(db, again, NOW))
      assert.deepEqual(gunzipSync(readFileSync(again)), gunzipSync(readFileSync(file)))
    })

    const lines = (): string[] => gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')
    const wrongs: readonly (readonly [what: string, make: () => Buffer, message: RegExp])[] = [
      ['cut short', () => readFileSync(file).subarray(0, 900), /is cut short$/],
      ['without its end', () => gzipSync(`${lines().slice(0, -1).join('\n')}\n`), /is cut short: its end is missing$/],
      ['with a row less', () => gzipSync(`${lines().toSpliced(5, 1).join('\n')}\n`), /was altered$/],
      ['with a changed row', () => gzipSync(`${lines().join('\n').replace('Boxing', 'Boxed')}\n`), /was altered$/],
      ['with more after its end', () => gzipSync(`${[...lines(), '[]'].join('\n')}\n`), /goes on after its end/],
      ['that is something else', () => Buffer.from('ods_code,name\nFA002,x\n'), /is not a Signpost backup$/],
      ['that is other JSON', () => gzipSync('{"a":1}\n'), /is not a Signpost backup$/],
      ['that is empty', () => Buffer.alloc(0), /is (empty|cut short)$/],
      ['that is empty inside', () => gzipSync(''), /is empty$/],
      [
        'of a newer format',
        () => gzipSync(`${lines().join('\n').replace('"version":1', '"version":2')}\n`),
        /newer version/,
      ],
      [
        'of a newer schema',
        () =>
          gzipSync(
            `${lines().join('\n').replace('"migrations":[', '"migrations":[{"name":"9999-later","checksum":"x"},')}\n`,
          ),
        /altered$|another version of Signpost \(migration 9999-later is not known here\)$/,
      ],
    ]
    for (const [what, make, message] of wrongs) {
      test(`a file ${what} is refused`, async () => {
        const wrong = join(folder, 'wrong.backup')
        writeFileSync(wrong, make())
        await assert.rejects(restore(wrong), (error: Error) => {
          assert.ok(error instanceof WrongBackup)
          assert.match(error.message, message)
          return true
        })
      })
    }

    test('a file that is not there is refused', async () => {
      await assert.rejects(restore(join(folder, 'nowhere.backup')), /does not exist$/)
    })

    test('after all these refusals nothing has changed', async () => {
      await withDb(address, async (db) => assert.deepEqual(await everything(db), original))
    })

    test('new rows are numbered on, and what could only be added to still can only be added to', async () => {
      await withDb(address, async (db) => {
        const added = await db.pool
          .insertInto('person')
          .values({ email: 'new@example.org', name: 'New', created_at: AT })
          .returning('id')
          .executeTakeFirstOrThrow()
        assert.equal(added.id, 3)
        await assert.rejects(sql`delete from audit`.execute(db.pool), /append-only/)
      })
    })

    test('while a server or a command uses the database it is refused', async () => {
      await withDb(address, async () => {
        await assert.rejects(restore(file), StartProblem)
      })
      await restore(file)
    })

    test('when it fails half-way all is as it was', async () => {
      const rows = lines().map((line) => line.replace('"2026-12-28"', '"2026-13-99"'))
      const body = rows
        .slice(0, -1)
        .map((line) => `${line}\n`)
        .join('')
      const footer = JSON.parse(rows.at(-1) ?? '') as object
      const sha256 = createHash('sha256').update(body).digest('hex')
      const broken = join(folder, 'broken.backup')
      writeFileSync(broken, gzipSync(`${body}${JSON.stringify({ ...footer, sha256 })}\n`))
      await assert.rejects(restore(broken), /date/)
      await withDb(address, async (db) => assert.deepEqual(await everything(db), original))
    })

    test('a backup of an older version is brought up to date', async () => {
      const later = {
        name: '0002-later',
        checksum: 'x',
        statements: [`alter table person add column note text default 'new'`],
      }
      const settings = { ...address, log: testLog }
      await restoreBackup(settings, file, [...readMigrations(), later])
      await assert.rejects(openDb(settings), /newer version of Signpost \(it has the migration 0002-later\)/)
      const db = await openAlone(settings)
      const { rows } = await sql`select id, note from person order by id limit 1`.execute(db.pool)
      assert.deepEqual(rows, [{ id: 1, note: 'new' }])
      await db.close()
    })
  })
}

test('a database used by a newer version can be replaced by a backup of this one', async () => {
  const address = await freshDatabase('embedded')
  await withDb(address, (db) => sql`insert into migration (name, checksum) values ('9999-later', 'x')`.execute(db.pool))
  await assert.rejects(openDb({ ...address, log: testLog }), /newer version/)
  await restoreBackup({ ...address, log: testLog }, file)
  await withDb(address, async (db) => assert.deepEqual(await everything(db), original))
})

test('a backup for which the disk has no room is given up, and the one before is kept', async (t) => {
  const disk = mountSmallDisk(1)
  if (!disk) return t.skip('a small disk can be mounted by root only')
  t.after(() => disk.unmount())
  await withDb(await freshDatabase('embedded'), async (db) => {
    const small = join(disk.dir, 'nightly.backup')
    await writeBackup(db, small, NOW)
    const before = readFileSync(small)
    await sql`
      insert into job (queue, payload)
      select 'mail', jsonb_build_object('noise', (select string_agg(md5(random()::text || m), '') from generate_series(1, 100 + 0 * n) as m))
      from generate_series(1, 1000) as n`.execute(db.pool)
    await assert.rejects(writeBackup(db, small, NOW), { code: 'ENOSPC' })
    assert.deepEqual(readFileSync(small), before)
    assert.deepEqual(readdirSync(disk.dir), ['nightly.backup'])
    await sql`select 1`.execute(db.pool)
  })
})

test('the nightly backup of the embedded database keeps the newest seven', async () => {
  const address = await freshDatabase('embedded')
  await withDb(address, async (db) => {
    await vacuumEmbedded(db)
    for (let day = 1; day <= 9; day++) await backUpEmbedded(db, address.dataDir, new Date(`2026-12-0${day}T02:30:00Z`))
  })
  const kept = readdirSync(join(address.dataDir, 'backups')).sort()
  assert.deepEqual([kept.length, kept[0], kept[6]], [7, 'signpost-2026-12-03.backup', 'signpost-2026-12-09.backup'])
})
