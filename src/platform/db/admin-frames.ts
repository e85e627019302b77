/** What travels on the admin channel: one JSON value a line, both ways. */
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { Answer, DbQuestion } from './frames.ts'

/** Where a running server says how to reach it; only its owner may read the file. */
export const addressFile = (dataDir: string): string => join(dataDir, 'admin.json')

export type AdminAddress = { readonly port: number; readonly token: string; readonly pid: number }

/** A request by name is answered by the server itself; the others go to its embedded database. */
export type AdminQuestion = DbQuestion | { readonly op: 'request'; readonly name: string; readonly argument?: unknown }

export type AdminMessage =
  /** The token was right. */
  | { readonly kind: 'welcome'; readonly database: 'embedded' | 'postgres' }
  | { readonly kind: 'committed' }
  | { readonly kind: 'answer'; readonly answer: Answer }

const NEWLINE = 10

export function writeLine(socket: Socket, value: unknown): void {
  if (socket.writable) socket.write(`${JSON.stringify(value)}\n`)
}

/** Calls `onValue` for each line. A line that is not JSON, or is longer than `limit()` bytes, ends the connection. */
export function readLines(socket: Socket, limit: () => number, onValue: (value: unknown) => void): void {
  let pieces: Buffer[] = []
  let size = 0
  const takeLine = (end: Buffer): void => {
    const line = Buffer.concat([...pieces, end]).toString('utf8')
    pieces = []
    size = 0
    onValue(JSON.parse(line))
  }
  socket.on('data', (chunk: Buffer) => {
    try {
      let from = 0
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        takeLine(chunk.subarray(from, at))
        from = at + 1
      }
      pieces.push(chunk.subarray(from))
      size += chunk.length - from
      if (size > limit()) socket.destroy()
    } catch {
      socket.destroy()
    }
  })
}
