/**
 * "Tell us it is wrong": what the public may say of a pharmacy's page, whose turn it is, and what they may do. Pure: the
 * one table of allowed acts.
 *
 * | turn     | it waits for                                                        |
 * | pharmacy | the pharmacy, for four working hours                                |
 * | lead     | the lead of the area, because nobody answered; or three came in a day |
 * | nobody   | it is answered, or was spam                                         |
 */
import type { HolidayCalendar } from './bank-holidays.ts'
import { instantOf, toLondon } from './london-time.ts'
import { accepted, type Result, refused } from './problems.ts'
import { deskMinutesAfter } from './ticket-targets.ts'

/** What is wrong, in the order of the form. */
export const WRONG_THINGS = ['closed', 'hours', 'phone', 'access', 'service', 'moved'] as const
export type WrongThing = (typeof WRONG_THINGS)[number]

export const WRONG_STATES = ['waiting', 'corrected', 'right', 'settled', 'spam'] as const
export type WrongState = (typeof WRONG_STATES)[number]

export type WrongTurn = 'pharmacy' | 'lead' | 'nobody'

/** `correct` and `stand` are the pharmacy's; `settle` and `spam` are the lead's. */
export const WRONG_ACTS = ['correct', 'stand', 'settle', 'spam'] as const
export type WrongAct = (typeof WRONG_ACTS)[number]

/** How long the pharmacy has, in working minutes of Monday to Friday, 8am to 5pm. Source: product, W4. */
export const PHARMACY_MINUTES = 240
/** So many within 24 hours flag the record. Source: product, W4. */
export const REPORTS_THAT_FLAG = 3
export const FLAG_HOURS = 24

/** From when on a report is the lead's; at once where nobody at the pharmacy can be told. */
export const leadsFrom = (
  toldAt: Date,
  holidays: Pick<HolidayCalendar, 'isBankHoliday'>,
  pharmacyIsTold: boolean,
): Date => (pharmacyIsTold ? instantOf(deskMinutesAfter(toLondon(toldAt), PHARMACY_MINUTES, holidays)) : toldAt)

/** Whose turn it is. `dueAt` is UTC ISO text. */
export function wrongTurn(
  { state, dueAt }: { readonly state: WrongState; readonly dueAt: string },
  now: Date,
): WrongTurn {
  if (state !== 'waiting') return 'nobody'
  return Date.parse(dueAt) <= now.getTime() ? 'lead' : 'pharmacy'
}

type Outcome = { readonly to: WrongState } | { readonly no: string }
const ANSWERED = { no: 'Somebody has answered this already' }
const TOO_EARLY = { no: 'The pharmacy answers first. It is yours when it has not done so in 4 working hours' }

/** The table: what an act makes of a report, by whose turn it is, or why it is refused. */
export const WRONG_TABLE: Readonly<Record<WrongTurn, Readonly<Record<WrongAct, Outcome>>>> = {
  pharmacy: { correct: { to: 'corrected' }, stand: { to: 'right' }, settle: TOO_EARLY, spam: { to: 'spam' } },
  lead: { correct: { to: 'corrected' }, stand: { to: 'right' }, settle: { to: 'settled' }, spam: { to: 'spam' } },
  nobody: { correct: ANSWERED, stand: ANSWERED, settle: ANSWERED, spam: ANSWERED },
}

/** What an act makes of a report, or why it is refused. */
export function decideWrongAct(act: WrongAct, turn: WrongTurn): Result<Exclude<WrongState, 'waiting'>> {
  const outcome = WRONG_TABLE[turn][act]
  if ('no' in outcome) return refused({ field: 'form', code: 'wrong-state', message: outcome.no })
  return accepted(outcome.to as Exclude<WrongState, 'waiting'>)
}

/** How many days an answered report keeps the address to which its answer went, and any report at the most. */
export const EMAIL_KEPT_DAYS = 2
export const EMAIL_KEPT_AT_MOST_DAYS = 30
