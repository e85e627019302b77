/** Opens the database the settings name, ready for use: locked, migrated, guarded. */
import type { StartProblem } from '../errors.ts'
import type { Log } from '../log.ts'
import { lockDataDirectory, makeDataDirectory } from './data-directory.ts'
import type { Db } from './db.ts'
import { type EmbeddedEngine, startEmbedded } from './embedded.ts'
import { migrate } from './migrations.ts'
import { connectPostgres } from './postgres.ts'
import { dbOn } from './query-builder.ts'
import type { Engine } from './session.ts'

export type DbSettings = {
  /** `postgres://…`; undefined means the embedded database. */
  readonly databaseUrl?: string | undefined
  /** Holds the embedded database; made if need be. Not touched when `databaseUrl` is given. */
  readonly dataDir: string
  readonly log: Log
  /** How many sessions PostgreSQL is asked for at once. */
  readonly connections?: number
  /** Called when the database is lost for good. Default: the reason is logged and the process ends with code 1. */
  readonly onFatal?: ((problem: StartProblem) => void) | undefined
}

/** `embedded` lets the admin channel hand on the questions of other processes. */
export type OpenDb = Db & { readonly embedded: Pick<EmbeddedEngine, 'asker'> | undefined }

/**
 * Opens and migrates. Throws `StartProblem`, one clear line, when the data directory is in use or cannot be written, or
 * PostgreSQL cannot be reached, refuses us, is too old, or holds something else.
 */
export async function openDb(settings: DbSettings): Promise<OpenDb> {
  return settings.databaseUrl ? openPostgres(settings.databaseUrl, settings) : openEmbedded(settings)
}

/** Opens the database as it is, for this process alone, to replace what it holds. Throws `StartProblem` when it is in use. */
export async function openAlone(settings: DbSettings): Promise<Db> {
  const { databaseUrl } = settings
  return databaseUrl ? dbOn(await connect(databaseUrl, settings, 'alone')) : dbOn(await lockAndStart(settings))
}

async function openPostgres(databaseUrl: string, settings: DbSettings): Promise<OpenDb> {
  return migrated(await connect(databaseUrl, settings, 'shared'), undefined)
}

async function openEmbedded(settings: DbSettings): Promise<OpenDb> {
  const engine = await lockAndStart(settings)
  return migrated(engine, engine)
}

function connect(
  databaseUrl: string,
  { log, connections, onFatal }: DbSettings,
  use: 'shared' | 'alone',
): Promise<Engine> {
  return connectPostgres(databaseUrl, { log, use, connections, onFatal: onFatal ?? endProcess(log) })
}

/** The lock goes when the engine is closed, or with the process. */
async function lockAndStart({ dataDir, log, onFatal }: DbSettings): Promise<EmbeddedEngine> {
  makeDataDirectory(dataDir)
  const unlock = await lockDataDirectory(dataDir)
  try {
    const engine = await startEmbedded(dataDir, onFatal ?? endProcess(log))
    return { ...engine, close: () => engine.close().finally(unlock) }
  } catch (error) {
    await unlock()
    throw error
  }
}

async function migrated(engine: Engine, embedded: EmbeddedEngine | undefined): Promise<OpenDb> {
  const db = dbOn(engine)
  try {
    await migrate(db)
  } catch (error) {
    await db.close()
    throw error
  }
  let closing: Promise<void> | undefined
  return {
    kind: db.kind,
    get pool() {
      return db.pool
    },
    transact: db.transact,
    onCommit: db.onCommit,
    close: () => (closing ??= db.close()),
    embedded,
  }
}

const endProcess =
  (log: Log) =>
  (problem: StartProblem): void => {
    log.fatal(problem.message)
    // A moment for the requests that were just refused to be answered.
    setTimeout(() => process.exit(1), 500)
  }
