/** A capacity as programs read it. Members that are not known are left out; times are UTC to the second, with `Z`. */
import type { CurrentCapacity, PastCapacity } from '#src/capacity/capacity-records.ts'
import type { ScheduledCapacity } from '#src/capacity/scheduled-capacity.ts'

/** What is told of the service itself. */
export type NamedService = { readonly uid: number; readonly name: string }

const MINUTE_MS = 60_000

/** The answer to GET and PUT. */
export function statusJson({ uid, name }: NamedService, capacity: CurrentCapacity | undefined): object {
  const { status = 'GREEN', resetAt = null, note = null, setByName = null, setAt = null } = capacity ?? {}
  return {
    id: uid,
    name,
    status,
    ...(status !== 'GREEN' && resetAt !== null && { resetDateTime: toSeconds(resetAt) }),
    ...(note !== null && { notes: note }),
    ...(setByName !== null && { modifiedBy: setByName }),
    ...(setAt !== null && { modifiedDate: toSeconds(setAt) }),
  }
}

/** What was asked for later. */
export const scheduledJson = ({ status, startsAt, resetInMinutes, note }: ScheduledCapacity): object => ({
  status,
  startDateTime: toSeconds(startsAt),
  resetDateTime: toSeconds(new Date(Date.parse(startsAt) + resetInMinutes * MINUTE_MS).toISOString()),
  ...(note !== null && { notes: note }),
})

/** One line of a history. `endedDateTime`: when it was replaced or lapsed; absent while it holds. */
export function pastJson(
  { status, setAt, resetAt, note, setByName, replacedAt, via }: PastCapacity,
  now: Date,
): object {
  const ended = [resetAt, replacedAt].filter((at) => at !== null && at <= now.toISOString()).sort()[0]
  return {
    status,
    ...(resetAt !== null && { resetDateTime: toSeconds(resetAt) }),
    ...(note !== null && { notes: note }),
    ...(setByName !== null && { modifiedBy: setByName }),
    modifiedDate: toSeconds(setAt),
    ...(ended && { endedDateTime: toSeconds(ended) }),
    via,
  }
}

const toSeconds = (instant: string): string => `${instant.slice(0, 19)}Z`
