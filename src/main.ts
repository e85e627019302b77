/** The start: read the settings, build the adapters, mount the product, listen. The only place that wires things. */
import { createApp } from './app.ts'
import { type Config, readConfig, WrongSetting } from './config.ts'
import { startNhsmail } from './demo/nhsmail.ts'
import { DEMO_PEOPLE } from './demo/people.ts'
import { systemClock } from './platform/clock.ts'
import { openDb } from './platform/db/open-db.ts'
import { openIdProvider } from './platform/identity/open-id.ts'
import { createLog } from './platform/log.ts'

async function start(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  const db = await openDb({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log, clock: systemClock })
  const { baseUrl, production, demoNhsmailPort: port } = config
  const nhsmail = config.nhsmail ?? (await startNhsmail({ port, baseUrl, production, people: DEMO_PEOPLE, log }))
  const identity = openIdProvider(nhsmail, log)
  const app = await createApp({ config, log, clock: systemClock, db, identity, notice: null })
  await app.listen({ port: config.port, host: config.host })
  console.log(`Signpost is ready at ${config.baseUrl}`)
}

try {
  await start(readConfig())
} catch (error) {
  if (!(error instanceof WrongSetting)) throw error
  console.error(error.message)
  process.exit(1)
}
