/** The embedded engine: PostgreSQL in a worker thread of this process, keeping its files in the data directory. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { StartProblem } from '../errors.ts'
import type { WorkerMessage } from './embedded-worker.ts'
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
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
    workerData: { dataDir: dir },
    execArgv: [],
    stdout: true,
    stderr: true,
  })
  const lastWords = keepLastWords(worker)
  const asker = createAsker<DbQuestion | { op: 'close' }>((question) => worker.postMessage(question))
  const listeners = new Set<() => void>()
  const ready = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  let state: 'starting' | 'running' | 'closing' = 'starting'

  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'answer') asker.receive(message.answer)
    else if (message.kind === 'committed') for (const listener of listeners) listener()
    else if (message.kind === 'ready') ready.resolve()
    else if (message.kind === 'closed') closed.resolve()
    else ready.reject(startProblem(dataDir, message.message, lastWords()))
  })
  const died = (cause: Error): void => {
    asker.lose(cause)
    closed.resolve()
    if (state === 'starting') ready.reject(startProblem(dataDir, cause.message, lastWords()))
    if (state !== 'running') return
    state = 'closing'
    onFatal(new StartProblem(`The embedded database in ${dataDir} stopped: ${reasonFrom(cause.message, lastWords())}`))
  }
  worker.on('error', (error) => died(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => died(new Error(`its thread ended with code ${code}`)))

  try {
    await ready.promise
  } catch (error) {
    state = 'closing'
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
      if (state === 'closing') return closed.promise
      state = 'closing'
      worker.postMessage({ op: 'close' })
      await closed.promise
      await worker.terminate()
    },
  }
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

/** The engine explains itself on its error output before it gives up; the last lines say why. */
function keepLastWords(worker: Worker): () => string {
  let words = ''
  const keep = (chunk: Buffer): void => {
    words = (words + chunk.toString()).slice(-4000)
  }
  worker.stdout.on('data', keep)
  worker.stderr.on('data', keep)
  return () => words
}

const startProblem = (dataDir: string, message: string, words: string): StartProblem =>
  new StartProblem(`The embedded database in ${dataDir} cannot start: ${reasonFrom(message, words)}`)

function reasonFrom(message: string, words: string): string {
  if (/no space left|ENOSPC|errno 51\b/i.test(`${words} ${message}`)) return 'the disk is full'
  return message.split('\n')[0] ?? message
}
