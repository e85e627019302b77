/** Accounts of programs as operators make them: on the command line, beside the running server. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readConfig } from '#src/config.ts'
import { loadMemory, type Memory } from '#src/memory.ts'
import { systemClock as clock } from '#src/platform/clock.ts'
import { openAdminChannel } from '#src/platform/db/admin-channel.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { startChild } from '#test/support/child-process.ts'
import { type DatabaseAddress, freshDatabase, testLog as log } from '#test/support/databases.ts'

const HERE = '192.0.2.1'
let address: DatabaseAddress
let db: OpenDb
let memory: Memory
let admin: { close(): Promise<void> }

before(async () => {
  address = await freshDatabase('embedded')
  db = await openDb({ ...address, log })
  memory = await loadMemory({ db, log, clock, secretsPepper: readConfig({}).secretsPepper })
  admin = await openAdminChannel({ db, dataDir: address.dataDir, log, handlers: {} })
})
after(async () => {
  await admin.close()
  await memory.stop()
  await db.close()
})

async function client(...args: string[]) {
  const child = startChild('../src/signpost.ts', ['client', ...args], { DATA_DIR: address.dataDir, DATABASE_URL: '' })
  const output: string[] = []
  child.process.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  const { code } = await child.ended
  return { code, lines: output.join('').trimEnd().split('\n'), errors: child.errors() }
}
const signIn = (name: string, password: string) => memory.apiAccounts.authenticate('urgent-care', name, password, HERE)

test('an account made beside a running server works at once, and its password is not printed', async () => {
  const asked = ['create', '--api', 'urgent-care', '--username', 'supplier', '--password', 'dolphin', '--role', '4']
  const made = await client(...asked)
  assert.deepEqual(made, {
    ...{ code: 0, errors: '' },
    lines: ['supplier: created for urgent-care', 'permissions  webService'],
  })
  assert.equal((await signIn('supplier', 'dolphin'))?.role, 4)
  assert.deepEqual((await client(...asked)).lines, ['supplier: unchanged', 'permissions  webService'])
})

test('a secret that is made here is printed once; options that repeat are all taken', async () => {
  const asked = ['create', '--api', 'urgent-care', '--username', 'second', '--role', '7']
  const lists = ['--permission', 'webService', '--permission', 'roadDistance', '--service', '12', '--service', '11']
  const made = await client(...asked, ...lists)
  const secret = made.lines.find((line) => line.startsWith('secret'))?.split(/ +/)[1] ?? ''
  assert.match(secret, /^[0-9a-f]{48}$/)
  const account = await signIn('second', secret)
  assert.deepEqual(
    [account?.permissions, account?.services],
    [
      ['roadDistance', 'webService'],
      [11, 12],
    ],
  )
  assert.doesNotMatch((await client(...asked)).lines.join(), /secret/)
  const changed = await client('create', '--api', 'urgent-care', '--username', 'second', '--per-minute', '60')
  assert.equal(changed.lines[0], 'second: changed (requests a minute)')
  const { lines } = await client('list')
  const second = /^second {2}urgent-care {2}active {2}role 7 {2}roadDistance, webService {2}2 services {2}60 requests a/
  assert.match(lines[0] ?? '', second)
  assert.doesNotMatch(lines.join(), new RegExp(`argon2|${secret}`))
})

test('a disabled account is shut out', async () => {
  assert.deepEqual((await client('disable', '--username', 'supplier')).lines, ['supplier: disabled'])
  await memory.apiAccounts.refresh()
  assert.equal(await signIn('supplier', 'dolphin'), undefined)
})

test('an account for capacities may set what it names, and its secret alone says whose it is', async () => {
  const made = await client('create', '--api', 'capacity', '--username', 'dashboard', '--service', '12')
  assert.deepEqual(made.lines.slice(0, 2), ['dashboard: created for capacity', 'permissions  editCapacity'])
  assert.equal(made.lines.at(-1), 'It is sent as   Authorization: Token SECRET')
  const secret = made.lines.find((line) => line.startsWith('secret'))?.split(/ +/)[1] ?? ''
  assert.deepEqual(await memory.apiAccounts.namesFor('capacity', secret), ['dashboard'])
})

const wrong: [args: string[], message: RegExp][] = [
  [['create', '--api', 'urgent-care'], /^client create needs --api and --username/],
  [['create', '--api', 'soap', '--username', 'x'], /^"soap" is not an API: choose one of urgent-care, /],
  [['create', '--api', 'urgent-care', '--username', 'x'], /^An account of urgent-care needs --role N/],
  [
    ['create', '--api', 'fhir', '--username', 'x', '--permission', 'all'],
    /^"all" is not a permission: choose from web/,
  ],
  [['create', '--api', 'fhir', '--username', 'second'], /^"second" is an account of urgent-care: choose another/],
  [['create', '--api', 'fhir', '--usrname', 'x'], /^client create has no option --usrname/],
  [['disable', '--username', 'x'], /^There is no account "x"/],
]
for (const [args, message] of wrong) {
  test(`\`client ${args.join(' ')}\` is refused in one line, with code 2`, async () => {
    const { code, errors } = await client(...args)
    assert.equal(code, 2)
    assert.match(errors, message)
    assert.equal(errors.trimEnd().split('\n').length, 1)
  })
}
