/**
 * Kills the server in the middle of saves, fifty times on each database, and prints what it showed. Takes some minutes.
 *
 * Usage: node test/kill-50.ts [ROUNDS] [embedded|postgres]
 */
import { killRounds } from './support/kill-rounds.ts'

const [rounds = '50', only] = process.argv.slice(2)
const seed = Date.now() % 1000
console.log(`${rounds} rounds each; the moments of the kills start from seed ${seed}`)
for (const kind of ['embedded', 'postgres'] as const) {
  if (only && only !== kind) continue
  const report = await killRounds(kind, Number(rounds), (round) => (seed + round * 389) % 1400)
  console.log(
    `${kind}: ${report.rounds} kills, ${report.acknowledged} saves acknowledged, none lost; ` +
      `${report.unacknowledged} more were stored though the answer never arrived; audit and projection clean after each`,
  )
}
