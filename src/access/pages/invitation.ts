/** `/manage/invitations/:invitationId`: accept or decline, signed in with the address that was invited. View: invitation.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { ROLE_WORDS } from '#src/rules/pharmacy-roles.ts'
import type { AccessDeps } from '../access-deps.ts'
import { type Invitation, loadInvitation } from '../invitation-store.ts'
import { acceptInvitation, endInvitation, isGood } from '../invitations.ts'
import { loadActorNames } from '../people-words.ts'

type View = {
  readonly title: string
  readonly email: string
  /** What is offered; null when this address has no such invitation, or it is over. */
  readonly offer: {
    readonly action: string
    readonly facts: readonly { readonly key: string; readonly value: string }[]
  } | null
}

const PATH = '/manage/invitations/:invitationId'
const render = template<View>('access/pages/invitation.njk')

/** Mounts the page, in a scope that only signed-in people reach. */
export function invitationPages(app: FastifyInstance, deps: AccessDeps): void {
  app.get(PATH, async (request, reply) => {
    const actor = newcomer(request)
    return await show(reply, deps, actor, await ownInvitation(deps, request, actor))
  })

  app.post(PATH, async (request, reply) => {
    const actor = newcomer(request)
    const invitation = await ownInvitation(deps, request, actor)
    if (!invitation) return await show(reply, deps, actor, undefined)
    if (rawIn(fieldsOf(request.body), 'do') === 'decline') {
      await endInvitation(deps, actor, invitation, 'declined')
      return reply.redirect('/manage?declined=yes', 303)
    }
    const accepted = await acceptInvitation(deps, actor, invitation.id)
    if (accepted === 'over') return await show(reply, deps, actor, undefined)
    return reply.redirect(`/manage/${invitation.odsCode}?joined=yes`, 303)
  })
}

async function show(
  reply: FastifyReply,
  { db, clock }: AccessDeps,
  actor: Actor,
  invitation: Invitation | undefined,
): Promise<FastifyReply> {
  const stored = invitation && (await loadProfile(db.pool, invitation.odsCode))
  const now = clock.now()
  if (!invitation || !stored || !(await isGood(db.pool, invitation, { profile: stored.profile, now }))) {
    return render(reply.code(404), { title: 'This invitation is not open to you', email: actor.email, offer: null })
  }
  const { id, odsCode, role, lastDay, invitedBy } = invitation
  const nameOf = await loadActorNames(db.pool, [invitedBy])
  const { name, address } = stored.profile
  const facts = [
    { key: 'Pharmacy', value: [`${name} (${odsCode})`, ...address.lines, address.postcode].join(', ') },
    { key: 'You will be', value: `${ROLE_WORDS[role].label}: ${ROLE_WORDS[role].hint.toLowerCase()}` },
    { key: 'Last day', value: lastDay ? formatDateShort(lastDay) : '' },
    { key: 'Invited by', value: nameOf(invitedBy) },
  ]
  const title = 'You are invited to look after a pharmacy'
  return render(reply, { title, email: actor.email, offer: { action: `/manage/invitations/${id}`, facts } })
}

/** Somebody else's invitation looks like none. */
async function ownInvitation(
  { db }: AccessDeps,
  request: FastifyRequest,
  actor: Actor,
): Promise<Invitation | undefined> {
  const { invitationId } = request.params as { invitationId: string }
  const known = /^\d{1,15}$/.test(invitationId) ? await loadInvitation(db.pool, Number(invitationId)) : undefined
  return known?.email === actor.email ? known : undefined
}

function newcomer(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'ask-for-access')) throw new Forbidden('You cannot be given access')
  return actor
}
