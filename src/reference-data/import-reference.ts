/** `import reference`: codes, areas, ranks and search distances by themselves, without services. */
import { isDeepStrictEqual } from 'node:util'
import { refreshIcbAreas } from '#src/directory/icb-areas.ts'
import { noteIdleRankings } from './idle-rankings.ts'
import { type ImportDeps, importContext } from './import-deps.ts'
import { type ImportSummary, startTally, type Tally } from './import-summary.ts'
import { loadCatalogue, mergedCatalogue, type Reference, readReference, storeCatalogue } from './reference-file.ts'
import { loadCalendar, noteHolidays } from './reference-holidays.ts'

const ACTOR = 'command:import reference'

/**
 * Replaces the parts of the catalogue that the file has; of the types only those that it names. Throws `InputRefused`
 * before anything is written.
 */
export async function importReference(path: string, { db, clock }: ImportDeps): Promise<ImportSummary> {
  const given = await readReference(path)
  const tally = startTally(path, ['ENTRY'])
  await tally.writeRefusals()
  noteHolidays(given, await loadCalendar(db), tally)
  const { recordedAt } = importContext(clock, ACTOR)
  await db.transact(async (tx) => {
    const stored = await loadCatalogue(tx)
    const catalogue = mergedCatalogue(stored, given)
    noteIdleRankings(given, catalogue, tally)
    countEntries(stored, given, catalogue, tally)
    await storeCatalogue(tx, catalogue, { actor: ACTOR, action: 'import-reference', at: recordedAt })
  })
  await refreshIcbAreas(db)
  return tally.finish()
}

function countEntries(stored: Reference | undefined, given: Reference, catalogue: Reference, tally: Tally): void {
  for (const part of Object.keys(given)) {
    const [before, after] = [entriesOf(stored?.[part]), entriesOf(given[part])]
    for (const [name, entry] of after) {
      tally.count('read')
      const known = before.get(name)
      if (known === undefined) tally.count('stored')
      else tally.count(isDeepStrictEqual(known, entry) ? 'unchanged' : 'changed')
    }
    const kept = entriesOf(catalogue[part])
    const gone = [...before.keys()].filter((name) => !kept.has(name)).length
    if (gone > 0) tally.detail(`${part}: no longer named, removed`, gone)
  }
}

/** What a part of the file consists of, by id or code; a part that is one value is one entry. */
function entriesOf(part: unknown): ReadonlyMap<string, unknown> {
  if (part === undefined) return new Map()
  if (Array.isArray(part)) return new Map(part.map((entry: unknown) => [idOf(entry), entry]))
  return typeof part === 'object' && part !== null ? new Map(Object.entries(part)) : new Map([['', part]])
}

const idOf = (entry: unknown): string =>
  typeof entry === 'object' && entry !== null && 'id' in entry ? String(entry.id) : JSON.stringify(entry)
