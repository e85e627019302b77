/** `/close-without-sign-in/pharmacy/door-notice.pdf`: the notice for the door, for whoever has closed with a code. Public facts only. */
import type { FastifyInstance } from 'fastify'
import { NotFound } from '#src/platform/errors.ts'
import { fieldsOf } from '#src/platform/http/form-fields.ts'
import { doorNoticeOf } from '../notices/door-notice-pages.ts'
import { doorNoticePdf } from '../notices/door-notice-pdf.ts'
import { type ByCodeDeps, HOME, PHARMACY_PATH } from './by-code-deps.ts'
import { closureIn, visitOf } from './closing-pages.ts'

/** Mounts the file. */
export function doorNoticeFile(pages: FastifyInstance, deps: ByCodeDeps): void {
  pages.get(`${PHARMACY_PATH}/door-notice.pdf`, async (request, reply) => {
    const visit = await visitOf(request, deps)
    if (!visit) return reply.redirect(`${HOME}?ended=yes`, 303)
    const { profile, now } = visit
    const closure = closureIn(visit, fieldsOf(request.query))
    const notice = closure && (await doorNoticeOf(deps, { profile, closure, now }))
    if (!notice) throw new NotFound('This closure is over: take the notice off the door')
    return reply
      .type('application/pdf')
      .header('cache-control', 'private, no-cache')
      .header('content-disposition', `inline; filename="door-notice-${profile.odsCode}.pdf"`)
      .send(await doorNoticePdf(notice, { madeAt: now }))
  })
}
