/**
 * When the services of a square are open on one day, as columns of bits: one column for each half hour that a clock
 * strikes and one for the minutes between, so that hours which begin and end on the half hour are told apart to the
 * minute; besides, coarser ones for hours, four hours and the day, so that long windows take few columns.
 *
 * As in the rules of triage, the closing minute counts as open and a day ends at 23:59. The columns are a sieve: they may
 * say "open" where the rules say closed, never the other way round.
 */
import { type CompiledHours, compiledSessionsOn } from '#src/rules/compiled-hours.ts'
import { type LondonTime, MINUTES_PER_DAY } from '#src/rules/london-time.ts'

const HALF_HOUR = 30
/** Coarser columns, the coarsest first: how many fine ones each stands for, and where they begin. */
const LEVELS = [
  { span: 96, first: 126 },
  { span: 16, first: 120 },
  { span: 4, first: 96 },
] as const
/** Columns a day. */
export const OPEN_COLUMNS = 127

/** The fine column of a minute of the day. */
const fineOf = (minute: number): number => {
  const halfHour = Math.floor(minute / HALF_HOUR)
  return 2 * halfHour + (minute === halfHour * HALF_HOUR ? 0 : 1)
}

/** The columns of one day that a window touches. */
export type DayCover = { readonly day: number; readonly columns: readonly number[] }

/** The days and columns of a window, given in minutes after `at`, ends included. */
export function coverOf(at: LondonTime, from: number, to: number): readonly DayCover[] {
  const first = at.minute + from
  const last = at.minute + to
  const cover: DayCover[] = []
  for (let ahead = Math.floor(first / MINUTES_PER_DAY); ahead * MINUTES_PER_DAY <= last; ahead++) {
    const midnight = ahead * MINUTES_PER_DAY
    const begins = Math.max(first - midnight, 0)
    const ends = Math.min(last - midnight, MINUTES_PER_DAY - 1)
    cover.push({ day: at.day + ahead, columns: columnsBetween(fineOf(begins), fineOf(ends)) })
  }
  return cover
}

/** The fewest columns that say the same as the fine ones from `first` to `last`. */
function columnsBetween(first: number, last: number): readonly number[] {
  const columns: number[] = []
  for (let fine = first; fine <= last; ) {
    const level = LEVELS.find(({ span }) => fine % span === 0 && fine + span - 1 <= last)
    columns.push(level ? level.first + fine / level.span : fine)
    fine += level?.span ?? 1
  }
  return columns
}

/** Sets the bits of one slot: `bits` holds `OPEN_COLUMNS` columns of `words` words, and nothing for this slot yet. */
export function markOpen(bits: Uint32Array, words: number, slot: number, hours: CompiledHours, day: number): void {
  const word = slot >> 5
  const bit = 1 << (slot & 31)
  const mark = (opens: number, closes: number): void => {
    const from = fineOf(opens)
    const to = fineOf(Math.min(closes, MINUTES_PER_DAY - 1))
    for (let fine = from; fine <= to; fine++) setBit(bits, fine * words + word, bit)
    for (const { span, first } of LEVELS) {
      for (let block = Math.floor(from / span); block <= to / span; block++)
        setBit(bits, (first + block) * words + word, bit)
    }
  }
  for (const { opens, closes } of compiledSessionsOn(hours, day).sessions ?? []) mark(opens, closes)
  if (!hours.overnight) return
  for (const { closes } of compiledSessionsOn(hours, day - 1).sessions ?? []) {
    if (closes > MINUTES_PER_DAY) mark(0, closes - MINUTES_PER_DAY)
  }
}

function setBit(bits: Uint32Array, at: number, bit: number): void {
  bits[at] = (bits[at] as number) | bit
}
