/** The command's end of the admin channel. */
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import {
  type AdminAddress,
  type AdminMessage,
  type AdminQuestion,
  addressFile,
  readLines,
  writeLine,
} from './admin-frames.ts'
import { type Asker, createAsker, sessionOver } from './frames.ts'
import type { Engine } from './session.ts'

export type AdminClient = {
  readonly database: 'embedded' | 'postgres'
  /** Asks the server itself. Throws with its words when it cannot answer. */
  request(name: string, argument?: unknown): Promise<unknown>
  /** The server's embedded database. Closing it closes the client. */
  readonly engine: Engine
  close(): void
}

const LONGEST_LINE = 512 * 1024 * 1024
const CONNECT_MS = 3_000

/** Reaches the server that runs on `dataDir`; undefined when none does, whatever a file left behind may say. */
export async function connectToServer(dataDir: string): Promise<AdminClient | undefined> {
  const address = readAddress(dataDir)
  if (!address) return undefined
  const socket = connect({ host: '127.0.0.1', port: address.port })
  const listeners = new Set<() => void>()
  const asker = createAsker<AdminQuestion>((question) => writeLine(socket, question))
  const greeted = Promise.withResolvers<'embedded' | 'postgres' | undefined>()

  socket.setTimeout(CONNECT_MS, () => socket.destroy())
  socket.once('connect', () => writeLine(socket, { token: address.token }))
  socket.on('error', () => {})
  socket.once('close', () => {
    greeted.resolve(undefined)
    asker.lose(new Error('the server has stopped'))
  })
  readLines(
    socket,
    () => LONGEST_LINE,
    (value) => {
      const message = value as AdminMessage
      if (message.kind === 'answer') asker.receive(message.answer)
      else if (message.kind === 'committed') for (const listener of listeners) listener()
      else greeted.resolve(message.database)
    },
  )
  const database = await greeted.promise
  if (!database) return undefined
  socket.setTimeout(0)
  return clientOn(socket, database, asker, listeners)
}

function clientOn(
  socket: Socket,
  database: 'embedded' | 'postgres',
  asker: Asker<AdminQuestion>,
  listeners: Set<() => void>,
): AdminClient {
  return {
    database,
    async request(name, argument) {
      try {
        return await asker.ask({ op: 'request', name, ...(argument !== undefined && { argument }) })
      } catch (error) {
        throw new Error(error instanceof Error ? error.message : String(error), { cause: error })
      }
    },
    engine: {
      kind: 'embedded',
      session: async () => sessionOver(asker),
      onCommit(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      async close() {
        socket.destroy()
      },
    },
    close: () => void socket.destroy(),
  }
}

function readAddress(dataDir: string): AdminAddress | undefined {
  try {
    const address = JSON.parse(readFileSync(addressFile(dataDir), 'utf8')) as AdminAddress
    return Number.isInteger(address.port) && typeof address.token === 'string' ? address : undefined
  } catch {
    return undefined
  }
}
