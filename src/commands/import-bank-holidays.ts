import { importBankHolidays } from '#src/reference-data/import-bank-holidays.ts'
import { type Command, valueAt } from './command.ts'
import { summaryLines } from './summary-lines.ts'
import { thenCheckQuality } from './then-check-quality.ts'

/** Bank holidays of England and Wales. */
export const importBankHolidaysCommand: Command = {
  name: 'import bank-holidays',
  usage: 'FILE.json',
  description: 'bank holidays, in the layout of GOV.UK',
  values: { least: 1, most: 1 },
  options: [],
  async run({ withDb, clock, progress, print }, given) {
    const summary = await withDb((db) =>
      thenCheckQuality(db, clock, importBankHolidays(valueAt(given, 0), { db, clock, progress })),
    )
    for (const line of summaryLines(summary)) print(line)
    return 0
  },
}
