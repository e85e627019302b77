/** Adding and editing a closure or dated change. View: dated-change.njk */
import { isDeepStrictEqual } from 'node:util'
import { NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { decideAddChange, decideEditChange } from '#src/profiles/decide.ts'
import type { DatedChange, Profile } from '#src/profiles/profile.ts'
import { specifiedDates } from '#src/profiles/projected-facts.ts'
import type { Visit } from '#src/profiles/visit.ts'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { formatDate } from '#src/rules/clock-time.ts'
import { adviceOnDates, type HoursAdvice } from '#src/rules/core-hours.ts'
import { dateOf, dayOf, type LocalDate, weekdayIndex } from '#src/rules/london-time.ts'
import type { DayHours } from '#src/rules/opening-times.ts'
import type { Result } from '#src/rules/problems.ts'
import { changeInWords, datesInWords, hoursInWords, overlaps } from './change-words.ts'
import {
  type ChangeAnswers,
  changeFields,
  changeFormAfter,
  parseChangeForm,
  withFixedDay,
} from './dated-change.form.ts'
import type { Edit, Editor, PublicLine } from './editing.ts'
import { type FormPage, formPage } from './form-page.ts'
import { rowsToShow } from './session-fields.ts'
import { answerText, type Difference, type Dispute } from './stated.ts'

type ChangeForm = FormPage & {
  readonly reasons: readonly string[]
  readonly rows: number
  readonly today: string
  readonly tomorrow: string
  /** An example of a date, soon enough to be of use. */
  readonly example: string
}

const render = template<ChangeForm>('profiles/pages/dated-change.njk')

/** The hours that hold on a date but for one change: the other changes, holiday answers, then the week. */
export function hoursWithout(profile: Profile, changeId: string, { holidays }: Pick<Visit, 'holidays'>) {
  const specified = specifiedDates({ ...profile, changes: profile.changes.filter(({ id }) => id !== changeId) })
  return (date: LocalDate): DayHours =>
    specified[date] ?? (holidays.isStatutory(dayOf(date)) ? null : (profile.weekly[weekdayIndex(dayOf(date))] ?? null))
}

const changeIn = (profile: Profile, { changeId }: Edit): DatedChange | undefined =>
  profile.changes.find(({ id }) => id === changeId)

/** Adds the change, or replaces it where it is: so that saving twice, or after somebody cancelled it, ends the same way. */
function decideChange(profile: Profile, answers: ChangeAnswers, edit: Edit) {
  const change = { ...answers, id: edit.changeId }
  const there = changeIn(profile, edit)
  if (there && isDeepStrictEqual(there, change)) return { ok: true, value: profile } as const
  return inFormFields(there ? decideEditChange(profile, change, edit) : decideAddChange(profile, change, edit))
}

/** Problems of a date lead to its first box; of a change that is gone, to the form. */
const FORM_FIELDS: Readonly<Record<string, string>> = { from: 'from-day', to: 'to-day', change: 'form' }

const inFormFields = (decided: Result<Profile>): Result<Profile> =>
  decided.ok
    ? decided
    : {
        ok: false,
        problems: decided.problems.map((problem) => ({
          ...problem,
          field: FORM_FIELDS[problem.field] ?? problem.field,
        })),
      }

function differences(before: Profile, after: Profile, edit: Edit): readonly Difference[] {
  const was = changeIn(before, edit)
  const is = changeIn(after, edit)
  if (!is || isDeepStrictEqual(was, is)) return []
  return (
    [
      ['dates', 'Dates', datesInWords],
      ['hours', 'Hours', hoursInWords],
      ['reason', 'Reason (professionals only)', ({ reason }: DatedChange) => reason],
      ['note', 'Public note', ({ note }: DatedChange) => note],
    ] as const
  )
    .map(([key, label, words]) => ({ key, label, before: was ? words(was) : null, after: words(is) }))
    .filter(({ before, after }) => before !== after)
}

/** What the change beats: holiday answers and other changes of the same days. */
function notes(before: Profile, answers: ChangeAnswers, edit: Edit): readonly string[] {
  const holidays = edit.holidays.statutoryDays(dayOf(answers.from), dayOf(answers.to)).flatMap(({ date, title }) => {
    const answer = answerText(before, date)
    return answer
      ? [`This replaces your bank holiday answer for ${title}, ${formatDate(date)}: ${answer.toLowerCase()}.`]
      : []
  })
  const others = before.changes
    .filter((change) => change.id !== edit.changeId && overlaps(change, answers))
    .map(
      (change) =>
        `This replaces, on the days they share, your change of ${datesInWords(change)}: ${hoursInWords(change).toLowerCase()}.`,
    )
  return [...holidays, ...others, ...adviceOn(before, answers, edit).map(({ message }) => message)]
}

/** What fewer hours on these dates need of the ICB. */
function adviceOn(before: Profile, answers: ChangeAnswers, edit: Edit): readonly HoursAdvice[] {
  const usualOn = hoursWithout(before, edit.changeId, edit)
  const dates = Array.from({ length: dayOf(answers.to) - dayOf(answers.from) + 1 }, (_, index) =>
    dateOf(dayOf(answers.from) + index),
  )
  return adviceOnDates(
    dates.map((date) => ({ date, usual: usualOn(date), sessions: answers.sessions })),
    { contract: before.contract, today: edit.today, holidays: edit.holidays },
  )
}

const publicLine = (answers: ChangeAnswers): PublicLine => ({
  label: datesInWords(answers),
  text: hoursInWords(answers),
  note: answers.note,
})

/** Two editors differ when one edited what the other edited or cancelled, or when both said something of the same days. */
function disputes(base: Profile, mine: Profile, theirs: Profile, edit: Edit): readonly Dispute[] {
  const wanted = changeIn(mine, edit)
  if (!wanted) return []
  const label = 'This change'
  const was = changeIn(base, edit)
  const is = changeIn(theirs, edit)
  if (was && !isDeepStrictEqual(was, is) && !isDeepStrictEqual(wanted, is)) {
    const theirWords = is ? changeInWords(is) : 'Cancelled'
    return [{ key: 'change', label, mine: changeInWords(wanted), theirs: theirWords, changedBy: 'both' }]
  }
  const new_ = theirs.changes.filter(
    (change) =>
      change.id !== edit.changeId &&
      overlaps(change, wanted) &&
      !base.changes.some((known) => isDeepStrictEqual(known, change)),
  )
  if (new_.length === 0) return []
  const theirWords = new_.map(changeInWords).join(' ')
  return [{ key: 'change', label, mine: changeInWords(wanted), theirs: theirWords, changedBy: 'both' }]
}

const common = {
  section: 'changes',
  permission: 'edit-changes',
  checkTitle: 'Check this change',
  press: (fields, button) => changeFormAfter(fields, button),
  settle: (fields, { today }) => withFixedDay(fields, today),
  parse: (fields, base, edit) =>
    parseChangeForm(fields, { today: edit.today, usualOn: hoursWithout(base, edit.changeId, edit) }),
  decide: decideChange,
  differences,
  notes: (before, _after, answers, edit) => notes(before, answers, edit),
  publicView: (_after, answers) => [publicLine(answers)],
  disputes,
  settleDisputes: (fields, _theirs, takeTheirs) => (takeTheirs.size > 0 ? undefined : fields),
} satisfies Partial<Editor<ChangeAnswers>>

export const addChangeEditor: Editor<ChangeAnswers> = {
  ...common,
  kind: 'add-change',
  path: 'closures-and-changes/add',
  historyName: 'add-change',
  open: () => ({}),
  show: (reply, view) => render(reply, changeForm(addChangeEditor, view, 'Add a closure or change')),
}

export const editChangeEditor: Editor<ChangeAnswers> = {
  ...common,
  kind: 'edit-change',
  path: 'closures-and-changes/:changeId/edit',
  historyName: 'edit-change',
  open: (edit) => {
    const change = changeIn(edit.stored.profile, edit)
    if (!change || change.to < edit.today) throw new NotFound('This closure or change has ended or was cancelled')
    return changeFields(change)
  },
  show: (reply, view) => render(reply, changeForm(editChangeEditor, view, 'Edit a closure or change')),
}

function changeForm(
  editor: Editor<ChangeAnswers>,
  view: Parameters<Editor<ChangeAnswers>['show']>[1],
  title: string,
): ChangeForm {
  const today = dayOf(view.edit.today)
  const [year, month, day] = dateOf(today + 7)
    .split('-')
    .map(Number)
  return {
    ...formPage(editor, view, title),
    reasons: CHANGE_REASONS,
    rows: rowsToShow(view.fields, 'hours'),
    today: formatDate(view.edit.today),
    tomorrow: formatDate(dateOf(today + 1)),
    example: `${day} ${month} ${year}`,
  }
}
