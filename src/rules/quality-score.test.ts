import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { QUALITY_RULES } from './quality-rules.ts'
import { nextBestFix, qualityScore, scoreWord } from './quality-score.ts'

const CASES: readonly (readonly [readonly string[], number, string | undefined, string])[] = [
  [[], 100, undefined, 'nothing is wrong'],
  [['missing-website'], 96, 'missing-website', 'a small thing'],
  [['missing-phone', 'missing-phone'], 90, 'missing-phone', 'a rule counts once, however many services break it'],
  [['missing-phone', 'duplicate-service'], 70, 'missing-phone', 'what one can do oneself comes first'],
  [['duplicate-service'], 80, 'duplicate-service', 'what the team must do, when there is nothing else'],
  [['missing-website', 'blank-holidays', 'missing-phone'], 66, 'blank-holidays', 'the dearest first'],
  [
    ['differs-from-list', 'no-such-rule'],
    100,
    undefined,
    'a disagreement may be the file’s fault, and an old key counts nothing',
  ],
  [QUALITY_RULES.map(({ key }) => key), 0, 'not-placed', 'never below 0'],
]

test('the score takes the points of each broken rule off 100, and names the next best fix', () => {
  for (const [rules, score, fix, because] of CASES) {
    const result = qualityScore(rules)
    assert.equal(result.score, score, because)
    assert.equal(nextBestFix(result, 'pharmacy')?.key, fix, because)
  }
})

test('putting something right never lowers a score', () => {
  const keys = QUALITY_RULES.map(({ key }) => key)
  fc.assert(
    fc.property(fc.subarray(keys), fc.constantFrom(...keys), (rules, fixed) => {
      const better = rules.filter((key) => key !== fixed)
      assert.ok(qualityScore(better).score >= qualityScore(rules).score)
    }),
  )
})

test('a score has a word', () => {
  assert.deepEqual([100, 80, 79, 50, 49, 0].map(scoreWord), ['Good', 'Good', 'Fair', 'Fair', 'Poor', 'Poor'])
})
