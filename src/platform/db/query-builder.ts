/** Kysely over an `Engine`, and the guard that keeps queries of the pool out of transactions. */
import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Db } from './db.ts'
import type { Engine, Session, WireResult } from './session.ts'
import type { Tables } from './tables.ts'
import { readerFor, toWireText } from './wire-text.ts'

/** The `Db` on an engine. */
export function dbOn(engine: Engine): Db {
  // The transaction that the running code is inside of. It is marked as over when it ends, because timers and listeners
  // that were started inside it carry this context on for ever.
  const inside = new AsyncLocalStorage<{ over: boolean }>()
  const refuseInside = (what: string): void => {
    const transaction = inside.getStore()
    if (transaction && !transaction.over)
      throw new Error(`${what} inside a transaction: pass the transaction (tx) on instead`)
  }
  const kysely = new Kysely<Tables>({ dialect: dialectOn(engine, () => refuseInside('A query on the pool')) })
  return {
    kind: engine.kind,
    get pool() {
      refuseInside('The pool was used')
      return kysely
    },
    async transact(work) {
      refuseInside('A second transaction was begun')
      const transaction = { over: false }
      try {
        return await kysely.transaction().execute((tx) => inside.run(transaction, () => work(tx)))
      } finally {
        transaction.over = true
      }
    },
    onCommit: (listener) => engine.onCommit(listener),
    async close() {
      await kysely.destroy()
      await engine.close()
    },
  }
}

function dialectOn(engine: Engine, beforeAcquire: () => void): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createDriver: () => driverOn(engine, beforeAcquire),
  }
}

type Connection = DatabaseConnection & { readonly session: Session }

function driverOn(engine: Engine, beforeAcquire: () => void): Driver {
  const sessionOf = (connection: DatabaseConnection): Session => (connection as Connection).session
  return {
    async init() {},
    async acquireConnection() {
      beforeAcquire()
      return connectionOn(await engine.session())
    },
    beginTransaction: (connection) => sessionOf(connection).begin(),
    commitTransaction: (connection) => sessionOf(connection).commit(),
    rollbackTransaction: (connection) => sessionOf(connection).rollback(),
    async releaseConnection(connection) {
      sessionOf(connection).release()
    },
    async destroy() {},
  }
}

function connectionOn(session: Session): Connection {
  return {
    session,
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      const result = await session.query(query.sql, query.parameters.map(toWireText))
      return { rows: rowsOf(result) as Row[], ...affectedBy(result) }
    },
    streamQuery() {
      throw new Error('Rows are not streamed: read them in chunks by key')
    },
  }
}

function affectedBy(result: WireResult): { numAffectedRows?: bigint } {
  const writes = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(result.command)
  return writes ? { numAffectedRows: BigInt(result.affected) } : {}
}

/** Empties the lists of what it has read: those that have grown old would keep all their texts in memory, dead as they are. */
function rowsOf(result: WireResult): Record<string, unknown>[] {
  const columns = result.fields.map((field) => ({ name: field.name, read: readerFor(field.oid) }))
  return result.rows.map((texts) => {
    const row: Record<string, unknown> = {}
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index]
      const text = texts[index]
      if (column) row[column.name] = text === null || text === undefined ? null : column.read(text)
    }
    texts.length = 0
    return row
  })
}
