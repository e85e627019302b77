/** `/help/feedback`: what is wrong with a page, in a sentence. Nothing is kept of who says it. View: feedback.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { HelpDeskDeps } from '../desk-deps.ts'
import { LONGEST_FEEDBACK, parsePage, saveFeedback } from '../page-feedback.ts'
import { messageIn, parseMessage } from '../typed-words.ts'
import { TOO_MANY } from './ask.ts'

type View = {
  readonly title: string
  /** Null: not known, and left out of the page. */
  readonly page: string | null
  readonly isSent: boolean
  readonly longest: number
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const render = template<View>('help-desk/pages/feedback.njk')
const TITLE = 'Is there something wrong with this page?'

/** Mounts the form. */
export function feedbackPage(app: FastifyInstance, deps: HelpDeskDeps): void {
  const show = (reply: FastifyReply, given: Partial<View>) =>
    render(reply, {
      ...{ title: TITLE, page: null, isSent: false, longest: LONGEST_FEEDBACK, fields: {}, problems: [] },
      ...given,
    })

  app.get('/help/feedback', (request, reply) => {
    const asked = fieldsOf(request.query)
    const isSent = rawIn(asked, 'done') === 'sent'
    const title = isSent ? 'Thank you' : TITLE
    return show(reply, { title, isSent, page: parsePage(rawIn(asked, 'page')) })
  })

  app.post('/help/feedback', async (request, reply) => {
    const fields = { ...fieldsOf(request.body), message: messageIn(request.body, 'message') }
    const page = parsePage(rawIn(fields, 'page'))
    const words = parseMessage(fields.message, 'message', 'Enter what is wrong with the page', LONGEST_FEEDBACK)
    if (!words.ok) return show(reply.code(422), { page, fields, problems: words.problems })
    const saved = await saveFeedback(deps, { page, words: words.value, address: request.ip })
    if (!saved) return show(reply.code(429), { page, fields, problems: [TOO_MANY] })
    const back = page === null ? '' : `&${new URLSearchParams({ page })}`
    return reply.redirect(`/help/feedback?done=sent${back}`, 303)
  })
}
