/** Inviting somebody to a pharmacy, sending that again, and taking it back. View: invite.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireRecentSignIn } from '#src/accounts/recent-sign-in.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { targetOf, type Visit, visit } from '#src/profiles/visit.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { AccessDeps } from '../access-deps.ts'
import { grantableRoles } from '../give-access.ts'
import { type Invitation, loadInvitation } from '../invitation-store.ts'
import { endInvitation, OPEN_DAYS, saveInvitation, sendAgain } from '../invitations.ts'
import { parseInviteForm } from './member.form.ts'
import { roleChoices } from './role-choices.ts'

type View = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly openDays: number
  readonly isClosed: boolean
  readonly roles: ReturnType<typeof roleChoices>
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const render = template<View>('access/pages/invite.njk')

/** Mounts the pages, in a scope that only signed-in people reach. */
export function invitePages(app: FastifyInstance, deps: AccessDeps): void {
  const path = '/manage/:odsCode/people/invite'
  const show = (reply: FastifyReply, { actor, odsCode, stored }: Visit, fields: Fields, problems: readonly Problem[]) =>
    render(reply, {
      title: 'Invite somebody',
      odsCode,
      pharmacy: stored.profile.name,
      openDays: OPEN_DAYS,
      isClosed: stored.profile.status === 'closed',
      roles: roleChoices(grantableRoles(actor, targetOf(odsCode, stored)), rawIn(fields, 'role')),
      fields,
      problems,
    })

  app.get(path, async (request, reply) => {
    const seen = await visit(deps, request, 'manage-people')
    if (!(await requireRecentSignIn(request, reply, deps))) return reply
    return show(reply, seen, {}, [])
  })

  app.post(path, async (request, reply) => {
    const seen = await visit(deps, request, 'manage-people')
    const people = `/manage/${seen.odsCode}/people`
    if (!(await requireRecentSignIn(request, reply, { ...deps, returnTo: `${people}/invite` }))) return reply
    const fields = fieldsOf(request.body)
    const asked = parseInviteForm(fields, seen.today)
    if (!asked.ok) return show(reply.code(422), seen, fields, asked.problems)
    const saved = await saveInvitation(deps, seen.actor, seen.odsCode, asked.value)
    if (!saved.ok) return show(reply.code(422), seen, fields, saved.problems)
    return reply.redirect(`${people}?invited=yes`, 303)
  })

  const found = async (request: FastifyRequest, reply: FastifyReply) => {
    const seen = await visit(deps, request, 'manage-people')
    const people = `/manage/${seen.odsCode}/people`
    const invitation = await invitationIn(deps, request, seen.odsCode)
    if (!(await requireRecentSignIn(request, reply, { ...deps, returnTo: people }))) return undefined
    return { seen, people, invitation }
  }

  app.post('/manage/:odsCode/people/invitations/:invitationId/send', async (request, reply) => {
    const given = await found(request, reply)
    if (!given) return reply
    const sent = await sendAgain(deps, given.seen.actor, given.invitation)
    return reply.redirect(sent ? `${given.people}?invited=again` : given.people, 303)
  })

  app.post('/manage/:odsCode/people/invitations/:invitationId/withdraw', async (request, reply) => {
    const given = await found(request, reply)
    if (!given) return reply
    await endInvitation(deps, given.seen.actor, given.invitation, 'withdrawn')
    return reply.redirect(`${given.people}?withdrawn=yes`, 303)
  })
}

async function invitationIn({ db }: AccessDeps, request: FastifyRequest, odsCode: string): Promise<Invitation> {
  const { invitationId } = request.params as { invitationId: string }
  const known = /^\d{1,15}$/.test(invitationId) ? await loadInvitation(db.pool, Number(invitationId)) : undefined
  if (known?.odsCode !== odsCode) throw new NotFound('There is no such invitation')
  return known
}
