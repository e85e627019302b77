/** The forms of a query: body to command, or field problems. No I/O. */
import { dateFields, parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, lineIn } from '#src/platform/http/form-fields.ts'
import { parseWords } from '#src/profiles/proposed-values.ts'
import { LONGEST_REPLY_DAYS, QUERY_OUTCOMES, type QueryOutcome } from '#src/rules/asked-fields.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { QueryStep } from '../save-query.ts'

export const LONGEST_WORDS = 1000
export const LONGEST_SHORT_WORDS = 500
/** How many days a pharmacy usually gets. */
const USUAL_REPLY_DAYS = 7
export const USUAL_IF_NO_REPLY = 'We ring the pharmacy. If we reach nobody, we hold the field until we do.'

export type NewQuery = { readonly question: string; readonly replyBy: LocalDate; readonly ifNoReply: string }

/** The form of a new query before anything was typed. */
export const newQueryFields = (today: LocalDate): Fields => ({
  ...replyFields(today),
  'if-no-reply': USUAL_IF_NO_REPLY,
})

/** The boxes of the day to reply by, as they are suggested. */
export const replyFields = (today: LocalDate): Fields => dateFields('reply-by', dateOf(dayOf(today) + USUAL_REPLY_DAYS))

/** Reads a new query; every field is judged. */
export function parseNewQuery(fields: Fields, today: LocalDate): Result<NewQuery> {
  const missing = 'Enter your question'
  const question = parseWords(fields, 'question', { label: 'Your question', longest: LONGEST_WORDS, missing })
  const replyBy = parseReplyBy(fields, today)
  const ifNoReply = parseWords(fields, 'if-no-reply', {
    ...{ label: 'What happens', longest: LONGEST_SHORT_WORDS, missing: 'Enter what happens if nobody replies' },
  })
  if (question.ok && replyBy.ok && ifNoReply.ok) {
    return accepted({ question: question.value, replyBy: replyBy.value, ifNoReply: ifNoReply.value })
  }
  return refused(...[question, replyBy, ifNoReply].flatMap((read) => (read.ok ? [] : read.problems)))
}

function parseReplyBy(fields: Fields, today: LocalDate): Result<LocalDate> {
  const typed = parseDateFields(fields, 'reply-by', 'The day to reply by')
  if (!typed) return refused(problem('reply-by-day', 'missing', 'Enter the day to reply by'))
  if (!typed.ok) return typed
  const days = dayOf(typed.value) - dayOf(today)
  if (days < 1) return refused(problem('reply-by-day', 'past', 'The day to reply by must be after today'))
  if (days <= LONGEST_REPLY_DAYS) return typed
  return refused(
    problem('reply-by-day', 'too-far', `The day to reply by must be within the next ${LONGEST_REPLY_DAYS} days`),
  )
}

/** Reads the pharmacy's answer. */
export function parseAnswer(fields: Fields): Result<QueryStep> {
  const words = parseWords(fields, 'words', {
    ...{ label: 'Your answer', longest: LONGEST_WORDS, missing: 'Enter your answer' },
  })
  return words.ok ? accepted({ kind: 'answer', words: words.value }) : words
}

/** Reads what a lead does with a query: ask back, or close it with an outcome. */
export function parseLeadStep(fields: Fields, today: LocalDate): Result<QueryStep> {
  if (lineIn(fields, 'do') === 'close') return parseClose(fields)
  const missing = 'Enter what you want to ask or say'
  const words = parseWords(fields, 'words', { label: 'Your words', longest: LONGEST_WORDS, missing })
  const replyBy = parseReplyBy(fields, today)
  if (words.ok && replyBy.ok) return accepted({ kind: 'ask-back', words: words.value, replyBy: replyBy.value })
  return refused(...(words.ok ? [] : words.problems), ...(replyBy.ok ? [] : replyBy.problems))
}

function parseClose(fields: Fields): Result<QueryStep> {
  const chosen = lineIn(fields, 'outcome')
  const outcome = (Object.keys(QUERY_OUTCOMES) as QueryOutcome[]).find((each) => each === chosen)
  const missing = chosen === 'other' ? 'Enter how it ended' : null
  const said = { label: 'Your words', longest: LONGEST_WORDS, missing }
  const words = parseWords(fields, 'closing-words', said)
  if (outcome && words.ok) return accepted({ kind: 'close', outcome, words: words.value })
  const noOutcome = problem('outcome', 'missing', 'Select how the question ends')
  return refused(...(outcome ? [] : [noOutcome]), ...(words.ok ? [] : words.problems))
}

/** How many messages there were on the page that somebody acted on; 0 for anything else, which no query has. */
export const turnsIn = (fields: Fields): number =>
  /^\d{1,9}$/.test(lineIn(fields, 'turns')) ? Number(lineIn(fields, 'turns')) : 0

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
