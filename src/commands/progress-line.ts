/** How far a long command has come, on standard error so that standard output stays clean. */
import type { Clock } from '#src/platform/clock.ts'
import type { Progress } from '#src/reference-data/import-summary.ts'

type Terminal = { readonly isTTY?: boolean; write(text: string): unknown }

/** Without a terminal a line now and then is enough. */
const QUIET_MS = 10_000

/** Rewrites one line on a terminal; elsewhere writes a line every ten seconds. `end` leaves the line clean. */
export function progressLine(terminal: Terminal, clock: Clock): { readonly progress: Progress; end(): void } {
  let lastMs = clock.now().getTime()
  let isDirty = false
  return {
    progress(stage, done, total) {
      const text = total === undefined ? `${stage}: ${done}` : `${stage}: ${done} of ${total}`
      if (terminal.isTTY) {
        isDirty = true
        terminal.write(`\r\u001b[K${text}`)
        return
      }
      const nowMs = clock.now().getTime()
      if (nowMs - lastMs < QUIET_MS) return
      lastMs = nowMs
      terminal.write(`${text}\n`)
    },
    end() {
      if (isDirty) terminal.write('\r\u001b[K')
    },
  }
}
