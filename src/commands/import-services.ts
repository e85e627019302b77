import { importServices } from '#src/reference-data/import-services.ts'
import { type Command, UsageProblem, valueAt } from './command.ts'
import { summaryLines } from './summary-lines.ts'
import { thenCheckQuality } from './then-check-quality.ts'

/** The directory of services in its interchange format. */
export const importServicesCommand: Command = {
  name: 'import services',
  usage: 'FILE.jsonl --reference FILE.json [--gazetteer FILE.csv]',
  description: 'DoS services, one JSON object a line, and the profiles their pharmacies make',
  values: { least: 1, most: 1 },
  options: ['reference', 'gazetteer'],
  async run({ withDb, clock, progress, print }, given) {
    const { reference, gazetteer } = given.options
    if (reference === undefined) throw new UsageProblem('import services needs --reference FILE.json')
    const input = { path: valueAt(given, 0), referencePath: reference, gazetteerPath: gazetteer }
    const summary = await withDb((db) => thenCheckQuality(db, clock, importServices(input, { db, clock, progress })))
    for (const line of summaryLines(summary)) print(line)
    return 0
  },
}
