/**
 * `npm run bench`: every measurement, one after the other, as one table. Takes some minutes; close other programs first.
 * Give names to run only some: `npm run bench -- nearest save`.
 */
import { cpus, totalmem } from 'node:os'
import { measureBranches } from './branches.bench.ts'
import { measureClosures } from './closure.bench.ts'
import { type Figure, printFigures } from './figures.ts'
import { measureFinder } from './finder.bench.ts'
import { measureImport } from './import.bench.ts'
import { measureIndex } from './index.bench.ts'
import { measureManage } from './manage.bench.ts'
import { measureNearest } from './nearest.bench.ts'
import { measureOpeningTimes } from './opening-times.bench.ts'
import { measureReports } from './reports.bench.ts'
import { measureSaves } from './save.bench.ts'
import { measureStart } from './start.bench.ts'
import { measureTriage } from './triage.bench.ts'
import { measureUrgentCare } from './urgent-care.bench.ts'

const MEASUREMENTS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  'opening-times': async () => openingTimesFigures(),
  index: measureIndex,
  triage: measureTriage,
  nearest: measureNearest,
  'urgent-care': measureUrgentCare,
  finder: measureFinder,
  start: measureStart,
  save: measureSaves,
  manage: measureManage,
  import: measureImport,
  branches: measureBranches,
  closures: measureClosures,
  reports: measureReports,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in MEASUREMENTS))
if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(', ')}; there are ${Object.keys(MEASUREMENTS).join(', ')}`)
  process.exit(2)
}

const figures: Figure[] = []
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.log(`${name} …`)
  figures.push(...(await measure()))
}
const processors = cpus()
console.log(
  `${processors.length} × ${processors[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
)
printFigures(figures)

function openingTimesFigures(): readonly Figure[] {
  return measureOpeningTimes().map(({ name, nanoseconds, ratio, wanted }) =>
    wanted === null
      ? { what: 'opening times: isOpenAt + nextChange', figure: nanoseconds, unit: 'ns' }
      : {
          what: `opening times: ${name} takes so many times as long`,
          figure: ratio,
          unit: '×',
          wanted: `at least ${wanted}`,
        },
  )
}
