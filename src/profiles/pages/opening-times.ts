/** `/manage/:odsCode/opening-times`: read, confirm, change. Views: opening-times.njk, opening-times-change.njk */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { decideSetWeekly } from '#src/profiles/decide.ts'
import { type ManageDeps, visit } from '#src/profiles/visit.ts'
import type { WeeklyHours } from '#src/rules/opening-times.ts'
import type { Problem } from '#src/rules/problems.ts'
import { hoursInSentence } from './change-words.ts'
import { type Editor, withValueFrom } from './editing.ts'
import { editingPages } from './editing-pages.ts'
import { type FormPage, formPage } from './form-page.ts'
import {
  DAYS,
  type DayInForm,
  daysInForm,
  parseOpeningTimesForm,
  weeklyFields,
  weeklyFormAfter,
} from './opening-times.form.ts'
import { type SectionView, sectionView } from './section-view.ts'
import { isLongDay } from './session-fields.ts'
import { differencesBetween, disputesBetween, type Stated, statedWeek } from './stated.ts'

type OpeningTimesView = SectionView & { readonly days: readonly Stated[]; readonly complete: boolean }
type OpeningTimesForm = FormPage & { readonly days: readonly DayInForm[] }

const render = template<OpeningTimesView>('profiles/pages/opening-times.njk')
const renderForm = template<OpeningTimesForm>('profiles/pages/opening-times-change.njk')

/** Mounts the section and its edit. */
export function openingTimesPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get('/manage/:odsCode/opening-times', async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const { profile } = seen.stored
    const complete = profile.weekly.every((hours) => hours !== null)
    const view = await sectionView(deps.db.pool, seen, 'hours', request.query)
    return render(reply, {
      ...view,
      days: statedWeek(profile),
      complete,
      problems: refusedConfirmation(request.query, complete),
    })
  })
  editingPages(app, deps, hoursEditor)
}

const refusedConfirmation = (query: unknown, complete: boolean): readonly Problem[] =>
  (query as { confirm?: unknown }).confirm === 'refused' && !complete
    ? [{ field: 'unknown-days', code: 'missing', message: 'Tell us your hours on every day before you confirm them' }]
    : []

const hoursEditor: Editor<WeeklyHours> = {
  kind: 'hours',
  section: 'hours',
  permission: 'edit-hours',
  path: 'opening-times/change',
  historyName: 'set-opening-times',
  checkTitle: 'Check your standard opening times',
  open: ({ stored }) => weeklyFields(stored.profile.weekly),
  press: (fields, button) => weeklyFormAfter(fields, button),
  parse: (fields, base) => parseOpeningTimesForm(fields, base.weekly),
  decide: decideSetWeekly,
  differences: (before, after) => differencesBetween(statedWeek(before), statedWeek(after)),
  notes: (before, after, weekly) => [
    ...longDays(weekly),
    ...holidaysThatFollow(before.weekly, after.weekly, after.holidays),
  ],
  publicView: (after) => statedWeek(after).map(({ label, text }) => ({ label, text: text ?? 'Not known', note: null })),
  disputes: (base, mine, theirs) => disputesBetween(statedWeek(base), statedWeek(mine), statedWeek(theirs)),
  settleDisputes: (fields, theirs, takeTheirs) =>
    [...takeTheirs].reduce((kept, key) => withValueFrom(kept, weeklyFields(theirs.weekly), key), fields),
  show: (reply, view) =>
    renderForm(reply, {
      ...formPage(hoursEditor, view, 'Change standard opening times'),
      days: daysInForm(view.fields, view.edit.stored.profile.weekly),
    }),
}

/** Said once more before saving: a tick that was given for other times may still stand in the form. */
const longDays = (weekly: WeeklyHours): readonly string[] =>
  DAYS.flatMap(({ name }, day) => {
    const hours = weekly[day] ?? []
    return isLongDay(hours) ? [`More than 16 hours: ${name}, ${hoursInSentence(hours)}.`] : []
  })

/** Holidays answered "usual hours" follow the week, so that changing it changes them. */
function holidaysThatFollow(
  before: WeeklyHours,
  after: WeeklyHours,
  holidays: Readonly<Record<string, { readonly answer: string }>>,
): readonly string[] {
  const changed = JSON.stringify(before) !== JSON.stringify(after)
  const following = Object.values(holidays).some(({ answer }) => answer === 'usual')
  return changed && following ? ['Bank holidays that you answered with usual hours follow the new times.'] : []
}
