/**
 * The pharmaceutical list of England, imported by the command into an empty directory: on each database, beside a
 * running server and without one, with the largest memory of the processes. Run alone: `node test/bench/import.bench.ts`
 */
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { type Child, startChild } from '#test/support/child-process.ts'
import type { DatabaseAddress, DatabaseKind } from '#test/support/databases.ts'
import { startCluster, temporaryFolder } from '#test/support/postgres-cluster.ts'
import { sharedDataPath } from '#test/support/shared-data.ts'
import { type Figure, printFigures } from './figures.ts'
import { startProduct } from './load.ts'

const WANTED_SECONDS: Readonly<Record<DatabaseKind, number>> = { embedded: 15, postgres: 8 }
const WANTED_MB = 700
const LOOK_EVERY_MS = 50

/** Empty where the list does not lie beside the repository. */
export async function measureImport(): Promise<readonly Figure[]> {
  const list = sharedDataPath('pharmacies.csv')
  if (!list) {
    console.log('The pharmaceutical list is not beside the repository, in ../shared/data: import not measured')
    return []
  }
  const file = join(temporaryFolder('bench-import'), 'pharmacies.csv')
  copyFileSync(list, file)
  // The cluster does not keep a process alive by itself, not even while it is being stopped.
  const alive = setInterval(() => {}, 1000)
  const cluster = await startCluster({ durable: true })
  const figures = [
    ...(await importInto('embedded', await emptyEmbedded(), file)),
    ...(await importBeside('embedded', await emptyEmbedded(), file)),
    ...(await importInto('postgres', { databaseUrl: cluster.url, dataDir: temporaryFolder('bench-import') }, file)),
  ]
  await cluster.stop()
  clearInterval(alive)
  return figures
}

/** Made beforehand, so that the import alone is measured. */
async function emptyEmbedded(): Promise<DatabaseAddress> {
  const address = { databaseUrl: undefined, dataDir: temporaryFolder('bench-import') }
  const db = await openDb({ ...address, log: createLog('warn') })
  await db.close()
  return address
}

async function importInto(kind: DatabaseKind, address: DatabaseAddress, file: string): Promise<readonly Figure[]> {
  const run = await runImport(address, file)
  const wanted = `below ${WANTED_SECONDS[kind]}`
  return [
    { what: `import: pharmaceutical list, ${kind}`, figure: run.seconds, unit: 's', wanted },
    {
      what: `import: largest memory of the command, ${kind}`,
      figure: run.largestMb(),
      unit: 'MB',
      wanted: `below ${WANTED_MB}`,
    },
  ]
}

async function importBeside(kind: DatabaseKind, address: DatabaseAddress, file: string): Promise<readonly Figure[]> {
  const server = await startProduct(address)
  const serverMb = watchMemory(server.child)
  const run = await runImport(address, file)
  await server.child.kill()
  const wanted = `below ${WANTED_SECONDS[kind]}`
  return [
    { what: `import: beside a running server, ${kind}`, figure: run.seconds, unit: 's', wanted },
    {
      what: `import: largest memory of that server, ${kind}`,
      figure: serverMb(),
      unit: 'MB',
      wanted: `below ${WANTED_MB}`,
    },
  ]
}

async function runImport({ databaseUrl, dataDir }: DatabaseAddress, file: string) {
  const started = performance.now()
  const command = startChild('../src/signpost.ts', ['import', 'pharmaceutical-list', file], {
    DATA_DIR: dataDir,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    LOG_LEVEL: 'error',
  })
  const largestMb = watchMemory(command)
  const { code } = await command.ended
  assert.equal(code, 0, command.errors())
  return { seconds: (performance.now() - started) / 1000, largestMb }
}

/** Looks at the peak of a process until it ends; the function given back tells it. */
function watchMemory(child: Child): () => number {
  let largest = 0
  let ended = false
  void child.ended.then(() => {
    ended = true
  })
  const look = async (): Promise<void> => {
    while (!ended) {
      largest = Math.max(largest, peakKilobytes(child.process.pid))
      await sleep(LOOK_EVERY_MS)
    }
  }
  void look()
  return () => largest / 1024
}

function peakKilobytes(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

if (import.meta.main) printFigures(await measureImport())
