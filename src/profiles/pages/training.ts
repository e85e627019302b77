/** `/manage/training`: what the training pharmacy is, and the way in. View: training.njk */
import type { FastifyInstance } from 'fastify'
import { requireActor } from '#src/accounts/actor.ts'
import { template } from '#src/platform/views.ts'
import { openTrainingPharmacy } from '#src/profiles/training-pharmacy.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'

const render = template<{ readonly title: string }>('profiles/pages/training.njk')
const PHARMACY = `/manage/${TRAINING_PHARMACY}`

/** Shown above every page of the training pharmacy. */
const NOTICE =
  'This is a training pharmacy. Nothing you do here reaches patients or NHS 111. It begins again every night.'

/** Mounts the page, and marks the pages of the training pharmacy as such. */
export function trainingPage(app: FastifyInstance, deps: ManageDeps): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (new RegExp(`^${PHARMACY}(?:[/?]|$)`, 'i').test(request.url)) request.ownNotice = NOTICE
    done()
  })
  app.get('/manage/training', async (request, reply) => {
    requireActor(request)
    return render(reply, { title: 'Try Profile Manager' })
  })
  app.post('/manage/training', async (request, reply) => {
    requireActor(request)
    await deps.follower.reached(await openTrainingPharmacy(deps))
    return reply.redirect(PHARMACY, 303)
  })
}
