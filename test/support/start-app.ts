/** The real product in this process: the app that `main.ts` would listen with, on a database and a clock of the test. */
import assert from 'node:assert/strict'
import type { FastifyInstance } from 'fastify'
import { createApp } from '#src/app.ts'
import { type Config, readConfig } from '#src/config.ts'
import { loadMemory, type Memory } from '#src/memory.ts'
import type { Db } from '#src/platform/db/db.ts'
import { type IdentityProvider, openIdProvider } from '#src/platform/identity/open-id.ts'
import { createLog, type Log } from '#src/platform/log.ts'
import { noRoads, type RoadProvider } from '#src/urgent-care/road-distances.ts'
import { type FixedClock, fixedClock } from './fixed-clock.ts'

export type StartedApp = {
  readonly app: FastifyInstance
  readonly clock: FixedClock
  readonly config: Config
  readonly memory: Memory
  /** Error lines that the app wrote so far. */
  readonly errorLog: readonly string[]
  /** Says that an error line matching `pattern` is meant to happen in this test. */
  expectErrorLog(pattern: RegExp): void
  /** Stops the app. Fails when it logged an error that the test did not announce. */
  close(): Promise<void>
}

/** Builds the app on `db` (which stays open). Nothing listens: ask it with `app.inject(…)`. */
export async function startApp(
  db: Db,
  options: {
    readonly clock?: FixedClock
    readonly settings?: Readonly<Record<string, string>>
    /** By default a provider that nothing listens for: tests that sign in bring their own. */
    readonly identity?: IdentityProvider
    /** By default nobody knows how far things are by road. */
    readonly roads?: RoadProvider
    /** Where emails are read that do not leave the machine. */
    readonly mailboxHref?: string
    /** Whether texts and calls can be made, and where they are read; by default they cannot. */
    readonly phone?: { readonly href: string | null } | null
    /** Takes every line of the log, from the most detailed level on. */
    readonly readLog?: (line: string) => void
    /** Pages that only some installations have. */
    readonly mountMore?: (pages: FastifyInstance, parts: { readonly memory: Memory; readonly config: Config }) => void
  } = {},
): Promise<StartedApp> {
  const clock = options.clock ?? fixedClock()
  const config = readConfig({
    RATE_LIMIT_OPEN_DATA: '0',
    RATE_LIMIT_CAPACITY: '0',
    RATE_LIMIT_SIGN_IN: '0',
    RATE_LIMIT_SIGN_IN_CODES: '0',
    ...options.settings,
  })
  const errorLog: string[] = []
  const expected: RegExp[] = []
  const log = createLog(options.readLog ? 'trace' : 'error', (line) => {
    options.readLog?.(line)
    if (!options.readLog || isError(line)) errorLog.push(line)
  })
  const identity = options.identity ?? nobodyThere(log)
  const memory = await loadMemory({ db, log, clock, secretsPepper: config.secretsPepper })
  const mountMore = (pages: FastifyInstance): void => options.mountMore?.(pages, { memory, config })
  const roads = options.roads ?? noRoads
  const mailboxHref = options.mailboxHref ?? null
  const phone = options.phone ?? null
  const app = await createApp({
    config,
    log,
    phone,
    clock,
    db,
    identity,
    roads,
    memory,
    notice: null,
    mailboxHref,
    mountMore,
  })
  await app.ready()
  return {
    app,
    clock,
    config,
    memory,
    errorLog,
    expectErrorLog: (pattern) => expected.push(pattern),
    close: async () => {
      await app.close()
      await memory.stop()
      const unexpected = errorLog.filter((line) => !expected.some((pattern) => pattern.test(line)))
      assert.deepEqual(unexpected, [], 'the app logged errors that the test did not expect')
    },
  }
}

/** 50 and more are errors. */
const isError = (line: string): boolean => (JSON.parse(line) as { readonly level: number }).level >= 50

const nobodyThere = (log: Log): IdentityProvider =>
  openIdProvider({ issuer: 'http://127.0.0.1:9', clientId: 'none', clientSecret: 'none', retryWaitsMs: [] }, log)
