/**
 * Writes a fictitious directory of any size in the interchange format, for trying imports and for measurements:
 * `services.jsonl`, `reference.json` and `gazetteer.csv`.
 *
 * Usage: node src/demo/write-directory.ts --services 60000 --out DIR [--date YYYY-MM-DD]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FIRST_OWN_UID } from '#src/profiles/commit-profiles.ts'
import { writeServiceLine } from '#src/reference-data/service-lines.ts'
import { computedBankHolidays, holidayCalendar } from '#src/rules/bank-holidays.ts'
import { parseLocalDate } from '#src/rules/london-time.ts'
import { demoOtherServices } from './other-services.ts'
import { demoPharmacies } from './pharmacies.ts'
import { inventedCatalogue } from './triage-codes.ts'

/** How many services 1,200 pharmacies and what is around them have, about. */
const SERVICES_A_SHARE = 8620
const PHARMACIES_A_SHARE = 1200

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '60000' },
    out: { type: 'string', default: '.' },
    date: { type: 'string', default: '2026-12-07' },
  },
})
const wanted = Number(values.services)
const today = parseLocalDate(values.date)
if (!today || !Number.isInteger(wanted) || wanted < 1) {
  process.stderr.write('Give --services a whole number and --date a date such as 2026-12-07\n')
  process.exit(2)
}

// a little more than enough, then cut to the number asked for
const share = (wanted / SERVICES_A_SHARE) * 1.02 + 0.002
const holidays = holidayCalendar([])
const pharmacies = demoPharmacies({ pharmacies: Math.ceil(share * PHARMACIES_A_SHARE), today, holidays })
const others = demoOtherServices(share).slice(0, Math.floor(wanted * 0.25))
const ofPharmacies = pharmacies
  .flatMap(({ services }) => services)
  .slice(0, wanted - others.length)
  .map((service, index) => ({ ...service, uid: FIRST_OWN_UID + index }))
const services = [...others, ...ofPharmacies]
const year = Number(today.slice(0, 4))

mkdirSync(values.out, { recursive: true })
const write = (name: string, lines: readonly string[]) => writeFileSync(join(values.out, name), `${lines.join('\n')}\n`)
write(
  'services.jsonl',
  services.map((service) => JSON.stringify(writeServiceLine(service))),
)
write('reference.json', [
  JSON.stringify({
    ...inventedCatalogue(),
    bankHolidays: [year, year + 1].flatMap((each) => computedBankHolidays(each)).map(({ date }) => date),
  }),
])
write('gazetteer.csv', [
  'postcode,easting,northing,latitude,longitude',
  ...new Set(
    services.map((place) => [place.postcode, place.easting, place.northing, place.latitude, place.longitude].join(',')),
  ),
])
process.stdout.write(`${services.length} services in ${values.out}\n`)
