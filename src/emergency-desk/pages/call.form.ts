/** The forms of a call: body to what was said, or field problems. No I/O. */
import { parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from '#src/platform/http/form-fields.ts'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { parseClockTime } from '#src/rules/clock-time.ts'
import { parsePhone } from '#src/rules/contact-details.ts'
import {
  dayOf,
  formatLondon,
  instantOf,
  type LondonTime,
  MINUTES_PER_DAY,
  minuteExists,
} from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { REVIEWS, WHY_NOT } from '../call-words.ts'

export const LONGEST_WORDS = 300
const LONGEST_NAME = 100

/** Why a pharmacy that needs the desk is shut. */
export const SUDDEN_REASONS = CHANGE_REASONS.filter(
  (reason) =>
    !['Building work', 'Staff training', 'Local event or holiday', 'Longer hours than usual'].includes(reason),
)

export type NewCallForm = {
  readonly callerName: string
  /** Null only where the caller was sent to the service desk. */
  readonly callback: string | null
  /** ODS code, name or postcode, as typed. */
  readonly pharmacy: string
  readonly overrideReason: string | null
  readonly isSent: boolean
}

/** Reads a new call. In office hours it is taken with a reason, or the caller is sent to the service desk. */
export function parseNewCall(fields: Fields, inHours: boolean): Result<NewCallForm> {
  const isSent = inHours && lineIn(fields, 'do') === 'sent'
  const callerName = wordsIn(fields, 'caller-name', 'Enter the caller’s name', LONGEST_NAME)
  const callback = callbackIn(fields, isSent)
  const pharmacy = lineIn(fields, 'pick') || lineIn(fields, 'pharmacy')
  const override = inHours && !isSent ? overrideIn(fields) : accepted(null)
  const problems: Problem[] = [
    ...(callerName.ok ? [] : callerName.problems),
    ...(callback.ok ? [] : callback.problems),
    ...(pharmacy === '' ? [problem('pharmacy', 'Enter the pharmacy’s ODS code, name or postcode')] : []),
    ...(override.ok ? [] : override.problems),
  ]
  if (!callerName.ok || !callback.ok || !override.ok || problems.length > 0) return refused(...problems)
  return accepted({
    callerName: callerName.value,
    callback: callback.value,
    pharmacy,
    overrideReason: override.value,
    isSent,
  })
}

/** Where the caller is rung back; whoever is sent to the service desk need not say it. */
function callbackIn(fields: Fields, isSent: boolean): Result<string | null> {
  const typed = lineIn(fields, 'callback')
  if (isSent && typed === '') return accepted(null)
  const phone = parsePhone(typed)
  if (phone.ok) return phone
  return refused(problem('callback', 'Enter a UK telephone number where you can ring them back, like 07700 900 982'))
}

const overrideIn = (fields: Fields): Result<string> =>
  wordsIn(fields, 'override-reason', 'Enter why you take the call although the service desk is open')

/** Reads whether they tried the tool, and if it did not help, why. */
export function parseCoach(fields: Fields): Result<{ readonly triedTool: boolean; readonly whyNot: string }> {
  const tried = lineIn(fields, 'tried')
  const whyNot = WHY_NOT.find((reason) => reason === lineIn(fields, 'why-not'))
  const problems = [
    ...(tried === 'yes' || tried === 'no' ? [] : [problem('tried', 'Select whether they have tried the tool')]),
    ...(whyNot ? [] : [problem('why-not', 'Select why they cannot use the tool')]),
  ]
  if (problems.length > 0 || !whyNot) return refused(...problems)
  return accepted({ triedTool: tried === 'yes', whyNot })
}

export type ActingForm = { readonly reason: string; readonly review: (typeof REVIEWS)[number] }

/** Reads why somebody acts for a pharmacy, and when it is looked at again. */
export function parseActing(fields: Fields): Result<ActingForm> {
  const reason = wordsIn(fields, 'reason', 'Enter why you act for the pharmacy')
  const review = REVIEWS.find(({ value }) => value === lineIn(fields, 'review'))
  const problems = [
    ...(reason.ok ? [] : reason.problems),
    ...(review ? [] : [problem('review', 'Select when to look at it again')]),
  ]
  if (problems.length > 0 || !reason.ok || !review) return refused(...problems)
  return accepted({ reason: reason.value, review })
}

export type CloseForm = {
  readonly id: string
  /** London minutes; `until` null: nobody knows. */
  readonly from: string
  readonly until: string | null
  readonly reason: string
}

/** Reads a closure that began now, or at a time earlier today. */
export function parseCloseForm(fields: Fields, now: LondonTime): Result<CloseForm> {
  const id = /^[\w-]{8,64}$/.exec(lineIn(fields, 'closure'))?.[0]
  const reason = SUDDEN_REASONS.find((each) => each === lineIn(fields, 'reason'))
  const from = parseSince(fields, now)
  const until = parseUntil(fields, now)
  const problems = [
    ...(id ? [] : [problem('form', 'Open this page again from the call')]),
    ...(from.ok ? [] : from.problems),
    ...(until.ok ? [] : until.problems),
    ...(reason ? [] : [problem('reason', 'Select why the pharmacy is closed')]),
  ]
  if (problems.length > 0 || !id || !reason || !from.ok || !until.ok) return refused(...problems)
  return accepted({ id, from: from.value, until: until.value, reason })
}

function parseSince(fields: Fields, now: LondonTime): Result<string> {
  if (lineIn(fields, 'since') === 'now') return accepted(formatLondon(now))
  if (lineIn(fields, 'since') !== 'earlier') return refused(problem('since', 'Select since when it is closed'))
  const minute = parseClockTime(lineIn(fields, 'since-time'))
  if (minute === undefined) return refused(problem('since-time', 'Enter the time since when it is closed, like 9am'))
  const from = { day: now.day, minute }
  if (minute > now.minute || !minuteExists(from)) {
    return refused(problem('since-time', 'The time since when it is closed must be earlier today'))
  }
  return accepted(formatLondon(from))
}

/** Reads when a pharmacy expects to reopen; null: nobody knows. */
export function parseUntil(fields: Fields, now: LondonTime): Result<string | null> {
  const when = lineIn(fields, 'until')
  if (when === 'unknown') return accepted(null)
  if (when !== 'known') return refused(problem('until', 'Select when it expects to reopen'))
  const date = parseDateFields(fields, 'until', 'The day it reopens')
  const minute = parseClockTime(lineIn(fields, 'until-time'))
  const problems = [
    ...(date === undefined ? [problem('until-day', 'Enter the day it reopens')] : date.ok ? [] : date.problems),
    ...(minute === undefined ? [problem('until-time', 'Enter the time it reopens, like 9am or 2:30pm')] : []),
  ]
  if (problems.length > 0 || !date?.ok || minute === undefined) return refused(...problems)
  const at = { day: dayOf(date.value) + Math.floor(minute / MINUTES_PER_DAY), minute: minute % MINUTES_PER_DAY }
  if (!minuteExists(at)) return refused(problem('until-time', 'The clocks go forward then. Enter a time from 2am'))
  if (instantOf(at) <= instantOf(now)) return refused(problem('until-day', 'The time it reopens must be in the future'))
  return accepted(formatLondon(at))
}

/** Words that somebody must give. */
function wordsIn(fields: Fields, field: string, missing: string, longest = LONGEST_WORDS): Result<string> {
  const words = proseIn(fields, field)
  if (words === '') return refused(problem(field, missing))
  if (isUnreadable(words)) return refused(problem(field, 'Use letters, numbers and usual punctuation only'))
  return [...words].length > longest
    ? refused(problem(field, `What you enter must be ${longest} characters or fewer`))
    : accepted(words)
}

const problem = (field: string, message: string): Problem => ({ field, code: 'invalid', message })
