/** The record of searches as the service desk sees it, on both databases: the page and the commands. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROLES, type Role } from '#src/accounts/actor.ts'
import { PERMISSIONS } from '#src/accounts/can.ts'
import { gapsCommand, searchesCommand } from '#src/commands/searches.ts'
import type { Db } from '#src/platform/db/db.ts'
import { findSearches, type SearchLookUp } from '#src/urgent-care/find-searches.ts'
import { createSearchAudit } from '#src/urgent-care/search-audit.ts'
import { openBrowser, signInAs } from '#test/support/browser.ts'
import { onBothDatabases, testLog } from '#test/support/databases.ts'
import { aSearch, someSearches } from '#test/support/searches.ts'
import { startApp } from '#test/support/start-app.ts'

const NOW = new Date('2026-12-11T10:34:00Z')
const ANY: SearchLookUp = {
  ...{ caseText: null, username: null, transactionId: null },
  ...{ from: null, until: null, withTests: true },
}
const SCOPES = { ods: 'ods:FA002', group: 'group:PNN00', area: 'area:QOP', everywhere: '' } as const
const BASE_URL = 'http://localhost:3000'

async function record(db: Db): Promise<void> {
  const audit = createSearchAudit(db, { log: testLog })
  for (const search of someSearches(NOW)) audit.record(search)
  audit.record(aSearch({ at: '2026-11-01T00:00:00.000Z', transactionId: 'ABC', caseRef: '=1+1,"<b>' }))
  await audit.stop()
}

async function run(command: typeof searchesCommand, db: Db, options: Record<string, string>, ...flags: string[]) {
  const lines: string[] = []
  const context = {
    withDb: (work: (db: never) => unknown) => work(db as never),
    print: (line: string) => lines.push(line),
  }
  await command.run(context as never, { values: [], options, lists: {}, flags: new Set(flags) })
  return lines
}

onBothDatabases((_kind, open) => {
  test('searches are found by each of their marks, newest first', async () => {
    const db = await open()
    await record(db)
    const find = (given: Partial<SearchLookUp>) => findSearches(db.pool, { ...ANY, ...given }, { limit: 100 })
    const count = async (given: Partial<SearchLookUp>) => (await find(given)).length
    const all = await find({})
    assert.equal(all.length, 65)
    assert.deepEqual(
      all,
      [...all].sort((a, b) => (a.at < b.at ? 1 : -1)),
    )
    assert.equal(await count({ withTests: false }), 63)
    assert.deepEqual(
      (await find({ caseText: 'ha-2026-1042' })).map(({ caseId }) => caseId),
      ['88120431'],
    )
    assert.deepEqual(
      (await find({ caseText: '88120431' })).map(({ caseRef }) => caseRef),
      ['HA-2026-1042'],
    )
    assert.equal(await count({ caseText: 'test' }), 1)
    assert.equal(await count({ username: 'supplier-clinicians' }), 60)
    assert.equal(await count({ username: 'Supplier-Clinicians' }), 0)
    assert.equal(await count({ transactionId: 'abc' }), 1)
    assert.equal(await count({ from: new Date('2026-12-11T10:31:00Z') }), 3)
    assert.equal(await count({ from: new Date('2026-12-11T10:31:00Z'), until: new Date('2026-12-11T10:33:00Z') }), 2)
    const next = await findSearches(db.pool, ANY, { limit: 2, before: all[1]?.id })
    assert.deepEqual(next, all.slice(2, 4))
    assert.equal(await count({ caseText: "' or 1=1 --" }), 0)
  })

  test('the page shows them to the service desk and the national team, and to nobody else', async () => {
    const db = await open()
    await record(db)
    const started = await startApp(db)
    const may: readonly Role[] = ['desk', 'national', 'admin']
    for (const role of ROLES) {
      const browser = openBrowser(started.app, BASE_URL)
      const grants = [{ role, scope: SCOPES[PERMISSIONS[role].scope] }]
      await signInAs(browser, { email: `${role}@nhs.net`, grants }, { db, clock: started.clock })
      assert.equal((await browser.ask('/reports/searches')).status, may.includes(role) ? 200 : 403, role)
    }
    const nobody = await openBrowser(started.app, BASE_URL).ask('/reports/searches?case=x')
    assert.match(nobody.headers.get('location') ?? '', /\/sign-in/)
    await started.close()
  })

  test('a wrong date is explained, and what programs sent is shown as text', async () => {
    const db = await open()
    await record(db)
    const started = await startApp(db)
    const browser = openBrowser(started.app, BASE_URL)
    await signInAs(
      browser,
      { email: 'desk@nhs.net', grants: [{ role: 'desk', scope: '' }] },
      { db, clock: started.clock },
    )
    const odd = await browser.ask('/reports/searches?transaction=abc')
    assert.match(odd.body, /=1\+1,&quot;&lt;b&gt;/)
    assert.match(odd.body, /1 search found/)
    const wrong = await browser.ask('/reports/searches?from-day=31&from-month=2&from-year=2026')
    assert.deepEqual([wrong.status, /The start must be a real date/.test(wrong.body)], [200, true])
    const strange = await browser.ask('/reports/searches?case=%00%ff&before=99999999999999999999&account=a&account=b')
    assert.equal(strange.status, 200)
    await started.close()
  })

  test('the commands write CSV that a spreadsheet opens as text', async () => {
    const db = await open()
    await record(db)
    const [header, ...lines] = await run(searchesCommand, db, { transaction: 'ABC' })
    assert.match(header ?? '', /^at,username,api,.*,duration_micros$/)
    assert.equal(lines.length, 1)
    assert.match(
      lines[0] ?? '',
      /^2026-11-01T00:00:00\.000Z,supplier,soap,1\.5,CheckCapacitySummary,ABC,"'=1\+1,""<b>",C1,live,/,
    )
    assert.equal((await run(searchesCommand, db, { from: '2026-12-11', to: '2026-12-11' })).length, 63)
    assert.equal((await run(searchesCommand, db, { to: '2026-12-11T10:31' }, 'include-tests')).length, 64)
    await assert.rejects(
      run(searchesCommand, db, { from: 'yesterday' }),
      /--from "yesterday" is not a day, such as 2026/,
    )
    await db.pool
      .insertInto('search_gap')
      .values({ day: '2026-12-11', uid: 7, test: 'role', symptom_group: 1011, searches: 3 })
      .execute()
    assert.deepEqual(await run(gapsCommand, db, { from: '2026-12-11', to: '2026-12-11' }), [
      'day,uid,name,test,symptom_group,searches',
      '2026-12-11,7,,role,1011,3',
    ])
    await assert.rejects(run(gapsCommand, db, { from: '2026-12-11' }), /gaps needs --from DAY and --to DAY/)
  })
})
