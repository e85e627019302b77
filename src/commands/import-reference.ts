import { importReference } from '#src/reference-data/import-reference.ts'
import { type Command, valueAt } from './command.ts'
import { summaryLines } from './summary-lines.ts'

/** What triage searches need beside services: codes, areas, ranks of types, search distances. */
export const importReferenceCommand: Command = {
  name: 'import reference',
  usage: 'FILE.json',
  description: 'service types and their ranks, triage codes, areas and search distances, without services',
  values: { least: 1, most: 1 },
  options: [],
  async run({ withDb, clock, progress, print }, given) {
    const summary = await withDb((db) => importReference(valueAt(given, 0), { db, clock, progress }))
    for (const line of summaryLines(summary)) print(line)
    return 0
  },
}
