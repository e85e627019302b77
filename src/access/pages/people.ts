/** `/manage/:odsCode/people`: who has access, who is invited, who asks. View: people.njk */
import type { FastifyInstance } from 'fastify'
import type { Role } from '#src/accounts/actor.ts'
import { fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { targetOf, type Visit, visit } from '#src/profiles/visit.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import { ROLE_WORDS, roleInSentence } from '#src/rules/pharmacy-roles.ts'
import type { AccessDeps } from '../access-deps.ts'
import { type AccessRequest, loadOpenRequests } from '../access-request-store.ts'
import { mayDecideAccess } from '../give-access.ts'
import { type Invitation, loadWaitingInvitations } from '../invitation-store.ts'
import { type Inherited, loadInherited, loadMembers, type Member } from '../members.ts'
import { loadActorNames, shownName } from '../people-words.ts'

type Tag = { readonly text: string; readonly colour: string }
type MemberRow = {
  readonly key: string
  readonly name: string
  readonly email: string
  readonly isSelf: boolean
  readonly role: string
  readonly tags: readonly Tag[]
  readonly lines: readonly string[]
}
type View = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly banner: string | null
  readonly mayManage: boolean
  readonly mayDecide: boolean
  readonly mayInvite: boolean
  readonly isMember: boolean
  readonly hasOwner: boolean
  readonly members: readonly MemberRow[]
  readonly requests: readonly {
    readonly id: number
    readonly name: string
    readonly email: string
    readonly line: string
  }[]
  readonly invitations: readonly {
    readonly id: number
    readonly email: string
    readonly isOver: boolean
    readonly line: string
  }[]
  readonly inherited: readonly { readonly name: string; readonly line: string }[]
}

const UNSEEN_DAYS = 90
const DAY_MS = 86_400_000
const render = template<View>('access/pages/people.njk')

const BANNERS: Readonly<Record<string, string>> = {
  'decided=yes': 'They have access now. We have told them by email.',
  'decided=no': 'You said no. We have told them by email.',
  'invited=yes': 'Your invitation is on its way. They have access when they accept it.',
  'invited=again': 'Your invitation is on its way again.',
  'withdrawn=yes': 'The invitation is withdrawn.',
  'changed=yes': 'The change is saved. We have told them by email.',
  'removed=yes': 'They no longer have access. We have told them by email.',
}

/** Mounts the page, in a scope that only signed-in people reach. */
export function peoplePage(app: FastifyInstance, deps: AccessDeps): void {
  app.get('/manage/:odsCode/people', async (request, reply) => {
    const seen = await visit(deps, request, 'see-people')
    const { actor, odsCode, stored, now } = seen
    const db = deps.db.pool
    const members = await loadMembers(db, odsCode, now)
    const mayManage = seen.may('manage-people')
    const mayDecide = mayDecideAccess(actor, targetOf(odsCode, stored))
    const requests = await loadOpenRequests(db, odsCode)
    const invitations = await loadWaitingInvitations(db, odsCode)
    const nameOf = await loadActorNames(db, [
      ...members.map(({ grantedBy }) => grantedBy),
      ...invitations.map(({ invitedBy }) => invitedBy),
    ])
    return render(reply, {
      title: 'People and access',
      odsCode,
      pharmacy: stored.profile.name,
      banner: bannerOf(request.query),
      mayManage,
      mayDecide,
      mayInvite: mayManage && stored.profile.status !== 'closed',
      isMember: members.some(({ email }) => email === actor.email),
      hasOwner: members.some(({ role }) => role === 'owner'),
      members: members.map((member) => memberRow(member, seen, nameOf)),
      requests: requests.map(requestRow),
      invitations: invitations.map((invitation) => invitationRow(invitation, now, nameOf)),
      inherited: (await loadInherited(db, stored.profile.commissioning, now)).map(inheritedRow),
    })
  })
}

function bannerOf(query: unknown): string | null {
  const fields = fieldsOf(query)
  const said = Object.keys(BANNERS).find((key) => {
    const [name = '', value] = key.split('=')
    return rawIn(fields, name) === value
  })
  return said === undefined ? null : (BANNERS[said] ?? null)
}

function memberRow(member: Member, { actor, now, today }: Visit, nameOf: (by: string) => string): MemberRow {
  const { key, email, name, role, grantedAt, grantedBy, lastDay, lastSignInAt } = member
  const since = Math.max(Date.parse(grantedAt), Date.parse(lastSignInAt ?? grantedAt))
  const isUnseen = now.getTime() - since > UNSEEN_DAYS * DAY_MS
  return {
    key,
    name: shownName(email, name),
    email,
    isSelf: email === actor.email,
    role: ROLE_WORDS[role].label,
    tags: [
      ...(lastDay ? [{ text: endWords(lastDay, today), colour: 'orange' }] : []),
      ...(isUnseen ? [{ text: `Not signed in for ${UNSEEN_DAYS} days`, colour: 'yellow' }] : []),
    ],
    lines: [
      `Added on ${dayWords(grantedAt)} by ${nameOf(grantedBy)}`,
      lastSignInAt ? `Last signed in on ${dayWords(lastSignInAt)}` : 'Has not signed in yet',
    ],
  }
}

const endWords = (lastDay: LocalDate, today: LocalDate): string =>
  lastDay === today ? 'Ends today' : `Ends on ${formatDateShort(lastDay)}`

const requestRow = ({ id, name, email, role, askedAt }: AccessRequest) => ({
  id,
  name,
  email,
  line: `Asks to be ${roleInSentence(role)}, since ${dayWords(askedAt)}`,
})

function invitationRow(
  { id, email, role, lastDay, invitedBy, openUntil }: Invitation,
  now: Date,
  nameOf: (by: string) => string,
) {
  const isOver = openUntil <= now.toISOString()
  const until = lastDay ? `, until ${formatDateShort(lastDay)}` : ''
  const open = isOver ? `Ran out on ${dayWords(openUntil)}` : `Open until ${dayWords(openUntil)}`
  return { id, email, isOver, line: `${ROLE_WORDS[role].label}${until}. Invited by ${nameOf(invitedBy)}. ${open}` }
}

const INHERITED: Readonly<Partial<Record<Role, string>>> = {
  group: 'Head office: can do what an owner can',
  lead: 'Leads the Directory of Services of the area: can look and decide about requests, and changes nothing',
  commissioner: 'Commissions pharmacies in the area: can look, and changes nothing',
  lpc: 'Local pharmaceutical committee: can look, and changes nothing',
}

/** People of the area are named without their addresses: they answer for hundreds of pharmacies. */
const inheritedRow = ({ email, name, role, from }: Inherited) => ({
  name: from === 'head office' ? `${shownName(email, name)}, ${email}` : shownName(email, name),
  line: INHERITED[role] ?? 'Has access through the area',
})

const dayWords = (instant: string): string => formatDateShort(dateOf(toLondon(new Date(instant)).day))
