/** A PostgreSQL server: a pool of connections, and one connection of its own that hears of other nodes' commits. */
import pg from 'pg'
import { StartProblem, Unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import { translateError } from './database-error.ts'
import { type DatabaseUse, watchCommits } from './postgres-watch.ts'
import type { Engine, Session, WireResult } from './session.ts'
import type { WireText } from './wire-text.ts'

const OLDEST_VERSION = 15
const CONNECTIONS = 10
/** A statement that runs longer is stopped; migrations and restores lift it for themselves. */
const STATEMENT_TIMEOUT_MS = 30_000
/** A transaction that waits longer for us is rolled back, so that it does not hold rows others need. */
const IDLE_IN_TRANSACTION_MS = 60_000
const CONNECT_TIMEOUT_MS = 10_000

/** Every value as text: wire-text.ts reads them for both engines. */
const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig

/** What every connection to `databaseUrl` has in common. */
export function connectionSettings(databaseUrl: string): pg.ClientConfig {
  return {
    connectionString: databaseUrl,
    application_name: 'signpost',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    // Compiling a query takes a second or two of the server, for queries that take milliseconds: after an import the
    // planner knows tables only as they were, and takes a cheap query for a dear one.
    options: '-c datestyle=ISO -c timezone=UTC -c jit=off',
  }
}

export type PostgresSettings = {
  readonly log: Log
  /** Called if the database is taken away for good, by a restore. */
  readonly onFatal: (problem: StartProblem) => void
  /** `alone`: nobody else may be using the database, nor begin to. */
  readonly use: DatabaseUse
  readonly connections?: number | undefined
}

/**
 * Connects.
 *
 * Throws `StartProblem` when the server cannot be reached, refuses us, or is too old.
 */
export async function connectPostgres(databaseUrl: string, settings: PostgresSettings): Promise<Engine> {
  const { log, connections = CONNECTIONS } = settings
  const pool = new pg.Pool({
    ...connectionSettings(databaseUrl),
    max: connections,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  })
  // Without listeners, a connection that breaks while nobody uses it would end the process.
  let closing = false
  pool.on('error', (error) => {
    if (!closing) log.warn({ err: error }, 'An idle database connection was lost')
  })
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await refuseOldServer(pool)
    const watch = await watchCommits(connectionSettings(databaseUrl), settings)
    return {
      kind: 'postgres',
      session: async () => sessionOn(await connectionOf(pool)),
      onCommit: watch.onCommit,
      async close() {
        closing = true
        await watch.stop()
        await pool.end()
      },
    }
  } catch (error) {
    await pool.end()
    throw error instanceof StartProblem ? error : connectionProblem(databaseUrl, error)
  }
}

async function connectionOf(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw translateError(error)
  }
}

function sessionOn(client: pg.PoolClient): Session {
  let broken = false
  const send = async (sql: string, parameters: readonly WireText[] = []): Promise<WireResult> => {
    try {
      const query = { text: sql, values: [...parameters], rowMode: 'array' as const, types: AS_TEXT }
      const result = await client.query<WireText[]>(query)
      return {
        command: result.command,
        affected: result.rowCount ?? 0,
        fields: result.fields.map((field) => ({ name: field.name, oid: field.dataTypeID })),
        rows: result.rows,
      }
    } catch (error) {
      const translated = translateError(error)
      broken ||= translated instanceof Unavailable
      throw translated
    }
  }
  return {
    query: send,
    async begin() {
      await send('begin')
    },
    async commit() {
      const { command } = await send('commit')
      if (command === 'ROLLBACK') throw new Error('A statement of this transaction had failed: nothing was written')
    },
    async rollback() {
      await send('rollback').catch(() => {
        broken = true
      })
    },
    release() {
      client.release(broken)
    },
  }
}

async function refuseOldServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ number: string; name: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as name`,
  )
  if (rows[0]) refuseOldVersion(Number(rows[0].number), rows[0].name)
}

/** `number` as PostgreSQL gives it: 150004 is 15.4. Throws `StartProblem` for what is too old. */
export function refuseOldVersion(number: number, name: string): void {
  if (number >= OLDEST_VERSION * 10_000) return
  throw new StartProblem(`PostgreSQL ${name} is too old: Signpost needs version ${OLDEST_VERSION} or later`)
}

/** The first failure to connect in words for the person who set DATABASE_URL; never with its password. */
export function connectionProblem(databaseUrl: string, error: unknown): StartProblem {
  const code = (error as { code?: string }).code
  const { host, database, user } = addressOf(databaseUrl)
  const because = error instanceof Error ? error.message || code : String(error)
  const line =
    code === '28P01' || code === '28000'
      ? `PostgreSQL at ${host} does not let "${user}" in: check the user and password in DATABASE_URL`
      : code === '3D000'
        ? `PostgreSQL at ${host} has no database "${database}": create it, with template0 and locale C.UTF-8`
        : code === '42501'
          ? `"${user}" may not use the database "${database}" at ${host}: ${because}`
          : `PostgreSQL at ${host} cannot be reached: ${because}`
  return new StartProblem(line.replaceAll('\n', ' '), { cause: error })
}

function addressOf(databaseUrl: string): { host: string; database: string; user: string } {
  const client = new pg.Client({ connectionString: databaseUrl })
  return { host: `${client.host}:${client.port}`, database: client.database ?? '', user: client.user ?? '' }
}
