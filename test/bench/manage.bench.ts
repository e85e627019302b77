/**
 * Profile Manager with the fictitious directory: the hub's time on the server, a save from its POST to the redirect, and
 * what a first visit loads. Run alone: `node test/bench/manage.bench.ts`
 */
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { type Browser, formOf, openBrowser, signInAs } from '#test/support/browser.ts'
import { temporaryFolder } from '#test/support/postgres-cluster.ts'
import { type Figure, percentile, printFigures } from './figures.ts'
import { startProduct } from './load.ts'

const VIEWS = 200
const SAVES = 100
const PHARMACIES = ['FZ0D1', 'FZ02B', 'FZ001', 'FZ002', 'FZ003']

/** Measures a server of its own on the embedded database. */
export async function measureManage(): Promise<readonly Figure[]> {
  const address = { databaseUrl: undefined, dataDir: temporaryFolder('bench-manage') }
  const first = await startProduct(address, { DEMO: 'on' })
  first.child.process.kill('SIGTERM')
  await first.child.ended
  const cookie = await signIn(address.dataDir)
  const { baseUrl, child } = await startProduct(address, { DEMO: 'on' })
  const browser = openBrowser(undefined, baseUrl)
  browser.setCookie('signpost-session', cookie)
  const views = await timesOf(VIEWS, (turn) => viewHub(browser, pharmacyOf(turn)))
  const saves = await timesOf(SAVES, (turn) => save(browser, pharmacyOf(turn), `01632 ${960_000 + turn}`))
  const bytes = await firstVisit(openBrowser(undefined, baseUrl))
  child.process.kill('SIGTERM')
  await child.ended
  return [
    { what: 'manage: hub page, p95', figure: percentile(views, 95), unit: 'ms', wanted: 'below 50' },
    { what: 'manage: a save with its receipt, p50', figure: percentile(saves, 50), unit: 'ms' },
    { what: 'manage: a save with its receipt, p95', figure: percentile(saves, 95), unit: 'ms', wanted: 'below 100' },
    { what: 'manage: first visit, compressed', figure: bytes / 1000, unit: 'kB', wanted: 'below 100' },
  ]
}

const pharmacyOf = (turn: number): string => PHARMACIES[turn % PHARMACIES.length] ?? assert.fail()

async function signIn(dataDir: string): Promise<string> {
  const db = await openDb({ databaseUrl: undefined, dataDir, log: createLog('warn') })
  const browser = openBrowser(undefined, 'http://localhost')
  const grants = PHARMACIES.map((code) => ({ role: 'owner' as const, scope: `ods:${code}` }))
  await signInAs(browser, { email: 'amina@nhs.example', grants }, { db, clock: { now: () => new Date() } })
  await db.close()
  return browser.cookie('signpost-session') ?? assert.fail()
}

/** Milliseconds of each turn, after some that warm up. */
async function timesOf(turns: number, measure: (turn: number) => Promise<number>): Promise<readonly number[]> {
  const times: number[] = []
  for (let turn = -20; turn < turns; turn++) {
    const took = await measure(turn + 20)
    if (turn >= 0) times.push(took)
  }
  return times
}

async function viewHub(browser: Browser, odsCode: string): Promise<number> {
  const started = performance.now()
  const page = await browser.ask(`/manage/${odsCode}`)
  assert.equal(page.status, 200)
  return performance.now() - started
}

/** From sending the check page of a changed phone number until the answer. */
async function save(browser: Browser, odsCode: string, phone: string): Promise<number> {
  const form = `/manage/${odsCode}/contact-details/change`
  const check = await browser.submit(await browser.open(form), form, { phone })
  const { action, hidden } = formOf(check, `${form}/check`)
  const started = performance.now()
  const answer = await browser.ask(action, hidden)
  assert.equal(answer.status, 303, answer.body)
  return performance.now() - started
}

/** Bytes of the sign-in page and of every style and script it names, each compressed as the server or a proxy would. */
async function firstVisit(browser: Browser): Promise<number> {
  const page = await browser.open('/sign-in')
  const parts = [...page.body.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|mjs)(?:\?[^"]*)?)"/g)].map(
    ([, part = '']) => part,
  )
  assert.ok(parts.length > 0, 'the page names no styles')
  let bytes = gzipSync(page.body).length
  for (const part of new Set(parts)) bytes += gzipSync((await browser.ask(part)).body).length
  return bytes
}

if (import.meta.main) printFigures(await measureManage())
