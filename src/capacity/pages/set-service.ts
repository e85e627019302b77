/** `/capacity/:uid`: the capacity of a service, its history, and the form that sets it. View: set-service.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import type { CapacityStatus } from '#src/rules/capacity.ts'
import { CAPACITY_REASONS } from '#src/rules/capacity-reasons.ts'
import { DEFAULT_RESET_MINUTES, LONGEST_NOTE } from '#src/rules/capacity-setting.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { loadCapacities, loadCapacityHistory, type PastCapacity } from '../capacity-records.ts'
import { setCapacity } from '../set-capacity.ts'
import type { CapacityDeps } from './capacity-actor.ts'
import {
  type CapacityTag,
  type CapacityWords,
  capacityInWords,
  capacityTag,
  durationInWords,
  pastInWords,
  STATUS_MEANINGS,
  serviceNameOf,
  typeInWords,
  untilInWords,
} from './capacity-words.ts'
import { type ServiceInView, serviceInView } from './service-in-view.ts'
import { alsoField, OTHER_RESET, parseSetCapacity, RESET_CHOICES } from './set-capacity.form.ts'

type View = {
  readonly title: string
  readonly uid: number
  readonly name: string
  /** Whose service it is, and of what type. */
  readonly place: string
  readonly banner: string | null
  readonly capacity: CapacityWords & { readonly resetAt: string | null }
  /** What was set and holds again when the closure is over; null when it is not closed, or nothing was set. */
  readonly underneath: string | null
  readonly closure: string | null
  readonly pharmacy: { readonly name: string; readonly address: string } | null
  readonly isActive: boolean
  readonly maySet: boolean
  readonly form: FormView
  readonly history: readonly PastRow[]
  readonly newer: string | null
  readonly older: string | null
  readonly problems: readonly Problem[]
}
type FormView = {
  readonly fields: Fields
  readonly statuses: readonly { readonly value: CapacityStatus; readonly text: string; readonly hint: string }[]
  readonly resets: readonly { readonly value: string; readonly text: string }[]
  readonly reasons: readonly string[]
  readonly longestNote: number
  readonly asksClosed: boolean
  readonly others: readonly { readonly name: string; readonly text: string; readonly hint: string }[]
}
type PastRow = { readonly tag: CapacityTag; readonly lines: readonly string[]; readonly note: string | null }

const PATH = '/capacity/:uid'
const HISTORY_A_PAGE = 10
const FURTHEST_PAGE = 100
const render = template<View>('capacity/pages/set-service.njk')

const STATUSES = (['GREEN', 'AMBER', 'RED'] as const).map((value) => ({
  value,
  text: capacityTag(value).text,
  hint: STATUS_MEANINGS[value],
}))
const RESETS = [
  ...RESET_CHOICES.map((minutes) => ({ value: String(minutes), text: durationInWords(minutes) })),
  { value: OTHER_RESET, text: 'Another length of time' },
]

/** Mounts the page. */
export function setServicePage(app: FastifyInstance, deps: CapacityDeps): void {
  app.get(PATH, async (request, reply) => {
    const seen = await serviceInView(deps, request)
    return show(deps, reply, seen, { query: fieldsOf(request.query), fields: BLANK, problems: [] })
  })

  app.post(PATH, async (request, reply) => {
    const seen = await serviceInView(deps, request)
    if (!seen.maySet) throw new Forbidden('You may see the capacity of this service, and not set it')
    const { record, pharmacy, others } = seen
    const fields = fieldsOf(request.body)
    const refuse = (problems: readonly Problem[]) => show(deps, reply.code(422), seen, { query: {}, fields, problems })
    const asked = parseSetCapacity(fields, { others: others.map(({ uid }) => uid), asksClosed: asksClosed(seen) })
    if (!asked.ok) return refuse(asked.problems)
    const { isClosed, also, ...setting } = asked.value
    if (isClosed && pharmacy) return reply.redirect(`/manage/${pharmacy.odsCode}/close-now`, 303)
    const saved = await setCapacity(
      deps,
      [record.uid, ...also].map((uid) => ({ uid, ...setting })),
      { actor: auditNameOf(seen.actor), via: 'page' },
    )
    if (!saved.ok) return refuse(saved.problems.map((problem) => problemHere(problem, record.uid)))
    await deps.follower.reached(saved.value.seq)
    return reply.redirect(`/capacity/${record.uid}?set=${saved.value.settings.length}`, 303)
  })
}

const BLANK: Fields = { reset: String(DEFAULT_RESET_MINUTES) }

/** Red of a pharmacy's own service may mean that the pharmacy is shut: that is to be said instead. */
const asksClosed = ({ mayClose, closureId }: ServiceInView): boolean => mayClose && closureId === null

/** A service that stopped being active since the page was shown is said beside it. */
function problemHere({ field, code, message }: Problem, uid: number): Problem {
  if (!/^\d+$/.test(field)) return { field: field === 'resetInMinutes' ? 'reset' : field, code, message }
  return { field: Number(field) === uid ? 'status' : alsoField(Number(field)), code, message }
}

async function show(
  deps: CapacityDeps,
  reply: FastifyReply,
  seen: ServiceInView,
  {
    query,
    fields,
    problems,
  }: { readonly query: Fields; readonly fields: Fields; readonly problems: readonly Problem[] },
): Promise<FastifyReply> {
  const { record, pharmacy } = seen
  const now = deps.clock.now()
  const current = (await loadCapacities(deps.db.pool, [record.uid], now)).get(record.uid)
  if (!current) throw new Error(`service ${record.uid} went while it was shown`)
  const page = /^[1-9]\d{0,2}$/.test(rawIn(query, 'page')) ? Math.min(Number(rawIn(query, 'page')), FURTHEST_PAGE) : 1
  const past = await loadCapacityHistory(deps.db.pool, record.uid, page * HISTORY_A_PAGE + 1)
  const name = serviceNameOf(record)
  const capacity = capacityInWords(current, now)
  return render(reply, {
    title: `Capacity of ${name}`,
    name,
    uid: record.uid,
    place: [...(pharmacy ? [`${pharmacy.name}, ${pharmacy.odsCode}`] : []), typeInWords(record.typeId)].join('. '),
    banner: bannerOf(rawIn(query, 'set'), past[0], now),
    capacity: { ...capacity, resetAt: current.status === 'GREEN' ? null : current.resetAt },
    underneath: current.because === 'closure' ? underneathOf(past[0], now) : null,
    closure: closureAddress(seen),
    pharmacy: pharmacy && { name: pharmacy.name, address: seen.maySeePharmacy ? `/manage/${pharmacy.odsCode}` : '' },
    isActive: record.status === 'ACTIVE',
    maySet: seen.maySet,
    form: formView(seen, fields),
    history: past.slice((page - 1) * HISTORY_A_PAGE, page * HISTORY_A_PAGE).map((each) => rowOf(each, now)),
    newer: page > 1 ? historyAddress(record.uid, page - 1) : null,
    older: past.length > page * HISTORY_A_PAGE ? historyAddress(record.uid, page + 1) : null,
    problems,
  })
}

const historyAddress = (uid: number, page: number): string =>
  `/capacity/${uid}${page > 1 ? `?page=${page}` : ''}#history`

const closureAddress = ({ pharmacy, closureId, maySeePharmacy }: ServiceInView): string | null =>
  pharmacy && closureId && maySeePharmacy ? `/manage/${pharmacy.odsCode}/closures/${closureId}` : null

const formView = (seen: ServiceInView, fields: Fields): FormView => ({
  fields,
  statuses: STATUSES,
  resets: RESETS,
  reasons: CAPACITY_REASONS,
  longestNote: LONGEST_NOTE,
  asksClosed: asksClosed(seen),
  others: seen.others.map((record) => ({
    name: alsoField(record.uid),
    text: serviceNameOf(record),
    hint: typeInWords(record.typeId),
  })),
})

/** What was just set, as it is now: nothing when the address claims what is not so. */
function bannerOf(set: string, last: PastCapacity | undefined, now: Date): string | null {
  if (!/^[1-9]\d?$/.test(set) || !last || !holds(last, now)) return null
  const what = capacityTag(last.status).text
  const until = last.status === 'GREEN' ? '' : ` ${untilInWords(last.resetAt, londonDateOf(now))}`
  const count = Number(set)
  return count === 1 ? `This service is set to ${what}${until}.` : `${count} services are set to ${what}${until}.`
}

const holds = ({ replacedAt, resetAt }: PastCapacity, now: Date): boolean =>
  replacedAt === null && (resetAt === null || Date.parse(resetAt) > now.getTime())

function underneathOf(last: PastCapacity | undefined, now: Date): string | null {
  if (!last || !holds(last, now) || last.status === 'GREEN') return null
  return `${capacityTag(last.status).text} ${untilInWords(last.resetAt, londonDateOf(now))}`
}

const rowOf = (past: PastCapacity, now: Date): PastRow => ({
  tag: capacityTag(past.status),
  lines: pastInWords(past, now),
  note: past.note,
})
