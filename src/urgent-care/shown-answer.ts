/** The answer of a triage search as people see it: who can help, in their order, and why the others were left out. Pure. */
import type { Returned, TriageIndex, Verdict } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { capacityAt } from '#src/rules/capacity.ts'
import { milesInWords } from '#src/rules/distance.ts'
import { openingWords } from '#src/rules/opening-words.ts'
import type { TriageReply } from './ask-triage.ts'
import { standingWords } from './standing-words.ts'
import type { CheckedRequest } from './triage-request.ts'
import { groupByReason } from './verdict-words.ts'

const COLOURS = { GREEN: 'green', AMBER: 'orange', RED: 'red' } as const
const CAPACITIES = { GREEN: 'Green', AMBER: 'Amber', RED: 'Red' } as const

export type ShownService = {
  readonly uid: number
  readonly name: string
  readonly type: string
  readonly distance: string
  readonly capacity: { readonly text: string; readonly colour: string }
  readonly opening: string
  readonly address: string
  readonly phone: string | null
  /** Why it stands where it does; null where nobody asked. */
  readonly why: string | null
}

export type ShownReason = {
  readonly reason: string
  readonly count: string
  /** The nearest; `isNearMiss`: nothing else stood in its way. */
  readonly nearest: readonly { readonly text: string; readonly isNearMiss: boolean }[]
  readonly more: string | null
}

export type ShownAnswer = {
  readonly heading: string
  readonly lead: string
  readonly services: readonly ShownService[]
  readonly reasons: readonly ShownReason[]
}

export type AnswerDeps = {
  readonly triage: Pick<TriageIndex, 'explain'>
  readonly reference: () => Pick<TriageReference, 'types'>
}

/** How much is told: how many names of each reason, and whether the reader looks after the directory. */
export type AnswerDetail = { readonly namesShown: number; readonly forStaff: boolean }

/** Null when the search was not made, because something in it has to be put right first. */
export function shownAnswer(reply: TriageReply, deps: AnswerDeps, detail: AnswerDetail): ShownAnswer | null {
  const { meta } = reply
  if (!meta) return null
  const found = reply.ok ? reply.answer.services : []
  const whys = detail.forStaff ? standingWords(found, meta.question, meta.rules) : []
  const verdicts = deps.triage.explain(meta.question, meta.rules)
  return {
    heading: inWords(found.length),
    lead: leadOf(reply, meta),
    services: found.map((one, index) => ({ ...shownService(one, meta, deps), why: whys[index] ?? null })),
    reasons: groupByReason(verdicts).map(({ reason, verdicts: those }) => shownReason(reason, those, detail)),
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
  { reference }: AnswerDeps,
): Omit<ShownService, 'why'> {
  const isNow = at === requestedAt
  const { name, address, postcode, phone, hours } = service.shown
  const status = capacityAt(service.capacity, at)
  return {
    uid: service.uid,
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

const shownReason = (
  reason: string,
  verdicts: readonly Verdict[],
  { namesShown, forStaff }: AnswerDetail,
): ShownReason => ({
  reason,
  count: inWords(verdicts.length),
  nearest: verdicts.slice(0, namesShown).map(({ service, distanceMetres, failed }) => {
    const uid = forStaff ? `, UID ${service.uid}` : ''
    return {
      text: `${service.shown.name}${uid}, ${milesInWords(distanceMetres)}`,
      isNearMiss: forStaff && failed.length === 1,
    }
  }),
  more: verdicts.length > namesShown ? count.format(verdicts.length - namesShown) : null,
})
