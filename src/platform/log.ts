/**
 * What code outside HTTP logs to: the part of pino's interface that we use, so that the server can pass its own logger.
 * Lines go to standard error, because standard output belongs to the ready line and to the output of commands.
 */
export type Log = Readonly<Record<LogLevel, LogMethod>>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal'

type LogMethod = {
  (message: string): void
  /** `facts` may hold `err`, an Error. Never personal facts, non-public numbers or secrets. */
  (facts: object, message?: string): void
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'fatal']
const PINO_NUMBERS: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50, fatal: 60 }

const toStandardError = (line: string): void => {
  process.stderr.write(line)
}

/** A log of JSON lines from `least` upwards; `silent` writes nothing. For commands and tests; the server has pino. */
export function createLog(least: LogLevel | 'trace' | 'silent', write: (line: string) => void = toStandardError): Log {
  const from = least === 'trace' ? 0 : least === 'silent' ? LEVELS.length : LEVELS.indexOf(least)
  const method =
    (level: LogLevel): LogMethod =>
    (facts: string | object, message?: string) => {
      if (LEVELS.indexOf(level) < from) return
      const line = typeof facts === 'string' ? { msg: facts } : { ...withPlainError(facts), msg: message }
      write(`${JSON.stringify({ level: PINO_NUMBERS[level], ...line })}\n`)
    }
  return {
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    fatal: method('fatal'),
  }
}

/** Errors have no enumerable parts: without this they would be logged as `{}`. */
function withPlainError(facts: object): object {
  if (!('err' in facts) || !(facts.err instanceof Error)) return facts
  const { name, message, stack } = facts.err
  return { ...facts, err: { type: name, message, stack } }
}
