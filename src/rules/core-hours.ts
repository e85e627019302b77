/**
 * What a pharmacy's contract asks of its opening hours, and what a change of them would need: a decision of the ICB,
 * five weeks' notice, or word of it. Advice only: nothing here forbids what a commissioner may decide.
 *
 * Source: NHS (Pharmaceutical and Local Pharmaceutical Services) Regulations 2013, schedule 4, paragraphs 23 to 26.
 */
import type { HolidayCalendar } from './bank-holidays.ts'
import { dayName, formatDate, formatSessions } from './clock-time.ts'
import { type DayNumber, dateOf, dayOf, type LocalDate, weekdayIndex } from './london-time.ts'
import type { DayHours, Session, WeeklyHours } from './opening-times.ts'
import { minutesOf, sessionsWithout, sharedSessions, weeklyMinutes } from './shared-sessions.ts'

/** What was agreed with the NHS. Hours beyond the core hours are supplementary. */
export type Contract = {
  /** `hundred`: a 100 hours condition applies to the premises, or once did; its core hours are 72 or more now. */
  readonly condition: 'forty' | 'hundred'
  /** The core hours of each weekday, Monday first; none is null. */
  readonly core: WeeklyHours
}

export const USUAL_CORE_MINUTES = 40 * 60
/** The fewest core hours of premises that had a 100 hours condition. Source: regulation 65(3A). */
export const LEAST_HUNDRED_HOUR_MINUTES = 72 * 60
/** Notice of fewer supplementary hours. Source: terms of service as amended in 2023. */
export const NOTICE_DAYS = 35
/** Core hours that a reduction to 72 must leave alone. Source: paragraph 26(2A)(a) and (b). */
const EVENING: Session = { opens: 17 * 60, closes: 21 * 60 }
const SUNDAY_MIDDAY: Session = { opens: 11 * 60, closes: 16 * 60 }
const SUNDAY = 6
/** A rest break that may fall into them on a Sunday. Source: paragraph 26(2A)(b)(i) and (ii). */
const LONGEST_BREAK = 60
const BREAK_FROM_EDGE = 180

export type HoursAdvice = {
  readonly code:
    | 'core-hours-change'
    | 'core-total-falls'
    | 'below-72'
    | 'must-be-granted'
    | 'protected-hours'
    | 'sunday-total'
    | 'fewer-supplementary'
    | 'more-supplementary'
    | 'fewer-hours'
  readonly message: string
  /** What the ICB needs: an application that it decides, a notice in time, or word of it. */
  readonly needs: 'decision' | 'notice' | 'word'
  /** The first day on which the change may hold with the notice given today; null where notice is not the point. */
  readonly earliest: LocalDate | null
}

/** A change of the standard week. `contract` is undefined while nobody has said which hours are core. */
export type WeekChange = {
  readonly before: WeeklyHours
  readonly after: WeeklyHours
  readonly contract: Contract | undefined
  readonly today: LocalDate
}

/** What a change of the standard week would need, the gravest first; nothing for one that moves no minute. */
export function adviceOnWeek({ before, after, contract, today }: WeekChange): readonly HoursAdvice[] {
  if (!contract) return adviceWithoutContract(before, after, today)
  const { core } = contract
  const lost = eachDay((day) => sessionsWithout(sharedSessions(at(core, day), at(before, day)), at(after, day)))
  const supplementary = (week: WeeklyHours) => eachDay((day) => sessionsWithout(at(week, day), at(core, day)))
  const [had, has] = [supplementary(before), supplementary(after)]
  const fewer = eachDay((day) => sessionsWithout(at(had, day), at(has, day)))
  const more = eachDay((day) => sessionsWithout(at(has, day), at(had, day)))
  return [
    ...(weeklyMinutes(lost) > 0 ? adviceOnCore(contract, lost, after) : []),
    ...(weeklyMinutes(fewer) > 0 ? [fewerSupplementary(fewer, today)] : []),
    ...(weeklyMinutes(more) > 0 ? [moreSupplementary(more)] : []),
  ]
}

function adviceOnCore(contract: Contract, lost: WeeklyHours, after: WeeklyHours): readonly HoursAdvice[] {
  const kept = eachDay((day) => sharedSessions(at(contract.core, day), at(after, day)))
  const change: HoursAdvice = decision(
    'core-hours-change',
    `Core hours: you would no longer be open ${daysInWords(lost)}. Only your integrated care board (ICB) can change core hours. Apply before you change them.`,
  )
  if (contract.condition === 'hundred') return [change, ...adviceOnHundred(contract.core, kept, after)]
  const total = weeklyMinutes(kept)
  if (total >= weeklyMinutes(contract.core)) return [change]
  return [
    change,
    decision(
      'core-total-falls',
      `The hours left of your core hours are ${durationInWords(total)} a week, and your contract says ${durationInWords(weeklyMinutes(contract.core))}. Your application has to say which other hours become core hours, or ask for fewer.`,
    ),
  ]
}

/** For premises with a 100 hours condition, now or once. Source: paragraph 26(2A) and regulation 65(3A). */
function adviceOnHundred(core: WeeklyHours, kept: WeeklyHours, after: WeeklyHours): readonly HoursAdvice[] {
  const total = weeklyMinutes(kept)
  if (total < LEAST_HUNDRED_HOUR_MINUTES) {
    return [
      decision(
        'below-72',
        `The hours left of your core hours are ${durationInWords(total)} a week. Premises that had a 100 hours condition keep at least 72.`,
      ),
    ]
  }
  const evenings = changedWithin(core, kept, EVENING).filter((day) => day !== SUNDAY)
  const sunday =
    changedWithin(core, kept, SUNDAY_MIDDAY).includes(SUNDAY) && !onlyRestBreaks(at(core, SUNDAY), at(after, SUNDAY))
  const sundayTotal = minutesOf(at(kept, SUNDAY)) !== minutesOf(at(core, SUNDAY))
  const advice = [
    ...(evenings.length > 0
      ? [
          decision(
            'protected-hours',
            `Core hours from 5pm to 9pm, Monday to Saturday, change on ${list(evenings.map(dayName))}. Your ICB does not have to agree to that.`,
          ),
        ]
      : []),
    ...(sunday
      ? [
          decision(
            'protected-hours',
            'Core hours from 11am to 4pm on Sunday change. Your ICB does not have to agree to that.',
          ),
        ]
      : []),
    ...(sundayTotal
      ? [
          decision(
            'sunday-total',
            'The core hours of Sunday become fewer. Your ICB does not have to agree to that. A rest break can be made up for on the same day.',
          ),
        ]
      : []),
  ]
  if (advice.length > 0) return advice
  return [
    decision(
      'must-be-granted',
      `You keep ${durationInWords(total)} of core hours, and the hours that are protected. Your ICB has to grant this application.`,
    ),
  ]
}

/** The weekdays on which the core hours within `window` are not what they were. */
const changedWithin = (core: WeeklyHours, kept: WeeklyHours, window: Session): readonly number[] =>
  WEEKDAYS.filter(
    (day) => minutesOf(sharedSessions(at(core, day), [window])) !== minutesOf(sharedSessions(at(kept, day), [window])),
  )

/** Whether all that is missing of a day's core hours are rest breaks as the regulations allow them. */
function onlyRestBreaks(core: readonly Session[], open: readonly Session[]): boolean {
  const [first, last] = [open[0], open.at(-1)]
  if (!first || !last) return false
  return sessionsWithout(core, open).every(
    ({ opens, closes }) =>
      closes - opens <= LONGEST_BREAK &&
      opens - first.opens >= BREAK_FROM_EDGE &&
      last.closes - closes >= BREAK_FROM_EDGE,
  )
}

function fewerSupplementary(fewer: WeeklyHours, today: LocalDate): HoursAdvice {
  const earliest = firstDayWithNotice(today)
  return {
    code: 'fewer-supplementary',
    message: `Supplementary hours: you would no longer be open ${daysInWords(fewer)}. Your ICB needs 5 weeks’ notice: with notice today, from ${formatDate(earliest)}.`,
    needs: 'notice',
    earliest,
  }
}

const moreSupplementary = (more: WeeklyHours): HoursAdvice => ({
  code: 'more-supplementary',
  message: `Supplementary hours: you would also be open ${daysInWords(more)}. No notice is needed, but tell your ICB.`,
  needs: 'word',
  earliest: null,
})

/** Nobody has said which hours are core: then fewer hours may be either. */
function adviceWithoutContract(before: WeeklyHours, after: WeeklyHours, today: LocalDate): readonly HoursAdvice[] {
  const fewer = eachDay((day) => sessionsWithout(at(before, day), at(after, day)))
  const more = eachDay((day) => sessionsWithout(at(after, day), at(before, day)))
  const earliest = firstDayWithNotice(today)
  return [
    ...(weeklyMinutes(fewer) > 0
      ? [
          {
            code: 'fewer-hours',
            message: `You would no longer be open ${daysInWords(fewer)}. If these are core hours, only your ICB can change them. If they are supplementary hours, it needs 5 weeks’ notice: with notice today, from ${formatDate(earliest)}.`,
            needs: 'notice',
            earliest,
          } as const,
        ]
      : []),
    ...(weeklyMinutes(more) > 0 ? [moreSupplementary(more)] : []),
  ]
}

/** The first day on which fewer supplementary hours may hold, when notice is given on `today`. */
export const firstDayWithNotice = (today: LocalDate): LocalDate => dateOf(dayOf(today) + NOTICE_DAYS)

/** One date on which hours differ from the usual ones. */
export type DateChange = {
  readonly date: LocalDate
  readonly usual: DayHours
  readonly sessions: readonly Session[]
}

/**
 * What fewer hours on single dates would need. Nothing on the days on which every pharmacy may close: bank holidays,
 * Christmas Day, Good Friday and Easter Sunday.
 */
export function adviceOnDates(
  changes: readonly DateChange[],
  {
    contract,
    today,
    holidays,
  }: { readonly contract: Contract | undefined; readonly today: LocalDate; readonly holidays: HolidayCalendar },
): readonly HoursAdvice[] {
  const ordinary = changes.filter(({ date }) => !holidays.isStatutory(dayOf(date)))
  const lost = ordinary.map((change) => ({
    ...change,
    fewer: sessionsWithout(change.usual ?? [], change.sessions),
    core: contract ? sessionsWithout(at(contract.core, weekdayIndex(dayOf(change.date))), change.sessions) : [],
  }))
  const core = lost.filter((change) => minutesOf(change.core) > 0)
  const late = lost.filter(
    (change) => minutesOf(change.fewer) > minutesOf(change.core) && change.date < firstDayWithNotice(today),
  )
  return [
    ...(core.length > 0
      ? [
          decision(
            'core-hours-change',
            `You would not be open for core hours on ${datesInList(core)}. If this is not an emergency, your ICB has to agree first. If it is one, tell your ICB at once.`,
          ),
        ]
      : []),
    ...(late.length > 0
      ? [
          {
            code: contract ? 'fewer-supplementary' : 'fewer-hours',
            message: `${contract ? 'Fewer supplementary hours' : 'Fewer hours'} on ${datesInList(late)} need 5 weeks’ notice to your ICB, unless it agrees to less.`,
            needs: 'notice',
            earliest: firstDayWithNotice(today),
          } as const,
        ]
      : []),
  ]
}

/** A week's core hours as the NHS counts them. Minutes. */
export type CoreWeek = {
  readonly required: number
  /** Open during core hours. */
  readonly worked: number
  /** Core hours of days on which every pharmacy may close: they count whether it is open or not. */
  readonly credited: number
  /** Core hours on other days on which it is not open. */
  readonly missing: number
}

/**
 * Counts the core hours of the week that begins on `monday`. `sessionsOn` gives the hours of a day as they will be;
 * null, not known, counts as not open.
 *
 * Source: schedule 4, paragraph 23: hours on Good Friday, Easter Sunday, Christmas Day and bank holidays count.
 */
export function coreWeekOf(
  monday: DayNumber,
  {
    core,
    sessionsOn,
    holidays,
  }: {
    readonly core: WeeklyHours
    readonly sessionsOn: (day: DayNumber) => DayHours
    readonly holidays: HolidayCalendar
  },
): CoreWeek {
  const days = WEEKDAYS.map((weekday) => {
    const asked = at(core, weekday)
    const isFree = holidays.isStatutory(monday + weekday)
    const worked = isFree ? 0 : minutesOf(sharedSessions(asked, sessionsOn(monday + weekday) ?? []))
    return { required: minutesOf(asked), worked, credited: isFree ? minutesOf(asked) : 0 }
  })
  const sum = (key: 'required' | 'worked' | 'credited') => days.reduce((total, day) => total + day[key], 0)
  const [required, worked, credited] = [sum('required'), sum('worked'), sum('credited')]
  return { required, worked, credited, missing: required - worked - credited }
}

/** Which part of a day's hours is core and which supplementary, in order. */
export function hoursByKind(
  sessions: readonly Session[],
  core: readonly Session[],
): { readonly core: readonly Session[]; readonly supplementary: readonly Session[] } {
  return { core: sharedSessions(sessions, core), supplementary: sessionsWithout(sessions, core) }
}

/** `40 hours`, `37 hours 30 minutes`. */
export function durationInWords(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const parts = [hours > 0 ? plural(hours, 'hour') : '', rest > 0 || hours === 0 ? plural(rest, 'minute') : '']
  return parts.filter(Boolean).join(' ')
}

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6] as const
const at = (week: WeeklyHours, day: number): readonly Session[] => week[day] ?? []
const eachDay = (make: (day: number) => readonly Session[]): WeeklyHours => WEEKDAYS.map(make)
const decision = (code: HoursAdvice['code'], message: string): HoursAdvice => ({
  code,
  message,
  needs: 'decision',
  earliest: null,
})
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** `on Monday (9am to 10am) and Saturday (2pm to 5pm)`. */
const daysInWords = (week: WeeklyHours): string =>
  `on ${list(WEEKDAYS.filter((day) => minutesOf(at(week, day)) > 0).map((day) => `${dayName(day)} (${formatSessions(at(week, day))})`))}`

const MOST_DATES = 5
function datesInList(changes: readonly { readonly date: LocalDate }[]): string {
  const dates = changes.map(({ date }) => formatDate(date))
  const shown = dates.length > MOST_DATES ? [...dates.slice(0, MOST_DATES), `${dates.length - MOST_DATES} more`] : dates
  return list(shown)
}
