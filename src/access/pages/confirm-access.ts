/**
 * `/confirm-access/REQUEST/KEY`: where the link in a shared mailbox leads. Nobody need be signed in: who has the link
 * reads the mailbox. Looking changes nothing, because mail scanners follow every link. View: confirm-access.njk
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fieldsOf } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { AccessDeps } from '../access-deps.ts'
import { type AccessRequest, loadAccessRequest } from '../access-request-store.ts'
import { type Decided, decideByLink, isGoodLink } from '../decide-request.ts'
import { type AskedFacts, askedFacts } from '../request-facts.ts'
import { parseVerdictForm } from '../verdict.form.ts'

type View = {
  readonly title: string
  /** The form; null once there is nothing to decide. */
  readonly open: { readonly facts: AskedFacts; readonly action: string } | null
  readonly paragraphs: readonly string[]
  readonly fields: Readonly<Record<string, string>>
  readonly problems: readonly Problem[]
}

const PATH = '/confirm-access/:requestId/:key'
const render = template<View>('access/pages/confirm-access.njk')

/** Mounts the page, in a scope that needs no sign-in. */
export function confirmAccessPages(app: FastifyInstance, deps: AccessDeps): void {
  app.get(PATH, async (request, reply) => {
    const link = linkOf(request)
    const asked = await loadAccessRequest(deps.db.pool, link.requestId)
    if (!asked || !isGoodLink(asked, link.key, deps.pepper)) return over(reply)
    return await show(reply, deps, { asked, link }, {}, [])
  })

  app.post(PATH, async (request, reply) => {
    const link = linkOf(request)
    const fields = fieldsOf(request.body)
    const verdict = parseVerdictForm(fields)
    if (!verdict.ok) {
      const asked = await loadAccessRequest(deps.db.pool, link.requestId)
      if (!asked || !isGoodLink(asked, link.key, deps.pepper)) return over(reply)
      return await show(reply.code(422), deps, { asked, link }, fields, verdict.problems)
    }
    const decided = await decideByLink(deps, link, verdict.value)
    return decided ? done(reply, decided) : over(reply)
  })
}

type Link = { readonly requestId: number; readonly key: string }

async function show(
  reply: FastifyReply,
  deps: AccessDeps,
  { asked, link }: { readonly asked: AccessRequest; readonly link: Link },
  fields: Readonly<Record<string, string>>,
  problems: readonly Problem[],
): Promise<FastifyReply> {
  const stored = await loadProfile(deps.db.pool, asked.odsCode)
  const open = {
    facts: askedFacts(asked, stored?.profile, deps.sharedMailboxDomains),
    action: `/confirm-access/${link.requestId}/${link.key}`,
  }
  return render(reply, { title: 'Somebody asks for access', open, paragraphs: [], fields, problems })
}

function done(reply: FastifyReply, decided: Decided): FastifyReply {
  const { email, odsCode } = decided.request
  switch (decided.outcome) {
    case 'approved':
      return said(reply, 'You said yes', [
        `${email} can look after ${odsCode} now. We have told them, and the pharmacy’s owners, by email.`,
      ])
    case 'refused':
      return said(reply, 'You said no', [`${email} was not given access to ${odsCode}. We have told them by email.`])
    case 'not-possible':
      return said(reply.code(409), 'Nothing was changed', [decided.because])
    case 'decided-before':
      return over(reply)
  }
}

const over = (reply: FastifyReply): FastifyReply =>
  said(reply.code(404), 'This link does not work any more', [
    'The request has been decided, or taken back, or a newer email has another link.',
    'Nothing was changed.',
  ])

const said = (reply: FastifyReply, title: string, paragraphs: readonly string[]): FastifyReply =>
  render(reply, { title, open: null, paragraphs, fields: {}, problems: [] })

function linkOf(request: FastifyRequest): Link {
  const { requestId, key } = request.params as { requestId: string; key: string }
  return { requestId: /^\d{1,15}$/.test(requestId) ? Number(requestId) : Number.NaN, key }
}
