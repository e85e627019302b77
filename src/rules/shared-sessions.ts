/** What two lists of sessions have in common, and what one has that the other does not. */
import type { DayHours, Session, WeeklyHours } from './opening-times.ts'

/** The minutes that both lists are open, as sessions in order. Both lists sorted, as `normaliseSessions` leaves them. */
export const sharedSessions = (a: readonly Session[], b: readonly Session[]): readonly Session[] =>
  a.flatMap((one) =>
    b
      .map((other) => ({ opens: Math.max(one.opens, other.opens), closes: Math.min(one.closes, other.closes) }))
      .filter(({ opens, closes }) => opens < closes),
  )

/** The minutes that `a` is open and `b` is not, as sessions in order. */
export const sessionsWithout = (a: readonly Session[], b: readonly Session[]): readonly Session[] =>
  b.reduce<readonly Session[]>(
    (left, { opens, closes }) =>
      left.flatMap((session) =>
        [
          { opens: session.opens, closes: Math.min(session.closes, opens) },
          { opens: Math.max(session.opens, closes), closes: session.closes },
        ].filter((part) => part.opens < part.closes),
      ),
    a,
  )

/** Minutes that the sessions last together. */
export const minutesOf = (sessions: DayHours): number =>
  (sessions ?? []).reduce((sum, { opens, closes }) => sum + closes - opens, 0)

/** Minutes of a whole week; a day that is not known counts as none. */
export const weeklyMinutes = (weekly: WeeklyHours): number => weekly.reduce((sum, day) => sum + minutesOf(day), 0)
