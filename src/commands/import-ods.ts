import { importOds } from '#src/reference-data/import-ods.ts'
import { type Command, valueAt } from './command.ts'
import { summaryLines } from './summary-lines.ts'
import { thenCheckQuality } from './then-check-quality.ts'

/** Pharmacies as the Organisation Data Service knows them. */
export const importOdsCommand: Command = {
  name: 'import ods',
  usage: 'FILE.csv',
  description: 'ODS records: phone numbers, parents, ICBs and closures',
  values: { least: 1, most: 1 },
  options: [],
  async run({ withDb, clock, progress, print }, given) {
    const summary = await withDb((db) =>
      thenCheckQuality(db, clock, importOds(valueAt(given, 0), { db, clock, progress })),
    )
    for (const line of summaryLines(summary)) print(line)
    return 0
  },
}
