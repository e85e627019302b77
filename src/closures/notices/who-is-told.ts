/** `/manage/:odsCode/closures/who-is-told`: who hears of this pharmacy's closures, and whether it hears of others'. View: who-is-told.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { METRES_PER_MILE, milesInWords } from '#src/rules/distance.ts'
import { policyLines } from '#src/rules/notice-policy.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import type { Problem } from '#src/rules/problems.ts'
import {
  addListener,
  endListener,
  LISTENING_MILES,
  type Listener,
  loadListener,
  loadListeners,
  metresOf,
} from './listeners.ts'
import { loadPolicy } from './notice-records.ts'
import type { Tag } from './notice-view.ts'
import { parseOwnForm, parseSurgeryForm } from './who-is-told.form.ts'

type ListenerRow = {
  readonly id: number
  readonly name: string
  readonly email: string
  /** How far away; empty for a surgery. */
  readonly within: string
  readonly tag: Tag
}
type View = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly address: string
  readonly banner: string | null
  readonly policy: readonly string[]
  readonly surgeries: readonly ListenerRow[]
  readonly own: readonly ListenerRow[]
  readonly distances: readonly { readonly value: string; readonly text: string }[]
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = '/manage/:odsCode/closures/who-is-told'
const render = template<View>('closures/notices/who-is-told.njk')
const USUAL_MILES = '3'

/** Mounts the page and its forms. */
export function whoIsToldPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get(PATH, async (request, reply) => {
    const seen = await visit(deps, request, 'see-people')
    const banner = BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null
    return show(reply, deps, seen, { banner, fields: { miles: USUAL_MILES }, problems: [] })
  })
  app.post(`${PATH}/surgery`, async (request, reply) => {
    const seen = await visit(deps, request, 'see-people')
    const fields = fieldsOf(request.body)
    const form = parseSurgeryForm(fields)
    if (!form.ok) return show(reply.code(422), deps, seen, { fields, problems: form.problems })
    const what = `when ${namedFully(seen)} closes or reopens`
    return add(reply, deps, seen, fields, { kind: 'surgery', ...form.value, withinMetres: null, what })
  })
  app.post(`${PATH}/own`, async (request, reply) => {
    const seen = await visit(deps, request, 'see-people')
    const fields = fieldsOf(request.body)
    const form = parseOwnForm(fields)
    if (!form.ok) return show(reply.code(422), deps, seen, { fields, problems: form.problems })
    const { email, miles } = form.value
    const what = `when a pharmacy within ${milesWords(miles)} of ${namedFully(seen)} closes or reopens`
    const name = seen.stored.profile.name
    return add(reply, deps, seen, fields, { kind: 'pharmacy', name, email, withinMetres: metresOf(miles), what })
  })
  app.post(`${PATH}/:listenerId/remove`, async (request, reply) => {
    const { odsCode, now } = await visit(deps, request, 'see-people')
    const { listenerId } = request.params as { listenerId: string }
    if (!/^[1-9]\d{0,9}$/.test(listenerId)) throw new NotFound('There is no such address')
    const id = Number(listenerId)
    if ((await loadListener(deps.db.pool, id))?.odsCode !== odsCode) throw new NotFound('There is no such address')
    // A second press of the button finds it removed, and shows the same.
    await endListener(deps.db.pool, id, { how: 'removed', now, odsCode })
    return reply.redirect(`${addressOf(odsCode)}?done=removed`, 303)
  })
}

const addressOf = (odsCode: string): string => `/manage/${odsCode}/closures/who-is-told`
const namedFully = ({ odsCode, stored }: Visit): string =>
  `${stored.profile.name}, ${stored.profile.address.postcode} (${odsCode})`
const milesWords = (miles: number): string => milesInWords(miles * METRES_PER_MILE)

async function add(
  reply: FastifyReply,
  deps: ManageDeps,
  seen: Visit,
  fields: Fields,
  added: Pick<Parameters<typeof addListener>[1], 'kind' | 'name' | 'email' | 'withinMetres' | 'what'>,
): Promise<FastifyReply> {
  const { actor, odsCode } = seen
  const isOwn = added.kind === 'pharmacy' && added.email === actor.email
  const by = { addedBy: auditNameOf(actor), addedByName: actor.name, isOwn }
  const saved = await addListener(deps, { ...added, odsCode, ...by })
  if (!saved.ok) return show(reply.code(422), deps, seen, { fields, problems: saved.problems })
  return reply.redirect(`${addressOf(odsCode)}?done=${isOwn ? 'own' : 'asked'}`, 303)
}

const BANNERS: Readonly<Record<string, string>> = {
  asked: 'We have sent an email to ask. Nobody is told before somebody says yes by the link in it.',
  own: 'You get an email when a pharmacy near you closes or reopens.',
  removed: 'The address is removed.',
}

async function show(
  reply: FastifyReply,
  { db }: ManageDeps,
  { odsCode, stored: { profile } }: Visit,
  given: { readonly banner?: string | null; readonly fields: Fields; readonly problems: readonly Problem[] },
): Promise<FastifyReply> {
  const listeners = await loadListeners(db.pool, odsCode)
  return render(reply.header('cache-control', 'private, no-cache'), {
    title: 'Who is told of closures',
    odsCode,
    pharmacy: profile.name,
    address: addressOf(odsCode),
    banner: given.banner ?? null,
    policy: await policyOf(db, profile),
    surgeries: listeners.filter(({ kind }) => kind === 'surgery').map(rowOf),
    own: listeners.filter(({ kind }) => kind === 'pharmacy').map(rowOf),
    distances: LISTENING_MILES.map((miles) => ({ value: String(miles), text: `Within ${milesWords(miles)}` })),
    fields: given.fields,
    problems: given.problems,
  })
}

/** What the area asks, for forms that close a pharmacy and for this page. */
export async function policyOf(db: ManageDeps['db'], { odsCode, commissioning }: Profile): Promise<readonly string[]> {
  if (odsCode === TRAINING_PHARMACY) return ['Nobody is told of what happens at a training pharmacy.']
  const policy = await loadPolicy(db.pool, commissioning.icbCode)
  if (policy) return policyLines(policy)
  return ['We do not know yet whom your ICB wants told. Tell it yourself when you close: we write the notice for you.']
}

function rowOf({ id, name, email, withinMetres, confirmedAt }: Listener): ListenerRow {
  return {
    id,
    name,
    email,
    within: withinMetres === null ? '' : `Pharmacies within ${milesInWords(withinMetres)}`,
    tag: confirmedAt ? { text: 'Said yes', colour: 'green' } : { text: 'Waiting for a yes', colour: 'yellow' },
  }
}
