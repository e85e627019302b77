import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Catalogue } from '#src/directory/triage/triage-reference.ts'
import { aService } from '#test/support/builders.ts'
import { inputFile } from '#test/support/input-files.ts'
import { startTally } from './import-summary.ts'
import { watchCodes } from './unlisted-codes.ts'

const CATALOGUE: Catalogue = {
  pairs: { '9001': [4001] },
  dispositions: [{ id: 1002, timeframe: null }],
  roles: [1, { id: 23 }],
}

const cases: readonly (readonly [catalogue: Catalogue, other: object, notes: readonly string[], because: string])[] = [
  [CATALOGUE, { sgsd: { '9001': [4001] }, dispositions: [1002], roles: [1, { id: 23 }] }, [], 'all are listed'],
  [CATALOGUE, { sgsd: { '9002': [4001, 4002] } }, ['symptom group that the catalogue lacks 9002'], 'one note a group'],
  [
    CATALOGUE,
    { sgsd: { '9001': [4001, 4002] } },
    ['discriminator that the catalogue does not pair with its symptom group 9001=4002'],
    'a pair',
  ],
  [CATALOGUE, { dispositions: [1003] }, ['disposition that the catalogue lacks 1003'], 'a disposition'],
  [CATALOGUE, { roles: [23, 126] }, ['referral role that the catalogue lacks 126'], 'a role'],
  [CATALOGUE, {}, [], 'a service without a clinical profile'],
  [{}, { sgsd: { '9001': [4001] }, dispositions: [1003], roles: [126] }, [], 'the catalogue has no codes at all'],
]
for (const [catalogue, other, expected, because] of cases) {
  test(`codes that nobody lists are noted: ${because}`, async () => {
    const tally = startTally(inputFile('services.jsonl', ''), ['UID'])
    const codes = watchCodes(catalogue)
    for (const uid of [1, 2]) codes.see(aService({ uid, other: other as Record<string, unknown> }))
    codes.report(tally)
    const { notes } = await tally.finish()
    assert.deepEqual(
      notes.map(({ kind, subject }) => `${kind} ${subject}`),
      expected,
    )
    assert.ok(notes.every(({ message }) => message === 'carried by 2 services, which are not found by it'))
  })
}
