/** The service desk for everybody: asking, one's tickets, page feedback and the wishlist. */
import type { FastifyInstance } from 'fastify'
import type { HelpDeskDeps } from '../desk-deps.ts'
import { askPage } from './ask.ts'
import { feedbackPage } from './feedback.ts'
import { ownTicketPages } from './own-ticket.ts'
import { wishlistPages } from './wishlist.ts'

/** Mounts the pages, in a scope that reads sessions and needs none. */
export function helpPages(pages: FastifyInstance, deps: HelpDeskDeps): void {
  askPage(pages, deps)
  ownTicketPages(pages, deps)
  feedbackPage(pages, deps)
  wishlistPages(pages, deps)
}
