/** Whoever acts for a pharmacy sees so above every page, until the call ends. It cannot be hidden. */
import type { FastifyInstance } from 'fastify'
import { actorOf, auditNameOf } from '#src/accounts/actor.ts'
import type { Db } from '#src/platform/db/db.ts'
import { loadActingCall } from './call-store.ts'
import { takesCalls } from './desk-deps.ts'

/** Shows it, in the scope of pages. The few who take calls cost a query each time. */
export function showActing(pages: FastifyInstance, { db }: { readonly db: Db }): void {
  pages.addHook('onRequest', async (request) => {
    const actor = actorOf(request)
    if (!actor || !takesCalls(actor)) return
    const call = await loadActingCall(db.pool, auditNameOf(actor))
    if (!call) return
    request.actingFor = {
      text: `${call.pharmacy} (${call.odsCode})`,
      reason: call.reason ?? '',
      href: `/on-call/calls/${call.id}`,
    }
  })
}
