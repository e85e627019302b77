/** The letter that tells an integrated care board (ICB) of a change of opening hours: drafted, for a person to send. */
import { dayName, formatDateShort, formatSessions } from '#src/rules/clock-time.ts'
import { durationInWords, type HoursAdvice } from '#src/rules/core-hours.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { WeeklyHours } from '#src/rules/opening-times.ts'
import { weeklyMinutes } from '#src/rules/shared-sessions.ts'
import type { Profile } from './profile.ts'

export type HoursNotice = {
  readonly before: Profile
  readonly after: Profile
  readonly advice: readonly HoursAdvice[]
  readonly today: LocalDate
  /** Who sends it. */
  readonly name: string
}

/** What the letter asks for, by the gravest thing the change needs. */
const SUBJECTS = {
  decision: 'Application to change core opening hours',
  notice: 'Notice of fewer supplementary opening hours',
  word: 'More supplementary opening hours',
} as const
const NEEDS = ['decision', 'notice', 'word'] as const

/** The letter as plain text; null when the change needs nothing of the ICB. */
export function draftHoursNotice({ before, after, advice, today, name }: HoursNotice): string | null {
  const need = NEEDS.find((wanted) => advice.some(({ needs }) => needs === wanted))
  if (!need) return null
  const { odsCode, address, commissioning, contract } = after
  const earliest = advice.find((one) => one.earliest)?.earliest
  return `${[
    `To: the pharmacy contract team of the integrated care board${commissioning.icbCode ? ` (${commissioning.icbCode})` : ''}`,
    `Date: ${formatDateShort(today)}`,
    `Subject: ${SUBJECTS[need]}: ${after.name}, ${odsCode}`,
    [
      `Pharmacy: ${after.name}`,
      `ODS code: ${odsCode}`,
      `Address: ${[...address.lines, address.postcode].join(', ')}`,
    ].join('\n'),
    `Opening hours now (${totalOf(before.weekly)})\n${weekInLines(before.weekly)}`,
    `Opening hours we ${need === 'decision' ? 'apply for' : 'will keep'} (${totalOf(after.weekly)})\n${weekInLines(after.weekly)}`,
    ...(contract ? [`Core hours as agreed (${totalOf(contract.core)})\n${weekInLines(contract.core, 'None')}`] : []),
    `From: ${earliest ? `[date: ${formatDateShort(earliest)} or later]` : '[date]'}`,
    'Why: [reason, and how patients will be looked after]',
    `${name}\n[job title, phone number]`,
  ].join('\n\n')}\n`
}

const totalOf = (weekly: WeeklyHours): string => `${durationInWords(weeklyMinutes(weekly))} a week`

const weekInLines = (weekly: WeeklyHours, none = 'Closed'): string =>
  weekly.map((hours, day) => `${dayName(day)}: ${hoursWords(hours, none)}`).join('\n')

function hoursWords(hours: WeeklyHours[number], none: string): string {
  if (!hours) return 'Not known'
  return hours.length === 0 ? none : formatSessions(hours)
}
