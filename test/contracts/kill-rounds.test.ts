import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killRounds } from '#test/support/kill-rounds.ts'

// `node test/kill-50.ts` runs fifty rounds of the same and prints what it showed.
for (const kind of ['embedded', 'postgres'] as const) {
  test(`on ${kind}: a server killed in the middle of saves loses nothing that it acknowledged`, async (t) => {
    const report = await killRounds(kind, 3, (round) => 50 + round * 170)
    t.diagnostic(JSON.stringify(report))
    assert.ok(report.acknowledged >= 3, 'each round saves something before the kill')
  })
}
