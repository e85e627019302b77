/**
 * What the query builder needs from an engine. Two engines implement it: `postgres.ts` over a connection of a pool, and
 * `frames.ts` over messages to the embedded engine, be it in a worker thread or in another process.
 */
import type { WireText } from './wire-text.ts'

export type WireResult = {
  readonly command: string
  /** Rows inserted, updated, deleted or merged; 0 for other commands. */
  readonly affected: number
  readonly fields: readonly { readonly name: string; readonly oid: number }[]
  /** Whoever asked may empty them. */
  readonly rows: readonly WireText[][]
}

/** One conversation with the database; at most one transaction at a time. */
export type Session = {
  query(sql: string, parameters: readonly WireText[]): Promise<WireResult>
  begin(): Promise<void>
  /** Throws when the transaction had failed: nothing was written then. */
  commit(): Promise<void>
  /** Never throws: a session that cannot roll back is given up when released, which rolls back too. */
  rollback(): Promise<void>
  release(): void
}

export type Engine = {
  readonly kind: 'embedded' | 'postgres'
  session(): Promise<Session>
  /** Calls `listener` after a commit that wrote to the ledger, in this or another process, and after a lost connection. */
  onCommit(listener: () => void): () => void
  close(): Promise<void>
}

/** The channel on which a commit that wrote to the ledger is announced. */
export const LEDGER_CHANNEL = 'signpost_ledger'
