/** The pages that every page's footer leads to. One plain template each, in this folder. */
import type { FastifyInstance } from 'fastify'
import type { Clock } from '#src/platform/clock.ts'
import { template } from '#src/platform/views.ts'
import { formatTime } from '#src/rules/clock-time.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { oldAddresses } from './old-addresses.ts'
import { serviceNamesPage } from './service-names.ts'

/** In the order of the footer. */
export const FOOTER_LINKS = [
  { href: '/about', text: 'About Signpost' },
  { href: '/contact', text: 'Contact us' },
  { href: '/help', text: 'Help' },
  { href: '/policies', text: 'Policies' },
  { href: '/accessibility', text: 'Accessibility statement' },
  { href: '/cookies', text: 'Cookies' },
  { href: '/privacy', text: 'Privacy' },
  { href: '/site-map', text: 'Site map' },
  { href: '/status', text: 'Service status' },
] as const

/** A part of the product as its visitors know it, and whether it works now. `detail` is public. */
export type PartStatus = { readonly name: string; readonly works: boolean; readonly detail: string }

/** How soon closures are known, in seconds as texts: one line for each consumer of the directory. */
export type TruthLine = Readonly<Record<'who' | 'p50' | 'p95' | 'p99' | 'slowest' | 'measured', string>>

export type FooterDeps = {
  readonly clock: Clock
  readonly status: () => Promise<readonly PartStatus[]>
  readonly truth: () => Promise<readonly TruthLine[]>
}

const renderStatus = template<{ askedAt: string; parts: readonly PartStatus[]; truth: readonly TruthLine[] }>(
  'footer-pages/status.njk',
)

/** Mounts them. All but the status never change while the server runs. */
export function footerPages(pages: FastifyInstance, { clock, status, truth }: FooterDeps): void {
  for (const { href } of FOOTER_LINKS.filter((link) => link.href !== '/status')) {
    const render = template(`footer-pages${href}.njk`)
    pages.get(href, (_request, reply) => render(reply, {}))
  }
  pages.get('/status', async (_request, reply) =>
    renderStatus(reply, {
      askedAt: formatTime(toLondon(clock.now()).minute),
      parts: await status(),
      truth: await truth(),
    }),
  )
  serviceNamesPage(pages)
  oldAddresses(pages)
}
