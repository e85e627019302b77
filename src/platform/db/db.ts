/**
 * The database port. The same SQL and the same JavaScript types whether the database is the embedded one (PGlite in a
 * worker thread), the embedded one of a running server (over its admin channel) or a PostgreSQL server.
 *
 * int8 reads as number (throws beyond the safe range), date as `YYYY-MM-DD`, timestamptz as UTC ISO text with `Z`.
 */
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

export type Db = {
  readonly kind: 'embedded' | 'postgres'
  /** Queries outside a transaction. Throws when used inside one: it would deadlock or silently escape it. */
  readonly pool: Kysely<Tables>
  /** Runs `work` in one transaction; commits when it resolves, rolls back when it throws. Never nested: pass `tx` on. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Calls `listener` after another process or this one committed a ledger entry. Returns a function that stops it. */
  onCommit(listener: () => void): () => void
  close(): Promise<void>
}

export type Tx = Transaction<Tables>
/** Either: for loaders that may run inside or outside a transaction. */
export type Queryable = Kysely<Tables>
