/** How the process ends: quietly when it is asked to, with one clear line when it must. */
import type { Log } from './log.ts'

/** A request that takes longer than this is cut off: whoever asked us to stop is waiting. */
const PATIENCE_MS = 10_000

/**
 * On SIGTERM or SIGINT runs `steps` in order (first those that let no new work in) and ends with code 0. A step that
 * fails is logged and the rest still run. A second signal ends the process at once.
 */
export function onStopSignal(log: Log, steps: readonly (() => unknown)[]): void {
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    process.once(signal, () => process.exit(1))
    setTimeout(() => process.exit(1), PATIENCE_MS).unref()
    let code = 0
    for (const step of steps) {
      try {
        await step()
      } catch (error) {
        log.error({ err: error }, 'could not stop cleanly')
        code = 1
      }
    }
    process.exit(code)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal))
}

/** Ends the process with code 1 and one line that says why: for a start that cannot go on, and for faults of ours. */
export function stopWith(reason: unknown): void {
  process.stderr.write(`Signpost stopped: ${inOneLine(reason)}\n`)
  process.exit(1)
}

/** Of errors that were not written for people, also the kind and the place. */
function inOneLine(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason)
  const { name, message, stack } = reason
  const isForPeople = name === 'StartProblem' || name === 'WrongSetting'
  const place = /at .*?((?:src|node_modules)\/[^)\n]+)/.exec(stack ?? '')?.[1]
  const line = isForPeople ? message : `${name}: ${message}${place ? ` (${place})` : ''}`
  return line.replaceAll(/\s*\n\s*/g, ' ')
}
