/** POST `/manage/:odsCode/SECTION/confirm`: the button "Everything is correct". */
import type { FastifyInstance } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { SECTION_PAGES, sectionAddress } from '#src/profiles/section-pages.ts'
import { type ManageDeps, visit } from '#src/profiles/visit.ts'
import { confirmSections } from '../confirm-sections.ts'

/** Mounts the button of every section that can be checked. */
export function confirmPages(app: FastifyInstance, deps: ManageDeps): void {
  for (const { section, slug } of SECTION_PAGES) {
    app.post(`/manage/:odsCode/${slug}/confirm`, async (request, reply) => {
      const { actor, odsCode } = await visit(deps, request, 'confirm-section')
      const page = sectionAddress(odsCode, section)
      const expectedVersion = versionIn(request.body)
      if (expectedVersion === undefined) return reply.redirect(`${page}?confirm=stale`, 303)
      const outcome = await confirmSections(deps, {
        odsCode,
        sections: [section],
        expectedVersion,
        actor: auditNameOf(actor),
      })
      if (outcome.outcome !== 'confirmed') {
        const why = outcome.outcome === 'stale' ? 'stale' : 'refused'
        return reply.redirect(`${page}?confirm=${why}`, 303)
      }
      await deps.follower.reached(outcome.seq)
      return reply.redirect(`/manage/${odsCode}?checked=${slug}`, 303)
    })
  }
}

/** The version that the person was reading; undefined when the form does not say, and nothing can be attested. */
function versionIn(body: unknown): number | undefined {
  const { version } = (body ?? {}) as { version?: unknown }
  return typeof version === 'string' && /^\d{1,9}$/.test(version) ? Number(version) : undefined
}
