/** The start: read the settings, build the adapters, mount the product, listen. The only place that wires things. */

import { type Config, readConfig } from './config.ts'
import type { StartedNhsmail } from './demo/nhsmail.ts'
import type { StartedRoads } from './demo/road-simulator.ts'
import { systemClock as clock } from './platform/clock.ts'
import { type OpenDb, openDb } from './platform/db/open-db.ts'
import { createLog, type Log } from './platform/log.ts'
import type { Phone } from './platform/phone/phone.ts'
import { simulatedPhone } from './platform/phone/simulated-phone.ts'
import { onStopSignal, stopWith } from './platform/stop.ts'
import type { RoadProvider } from './urgent-care/road-distances.ts'

const DEMO_NOTICE = 'This is a demonstration. Do not rely on it: pharmacies may be made up, and anyone can sign in.'

/** What is running: its parts, and how to stop each. They are stopped in reverse, the last that was started first. */
type Running = { readonly config: Config; readonly log: Log; readonly db: OpenDb; readonly stops: (() => unknown)[] }

async function start(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  const opening = openDb({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log, onFatal: stopWith })
  // The database opens on a thread of its own; meanwhile this one loads the code and starts what needs no database.
  const [db, product, nhsmail, roads] = await Promise.all([
    opening,
    loadProduct(),
    startDemoNhsmail(config, log),
    startDemoRoads(config),
  ])
  const running = { config, log, db, stops: [() => db.close(), () => nhsmail?.close(), () => roads?.close()] }
  if (config.role === 'worker') await serveOperations(running, product)
  else await servePages(running, product, { nhsmail, roads })
  if (config.role !== 'web') await startWork(running, product)
  onStopSignal(log, running.stops.reverse())
  process.stdout.write(`Signpost is ready at ${config.baseUrl}\n`)
}

type Product = Awaited<ReturnType<typeof loadProduct>>

async function loadProduct() {
  const [app, memory, background, listening, admin, identity, roads, seed, mailbox, calls, phone] = await Promise.all([
    import('./app.ts'),
    import('./memory.ts'),
    import('./background.ts'),
    import('./platform/http/listen.ts'),
    import('./platform/db/admin-channel.ts'),
    import('./platform/identity/open-id.ts'),
    import('./urgent-care/road-distances.ts'),
    import('./demo/seed.ts'),
    import('./demo/mailbox.ts'),
    import('./demo/call-page.ts'),
    import('./demo/phone.ts'),
  ])
  return {
    ...app,
    ...memory,
    ...background,
    ...listening,
    ...admin,
    ...identity,
    ...roads,
    ...seed,
    ...mailbox,
    ...calls,
    ...phone,
  }
}

/** What the demo brings with it, where nothing real is set. */
type StandIns = { readonly nhsmail: StartedNhsmail | undefined; readonly roads: StartedRoads | undefined }

/** Pages and APIs, on memory that follows the database, with a way in for commands. */
async function servePages(running: Running, product: Product, standIns: StandIns): Promise<void> {
  const { config, log, db, stops } = running
  if (config.demo) await fillEmptyDirectory(db, config, product)
  const memory = await product.loadMemory({ db, log, clock, secretsPepper: config.secretsPepper })
  stops.push(() => memory.stop())
  const issuer = config.nhsmail ?? standIns.nhsmail
  if (!issuer) throw new Error('There is no way to sign in')
  const roads = roadsOf(running, product, standIns)
  const app = await product.createApp({
    config,
    log,
    clock,
    db,
    memory,
    identity: product.openIdProvider(issuer, log),
    roads,
    notice: config.production ? null : DEMO_NOTICE,
    mailboxHref: config.production || config.smtpUrl ? null : '/demo/mailbox',
    phone: config.production ? null : { href: '/demo/phone' },
    mountMore: (pages) => {
      if (config.production) return
      if (!config.smtpUrl) product.mailboxPages(pages, { db })
      product.phonePage(pages, { db })
      product.callPages(pages, { ...memory, roads, clock, settings: config.triage })
    },
  })
  await product.listen(app, config)
  stops.push(() => app.close())
  const handlers = { 'index-digest': async () => memory.services.digest() }
  const admin = await product.openAdminChannel({ db, dataDir: config.dataDir, log, handlers })
  stops.push(() => admin.close())
}

function roadsOf({ config, log }: Running, product: Product, { roads }: StandIns): RoadProvider {
  const { url = roads?.url, token, timeoutMs } = config.roadDistance
  return url === undefined ? product.noRoads : product.roadProvider({ url, token, timeoutMs }, { clock, log })
}

/** Health and metrics only. */
async function serveOperations({ config, log, db, stops }: Running, product: Product): Promise<void> {
  const app = product.createWorkerApp({ config, log, db })
  await product.listen(app, config)
  stops.push(() => app.close())
}

/** The work of the outbox, and what runs at set times. */
async function startWork({ config, log, db, stops }: Running, product: Product): Promise<void> {
  const mailer = await product.openMailer(config)
  stops.push(() => mailer.close())
  const background = product.startBackground({ ...config, db, clock, log, mailer, phone: phoneOf(config, db) })
  stops.push(() => background.stop())
}

/** There is no provider of texts and calls to set yet: production has no phone, and elsewhere nothing leaves. */
function phoneOf({ production }: Config, db: OpenDb): Phone | null {
  return production ? null : simulatedPhone({ db, clock })
}

/** The first start of a demo makes its fictitious directory; a directory that holds anything is left alone. */
async function fillEmptyDirectory(
  db: OpenDb,
  { secretsPepper: pepper }: Config,
  { shouldSeed, seedDemo, loadHolidays }: Product,
): Promise<void> {
  if (!(await shouldSeed(db))) return
  process.stdout.write('Making the fictitious directory; only the first start does this\n')
  await seedDemo({ db, clock, holidays: await loadHolidays(db.pool), pepper }, () => {})
}

/** The stand-in, where no real provider is set and this process serves pages. Production never gets here without one. */
async function startDemoNhsmail(config: Config, log: Log): Promise<StartedNhsmail | undefined> {
  if (config.nhsmail || config.role === 'worker') return undefined
  const [{ startNhsmail }, { NHSMAIL_PEOPLE }] = await Promise.all([
    import('./demo/nhsmail.ts'),
    import('./demo/people.ts'),
  ])
  const { demoNhsmailPort: port, baseUrl, production } = config
  return startNhsmail({ port, baseUrl, production, people: NHSMAIL_PEOPLE, log })
}

/** Invented roads for an invented directory, where no real provider is set and this process answers searches. */
async function startDemoRoads(config: Config): Promise<StartedRoads | undefined> {
  if (!config.demo || config.roadDistance.url !== undefined || config.role === 'worker') return undefined
  const { startRoadSimulator } = await import('./demo/road-simulator.ts')
  return startRoadSimulator()
}

/** Nothing is started for somebody who gave words: whoever writes `--port 8080` would get another port in silence. */
async function explainStart(words: readonly string[]): Promise<void> {
  const { startUsage } = await import('./commands/start-usage.ts')
  const { lines, exitCode } = startUsage(words)
  const output = exitCode === 0 ? process.stdout : process.stderr
  output.write(`${lines.join('\n')}\n`)
  process.exitCode = exitCode
}

process.once('uncaughtException', stopWith)
process.once('unhandledRejection', stopWith)
const words = process.argv.slice(2)
try {
  await (words.length > 0 ? explainStart(words) : start(readConfig()))
} catch (error) {
  stopWith(error)
}
