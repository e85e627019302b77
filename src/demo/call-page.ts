/** GET /demo/111, a call to NHS 111 that anybody may try: the ranked answer, and why the others were left out. View: call-111.njk */
import type { FastifyInstance } from 'fastify'
import type { Returned, TriageIndex, Verdict } from '#src/directory/triage/triage-index.ts'
import { openingWords } from '#src/find-a-pharmacy/open-words.ts'
import { template } from '#src/platform/views.ts'
import { capacityAt } from '#src/rules/capacity.ts'
import { milesInWords } from '#src/rules/distance.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type AskTriageDeps, askTriage, type TriageReply } from '#src/urgent-care/ask-triage.ts'
import type { CheckedRequest } from '#src/urgent-care/triage-request.ts'
import { groupByReason } from '#src/urgent-care/verdict-words.ts'
import { type CallForm, choicesOf, problemFor, readCallForm, requestOf } from './call-form.ts'
import { EXAMPLE_CALLS } from './example-calls.ts'

const ADDRESS = '/demo/111'
/** Callers begin near this one. */
const EXAMPLE_PHARMACY = 'FZ0D1'
/** Names of each reason that are shown. */
const NAMES_SHOWN = 5

const COLOURS = { GREEN: 'green', AMBER: 'orange', RED: 'red' } as const
const CAPACITIES = { GREEN: 'Green', AMBER: 'Amber', RED: 'Red' } as const

type ShownService = {
  readonly name: string
  readonly type: string
  readonly distance: string
  readonly capacity: { readonly text: string; readonly colour: string }
  readonly opening: string
  readonly address: string
  readonly phone: string | null
}

type ShownReason = {
  readonly reason: string
  readonly count: string
  readonly names: readonly string[]
  readonly more: string | null
}

type ShownAnswer = {
  readonly heading: string
  readonly lead: string
  readonly services: readonly ShownService[]
  readonly reasons: readonly ShownReason[]
}

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
    answer: problem ? null : shownAnswer(reply, deps),
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

function shownAnswer(reply: TriageReply, deps: CallDeps): ShownAnswer | null {
  const { meta } = reply
  if (!meta) return null
  const found = reply.ok ? reply.answer.services : []
  const verdicts = deps.triage.explain(meta.question, meta.rules)
  return {
    heading: inWords(found.length),
    lead: leadOf(reply, meta),
    services: found.map((one) => shownService(one, meta, deps)),
    reasons: groupByReason(verdicts).map(shownReason),
  }
}

function leadOf(reply: TriageReply, { distance, place }: CheckedRequest): string {
  const where = `up to ${distance.km} km north, south, east and west of ${place.postcode}`
  if (!reply.ok) return `Nobody ${where} can help, and there is no emergency department.`
  if (reply.answer.isCatchAll)
    return `Nobody ${where} can help. The nearest emergency departments are returned instead.`
  return `In the order in which a call handler must offer them, from ${where}.`
}

function shownService(
  { service, distanceMetres, label }: Returned,
  { searchAt: at, requestedAt }: CheckedRequest,
  { reference }: CallDeps,
): ShownService {
  const isNow = at === requestedAt
  const { name, address, postcode, phone, hours } = service.shown
  const status = capacityAt(service.capacity, at)
  return {
    name: label ? `${name} (${label})` : name,
    type: reference().types.get(service.typeId)?.name ?? `Type ${service.typeId}`,
    distance: milesInWords(distanceMetres),
    capacity: { text: CAPACITIES[status], colour: COLOURS[status] },
    opening: openingWords(hours, at, isNow).sentence,
    address: [address, postcode].filter(Boolean).join(', '),
    phone,
  }
}

const count = new Intl.NumberFormat('en-GB')

function inWords(services: number): string {
  if (services === 0) return 'No services'
  return services === 1 ? '1 service' : `${count.format(services)} services`
}

const shownReason = ({
  reason,
  verdicts,
}: {
  readonly reason: string
  readonly verdicts: readonly Verdict[]
}): ShownReason => ({
  reason,
  count: inWords(verdicts.length),
  names: verdicts
    .slice(0, NAMES_SHOWN)
    .map(({ service, distanceMetres }) => `${service.shown.name}, ${milesInWords(distanceMetres)}`),
  more: verdicts.length > NAMES_SHOWN ? count.format(verdicts.length - NAMES_SHOWN) : null,
})
