import assert from 'node:assert/strict'
import { test } from 'node:test'
import { giveBackMemory } from './give-back-memory.ts'

test('what is not needed any more is given back, and no function to do so is left behind', () => {
  let waste: object[] | undefined = Array.from({ length: 500_000 }, (_, index) => ({ index }))
  const before = process.memoryUsage().heapTotal
  assert.equal(waste.length, 500_000)
  waste = undefined
  giveBackMemory()
  assert.ok(process.memoryUsage().heapTotal < before)
  assert.equal((globalThis as { gc?: unknown }).gc, undefined)
})
