import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IndexedService } from '../indexed-service.ts'
import { createPracticeNames } from './practice-names.ts'

const PRACTICE = {
  ...{ uid: 1, typeId: 100, status: 'ACTIVE', odsCode: 'P91003', name: 'Elm Medical Centre', publicName: null },
  ...{ address: '1 Hill Road, Sale', postcode: 'M33 7AB' },
}
const ANYWHERE = { name: 100, publicName: 100, address: 100, postcode: 0 }

/** The uids that `asked` finds after a service was taken as it was, and then with `change`. */
async function foundAfter(change: Partial<typeof PRACTICE>, asked: string): Promise<readonly number[]> {
  const practices = createPracticeNames()
  for (const service of [PRACTICE, { ...PRACTICE, ...change }]) practices.take(service as unknown as IndexedService)
  const found = await practices.find({ terms: [asked], slips: 0, begun: 'all', worth: ANYWHERE })
  assert.equal(practices.size, found.length, 'the only one')
  return found.map(({ uid }) => uid)
}

const cases: readonly (readonly [change: Partial<typeof PRACTICE>, uids: readonly number[], because: string])[] = [
  [{}, [1], 'it is a practice'],
  [{ status: 'CLOSED' }, [], 'nobody is a patient of a practice that is no more'],
  [{ typeId: 13 }, [], 'it was no practice after all'],
  [{ odsCode: null } as unknown as Partial<typeof PRACTICE>, [], 'without a code nothing can be said of its patients'],
]
for (const [change, uids, because] of cases) {
  test(`a practice that is now ${JSON.stringify(change)} is ${uids.length ? '' : 'not '}found: ${because}`, async () => {
    assert.deepEqual(await foundAfter(change, 'elm med'), uids)
  })
}

test('name, street and town may be asked for in one go', async () => {
  assert.deepEqual(await foundAfter({}, 'elm hill sale'), [1])
})
