/**
 * Fresh databases for tests, of both kinds. `onBothDatabases` runs one suite on each, because "works on the other one
 * too" is only true when it was tried.
 *
 * PostgreSQL: `TEST_DATABASE_URL` (a user who may create databases), else a cluster of our own that ends with this
 * process. Each `open` gets a database copied from a migrated template; likewise each embedded one is a copied folder.
 */
import { createHash, randomUUID } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readMigrations } from '#src/platform/db/migrations.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { createLog, type Log } from '#src/platform/log.ts'
import { type Cluster, startCluster, temporaryFolder } from './postgres-cluster.ts'

export type DatabaseKind = 'embedded' | 'postgres'

/** Where a database is; `openDb` and the server take it as it is. */
export type DatabaseAddress = { readonly databaseUrl: string | undefined; readonly dataDir: string }

/** Warnings and worse go to standard error, so that a failing test explains itself. */
export const testLog: Log = createLog('warn')

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/signpost-tests', import.meta.url))

/** One name per state of the migrations, so that a template of an older state is never used. */
const templateName = (): string => {
  const digest = createHash('sha256').update(JSON.stringify(readMigrations())).digest('hex')
  return `signpost_template_${digest.slice(0, 16)}`
}

type Suite = (kind: DatabaseKind, open: () => Promise<OpenDb>) => void

/**
 * Runs `suite` once for each kind. `open` gives a fresh migrated database each time; it is closed and removed after the
 * suite, unless the test closed it already.
 */
export const onBothDatabases = (suite: Suite): void => onDatabases(['embedded', 'postgres'], suite)

/** As `onBothDatabases`, on one kind: for pages over stores that are tried on both. */
export function onDatabases(kinds: readonly DatabaseKind[], suite: Suite): void {
  for (const kind of kinds) {
    describe(`on ${kind === 'embedded' ? 'the embedded database' : 'PostgreSQL'}`, () => {
      const opened: { readonly db: OpenDb; readonly address: DatabaseAddress }[] = []
      suite(kind, async () => {
        const address = await freshDatabase(kind)
        const db = await openDb({ ...address, log: testLog })
        opened.push({ db, address })
        return db
      })
      // After what the suite itself tidies up: an app must stop before its database goes.
      after(async () => {
        for (const { db, address } of opened) {
          await db.close()
          await removeDatabase(address)
        }
      })
    })
  }
}

/** A new migrated database that nothing has opened yet, for tests that open it more than once or from other processes. */
export async function freshDatabase(kind: DatabaseKind): Promise<DatabaseAddress> {
  const dataDir = temporaryFolder('data')
  if (kind === 'embedded') {
    cpSync(join(await embeddedTemplate(), 'db'), join(dataDir, 'db'), { recursive: true })
    return { databaseUrl: undefined, dataDir }
  }
  return { databaseUrl: await createDatabase(await postgresTemplate()), dataDir }
}

/**
 * A database for tests of pages whose stores are tried on both kinds: PostgreSQL, which is quick to make, with one session,
 * which is all that the embedded one has. Whoever asks outside a transaction that is open waits for ever on either.
 */
export async function pageDatabase(): Promise<DatabaseAddress & { readonly connections: number }> {
  return { ...(await freshDatabase('postgres')), connections: 1 }
}

/** Early, because a process runs many suites; what is left goes when it ends. */
async function removeDatabase({ databaseUrl, dataDir }: DatabaseAddress): Promise<void> {
  rmSync(dataDir, { recursive: true, force: true })
  if (databaseUrl !== undefined) await dropDatabase(new URL(databaseUrl).pathname.slice(1))
}

async function dropDatabase(name: string): Promise<void> {
  await administer(`drop database if exists ${name} with (force)`)
  toDrop.delete(name)
}

/** A new PostgreSQL database without any tables. */
export function emptyPostgres(): Promise<string> {
  return createDatabase('template0')
}

/** The address of the tests' PostgreSQL itself; started at the first call. */
export function postgresUrl(): Promise<string> {
  postgres ??= givenOrOwnPostgres()
  return postgres
}

let postgres: Promise<string> | undefined
let template: Promise<string> | undefined
let ownCluster: Cluster | undefined
const toDrop = new Set<string>()

async function givenOrOwnPostgres(): Promise<string> {
  const { TEST_DATABASE_URL: given } = process.env
  if (given) return given
  ownCluster = await startCluster()
  return ownCluster.url
}

async function dropWhatIsLeft(): Promise<void> {
  if (ownCluster) await ownCluster.stop()
  else for (const name of toDrop) await dropDatabase(name)
}

// When nothing is left to do, so after all that test files tidy up themselves: an app must stop before its database goes.
process.once('beforeExit', () => void dropWhatIsLeft())

async function createDatabase(from: string): Promise<string> {
  const name = `signpost_test_${randomUUID().replaceAll('-', '')}`
  // Copying files takes half the time of the default, which writes all of them to the log as well.
  await administer(`create database ${name} template ${from} strategy file_copy`)
  toDrop.add(name)
  return addressOf(name)
}

async function addressOf(name: string): Promise<string> {
  const url = new URL(await postgresUrl())
  url.pathname = `/${name}`
  return url.href
}

function postgresTemplate(): Promise<string> {
  template ??= makePostgresTemplate()
  return template
}

/** Test files run in processes of their own and share the cluster: the first to come makes the template. */
async function makePostgresTemplate(): Promise<string> {
  const name = templateName()
  await administer(async (client) => {
    await client.query('select pg_advisory_lock(1)')
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount) return
    const making = `${name}_making`
    await client.query(`drop database if exists ${making} with (force)`)
    await client.query(`create database ${making} template template0`)
    const db = await openDb({ databaseUrl: await addressOf(making), dataDir: '', log: testLog })
    await db.close()
    await client.query(`alter database ${making} rename to ${name}`)
  })
  return name
}

async function administer(work: string | ((client: pg.Client) => Promise<void>)): Promise<void> {
  const client = new pg.Client({ connectionString: await postgresUrl() })
  await client.connect()
  try {
    if (typeof work === 'string') await client.query(work)
    else await work(client)
  } finally {
    await client.end()
  }
}

async function embeddedTemplate(): Promise<string> {
  const dir = join(CACHE, templateName())
  if (existsSync(dir)) return dir
  mkdirSync(CACHE, { recursive: true })
  const making = `${dir}-${process.pid}`
  const db = await openDb({ dataDir: making, log: testLog })
  await db.close()
  try {
    renameSync(making, dir)
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    if (!existsSync(dir)) throw error
  }
  return dir
}
