/** Giving rights and taking them back. Every change is in the audit; giving a right twice changes nothing. */
import type { Db, Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type LedgerEntry } from '#src/platform/db/ledger.ts'
import { parseOdsCode, parsePharmacyCode } from '#src/rules/ods-code.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { ROLES, type Role } from './actor.ts'
import { PERMISSIONS, type ScopeKind } from './can.ts'
import { parseSignInEmail } from './people.ts'

/** A right as somebody asks for it: three texts. */
export type AskedGrant = { readonly email: string; readonly role: string; readonly scope?: string | undefined }

/** Who gives or takes a right, and when. `by` is the audit's name for them: `person:EMAIL` or `command:NAME`. */
export type GrantedBy = { readonly by: string; readonly now: Date; readonly expiresAt?: Date | undefined }

export type CheckedGrant = { readonly email: string; readonly role: Role; readonly scope: string }
export type SavedGrant = CheckedGrant & { readonly changed: boolean }

/** Reads a right: the address in lower case, a role of the table, and a scope of the kind that role needs. */
export function parseGrant(asked: AskedGrant): Result<CheckedGrant> {
  const email = parseSignInEmail(asked.email)
  if (!email) {
    return refused(problem('email', `"${asked.email}" is not an email address: give one such as amina.khan@nhs.net`))
  }
  const role = ROLES.find((known) => known === asked.role.trim().toLowerCase())
  if (!role) return refused(problem('role', `"${asked.role}" is not a role: choose one of ${ROLES.join(', ')}`))
  const scope = parseScope(PERMISSIONS[role].scope, asked.scope ?? '')
  if (scope === undefined) return refused(problem('scope', `The role ${role} ${SCOPE_ADVICE[PERMISSIONS[role].scope]}`))
  return accepted({ email, role, scope })
}

/**
 * Gives a right, or changes when it ends. `changed` is false when the address had it already, to the same end.
 * It holds from the person's next request on, signed in already or not.
 */
export async function grantRole(
  db: Db,
  asked: AskedGrant,
  { by, now, expiresAt }: GrantedBy,
): Promise<Result<SavedGrant>> {
  const parsed = parseGrant(asked)
  if (!parsed.ok) return parsed
  const changed = await db.transact(async (tx) => {
    const entry = await writeGrant(tx, parsed.value, { by, now, expiresAt })
    if (entry) await appendToLedger(tx, now.toISOString(), [entry])
    return entry !== undefined
  })
  return accepted({ ...parsed.value, changed })
}

/** Takes a right back, from the person's next request on. `changed` is false when the address did not have it. */
export async function revokeRole(db: Db, asked: AskedGrant, { by, now }: GrantedBy): Promise<Result<SavedGrant>> {
  const parsed = parseGrant(asked)
  if (!parsed.ok) return parsed
  const changed = await db.transact(async (tx) => {
    const entry = await deleteGrant(tx, parsed.value, by)
    if (entry) await appendToLedger(tx, now.toISOString(), [entry])
    return entry !== undefined
  })
  return accepted({ ...parsed.value, changed })
}

/**
 * As `grantRole`, in a transaction of the caller, who appends the entry to the ledger at its end. Undefined when nothing
 * changed.
 */
export async function writeGrant(
  tx: Tx,
  { email, role, scope }: CheckedGrant,
  { by, now, expiresAt }: GrantedBy,
): Promise<LedgerEntry | undefined> {
  const expires_at = expiresAt?.toISOString() ?? null
  const saved = await tx
    .insertInto('role_grant')
    .values({ email, role, scope, granted_at: now.toISOString(), granted_by: by, expires_at })
    .onConflict((conflict) =>
      conflict
        .columns(['email', 'role', 'scope'])
        .doUpdateSet({ granted_at: now.toISOString(), granted_by: by, expires_at })
        .where('role_grant.expires_at', 'is distinct from', expires_at),
    )
    .returning('email')
    .executeTakeFirst()
  const detail = { role, scope, expiresAt: expires_at }
  return saved && { actor: by, action: 'grant-role', target: `person:${email}`, detail, changes: [] }
}

/** As `revokeRole`, in a transaction of the caller, likewise. */
export async function deleteGrant(
  tx: Tx,
  { email, role, scope }: CheckedGrant,
  by: string,
): Promise<LedgerEntry | undefined> {
  const gone = await tx
    .deleteFrom('role_grant')
    .where('email', '=', email)
    .where('role', '=', role)
    .where('scope', '=', scope)
    .returning('email')
    .executeTakeFirst()
  return gone && { actor: by, action: 'revoke-role', target: `person:${email}`, detail: { role, scope }, changes: [] }
}

const SCOPE_ADVICE: Readonly<Record<ScopeKind, string>> = {
  ods: 'is for one pharmacy: give ods: and its five-character ODS code, such as ods:FA002',
  group: 'is for the branches of a head office: give group: and its ODS code, such as group:PNN00',
  area: 'is for an area: give area: and the ODS code of its ICB, such as area:QOP',
  everywhere: 'holds everywhere: leave the scope out',
}

/** The scope in the form it is stored in; undefined when it is not of the kind the role needs. */
function parseScope(kind: ScopeKind, text: string): string | undefined {
  if (kind === 'everywhere') return text.trim() === '' ? '' : undefined
  const [prefix = '', code = '', ...rest] = text.split(':')
  if (prefix.trim().toLowerCase() !== kind || rest.length > 0) return undefined
  const parsed = kind === 'ods' ? parsePharmacyCode(code) : parseOdsCode(code)
  return parsed && `${kind}:${parsed}`
}

const problem = (field: string, message: string): Problem => ({ field, code: 'invalid', message })

/** The addresses of those who hold a role in a scope at an instant, in order. */
export async function loadHolders(
  db: Queryable,
  { role, scope, now }: { readonly role: Role; readonly scope: string; readonly now: Date },
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('role_grant')
    .select('email')
    .where('role', '=', role)
    .where('scope', '=', scope)
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now.toISOString())]))
    .orderBy('email')
    .execute()
  return rows.map(({ email }) => email)
}
