/** Lets Fastify write to our log: the id of a request goes with every line that is written while it is answered. */
import type { FastifyBaseLogger } from 'fastify'
import { type Log, type LogLevel, NOT_WRITTEN } from '../log.ts'

/** Lines at trace level are left out: Fastify writes none that we want. Never throws. */
export const requestLog = (log: Log): FastifyBaseLogger => new RequestLog(log, {})

class RequestLog implements FastifyBaseLogger {
  readonly level = 'debug'
  readonly #log: Log
  readonly #bindings: object

  constructor(log: Log, bindings: object) {
    this.#log = log
    this.#bindings = bindings
  }

  child(bindings: object): FastifyBaseLogger {
    return new RequestLog(this.#log, { ...this.#bindings, ...bindings })
  }
  trace(): void {}
  silent(): void {}
  debug(...given: unknown[]): void {
    this.#line('debug', given)
  }
  info(...given: unknown[]): void {
    this.#line('info', given)
  }
  warn(...given: unknown[]): void {
    this.#line('warn', given)
  }
  error(...given: unknown[]): void {
    this.#line('error', given)
  }
  fatal(...given: unknown[]): void {
    this.#line('fatal', given)
  }

  /** `(details, message)`, `(error, message)`, `(error)` or `(message)`, as Fastify calls it. */
  #line(level: LogLevel, [first, second]: unknown[]): void {
    if (this.#log[level] === NOT_WRITTEN) return
    const details = first instanceof Error ? { err: first } : typeof first === 'object' && first !== null ? first : {}
    const message = typeof first === 'string' ? first : typeof second === 'string' ? second : undefined
    const facts = { ...this.#bindings, ...details }
    if (message === undefined) this.#log[level](facts)
    else this.#log[level](facts, message)
  }
}
