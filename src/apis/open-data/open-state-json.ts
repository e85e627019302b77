/** The open state of a service as JSON text. Written by hand, because every search writes ten of them. */
import { type DayNumber, dateOf, formatClock, type LondonTime, MINUTES_PER_DAY } from '#src/rules/london-time.ts'
import { type CompiledHours, type OpenState, openStateAt } from '#src/rules/opening-times.ts'

/** `{"open":true,"until":"2026-12-11T18:00","because":"weekly"}`; `opensAt` in place of `until` when it is not open. */
export const openStateJson = (hours: CompiledHours, at: LondonTime): string => writeOpenState(openStateAt(hours, at))

/** As `openStateJson`, of a state that is known already. */
export function writeOpenState(state: OpenState): string {
  if (state.open) return `{"open":true,"until":${minuteJson(state.until)},"because":"${state.because}"}`
  return `{"open":${state.open},"opensAt":${minuteJson(state.opensAt)},"because":"${state.because}"}`
}

const clockTexts = Array.from({ length: MINUTES_PER_DAY }, (_, minute) => formatClock(minute))
/** Searches ask about few different days; more than this many are forgotten and written anew. */
const MAX_DATES = 2000
const dateTexts = new Map<DayNumber, string>()

function minuteJson(time: LondonTime | null): string {
  return time === null ? 'null' : `"${dateText(time.day)}T${clockTexts[time.minute]}"`
}

function dateText(day: DayNumber): string {
  const known = dateTexts.get(day)
  if (known !== undefined) return known
  if (dateTexts.size >= MAX_DATES) dateTexts.clear()
  const text = dateOf(day)
  dateTexts.set(day, text)
  return text
}
