/** Changing or removing a member of a pharmacy, and leaving it. Views: member.njk, remove-member.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireRecentSignIn } from '#src/accounts/recent-sign-in.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { targetOf, type Visit, visit } from '#src/profiles/visit.ts'
import { roleInSentence } from '#src/rules/pharmacy-roles.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { AccessDeps } from '../access-deps.ts'
import { changeMember, isLastOwner, type MemberChanged, removeMember } from '../change-members.ts'
import { grantableRoles } from '../give-access.ts'
import { loadMembers, type Member } from '../members.ts'
import { shownName } from '../people-words.ts'
import { parseRoleForm, roleFields } from './member.form.ts'
import { roleChoices } from './role-choices.ts'

type View = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly address: string
  readonly email: string
  readonly isClosed: boolean
  readonly roles: ReturnType<typeof roleChoices>
  readonly fields: Fields
  readonly problems: readonly Problem[]
}
type RemoveView = {
  readonly title: string
  readonly pharmacy: string
  readonly odsCode: string
  readonly back: string
  readonly action: string
  readonly who: string
  readonly role: string
  readonly isSelf: boolean
  /** Known before the press. */
  readonly whyNot: string | null
  readonly problems: readonly Problem[]
}

const render = template<View>('access/pages/member.njk')
const renderRemove = template<RemoveView>('access/pages/remove-member.njk')
const PATH = '/manage/:odsCode/people/members/:member'

const lastOwnerWords = (isSelf: boolean): string =>
  `${isSelf ? 'You are' : 'They are'} the only owner. Make somebody else an owner first`
const NOT_ALLOWED = 'You cannot give more access than you have, or raise your own'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function memberPages(app: FastifyInstance, deps: AccessDeps): void {
  app.get(PATH, async (request, reply) => {
    const seen = await visit(deps, request, 'manage-people')
    const member = await memberIn(deps, request, seen)
    if (!(await requireRecentSignIn(request, reply, deps))) return reply
    return show(reply, seen, member, roleFields(member), [])
  })

  app.post(PATH, async (request, reply) => {
    const seen = await visit(deps, request, 'manage-people')
    const member = await memberIn(deps, request, seen)
    if (!(await requireRecentSignIn(request, reply, { ...deps, returnTo: addressOf(seen, member) }))) return reply
    const fields = fieldsOf(request.body)
    const wanted = parseRoleForm(fields, seen.today)
    if (!wanted.ok) return show(reply.code(422), seen, member, fields, wanted.problems)
    const outcome = await changeMember(deps, seen.actor, { odsCode: seen.odsCode, email: member.email }, wanted.value)
    const problem = problemOf(outcome, member, seen)
    if (problem) return show(reply.code(409), seen, member, fields, [{ ...problem, field: 'role' }])
    const done = outcome === 'changed' ? '?changed=yes' : ''
    return reply.redirect(`/manage/${seen.odsCode}/people${done}`, 303)
  })

  app.get(`${PATH}/remove`, async (request, reply) => {
    const seen = await visit(deps, request, 'manage-people')
    const member = await memberIn(deps, request, seen)
    if (!(await requireRecentSignIn(request, reply, deps))) return reply
    return showRemove(deps, reply, seen, member, [])
  })

  app.post(`${PATH}/remove`, async (request, reply) => {
    const seen = await visit(deps, request, 'manage-people')
    const member = await memberIn(deps, request, seen)
    const returnTo = `${addressOf(seen, member)}/remove`
    if (!(await requireRecentSignIn(request, reply, { ...deps, returnTo }))) return reply
    const outcome = await removeMember(deps, seen.actor, { odsCode: seen.odsCode, email: member.email })
    const problem = problemOf(outcome, member, seen)
    if (problem) return showRemove(deps, reply.code(409), seen, member, [problem])
    if (member.email === seen.actor.email) return reply.redirect('/manage?left=yes', 303)
    return reply.redirect(`/manage/${seen.odsCode}/people?removed=yes`, 303)
  })

  leavePages(app, deps)
}

/** Leaving is open to every member, also to those who may not see the others. */
function leavePages(app: FastifyInstance, deps: AccessDeps): void {
  const path = '/manage/:odsCode/leave'
  const selfIn = async (request: FastifyRequest) => {
    const seen = await visit(deps, request, 'view-profile')
    const members = await loadMembers(deps.db.pool, seen.odsCode, seen.now)
    const member = members.find(({ email }) => email === seen.actor.email)
    if (!member) throw new NotFound('You have no access to this pharmacy alone that you could give up')
    return { seen, member }
  }
  app.get(path, async (request, reply) => {
    const { seen, member } = await selfIn(request)
    if (!(await requireRecentSignIn(request, reply, deps))) return reply
    return showRemove(deps, reply, seen, member, [])
  })
  app.post(path, async (request, reply) => {
    const { seen, member } = await selfIn(request)
    const returnTo = `/manage/${seen.odsCode}/leave`
    if (!(await requireRecentSignIn(request, reply, { ...deps, returnTo }))) return reply
    const outcome = await removeMember(deps, seen.actor, { odsCode: seen.odsCode, email: member.email })
    const problem = problemOf(outcome, member, seen)
    if (problem) return showRemove(deps, reply.code(409), seen, member, [problem])
    return reply.redirect('/manage?left=yes', 303)
  })
}

function problemOf(outcome: MemberChanged, { email }: Member, { actor }: Visit): Problem | undefined {
  if (outcome !== 'last-owner' && outcome !== 'not-allowed') return undefined
  const lastOwner = lastOwnerWords(email === actor.email)
  return { field: 'confirm', code: outcome, message: outcome === 'last-owner' ? lastOwner : NOT_ALLOWED }
}

const addressOf = ({ odsCode }: Visit, { key }: Member): string => `/manage/${odsCode}/people/members/${key}`

function show(
  reply: FastifyReply,
  seen: Visit,
  member: Member,
  fields: Fields,
  problems: readonly Problem[],
): FastifyReply {
  const { actor, odsCode, stored } = seen
  return render(reply, {
    title: `Change access of ${shownName(member.email, member.name)}`,
    odsCode,
    pharmacy: stored.profile.name,
    address: addressOf(seen, member),
    email: member.email,
    isClosed: stored.profile.status === 'closed',
    roles: roleChoices(grantableRoles(actor, targetOf(odsCode, stored)), rawIn(fields, 'role')),
    fields,
    problems,
  })
}

async function showRemove(
  { db }: AccessDeps,
  reply: FastifyReply,
  seen: Visit,
  member: Member,
  problems: readonly Problem[],
): Promise<FastifyReply> {
  const { actor, odsCode, stored, now } = seen
  const { email } = member
  const isSelf = email === actor.email
  const isLast = await isLastOwner(db.pool, { odsCode, email }, now)
  const mayGoBack = seen.may('see-people')
  const name = shownName(member.email, member.name)
  return renderRemove(reply, {
    title: isSelf ? 'Leave this pharmacy' : `Remove ${name}`,
    pharmacy: stored.profile.name,
    odsCode,
    back: mayGoBack ? `/manage/${odsCode}/people` : `/manage/${odsCode}`,
    action: isSelf ? `/manage/${odsCode}/leave` : `${addressOf(seen, member)}/remove`,
    who: member.email,
    role: roleInSentence(member.role),
    isSelf,
    whyNot: isLast ? lastOwnerWords(isSelf) : null,
    problems,
  })
}

async function memberIn({ db }: AccessDeps, request: FastifyRequest, { odsCode, now }: Visit): Promise<Member> {
  const { member: key } = request.params as { member: string }
  const member = (await loadMembers(db.pool, odsCode, now)).find((each) => each.key === key)
  if (!member) throw new NotFound('They have no access to this pharmacy any more')
  return member
}
