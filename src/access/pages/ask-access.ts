/** `/manage/access`: ask to look after pharmacies, in two steps. Views: ask-access.njk, ask-access-check.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { type Fields, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { PHARMACY_ROLES, ROLE_WORDS } from '#src/rules/pharmacy-roles.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { AccessDeps } from '../access-deps.ts'
import { fieldOf, saveAsk } from '../ask-access.ts'
import { type FoundEntry, findAsked } from '../find-asked.ts'
import { type AskedFor, askFields, parseAskForm, parsePicks } from './ask-access.form.ts'
import { roleChoices } from './role-choices.ts'

const PATH = '/manage/access'

type FormView = {
  readonly title: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
  readonly roles: ReturnType<typeof roleChoices>
}
type Pick = {
  readonly field: string
  readonly name: string
  readonly address: string
  readonly ticked: boolean
  readonly problem: string | null
}
type CheckView = {
  readonly title: string
  readonly asked: AskedFor
  readonly roleLabel: string
  readonly email: string
  readonly groups: readonly { readonly legend: string | null; readonly picks: readonly Pick[] }[]
  readonly declared: boolean
  readonly problems: readonly Problem[]
}

const renderForm = template<FormView>('access/pages/ask-access.njk')
const renderCheck = template<CheckView>('access/pages/ask-access-check.njk')

/** Mounts the pages, in a scope that only signed-in people reach. */
export function askAccessPages(app: FastifyInstance, deps: AccessDeps): void {
  const show = (reply: FastifyReply, fields: Fields, problems: readonly Problem[]) =>
    renderForm(reply, {
      title: 'Ask for access',
      fields,
      problems,
      roles: roleChoices(PHARMACY_ROLES, rawIn(fields, 'role')),
    })

  app.get(PATH, async (request, reply) => {
    const actor = asker(requireActor(request))
    return show(reply, await knownOf(deps.db.pool, actor), [])
  })

  app.post(PATH, async (request, reply) => {
    const actor = asker(requireActor(request))
    const fields = askFields(request.body)
    const asked = parseAskForm(fields)
    if (!asked.ok) return show(reply.code(422), fields, asked.problems)
    const found = await findAsked(deps.db.pool, asked.value.entries)
    const lost = found.flatMap((each) => ('message' in each ? [notFound(each.message)] : []))
    if (lost.length > 0) return show(reply.code(422), fields, lost)
    if (rawIn(fields, 'step') !== 'check') return check(reply, actor, { asked: asked.value, found })
    return await send(reply, { actor, fields, asked: asked.value, found, deps })
  })
}

type Sending = {
  readonly actor: Actor
  readonly fields: Fields
  readonly asked: AskedFor
  readonly found: readonly FoundEntry[]
  readonly deps: AccessDeps
}

async function send(reply: FastifyReply, { actor, fields, asked, found, deps }: Sending): Promise<FastifyReply> {
  const picks = parsePicks(fields)
  if (!picks.ok) return check(reply.code(422), actor, { asked, found, fields, problems: picks.problems })
  const { name, jobRole, role } = asked
  const saved = await saveAsk(deps, actor, { name, jobRole, role, odsCodes: picks.value })
  if (!saved.ok) return check(reply.code(422), actor, { asked, found, fields, problems: saved.problems })
  return reply.redirect('/manage/access/requests?asked=yes', 303)
}

type Checked = {
  readonly asked: AskedFor
  readonly found: readonly FoundEntry[]
  /** What was sent; absent the first time. */
  readonly fields?: Fields
  readonly problems?: readonly Problem[]
}

function check(reply: FastifyReply, actor: Actor, { asked, found, fields, problems = [] }: Checked): FastifyReply {
  const one = (profile: Extract<FoundEntry, { exact: boolean }>['profiles'][number], exact: boolean): Pick => {
    const field = fieldOf(profile.odsCode)
    return {
      field,
      name: `${profile.name} (${profile.odsCode})`,
      address: [...profile.address.lines, profile.address.postcode].join(', '),
      ticked: fields ? rawIn(fields, field) === 'yes' : exact,
      problem: problems.find((each) => each.field === field)?.message ?? null,
    }
  }
  const sure = found.flatMap((each) => ('exact' in each && each.exact ? each.profiles : []))
  const others = found.flatMap((each) => ('exact' in each && !each.exact ? [each] : []))
  const named = new Set(sure.map(({ odsCode }) => odsCode))
  return renderCheck(reply, {
    title: 'Check your request',
    asked,
    roleLabel: ROLE_WORDS[asked.role].label,
    email: actor.email,
    groups: [
      ...(sure.length > 0 ? [{ legend: null, picks: sure.map((profile) => one(profile, true)) }] : []),
      ...others.map(({ entry, profiles }) => {
        const fresh = profiles.filter(({ odsCode }) => !named.has(odsCode))
        for (const { odsCode } of fresh) named.add(odsCode)
        return { legend: `Pharmacies that match “${entry}”`, picks: fresh.map((profile) => one(profile, false)) }
      }),
    ].filter(({ picks }) => picks.length > 0),
    declared: fields !== undefined && rawIn(fields, 'declaration') === 'yes',
    problems,
  })
}

function asker(actor: Actor): Actor {
  if (!can(actor, 'ask-for-access')) throw new Forbidden('You cannot ask for access')
  return actor
}

/** What is known of somebody already, to spare them typing it. */
async function knownOf(db: Queryable, { personId, name }: Actor): Promise<Fields> {
  const row = await db.selectFrom('person').select('job_role').where('id', '=', personId).executeTakeFirst()
  return { 'full-name': name, 'job-role': row?.job_role ?? '' }
}

const notFound = (message: string): Problem => ({ field: 'pharmacies', code: 'not-found', message })
