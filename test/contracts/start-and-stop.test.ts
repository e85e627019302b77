/** The process as whoever runs it meets it: what it prints, when it answers, how it ends. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Child, startChild } from '#test/support/child-process.ts'
import { freshDatabase } from '#test/support/databases.ts'
import { freePort } from '#test/support/free-port.ts'
import { temporaryFolder } from '#test/support/postgres-cluster.ts'

const children: Child[] = []
after(async () => {
  for (const child of children) await child.kill()
})

/** Starts the product without the fictitious directory, on free ports. */
async function startProduct(settings: Record<string, string>): Promise<{ child: Child; port: number }> {
  const port = await freePort()
  const ports = { PORT: String(port), DEMO_NHSMAIL_PORT: String(await freePort()) }
  const child = startChild('../src/main.ts', [], { DEMO: 'off', LOG_LEVEL: 'warn', ...ports, ...settings })
  children.push(child)
  return { child, port }
}

const get = (port: number, path: string) => fetch(`http://127.0.0.1:${port}${path}`)

test('it says that it is ready when it answers, and ends cleanly when it is told to', async () => {
  const { dataDir } = await freshDatabase('embedded')
  const { child, port } = await startProduct({ DATA_DIR: dataDir })
  assert.equal(await child.line(), `Signpost is ready at http://localhost:${port}`)
  for (const path of ['/', '/health/live', '/health/ready', '/metrics', '/api/v1/openapi.json', '/sign-in']) {
    assert.equal((await get(port, path)).status, 200, path)
  }
  assert.ok(existsSync(join(dataDir, 'admin.json')))
  child.process.kill('SIGTERM')
  assert.deepEqual(await child.ended, { code: 0, signal: null })
  assert.equal(child.errors(), '')
  assert.ok(!existsSync(join(dataDir, 'admin.json')), 'nobody should look for commands any more')
})

test('on PostgreSQL pages and work can be processes of their own', async () => {
  const { databaseUrl = '' } = await freshDatabase('postgres')
  const settings = { DATABASE_URL: databaseUrl, DATA_DIR: temporaryFolder('data') }
  const web = await startProduct({ ...settings, ROLE: 'web' })
  assert.match(await web.child.line(), /is ready/)
  const worker = await startProduct({ ...settings, ROLE: 'worker' })
  assert.match(await worker.child.line(), /is ready/)
  assert.equal((await get(worker.port, '/health/ready')).status, 200)
  assert.match(await (await get(worker.port, '/metrics')).text(), /^signpost_jobs_stuck 0$/m)
  assert.equal((await get(worker.port, '/')).status, 404)
  assert.equal((await get(web.port, '/')).status, 200)
  for (const { child } of [web, worker]) {
    child.process.kill('SIGINT')
    assert.equal((await child.ended).code, 0)
  }
})

const wrong: readonly [because: string, settings: Record<string, string>, line: RegExp][] = [
  ['a setting that is no number', { PORT: 'many' }, /^Signpost stopped: PORT is wrong: /],
  ['a role that needs PostgreSQL', { ROLE: 'web' }, /needs DATABASE_URL/],
  ['production without its settings', { SIGNPOST_ENV: 'production' }, /BASE_URL must be an https/],
  ['an address that this machine does not have', { HOST: '192.0.2.1' }, /Set HOST to one that it has$/m],
]
for (const [because, settings, line] of wrong) {
  test(`${because} ends the start with one clear line`, async () => {
    const { dataDir } = await freshDatabase('embedded')
    const { child } = await startProduct({ DATA_DIR: dataDir, ...settings })
    assert.equal((await child.ended).code, 1)
    assert.match(child.errors(), line)
    assert.equal(child.errors().trim().split('\n').length, 1)
  })
}

test('a port that is taken ends the start with one clear line', async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1', resolve)
  await promise
  t.after(() => other.close())
  const { dataDir } = await freshDatabase('embedded')
  const { child } = await startProduct({ DATA_DIR: dataDir, PORT: String(port) })
  assert.equal((await child.ended).code, 1)
  assert.match(
    child.errors(),
    /^Signpost stopped: Port \d+ at 127\.0\.0\.1 cannot be used: another program is using it/,
  )
  assert.equal(child.errors().trim().split('\n').length, 1)
})
