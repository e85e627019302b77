import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyReply } from 'fastify'
import { isHeld, weakTagOf } from './held-copy.ts'

const TAG = weakTagOf('a page')
const STRONG = TAG.replace('W/', '')
const cases: readonly (readonly [header: string | undefined, held: boolean, because: string])[] = [
  [undefined, false, 'nothing is held'],
  ['', false, 'nothing is named'],
  [TAG, true, 'it is named'],
  [STRONG, true, 'a cache may have made it strong'],
  [`"a", W/"b,c" ,${TAG}`, true, 'one of a list, whose names may have commas'],
  [`"a",${STRONG.slice(0, -2)}"`, false, 'another name'],
  ['*', true, 'any copy'],
  ['W/"*"', false, 'a name, not a star'],
  [STRONG.replaceAll('"', ''), false, 'a name stands in quotes'],
]
for (const [header, held, because] of cases) {
  test(`${header ?? 'no header'} ${held ? 'holds' : 'does not hold'} the page: ${because}`, () => {
    const request = { headers: { 'if-none-match': header } } as FastifyReply['request']
    assert.equal(isHeld({ request }, TAG), held)
  })
}
