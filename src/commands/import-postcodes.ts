import { importPostcodes } from '#src/reference-data/import-postcodes.ts'
import { type Command, valueAt } from './command.ts'
import { summaryLines } from './summary-lines.ts'
import { thenCheckQuality } from './then-check-quality.ts'

/** Points of postcodes, at any size. */
export const importPostcodesCommand: Command = {
  name: 'import postcodes',
  usage: 'FILE.csv',
  description: 'where postcodes are; the ONS Postcode Directory or an extract',
  values: { least: 1, most: 1 },
  options: [],
  async run({ withDb, clock, progress, print }, given) {
    const summary = await withDb((db) =>
      thenCheckQuality(db, clock, importPostcodes(valueAt(given, 0), { db, clock, progress })),
    )
    for (const line of summaryLines(summary)) print(line)
    return 0
  },
}
