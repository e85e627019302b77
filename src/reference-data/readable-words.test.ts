import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readable, sameWords, tidy } from './readable-words.ts'

const cases: [published: string, shown: string, because: string][] = [
  ['ROWLANDS PHARMACY', 'Rowlands Pharmacy', 'capitals shout'],
  ['10,10A & 10B BENTALLS CTR', '10,10A & 10B Bentalls Ctr', 'numbers with letters and signs stay'],
  [
    "O'BRIEN'S CHEMISTS LIMITED",
    "O'Brien's Chemists Limited",
    'a letter after O’ is a capital, one after a word is not',
  ],
  ['NEWCASTLE UPON TYNE', 'Newcastle upon Tyne', 'small words are small'],
  ['WHITTLE-LE-WOODS', 'Whittle-le-Woods', 'in names with hyphens too'],
  ['THE MAYFIELD MEDICAL CTR.', 'The Mayfield Medical Ctr.', 'but not at the beginning'],
  ['ST JOHN’S NHS CENTRE', 'St John’s NHS Centre', 'NHS is never Nhs'],
  ['FVZ PHARMA LLP', 'FVZ Pharma LLP', 'initials stay'],
  ['1ST FLOOR, MCDONALD HOUSE', '1st Floor, McDonald House', 'ordinals and Mc'],
  ["Lo'S Pharmacy", "Lo'S Pharmacy", 'mixed case was somebody’s choice'],
  ['               FENCE HOUSE', 'Fence House', 'spaces around and inside are not part of a name'],
]
for (const [published, shown, because] of cases) {
  test(`shows ${published.trim()} as ${shown}: ${because}`, () => assert.equal(readable(published), shown))
}

test('a lone space is nothing', () => assert.equal(tidy(' '), ''))

test('compares words without case, spaces and punctuation', () => {
  assert.ok(sameWords('ST HELENS & CO', "St. Helen's and Co"))
  assert.ok(!sameWords('61 Arundel Avenue', '63 Arundel Avenue'))
})
