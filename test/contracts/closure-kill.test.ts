import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadOpenClosures } from '#src/closures/closure-records.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { loadServicesOf } from '#src/profiles/load-profiles.ts'
import { openBrowser, signInAs } from '#test/support/browser.ts'
import { aProfile } from '#test/support/builders.ts'
import { startChild } from '#test/support/child-process.ts'
import { type DatabaseAddress, freshDatabase, testLog } from '#test/support/databases.ts'
import { freePort } from '#test/support/free-port.ts'
import { AMINA, FIVE_SERVICES, type Person, send, storePharmacy, visible } from '#test/support/manage.ts'

const CLOSE = '/manage/FX123/close-now'
const ALL_WEEK = Array(7).fill([{ opens: 0, closes: 1440 }])
const clock = { now: () => new Date() }

/** The product as a process of its own, on this database. */
async function startServer({ dataDir, databaseUrl }: DatabaseAddress) {
  const port = await freePort()
  const server = startChild('../src/main.ts', [], {
    PORT: String(port),
    DATA_DIR: dataDir,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    DEMO: 'off',
    DEMO_NHSMAIL_PORT: String(await freePort()),
    LOG_LEVEL: 'error',
  })
  let line = ''
  while (!line.startsWith('Signpost is ready')) line = await server.line()
  return { server, browser: openBrowser(undefined, `http://localhost:${port}`) }
}

for (const kind of ['embedded', 'postgres'] as const) {
  test(`on ${kind}: a closure that was acknowledged outlives a server that is killed`, async () => {
    const address = await freshDatabase(kind)
    const db = await openDb({ ...address, log: testLog })
    await storePharmacy(db, aProfile({ weekly: ALL_WEEK }), FIVE_SERVICES)
    const visitor = openBrowser(undefined, 'http://localhost')
    await signInAs(visitor, AMINA as Person, { db, clock })
    await db.close()

    const first = await startServer(address)
    first.browser.setCookie('signpost-session', visitor.cookie('signpost-session') ?? '')
    const form = await first.browser.open(CLOSE)
    const closed = await send(first.browser, form, 'close-now', { reason: 'Power or IT failure' })
    assert.match(visible(closed), /You are closed\./)
    await first.server.kill()

    const second = await startServer(address)
    try {
      assert.match(visible(await second.browser.open('/pharmacies/FX123')), /Closed now\. We do not know when/)
    } finally {
      await second.server.kill()
    }
    const after = await openDb({ ...address, log: testLog })
    try {
      const [closure, ...others] = await loadOpenClosures(after.pool, 'FX123')
      assert.deepEqual([closure?.reason, others], ['Power or IT failure', []])
      const services = await loadServicesOf(after.pool, 'FX123')
      assert.equal(services.filter(({ record }) => record.closures?.length === 1).length, 4)
      const due = await after.pool.selectFrom('job').select('payload').where('queue', '=', 'closure-due').execute()
      assert.equal(due.length, 1, 'and somebody will be asked about it')
    } finally {
      await after.close()
    }
  })
}
