/** `/on-call/notices/:noticeId`: what the desk did, for whoever was told, with a button to acknowledge it. View: notice.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Actor, auditNameOf, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { loadClosure } from '#src/closures/closure-records.ts'
import { NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { loadActs } from '../act-for.ts'
import { actWords } from '../act-words.ts'
import { loadCall } from '../call-store.ts'
import type { DeskDeps } from '../desk-deps.ts'
import { acknowledge, loadNotice, type Notice } from '../notices.ts'

type View = {
  readonly title: string
  readonly noticeId: number
  readonly pharmacy: string
  readonly odsCode: string
  readonly done: string
  readonly by: string
  readonly reason: string
  readonly acknowledged: string | null
  /** Where the reader can change it. */
  readonly profileHref: string
}

const PATH = '/on-call/notices/:noticeId'
const render = template<View>('emergency-desk/pages/notice.njk')

/** Mounts the pages, in a scope that only signed-in people reach. */
export function noticePages(app: FastifyInstance, { db, clock }: DeskDeps): void {
  app.get(PATH, async (request, reply) => {
    const notice = await noticeIn(request, db.pool)
    const call = await loadCall(db.pool, notice.callId)
    const done = (await loadActs(db.pool, notice.callId)).find(({ id }) => id === notice.actId)
    const closure = done && (await loadClosure(db.pool, done.closureId))
    if (!call || !done || !closure) throw new NotFound('There is no such notice')
    const nameOf = await loadNames(db.pool, [done.actor, notice.acknowledgedBy])
    return render(reply, {
      title: 'The emergency desk acted for a pharmacy',
      noticeId: notice.id,
      pharmacy: call.pharmacy,
      odsCode: call.odsCode,
      done: actWords(done.what, closure),
      by: `${nameOf(done.actor)}, ${formatMomentIn(done.begunAt)}`,
      reason: call.reason ?? '',
      acknowledged:
        notice.acknowledgedAt && `${nameOf(notice.acknowledgedBy ?? '')}, ${formatMomentIn(notice.acknowledgedAt)}`,
      profileHref: `/manage/${call.odsCode}`,
    })
  })

  app.post(PATH, async (request, reply) => {
    const notice = await noticeIn(request, db.pool)
    const by = auditNameOf(requireActor(request))
    await db.transact((tx) => acknowledge(tx, notice.id, { by, now: clock.now() }))
    return reply.redirect(`/on-call/notices/${notice.id}`, 303)
  })
}

/** The notice in the address, for whoever it was sent to and for the service desk; for everybody else there is none. */
async function noticeIn(request: FastifyRequest, db: DeskDeps['db']['pool']): Promise<Notice> {
  const actor = requireActor(request)
  const { noticeId } = request.params as { noticeId: string }
  const notice = /^\d{1,15}$/.test(noticeId) ? await loadNotice(db, Number(noticeId)) : undefined
  if (!notice || !mayAcknowledge(actor, notice)) throw new NotFound('There is no such notice for you')
  return notice
}

/** A colleague on the service desk may acknowledge for another. */
const mayAcknowledge = (actor: Actor, { party, recipient }: Notice): boolean =>
  recipient === actor.email || (party === 'service-desk' && can(actor, 'edit-rota'))
