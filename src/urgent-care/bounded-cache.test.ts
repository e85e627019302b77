import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundedCache } from './bounded-cache.ts'

test('a cache holds what was asked for last, and never more than it may', () => {
  const cache = boundedCache<number, string>(10, (text) => text.length)
  for (const key of [1, 2, 3]) cache.set(key, 'aaa')
  assert.equal(cache.get(1), 'aaa')
  for (const key of [4, 5, 6, 7]) cache.set(key, 'bbb')
  const held = [1, 2, 3, 4, 5, 6, 7].filter((key) => cache.get(key) !== undefined)
  assert.ok(held.length * 3 <= 10 + 3, String(held))
  assert.ok(held.includes(7))
  cache.clear()
  assert.equal(cache.get(7), undefined)
})
