/** Who has access to a pharmacy, from where, and since when. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Role } from '#src/accounts/actor.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { dateOf, dayOf, instantOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import { isAbove, PHARMACY_ROLES, type PharmacyRole, parsePharmacyRole } from '#src/rules/pharmacy-roles.ts'

/** Somebody with access to this one pharmacy. Of several roles the highest counts. */
export type Member = {
  /** Names the member in addresses, so that no email address stands there. */
  readonly key: string
  readonly email: string
  /** As they signed in; null while they never did. */
  readonly name: string | null
  readonly role: PharmacyRole
  readonly grantedAt: string
  /** As in audit.actor. */
  readonly grantedBy: string
  readonly lastDay: LocalDate | null
  /** UTC ISO text; null while they never did. */
  readonly lastSignInAt: string | null
}

/** Somebody whose right to this pharmacy comes from its head office or its area. */
export type Inherited = {
  readonly email: string
  readonly name: string | null
  readonly role: Role
  readonly from: 'head office' | 'area'
}

const scopeOfPharmacy = (odsCode: string): string => `ods:${odsCode}`

/** The name of a member of a pharmacy in its addresses: the same every time, another at every pharmacy. */
export const memberKey = (odsCode: string, email: string): string =>
  createHash('sha256').update(`${odsCode} ${email}`).digest('hex').slice(0, 16)

/** Everybody with access to this one pharmacy now: owners first, then by address. */
export async function loadMembers(db: Queryable, odsCode: string, now: Date): Promise<readonly Member[]> {
  const rows = await db
    .selectFrom('role_grant')
    .leftJoin('person', 'person.email', 'role_grant.email')
    .select(['role_grant.email', 'name', 'role', 'granted_at', 'granted_by', 'expires_at'])
    .where('scope', '=', scopeOfPharmacy(odsCode))
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now.toISOString())]))
    .orderBy('role_grant.email')
    .execute()
  const signedIn = await lastSignIns(
    db,
    rows.map(({ email }) => email),
  )
  const members = new Map<string, Member>()
  for (const row of rows) {
    const role = parsePharmacyRole(row.role)
    const known = members.get(row.email)
    if (!role || (known && !isAbove(role, known.role))) continue
    members.set(row.email, {
      key: memberKey(odsCode, row.email),
      email: row.email,
      name: row.name,
      role,
      grantedAt: row.granted_at,
      grantedBy: row.granted_by,
      lastDay: row.expires_at === null ? null : lastDayBefore(row.expires_at),
      lastSignInAt: signedIn.get(row.email) ?? null,
    })
  }
  return [...members.values()].toSorted((a, b) => PHARMACY_ROLES.indexOf(a.role) - PHARMACY_ROLES.indexOf(b.role))
}

/** Whom the head office and the area of a pharmacy have given rights to it. */
export async function loadInherited(
  db: Queryable,
  { parentCode, icbCode }: Profile['commissioning'],
  now: Date,
): Promise<readonly Inherited[]> {
  const scopes = [...(parentCode ? [`group:${parentCode}`] : []), ...(icbCode ? [`area:${icbCode}`] : [])]
  if (scopes.length === 0) return []
  const rows = await db
    .selectFrom('role_grant')
    .leftJoin('person', 'person.email', 'role_grant.email')
    .select(['role_grant.email', 'name', 'role', 'scope'])
    .where('scope', 'in', scopes)
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now.toISOString())]))
    .orderBy('scope', 'desc')
    .orderBy('role_grant.email')
    .execute()
  return rows.map(({ email, name, role, scope }) => ({
    email,
    name,
    role: role as Role,
    from: scope.startsWith('group:') ? 'head office' : 'area',
  }))
}

/** The addresses of those who own a pharmacy now. In a transaction: lock the profile first. */
export async function loadOwners(db: Queryable, odsCode: string, now: Date): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('role_grant')
    .select('email')
    .where('scope', '=', scopeOfPharmacy(odsCode))
    .where('role', '=', 'owner')
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now.toISOString())]))
    .orderBy('email')
    .execute()
  return rows.map(({ email }) => email)
}

/** The rights that an address holds at this one pharmacy now, the highest first. */
export async function loadDirectRoles(
  db: Queryable,
  { odsCode, email, now }: { readonly odsCode: string; readonly email: string; readonly now: Date },
): Promise<readonly { readonly role: PharmacyRole; readonly lastDay: LocalDate | null }[]> {
  const rows = await db
    .selectFrom('role_grant')
    .select(['role', 'expires_at'])
    .where('scope', '=', scopeOfPharmacy(odsCode))
    .where('email', '=', email)
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now.toISOString())]))
    .execute()
  return rows
    .flatMap(({ role, expires_at }) => {
      const known = parsePharmacyRole(role)
      return known ? [{ role: known, lastDay: expires_at === null ? null : lastDayBefore(expires_at) }] : []
    })
    .toSorted((a, b) => PHARMACY_ROLES.indexOf(a.role) - PHARMACY_ROLES.indexOf(b.role))
}

/** Locks a pharmacy against other changes of its people until the transaction ends. */
export async function lockPeopleOf(tx: Tx, odsCodes: readonly string[]): Promise<void> {
  const key = (odsCode: string) => sql`select pg_advisory_xact_lock(hashtextextended(${`people of ${odsCode}`}, 0))`
  for (const odsCode of [...new Set(odsCodes)].sort()) await key(odsCode).execute(tx)
}

/** The instant at which access ends that lasts until the end of a London day. */
export const endOfLastDay = (lastDay: LocalDate): Date => instantOf({ day: dayOf(lastDay) + 1, minute: 0 })

/** The last London day of access that ends at this instant. */
export const lastDayBefore = (expiresAt: string): LocalDate => dateOf(toLondon(new Date(Date.parse(expiresAt) - 1)).day)

/** When each address last signed in, from the audit: the newest entry of each, found by index. */
async function lastSignIns(db: Queryable, emails: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (emails.length === 0) return new Map()
  const { rows } = await sql<{ email: string; at: string }>`
    select given.email, newest.recorded_at as at
    from unnest(${[...new Set(emails)]}::text[]) as given (email)
    cross join lateral (
      select recorded_at from audit
      where target = 'person:' || given.email and action = 'sign-in'
      order by seq desc limit 1
    ) as newest`.execute(db)
  return new Map(rows.map(({ email, at }) => [email, at]))
}
