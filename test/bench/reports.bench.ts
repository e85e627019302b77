/**
 * The reports of England and every page of the workspace, among 60,000 services: 5,000 of them changed today, and 11,000
 * pharmacies checked some of their sections this quarter. Run alone: `node test/bench/reports.bench.ts`, or for one of
 * the two databases `node test/bench/reports.bench.ts embedded`
 */
import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { checkEverything, QUALITY } from '#src/data-quality/check-everything.ts'
import { refreshIcbAreas } from '#src/directory/icb-areas.ts'
import { saveServices } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { enqueueScheduled } from '#src/platform/jobs/schedule.ts'
import { createLog } from '#src/platform/log.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { type Browser, openBrowser, signInAs } from '#test/support/browser.ts'
import type { DatabaseAddress } from '#test/support/databases.ts'
import { startCluster } from '#test/support/postgres-cluster.ts'
import { type BenchDirectory, benchDirectory } from './bench-data.ts'
import { type Figure, percentile, printFigures } from './figures.ts'
import { filledEmbedded, fillPostgres, mainServices } from './filled-database.ts'
import { startProduct } from './load.ts'

const PHARMACIES = 11_000
const CHANGED = 5000
const A_BATCH = 500
const REPORTS = 5
const VIEWS = 20
const WARM_UP = 3

/** Reports of England, each with what the project promises. */
const ENGLAND = [
  ['daily changes, England, page', '/reports/daily-changes', 3000],
  ['daily changes, England, CSV', '/reports/daily-changes.csv', 3000],
  ['verification, England, page', '/reports/verification', 2000],
  ['verification, England, CSV', '/reports/verification.csv', 2000],
  ['verification, England, XLSX', '/reports/verification.xlsx', 2000],
  ['verification, England, PDF', '/reports/verification.pdf', 2000],
] as const

/** Everything on the way from the workspace. What `lead` sees is of one ICB, what `national` sees is of all. */
const PAGES = [
  '/workspace',
  '/workspace/access-requests',
  '/workspace/services',
  '/workspace/approvals',
  '/workspace/local-services',
  '/workspace/changes',
  '/workspace/queries',
  '/workspace/holds',
  '/workspace/conflicts',
  '/workspace/quality',
  '/workspace/as-told',
  '/workspace/onboarding',
  '/workspace/place-changes',
  '/workspace/closures',
  '/workspace/closures?show=over',
  '/workspace/contacts',
  '/workspace/contact-corrections',
  '/workspace/search-tester',
  '/capacity',
  '/capacity?show=all',
  '/reports',
  '/reports/gaps',
]
/** Reports of one's own ICB are pages like any other. */
const PAGES_OF_AN_ICB = ['/reports/daily-changes', '/reports/verification']

/** Measures both databases, or one; PostgreSQL writes to disk as in production. */
export async function measureReports(only?: string): Promise<readonly Figure[]> {
  const directory = withPharmacies(benchDirectory())
  if (only === 'embedded') return measureOn('embedded', await filledEmbedded(directory), directory)
  // The cluster does not keep a process alive by itself, not even while it is being stopped.
  const alive = setInterval(() => {}, 1000)
  const cluster = await startCluster({ durable: true })
  try {
    return [
      ...(only === 'postgres' ? [] : await measureOn('embedded', await filledEmbedded(directory), directory)),
      ...(await measureOn('PostgreSQL', await fillPostgres(cluster.url, directory), directory)),
    ]
  } finally {
    await cluster.stop()
    clearInterval(alive)
  }
}

/** The directory has fewer pharmacies than England: other services become the first services of more. */
function withPharmacies(directory: BenchDirectory): BenchDirectory {
  const taken = new Set(mainServices(directory.services).map(({ odsCode }) => odsCode))
  const services = directory.services.map((service) => {
    const isFree = service.status === 'ACTIVE' && service.easting !== null && service.odsCode?.length !== 5
    if (!isFree || taken.size >= PHARMACIES) return service
    const odsCode = `G${taken.size.toString(36).toUpperCase().padStart(4, '0')}`
    taken.add(odsCode)
    return { ...service, typeId: 13, odsCode }
  })
  assert.equal(taken.size, PHARMACIES)
  return { ...directory, source: `${directory.source}, ${PHARMACIES} pharmacies`, services }
}

async function measureOn(
  name: string,
  address: DatabaseAddress,
  directory: BenchDirectory,
): Promise<readonly Figure[]> {
  const cookies = await prepare(address, directory)
  const { baseUrl, child } = await startProduct(address)
  const browserOf = (cookie: string): Browser => {
    const browser = openBrowser(undefined, baseUrl)
    browser.setCookie('signpost-session', cookie)
    return browser
  }
  const national = browserOf(cookies.national)
  const figures = [
    ...(await measureEngland(name, national)),
    await slowestPage(name, 'national', national, [...PAGES, '/workspace/tickets', '/reports/searches']),
    await slowestPage(name, 'lead', browserOf(cookies.lead), [...PAGES, ...PAGES_OF_AN_ICB]),
  ]
  child.process.kill('SIGTERM')
  await child.ended
  return figures
}

async function measureEngland(name: string, browser: Browser): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const [what, path, most] of ENGLAND) {
    const slowest = Math.max(...(await timesOf(browser, path, REPORTS)))
    figures.push({
      ...{ what: `reports: ${what}, ${name}, the slowest of ${REPORTS}`, figure: slowest / 1000, unit: 's' },
      wanted: `below ${most / 1000}`,
    })
  }
  return figures
}

async function slowestPage(name: string, who: string, browser: Browser, pages: readonly string[]): Promise<Figure> {
  const slowest = { path: '', p95: 0 }
  for (const path of pages) {
    const p95 = percentile(await timesOf(browser, path, VIEWS), 95)
    if (process.env['EVERY_PAGE']) console.log(name, who, path, p95.toFixed(1))
    if (p95 > slowest.p95) Object.assign(slowest, { path, p95 })
  }
  const what = `workspace: slowest page of a ${who}, ${slowest.path}, ${name}, p95`
  return { what, figure: slowest.p95, unit: 'ms', wanted: 'below 100' }
}

async function timesOf(browser: Browser, path: string, turns: number): Promise<readonly number[]> {
  const times: number[] = []
  for (let turn = -Math.min(WARM_UP, turns - 2); turn < turns; turn++) {
    const started = performance.now()
    const page = await browser.ask(path)
    assert.equal(page.status, 200, `${path}: ${page.status}`)
    if (turn >= 0) times.push(performance.now() - started)
  }
  return times
}

/** Gives the pharmacies ICBs and postcodes, checks and changes; answers with two people who are signed in. */
async function prepare(address: DatabaseAddress, directory: BenchDirectory) {
  const db = await openDb({ ...address, log: createLog('warn') })
  await placeEverything(db)
  await checkSections(db)
  await changeServices(db, directory.services.slice(0, CHANGED))
  await spendTheNight(db)
  const cookieOf = async (email: string, grants: readonly { role: 'national' | 'lead'; scope: string }[]) => {
    const browser = openBrowser(undefined, 'http://localhost')
    await signInAs(browser, { email, grants }, { db, clock: { now: () => new Date() } })
    return browser.cookie('signpost-session') ?? assert.fail()
  }
  const cookies = {
    national: await cookieOf('nia@nhs.example', [{ role: 'national', scope: '' }]),
    lead: await cookieOf('lea@nhs.example', [{ role: 'lead', scope: 'area:QB1' }]),
  }
  await db.close()
  return cookies
}

/** Quality was checked last night: the lists are filled, and the job does not come in between. Then comes the upkeep. */
async function spendTheNight(db: Db): Promise<void> {
  const clock = { now: () => new Date() }
  await checkEverything({ db, clock, holidays: holidayCalendar([]) })
  await enqueueScheduled(db, { queue: QUALITY, pattern: '10 2 * * *' }, clock.now())
  await sql`update job set done_at = now() where queue = ${QUALITY}`.execute(db.pool)
  await sql`vacuum analyze`.execute(db.pool)
}

async function placeEverything(db: Db): Promise<void> {
  await sql`
    insert into postcode (postcode_key, latitude, longitude, icb_code, region_code, local_authority_code, source)
    select key, latitude, longitude, 'E' || (number % 42), 'Y' || (number % 7), 'LA' || (number % 150), 'bench'
    from (select postcode_key as key, latitude, longitude, row_number() over (order by postcode_key) as number
      from (select postcode_key, coalesce(avg((record ->> 'latitude')::float8), 52) as latitude,
          coalesce(avg((record ->> 'longitude')::float8), -1) as longitude
        from service where postcode_key is not null group by 1) each_one) numbered
    on conflict do nothing`.execute(db.pool)
  await sql`
    update profile set document = jsonb_set(document, '{commissioning,icbCode}', to_jsonb('QB' || substr(postcode.icb_code, 2)))
    from postcode where postcode.postcode_key = profile.postcode_key`.execute(db.pool)
  await refreshIcbAreas(db)
}

async function checkSections(db: Db): Promise<void> {
  const quarter = quarterOf(londonDateOf(new Date()))
  await sql`
    insert into attestation (ods_code, section, attested_at, person, quarter, profile_version, content_hash, audit_seq)
    select ods_code, section, ${quarter.starts}::date + (number % 45) * interval '1 day', 'person:bench', ${quarter.id}, 1, '', 1
    from (select ods_code, row_number() over (order by ods_code) as number from profile) pharmacy
    cross join unnest(array['contact', 'hours', 'holidays', 'services', 'facilities']) with ordinality as part (section, place)
    where number % 7 >= place`.execute(db.pool)
}

async function changeServices(db: Db, services: readonly ServiceRecord[]): Promise<void> {
  for (let start = 0; start < services.length; start += A_BATCH) {
    const changed = services.slice(start, start + A_BATCH).map((service, index) => ({
      ...service,
      phone: `01632 ${960_000 + start + index}`,
      hours: { ...service.hours, bankHoliday: [{ opens: 600, closes: 720 + (index % 60) }] },
    }))
    const how = { actor: 'person:bench@nhs.example', action: 'edit', recordedAt: new Date().toISOString() }
    await db.transact((tx) => saveServices(tx, changed, how))
  }
}

if (import.meta.main) printFigures(await measureReports(process.argv[2]))
