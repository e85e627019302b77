/**
 * How commands reach a running server: a loopback port and a token in `DATA_DIR/admin.json`. The embedded database has
 * one process only, so commands speak to it through this channel; `Db` looks the same to them.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Log } from '../log.ts'
import {
  type AdminAddress,
  type AdminMessage,
  type AdminQuestion,
  addressFile,
  readLines,
  writeLine,
} from './admin-frames.ts'
import { makeDataDirectory } from './data-directory.ts'
import { type Answer, type DbQuestion, refusal } from './frames.ts'
import type { OpenDb } from './open-db.ts'

/** Answers a named request, such as `index-digest`; what it gives must survive JSON. */
export type AdminHandler = (argument: unknown) => Promise<unknown>

export type AdminChannel = {
  /** Rolls back what commands have open, hangs up, and removes the address. */
  close(): Promise<void>
}

type Settings = {
  readonly db: OpenDb
  readonly dataDir: string
  readonly log: Log
  readonly handlers: Readonly<Record<string, AdminHandler>>
  /** An open transaction of a command that says nothing for so long is rolled back: everybody waits for it. */
  readonly idleTransactionMs?: number
}

const LONGEST_LINE = 64 * 1024 * 1024
const LONGEST_GREETING = 1024
const GREETING_MS = 5_000
const IDLE_TRANSACTION_MS = 60_000

/**
 * Opens the channel. Throws `StartProblem` when `admin.json` cannot be written and the database is the embedded one;
 * with PostgreSQL, which commands reach without the channel, it warns and goes on.
 */
export async function openAdminChannel(settings: Settings): Promise<AdminChannel> {
  const { dataDir, log, db } = settings
  const token = randomBytes(32).toString('hex')
  const visitors = new Set<Socket>()
  const server = createServer((socket) => {
    visitors.add(socket)
    socket.once('close', () => visitors.delete(socket))
    receive(socket, token, settings)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0 }, resolve)
  })
  try {
    makeDataDirectory(dataDir)
    writeAddress(dataDir, { port: (server.address() as AddressInfo).port, token, pid: process.pid })
  } catch (error) {
    if (db.kind === 'embedded') {
      server.close()
      throw error
    }
    log.warn({ err: error }, 'Commands cannot ask this process: admin.json could not be written')
  }
  return {
    async close() {
      removeAddress(dataDir, token)
      for (const socket of visitors) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** One command's connection: greeting, then questions. */
function receive(socket: Socket, token: string, settings: Settings): void {
  let answerQuestion: ((question: AdminQuestion & { id: number }) => void) | undefined
  socket.setTimeout(GREETING_MS, () => socket.destroy())
  socket.on('error', () => {})
  readLines(
    socket,
    () => (answerQuestion ? LONGEST_LINE : LONGEST_GREETING),
    (value) => {
      if (answerQuestion) return answerQuestion(value as AdminQuestion & { id: number })
      if (!sameToken((value as { token?: unknown }).token, token)) return void socket.destroy()
      socket.setTimeout(0)
      answerQuestion = welcome(socket, settings)
    },
  )
}

function welcome(socket: Socket, settings: Settings): (question: AdminQuestion & { id: number }) => void {
  const { db } = settings
  const send = (message: AdminMessage): void => writeLine(socket, message)
  const stopListening = db.onCommit(() => send({ kind: 'committed' }))
  const conversation = converse(socket, settings)
  socket.once('close', () => {
    stopListening()
    conversation.hangUp()
  })
  send({ kind: 'welcome', database: db.kind })
  return (question) => {
    void conversation.answer(question).then((answer) => send({ kind: 'answer', answer }))
  }
}

/** Keeps track of the transactions that a command has open, so that they end with its connection. */
function converse(socket: Socket, { db, log, handlers, idleTransactionMs = IDLE_TRANSACTION_MS }: Settings) {
  const open = new Set<number>()
  let underWay = 0
  let hungUp = false
  let idle: NodeJS.Timeout | undefined

  const rollBack = (tx: number): void => {
    open.delete(tx)
    db.embedded?.asker.ask({ op: 'end', tx, commit: false }).catch(() => {})
  }
  const giveUp = (): void => {
    log.warn('A command left a transaction open without a word; rolled back and hung up')
    socket.destroy()
  }
  const askDatabase = async (question: DbQuestion): Promise<unknown> => {
    if (!db.embedded) throw new Error('this server has no embedded database')
    if (question.op === 'end') open.delete(question.tx)
    const value = await db.embedded.asker.ask(question)
    if (question.op !== 'begin') return value
    open.add(value as number)
    if (hungUp) rollBack(value as number)
    return value
  }
  return {
    async answer({ id, ...question }: AdminQuestion & { id: number }): Promise<Answer> {
      clearTimeout(idle)
      underWay += 1
      try {
        const asksServer = question.op === 'request'
        return { id, ok: true, value: await (asksServer ? askHandler(handlers, question) : askDatabase(question)) }
      } catch (error) {
        return question.op === 'request' ? failedRequest(id, error) : refusal(id, error)
      } finally {
        underWay -= 1
        if (underWay === 0 && open.size > 0) idle = setTimeout(giveUp, idleTransactionMs)
      }
    },
    hangUp(): void {
      hungUp = true
      clearTimeout(idle)
      for (const tx of open) rollBack(tx)
    },
  }
}

async function askHandler(
  handlers: Settings['handlers'],
  { name, argument }: Extract<AdminQuestion, { op: 'request' }>,
): Promise<unknown> {
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
  if (!handler) throw new Error(`this server does not know the request ${name}`)
  return handler(argument)
}

function failedRequest(id: number, error: unknown): Answer {
  return {
    id,
    ok: false,
    unavailable: false,
    error: { message: error instanceof Error ? error.message : String(error) },
  }
}

/** Compared by their hashes, which are equally long, in a time that does not depend on where they differ. */
function sameToken(given: unknown, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return typeof given === 'string' && timingSafeEqual(hash(given), hash(token))
}

function writeAddress(dataDir: string, address: AdminAddress): void {
  const file = addressFile(dataDir)
  const making = `${file}.${process.pid}`
  writeFileSync(making, `${JSON.stringify(address)}\n`, { mode: 0o600 })
  renameSync(making, file)
}

/** Only our own: another server may have been started on this directory since. */
function removeAddress(dataDir: string, token: string): void {
  const file = addressFile(dataDir)
  try {
    const { token: current } = JSON.parse(readFileSync(file, 'utf8')) as AdminAddress
    if (current === token) rmSync(file, { force: true })
  } catch {
    // Not there any more.
  }
}
