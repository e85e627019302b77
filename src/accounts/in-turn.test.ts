import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createQueue, latest } from './in-turn.ts'

test('two at a time, the others in their order, and none beyond the room there is', async () => {
  const inTurn = createQueue({ atOnce: 2, mostWaiting: 2 })
  const started: number[] = []
  const gates = [0, 1, 2, 3, 4].map(() => Promise.withResolvers<void>())
  const all = gates.map(({ promise }, index) =>
    inTurn(async () => {
      started.push(index)
      await promise
      return index
    }),
  )
  assert.deepEqual(started, [0, 1])
  assert.equal(await all[4], undefined)
  gates[1]?.resolve()
  await all[1]
  for (const { resolve } of gates) resolve()
  assert.deepEqual(await Promise.all(all), [0, 1, 2, 3, undefined])
  assert.deepEqual(started, [0, 1, 2, 3])
  assert.equal(await inTurn(async () => 'again'), 'again')
})

test('work that throws makes room for the next', async () => {
  const inTurn = createQueue({ atOnce: 1, mostWaiting: 1 })
  await assert.rejects(inTurn(() => Promise.reject(new Error('no'))))
  assert.equal(await inTurn(async () => 1), 1)
})

test('who asks while work runs shares the next run with the others', async () => {
  const runs: PromiseWithResolvers<void>[] = []
  const look = latest(() => {
    const run = Promise.withResolvers<void>()
    runs.push(run)
    return run.promise
  })
  const first = look()
  const [second, third] = [look(), look()]
  assert.equal(runs.length, 1)
  assert.equal(second, third)
  runs[0]?.reject(new Error('the first one fails'))
  await assert.rejects(first)
  assert.equal(runs.length, 2)
  runs[1]?.resolve()
  await second
  const fourth = look()
  assert.equal(runs.length, 3)
  runs[2]?.resolve()
  await fourth
})
