/** The embedded engine: PostgreSQL in a worker thread of this process, keeping its files in the data directory. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { StartProblem } from '../errors.ts'
import { writeProblem } from './data-directory.ts'
import type { EmbeddedWorkerData, WorkerMessage } from './embedded-worker.ts'
import { type Asker, createAsker, type DbQuestion, sessionOver } from './frames.ts'
import type { Engine } from './session.ts'

/** The PostgreSQL whose file format the embedded engine reads; it cannot read that of another. */
const FORMAT_VERSION = '18'

export type EmbeddedEngine = Engine & { readonly kind: 'embedded'; readonly asker: Pick<Asker<DbQuestion>, 'ask'> }

/**
 * Starts the engine on `DATA_DIR/db`, made on first use. The caller holds the data directory's lock.
 *
 * `onFatal` is called once if the engine dies later, after every waiting query was refused: the process cannot go on.
 * Throws `StartProblem` when the directory cannot be used.
 */
export async function startEmbedded(
  dataDir: string,
  onFatal: (problem: StartProblem) => void,
): Promise<EmbeddedEngine> {
  const dir = join(dataDir, 'db')
  refuseOtherFormat(dir)
  // The optimising compiler takes 600 MB and seconds of a core for one function of the engine (its expression
  // interpreter) and wins a tenth of the time of an import; the baseline compiler alone keeps the process small.
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag)
  const workerData: EmbeddedWorkerData = { dataDir: dir, programs: await compiledOnce() }
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
    workerData,
    execArgv: [],
  })
  const asker = createAsker<DbQuestion | { op: 'close' }>((question) => worker.postMessage(question))
  const listeners = new Set<() => void>()
  const ready = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  let state: 'starting' | 'running' | 'over' = 'starting'

  const fail = (message: string, words: string): void => {
    const reason = reasonFrom(dir, message, words)
    asker.lose(new Error(reason))
    closed.resolve()
    if (state === 'starting')
      ready.reject(new StartProblem(`The embedded database in ${dataDir} cannot start: ${reason}`))
    if (state === 'running') onFatal(new StartProblem(`The embedded database in ${dataDir} stopped: ${reason}`))
    state = 'over'
    void worker.terminate()
  }
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'answer') asker.receive(message.answer)
    else if (message.kind === 'committed') for (const listener of listeners) listener()
    else if (message.kind === 'ready') ready.resolve()
    else if (message.kind === 'closed') closed.resolve()
    else fail(message.message, message.words)
  })
  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error), ''))
  worker.on('exit', (code) => fail(`its thread ended with code ${code}`, ''))

  try {
    await ready.promise
  } catch (error) {
    // Its files are closed only when it is gone, and the lock must not go before.
    await worker.terminate()
    throw error
  }
  state = 'running'
  return {
    kind: 'embedded',
    asker,
    session: async () => sessionOver(asker),
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      if (state === 'running') worker.postMessage({ op: 'close' })
      state = 'over'
      await closed.promise
      await worker.terminate()
    },
  }
}

let compiled: Promise<EmbeddedWorkerData['programs']> | undefined

/** The same programs for every engine of this process: those after the first start in half the time. */
function compiledOnce(): Promise<EmbeddedWorkerData['programs']> {
  compiled ??= Promise.all([compile('pglite'), compile('initdb')]).then(([pgliteWasmModule, initdbWasmModule]) => ({
    pgliteWasmModule,
    initdbWasmModule,
  }))
  return compiled
}

async function compile(program: string): Promise<WebAssembly.Module> {
  const file = fileURLToPath(import.meta.resolve(`@electric-sql/pglite/${program}.wasm`))
  return await WebAssembly.compile(await readFile(file))
}

function refuseOtherFormat(dir: string): void {
  let version: string
  try {
    version = readFileSync(join(dir, 'PG_VERSION'), 'utf8').trim()
  } catch {
    return // not there yet, or unreadable: the engine says why
  }
  if (version !== '' && version !== FORMAT_VERSION) {
    throw new StartProblem(
      `${dir} was written by embedded PostgreSQL ${version} and this version of Signpost reads ${FORMAT_VERSION}: make a backup with the version that wrote it, and restore that`,
    )
  }
}

/** In words for the person who runs the server; the engine's own are about its inner workings. */
function reasonFrom(dir: string, message: string, words: string): string {
  const problem = writeProblem(dir)?.code
  if (/no space left/i.test(words) || problem === 'ENOSPC') return 'the disk is full'
  if (problem === 'EACCES' || problem === 'EPERM') return `permission denied in ${dir}`
  if (problem === 'EROFS') return 'the file system is read-only'
  const panic = /(?:PANIC|FATAL): +(.*)/.exec(words)?.[1]
  return (panic ?? message).split('\n')[0] ?? message
}
