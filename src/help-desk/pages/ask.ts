/** `/help/ask`: raises a ticket, signed in or not. View: ask.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { actorOf, auditNameOf } from '#src/accounts/actor.ts'
import { ticketPath } from '#src/emails/ticket-link.ts'
import { type Fields, fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import type { Problem } from '#src/rules/problems.ts'
import { TICKET_CATEGORIES } from '#src/rules/ticket-targets.ts'
import { parseAskForm } from '../ask.form.ts'
import { type HelpDeskDeps, keyOf } from '../desk-deps.ts'
import { CATEGORY_WORDS } from '../desk-words.ts'
import { raiseTicket } from '../raise-ticket.ts'
import { LONGEST_MESSAGE, messageIn } from '../typed-words.ts'

type View = {
  readonly title: string
  readonly categories: readonly { readonly value: string; readonly text: string }[]
  /** Who is signed in; null: nobody. */
  readonly signedIn: { readonly name: string; readonly email: string } | null
  readonly longest: number
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const render = template<View>('help-desk/pages/ask.njk')
const categories = TICKET_CATEGORIES.map((value) => ({ value, text: CATEGORY_WORDS[value] }))

/** What is said when too much came from one place. */
export const TOO_MANY: Problem = {
  field: 'message',
  code: 'too-many',
  message: 'We have had too many messages from here lately. Try again in an hour. We have not lost what we got before',
}

/** Mounts the form. */
export function askPage(app: FastifyInstance, deps: HelpDeskDeps): void {
  const show = (request: FastifyRequest, reply: FastifyReply, fields: Fields, problems: readonly Problem[] = []) => {
    const signedIn = actorOf(request)
    return render(reply, {
      ...{ title: 'Ask the service desk', categories, fields, problems, longest: LONGEST_MESSAGE },
      signedIn: signedIn && { name: signedIn.name, email: signedIn.email },
    })
  }

  app.get('/help/ask', (request, reply) => {
    const asked = fieldsOf(request.query)
    return show(request, reply, { about: lineIn(asked, 'about').slice(0, 60), category: lineIn(asked, 'category') })
  })

  app.post('/help/ask', async (request, reply) => {
    const fields = { ...fieldsOf(request.body), message: messageIn(request.body, 'message') }
    const actor = actorOf(request)
    const parsed = parseAskForm(fields, actor)
    if (!parsed.ok) return show(request, reply.code(422), fields, parsed.problems)
    const raised = await raiseTicket(deps, {
      ...parsed.value,
      channel: 'form',
      requester: actor && auditNameOf(actor),
      address: request.ip,
    })
    if (typeof raised === 'string') return show(request, reply.code(429), fields, [TOO_MANY])
    return reply.redirect(`${ticketPath(raised.number, keyOf(deps, raised.number))}?done=raised`, 303)
  })
}
