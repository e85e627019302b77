import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { type AdminChannel, openAdminChannel } from '#src/platform/db/admin-channel.ts'
import { type CommandDb, openCommandDb } from '#src/platform/db/command-db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { StartProblem, Unavailable } from '#src/platform/errors.ts'
import { startChild } from '#test/support/child-process.ts'
import { type DatabaseAddress, freshDatabase, testLog } from '#test/support/databases.ts'

const handlers = {
  'index-digest': async () => ({ seq: 7, digest: 'abc' }),
  echo: async (argument: unknown) => argument,
  broken: async () => {
    throw new Error('no digest yet')
  },
}

let address: DatabaseAddress
let server: OpenDb
let channel: AdminChannel
let command: CommandDb
before(async () => {
  address = await freshDatabase('embedded')
  server = await openDb({ ...address, log: testLog })
  channel = await openAdminChannel({ db: server, dataDir: address.dataDir, log: testLog, handlers })
  command = await openCommandDb({ ...address, log: testLog })
})
after(async () => {
  await command.close()
  await channel.close()
  await server.close()
})

const countOf = async (name: string): Promise<number> => {
  const rows = await server.pool.selectFrom('reference_version').selectAll().where('name', '=', name).execute()
  return rows.length
}
const insert = (name: string) =>
  sql`insert into reference_version (name, version, updated_at) values (${name}, 1, now())`

test('the address is for its owner only', () => {
  assert.equal(statSync(join(address.dataDir, 'admin.json')).mode & 0o777, 0o600)
})

test('a command finds the running server and has the same Db', async () => {
  assert.equal(command.serverRunning, true)
  const { rows } = await sql`select 5::int8 as n, '[1]'::jsonb as j`.execute(command.pool)
  assert.deepEqual(rows, [{ n: 5, j: [1] }])
})

test("a command's transaction commits, or rolls back when its work throws", async () => {
  await command.transact((tx) => insert('kept').execute(tx))
  await assert.rejects(
    command.transact(async (tx) => {
      await insert('dropped').execute(tx)
      throw new Error('no')
    }),
    /^Error: no$/,
  )
  assert.deepEqual([await countOf('kept'), await countOf('dropped')], [1, 0])
})

test('an error of the database arrives with its code', async () => {
  await assert.rejects(insert('kept').execute(command.pool), { name: 'DatabaseError', code: '23505' })
})

test("the server hears of a command's commit, and the command of the server's", async () => {
  const heard = async (listener: OpenDb | CommandDb, writer: OpenDb | CommandDb): Promise<void> => {
    const commit = Promise.withResolvers<void>()
    const stop = listener.onCommit(commit.resolve)
    const entry = { actor: 'command:test', action: 'test', target: 'test', detail: {}, changes: [] }
    await writer.transact((tx) => appendToLedger(tx, '2026-12-11T10:00:00.000Z', [entry]))
    await commit.promise
    stop()
  }
  await heard(server, command)
  await heard(command, server)
})

test('the server itself answers requests by name', async () => {
  assert.deepEqual(await command.askServer('index-digest'), { seq: 7, digest: 'abc' })
  assert.deepEqual(await command.askServer('echo', { deep: [1] }), { deep: [1] })
  await assert.rejects(command.askServer('broken'), /no digest yet/)
  for (const unknown of ['nothing', 'toString', '__proto__']) {
    await assert.rejects(command.askServer(unknown), /does not know the request/)
  }
})

test('a command that is killed in the middle of a transaction leaves nothing behind, and the server works on', async () => {
  const child = startChild('contracts/children/open-transaction.ts', [address.dataDir])
  assert.equal(await child.line(), 'written')
  await child.kill()
  assert.equal(await countOf('half-done'), 0)
  await server.transact((tx) => insert('afterwards').execute(tx))
})

test('a command that leaves a transaction open without a word loses it', async () => {
  const warnings: string[] = []
  const log = { ...testLog, warn: (message: unknown) => void warnings.push(String(message)) }
  const other = await freshDatabase('embedded')
  const db = await openDb({ ...other, log })
  const impatient = await openAdminChannel({ db, dataDir: other.dataDir, log, handlers, idleTransactionMs: 1 })
  const silent = await openCommandDb({ ...other, log })
  const abandoned = Promise.withResolvers<void>()
  const inside = Promise.withResolvers<void>()
  const held = silent.transact(async (tx) => {
    inside.resolve()
    await abandoned.promise
    await insert('held').execute(tx)
  })
  const lost = assert.rejects(held, Unavailable)
  await inside.promise
  // Waits behind the open transaction, so it answers only once that was given up.
  const rows = await db.pool.selectFrom('reference_version').selectAll().execute()
  assert.deepEqual(rows, [])
  abandoned.resolve()
  await lost
  assert.equal(warnings.length, 1)
  await silent.close()
  await impatient.close()
  await db.close()
})

const strangers: readonly (readonly [because: string, greeting: string])[] = [
  ['a wrong token', `${JSON.stringify({ token: '0'.repeat(64) })}\n`],
  ['no token', '{}\n'],
  ['a web page that posts here', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a line without an end', 'x'.repeat(5000)],
  ['not an object', 'null\n'],
]
for (const [because, greeting] of strangers) {
  test(`whoever greets with ${because} is hung up on without a word`, async () => {
    const { port } = JSON.parse(readFileSync(join(address.dataDir, 'admin.json'), 'utf8')) as { port: number }
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()))
    socket.on('error', () => {})
    socket.write(greeting)
    await once(socket, 'close')
    assert.equal(heard, '')
  })
}

test('with a file left behind by a server that was killed, a command opens the database itself', async () => {
  const other = await freshDatabase('embedded')
  writeFileSync(join(other.dataDir, 'admin.json'), JSON.stringify({ port: 1, token: 'x', pid: 1 }))
  const alone = await openCommandDb({ ...other, log: testLog })
  assert.equal(alone.serverRunning, false)
  await assert.rejects(alone.askServer('index-digest'), /No server is running/)
  await alone.close()
})

test('a directory that stays in use by something that does not answer is a start problem', async () => {
  const other = await freshDatabase('embedded')
  const owner = await openDb({ ...other, log: testLog })
  await assert.rejects(openCommandDb({ ...other, log: testLog, patienceMs: 0 }), StartProblem)
  await owner.close()
})

test('closing removes the address', async () => {
  const other = await freshDatabase('embedded')
  const db = await openDb({ ...other, log: testLog })
  const short = await openAdminChannel({ db, dataDir: other.dataDir, log: testLog, handlers })
  await short.close()
  assert.equal(existsSync(join(other.dataDir, 'admin.json')), false)
  await db.close()
})

test('beside a server on PostgreSQL a command uses PostgreSQL, and can ask the server', async () => {
  const other = await freshDatabase('postgres')
  const db = await openDb({ ...other, log: testLog })
  const short = await openAdminChannel({ db, dataDir: other.dataDir, log: testLog, handlers })
  const beside = await openCommandDb({ ...other, log: testLog })
  assert.deepEqual([beside.kind, beside.serverRunning], ['postgres', true])
  assert.deepEqual(await beside.askServer('index-digest'), { seq: 7, digest: 'abc' })
  for (const part of [beside, short, db]) await part.close()
})
