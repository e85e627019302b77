/** The start: read the settings, build the adapters, mount the product, listen. The only place that wires things. */
import { createApp, createWorkerApp } from './app.ts'
import { startBackground } from './background.ts'
import { type Config, readConfig } from './config.ts'
import { mailboxPages } from './demo/mailbox.ts'
import { startNhsmail } from './demo/nhsmail.ts'
import { DEMO_PEOPLE } from './demo/people.ts'
import { seedDemo, shouldSeed } from './demo/seed.ts'
import { loadHolidays, loadMemory } from './memory.ts'
import { systemClock as clock } from './platform/clock.ts'
import { openAdminChannel } from './platform/db/admin-channel.ts'
import { type OpenDb, openDb } from './platform/db/open-db.ts'
import { listen } from './platform/http/listen.ts'
import { openIdProvider } from './platform/identity/open-id.ts'
import { createLog, type Log } from './platform/log.ts'
import { type Mailer, noMailer } from './platform/mail/mail.ts'
import { smtpMailer } from './platform/mail/smtp.ts'
import { onStopSignal, stopWith } from './platform/stop.ts'

const DEMO_NOTICE = 'This is a demonstration. Its pharmacies, people and phone numbers are made up.'

/** Undone in reverse: what was started last stops first. */
type Steps = (() => unknown)[]

async function start(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  const stops: Steps = []
  const db = await openDb({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log, onFatal: stopWith })
  stops.push(() => db.close())
  if (config.role === 'worker') await listen(await createWorkerApp({ config, log, db }), config)
  else await serveWeb(config, db, log, stops)
  if (config.role !== 'web') stops.push(startWork(config, db, log))
  onStopSignal(log, stops.reverse())
  process.stdout.write(`Signpost is ready at ${config.baseUrl}\n`)
}

/** Pages and APIs, on memory that follows the database, with a way in for commands. */
async function serveWeb(config: Config, db: OpenDb, log: Log, stops: Steps): Promise<void> {
  if (config.demo) await fillEmptyDirectory(db)
  const memory = await loadMemory({ db, log })
  stops.push(() => memory.stop())
  const identity = openIdProvider(config.nhsmail ?? (await startDemoNhsmail(config, log, stops)), log)
  const app = await createApp({
    config,
    log,
    clock,
    db,
    identity,
    memory,
    notice: config.production ? null : DEMO_NOTICE,
    mountMore: (pages) => {
      if (!config.production && !config.smtpUrl) mailboxPages(pages, { db })
    },
  })
  await listen(app, config)
  stops.push(() => app.close())
  const handlers = { 'index-digest': async () => memory.services.digest() }
  const admin = await openAdminChannel({ db, dataDir: config.dataDir, log, handlers })
  stops.push(() => admin.close())
}

/** The first start of a demo makes its fictitious directory; a directory that holds anything is left alone. */
async function fillEmptyDirectory(db: OpenDb): Promise<void> {
  if (!(await shouldSeed(db))) return
  process.stdout.write('Making the fictitious directory; only the first start does this\n')
  await seedDemo({ db, clock, holidays: await loadHolidays(db.pool) }, () => {})
}

async function startDemoNhsmail({ demoNhsmailPort: port, baseUrl, production }: Config, log: Log, stops: Steps) {
  const nhsmail = await startNhsmail({ port, baseUrl, production, people: DEMO_PEOPLE, log })
  stops.push(() => nhsmail.close())
  return nhsmail
}

/** Starts the work of the outbox; the answer stops it. */
function startWork(config: Config, db: OpenDb, log: Log): () => Promise<void> {
  const mailer: Mailer = config.smtpUrl ? smtpMailer(config.smtpUrl, config.mailFrom) : noMailer
  const background = startBackground({ db, clock, log, mailer, baseUrl: config.baseUrl })
  return async () => {
    await background.stop()
    await mailer.close()
  }
}

process.once('uncaughtException', stopWith)
process.once('unhandledRejection', stopWith)
await start(readConfig()).catch(stopWith)
