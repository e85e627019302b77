/** Reports as both lists show them. */
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { type WrongState, wrongTurn } from '#src/rules/wrong-reports.ts'
import { WRONG_WORDS } from '../report-deps.ts'
import type { Report } from '../report-records.ts'

export type ReportRow = {
  readonly id: number
  readonly odsCode: string
  readonly pharmacy: string
  readonly what: string
  readonly words: string | null
  /** When it was told, and when somebody was there. */
  readonly when: string
  readonly tags: readonly { readonly text: string; readonly colour: string }[]
  readonly outcome: string | null
  readonly answer: string | null
}

const OUTCOMES: Readonly<Record<Exclude<WrongState, 'waiting'>, string>> = {
  corrected: 'The pharmacy put it right',
  right: 'The pharmacy says that the page is right',
  settled: 'The directory team looked into it',
  spam: 'Nothing that anybody could act on',
}

/** A report in words; `nameOf` names whoever answered. */
export function reportRow(report: Report, now: Date, nameOf: (actor: string) => string): ReportRow {
  const { id, odsCode, pharmacyName, what, words, visitedOn, toldAt, dueAt, flagged, state } = report
  const turn = wrongTurn(report, now)
  const visit = visitedOn === null ? '' : `, about ${formatDateShort(visitedOn)}`
  const answered = `${nameOf(report.answeredBy ?? '')}, ${formatMomentIn(report.answeredAt ?? toldAt)}`
  return {
    ...{ id, odsCode, pharmacy: pharmacyName, what: WRONG_WORDS[what], words, answer: report.answer },
    when: `Told us on ${formatMomentIn(toldAt)}${visit}`,
    tags: [
      ...(flagged && state === 'waiting' ? [{ text: '3 or more in 24 hours', colour: 'red' }] : []),
      ...(turn === 'pharmacy' ? [{ text: `Answer by ${formatMomentIn(dueAt)}`, colour: 'yellow' }] : []),
      ...(turn === 'lead' && !flagged ? [{ text: lateWords(report), colour: 'orange' }] : []),
    ],
    outcome: state === 'waiting' ? null : `${OUTCOMES[state]}. ${answered}`,
  }
}

/** A pharmacy that nobody could tell is not late. */
const lateWords = ({ toldAt, dueAt }: Report): string =>
  Date.parse(dueAt) <= Date.parse(toldAt) ? 'We could not tell the pharmacy' : 'Not answered in time'
