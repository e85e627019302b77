/** What an area asks of a pharmacy that suspends its services, beside the notice itself. Pure; instants in milliseconds. */
import { lengthWords } from './suspension-notice.ts'

/** The policy of one area, as it is imported. */
export type NoticePolicy = {
  /** The ICB or its team: `Greater Manchester ICB, primary care`. */
  readonly name: string
  readonly email: string
  readonly phone: string | null
  /** Within how many minutes of closing the ICB wants to know; 0: at once. */
  readonly tellWithinMinutes: number
  /** Closures longer than this are told by phone as well; null: never. */
  readonly phoneOverHours: number | null
  readonly editDays: number
  /** What else it asks, in its own words. */
  readonly note: string | null
}

/** Where nobody has said how long a notice may be edited. Source: Manage Your Service, 7 days. */
export const USUAL_EDIT_DAYS = 7

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** What the area asks, one sentence for each thing. */
export function policyLines({ name, phone, tellWithinMinutes, phoneOverHours, note }: NoticePolicy): readonly string[] {
  const soon =
    tellWithinMinutes === 0 ? 'as soon as you close' : `within ${lengthWords(tellWithinMinutes * MINUTE_MS)} of closing`
  return [
    `${name} wants to know ${soon}. We send the notice by email for you.`,
    ...(phoneOverHours === null ? [] : [`${phoneToo(phone)}: ${overHours(phoneOverHours)}.`]),
    ...(note === null ? [] : [note]),
  ]
}

/** `Phone the ICB too, on 01632 960 500: closures over 24 hours`, when this closure is one of those; else undefined. */
export function phoneAsked(policy: NoticePolicy, closure: ClosureLength, now: number): string | undefined {
  const { phone, phoneOverHours } = policy
  if (phoneOverHours === null || closure.end) return undefined
  const until = closure.expectedAt ?? now
  const isLong = until - closure.startsAt > phoneOverHours * HOUR_MS
  return isLong ? `${phoneToo(phone)}: ${overHours(phoneOverHours)}` : undefined
}

export type ClosureLength = {
  readonly startsAt: number
  readonly expectedAt: number | null
  readonly endedAt: number | null
  readonly end: string | null
}

/** Until when the notice may be edited; null: its closure is not over. */
export const editableUntil = ({ endedAt }: Pick<ClosureLength, 'endedAt'>, editDays: number): number | null =>
  endedAt === null ? null : endedAt + editDays * DAY_MS

/** When the ICB wants to have been told. A closure that is planned has until it begins, and no less than from now. */
export const tellBy = (policy: Pick<NoticePolicy, 'tellWithinMinutes'>, startsAt: number, toldAt: number): number =>
  Math.max(startsAt, toldAt) + policy.tellWithinMinutes * MINUTE_MS

const phoneToo = (phone: string | null): string => `Phone the ICB too${phone === null ? '' : `, on ${phone}`}`
const overHours = (hours: number): string =>
  hours === 0 ? 'every closure' : `closures over ${lengthWords(hours * HOUR_MS)}`
