/** `/workspace/search-tester`: what any caller would be told at any time, and why. Nothing is recorded or counted. View: search-tester.njk */
import type { FastifyInstance } from 'fastify'
import { requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, londonDateOf } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type AskTriageDeps, askTriage, type TriageReply } from '#src/urgent-care/ask-triage.ts'
import type { Fact } from '#src/urgent-care/search-words.ts'
import { type ShownAnswer, shownAnswer } from '#src/urgent-care/shown-answer.ts'
import type { CheckedRequest } from '#src/urgent-care/triage-request.ts'
import { AGE_GROUPS, problemOf, requestIn, type TesterForm, testerForm } from './search-tester.form.ts'
import { findWanted, type WantedService, wantedServices } from './wanted-service.ts'

export type SearchTesterDeps = AskTriageDeps & {
  readonly triage: Pick<TriageIndex, 'search' | 'candidates' | 'rankByRoad' | 'explain' | 'byOdsCode' | 'service'>
}

type Choice = { readonly value: string; readonly text: string }
type View = {
  readonly title: string
  readonly problems: readonly Problem[]
  readonly form: TesterForm
  readonly roles: readonly Choice[]
  readonly dispositions: readonly Choice[]
  readonly ageGroups: readonly Choice[]
  /** The symptom groups of the catalogue, and what goes with the one that was entered. */
  readonly groups: readonly string[]
  readonly goesWith: readonly string[]
  readonly asked: readonly Fact[]
  readonly wanted: readonly WantedService[]
  readonly answer: ShownAnswer | null
}

const NAMES_SHOWN = 15
const render = template<View>('urgent-care/pages/search-tester.njk')

/** Mounts the page, in a scope that only signed-in people reach. */
export function searchTesterPage(app: FastifyInstance, deps: SearchTesterDeps): void {
  app.get('/workspace/search-tester', async (request, reply) => {
    if (!can(requireActor(request), 'see-workspace')) {
      throw new Forbidden('The search tester is for the teams that look after the directory')
    }
    const { form, isAsked } = testerForm(request.query)
    const reference = deps.reference()
    const given = { ...form, role: form['role'] || String([...reference.roles.keys()][0] ?? '') }
    const found = isAsked ? await ask(deps, given) : NOTHING_ASKED
    return render(reply, { title: 'Search tester', form: given, ...choicesOf(reference, given), ...found })
  })
}

type Found = Pick<View, 'problems' | 'asked' | 'wanted' | 'answer'>
const NOTHING_ASKED: Found = { problems: [], asked: [], wanted: [], answer: null }

async function ask(deps: SearchTesterDeps, form: TesterForm): Promise<Found> {
  const request = requestIn(form, londonDateOf(deps.clock.now()))
  const wanted = findWanted(form['service'] ?? '', deps.triage)
  const problems = [...(request.ok ? [] : request.problems), ...(wanted.ok ? [] : wanted.problems)]
  if (!request.ok || !wanted.ok) return { ...NOTHING_ASKED, problems }
  const role = /^\d{1,9}$/.test(form['role'] ?? '') ? Number(form['role']) : null
  const reply = await askTriage(deps, { role, permissions: [] }, request.value)
  const problem = reply.ok ? null : problemOf(reply.problem.code)
  if (problem || !reply.meta) return { ...NOTHING_ASKED, problems: problem ? [problem] : [] }
  return {
    problems: [],
    asked: askedFacts(reply.meta, form, deps.reference()),
    wanted: wantedServices(wanted.value, servicesOf(reply), reply.meta.question),
    answer: shownAnswer(reply, deps, { namesShown: NAMES_SHOWN, forStaff: true }),
  }
}

const servicesOf = (reply: TriageReply) => (reply.ok ? reply.answer.services : [])

function choicesOf(reference: TriageReference, form: TesterForm) {
  const group = /^\d{1,9}$/.test(form['symptom'] ?? '') ? Number(form['symptom']) : null
  const pairs = group === null ? [] : [...(reference.pairedWith(group) ?? [])].sort((a, b) => a - b)
  return {
    roles: [...reference.roles].map(([id, name]) => ({ value: String(id), text: named(id, name) })),
    dispositions: [...reference.dispositions.values()].map(({ id, name }) => ({
      value: String(id),
      text: named(id, name),
    })),
    ageGroups: AGE_GROUPS,
    groups: reference.symptomGroups.map((id) => named(id, reference.symptomGroupName(id))),
    goesWith: pairs.map((id) => named(id, reference.discriminatorName(id))),
  }
}

const named = (id: number, name: string | null | undefined): string => (name ? `${id} ${name}` : String(id))

/** The search as it was understood. */
function askedFacts(
  { question, distance, place, searchAt, areas }: CheckedRequest,
  form: TesterForm,
  names: TriageReference,
): readonly Fact[] {
  const { symptomGroup, discriminators, disposition, role, gender, surgery } = question
  const age = AGE_GROUPS.find(({ value }) => value === form['group'])?.text ?? `${form['age']} ${form['unit']}`
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['When', `${formatTime(searchAt.minute)} on ${formatDate(dateOf(searchAt.day))}`],
    ['Where', `${place.postcode}, ${distance.km} km (${DISTANCES[distance.source]})`],
    ['Areas', [areas?.localAuthority, areas?.icb, ...(areas?.local ?? [])].filter(Boolean).join(', ') || 'Not known'],
    ['Patient', `${SEXES[gender]}, ${age.charAt(0).toLowerCase()}${age.slice(1)}`],
    ['GP surgery', surgery ?? 'Not given'],
    ['Symptom group', symptomGroup === null ? 'None' : named(symptomGroup, names.symptomGroupName(symptomGroup))],
    ['Discriminators', discriminators.map((id) => named(id, names.discriminatorName(id))).join('; ')],
    ['Disposition', disposition ? named(disposition.id, names.dispositions.get(disposition.id)?.name) : 'Any'],
    ['Referral role', named(role, names.roles.get(role))],
  ]
  return facts.map(([name, value]) => ({ name, value }))
}

const SEXES = { F: 'Female', M: 'Male', I: 'Sex not known' } as const
const DISTANCES: Readonly<Record<CheckedRequest['distance']['source'], string>> = {
  Postcode: 'kept for the postcode',
  Sector: 'kept for its sector',
  District: 'kept for its district',
  Override: 'as you entered',
  'Web Service': 'as you entered',
  National: 'the national distance',
}
