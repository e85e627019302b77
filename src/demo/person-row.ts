/** Somebody of the fictitious directory as an actor, so that what they did is written down as theirs. */
import type { Actor } from '#src/accounts/actor.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { DEMO_PEOPLE } from './people.ts'

/** Finds them by the part of their address before the @, and stores them if they are new. Throws for a stranger. */
export async function actorOf(db: Db, clock: Clock, name: string): Promise<Actor> {
  const person = DEMO_PEOPLE.find(({ email }) => email.startsWith(`${name}@`))
  if (!person) throw new Error(`Nobody here is called ${name}`)
  const { id: personId } = await db.pool
    .insertInto('person')
    .values({ email: person.email, name: person.name, created_at: clock.now().toISOString() })
    .onConflict((on) => on.column('email').doUpdateSet({ name: person.name }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return { personId, email: person.email, name: person.name, grants: person.grants }
}
