/** `import reference`, on both databases, and that every process takes it over. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadMemory } from '#src/memory.ts'
import type { Db } from '#src/platform/db/db.ts'
import { onBothDatabases, testLog } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { inputFile } from '#test/support/input-files.ts'
import { importReference } from './import-reference.ts'
import { InputRefused } from './input-file.ts'

const clock = fixedClock()
const progress = () => {}

const memoryOf = (db: Db) => loadMemory({ db, log: testLog, clock, secretsPepper: 'a pepper for tests, long enough' })

const FIRST = {
  types: [{ id: 13, name: 'Pharmacist', rank: 3 }],
  pairs: { '9001': [4001], '9002': [4002] },
  areas: { 'LA-1': { kind: 'la', postcodes: ['ZZ1'] }, VALLEY: ['ZZ1 1'] },
  rankings: { 'LA-1': { '13': 1 }, VALLEY: { '13': 2 } },
  searchDistances: { ZZ1: 12.5 },
}

onBothDatabases((_kind, open) => {
  test('a reference file is stored, known to every process, and changes nothing the second time', async () => {
    const db = await open()
    const importIt = (given: object) =>
      importReference(inputFile('reference.json', JSON.stringify(given)), { db, clock, progress })
    const memory = await memoryOf(db)
    try {
      assert.equal(memory.reference().types.get(13)?.name, 'Pharmacy')

      const first = await importIt(FIRST)
      assert.deepEqual([first.read, first.stored, first.changed, first.unchanged], [8, 8, 0, 0])
      assert.deepEqual(
        first.notes.map(({ kind, subject }) => `${kind}: ${subject}`),
        ['ranking never used: VALLEY'],
      )
      await memory.refreshReferences()
      const reference = memory.reference()
      assert.equal(reference.types.get(13)?.name, 'Pharmacist')
      const areas = reference.listedAreasOf('ZZ1 1AA')
      assert.deepEqual(areas, { localAuthority: 'LA-1', icb: null, local: ['VALLEY'] })
      assert.equal(reference.rankOf(13, areas), 1)
      assert.deepEqual(reference.storedDistance('ZZ1 1AA'), { km: 12.5, source: 'District' })

      const head = await db.pool.selectFrom('ledger_head').selectAll().execute()
      const again = await importIt(FIRST)
      assert.deepEqual([again.read, again.stored, again.changed, again.unchanged], [8, 0, 0, 8])
      assert.deepEqual(await db.pool.selectFrom('ledger_head').selectAll().execute(), head)
      await memory.refreshReferences()
      assert.equal(memory.reference(), reference, 'nothing changed, nothing is read again')

      const third = await importIt({ pairs: { '9001': [4001, 4003], '9004': [] }, note: 'new codes' })
      assert.deepEqual([third.read, third.stored, third.changed, third.unchanged], [3, 2, 1, 0])
      assert.equal(third.details['pairs: no longer named, removed'], 1)
      await memory.refreshReferences()
      assert.deepEqual(memory.reference().symptomGroups, [9001, 9004])
      assert.deepEqual(memory.reference().storedDistance('ZZ1 1AA')?.km, 12.5, 'parts that are absent stay')
    } finally {
      await memory.stop()
    }
  })

  test('a wrong file is refused before anything is written', async () => {
    const db = await open()
    const path = inputFile('reference.json', JSON.stringify({ ...FIRST, searchDistances: { ZZ1: 100 } }))
    await assert.rejects(importReference(path, { db, clock, progress }), InputRefused)
    assert.deepEqual(await db.pool.selectFrom('catalogue').selectAll().execute(), [])
  })

  test('what an earlier version stored unchecked does not stop a start', async () => {
    const db = await open()
    const reference = JSON.stringify({
      types: [{ id: 13, name: 'Pharmacist' }],
      areas: { QOP: 'everywhere' },
      roles: [1],
    })
    await db.pool.insertInto('catalogue').values({ id: 1, reference }).execute()
    const memory = await memoryOf(db)
    await memory.stop()
    assert.equal(memory.reference().types.get(13)?.name, 'Pharmacist')
    assert.equal(memory.reference().roles.has(1), true)
    assert.equal(memory.reference().listedAreasOf('ZZ1 1AA'), null)
  })
})
