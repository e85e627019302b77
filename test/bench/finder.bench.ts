/**
 * The Service Finder, the public's pages and the search by name over HTTP, among 100,000 services: how long each answer
 * takes, one at a time, and how soon a closure shows. Run alone: `node test/bench/finder.bench.ts`
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { saveApiAccount } from '#src/accounts/save-api-account.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { type Browser, openBrowser, signInAs } from '#test/support/browser.ts'
import type { DatabaseAddress } from '#test/support/databases.ts'
import { benchDirectory } from './bench-data.ts'
import { type Figure, median, percentile, printFigures } from './figures.ts'
import { filledEmbedded, mainServices } from './filled-database.ts'
import { type RunningServer, startProduct } from './load.ts'
import { addWhatProgramsNeed, PEPPER } from './urgent-care.bench.ts'

const SERVICES = 100_000
const ASKED = 300
const WARM_UP = 30
const CLOSURES = 5
const NEEDS = ['pharmacy', 'dental', 'optical', 'clinic', 'therapy']
/** As people begin to type a kind of service. */
const BEGUN = ['p', 'ph', 'phar', 'chem', 'dent', 'opt', 'mental', 'clini']
const PROGRAM = { username: 'bench-finder', password: 'bench-password' }

/** Measures a server of its own on the embedded database. */
export async function measureFinder(): Promise<readonly Figure[]> {
  const directory = benchDirectory(SERVICES)
  const address = await filledEmbedded(directory)
  await addWhatProgramsNeed(address, directory.folder, [])
  const services = directory.services.filter(({ postcode, status }) => postcode !== null && status === 'ACTIVE')
  const pharmacies = mainServices(services)
  const cookie = await addPeople(address, pharmacies)
  const product = await startProduct(address, { SECRETS_PEPPER: PEPPER })
  const own = openBrowser(undefined, product.baseUrl)
  own.setCookie('signpost-session', cookie)
  try {
    const atReady = residentMegabytes(product)
    return [
      { what: 'finder: memory of the process and its database when ready', figure: atReady, unit: 'MB' },
      ...(await measurePages(product.baseUrl, own, services, pharmacies)),
      { what: 'finder: the same after all of it', figure: residentMegabytes(product), unit: 'MB' },
      ...(await measureFreshness(own, pharmacies)),
    ]
  } finally {
    await product.child.kill()
  }
}

async function measurePages(
  baseUrl: string,
  own: Browser,
  services: readonly ServiceRecord[],
  pharmacies: readonly ServiceRecord[],
): Promise<readonly Figure[]> {
  const anybody = openBrowser(undefined, baseUrl)
  const token = await signInProgram(baseUrl)
  const open = (browser: Browser, addressOf: (turn: number) => string) => (turn: number) =>
    take(async () => (await browser.ask(addressOf(turn))).status, [200])
  const placeOf = (turn: number): string => encodeURIComponent(at(services, turn * 7919).postcode ?? '')
  const fuzzy = (turn: number): string =>
    `/dosapi/dosservices/v0.0.1/services/byfuzzysearch?search_term=${encodeURIComponent(misspelt(at(services, turn * 6007).name))}` +
    `&search_location=${placeOf(turn)}&fuzz_level=2`
  const pharmacy = (turn: number): string => `/pharmacies/${at(pharmacies, turn * 997).odsCode?.slice(0, 5)}`
  const filters = '&open=now&access=step-free'
  return [
    ...(await timed(
      'finder: search by type and place',
      60,
      open(own, (turn) => `/finder/results?need=${at(NEEDS, turn)}&place=${placeOf(turn)}`),
    )),
    ...(await timed(
      'finder: a service',
      60,
      open(own, (turn) => `/finder/services/${at(services, turn * 31).uid}`),
    )),
    ...(await timed(
      'finder: type-ahead of types',
      30,
      open(own, (turn) => `/finder/types.json?need=${at(BEGUN, turn)}`),
    )),
    ...(await timed(
      'finder: type-ahead of places',
      30,
      open(own, (turn) => `/finder/places.json?place=${placeOf(turn).slice(0, 1 + (turn % 4))}`),
    )),
    ...(await timed('finder: misspelt names, the first', null, (turn) => askFuzzy(baseUrl, token, fuzzy(turn)), 1)),
    ...(await timed('finder: misspelt names', 60, (turn) => askFuzzy(baseUrl, token, fuzzy(turn)))),
    ...(await timed(
      'public: search',
      60,
      open(anybody, (turn) => `/pharmacies?postcode=${placeOf(turn)}`),
    )),
    ...(await timed(
      'public: search with filters',
      60,
      open(anybody, (turn) => `/pharmacies?postcode=${placeOf(turn)}${filters}`),
    )),
    ...(await timed('public: a pharmacy', 60, open(anybody, pharmacy))),
    ...(await timed(
      'public: a feed of a pharmacy',
      60,
      open(anybody, (turn) => `${pharmacy(turn)}.rss`),
    )),
    ...(await measureValidators(baseUrl, pharmacy)),
  ]
}

/** How many of the answers to a browser that holds the page already are empty. */
async function measureValidators(baseUrl: string, addressOf: (turn: number) => string): Promise<readonly Figure[]> {
  let held = 0
  const times: number[] = []
  for (let turn = 0; turn < ASKED; turn++) {
    const url = `${baseUrl}${addressOf(turn)}`
    const etag = (await fetch(url)).headers.get('etag') ?? assert.fail('no validator')
    const started = performance.now()
    const answer = await fetch(url, { headers: { 'if-none-match': etag } })
    times.push(performance.now() - started)
    if (answer.status === 304) held += 1
  }
  return [
    { what: 'public: a pharmacy that is held, p95', figure: percentile(times, 95), unit: 'ms' },
    { what: 'public: of these answered by 304', figure: (100 * held) / ASKED, unit: '%', wanted: '100' },
  ]
}

/** From the answer to whoever closes a pharmacy until everybody else sees it. */
async function measureFreshness(owner: Browser, pharmacies: readonly ServiceRecord[]): Promise<readonly Figure[]> {
  const waits: number[] = []
  for (const { odsCode, uid } of pharmacies.slice(0, CLOSURES)) {
    const code = odsCode?.slice(0, 5)
    const form = await owner.open(`/manage/${code}/close-now`)
    const reason = 'Power or IT failure'
    const answer = await owner.submit(form, 'close-now', { ...CLOSE_NOW, reason })
    assert.match(answer.url.pathname, /closures/, answer.body.slice(0, 2000))
    const sent = performance.now()
    for (const [address, words] of [
      [`/pharmacies/${code}`, /closed/i],
      [`/pharmacies/${code}.rss`, /<item>/],
      [`/finder/services/${uid}`, /closed/i],
    ] as const) {
      while (!words.test((await owner.ask(address)).body)) {
        assert.ok(performance.now() - sent < 60_000, `${address} never showed it`)
        await pause(20)
      }
    }
    waits.push(performance.now() - sent)
  }
  const slowest = { figure: Math.max(...waits), unit: 'ms', wanted: 'below 5,000' }
  return [{ what: 'public: a closure on page, feed and finder, the slowest', ...slowest }]
}

const CLOSE_NOW = {
  'from-when': 'now',
  'until-when': 'unknown',
  what: 'whole',
  advice: 'Call 111',
  name: 'Amina',
  phone: '',
}

/** A professional who is also the owner of those that will be closed; the program of the search by name. */
async function addPeople(address: DatabaseAddress, pharmacies: readonly ServiceRecord[]): Promise<string> {
  const db = await openDb({ ...address, log: createLog('warn') })
  const clock = { now: () => new Date() }
  const owned = pharmacies
    .slice(0, CLOSURES)
    .map(({ odsCode }) => ({ role: 'owner' as const, scope: `ods:${odsCode}` }))
  const browser = openBrowser(undefined, 'http://localhost')
  const grants = [...owned, { role: 'professional' as const, scope: '' }]
  await signInAs(browser, { email: 'ivy@nhs.example', grants }, { db, clock })
  const by = { by: 'system:bench', now: clock.now(), pepper: PEPPER }
  assert.ok((await saveApiAccount(db, { api: 'professional', ...PROGRAM }, by)).ok)
  await db.close()
  return browser.cookie('signpost-session') ?? assert.fail()
}

async function signInProgram(baseUrl: string): Promise<string> {
  const answer = await fetch(`${baseUrl}/authentication/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ emailAddress: PROGRAM.username, password: PROGRAM.password }),
  })
  return ((await answer.json()) as { readonly accessToken: string }).accessToken
}

const askFuzzy = (baseUrl: string, token: string, address: string): Promise<number> =>
  take(async () => {
    const answer = await fetch(`${baseUrl}${address}`, { headers: { authorization: `Bearer ${token}` } })
    await answer.arrayBuffer()
    return answer.status
  }, [200])

/** Two neighbouring letters of the longest word swapped. */
function misspelt(name: string): string {
  const words = name.match(/[A-Za-z]{3,}/g) ?? ['pharmacy']
  const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? ''
  return longest.replace(/^(..)(.)(.)/, '$1$3$2')
}

/** Milliseconds until the whole answer is there. */
async function take(ask: () => Promise<number>, expected: readonly number[]): Promise<number> {
  const started = performance.now()
  const status = await ask()
  const took = performance.now() - started
  assert.ok(expected.includes(status), `answered ${status}`)
  return took
}

async function timed(
  what: string,
  wantedMs: number | null,
  ask: (turn: number) => Promise<number>,
  asked = ASKED,
): Promise<readonly Figure[]> {
  const times: number[] = []
  for (let turn = asked === 1 ? 0 : -WARM_UP; turn < asked; turn++) {
    const took = await ask(turn + WARM_UP)
    if (turn >= 0) times.push(took)
  }
  if (wantedMs === null) return [{ what, figure: median(times), unit: 'ms' }]
  return [
    { what: `${what}, p50`, figure: median(times), unit: 'ms' },
    { what: `${what}, p95`, figure: percentile(times, 95), unit: 'ms', wanted: `below ${wantedMs}` },
  ]
}

const at = <T>(list: readonly T[], turn: number): T => list[turn % list.length] ?? assert.fail('nothing to choose from')

/** What the system says that the process holds; 0 where it does not say. */
function residentMegabytes({ child }: RunningServer): number {
  try {
    const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.process.pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) / 1024
  } catch {
    return 0
  }
}

if (import.meta.main) printFigures(await measureFinder())
