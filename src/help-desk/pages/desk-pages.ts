/** The service desk for those who work there. */
import type { FastifyInstance } from 'fastify'
import type { HelpDeskDeps } from '../desk-deps.ts'
import { deskFeedbackPages } from './desk-feedback.ts'
import { deskWishPages } from './desk-wishes.ts'
import { ticketPage } from './ticket.ts'
import { ticketsPage } from './tickets.ts'

/** Mounts the pages, for signed-in people only. */
export function deskTicketPages(app: FastifyInstance, deps: HelpDeskDeps): void {
  ticketsPage(app, deps)
  deskFeedbackPages(app, deps)
  deskWishPages(app, deps)
  ticketPage(app, deps)
}
