/** `/workspace`: what waits for the directory team, queue by queue, and the figures of its area. View: workspace.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { loadAccessQueue } from '#src/access/access-queue.ts'
import { type Actor, auditNameOf, requireActor } from '#src/accounts/actor.ts'
import { can, scopeOf } from '#src/accounts/can.ts'
import { countDue } from '#src/contacts-register/contact-records.ts'
import { countOpen } from '#src/contacts-register/corrections.ts'
import type { Where } from '#src/directory/area.ts'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import { loadFieldQueues } from '#src/field-queries/waiting-counts.ts'
import { countTickets } from '#src/help-desk/ticket-records.ts'
import { countOnboarding } from '#src/onboarding/onboarding-records.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import type { ListScope } from '#src/profiles/match-pharmacies.ts'
import { loadWaitingPlaceChanges } from '#src/profiles/place-changes.ts'
import { countLocal, type LocalState } from '#src/record-editor/local/local-records.ts'
import { countWaitingEdits } from '#src/record-editor/waiting-edits.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { countLeadReports } from '#src/wrong-reports/report-records.ts'
import { addressIn, type Figure, loadFigures, reachFor } from '../figures.ts'
import type { WorkspaceDeps } from './workspace-pages.ts'

type Queue = { readonly title: string; readonly address: string; readonly waiting: number; readonly late: number }

type View = {
  readonly title: string
  /** `where`: an area is chosen, and this is about more than that. */
  readonly queues: readonly (Queue & { readonly where: string })[]
  readonly figures: readonly Figure[]
  readonly chosen: ChosenArea
}

const render = template<View>('directory-workspace/pages/workspace.njk')

/** Mounts the page. */
export function workspacePage(app: FastifyInstance, deps: WorkspaceDeps): void {
  app.get('/workspace', async (request, reply) => {
    const actor = workspaceActor(request)
    const asked = lineIn(fieldsOf(request.query), 'area')
    const chosen = await chooseArea(deps.db.pool, reachFor(actor, 'see-workspace'), asked)
    const { area } = chosen
    const whole = scopeOf(actor, 'see-workspace').everywhere ? ' in all of England' : ' in all your areas'
    return render(reply, {
      title: 'Workspace',
      queues: [
        ...(await queuesIn(deps, actor, area)).map(({ address, ...queue }) => ({
          ...{ ...queue, address: addressIn(address, area), where: '' },
        })),
        ...(await queuesOfAll(deps, actor)).map((queue) => ({ ...queue, where: area === undefined ? '' : whole })),
      ],
      figures: await loadFigures(deps.db.pool, { actor, area, now: deps.clock.now(), countRed: deps.countRed }),
      chosen,
    })
  })
}

/** What waits in an area of theirs, or in all of it. */
async function queuesIn(deps: WorkspaceDeps, actor: Actor, area: string | undefined): Promise<readonly Queue[]> {
  const scope = { ...scopeOf(actor, 'query-pharmacy'), area }
  return [
    await accessRequests(deps, { ...scopeOf(actor, 'decide-access'), area }),
    await placeChanges(deps, { ...scopeOf(actor, 'decide-place-change'), area }),
    ...(await loadFieldQueues(deps.db.pool, scope, deps.clock.now())),
    await wrongReports(deps, scope),
    await recordChanges(deps, actor, area),
    await referralServices(deps, { reach: reachFor(actor, 'run-onboarding'), area }),
    ...(await localServices(deps, { reach: reachFor(actor, 'edit-records'), area })),
    await wrongContacts(deps, { ...scopeOf(actor, 'edit-contacts'), area }),
    await dueContacts(deps, { ...scopeOf(actor, 'edit-contacts'), area }),
  ]
}

/** What waits whatever the area: lists of these are about all that the person answers for. */
const queuesOfAll = async (deps: WorkspaceDeps, actor: Actor): Promise<readonly Queue[]> =>
  can(actor, 'work-tickets') ? [await tickets(deps, actor)] : []

async function accessRequests({ db, clock, holidays }: WorkspaceDeps, scope: ListScope): Promise<Queue> {
  const { waiting, late } = await loadAccessQueue(db.pool, {
    scope,
    now: clock.now(),
    holidays: holidays(),
    page: 1,
    atMailbox: false,
  })
  return { title: 'Requests for access', address: '/workspace/access-requests', waiting, late }
}

async function placeChanges({ db }: WorkspaceDeps, scope: ListScope): Promise<Queue> {
  const { total } = await loadWaitingPlaceChanges(db.pool, scope)
  const title = 'Names, addresses and map pins'
  return { title, address: '/workspace/place-changes', waiting: total, late: 0 }
}

async function recordChanges({ db }: WorkspaceDeps, actor: Actor, area: string | undefined): Promise<Queue> {
  const waiting = await countWaitingEdits(db.pool, actor, area)
  return { title: 'Record changes to approve', address: '/workspace/approvals', waiting, late: 0 }
}

/** All of these are late: the pharmacy had its time. */
async function wrongReports({ db, clock }: WorkspaceDeps, scope: ListScope): Promise<Queue> {
  const waiting = await countLeadReports(db.pool, scope, clock.now())
  return { title: 'What people say is wrong', address: '/workspace/wrong-reports', waiting, late: waiting }
}

async function wrongContacts({ db }: WorkspaceDeps, scope: ListScope): Promise<Queue> {
  const waiting = await countOpen(db.pool, scope)
  return { title: 'Contacts that readers say are wrong', address: '/workspace/contact-corrections', waiting, late: 0 }
}

async function dueContacts({ db, clock }: WorkspaceDeps, scope: ListScope): Promise<Queue> {
  const late = await countDue(db.pool, scope, londonDateOf(clock.now()))
  return { title: 'Contacts to confirm', address: '/workspace/contacts?show=due', waiting: late, late }
}

async function tickets({ db, clock }: WorkspaceDeps, actor: Actor): Promise<Queue> {
  const { waiting, overdue } = await countTickets(db.pool, { me: auditNameOf(actor), now: clock.now() })
  return { title: 'Tickets', address: '/workspace/tickets', waiting, late: overdue }
}

async function referralServices({ db, clock, holidays }: WorkspaceDeps, where: Where): Promise<Queue> {
  const { waiting, late } = await countOnboarding(db.pool, { where, now: clock.now(), holidays: holidays() })
  return { title: 'Referral services to set up', address: '/workspace/onboarding', waiting, late }
}

/** One queue for each list: a figure of both would open neither. */
async function localServices({ db, clock }: WorkspaceDeps, where: Where): Promise<readonly Queue[]> {
  const { due, unowned } = await countLocal(db.pool, where, londonDateOf(clock.now()))
  const address = (show: LocalState) => `/workspace/local-services?show=${show}`
  return [
    { title: 'Local services to review', address: address('due'), waiting: due, late: due },
    { title: 'Local services that nobody answers for', address: address('unowned'), waiting: unowned, late: 0 },
  ]
}

/** Whoever asks for a page of the workspace. Throws `Forbidden` when it is not theirs to see. */
export function workspaceActor(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'see-workspace')) throw new Forbidden('The workspace is for the teams that look after the directory')
  return actor
}
