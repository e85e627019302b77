import { exportServices } from '#src/reference-data/export-services.ts'
import { type Command, valueAt } from './command.ts'

/** The directory of services, given back as it was imported and changed since. */
export const exportServicesCommand: Command = {
  name: 'export services',
  usage: 'FILE.jsonl',
  description: 'every DoS service, in the format of import services',
  values: { least: 1, most: 1 },
  options: [],
  async run({ withDb, progress, print }, given) {
    const services = await withDb((db) => exportServices(valueAt(given, 0), db, progress))
    print(`written  ${services}`)
    return 0
  },
}
