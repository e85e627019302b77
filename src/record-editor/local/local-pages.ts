/** `/workspace/local-services`: the local catalogue, its owners and reviews. Views: local-services.njk, new-local.njk, local-service.njk, local-owner.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '#src/accounts/actor.ts'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { reachOf } from '../edit-deps.ts'
import { type EditorDeps, editorOf, SERVICES } from '../pages/subject.ts'
import { makeLocalService, nameOwner, reviewLocal } from './keep-local.ts'
import { ownerFields, parseNewForm, parseOwnerForm } from './local.form.ts'
import {
  LOCAL_A_PAGE,
  LOCAL_STATES,
  type LocalService,
  type LocalState,
  loadLocalService,
  loadLocalServices,
} from './local-records.ts'

import { type Choice, choicesOf, type ServiceView, viewsOf } from './local-view.ts'

export const LOCAL_SERVICES = '/workspace/local-services'

type Tab = { readonly href: string; readonly text: string; readonly isCurrent: boolean }
type ListView = {
  readonly title: string
  readonly chosen: ChosenArea
  readonly asked: string
  readonly state: LocalState
  readonly tabs: readonly Tab[]
  readonly heading: string
  readonly services: readonly ServiceView[]
  readonly pages: { readonly previous: string | null; readonly next: string | null } | null
}
type OneView = {
  readonly title: string
  readonly banner: string | null
  readonly problems: readonly Problem[]
  readonly service: ServiceView
  readonly address: string
  readonly record: string
  readonly version: number
}
type FormView = {
  readonly title: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
}
type NewView = FormView & { readonly types: readonly Choice[]; readonly codes: readonly string[] }
type OwnerView = FormView & { readonly service: ServiceView; readonly address: string; readonly version: number }

const renderList = template<ListView>('record-editor/local/local-services.njk')
const renderNew = template<NewView>('record-editor/local/new-local.njk')
const renderOne = template<OneView>('record-editor/local/local-service.njk')
const renderOwner = template<OwnerView>('record-editor/local/local-owner.njk')

const LONGEST_ASKED = 100
const MEANWHILE = 'Somebody else changed this meanwhile. Check what it says now, and try again'
const BANNERS: Readonly<Record<string, string>> = {
  owner: 'Saved who answers for it.',
  reviewed: 'Saved that the record is right.',
}
const TABS: Readonly<Record<LocalState, string>> = {
  all: 'All',
  due: 'Review is due',
  unowned: 'Nobody answers for it',
}
const HEADINGS: Readonly<Record<LocalState, string>> = {
  all: '',
  due: ' to review',
  unowned: ' that nobody answers for',
}

/** Mounts the pages, in a scope that only signed-in people reach. */
export function localPages(app: FastifyInstance, deps: EditorDeps): void {
  listPage(app, deps)
  newPage(app, deps)
  onePage(app, deps)
  ownerPage(app, deps)
}

function listPage(app: FastifyInstance, deps: EditorDeps): void {
  app.get(LOCAL_SERVICES, async (request, reply) => {
    const actor = editorOf(request)
    const query = fieldsOf(request.query)
    const reach = reachOf(actor, 'edit-records')
    const chosen = await chooseArea(deps.db.pool, reach, lineIn(query, 'area'))
    const asked = lineIn(query, 'q').slice(0, LONGEST_ASKED)
    const state = LOCAL_STATES.find((known) => known === rawIn(query, 'show')) ?? 'all'
    const page = Number(/^[1-9]\d{0,3}$/.exec(rawIn(query, 'page'))?.[0] ?? 1)
    const today = londonDateOf(deps.clock.now())
    const question = { where: { reach, area: chosen.area }, state, text: asked, today, page }
    const { services, total } = await loadLocalServices(deps.db.pool, question)
    const addressWith = (changed: Record<string, string>): string =>
      `${LOCAL_SERVICES}?${new URLSearchParams({ area: chosen.area ?? '', q: asked, show: state, ...changed })}`
    return renderList(reply, {
      title: 'Local services',
      chosen,
      asked,
      state,
      tabs: LOCAL_STATES.map((each) => ({
        href: addressWith({ show: each }),
        text: TABS[each],
        isCurrent: each === state,
      })),
      heading: `${total || 'No'} local service${total === 1 ? '' : 's'}${HEADINGS[state]}`,
      services: await viewsOf(deps, services, today),
      pages: pagesOf(page, total, (number) => addressWith({ page: String(number) })),
    })
  })
}

/** The ways to the page before and the page after; null where all is on one page. */
function pagesOf(page: number, total: number, addressOf: (page: number) => string): ListView['pages'] {
  const isLast = total <= page * LOCAL_A_PAGE
  if (page === 1 && isLast) return null
  return { previous: page > 1 ? addressOf(page - 1) : null, next: isLast ? null : addressOf(page + 1) }
}

function newPage(app: FastifyInstance, deps: EditorDeps): void {
  const path = `${LOCAL_SERVICES}/new`
  const show = (reply: FastifyReply, fields: Fields, problems: readonly Problem[] = []) =>
    renderNew(reply, { title: 'Add a local service', fields, problems, ...choicesOf(deps.reference()) })
  app.get(path, async (request, reply) => {
    editorOf(request)
    return show(reply, ownerFields(null))
  })
  app.post(path, async (request, reply) => {
    const actor = editorOf(request)
    const fields = fieldsOf(request.body)
    const parsed = parseNewForm(fields, { reference: deps.reference(), gazetteer: deps.gazetteer })
    if (!parsed.ok) return show(reply.code(422), fields, parsed.problems)
    const made = await makeLocalService(deps, actor, parsed.value)
    if (made.outcome === 'refused') return show(reply.code(422), fields, made.problems.map(onForm))
    await deps.follower.reached(made.seq)
    return reply.redirect(`${SERVICES}/${made.uid}/clinical?done=made`, 303)
  })
}

/** Fields of a record by the boxes of the form. */
const BOXES: Readonly<Record<string, string>> = { sgsd: 'code', typeId: 'type', status: 'type' }
const onForm = (problem: Problem): Problem => ({ ...problem, field: BOXES[problem.field] ?? problem.field })

function onePage(app: FastifyInstance, deps: EditorDeps): void {
  const path = `${LOCAL_SERVICES}/:uid`
  const show = async (
    reply: FastifyReply,
    local: LocalService,
    banner: string | null,
    problems: readonly Problem[] = [],
  ) => {
    const [service] = await viewsOf(deps, [local], londonDateOf(deps.clock.now()))
    if (!service) throw new Error('A service has no view')
    const { uid, version } = local
    const [address, record] = [`${LOCAL_SERVICES}/${uid}`, `${SERVICES}/${uid}`]
    return renderOne(reply, { title: service.name, banner, problems, service, address, record, version })
  }
  app.get(path, async (request, reply) => {
    const { local } = await localIn(deps, request)
    return show(reply, local, BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null)
  })
  app.post(`${path}/review`, async (request, reply) => {
    const { local, actor } = await localIn(deps, request)
    const { uid } = local
    if (!local.owner) throw new NotFound('Nobody answers for this service yet')
    const read = { uid, expectedVersion: versionIn(fieldsOf(request.body)) }
    if ((await reviewLocal(deps, actor, read)) === 'saved') {
      return reply.redirect(`${LOCAL_SERVICES}/${uid}?done=reviewed`, 303)
    }
    const now = await localIn(deps, request)
    return show(reply.code(409), now.local, null, [{ field: 'review', code: 'changed', message: MEANWHILE }])
  })
}

function ownerPage(app: FastifyInstance, deps: EditorDeps): void {
  const path = `${LOCAL_SERVICES}/:uid/owner`
  const show = async (
    reply: FastifyReply,
    local: LocalService,
    given?: { fields: Fields; problems: readonly Problem[] },
  ) => {
    const [service] = await viewsOf(deps, [local], londonDateOf(deps.clock.now()))
    if (!service) throw new Error('A service has no view')
    return renderOwner(reply, {
      title: 'Who answers for it?',
      service,
      address: `${LOCAL_SERVICES}/${local.uid}`,
      version: local.version,
      fields: given?.fields ?? ownerFields(local.owner),
      problems: given?.problems ?? [],
    })
  }
  app.get(path, async (request, reply) => show(reply, (await localIn(deps, request)).local))
  app.post(path, async (request, reply) => {
    const { local, actor } = await localIn(deps, request)
    const fields = fieldsOf(request.body)
    const parsed = parseOwnerForm(fields)
    if (!parsed.ok) return show(reply.code(422), local, { fields, problems: parsed.problems })
    const read = { uid: local.uid, expectedVersion: versionIn(fields) }
    if ((await nameOwner(deps, actor, read, parsed.value)) === 'saved') {
      return reply.redirect(`${LOCAL_SERVICES}/${local.uid}?done=owner`, 303)
    }
    const now = (await localIn(deps, request)).local
    const problems = [{ field: 'owner-name', code: 'changed', message: MEANWHILE }]
    return show(reply.code(409), now, { fields: ownerFields(now.owner), problems })
  })
}

/** A version that is none is one that no row has. */
function versionIn(fields: Fields): number {
  const text = lineIn(fields, 'version')
  return /^\d{1,9}$/.test(text) ? Number(text) : -1
}

/** The service in the address, for somebody who edits records. Throws NotFound for what is none, or out of reach. */
async function localIn(
  deps: EditorDeps,
  request: FastifyRequest,
): Promise<{ readonly actor: Actor; readonly local: LocalService }> {
  const actor = editorOf(request)
  const { uid } = request.params as { readonly uid: string }
  const where = { reach: reachOf(actor, 'edit-records') }
  const local = /^[1-9]\d{0,9}$/.test(uid) ? await loadLocalService(deps.db.pool, Number(uid), where) : undefined
  if (!local) throw new NotFound('There is no such local service in the areas you look after')
  return { actor, local }
}
