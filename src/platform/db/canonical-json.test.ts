import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from './canonical-json.ts'

const cases: readonly (readonly [value: unknown, text: string, because: string])[] = [
  [
    { b: 1, a: { d: null, c: [2, 1] } },
    '{"a":{"c":[2,1],"d":null},"b":1}',
    'keys are sorted at every depth, lists are not',
  ],
  [{ a: undefined, b: [undefined] }, '{"b":[null]}', 'what JSON leaves out is left out'],
  [
    { 10: 'x', 9: 'y', é: 1, Z: 2 },
    '{"10":"x","9":"y","Z":2,"é":1}',
    'keys sort by code unit, not as numbers or words',
  ],
  [[-0, 1e21, 0.1, 5.0], '[0,1e+21,0.1,5]', 'numbers are as JavaScript writes them'],
  ['\u2028"\n', '"\u2028\\"\\n"', 'text is escaped as JSON escapes it'],
  [undefined, 'null', 'nothing is null'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"', 'dates are as JSON writes them'],
]
for (const [value, text, because] of cases) {
  test(`${text}: ${because}`, () => {
    assert.equal(canonicalJson(value), text)
  })
}
