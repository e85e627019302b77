/** The pages that every page's footer leads to. One plain template each, in this folder. */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { oldAddresses } from './old-addresses.ts'

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

/** Mounts them. They need nothing and never change while the server runs. */
export function footerPages(pages: FastifyInstance): void {
  for (const { href } of FOOTER_LINKS) {
    const render = template(`footer-pages${href}.njk`)
    pages.get(href, (_request, reply) => render(reply, {}))
  }
  oldAddresses(pages)
}
