/** The database for a command, whether or not a server runs beside it. */
import { setTimeout as wait } from 'node:timers/promises'
import { type AdminClient, connectToServer } from './admin-client.ts'
import { DirectoryInUse } from './data-directory.ts'
import type { Db } from './db.ts'
import { refuseOtherSchema } from './migrations.ts'
import { type DbSettings, openDb } from './open-db.ts'
import { dbOn } from './query-builder.ts'

export type CommandDb = Db & {
  /** Whether a server of this data directory was running when the command began. */
  readonly serverRunning: boolean
  /** Asks that server by name, such as `index-digest`. Throws when none runs or it does not know the answer. */
  askServer(request: string, argument?: unknown): Promise<unknown>
}

export type CommandDbSettings = DbSettings & {
  /** How long to wait for a data directory that is in use by a server about to start, or by another command. */
  readonly patienceMs?: number
}

const PATIENCE_MS = 10_000
const LOOK_AGAIN_MS = 200

/**
 * PostgreSQL is opened directly; the embedded database through the running server, or by this process when none runs.
 *
 * Throws `StartProblem` as `openDb` does, and when the running server is of another version.
 */
export async function openCommandDb(settings: CommandDbSettings): Promise<CommandDb> {
  return settings.databaseUrl ? openDirectly(settings) : openEmbedded(settings)
}

async function openDirectly(settings: CommandDbSettings): Promise<CommandDb> {
  const db = await openDb(settings)
  return withServer(db, await connectToServer(settings.dataDir))
}

async function openEmbedded(settings: CommandDbSettings): Promise<CommandDb> {
  const { dataDir, patienceMs = PATIENCE_MS } = settings
  for (let looks = Math.ceil(patienceMs / LOOK_AGAIN_MS); ; looks--) {
    const server = await connectToServer(dataDir)
    if (server) return throughServer(server)
    try {
      return withServer(await openDb(settings), undefined)
    } catch (error) {
      if (!(error instanceof DirectoryInUse) || looks <= 0) throw error
      await wait(LOOK_AGAIN_MS)
    }
  }
}

async function throughServer(server: AdminClient): Promise<CommandDb> {
  const db = dbOn(server.engine)
  try {
    await refuseOtherSchema(db.pool)
  } catch (error) {
    await db.close()
    throw error
  }
  return withServer(db, server)
}

function withServer(db: Db, server: AdminClient | undefined): CommandDb {
  return {
    kind: db.kind,
    get pool() {
      return db.pool
    },
    transact: db.transact,
    onCommit: db.onCommit,
    async close() {
      server?.close()
      await db.close()
    },
    serverRunning: server !== undefined,
    async askServer(request, argument) {
      if (!server) throw new Error('No server is running on this data directory')
      return server.request(request, argument)
    },
  }
}
