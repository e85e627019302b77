import { importDosContacts } from '#src/contacts-register/import-dos-contacts.ts'
import { type Command, valueAt } from './command.ts'
import { summaryLines } from './summary-lines.ts'

/** Whom the directory team of each area is reached by. */
export const importDosContactsCommand: Command = {
  name: 'import dos-contacts',
  usage: 'FILE.csv',
  description: 'whom the DoS leads of each ICB and region are reached by',
  values: { least: 1, most: 1 },
  options: [],
  async run({ withDb, clock, progress, print }, given) {
    const summary = await withDb((db) => importDosContacts(valueAt(given, 0), { db, clock, progress }))
    for (const line of summaryLines(summary)) print(line)
    return 0
  },
}
