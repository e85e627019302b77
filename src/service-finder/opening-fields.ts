/** When a service must be open: any time, now, or a day and a time that somebody typed. Pure. */
import { parseClockTime } from '#src/rules/clock-time.ts'
import {
  dateOf,
  dayOf,
  type LocalDate,
  type LondonTime,
  MINUTES_PER_DAY,
  minuteExists,
  parseLondonMinute,
} from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { dateFromParts } from '#src/rules/typed-date.ts'

export type OpenAsked = 'any' | 'now' | LondonTime

/** `open` is `now`, a London minute (`2026-12-11T15:00`), or `at` with the boxes. */
export type OpeningFields = Readonly<Record<'open' | 'open-day' | 'open-month' | 'open-year' | 'open-time', string>>

/** Until the end of the year after next, as the public's search: hours further ahead are nobody's promise. */
const YEARS_AHEAD = 2

/** Reads them. An empty day is today; none that is over, nor too far ahead. Problems name `open-day` and `open-time`. */
export function readOpening(fields: OpeningFields, now: LondonTime): Result<OpenAsked> {
  if (fields.open === 'now') return accepted('now')
  const kept = parseLondonMinute(fields.open)
  if (kept) return onDayToAsk(kept, now)
  if (fields.open !== 'at') return accepted('any')
  const date = dateIn(fields, now)
  const minute = parseClockTime(fields['open-time'])
  const isTime = minute !== undefined && minute < MINUTES_PER_DAY
  if (!date || !isTime) return refused(...(date ? [] : [WRONG_DAY]), ...(isTime ? [] : [WRONG_TIME]))
  const at = { day: dayOf(date), minute }
  return minuteExists(at) ? onDayToAsk(at, now) : refused(SKIPPED)
}

/** Earlier today may be asked for: what was open this morning is still of use. */
function onDayToAsk(at: LondonTime, now: LondonTime): Result<OpenAsked> {
  const tooLate = Number(dateOf(now.day).slice(0, 4)) + YEARS_AHEAD + 1
  if (at.day < now.day) return refused(OVER)
  return Number(dateOf(at.day).slice(0, 4)) < tooLate ? accepted(at) : refused(tooFar(tooLate))
}

function dateIn(fields: OpeningFields, now: LondonTime): LocalDate | undefined {
  const parts = [fields['open-day'], fields['open-month'], fields['open-year']] as const
  return parts.every((part) => part === '') ? dateOf(now.day) : dateFromParts(...parts)
}

/** The boxes for what was asked: those of a moment, else what was typed. */
export function openingBoxes(fields: OpeningFields): OpeningFields {
  const at = parseLondonMinute(fields.open)
  if (!at) return fields
  const [year = '', month = '', day = ''] = dateOf(at.day).split('-')
  return {
    open: 'at',
    'open-day': String(Number(day)),
    'open-month': String(Number(month)),
    'open-year': year,
    'open-time': fields.open.slice(11),
  }
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
const WRONG_DAY = problem('open-day', 'not-real', 'Enter a real date, or leave the day empty for today')
const OVER = problem('open-day', 'past', 'Enter today or a later day, or leave the day empty for today')
const tooFar = (year: number): Problem => problem('open-day', 'far', `Enter a day before ${year}`)
const WRONG_TIME = problem('open-time', 'not-a-time', 'Enter a time, for example 9am, 3pm or 15:30')
const SKIPPED = problem('open-time', 'skipped', 'That time does not exist: the clocks go forward that night')
