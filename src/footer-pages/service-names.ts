/** GET /help/service-names: what services were called before, and what they are called now. View: service-names.njk */
import type { FastifyInstance } from 'fastify'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { OFFERED_SERVICES, offeredServiceNamed } from '#src/rules/offered-services.ts'

type NamesView = {
  readonly asked: string
  /** What the name that was asked for is called now; null when nobody asked, or it is not known. */
  readonly found: { readonly label: string; readonly line: string } | null
  readonly names: readonly { readonly now: string; readonly before: readonly string[] }[]
}

const render = template<NamesView>('footer-pages/service-names.njk')
const LONGEST_NAME = 100

/** A name that is a code is looked up, and not listed: nobody ever spoke of it. */
const isCode = (name: string): boolean => /^(SRV|EPS)\d+$/.test(name)

/** Mounts the page. `?name=` looks one up. */
export function serviceNamesPage(pages: FastifyInstance): void {
  const names = OFFERED_SERVICES.map(({ label, oldNames }) => ({
    now: label,
    before: oldNames.filter((name) => !isCode(name)),
  }))
    .filter(({ before }) => before.length > 0)
    .toSorted((a, b) => a.now.localeCompare(b.now, 'en'))
  pages.get('/help/service-names', (request, reply) => {
    const asked = lineIn(fieldsOf(request.query), 'name').slice(0, LONGEST_NAME)
    const kind = asked === '' ? undefined : offeredServiceNamed(asked)
    return render(reply, { asked, found: kind ? { label: kind.label, line: kind.line } : null, names })
  })
}
