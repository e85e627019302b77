/**
 * When a service must be open to be of use: the session window of a triage search.
 *
 * Here alone the ends of sessions count as open, and a day ends at 23:59: that is how the web services say it.
 * Source: DoS web services, Check Capacity Summary search logic 1.5, "Match Session Times".
 */

import { type CompiledHours, hasSessionBetween } from './compiled-hours.ts'
import { type LondonTime, MINUTES_PER_DAY } from './london-time.ts'

/** Minutes after the time of the search, both included. */
export type Window = { readonly from: number; readonly to: number }

/** A service must not be closing within so many minutes of the search. */
const TIME_TO_TRAVEL = 30

/**
 * The window of a disposition's timeframe (minutes; null when there is none). The two published rules, "not closing
 * within half an hour" and "a service that shuts when the window starts is valid", both hold when the window starts half
 * an hour after the search. Timeframes of 61 to 89 would end before that: the window is then that one minute.
 */
export function sessionWindow(timeframe: number | null): Window {
  return { from: TIME_TO_TRAVEL, to: Math.max(TIME_TO_TRAVEL, lastMinute(timeframe ?? 0)) }
}

function lastMinute(timeframe: number): number {
  if (timeframe <= 0) return 60
  if (timeframe <= 30) return 30
  return timeframe <= 60 ? timeframe : timeframe - 60
}

/** Whether there is a minute between `at + from` and `at + to`, both included, at which the service is open. */
export function isOpenBetween(hours: CompiledHours, at: LondonTime, from: number, to: number): boolean {
  const first = at.minute + from
  const last = at.minute + to
  const lastDay = Math.floor(last / MINUTES_PER_DAY)
  // A session may reach into the window from the day before.
  for (let ahead = Math.floor(first / MINUTES_PER_DAY) - (hours.overnight ? 1 : 0); ahead <= lastDay; ahead++) {
    const midnight = ahead * MINUTES_PER_DAY
    if (hasSessionBetween(hours, at.day + ahead, first - midnight, last - midnight)) return true
  }
  return false
}
