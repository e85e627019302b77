import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CodeCounts, type CodeLimit, codeLimitReached } from './code-limits.ts'

const MOST: CodeCounts = { pharmacyHour: 10, pharmacyDay: 30, networkHour: 20, networkDay: 60 }
const NONE: CodeCounts = { pharmacyHour: 0, pharmacyDay: 0, networkHour: 0, networkDay: 0 }

const cases: [
  asked: Partial<CodeCounts>,
  most: Partial<CodeCounts>,
  reached: CodeLimit | undefined,
  because: string,
][] = [
  [{}, {}, undefined, 'nobody asked yet'],
  [{ pharmacyHour: 9, pharmacyDay: 9 }, {}, undefined, 'the tenth of an hour is the last one'],
  [{ pharmacyHour: 10, pharmacyDay: 10 }, {}, 'pharmacyHour', 'the eleventh is one too many'],
  [{ pharmacyHour: 2, pharmacyDay: 30 }, {}, 'pharmacyDay', 'spread over a day they are too many as well'],
  [{ networkHour: 20 }, {}, 'networkHour', 'one network asks for one pharmacy after the other'],
  [{ networkHour: 3, networkDay: 60 }, {}, 'networkDay', 'slowly, all day long'],
  [{ pharmacyHour: 500, pharmacyDay: 500 }, { pharmacyHour: 0, pharmacyDay: 0 }, undefined, '0 switches a limit off'],
  [{ pharmacyDay: 30, networkDay: 60 }, { pharmacyDay: 0 }, 'networkDay', 'the others still hold'],
  [
    { pharmacyHour: 11 },
    { pharmacyHour: 3 },
    'pharmacyHour',
    'a limit that was lowered holds for what was asked before',
  ],
]
for (const [asked, most, reached, because] of cases) {
  test(`${JSON.stringify(asked)} ${reached ? `reaches ${reached}` : 'leaves one more'}: ${because}`, () => {
    assert.equal(codeLimitReached({ ...NONE, ...asked }, { ...MOST, ...most }), reached)
  })
}
