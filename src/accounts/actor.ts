/** Who is asking: a signed-in person with the rights they hold now. Loaded once a request by `sessions.ts`. */
import type { FastifyRequest } from 'fastify'
import { Forbidden } from '#src/platform/errors.ts'

export const ROLES = [
  'owner',
  'editor',
  'closure-only',
  'viewer',
  'group',
  'lead',
  'commissioner',
  'lpc',
  'on-call',
  'desk',
  'national',
  'admin',
  /** Uses the Service Finder for patients: a GP's receptionist, a paramedic, a ward clerk. */
  'professional',
] as const
export type Role = (typeof ROLES)[number]

/** One right. `scope` is `ods:FA002`, `group:CODE` (a head office), `area:CODE` (an ICB), or empty: everywhere. */
export type Grant = { readonly role: Role; readonly scope: string }

/** `email` is in lower case; `grants` holds only what has not expired. */
export type Actor = {
  readonly personId: number
  readonly email: string
  readonly name: string
  readonly grants: readonly Grant[]
}

const actors = new WeakMap<FastifyRequest, Actor>()

/** Remembers who makes this request. Only the session hook calls it. */
export function rememberActor(request: FastifyRequest, actor: Actor): void {
  actors.set(request, actor)
}

/** Who makes this request; null when nobody is signed in or the route is outside the scopes that read sessions. */
export function actorOf(request: FastifyRequest): Actor | null {
  return actors.get(request) ?? null
}

/**
 * Who makes this request, on a page that only signed-in people reach (`signedInPages` has sent the others to sign in).
 * Throws `Forbidden` when nobody is signed in, so that a route mounted in the wrong place shows nothing.
 */
export function requireActor(request: FastifyRequest): Actor {
  const actor = actorOf(request)
  if (!actor) throw new Forbidden('Sign in to see this page')
  return actor
}

/** How the audit names a person. */
export const auditNameOf = (actor: Pick<Actor, 'email'>): string => `person:${actor.email}`
