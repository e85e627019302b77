/** `/workspace/services`: find a service, begin a new one, and one's own changes that are open. View: services.njk */
import type { FastifyInstance } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { SERVICE_STATUSES } from '#src/directory/service-record.ts'
import { editReference } from '#src/emails/record-edit-told.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { stageName } from '#src/rules/service-lifecycle.ts'
import { nameWithAliases } from '#src/rules/service-types.ts'
import { amendEdit } from '../amend-edit.ts'
import { reachOf } from '../edit-deps.ts'
import { type FoundService, findServices, type ServiceQuestion } from '../find-services.ts'
import type { ServiceEdit } from '../service-edit.ts'
import { loadEditsOf } from '../service-edit-store.ts'
import { APPROVALS, type EditorDeps, editorOf, SERVICES } from './subject.ts'

type Choice = { readonly value: string; readonly text: string; readonly selected: boolean }
type Row = {
  readonly href: string
  readonly name: string
  readonly uid: number
  readonly type: string
  readonly status: string
  readonly isActive: boolean
  readonly where: string
  readonly odsCode: string
  readonly owner: string
}
type OpenView = { readonly href: string; readonly text: string; readonly state: string }
type View = {
  readonly title: string
  readonly q: string
  readonly types: readonly Choice[]
  readonly statuses: readonly Choice[]
  readonly rows: readonly Row[]
  readonly page: number
  readonly previous: string | null
  readonly next: string | null
  readonly open: readonly OpenView[]
  readonly done: boolean
}

const render = template<View>('record-editor/pages/services.njk')
const LONGEST_QUESTION = 100
const LAST_PAGE = 400
const STATES: Readonly<Record<string, string>> = {
  draft: 'a draft',
  waiting: 'waits for a second person',
  conflict: 'choose what is right',
}

/** Mounts the list, and what begins a new service. */
export function servicesPage(app: FastifyInstance, deps: EditorDeps): void {
  app.get(SERVICES, async (request, reply) => {
    const actor = editorOf(request)
    const query = fieldsOf(request.query)
    const { text: q, typeId, status, page } = questionIn(query)
    const reach = reachOf(actor, 'edit-records')
    const { services, isMore } = await findServices(deps.db.pool, { text: q, typeId, status, page }, reach)
    const type = typeId === undefined ? '' : String(typeId)
    const at = (number: number) =>
      `${SERVICES}?${new URLSearchParams({ q, type, status: status ?? '', page: String(number) })}`
    const { types } = deps.reference()
    const named = [...types.values()].map(({ id, name }) => ({
      value: String(id),
      text: nameWithAliases(`${name} (${id})`, id),
    }))
    const statuses = SERVICE_STATUSES.map((value) => ({ value, text: stageName(value) }))
    return render(reply, {
      title: 'Services',
      q,
      types: choices(named.toSorted(byText), type, 'Any type'),
      statuses: choices(statuses, status ?? '', 'Any status'),
      rows: services.map((service) => rowOf(service, types.get(service.typeId)?.name)),
      page,
      previous: page > 1 ? at(page - 1) : null,
      next: isMore && page < LAST_PAGE ? at(page + 1) : null,
      open: (await loadEditsOf(deps.db.pool, auditNameOf(actor))).map(openView),
      done: rawIn(query, 'done') === 'discarded',
    })
  })

  app.post(`${SERVICES}/new`, async (request, reply) => {
    const actor = editorOf(request)
    const begun = await amendEdit(deps, actor, { of: 'new', patch: {} })
    if (begun.outcome !== 'saved') throw new Error('A draft of a new service could not be begun')
    return reply.redirect(`${SERVICES}/new-${begun.edit.id}/change/name`, 303)
  })
}

/** What is asked in the address; what is nonsense in it is left out. */
function questionIn(query: Fields): ServiceQuestion {
  const type = rawIn(query, 'type')
  const page = rawIn(query, 'page')
  return {
    text: lineIn(query, 'q').slice(0, LONGEST_QUESTION),
    typeId: /^-?\d{1,6}$/.test(type) ? Number(type) : undefined,
    status: SERVICE_STATUSES.find((each) => each === rawIn(query, 'status')),
    page: /^[1-9]\d{0,2}$/.test(page) ? Math.min(Number(page), LAST_PAGE) : 1,
  }
}

function openView({ id, uid, state, serviceName }: ServiceEdit & { readonly serviceName: string }): OpenView {
  return {
    href: state === 'draft' ? `${SERVICES}/${uid ?? `new-${id}`}/check` : `${APPROVALS}/${id}`,
    text: `${serviceName || 'New service'}${uid === null ? '' : ` (${uid})`}`,
    state: `${editReference(id)}, ${STATES[state] ?? state}`,
  }
}

const byText = (one: { readonly text: string }, other: { readonly text: string }): number =>
  one.text.localeCompare(other.text, 'en')

const choices = (items: readonly Omit<Choice, 'selected'>[], chosen: string, all: string): readonly Choice[] =>
  [{ value: '', text: all }, ...items].map((item) => ({ ...item, selected: item.value === chosen }))

function rowOf(service: FoundService, typeName: string | undefined): Row {
  const { uid, name, typeId, status, odsCode, address, postcode, profileOds } = service
  return {
    href: `${SERVICES}/${uid}`,
    name,
    uid,
    type: typeName ?? `Type ${typeId}`,
    status: stageName(status),
    isActive: status === 'ACTIVE',
    where: [...address, postcode].filter(Boolean).join(', '),
    odsCode: odsCode ?? '',
    owner: profileOds === null ? '' : `Hours, address and contacts come from the profile of ${profileOds}`,
  }
}
