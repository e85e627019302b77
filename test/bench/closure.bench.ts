/**
 * Time to truth: from the POST of "close now" until the pharmacy is missing from a triage search and its public page says
 * closed, among 60,000 services, while 50 searches a second are running. On one node, and on another node of the same
 * database. Run alone: `node test/bench/closure.bench.ts`
 */
import assert from 'node:assert/strict'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import { type Browser, formOf, openBrowser, signInAs } from '#test/support/browser.ts'
import type { DatabaseAddress } from '#test/support/databases.ts'
import { startCluster } from '#test/support/postgres-cluster.ts'
import { type BenchCall, type BenchDirectory, benchCalls, benchDirectory } from './bench-data.ts'
import { type Figure, percentile, printFigures } from './figures.ts'
import { filledEmbedded, fillPostgres, mainServices } from './filled-database.ts'
import { type LoadRequest, startProduct } from './load.ts'
import { addWhatProgramsNeed, PEPPER, soapRequest } from './urgent-care.bench.ts'

const CLOSINGS = 150
/** The first of them warm the server up and are not counted. */
const WARM_UP = 15
/** Of these the closings are chosen: each is one more right of the person who closes them. */
const PHARMACIES = 800
const SEARCHES_A_SECOND = 50
const PATIENCE_MS = 10_000

/** A pharmacy with a question of NHS 111 that it answers while it is open. */
type Closing = { readonly odsCode: string; readonly uid: number; readonly question: LoadRequest }

/** Measures one node on the embedded database, then two nodes on PostgreSQL, which writes to disk as in production. */
export async function measureClosures(): Promise<readonly Figure[]> {
  const directory = benchDirectory()
  const alone = await measureOn(await filledEmbedded(directory), directory, false)
  // The cluster does not keep a process alive by itself, not even while it is being stopped.
  const alive = setInterval(() => {}, 1000)
  const cluster = await startCluster({ durable: true })
  try {
    const two = await measureOn(await fillPostgres(cluster.url, directory), directory, true)
    return [
      ...figuresOf('this node, embedded', alone.here, 250),
      ...figuresOf('this node, PostgreSQL', two.here, 250),
      ...figuresOf('another node, PostgreSQL', two.there, 1000),
    ]
  } finally {
    await cluster.stop()
    clearInterval(alive)
  }
}

const figuresOf = (where: string, times: readonly number[], below: number): readonly Figure[] => [
  { what: `close now: gone from 111 and the public page, ${where}, p50`, figure: percentile(times, 50), unit: 'ms' },
  {
    what: `close now: gone from 111 and the public page, ${where}, p99`,
    figure: percentile(times, 99),
    unit: 'ms',
    wanted: `below ${below}`,
  },
]

async function measureOn(address: DatabaseAddress, directory: BenchDirectory, hasOther: boolean) {
  const { calls } = benchCalls(directory)
  await addWhatProgramsNeed(address, directory.folder, new Set(calls.map(({ role }) => role)))
  const cookie = await signIn(address, directory)
  const here = await startProduct(address, { SECRETS_PEPPER: PEPPER })
  const there = hasOther ? await startProduct(address, { SECRETS_PEPPER: PEPPER, ROLE: 'web' }) : here
  const closings = await findClosings(here.baseUrl, directory, calls)
  const stopSearching = searchAllTheTime(here.baseUrl, calls.slice(0, 500).map(soapRequest))
  const browser = openBrowser(undefined, here.baseUrl)
  browser.setCookie('signpost-session', cookie)
  const times: { here: number[]; there: number[] } = { here: [], there: [] }
  for (const [index, closing] of closings.entries()) {
    const sent = await pressCloseNow(browser, closing)
    const [seenHere, seenThere] = await Promise.all([
      untilClosed(here.baseUrl, closing),
      untilClosed(there.baseUrl, closing),
      sent.answer,
    ])
    if (index < WARM_UP) continue
    times.here.push(seenHere - sent.at)
    times.there.push(seenThere - sent.at)
  }
  await stopSearching()
  await there.child.kill()
  await here.child.kill()
  return times
}

async function signIn(address: DatabaseAddress, { services }: BenchDirectory): Promise<string> {
  const db = await openDb({ ...address, log: createLog('warn') })
  const browser = openBrowser(undefined, 'http://localhost')
  const parents = new Set(mainServices(services).map(({ odsCode }) => `ods:${odsCode}`))
  const grants = [...parents].slice(0, PHARMACIES).map((scope) => ({ role: 'owner' as const, scope }))
  await signInAs(browser, { email: 'amina@nhs.example', grants }, { db, clock: { now: () => new Date() } })
  await db.close()
  return browser.cookie('signpost-session') ?? assert.fail()
}

/** Asks the questions for a weekday noon soon, and takes the pharmacies that are among the answers. */
async function findClosings(
  baseUrl: string,
  { services }: BenchDirectory,
  calls: readonly BenchCall[],
): Promise<readonly Closing[]> {
  const pharmacies = new Map<number, ServiceRecord>(
    mainServices(services)
      .slice(0, PHARMACIES)
      .map((service) => [service.uid, service]),
  )
  const closings = new Map<string, Closing>()
  for (const [index, call] of calls.entries()) {
    if (closings.size === CLOSINGS) break
    const question = soapRequest({ ...call, time: `${soonWednesday()}T12:00` }, index)
    const found = await uidsIn(baseUrl, question)
    const uid = found.find((each) => pharmacies.has(each) && !closings.has(pharmacies.get(each)?.odsCode ?? ''))
    const odsCode = uid === undefined ? undefined : pharmacies.get(uid)?.odsCode
    if (uid !== undefined && odsCode) closings.set(odsCode, { odsCode, uid, question })
  }
  assert.ok(closings.size > 50, `only ${closings.size} pharmacies were found by the questions`)
  return [...closings.values()]
}

function soonWednesday(): string {
  const { day } = toLondon(new Date())
  return dateOf(day + 1 + ((9 - ((day + 4) % 7)) % 7))
}

async function uidsIn(baseUrl: string, { path, ...request }: LoadRequest): Promise<readonly number[]> {
  const answer = await fetch(`${baseUrl}${path}`, request)
  const xml = await answer.text()
  return [...xml.matchAll(/<ns1:id>(\d+)<\/ns1:id>/g)].map(([, uid]) => Number(uid))
}

/** Opens the form and sends it; the clock runs from the sending. */
async function pressCloseNow(browser: Browser, { odsCode }: Closing) {
  const path = `/manage/${odsCode}/close-now`
  const form = await browser.open(path)
  const { action, hidden } = formOf(form, path)
  const fields = {
    ...hidden,
    ...filled(form.body),
    'from-when': 'now',
    'until-when': 'unknown',
    what: 'whole',
    reason: 'Power or IT failure',
  }
  const at = performance.now()
  const answer = browser.ask(action, fields).then((page) => {
    assert.equal(page.status, 303, page.body)
    return page
  })
  return { at, answer }
}

/** What the text boxes of the form say already. */
const filled = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input[^>]*name="([^"]+)"[^>]*type="text"[^>]*value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  )

/** When neither 111 nor the public page of a node sends anybody there any more. */
async function untilClosed(baseUrl: string, { odsCode, uid, question }: Closing): Promise<number> {
  const started = performance.now()
  while (performance.now() - started < PATIENCE_MS) {
    const found = await uidsIn(baseUrl, question)
    const page = found.includes(uid) ? '' : await (await fetch(`${baseUrl}/pharmacies/${odsCode}`)).text()
    if (/do not know when it will reopen/i.test(page)) return performance.now()
  }
  return assert.fail(`${odsCode} is not closed after ${PATIENCE_MS} ms`)
}

/** The steady load of other searches; resolves `stop` when those under way are answered. */
function searchAllTheTime(baseUrl: string, questions: readonly LoadRequest[]): () => Promise<void> {
  const underWay = new Set<Promise<unknown>>()
  let next = 0
  const timer = setInterval(() => {
    const question = questions[next++ % questions.length] ?? assert.fail()
    const asking = uidsIn(baseUrl, question).finally(() => underWay.delete(asking))
    underWay.add(asking)
  }, 1000 / SEARCHES_A_SECOND)
  return async () => {
    clearInterval(timer)
    await Promise.all(underWay)
  }
}

if (import.meta.main) printFigures(await measureClosures())
