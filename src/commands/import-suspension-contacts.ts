import { importSuspensionContacts } from '#src/closures/notices/import-suspension-contacts.ts'
import { type Command, valueAt } from './command.ts'
import { summaryLines } from './summary-lines.ts'

/** Whom each area wants told of closures. */
export const importSuspensionContactsCommand: Command = {
  name: 'import suspension-contacts',
  usage: 'FILE.csv',
  description: 'whom each ICB wants told of closures, and what it asks',
  values: { least: 1, most: 1 },
  options: [],
  async run({ withDb, clock, progress, print }, given) {
    const summary = await withDb((db) => importSuspensionContacts(valueAt(given, 0), { db, clock, progress }))
    for (const line of summaryLines(summary)) print(line)
    return 0
  },
}
