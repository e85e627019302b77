/** `/workspace/contacts`: the register of DoS leads, and what readers say is wrong in it. */
import type { FastifyInstance } from 'fastify'
import { changeContactPages } from './change-contact.ts'
import { contactPages } from './contact.ts'
import { contactListPage } from './contacts.ts'
import { correctionPages } from './corrections.ts'
import type { ContactsDeps } from './who-keeps.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function contactsPages(app: FastifyInstance, deps: ContactsDeps): void {
  contactListPage(app, deps)
  contactPages(app, deps)
  changeContactPages(app, deps)
  correctionPages(app, deps)
}
