/** The open state of a service as JSON text. Written by hand, because every search writes ten of them. */

import { type CompiledHours, type OpenState, openStateAt } from '#src/rules/compiled-hours.ts'
import { formatLondon, type LondonTime, MINUTES_PER_DAY } from '#src/rules/london-time.ts'

/** `{"open":true,"until":"2026-12-11T18:00","because":"weekly"}`; `opensAt` in place of `until` when it is not open. */
export const openStateJson = (hours: CompiledHours, at: LondonTime): string => writeOpenState(openStateAt(hours, at))

/** As `openStateJson`, of a state that is known already. Few texts are needed again and again, so they are kept. */
export function writeOpenState(state: OpenState): string {
  const time = state.open ? state.until : state.opensAt
  if (time === null) return stateText(state, 'null')
  const key = 10 * (time.day * MINUTES_PER_DAY + time.minute) + CODES[state.because] + (state.open ? 5 : 0)
  const known = texts.get(key)
  if (known !== undefined) return known
  if (texts.size >= MAX_TEXTS) texts.clear()
  const text = stateText(state, `"${formatLondon(time)}"`)
  texts.set(key, text)
  return text
}

function stateText({ open, because }: OpenState, time: string): string {
  return `{"open":${open},"${open ? 'until' : 'opensAt'}":${time},"because":"${because}"}`
}

const CODES = { weekly: 0, bankHoliday: 1, specified: 2, openAllHours: 3, unknown: 4 } as const
/** When there are more they are forgotten and written anew. */
const MAX_TEXTS = 20_000
const texts = new Map<number, string>()
