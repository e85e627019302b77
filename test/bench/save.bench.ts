/**
 * How long after a pharmacy sends its save everyone sees it: on its page, in its open data, and in a search, among
 * 60,000 services. People save through the real forms. Run alone: `node test/bench/save.bench.ts`
 */
import assert from 'node:assert/strict'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { type Browser, formOf, openBrowser, signInAs } from '#test/support/browser.ts'
import type { DatabaseAddress } from '#test/support/databases.ts'
import { startCluster } from '#test/support/postgres-cluster.ts'
import { type BenchDirectory, benchDirectory } from './bench-data.ts'
import { type Figure, percentile, printFigures } from './figures.ts'
import { filledEmbedded, fillPostgres, mainServices } from './filled-database.ts'
import { startProduct } from './load.ts'

const SAVES = 200
const PHARMACIES = 40

/** Measures both databases; PostgreSQL writes to disk as in production. */
export async function measureSaves(): Promise<readonly Figure[]> {
  const directory = benchDirectory()
  // The cluster does not keep a process alive by itself, not even while it is being stopped.
  const alive = setInterval(() => {}, 1000)
  const cluster = await startCluster({ durable: true })
  try {
    return [
      ...(await measureOn('embedded', await filledEmbedded(directory), directory)),
      ...(await measureOn('PostgreSQL', await fillPostgres(cluster.url, directory), directory)),
    ]
  } finally {
    await cluster.stop()
    clearInterval(alive)
  }
}

async function measureOn(
  name: string,
  address: DatabaseAddress,
  directory: BenchDirectory,
): Promise<readonly Figure[]> {
  const pharmacies = mainServices(directory.services)
    .filter(({ latitude }) => latitude !== null)
    .slice(0, PHARMACIES)
  const cookie = await signIn(address, pharmacies)
  const product = await startProduct(address)
  const browser = openBrowser(undefined, product.baseUrl)
  browser.setCookie('signpost-session', cookie)
  const times: number[] = []
  for (let save = 0; save < SAVES; save++) {
    const pharmacy = pharmacies[save % pharmacies.length] ?? assert.fail()
    times.push(await saveAndSee(browser, pharmacy, `01632 ${960_000 + save}`))
  }
  await product.child.kill()
  return [
    { what: `save: to visible everywhere, ${name}, p50`, figure: percentile(times, 50), unit: 'ms' },
    {
      what: `save: to visible everywhere, ${name}, p99`,
      figure: percentile(times, 99),
      unit: 'ms',
      wanted: 'below 100',
    },
  ]
}

async function signIn(address: DatabaseAddress, pharmacies: readonly ServiceRecord[]): Promise<string> {
  const db = await openDb({ ...address, log: createLog('warn') })
  const browser = openBrowser(undefined, 'http://localhost')
  const grants = pharmacies.map(({ odsCode }) => ({ role: 'owner' as const, scope: `ods:${odsCode}` }))
  await signInAs(browser, { email: 'amina@nhs.example', grants }, { db, clock: { now: () => new Date() } })
  await db.close()
  return browser.cookie('signpost-session') ?? assert.fail()
}

/** Without blanks: numbers are shown in groups of their own. */
const digitsOf = (text: string): string => text.replaceAll(' ', '')

/** Milliseconds from sending the last form until the page, the profile and a search have all shown the new number. */
async function saveAndSee(browser: Browser, pharmacy: ServiceRecord, phone: string): Promise<number> {
  const { odsCode, latitude, longitude, typeId } = pharmacy
  const form = `/manage/${odsCode}/contact-details/change`
  const check = await browser.submit(await browser.open(form), form, { phone })
  const { action, hidden } = formOf(check, `${form}/check`)
  const started = performance.now()
  const answer = await browser.ask(action, hidden)
  assert.equal(answer.status, 303, answer.body)
  const addresses = [
    `/pharmacies/${odsCode}`,
    `/api/v1/pharmacies/${odsCode}`,
    `/api/v1/services?latitude=${latitude}&longitude=${longitude}&type=${typeId}&limit=50`,
  ]
  for (const address of addresses) {
    const seen = await browser.ask(address)
    assert.ok(
      digitsOf(seen.body).includes(digitsOf(phone)),
      `${address} (${seen.status}) does not show ${phone} after the save was acknowledged`,
    )
  }
  return performance.now() - started
}

if (import.meta.main) printFigures(await measureSaves())
