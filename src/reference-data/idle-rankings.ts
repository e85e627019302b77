/** Rankings of a reference file that no search would use. */
import { areaKindOf } from '#src/directory/triage/triage-reference.ts'
import type { Tally } from './import-summary.ts'
import type { Reference } from './reference-file.ts'

/** Notes the rankings of local areas: those limit and promote services; only authorities and boards rank types. */
export function noteIdleRankings(
  { rankings = {} }: Reference,
  { areas = {} }: Pick<Reference, 'areas'>,
  tally: Tally,
): void {
  for (const code of Object.keys(rankings)) {
    const area = areas[code]
    const kind = area && !Array.isArray(area) ? area.kind : areaKindOf(code)
    if (kind !== 'local') continue
    const message = 'a local area does not rank types: name it in areas with the kind la or icb'
    tally.note({ kind: 'ranking never used', subject: code, message })
  }
}
