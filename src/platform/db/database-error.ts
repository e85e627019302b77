/** The errors a database gives, in one form for both engines. */
import { Unavailable } from '../errors.ts'

/** What PostgreSQL says about a statement that failed; `code` is the five-character SQLSTATE. */
export type DatabaseErrorFacts = {
  readonly message: string
  readonly code?: string | undefined
  readonly constraint?: string | undefined
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly detail?: string | undefined
}

/** A statement failed. For a broken connection, a full disk or a lost race see `Unavailable`, which has this as its cause. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly facts: DatabaseErrorFacts
  constructor(facts: DatabaseErrorFacts, options?: ErrorOptions) {
    super(facts.message, options)
    this.facts = facts
  }
  get code(): string | undefined {
    return this.facts.code
  }
  get constraint(): string | undefined {
    return this.facts.constraint
  }
}

/** Whether a row was refused because its key is taken; with `constraint`, only that one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof DatabaseError) || error.code !== '23505') return false
  return constraint === undefined || error.constraint === constraint
}

/** SQLSTATE classes and codes after which the same request may succeed later. */
const PASSING: readonly RegExp[] = [
  /^08/, // connection
  /^53/, // out of memory, connections or disk
  /^57P/, // shutting down, crashed, starting
  /^57014$/, // statement timeout
  /^58/, // system error, such as a failed read or write
  /^40001$|^40P01$|^55P03$/, // lost a race for a row
  /^25P0[34]$/, // a transaction idled or ran for too long
]

/** The engine's error as ours: `Unavailable` if trying again may help, else `DatabaseError`. */
export function translateError(error: unknown): Error {
  if (error instanceof Unavailable || error instanceof DatabaseError) return error
  const facts = factsOf(error)
  const failed = new DatabaseError(facts, { cause: error })
  const sqlState = facts.code !== undefined && /^[0-9A-Z]{5}$/.test(facts.code)
  if (sqlState && !PASSING.some((code) => code.test(facts.code ?? ''))) return failed
  return new Unavailable(`The database cannot answer now: ${facts.message}`, { cause: failed })
}

/** The parts of an error that may cross to another thread or process. */
export function factsOf(error: unknown): DatabaseErrorFacts {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code, constraint, table, column, detail } = error as Error & Partial<DatabaseErrorFacts>
  return { message: error.message || String(code ?? error.name), code, constraint, table, column, detail }
}
