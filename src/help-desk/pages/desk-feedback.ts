/** `/workspace/tickets/feedback`: what people say is wrong with pages, counted for each. View: desk-feedback.njk */
import type { FastifyInstance } from 'fastify'
import { NotFound } from '#src/platform/errors.ts'
import { fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import type { HelpDeskDeps } from '../desk-deps.ts'
import {
  FEEDBACK_SHOWN,
  type Feedback,
  loadFeedback,
  type PageCount,
  parsePage,
  settleFeedback,
} from '../page-feedback.ts'
import { deskOf, TICKETS, writingOf } from './who-works.ts'

type View = {
  readonly title: string
  readonly banner: string | null
  readonly page: string | null
  readonly pages: readonly PageCount[]
  readonly rows: readonly (Pick<Feedback, 'id' | 'page' | 'words'> & { readonly sent: string })[]
  readonly most: number
}

const render = template<View>('help-desk/pages/desk-feedback.njk')
const PATH = `${TICKETS}/feedback`

/** Mounts the list. */
export function deskFeedbackPages(app: FastifyInstance, deps: HelpDeskDeps): void {
  const { db } = deps
  app.get(PATH, async (request, reply) => {
    deskOf(request)
    const asked = fieldsOf(request.query)
    const page = parsePage(rawIn(asked, 'page'))
    const { pages, feedback } = await loadFeedback(db.pool, page)
    return render(reply, {
      title: 'What people say is wrong with pages',
      banner: rawIn(asked, 'done') === 'settled' ? 'It is off the list.' : null,
      page,
      pages,
      rows: feedback.map((each) => ({ ...each, sent: formatMomentIn(each.sentAt) })),
      most: FEEDBACK_SHOWN,
    })
  })

  app.post(`${PATH}/:id`, async (request, reply) => {
    const actor = deskOf(request)
    const { id } = request.params as { readonly id: string }
    const isSettled = /^[1-9]\d{0,14}$/.test(id) && (await settleFeedback(db, Number(id), writingOf(actor, deps)))
    if (!isSettled) throw new NotFound('This is off the list already')
    return reply.redirect(`${PATH}?done=settled`, 303)
  })
}
