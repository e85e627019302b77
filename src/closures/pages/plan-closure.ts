/** `/manage/:odsCode/closures/plan`: a closure that begins later, up to and over 5 days. View: plan-closure.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { type Fields, fieldsOf } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { closePharmacy } from '../close-pharmacy.ts'
import { loadClosure } from '../closure-records.ts'
import { policyOf } from '../notices/who-is-told.ts'
import { closureAddress, closureIdIn, startingFields } from './close-now.ts'
import { atFields, PLANNED_REASONS, parsePlannedClosure } from './closure.form.ts'
import { loadServicesToClose, type ServiceToClose } from './services-to-close.ts'

type PlanView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  /** What makes a second press the same closure. */
  readonly closureId: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
  readonly reasons: readonly string[]
  readonly services: readonly ServiceToClose[]
  /** A date of next week, as an example. */
  readonly example: string
  /** What the ICB asks of closures. */
  readonly asked: readonly string[]
}

const render = template<PlanView>('closures/pages/plan-closure.njk')
const PATH = '/manage/:odsCode/closures/plan'

/** Mounts the page. */
export function planClosurePage(app: FastifyInstance, deps: ManageDeps): void {
  app.get(PATH, async (request, reply) => {
    const seen = await visit(deps, request, 'edit-changes')
    return show(reply, deps, seen, { ...startingFields(seen), 'until-when': '' }, [])
  })
  app.post(PATH, async (request, reply) => {
    const askedAt = deps.clock.now()
    const seen = await visit(deps, request, 'edit-changes')
    const { odsCode } = seen
    const fields = fieldsOf(request.body)
    const id = closureIdIn(fields)
    const known = await loadClosure(deps.db.pool, id)
    if (known?.odsCode === odsCode) return reply.redirect(closureAddress(odsCode, id), 303)
    const services = (await loadServicesToClose(deps.db.pool, odsCode)).map(({ uid }) => uid)
    const read = parsePlannedClosure(fields, { askedAt, services })
    if (!read.ok) return show(reply.code(422), deps, seen, fields, read.problems)
    const by = { actor: auditNameOf(seen.actor), via: 'profile-manager', askedAt } as const
    const saved = await closePharmacy(deps, odsCode, { id, ...read.value }, by)
    if (!saved.ok) return show(reply.code(422), deps, seen, fields, atFields(saved.problems, fields, true))
    await deps.follower.reached(saved.value.seq)
    return reply.redirect(`${closureAddress(odsCode, id)}?done=closed`, 303)
  })
}

async function show(
  reply: FastifyReply,
  { db }: ManageDeps,
  { odsCode, stored, now }: Visit,
  fields: Fields,
  problems: readonly Problem[],
): Promise<FastifyReply> {
  return render(reply.header('cache-control', 'private, no-cache'), {
    title: 'Plan a closure',
    odsCode,
    pharmacy: stored.profile.name,
    closureId: closureIdIn(fields),
    fields,
    problems,
    reasons: PLANNED_REASONS,
    services: await loadServicesToClose(db.pool, odsCode),
    asked: await policyOf(db, stored.profile),
    example: formatDateShort(dateOf(toLondon(now).day + 7)),
  })
}
