import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { createTriageIndex, type Gap } from '#src/directory/triage/triage-index.ts'
import { createLog } from '#src/platform/log.ts'
import type { TriageQuestion } from '#src/rules/triage.ts'
import { onBothDatabases, testLog } from '#test/support/databases.ts'
import { london } from '#test/support/hours.ts'
import { toUrgentCare } from '#test/support/urgent-care.ts'
import { type GapRow, gapsBetween } from './find-gaps.ts'
import { createGapCounter, forgetGaps } from './gaps.ts'

const QUESTION: TriageQuestion = {
  origin: { easting: 400_000, northing: 400_000 },
  distanceKm: 60,
  symptomGroup: 1011,
  discriminators: [4003],
  discriminatorRule: 'all',
  disposition: { id: 1008, timeframe: 60 },
  gender: 'F',
  age: [8035.5, 8035.5],
  role: 4,
  surgery: null,
  at: london('2026-12-11T10:34'),
  areas: null,
}
const CLINICAL = { sgsd: { 1011: [4003] }, genders: ['F'], ages: [[0, 50_000]], dispositions: [1008], roles: [4] }

/** Services on a grid of 10 km, seams of parts and edges of the box among them; every third fails one test. */
function someIndex() {
  const index = createTriageIndex()
  const failures = [
    { roles: [] },
    { ages: [] },
    { capacity: { status: 'RED' } },
    { roles: [], ages: [] },
    { genders: [] },
  ]
  let uid = 0
  for (let x = -70_000; x <= 70_000; x += 10_000) {
    for (let y = -70_000; y <= 70_000; y += 10_000) {
      const other = { ...CLINICAL, ...(uid % 3 === 0 ? failures[(uid / 3) % failures.length] : {}) }
      index.take(toUrgentCare({ uid: ++uid, typeId: 13, easting: 400_000 + x, northing: 400_000 + y, other }))
    }
  }
  return index
}
const namesOf = (gaps: Iterable<Gap>) => [...gaps].map(({ service, test: name }) => `${service.uid} ${name}`).sort()

async function rowsOf(chunks: AsyncIterable<readonly GapRow[]>): Promise<readonly GapRow[]> {
  const rows: GapRow[] = []
  for await (const chunk of chunks) rows.push(...chunk)
  return rows
}

onBothDatabases((_kind, open) => {
  const stored = async (db: Awaited<ReturnType<typeof open>>) =>
    await db.pool.selectFrom('search_gap').selectAll().orderBy('uid').orderBy('symptom_group').execute()

  for (const distanceKm of [60, 7, 1, 99]) {
    test(`looking at a box of ${distanceKm} km in parts counts what looking at once finds`, async () => {
      const db = await open()
      const index = someIndex()
      const question = { ...QUESTION, distanceKm }
      const counter = createGapCounter(db, { gaps: index.gaps, log: testLog })
      counter.note(question)
      await counter.stop()
      assert.equal(counter.counts.skipped, 1, 'what had not been looked at when it stopped')
      const second = createGapCounter(db, { gaps: index.gaps, log: testLog })
      second.note(question)
      await second.flush()
      const rows = await stored(db)
      assert.deepEqual(rows.map((row) => `${row.uid} ${row.test}`).sort(), namesOf(index.gaps(question)))
      assert.ok(distanceKm !== 60 || rows.length > 20)
      assert.ok(rows.every((row) => row.searches === 1 && row.day === '2026-12-11' && row.symptom_group === 1011))
      await second.stop()
    })
  }

  test('counts add up by day, service, test and symptom group, whoever counts', async () => {
    const db = await open()
    const index = createTriageIndex()
    const other = { ...CLINICAL, sgsd: { 1011: [4003], 1012: [4003] }, roles: [] }
    index.take(toUrgentCare({ uid: 7, name: 'Near, miss', typeId: 13, easting: 400_000, northing: 400_000, other }))
    const counters = [1, 2].map(() => createGapCounter(db, { gaps: index.gaps, log: testLog }))
    for (const counter of counters) {
      for (let index = 0; index < 5; index++) counter.note(QUESTION)
      counter.note({ ...QUESTION, symptomGroup: 1012 })
      counter.note({ ...QUESTION, at: london('2026-12-14T10:34') })
      counter.note({ ...QUESTION, symptomGroup: null })
    }
    await Promise.all(counters.map((counter) => counter.flush()))
    counters[0]?.note(QUESTION)
    await Promise.all(counters.map((counter) => counter.flush()))
    await Promise.all(counters.map((counter) => counter.stop()))
    const rows = await rowsOf(gapsBetween(db, '2026-12-11', '2026-12-14'))
    const gap = { uid: 7, name: null, test: 'role' }
    assert.deepEqual(rows, [
      { day: '2026-12-11', ...gap, symptomGroup: 1011, searches: 11 },
      { day: '2026-12-11', ...gap, symptomGroup: 1012, searches: 2 },
      { day: '2026-12-14', ...gap, symptomGroup: 1011, searches: 2 },
    ])
    assert.deepEqual(await rowsOf(gapsBetween(db, '2026-12-12', '2026-12-13')), [])
    assert.equal(await forgetGaps(db, new Date('2026-12-11T10:34:00Z')), 0)
    assert.equal(await forgetGaps(db, new Date('2027-04-11T10:34:00Z')), 2, '121 days after the first of the days')
  })

  test('of a search the hundred nearest are counted', async () => {
    const db = await open()
    const index = createTriageIndex()
    const other = { ...CLINICAL, roles: [] }
    for (let uid = 1; uid <= 150; uid++) {
      index.take(toUrgentCare({ uid, typeId: 13, easting: 400_000 + (151 - uid) * 100, northing: 400_000, other }))
    }
    const counter = createGapCounter(db, { gaps: index.gaps, log: testLog })
    counter.note(QUESTION)
    await counter.flush()
    await counter.stop()
    assert.deepEqual(
      (await stored(db)).map(({ uid }) => uid),
      Array.from({ length: 100 }, (_, at) => 51 + at),
    )
  })

  test('searches that come too fast are skipped and counted, and none of them waits', async () => {
    const db = await open()
    const counter = createGapCounter(db, { gaps: someIndex().gaps, log: testLog, mostWaiting: 3 })
    for (let index = 0; index < 10; index++) counter.note(QUESTION)
    const { looked, waiting, skipped } = counter.counts
    assert.deepEqual({ looked, waiting, skipped }, { looked: 0, waiting: 3, skipped: 7 })
    await counter.flush()
    assert.equal(counter.counts.looked, 3)
    await counter.stop()
  })

  test('counts are kept while they cannot be written, and a search that cannot be looked at harms no other', async () => {
    const db = await open()
    const index = someIndex()
    const lines: string[] = []
    const log = createLog('warn', (line) => lines.push((JSON.parse(line) as { msg: string }).msg))
    const gaps = (question: TriageQuestion): Iterable<Gap> => {
      if (question.role === 0) throw new Error('a fault')
      return index.gaps(question)
    }
    const counter = createGapCounter(db, { gaps, log })
    await sql`alter table search_gap rename to put_away`.execute(db.pool)
    counter.note({ ...QUESTION, role: 0 })
    counter.note(QUESTION)
    await counter.flush()
    await sql`alter table put_away rename to search_gap`.execute(db.pool)
    counter.note(QUESTION)
    await counter.stop()
    assert.ok((await stored(db)).length > 20)
    assert.deepEqual(lines, [
      'The near misses of a search could not be counted',
      'Near misses could not be written; trying again',
    ])
  })
})
