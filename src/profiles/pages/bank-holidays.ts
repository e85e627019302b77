/** `/manage/:odsCode/bank-holidays`: read, confirm, answer. Views: bank-holidays.njk, bank-holidays-change.njk */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { decideAnswerHolidays, holidaysToAnswer } from '#src/profiles/decide.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { specifiedDates } from '#src/profiles/projected-facts.ts'
import { holidaysDue } from '#src/profiles/sections-due.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { formatDate, formatSessions } from '#src/rules/clock-time.ts'
import { dayOf, type LocalDate, weekdayIndex } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import {
  type AskedHoliday,
  type HolidayAnswers,
  holidayField,
  holidayFields,
  holidayFormAfter,
  parseHolidaysForm,
} from './bank-holidays.form.ts'
import { hoursInSentence } from './change-words.ts'
import { type Edit, type Editor, withValueFrom } from './editing.ts'
import { editingPages } from './editing-pages.ts'
import { type Fields, rawIn } from './fields.ts'
import { type FormPage, formPage } from './form-page.ts'
import { deadlineInWords, type SectionView, sectionView } from './section-view.ts'
import { rowsToShow } from './session-fields.ts'
import { answerText, differencesBetween, disputesBetween, statedHolidays } from './stated.ts'

type HolidayRow = {
  readonly field: string
  readonly title: string
  readonly date: string
  readonly note: string | null
  readonly answer: string | null
  /** Must be answered before the section can be confirmed. */
  readonly due: boolean
}
type HolidaysView = SectionView & {
  readonly rows: readonly HolidayRow[]
  readonly answered: number
  readonly dueBy: string
  readonly firstDue: { readonly field: string; readonly label: string } | null
  readonly dueCount: number
}
type HolidayInForm = HolidayRow & {
  readonly usual: string
  readonly chosen: string
  readonly rows: number
}
type HolidaysForm = FormPage & {
  readonly holidays: readonly HolidayInForm[]
  readonly answered: number
  readonly dueBy: string
}

const render = template<HolidaysView>('profiles/pages/bank-holidays.njk')
const renderForm = template<HolidaysForm>('profiles/pages/bank-holidays-change.njk')

/** Mounts the section and its edit. */
export function bankHolidaysPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get('/manage/:odsCode/bank-holidays', async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const rows = holidayRows(seen)
    const due = rows.filter(({ due, answer }) => due && answer === null)
    const [first] = due
    const firstDue = first ? { field: first.field, label: `${first.title}, ${first.date}` } : null
    const refused = (request.query as { confirm?: unknown }).confirm === 'refused'
    return render(reply, {
      ...(await sectionView(deps.db.pool, seen, 'holidays', request.query)),
      rows,
      answered: rows.filter(({ answer }) => answer !== null).length,
      dueBy: deadlineInWords(seen.today),
      firstDue,
      dueCount: due.length,
      problems: refused && firstDue ? [unanswered(firstDue)] : [],
    })
  })
  editingPages(app, deps, holidaysEditor)
}

const unanswered = ({ field, label }: { field: string; label: string }): Problem => ({
  field,
  code: 'unanswered',
  message: `Tell us if you are open on ${label} before you confirm`,
})

function holidayRows({ stored, today, holidays }: Visit): readonly HolidayRow[] {
  const due = new Set(holidaysDue({ ...stored.profile, holidays: {} }, { today, holidays }).map(({ date }) => date))
  return holidaysToAnswer(today, holidays).map(({ date, title, note }) => ({
    field: holidayField(date),
    title,
    date: formatDate(date),
    note,
    answer: answerText(stored.profile, date),
    due: due.has(date),
  }))
}

/** The holidays of the form, with the answers of `profile`. */
const askedOf = (profile: Profile, { today, holidays }: Visit): readonly AskedHoliday[] =>
  holidaysToAnswer(today, holidays).map(({ date, title }) => ({
    date,
    dayInWords: `${title}, ${formatDate(date)}`,
    usual: profile.weekly[weekdayIndex(dayOf(date))] ?? null,
    answer: profile.holidays[date],
  }))

const stated = (profile: Profile, { today, holidays }: Edit) =>
  statedHolidays(profile, holidaysToAnswer(today, holidays))

const holidaysEditor: Editor<HolidayAnswers> = {
  kind: 'holidays',
  section: 'holidays',
  permission: 'edit-holidays',
  path: 'bank-holidays/change',
  historyName: 'answer-holidays',
  checkTitle: 'Check your bank holidays',
  open: (edit) => holidayFields(askedOf(edit.stored.profile, edit)),
  press: (fields, button, edit) => holidayFormAfter(fields, button, askedOf(edit.stored.profile, edit)),
  parse: (fields, base, edit) => parseHolidaysForm(fields, askedOf(base, edit)),
  decide: (profile, answers, edit) => decideAnswerHolidays(profile, answers, edit),
  differences: (before, after, edit) => differencesBetween(stated(before, edit), stated(after, edit)),
  notes: (_before, after, answers) => beatenByChanges(after, Object.keys(answers) as LocalDate[]),
  publicView: (after, answers, edit) => {
    const specified = specifiedDates(after)
    return holidaysToAnswer(edit.today, edit.holidays)
      .filter(({ date }) => answers[date] !== undefined)
      .map(({ date, title }) => ({
        label: `${title}, ${formatDate(date)}`,
        text: specified[date]
          ? formatSessions(specified[date])
          : isRemoteOnly(after.kind)
            ? 'Not confirmed'
            : 'Check before you travel',
        note: null,
      }))
  },
  disputes: (base, mine, theirs, edit) =>
    disputesBetween(stated(base, edit), stated(mine, edit), stated(theirs, edit)).filter(({ mine }) => mine !== null),
  settleDisputes: (fields, theirs, takeTheirs, edit) =>
    [...takeTheirs].reduce((kept, key) => withValueFrom(kept, holidayFields(askedOf(theirs, edit)), key), fields),
  show: (reply, view) => {
    const rows = holidayRows(view.edit)
    const asked = askedOf(view.edit.stored.profile, view.edit)
    return renderForm(reply, {
      ...formPage(holidaysEditor, view, 'Answer bank holidays'),
      holidays: rows.map((row, index) => holidayInForm(row, asked[index], view.fields)),
      answered: rows.filter(({ answer }) => answer !== null).length,
      dueBy: deadlineInWords(view.edit.today),
    })
  },
}

const holidayInForm = (row: HolidayRow, asked: AskedHoliday | undefined, fields: Fields): HolidayInForm => ({
  ...row,
  usual: hoursInSentence(asked?.usual ?? null),
  chosen: rawIn(fields, row.field),
  rows: rowsToShow(fields, row.field),
})

/** A dated change beats a holiday answer: whoever answers should know that it stands. */
function beatenByChanges({ changes }: Profile, answered: readonly LocalDate[]): readonly string[] {
  return answered
    .filter((date) => changes.some(({ from, to }) => from <= date && date <= to))
    .map(
      (date) =>
        `You already have a closure or change on ${formatDate(date)}. It stays in force: this answer counts only if you cancel it.`,
    )
}
