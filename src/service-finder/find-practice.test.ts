/** GP practices where there are none; where there are some: pages/finder.test.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPracticeNames } from '#src/directory/names/practice-names.ts'
import { createTriageIndex } from '#src/directory/triage/triage-index.ts'
import { findPractice, type PracticeAnswer } from './find-practice.ts'

const SALE = { latitude: 53.42, longitude: -2.32 }
const cases: readonly (readonly [typed: string, answer: PracticeAnswer, because: string])[] = [
  ['', { kind: 'none' }, 'nothing is asked'],
  ['p91003', { kind: 'unchecked', code: 'P91003' }, 'a code may be right, and the page says that nobody checked it'],
  ['Elm', { kind: 'unknown' }, 'a name cannot be looked up'],
]
for (const [typed, answer, because] of cases) {
  test(`in a directory without practices “${typed}” is ${answer.kind}: ${because}`, async () => {
    const deps = { practices: createPracticeNames(), triage: createTriageIndex() }
    assert.deepEqual(await findPractice(typed, SALE, deps), answer)
  })
}
