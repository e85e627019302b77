import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IndexedService } from '../indexed-service.ts'
import { createNamesOfDirectory } from './names-in-step.ts'

const WORTH = { name: 100, publicName: 100, address: 75, postcode: 75 }
const called = (uid: number, name: string): IndexedService =>
  ({ uid, name, publicName: null, address: '', postcode: null }) as unknown as IndexedService
const ask = async (names: ReturnType<typeof createNamesOfDirectory>, term: string): Promise<readonly number[]> =>
  (await names.find({ terms: [term], slips: 0, begun: 'none', worth: WORTH })).map(({ uid }) => uid)

test('whoever asks finds what was saved before, without waiting for the pauses of the work', async () => {
  const names = createNamesOfDirectory()
  for (let uid = 1; uid <= 5000; uid++) names.take(called(uid, `Pharmacy ${uid}`))
  names.begin()
  assert.deepEqual(await ask(names, '5000'), [5000], 'the last of a directory whose start is just over')
  names.take(called(5000, 'Hill'))
  assert.deepEqual([await ask(names, '5000'), await ask(names, 'hill')], [[], [5000]], 'and what changed since')
})

test('before the start is over it is the same', async () => {
  const names = createNamesOfDirectory()
  for (let uid = 1; uid <= 3000; uid++) names.take(called(uid, `Pharmacy ${uid}`))
  assert.deepEqual(await Promise.all([ask(names, '1'), ask(names, '3000')]), [[1], [3000]], 'for two at once')
})
