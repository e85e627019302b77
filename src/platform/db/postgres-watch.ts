/**
 * The connection that hears of commits on PostgreSQL. It also holds the lock that says "this database is in use", so
 * that a restore can tell; the lock goes with the connection and is taken again on the next one.
 */
import pg from 'pg'
import { StartProblem } from '../errors.ts'
import type { Log } from '../log.ts'
import { LEDGER_CHANNEL } from './session.ts'

/** How a process uses the database: together with others, or on its own to replace what it holds. */
export type DatabaseUse = 'shared' | 'alone'

/** The advisory lock that says so. */
const IN_USE_LOCK = 7_446_001

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 5_000

export type CommitWatch = { onCommit(listener: () => void): () => void; stop(): Promise<void> }

/** Connects and listens; reconnects by itself for ever. Throws what the first attempt throws. */
export async function watchCommits(
  connection: pg.ClientConfig,
  { log, onFatal, use }: { log: Log; onFatal: (problem: StartProblem) => void; use: DatabaseUse },
): Promise<CommitWatch> {
  const listeners = new Set<() => void>()
  const announce = (): void => {
    for (const listener of listeners) listener()
  }
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const open = async (): Promise<void> => {
    const opening = new pg.Client(connection)
    let lost = false
    const lose = (): void => {
      if (lost || stopped) return
      lost = true
      log.warn('The database connection that hears of commits was lost; connecting again')
      retryAfter(FIRST_WAIT_MS)
    }
    opening.on('notification', announce)
    opening.on('error', () => {})
    try {
      await opening.connect()
      await claim(opening, use)
      await opening.query(`listen ${LEDGER_CHANNEL}`)
    } catch (error) {
      await opening.end().catch(() => {})
      throw error
    }
    if (stopped) return opening.end()
    opening.on('end', lose)
    client = opening
    announce()
  }
  const retryAfter = (waitMs: number): void => {
    timer = setTimeout(() => {
      open().catch((error: unknown) => {
        if (stopped) return
        if (error instanceof StartProblem) onFatal(error)
        else retryAfter(Math.min(waitMs * 2, LONGEST_WAIT_MS))
      })
    }, waitMs)
    timer.unref()
  }

  await open()
  return {
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await client?.end().catch(() => {})
    },
  }
}

async function claim(client: pg.Client, use: DatabaseUse): Promise<void> {
  const attempt = use === 'alone' ? 'pg_try_advisory_lock' : 'pg_try_advisory_lock_shared'
  const { rows } = await client.query<{ ours: boolean }>(`select ${attempt}($1) as ours`, [IN_USE_LOCK])
  if (rows[0]?.ours) return
  throw new StartProblem(
    use === 'alone'
      ? 'The database is in use: stop every Signpost server and command that uses it first'
      : 'A backup is being restored into this database: start again when it is done',
  )
}
