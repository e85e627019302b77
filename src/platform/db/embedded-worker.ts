/**
 * The thread in which the embedded engine runs, so that a long query never stops the process from answering others.
 * Receives numbered `DbQuestion`s, answers with `Answer`s, and announces commits that wrote to the ledger.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, type Transaction } from '@electric-sql/pglite'
import { type Answer, type DbQuestion, refusal } from './frames.ts'
import { LEDGER_CHANNEL, type WireResult } from './session.ts'

export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** Could not start, or stopped for good; `words` are the last lines the engine wrote about it. */
  | { readonly kind: 'failed'; readonly message: string; readonly words: string }
  | { readonly kind: 'committed' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'answer'; readonly answer: Answer }

export type EmbeddedWorkerData = {
  readonly dataDir: string
  /** The engine and the program that lays out a new database. */
  readonly programs: Readonly<Record<'pgliteWasmModule' | 'initdbWasmModule', WebAssembly.Module>>
}

type OpenTransaction = {
  readonly engine: Transaction
  readonly decide: (commit: boolean) => void
  readonly done: Promise<void>
}

const port = parentPort
if (!port) throw new Error('embedded-worker.ts runs in a worker thread')
const post = (message: WorkerMessage): void => port.postMessage(message)

const open = new Map<number, OpenTransaction>()
let lastTx = 0
let words = ''
let dead = false
let closing = false

/** Memory settings: the defaults reserve 128 MB for a directory that needs a tenth of it. */
const ENGINE_SETTINGS = ['shared_buffers=16MB', 'max_wal_size=64MB', "timezone='UTC'", "datestyle='ISO'"]

async function start({ dataDir, programs }: EmbeddedWorkerData): Promise<void> {
  const engine = await PGlite.create({
    dataDir,
    ...programs,
    postgresqlconf: ENGINE_SETTINGS,
    onStderr: hear,
    onStdout: hear,
  })
  // Values cross as the text PostgreSQL uses; wire-text.ts reads and writes them for both engines.
  for (const oid of Object.keys(engine.parsers)) engine.parsers[Number(oid)] = (text) => text
  for (const oid of Object.keys(engine.serializers)) engine.serializers[Number(oid)] = (text) => text
  await engine.listen(LEDGER_CHANNEL, () => post({ kind: 'committed' }))
  keepLogShort(engine)
  port?.on('message', (question: (DbQuestion | { op: 'close' }) & { id: number }) => {
    if (question.op === 'close') {
      closing = true
      void engine.close().finally(() => post({ kind: 'closed' }))
      return
    }
    answer(engine, question).then(
      (value) => post({ kind: 'answer', answer: { id: question.id, ok: true, value } }),
      (error: unknown) => post({ kind: 'answer', answer: refusal(question.id, error) }),
    )
  })
  post({ kind: 'ready' })
}

/** After so much there is a checkpoint; an import may write several times as much before that is noticed. */
const LONG_LOG_BYTES = 64 * 2 ** 20
const LOOK_AT_LOG_EVERY_MS = 5000

/**
 * Makes the checkpoints that a server's own processes would make: this engine has none, and makes one only when it is
 * closed. Until then its write-ahead log would grow, and after a kill the next start would read all of it.
 */
function keepLogShort(engine: PGlite): void {
  const look = async (): Promise<void> => {
    const { rows } = await engine.query<{ is_long: string }>(
      'select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) > $1 as is_long from pg_control_checkpoint()',
      [LONG_LOG_BYTES],
    )
    if (rows[0]?.is_long === 't') await engine.exec('checkpoint')
  }
  const again = (): void => {
    setTimeout(() => {
      if (dead || closing) return
      look().then(again, (error: unknown) => {
        if (!closing) throw error
      })
    }, LOOK_AT_LOG_EVERY_MS).unref()
  }
  again()
}

/**
 * Remembers what the engine says. After a panic (a full disk, for one) every further call would spin for ever, even the
 * one under way, so it is reported at once and this thread is ended from outside. What was committed is in the files,
 * and the next start recovers it.
 */
function hear(line: string): boolean {
  words = `${words}\n${line}`.slice(-2000)
  if (!dead && /\bPANIC:|^Aborted\(/.test(line)) {
    dead = true
    post({ kind: 'failed', message: line, words })
  }
  return true
}

function answer(engine: PGlite, question: DbQuestion): Promise<unknown> {
  if (dead) return Promise.reject(new Error('the embedded database has stopped'))
  switch (question.op) {
    case 'query':
      return query(
        question.tx === undefined ? engine : transaction(question.tx).engine,
        question.sql,
        question.parameters,
      )
    case 'begin':
      return begin(engine)
    case 'end': {
      const ending = transaction(question.tx)
      ending.decide(question.commit)
      return ending.done
    }
  }
}

async function query(on: PGlite | Transaction, sql: string, parameters: readonly unknown[]): Promise<WireResult> {
  const result = await on.query<(string | null)[]>(sql, [...parameters], { rowMode: 'array' })
  return {
    command: (result as { command?: string }).command ?? '',
    affected: result.affectedRows ?? 0,
    fields: result.fields.map((field) => ({ name: field.name, oid: field.dataTypeID })),
    rows: result.rows,
  }
}

/** Waits for its turn (the engine has one session), then answers with the transaction's number. */
async function begin(engine: PGlite): Promise<number> {
  const tx = ++lastTx
  const begun = Promise.withResolvers<void>()
  const decision = Promise.withResolvers<boolean>()
  const done = engine.transaction(async (transaction) => {
    open.set(tx, { engine: transaction, decide: decision.resolve, done: ended })
    begun.resolve()
    if (!(await decision.promise)) await transaction.rollback()
  })
  const ended = done.finally(() => open.delete(tx))
  ended.catch(() => {})
  await Promise.race([begun.promise, ended])
  return tx
}

function transaction(tx: number): OpenTransaction {
  const found = open.get(tx)
  if (!found) throw new Error(`transaction ${tx} is over`)
  return found
}

start(workerData as EmbeddedWorkerData).catch((error: unknown) => {
  const { message = 'it gave no reason', errno } = error as { message?: string; errno?: number }
  post({ kind: 'failed', message: errno === undefined ? message : `errno ${errno}`, words })
})
