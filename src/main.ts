/** The start: read the settings, build the adapters, mount the product, listen. The only place that wires things. */
import { createApp } from './app.ts'
import { type Config, readConfig, WrongSetting } from './config.ts'
import { startNhsmail } from './demo/nhsmail.ts'
import { DEMO_PEOPLE } from './demo/people.ts'
import { seedDemo, shouldSeed } from './demo/seed.ts'
import { loadHolidays, loadMemory } from './memory.ts'
import { systemClock as clock } from './platform/clock.ts'
import type { Db } from './platform/db/db.ts'
import { openDb } from './platform/db/open-db.ts'
import { listen } from './platform/http/listen.ts'
import { openIdProvider } from './platform/identity/open-id.ts'
import { createLog } from './platform/log.ts'
import { onStopSignal, stopWith } from './platform/stop.ts'

const DEMO_NOTICE = 'This is a demonstration. Its pharmacies, people and phone numbers are made up.'

async function start(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  const db = await openDb({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log, onFatal: stopWith })
  if (config.demo) await fillEmptyDirectory(db)
  const memory = await loadMemory({ db, log })

  const { baseUrl, production, demoNhsmailPort } = config
  const ownNhsmail = config.nhsmail
    ? undefined
    : await startNhsmail({ port: demoNhsmailPort, baseUrl, production, people: DEMO_PEOPLE, log })
  const identity = openIdProvider(config.nhsmail ?? ownNhsmail ?? neverWithoutIssuer(), log)

  const notice = production ? null : DEMO_NOTICE
  const app = await createApp({ config, log, clock, db, identity, memory, notice })
  await listen(app, config)
  onStopSignal(log, [() => app.close(), () => memory.stop(), () => ownNhsmail?.close(), () => db.close()])
  process.stdout.write(`Signpost is ready at ${baseUrl}\n`)
}

/** The first start of a demo makes its fictitious directory; a directory that holds anything is left alone. */
async function fillEmptyDirectory(db: Db): Promise<void> {
  if (!(await shouldSeed(db))) return
  process.stdout.write('Making the fictitious directory; only the first start does this\n')
  await seedDemo({ db, clock, holidays: await loadHolidays(db.pool) }, () => {})
}

function neverWithoutIssuer(): never {
  throw new WrongSetting('OIDC_NHSMAIL_ISSUER must be set')
}

process.once('uncaughtException', stopWith)
process.once('unhandledRejection', stopWith)
await start(readConfig()).catch(stopWith)
