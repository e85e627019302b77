import { importPharmaceuticalList } from '#src/reference-data/import-pharmaceutical-list.ts'
import { type Command, valueAt } from './command.ts'
import { summaryLines } from './summary-lines.ts'
import { thenCheckQuality } from './then-check-quality.ts'

/** Pharmacies from the list of the NHS Business Services Authority. */
export const importPharmaceuticalListCommand: Command = {
  name: 'import pharmaceutical-list',
  usage: 'FILE.csv',
  description: 'the Consolidated Pharmaceutical List, in any published layout',
  values: { least: 1, most: 1 },
  options: [],
  async run({ withDb, clock, progress, print }, given) {
    const summary = await withDb((db) =>
      thenCheckQuality(db, clock, importPharmaceuticalList(valueAt(given, 0), { db, clock, progress })),
    )
    for (const line of summaryLines(summary)) print(line)
    return 0
  },
}
