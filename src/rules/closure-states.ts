/**
 * What state a closure is in, what may be done to it then, and when it next needs somebody. Pure: the state is computed
 * from instants that are stored, so that a pharmacy reopens on time although no job runs.
 *
 * | state     | it is                                   | it becomes                                              |
 * | planned   | told, and not begun                     | closed at its start, cancelled                          |
 * | closed    | in force                                | reopened by a person, expired at its expected end       |
 * | reopened  | over, because a person said so          | -                                                       |
 * | expired   | over, because its expected end has come | -                                                       |
 * | cancelled | over before it began                    | -                                                       |
 */
import type { Problem } from './problems.ts'

export const CLOSURE_STATES = ['planned', 'closed', 'reopened', 'expired', 'cancelled'] as const
export type ClosureState = (typeof CLOSURE_STATES)[number]
export type ClosureEnd = Extract<ClosureState, 'reopened' | 'expired' | 'cancelled'>

/** Instants in milliseconds. `expectedAt` null: nobody knows. `endedAt` and `end` are set together. */
export type ClosureTimes = {
  readonly startsAt: number
  readonly expectedAt: number | null
  readonly endedAt: number | null
  readonly end: ClosureEnd | null
}

/** The state of a closure at an instant. */
export function closureStateAt({ startsAt, expectedAt, end }: ClosureTimes, now: number): ClosureState {
  if (end) return end
  if (now < startsAt) return 'planned'
  return expectedAt !== null && now >= expectedAt ? 'expired' : 'closed'
}

/** What a person does to a closure. `expect`: gives another time of reopening; `confirm`: it is still closed. */
export const CLOSURE_ACTS = ['reopen', 'expect', 'confirm', 'cancel'] as const
export type ClosureAct = (typeof CLOSURE_ACTS)[number]

const OVER: Readonly<Record<ClosureEnd, string>> = {
  reopened: 'This closure is over: the pharmacy was reopened',
  expired: 'This closure is over: its expected reopening time has passed. Close the pharmacy again if it is still shut',
  cancelled: 'This closure was cancelled',
}
const NOT_BEGUN = 'This closure has not started. Cancel it, or change its times, instead'

/** The table: what may be done in each state. A text is the refusal; null: it may be done. */
export const CLOSURE_TABLE: Readonly<Record<ClosureState, Readonly<Record<ClosureAct, string | null>>>> = {
  planned: { reopen: NOT_BEGUN, expect: null, confirm: NOT_BEGUN, cancel: null },
  closed: {
    reopen: null,
    expect: null,
    confirm: null,
    cancel: 'This closure has started. Reopen the pharmacy instead',
  },
  reopened: { reopen: OVER.reopened, expect: OVER.reopened, confirm: OVER.reopened, cancel: OVER.reopened },
  expired: { reopen: OVER.expired, expect: OVER.expired, confirm: OVER.expired, cancel: OVER.expired },
  cancelled: { reopen: OVER.cancelled, expect: OVER.cancelled, confirm: OVER.cancelled, cancel: OVER.cancelled },
}

/** Why an act is refused in the state of this instant; undefined when it may be done. */
export function refusalOf(act: ClosureAct, times: ClosureTimes, now: number): Problem | undefined {
  const message = CLOSURE_TABLE[closureStateAt(times, now)][act]
  return message === null ? undefined : { field: 'form', code: 'wrong-state', message }
}

const HOUR_MS = 3_600_000
/** How long after the last word somebody is asked whether the pharmacy is open again, while nobody knows when it will be. */
export const ASK_AFTER_MS = 2 * HOUR_MS
/** How long before the expected reopening its time is brought to mind, so that it can be put off in time. */
export const REMIND_BEFORE_MS = HOUR_MS / 4
/** How long a closure with a known end may go without anybody confirming it. */
export const CONFIRM_AFTER_MS = 7 * 24 * HOUR_MS

/**
 * The next thing that a closure needs. `ask`: nobody knows the end, ask whether it is open again. `confirm`: it is long,
 * ask whether it is still right. `remind`: it is about to reopen. `expire`: note that it is over.
 */
export type ClosureDue = { readonly what: 'ask' | 'confirm' | 'remind' | 'expire'; readonly at: number }

/**
 * What is due next, after what was said or asked last. `lastWordAt`: when somebody last told, confirmed or was asked.
 * `reminded`: whether the coming expected end was brought to mind. `wouldOpenAt` answers when the pharmacy would next be
 * open, at or after an instant, by its usual hours; null: not in sight, then it is asked at any hour.
 * Undefined when the closure is over.
 */
export function nextDue(
  times: ClosureTimes,
  {
    now,
    lastWordAt,
    reminded,
    wouldOpenAt,
  }: {
    readonly now: number
    readonly lastWordAt: number
    readonly reminded: boolean
    readonly wouldOpenAt: (instant: number) => number | null
  },
): ClosureDue | undefined {
  if (times.end) return undefined
  const { startsAt, expectedAt } = times
  const since = Math.max(startsAt, lastWordAt)
  if (expectedAt === null) {
    const earliest = since + ASK_AFTER_MS
    return { what: 'ask', at: wouldOpenAt(earliest) ?? earliest }
  }
  const confirmAt = since + CONFIRM_AFTER_MS
  const remindAt = expectedAt - REMIND_BEFORE_MS
  if (confirmAt < remindAt) return { what: 'confirm', at: confirmAt }
  // A reminder within minutes of the last word would tell people what they have just said.
  if (!reminded && remindAt > since && now < expectedAt) return { what: 'remind', at: remindAt }
  return { what: 'expire', at: expectedAt }
}
