/** `/manage/:odsCode/opening-times`: read, confirm, change. Views: opening-times.njk, opening-times-change.njk */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { decideSetWeekly } from '#src/profiles/decide.ts'
import { draftHoursNotice } from '#src/profiles/hours-notice.ts'
import { kindWords } from '#src/profiles/kind-words.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { specifiedDates } from '#src/profiles/projected-facts.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { adviceOnWeek, coreWeekOf, durationInWords, type HoursAdvice, hoursByKind } from '#src/rules/core-hours.ts'
import { dateOf, dayOf, weekdayIndex } from '#src/rules/london-time.ts'
import { sessionsOn, type WeeklyHours } from '#src/rules/opening-times.ts'
import type { Problem } from '#src/rules/problems.ts'
import { weeklyMinutes } from '#src/rules/shared-sessions.ts'
import { hoursInSentence } from './change-words.ts'
import { coreHoursEditor } from './core-hours.ts'
import { type Edit, type Editor, withValueFrom } from './editing.ts'
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

type OpeningTimesView = SectionView & {
  readonly days: readonly (Stated & { readonly core: string | null })[]
  readonly complete: boolean
  /** Null while nobody has said which hours are core. */
  readonly contract: {
    readonly core: string
    readonly supplementary: string
    readonly shortWeeks: readonly string[]
  } | null
}
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
      days: statedWeek(profile).map((day, index) => ({ ...day, core: coreInWords(profile, index) })),
      contract: contractInWords(seen),
      complete,
      problems: refusedConfirmation(request.query, complete),
    })
  })
  editingPages(app, deps, hoursEditor)
  editingPages(app, deps, coreHoursEditor)
}

const refusedConfirmation = (query: unknown, complete: boolean): readonly Problem[] =>
  (query as { confirm?: unknown }).confirm === 'refused' && !complete
    ? [{ field: 'unknown-days', code: 'missing', message: 'Tell us your hours on every day before you confirm them' }]
    : []

/** `Core 9am to 5pm, supplementary 5pm to 6pm`; null without a contract or on a closed day. */
function coreInWords({ weekly, contract }: Profile, day: number): string | null {
  const open = weekly[day] ?? []
  if (!contract || open.length === 0) return null
  const { core, supplementary } = hoursByKind(open, contract.core[day] ?? [])
  if (supplementary.length === 0) return 'All core hours'
  if (core.length === 0) return 'All supplementary hours'
  return `Core ${hoursInSentence(core)}, supplementary ${hoursInSentence(supplementary)}`
}

/** Weeks ahead that are looked at for missing core hours. */
const WEEKS_AHEAD = 8

function contractInWords({ stored: { profile }, today, holidays }: Visit): OpeningTimesView['contract'] {
  const { contract, weekly } = profile
  if (!contract) return null
  const specified = specifiedDates(profile)
  const times = { weekly, bankHoliday: null, openAllHours: false, specified }
  const monday = dayOf(today) - weekdayIndex(dayOf(today))
  const weeks = Array.from({ length: WEEKS_AHEAD }, (_, week) => monday + 7 * week).flatMap((begins) => {
    const { missing } = coreWeekOf(begins, {
      core: contract.core,
      holidays,
      sessionsOn: (day) => sessionsOn(times, day, holidays).sessions,
    })
    return missing > 0 ? [`Week of ${formatDateShort(dateOf(begins))}: ${durationInWords(missing)} short`] : []
  })
  const core = weeklyMinutes(contract.core)
  const extra = weekly.map((hours, day) => hoursByKind(hours ?? [], contract.core[day] ?? []).supplementary)
  return { core: durationInWords(core), supplementary: durationInWords(weeklyMinutes(extra)), shortWeeks: weeks }
}

const hoursEditor: Editor<WeeklyHours> = {
  kind: 'hours',
  section: 'hours',
  permission: 'edit-hours',
  path: 'opening-times/change',
  historyName: 'set-opening-times',
  checkTitle: ({ stored }) => `Check your ${kindWords(stored.profile.kind).week}`,
  open: ({ stored }) => weeklyFields(stored.profile.weekly),
  press: (fields, button) => weeklyFormAfter(fields, button),
  parse: (fields, base) => parseOpeningTimesForm(fields, base.weekly),
  decide: decideSetWeekly,
  differences: (before, after) => differencesBetween(statedWeek(before), statedWeek(after)),
  notes: (before, after, weekly, edit) => [
    ...longDays(weekly),
    ...holidaysThatFollow(before.weekly, after.weekly, after.holidays),
    ...adviceOn(before, after, edit).map(({ message }) => message),
  ],
  letter: (before, after, edit) =>
    draftHoursNotice({
      before,
      after,
      advice: adviceOn(before, after, edit),
      today: edit.today,
      name: edit.actor.name,
    }),
  publicView: (after) => statedWeek(after).map(({ label, text }) => ({ label, text: text ?? 'Not known', note: null })),
  disputes: (base, mine, theirs) => disputesBetween(statedWeek(base), statedWeek(mine), statedWeek(theirs)),
  settleDisputes: (fields, theirs, takeTheirs) =>
    [...takeTheirs].reduce((kept, key) => withValueFrom(kept, weeklyFields(theirs.weekly), key), fields),
  show: (reply, view) =>
    renderForm(reply, {
      ...formPage(hoursEditor, view, `Change ${kindWords(view.edit.stored.profile.kind).week}`),
      days: daysInForm(view.fields, view.edit.stored.profile.weekly),
    }),
}

/** What the ICB needs for this change of the week. */
const adviceOn = (before: Profile, after: Profile, { today }: Edit): readonly HoursAdvice[] =>
  adviceOnWeek({ before: before.weekly, after: after.weekly, contract: after.contract, today })

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
