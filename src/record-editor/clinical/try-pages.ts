/** `/workspace/services/:uid/try`, and the same for who approves: where a service comes in a search before and after an edit. View: try.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { BLANK_SERVICE } from '#src/directory/blank-service.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import { NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { ageGroup } from '#src/rules/patient-age.ts'
import type { Problem } from '#src/rules/problems.ts'
import { takesAge } from '#src/rules/triage.ts'
import { AGE_GROUPS, requestIn, type TesterForm, testerForm } from '#src/urgent-care/search-tester.form.ts'
import type { Fact } from '#src/urgent-care/search-words.ts'
import { askedFacts, type TesterChoices, testerChoices, usualRole } from '#src/urgent-care/tester-view.ts'
import type { CheckDeps } from '#src/urgent-care/triage-request.ts'
import { profileOfRecord } from '../clinical-check.ts'
import { reachOf } from '../edit-deps.ts'
import { APPROVALS, addressOf, type EditorDeps, editorOf, loadSubject, SERVICES } from '../pages/subject.ts'
import { recordWithEdit } from '../service-edit.ts'
import { loadEdit, loadService } from '../service-edit-store.ts'
import { roleId } from './clinical-topics.ts'
import { edited, type Tried, tryBoth } from './try-search.ts'

export type TryPagesDeps = EditorDeps & {
  readonly gazetteer: CheckDeps['gazetteer']
  readonly settings: CheckDeps['settings']
  readonly triage: Pick<TriageIndex, 'search' | 'explain' | 'service' | 'instead'>
  readonly holidays: () => HolidayCalendar
}

/** What is tried: a record as it would be, and where its page is. */
type Trial = {
  readonly record: ServiceRecord
  readonly isChanged: boolean
  readonly back: string
  readonly action: string
  /** `your change`, `this change`. */
  readonly whose: string
}

type View = Pick<Trial, 'back' | 'action' | 'whose' | 'isChanged'> & {
  readonly title: string
  readonly service: string
  readonly form: TesterForm
  readonly choices: TesterChoices
  readonly problems: readonly Problem[]
  readonly asked: readonly Fact[]
  readonly tried: Tried | null
}

const render = template<View>('record-editor/clinical/try.njk')

/** Mounts both pages. */
export function tryPages(app: FastifyInstance, deps: TryPagesDeps): void {
  app.get(`${SERVICES}/:uid/try`, async (request, reply) => {
    const subject = await loadSubject(deps, request)
    return show(deps, request, reply, {
      record: subject.shown,
      isChanged: subject.edit !== undefined,
      back: addressOf(subject),
      action: addressOf(subject, 'try'),
      whose: 'your change',
    })
  })
  app.get(`${APPROVALS}/:id/try`, async (request, reply) =>
    show(deps, request, reply, await waitingTrial(deps, request)),
  )
}

/** An edit of somebody else, for whoever may approve it. Throws NotFound for any other. */
async function waitingTrial({ db }: TryPagesDeps, request: FastifyRequest): Promise<Trial> {
  const actor = editorOf(request, 'approve-records')
  const { id } = request.params as { readonly id: string }
  const reach = reachOf(actor, 'approve-records')
  const edit = /^[1-9]\d{0,14}$/.test(id)
    ? await loadEdit(db.pool, Number(id), { reach, author: auditNameOf(actor) })
    : undefined
  const held = edit?.uid == null ? undefined : await loadService(db.pool, edit.uid, reach)
  if (!edit || (edit.uid !== null && !held)) throw new NotFound('There is no such change in the areas you look after')
  const back = `${APPROVALS}/${edit.id}`
  const record = recordWithEdit(held?.record ?? BLANK_SERVICE, edit)
  return { record, isChanged: true, back, action: `${back}/try`, whose: 'this change' }
}

async function show(deps: TryPagesDeps, request: FastifyRequest, reply: FastifyReply, trial: Trial) {
  const { record } = trial
  const reference = deps.reference()
  const { form, isAsked } = testerForm(request.query)
  const given = isAsked ? { ...form, role: form['role'] || usualRole(reference) } : { ...form, ...somebodyFor(record) }
  const name = record.name || 'New service'
  const found = isAsked ? await ask(deps, given, record) : NOTHING_ASKED
  return render(reply, {
    ...trial,
    title: 'Try the search',
    service: record.uid === 0 ? name : `${name}, UID ${record.uid}`,
    form: given,
    choices: testerChoices(reference, given),
    ...found,
  })
}

const NOTHING_ASKED = { problems: [], asked: [], tried: null } as const

async function ask(deps: TryPagesDeps, form: TesterForm, record: ServiceRecord) {
  const request = requestIn(form, londonDateOf(deps.clock.now()))
  if (!request.ok) return { ...NOTHING_ASKED, problems: request.problems }
  const role = /^\d{1,9}$/.test(form['role'] ?? '') ? Number(form['role']) : null
  const service = await edited(deps.db.pool, record, deps)
  const tried = tryBoth(deps, { service, role, request: request.value })
  if (!tried.ok) return { ...NOTHING_ASKED, problems: tried.problems }
  return { problems: [], asked: askedFacts(tried.value.meta, form, deps.reference()), tried: tried.value }
}

/** A caller whom the service is for, near it: what the form is filled in with until somebody describes another. */
function somebodyFor(record: ServiceRecord): Record<string, string> {
  const { sgsd, ages, genders, roles, dispositions } = profileOfRecord(record)
  const [symptom = '', discriminators = []] = Object.entries(sgsd ?? {}).find(([, list]) => list.length > 0) ?? []
  const group = AGE_GROUPS.find(({ value }) => {
    const range = ageGroup(Number(value))
    return range !== undefined && takesAge(ages ?? [], range)
  })
  const [role] = roles ?? []
  return {
    postcode: record.postcode ?? '',
    symptom,
    discriminators: String(discriminators[0] ?? ''),
    group: group?.value ?? '1',
    gender: genders?.[0] ?? 'I',
    disposition: String(dispositions?.[0] ?? ''),
    ...(role === undefined ? {} : { role: String(roleId(role)) }),
  }
}
