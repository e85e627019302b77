/** People as sign-in knows them. A person is an email address; the provider's names for them point to it. */
import type { Tx } from '#src/platform/db/db.ts'

/** Who vouches for people who sign in with a code: we do, because they read their mailbox. */
export const EMAIL_ISSUER = 'signpost:email'

/** Who signed in, checked: `email` is a lower-case address that the issuer stands for. */
export type SignedInPerson = {
  readonly issuer: string
  readonly subject: string
  readonly email: string
  /** As the issuer gives it now; null when it knows none, and the person's own words stay. */
  readonly name: string | null
}

/** A person as they are after signing in. */
export type SavedPerson = {
  readonly personId: number
  readonly name: string
  /** Null until they have said it. */
  readonly jobRole: string | null
  /** Whether this is their first sign-in ever. */
  readonly isNew: boolean
}

/**
 * Finds or creates the person who signed in, and keeps their name as the issuer gives it now. Somebody whose address
 * changed becomes the person of the new address: rights are given to addresses, so none travel along.
 */
export async function savePerson(tx: Tx, person: SignedInPerson, now: Date): Promise<SavedPerson> {
  const { email, name } = person
  const known = await tx.selectFrom('person').select('id').where('email', '=', email).executeTakeFirst()
  const saved = await tx
    .insertInto('person')
    .values({ email, name: name ?? nameFromEmail(email), created_at: now.toISOString() })
    .onConflict((conflict) => conflict.column('email').doUpdateSet(name === null ? { email } : { name }))
    .returning(['id', 'name', 'job_role'])
    .executeTakeFirstOrThrow()
  const personId = saved.id
  await tx
    .insertInto('identity')
    .values({ issuer: person.issuer, subject: person.subject, person_id: personId })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doUpdateSet({ person_id: personId }))
    .execute()
  return { personId, name: saved.name, jobRole: saved.job_role, isNew: known === undefined }
}

/** A name to show: the provider's, without control characters and of sensible length, or one made from the address. */
export function displayName(name: string | null, email: string): string {
  const given = (name ?? '').normalize('NFC').replaceAll(/\p{C}/gu, '').trim().slice(0, 100)
  return given || nameFromEmail(email)
}

/** `amina.khan2@nhs.net` -> `Amina Khan`; an address that reads like no name stays as it is. */
export function nameFromEmail(email: string): string {
  const words = (email.split('@')[0] ?? '').split(/[._-]+/).map((word) => word.replaceAll(/\d/g, ''))
  const named = words.filter(Boolean).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return named.join(' ') || email
}

/** Reads an email address as sign-in needs it: lower case, one @, a domain with a dot. Undefined for anything else. */
export function parseSignInEmail(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  const email = text.trim().toLowerCase()
  const isAddress = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(email)
  return isAddress && email.length <= 254 ? email : undefined
}
