/** What everything about the emergency desk is built from. */
import type { FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can, scopeOf } from '#src/accounts/can.ts'
import { Forbidden } from '#src/platform/errors.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'

/** Telephone numbers of the lines; null where none is set. */
export type DeskNumbers = { readonly serviceDesk: string | null; readonly onCall: string | null }

export type DeskDeps = ManageDeps & {
  /** The setting SECRETS_PEPPER: codes are made with it. */
  readonly pepper: string
  /** The setting SHARED_MAILBOX_DOMAINS. */
  readonly sharedMailboxDomains: readonly string[]
  readonly numbers: DeskNumbers
}

/** Where a pharmacy says without signing in that it is shut. */
export const toolAddress = (baseUrl: string): string => `${baseUrl}/closed-now`

/** Whoever opens a page of the desk. Throws `Forbidden` when it is not theirs to see. */
export function deskActor(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'see-on-call')) throw new Forbidden('The emergency desk is for the teams that are on call')
  return actor
}

/** Whether somebody takes calls: acts for pharmacies everywhere. */
export const takesCalls = (actor: Actor): boolean => scopeOf(actor, 'act-for-pharmacy').everywhere

/** Whether somebody belongs to the rota or runs it, and so hands over. */
export const handsOver = (actor: Actor): boolean => takesCalls(actor) || can(actor, 'edit-rota')

/** Whoever takes a call. Throws `Forbidden` for everybody else. */
export function callTaker(request: FastifyRequest): Actor {
  const actor = deskActor(request)
  if (!takesCalls(actor)) throw new Forbidden('Only people who are on call take calls')
  return actor
}

/** Whoever is asked to look again: on call, and in office hours the service desk. Throws `Forbidden` for everybody else. */
export function reviewer(request: FastifyRequest): Actor {
  const actor = deskActor(request)
  if (!handsOver(actor)) throw new Forbidden('Only people on the rota and the service desk look again')
  return actor
}

/** Whoever changes the rota. Throws `Forbidden` for everybody else. */
export function rotaEditor(request: FastifyRequest): Actor {
  const actor = deskActor(request)
  if (!can(actor, 'edit-rota')) throw new Forbidden('The service desk changes the rota')
  return actor
}
