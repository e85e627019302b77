/** `/workspace/search-tester`: what any caller would be told at any time, and why. Nothing is recorded or counted. View: search-tester.njk */
import type { FastifyInstance } from 'fastify'
import { requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type AskTriageDeps, askTriage, type TriageReply } from '#src/urgent-care/ask-triage.ts'
import { problemOf, requestIn, type TesterForm, testerForm } from '#src/urgent-care/search-tester.form.ts'
import type { Fact } from '#src/urgent-care/search-words.ts'
import { type ShownAnswer, shownAnswer } from '#src/urgent-care/shown-answer.ts'
import { askedFacts, type TesterChoices, testerChoices, usualRole } from '#src/urgent-care/tester-view.ts'
import { findWanted, type WantedService, wantedServices } from '#src/urgent-care/wanted-service.ts'

export type SearchTesterDeps = AskTriageDeps & {
  readonly triage: Pick<TriageIndex, 'search' | 'candidates' | 'rankByRoad' | 'explain' | 'byOdsCode' | 'service'>
}

type View = {
  readonly title: string
  readonly problems: readonly Problem[]
  readonly form: TesterForm
  readonly choices: TesterChoices
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
    const given = { ...form, role: form['role'] || usualRole(reference) }
    const found = isAsked ? await ask(deps, given) : NOTHING_ASKED
    return render(reply, { title: 'Search tester', form: given, choices: testerChoices(reference, given), ...found })
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
