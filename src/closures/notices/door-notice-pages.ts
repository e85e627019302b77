/** `/manage/:odsCode/closures/:closureId/door-notice`: the notice for the door, as a page to print and as a PDF. View: door-notice.njk */
import type { FastifyInstance } from 'fastify'
import { NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'
import { closureStateAt } from '#src/rules/closure-states.ts'
import { toLondon } from '#src/rules/london-time.ts'
import type { StoredClosure } from '../closure-records.ts'
import { visitClosure } from '../visit-closure.ts'
import { type DoorNotice, doorNotice } from './door-notice.ts'
import { doorNoticePdf } from './door-notice-pdf.ts'
import { candidatesInMemory, openNearby } from './open-nearby.ts'
import { serviceNames } from './write-notice.ts'

type InMemory = Parameters<typeof candidatesInMemory>[0]
export type DoorNoticeDeps = ManageDeps & InMemory

type View = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly address: string
  /** Null when the closure is over: what hangs on the door must come down. */
  readonly notice: DoorNotice | null
}

const PATH = '/manage/:odsCode/closures/:closureId/door-notice'
const render = template<View>('closures/notices/door-notice.njk')

/** Mounts the page and its file. */
export function doorNoticePages(app: FastifyInstance, deps: DoorNoticeDeps): void {
  app.get(PATH, async (request, reply) => {
    const { stored, closure, odsCode, now } = await visitClosure(deps, request, 'view-profile')
    const { profile } = stored
    return render(reply.header('cache-control', 'private, no-cache'), {
      title: 'Notice for your door',
      odsCode,
      pharmacy: profile.name,
      address: `/manage/${odsCode}/closures/${closure.id}`,
      notice: await doorNoticeOf(deps, { profile, closure, now }),
    })
  })
  app.get(`${PATH}.pdf`, async (request, reply) => {
    const { stored, closure, odsCode, now } = await visitClosure(deps, request, 'view-profile')
    const { profile } = stored
    const notice = await doorNoticeOf(deps, { profile, closure, now })
    if (!notice) throw new NotFound('This closure is over: take the notice off your door')
    const file = await doorNoticePdf(notice, { madeAt: now })
    return reply
      .type('application/pdf')
      .header('cache-control', 'private, no-cache')
      .header('content-disposition', `inline; filename="door-notice-${odsCode}.pdf"`)
      .send(file)
  })
}

/** The notice of a closure as it is at an instant; null when the closure is over. */
export async function doorNoticeOf(
  deps: Pick<ManageDeps, 'db' | 'baseUrl'> & InMemory,
  { profile, closure, now }: { readonly profile: Profile; readonly closure: StoredClosure; readonly now: Date },
): Promise<DoorNotice | null> {
  const state = closureStateAt(closure, now.getTime())
  if (state !== 'planned' && state !== 'closed') return null
  const nearbyAt = Math.max(now.getTime(), closure.startsAt)
  const at = toLondon(new Date(nearbyAt))
  const { position } = profile.address
  return doorNotice({
    pharmacy: profile.name,
    services: await serviceNames(deps.db.pool, closure.odsCode, closure.services),
    startsAt: closure.startsAt,
    expectedAt: closure.expectedAt,
    advice: closure.advice,
    nearby: position ? openNearby(candidatesInMemory(deps, position, at), { own: closure.odsCode, at }) : [],
    nearbyAt,
    now: now.getTime(),
    address: `${deps.baseUrl}/pharmacies/${closure.odsCode}`,
    findAddress: deps.baseUrl,
  })
}
