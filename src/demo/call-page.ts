/** GET /demo/111, a call to NHS 111 that anybody may try: the ranked answer, and why the others were left out. View: call-111.njk */
import type { FastifyInstance } from 'fastify'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import { template } from '#src/platform/views.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type AskTriageDeps, askTriage, type TriageReply } from '#src/urgent-care/ask-triage.ts'
import { type ShownAnswer, shownAnswer } from '#src/urgent-care/shown-answer.ts'
import { type CallForm, choicesOf, problemFor, readCallForm, requestOf } from './call-form.ts'
import { EXAMPLE_CALLS } from './example-calls.ts'

const ADDRESS = '/demo/111'
/** Callers begin near this one. */
const EXAMPLE_PHARMACY = 'FZ0D1'
/** Names of each reason that are shown. */
const NAMES_SHOWN = 5

export type CallDeps = AskTriageDeps & {
  readonly triage: Pick<TriageIndex, 'search' | 'candidates' | 'rankByRoad' | 'explain' | 'byOdsCode'>
}

type CallView = {
  readonly form: CallForm
  readonly choices: ReturnType<typeof choicesOf>
  readonly examples: readonly { readonly text: string; readonly href: string }[]
  readonly problems: readonly Problem[]
  readonly answer: ShownAnswer | null
}

const render = template<CallView>('demo/call-111.njk')

/** Mounts the page. Only public facts are shown: anybody may look. */
export function callPages(pages: FastifyInstance, deps: CallDeps): void {
  pages.get(ADDRESS, async (request, reply) => {
    const { form, isAsked } = readCallForm(request.query)
    return render(reply, isAsked ? await answered(form, deps) : { ...formView(form, deps), problems: [], answer: null })
  })
}

async function answered(form: CallForm, deps: CallDeps): Promise<CallView> {
  const reply = await ask(deps, form)
  const problem = reply.ok ? null : problemFor(reply.problem.code)
  return {
    ...formView(form, deps),
    form,
    problems: problem ? [problem] : [],
    answer: problem ? null : shownAnswer(reply, deps, { namesShown: NAMES_SHOWN, forStaff: false }),
  }
}

function formView(form: CallForm, { triage, reference }: CallDeps): Pick<CallView, 'form' | 'choices' | 'examples'> {
  const postcode = form.postcode || (triage.byOdsCode(EXAMPLE_PHARMACY)[0]?.shown.postcode ?? '')
  const examples = EXAMPLE_CALLS.map(({ text, form: call }) => ({
    text,
    href: `${ADDRESS}?${new URLSearchParams({ ...form, ...call, postcode })}#answer`,
  }))
  return { form: { ...form, postcode }, choices: choicesOf(reference()), examples }
}

async function ask(deps: CallDeps, form: CallForm): Promise<TriageReply> {
  const role = /^\d{1,5}$/.test(form.role) ? Number(form.role) : null
  return askTriage(deps, { role, permissions: [] }, requestOf(form))
}
