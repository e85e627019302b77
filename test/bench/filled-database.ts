/** A database with the 60,000 services and a profile for each pharmacy among them. The embedded one is kept between runs. */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import { readMigrations } from '#src/platform/db/migrations.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { UNCHECKED } from '#test/support/builders.ts'
import type { DatabaseAddress } from '#test/support/databases.ts'
import { temporaryFolder } from '#test/support/postgres-cluster.ts'
import { storeServices } from '#test/support/stored-services.ts'
import { type BenchDirectory, CACHE, profileOf } from './bench-data.ts'

/** As an import would: many services or pharmacies a transaction. */
const SERVICES_A_BATCH = 1000
const PHARMACIES_A_BATCH = 200
const log = createLog('warn')
/** Raise it when what is stored here changes. */
const LAYOUT = 1

/** An embedded database of its own for this run, copied from the one that is kept. */
export async function filledEmbedded(directory: BenchDirectory): Promise<DatabaseAddress> {
  const kept = join(CACHE, `embedded-${fingerprint(directory)}`)
  if (!existsSync(kept)) {
    const making = `${kept}-${process.pid}`
    rmSync(making, { recursive: true, force: true })
    mkdirSync(making, { recursive: true })
    const db = await openDb({ dataDir: making, log })
    await fill(db, directory)
    await db.close()
    renameSync(making, kept)
  }
  const dataDir = temporaryFolder('bench')
  cpSync(kept, dataDir, { recursive: true })
  return { databaseUrl: undefined, dataDir }
}

/** Fills an empty PostgreSQL database. */
export async function fillPostgres(databaseUrl: string, directory: BenchDirectory): Promise<DatabaseAddress> {
  const address = { databaseUrl, dataDir: temporaryFolder('bench') }
  const db = await openDb({ ...address, log })
  await fill(db, directory)
  await db.close()
  return address
}

async function fill(db: Db, { services }: BenchDirectory): Promise<void> {
  for (const batch of batches(services, SERVICES_A_BATCH)) await storeServices(db, batch)
  const recordedAt = '2026-12-01T09:00:00.000Z'
  for (const batch of batches(mainServices(services), PHARMACIES_A_BATCH)) {
    const writes = batch.map((service) => ({ before: undefined, profile: profileOf(service), sections: UNCHECKED }))
    const context = {
      actor: 'system:bench',
      action: 'fill',
      recordedAt,
      decides: false as const,
      onMeeting: 'keep' as const,
    }
    await db.transact((tx) => commitProfiles(tx, writes, context))
  }
}

/** One Active main service for each pharmacy. */
export function mainServices(services: readonly ServiceRecord[]): readonly ServiceRecord[] {
  const main = services.filter(
    ({ typeId, status, odsCode }) => (typeId === 13 || typeId === 134) && status === 'ACTIVE' && odsCode?.length === 5,
  )
  return [...new Map(main.map((service) => [service.odsCode, service])).values()]
}

const fingerprint = ({ source, services }: BenchDirectory): string =>
  createHash('sha256')
    .update(JSON.stringify([LAYOUT, readMigrations(), source, services.length]))
    .digest('hex')
    .slice(0, 16)

function batches<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
}
