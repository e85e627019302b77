/**
 * When the services of a square are open on one day, as columns of bits: one column for each half hour that a clock
 * strikes and one for the minutes between, so that hours which begin and end on the half hour are told apart to the
 * minute; besides, coarser ones for hours, four hours and the day, so that long windows take few columns.
 *
 * As in the rules of triage, the closing minute counts as open and a day ends at 23:59.
 */
import { type CompiledHours, compiledSessionsOn } from '#src/rules/compiled-hours.ts'
import { type LondonTime, MINUTES_PER_DAY } from '#src/rules/london-time.ts'
import { type BitColumns, setBit } from './bit-columns.ts'

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

/**
 * The columns of one day that a window touches. Whoever has a bit in one of `sure` is open within the window; a column
 * of `perhaps` reaches beyond it, so that whoever has a bit there alone must be asked.
 */
export type DayCover = { readonly day: number; readonly sure: readonly number[]; readonly perhaps: readonly number[] }

/** The days and columns of a window, given in minutes after `at`, ends included. */
export function coverOf(at: LondonTime, from: number, to: number): readonly DayCover[] {
  const first = at.minute + from
  const last = at.minute + to
  const cover: DayCover[] = []
  for (let ahead = Math.floor(first / MINUTES_PER_DAY); ahead * MINUTES_PER_DAY <= last; ahead++) {
    const midnight = ahead * MINUTES_PER_DAY
    const begins = Math.max(first - midnight, 0)
    const ends = Math.min(last - midnight, MINUTES_PER_DAY - 1)
    cover.push({ day: at.day + ahead, ...columnsBetween(begins, ends) })
  }
  return cover
}

/** The fewest columns for the minutes of a day from `begins` to `ends`. They are asked for over and over. */
function columnsBetween(begins: number, ends: number): Omit<DayCover, 'day'> {
  const key = begins * MINUTES_PER_DAY + ends
  const known = KNOWN_COVERS.get(key)
  if (known) return known
  if (KNOWN_COVERS.size >= MOST_COVERS) KNOWN_COVERS.clear()
  const made = findColumns(begins, ends)
  KNOWN_COVERS.set(key, made)
  return made
}

const KNOWN_COVERS = new Map<number, Omit<DayCover, 'day'>>()
const MOST_COVERS = 5000

function findColumns(begins: number, ends: number): Omit<DayCover, 'day'> {
  const first = fineOf(begins)
  const last = fineOf(ends)
  const firstIsWhole = begins === firstMinuteOf(first)
  const lastIsWhole = ends === firstMinuteOf(last + 1) - 1
  if (first === last && !(firstIsWhole && lastIsWhole)) return { sure: [], perhaps: [first] }
  const perhaps = [...(firstIsWhole ? [] : [first]), ...(lastIsWhole ? [] : [last])]
  const sure: number[] = []
  const end = lastIsWhole ? last : last - 1
  for (let fine = firstIsWhole ? first : first + 1; fine <= end; ) {
    const level = LEVELS.find(({ span }) => fine % span === 0 && fine + span - 1 <= end)
    sure.push(level ? level.first + fine / level.span : fine)
    fine += level?.span ?? 1
  }
  // The coarsest first: most services have a bit there, and need not be looked for in the others.
  return { sure: sure.sort((a, b) => b - a), perhaps }
}

/** The first minute of a fine column. */
const firstMinuteOf = (fine: number): number => HALF_HOUR * (fine >> 1) + (fine & 1)

/** Sets the bits of one slot in the `OPEN_COLUMNS` of a day; none of them may be set yet. */
export function markOpen(open: BitColumns, slot: number, hours: CompiledHours, day: number): void {
  const mark = (opens: number, closes: number): void => {
    const from = fineOf(opens)
    const to = fineOf(Math.min(closes, MINUTES_PER_DAY - 1))
    for (let fine = from; fine <= to; fine++) setBit(open, fine, slot)
    for (const { span, first } of LEVELS) {
      for (let block = Math.floor(from / span); block <= to / span; block++) setBit(open, first + block, slot)
    }
  }
  for (const { opens, closes } of compiledSessionsOn(hours, day).sessions ?? []) mark(opens, closes)
  if (!hours.overnight) return
  for (const { closes } of compiledSessionsOn(hours, day - 1).sessions ?? []) {
    if (closes > MINUTES_PER_DAY) mark(0, closes - MINUTES_PER_DAY)
  }
}
