import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Db } from '#src/platform/db/db.ts'
import { createLog } from '#src/platform/log.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { aSearch } from '#test/support/searches.ts'
import { createSearchAudit, forgetSearches, type SearchAudit } from './search-audit.ts'

function auditOf(db: Db, mostWaiting?: number): { audit: SearchAudit; lines: string[] } {
  const lines: string[] = []
  const log = createLog('info', (line) => lines.push((JSON.parse(line) as { msg: string }).msg))
  return { audit: createSearchAudit(db, { log, ...(mostWaiting === undefined ? {} : { mostWaiting }) }), lines }
}
const rows = (db: Db) => db.pool.selectFrom('search_audit').selectAll().orderBy('id').execute()
const countsOf = ({ counts: { written, waiting, dropped } }: SearchAudit) => ({ written, waiting, dropped })

onBothDatabases((_kind, open) => {
  test('a search is written as it was, a moment later and by itself', async () => {
    const db = await open()
    const { audit } = auditOf(db)
    audit.record(aSearch())
    assert.deepEqual(countsOf(audit), { written: 0, waiting: 1, dropped: 0 })
    while (audit.counts.written === 0) await new Promise(setImmediate)
    const { id: _, ...row } = (await rows(db))[0] ?? assert.fail('there is no row')
    assert.deepEqual(row, {
      ...{ searched_at: '2026-12-11T10:34:00.000Z', username: 'supplier', api: 'soap', version: '1.5' },
      ...{ operation: 'CheckCapacitySummary', transaction_id: '0A1B2C3D-0000-4000-8000-000000000001' },
      ...{ case_ref: 'REF-1', case_id: 'C1', kind: 'live', postcode_sector: 'M33 7', outcome: 'ok' },
      parameters: { age: '22', ageFormat: 'Years', gender: 'F', symptomGroup: '1011', symptomDiscriminators: ['4003'] },
      ...{ uids: [2_000_000_002, 2_000_000_001], duration_micros: 640 },
    })
    await audit.stop()
  })

  test('thousands at once are all written, in their order', async () => {
    const db = await open()
    const { audit } = auditOf(db)
    const sent = Array.from({ length: 2003 }, (_, index) => aSearch({ caseRef: `R${index}` }))
    for (const search of sent) audit.record(search)
    await audit.flush()
    assert.deepEqual(
      (await rows(db)).map((row) => row.case_ref),
      sent.map(({ caseRef }) => caseRef),
    )
    await audit.stop()
  })

  test('in a rush they are put away in pieces, and filed in their order when it is quiet', async () => {
    const db = await open()
    const { audit } = auditOf(db)
    const pieces = async () =>
      Number(
        (
          await db.pool
            .selectFrom('search_spool')
            .select((all) => all.fn.countAll().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      )
    for (let index = 0; index < 1000; index++) audit.record(aSearch({ caseRef: `R${index}` }))
    while (audit.counts.written < 1000) await new Promise(setImmediate)
    assert.equal(await pieces(), 4, 'nothing is lost if the process ends here')
    assert.equal((await rows(db)).length, 0)
    audit.record(aSearch({ caseRef: 'later' }))
    await audit.flush()
    assert.equal(await pieces(), 0)
    const refs = (await rows(db)).map((row) => row.case_ref)
    assert.equal(refs[0], 'later', 'the table is for those who look now')
    assert.deepEqual(
      refs.slice(1),
      Array.from({ length: 1000 }, (_, index) => `R${index}`),
    )
    await audit.stop()
  })

  test('what an earlier process put away is filed, what cannot be stored left out', async () => {
    const db = await open()
    const first = auditOf(db).audit
    for (let index = 0; index < 500; index++) first.record(aSearch(index === 7 ? { kind: 'play' as never } : {}))
    while (first.counts.written < 500) await new Promise(setImmediate)
    await first.stop()
    const second = auditOf(db).audit
    await second.flush()
    assert.equal((await rows(db)).length, 499)
    await second.stop()
  })

  test('what waits at the end is written before it ends; what comes later is lost and counted', async () => {
    const db = await open()
    const { audit } = auditOf(db)
    audit.record(aSearch())
    await audit.stop()
    audit.record(aSearch())
    assert.equal((await rows(db)).length, 1)
    assert.deepEqual(countsOf(audit), { written: 1, waiting: 0, dropped: 1 })
  })

  test('while it cannot be written it waits, the oldest go when there are too many, and each is said once', async () => {
    const db = await open()
    const { audit, lines } = auditOf(db, 100)
    await sql`alter table search_audit rename to put_away`.execute(db.pool)
    for (let index = 0; index < 90; index++) audit.record(aSearch({ caseRef: `R${index}` }))
    await audit.flush()
    await audit.flush()
    assert.deepEqual(countsOf(audit), { written: 0, waiting: 90, dropped: 0 })
    for (let index = 90; index < 130; index++) audit.record(aSearch({ caseRef: `R${index}` }))
    await audit.flush()
    assert.deepEqual(countsOf(audit), { written: 0, waiting: 100, dropped: 30 })
    await sql`alter table put_away rename to search_audit`.execute(db.pool)
    await audit.flush()
    const stored = await rows(db)
    assert.deepEqual([stored.length, stored[0]?.case_ref, stored.at(-1)?.case_ref], [100, 'R30', 'R129'])
    await audit.stop()
    assert.deepEqual(lines, [
      'Searches cannot be recorded; they are kept in memory and tried again',
      'Searches could not be recorded and are lost',
      'Searches are recorded again',
    ])
  })

  test('one that cannot be stored does not hold up the others, and nothing is thrown', async () => {
    const db = await open()
    const { audit } = auditOf(db)
    const circle: Record<string, unknown> = {}
    circle['circle'] = circle
    const odd = [
      aSearch({ at: 'never' }),
      aSearch({ uids: [0.5] }),
      aSearch({ uids: undefined as never }),
      aSearch({ kind: 'play' as never }),
      aSearch({ parameters: circle }),
      aSearch({ parameters: { text: '\u0000\ud800', big: 10n } }),
    ]
    for (const search of odd) audit.record(search)
    audit.record(aSearch({ caseRef: 'good' }))
    await audit.flush()
    assert.equal((await rows(db)).at(-1)?.case_ref, 'good')
    assert.deepEqual(countsOf(audit), { written: 3, waiting: 0, dropped: 4 })
    await audit.stop()
  })

  test('searches are forgotten after so many days, and not before', async () => {
    const db = await open()
    const { audit } = auditOf(db)
    for (const at of ['2026-09-12T10:33:59.999Z', '2026-09-12T10:34:00.000Z', '2026-12-11T10:34:00.000Z']) {
      audit.record(aSearch({ at }))
    }
    await audit.stop()
    assert.equal(await forgetSearches(db, { now: new Date('2026-12-11T10:34:00Z'), days: 90 }), 1)
    assert.deepEqual(
      (await rows(db)).map((row) => row.searched_at),
      ['2026-09-12T10:34:00.000Z', '2026-12-11T10:34:00.000Z'],
    )
  })
})
