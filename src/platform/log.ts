/**
 * The log: one JSON object a line, in pino's format. Lines go to standard error, because standard output belongs to the
 * ready line and to the output of commands. What is named like a secret or a private fact is left out, at any depth.
 */
import { type Clock, systemClock } from './clock.ts'

export type Log = Readonly<Record<LogLevel, LogMethod>>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal'

type LogMethod = {
  (message: string): void
  /** `facts` may hold `err`, an Error. Never personal facts, non-public numbers or secrets. */
  (facts: object, message?: string): void
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'fatal']
const PINO_NUMBERS: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50, fatal: 60 }
/** A second line of defence: whoever logs should not have put these in. */
const PRIVATE_KEY = /cookie|authorization|password|secret|token|api-?key|email|phone|postcode/i
const MAX_DEPTH = 5

/** The method of levels that are not written: whoever would have to put facts together first can ask for it. */
export const NOT_WRITTEN: LogMethod = () => {}

const toStandardError = (line: string): void => {
  process.stderr.write(line)
}

/** A log of JSON lines from `least` upwards; `silent` writes nothing. */
export function createLog(
  least: LogLevel | 'trace' | 'silent',
  write: (line: string) => void = toStandardError,
  clock: Clock = systemClock,
): Log {
  const from = least === 'trace' ? 0 : least === 'silent' ? LEVELS.length : LEVELS.indexOf(least)
  const method = (level: LogLevel): LogMethod => {
    if (LEVELS.indexOf(level) < from) return NOT_WRITTEN
    return (facts: string | object, message?: string) => {
      const line =
        typeof facts === 'string' ? { msg: facts } : { ...(withoutPrivate(facts, 0) as object), msg: message }
      write(`${JSON.stringify({ level: PINO_NUMBERS[level], time: clock.now().toISOString(), ...line })}\n`)
    }
  }
  return {
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    fatal: method('fatal'),
  }
}

function withoutPrivate(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth >= MAX_DEPTH) return '[deeper]'
  if (value instanceof Error) return describeError(value, depth)
  if (Array.isArray(value)) return value.map((item) => withoutPrivate(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      PRIVATE_KEY.test(key) ? '[hidden]' : withoutPrivate(item, depth + 1),
    ]),
  )
}

/** Only what helps to find a fault: drivers hang rows and parameters on their errors, which may be private. */
function describeError(error: Error, depth: number): object {
  const { name, message, stack, cause } = error
  return {
    type: name,
    message,
    stack,
    ...('code' in error ? { code: error.code } : {}),
    ...(cause === undefined ? {} : { cause: withoutPrivate(cause, depth + 1) }),
  }
}
