/** Making accounts of programs, changing and disabling them. Every change is in the audit; no password ever is. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import {
  API_ACCOUNTS_VERSION,
  API_NAMES,
  API_PERMISSIONS,
  type ApiAccount,
  type ApiName,
  LONGEST_NAME,
  LONGEST_PASSWORD,
} from './api-accounts.ts'
import { hashPassword, isPasswordOf, secretHintOf } from './password-hash.ts'

/** An account as somebody asks for it, in texts; what is absent stays as it is, or gets its default. */
export type AskedAccount = {
  readonly api: string
  readonly username: string
  readonly password?: string | undefined
  readonly role?: string | undefined
  readonly permissions?: readonly string[] | undefined
  readonly services?: readonly string[] | undefined
  readonly perMinute?: string | undefined
}

export type CheckedAccount = {
  readonly api: ApiName
  readonly username: string
  readonly password: string | undefined
  readonly role: number | undefined
  readonly permissions: readonly string[] | undefined
  readonly services: readonly number[] | undefined
  readonly perMinute: number | undefined
}

/** Who does it, and when. `by` is the audit's name for them; `pepper` is the setting SECRETS_PEPPER. */
export type SavedBy = { readonly by: string; readonly now: Date; readonly pepper: string }

export type SavedAccount = {
  readonly account: ApiAccount
  readonly outcome: 'created' | 'changed' | 'unchanged'
  /** What changed, in words; empty when new or unchanged. */
  readonly changes: readonly string[]
  /** The password, when it was made here: nobody will see it again. */
  readonly generated: string | undefined
}

/** An account as the list shows it. */
export type ListedAccount = ApiAccount & {
  readonly status: string
  readonly createdAt: string
  readonly createdBy: string
}

/** 192 bits, in hex: it needs no care in a header, in XML or on a command line. */
const GENERATED_BYTES = 24
/** Somebody else changed the account meanwhile, as often as this. */
const MOST_TRIES = 5
/** The largest whole number of the column. */
const MOST_INT = 2_147_483_647

/** What a new account may do when nobody says. */
const DEFAULT_PERMISSIONS: Readonly<Partial<Record<ApiName, readonly string[]>>> = {
  'urgent-care': ['webService'],
  /** Of the services that it names and those below them: none without `--service`. */
  capacity: ['editCapacity'],
}

/** Reads what is asked for. Refuses names that mean nothing here, and says which would. */
export function parseAccount(asked: AskedAccount): Result<CheckedAccount> {
  const api = API_NAMES.find((name) => name === asked.api)
  if (!api) return refused(problem('api', `"${asked.api}" is not an API: choose one of ${API_NAMES.join(', ')}`))
  if (!isName(asked.username)) {
    return refused(problem('username', `A username has 1 to ${LONGEST_NAME} characters, none of them a colon`))
  }
  if (asked.password !== undefined && !isPassword(asked.password)) {
    return refused(problem('password', `A password has 1 to ${LONGEST_PASSWORD} characters that a keyboard makes`))
  }
  const unknown = asked.permissions?.find((name) => !(API_PERMISSIONS as readonly string[]).includes(name))
  if (unknown !== undefined) {
    return refused(problem('permission', `"${unknown}" is not a permission: choose from ${API_PERMISSIONS.join(', ')}`))
  }
  const role = numberIn(asked.role, MOST_INT)
  if (role === null) return refused(problem('role', `"${asked.role}" is not the number of a referral role`))
  const services = asked.services?.map((text) => numberIn(text, Number.MAX_SAFE_INTEGER))
  const wrong = services?.indexOf(null) ?? -1
  if (wrong >= 0) return refused(problem('service', `"${asked.services?.[wrong]}" is not the uid of a service`))
  const perMinute = numberIn(asked.perMinute, MOST_INT)
  if (perMinute === null) {
    return refused(problem('per-minute', `"${asked.perMinute}" is not a number of requests; 0 is no limit`))
  }
  return accepted({
    api,
    username: asked.username,
    password: asked.password,
    role,
    permissions: asked.permissions && [...new Set(asked.permissions)].sort(),
    services: services && [...new Set(services as number[])].sort((a, b) => a - b),
    perMinute,
  })
}

/**
 * Makes an account, or changes what is given of the one with this name. A password that is already right is no change;
 * without one an existing account keeps its own. A disabled account is enabled again.
 */
export async function saveApiAccount(db: Db, asked: AskedAccount, by: SavedBy): Promise<Result<SavedAccount>> {
  const parsed = parseAccount(asked)
  if (!parsed.ok) return parsed
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const stored = await load(db, parsed.value.username)
    const saved = stored ? await change(db, parsed.value, stored, by) : await create(db, parsed.value, by)
    if (saved) return saved
  }
  throw new Error('The account is being changed by others all the time')
}

/** Shuts an account out, within a second on every node. `changed` is false when it was disabled already. */
export async function disableApiAccount(
  db: Db,
  username: string,
  { by, now }: Omit<SavedBy, 'pepper'>,
): Promise<Result<{ readonly changed: boolean }>> {
  if (!(await load(db, username))) return refused(problem('username', `There is no account "${username}"`))
  const changed = await db.transact(async (tx) => {
    const gone = await tx
      .updateTable('api_account')
      .set({ status: 'disabled' })
      .where('username', '=', username)
      .where('status', '<>', 'disabled')
      .returning('username')
      .executeTakeFirst()
    if (gone) await remember(tx, { action: 'disable-account', username, detail: {}, by, now })
    return gone !== undefined
  })
  return accepted({ changed })
}

/** Every account, by name. */
export async function listApiAccounts(db: Db): Promise<readonly ListedAccount[]> {
  const rows = await db.pool.selectFrom('api_account').selectAll().orderBy('username').execute()
  return rows.map((row) => ({
    ...accountOf(row),
    status: row.status,
    createdAt: row.created_at,
    createdBy: row.created_by,
  }))
}

type Stored = NonNullable<Awaited<ReturnType<typeof load>>>

const load = (db: Db, username: string) =>
  db.pool.selectFrom('api_account').selectAll().where('username', '=', username).executeTakeFirst()

/** Undefined when somebody else made it first. */
async function create(db: Db, asked: CheckedAccount, by: SavedBy): Promise<Result<SavedAccount> | undefined> {
  const { api, username, role, permissions = DEFAULT_PERMISSIONS[api] ?? [], services = [], perMinute = 0 } = asked
  if (role === undefined && api === 'urgent-care') return refused(NEEDS_ROLE)
  const generated = asked.password === undefined ? randomBytes(GENERATED_BYTES).toString('hex') : undefined
  const secret = asked.password ?? generated ?? ''
  const password_hash = await hashPassword(secret, by.pepper)
  const secret_hint = secretHintOf(secret, by.pepper)
  const account: ApiAccount = { username, api, role: role ?? null, permissions, services, perMinute }
  const isMade = await db.transact(async (tx) => {
    const made = await tx
      .insertInto('api_account')
      .values({
        ...columnsOf(account),
        password_hash,
        secret_hint,
        created_at: by.now.toISOString(),
        created_by: by.by,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('username')
      .executeTakeFirst()
    const { username: _, ...detail } = account
    if (made) await remember(tx, { action: 'create-account', username, detail, ...by })
    return made !== undefined
  })
  return isMade ? accepted({ account, outcome: 'created', changes: [], generated }) : undefined
}

/** Undefined when somebody else changed it meanwhile. */
async function change(
  db: Db,
  asked: CheckedAccount,
  stored: Stored,
  by: SavedBy,
): Promise<Result<SavedAccount> | undefined> {
  const before = accountOf(stored)
  if (before.api !== asked.api) {
    return refused(problem('api', `"${asked.username}" is an account of ${before.api}: choose another username`))
  }
  const { role = before.role, permissions = before.permissions } = asked
  const { services = before.services, perMinute = before.perMinute } = asked
  const account: ApiAccount = { ...before, role, permissions, services, perMinute }
  const { password } = asked
  const isSame = password === undefined || (await isPasswordOf(stored.password_hash, password, by.pepper))
  const password_hash = isSame ? stored.password_hash : await hashPassword(password, by.pepper)
  const secret_hint = isSame ? stored.secret_hint : secretHintOf(password, by.pepper)
  const changes = [
    ...(['role', 'permissions', 'services', 'perMinute'] as const)
      .filter((name) => String(account[name]) !== String(before[name]))
      .map((name) => WORDS[name]),
    ...(isSame ? [] : ['password']),
    ...(stored.status === 'active' ? [] : ['enabled again']),
  ]
  if (changes.length === 0) return accepted({ account, outcome: 'unchanged', changes, generated: undefined })
  const isSaved = await db.transact(async (tx) => {
    const locked = await tx
      .selectFrom('api_account')
      .selectAll()
      .where('username', '=', asked.username)
      .forUpdate()
      .executeTakeFirst()
    if (JSON.stringify(locked) !== JSON.stringify(stored)) return false
    await tx
      .updateTable('api_account')
      .set({ ...columnsOf(account), password_hash, secret_hint, status: 'active' })
      .where('username', '=', asked.username)
      .execute()
    const { username, ...detail } = account
    await remember(tx, { action: 'change-account', username, detail: { ...detail, changed: changes }, ...by })
    return true
  })
  return isSaved ? accepted({ account, outcome: 'changed', changes, generated: undefined }) : undefined
}

const WORDS = {
  role: 'role',
  permissions: 'permissions',
  services: 'services',
  perMinute: 'requests a minute',
} as const

const NEEDS_ROLE = {
  field: 'role',
  code: 'missing',
  message: 'An account of urgent-care needs --role N: the referral role decides which services it is shown',
}

type Remembered = {
  readonly action: string
  readonly username: string
  readonly detail: object
  readonly by: string
  readonly now: Date
}

/** Writes the audit entry, and tells every process to read the accounts again. */
async function remember(tx: Tx, { action, username, detail, by, now }: Remembered): Promise<void> {
  const at = now.toISOString()
  await sql`
    insert into reference_version (name, version, updated_at) values (${API_ACCOUNTS_VERSION}, 1, ${at}::timestamptz)
    on conflict (name) do update set version = reference_version.version + 1, updated_at = excluded.updated_at`.execute(
    tx,
  )
  await appendToLedger(tx, at, [{ actor: by, action, target: `account:${username}`, detail, changes: [] }])
}

const columnsOf = ({ username, api, role, permissions, services, perMinute }: ApiAccount) => ({
  username,
  api,
  role,
  permissions: [...permissions],
  services: [...services],
  per_minute: perMinute,
})

function accountOf(row: Stored): ApiAccount {
  const { username, api, role, permissions, services, per_minute: perMinute } = row
  return { username, api: api as ApiName, role, permissions, services, perMinute }
}

/** Undefined when nothing was given, null when it is no whole number from 0 to `most`. */
function numberIn(text: string | undefined, most: number): number | null | undefined {
  if (text === undefined) return undefined
  const isNumber = /^\d{1,16}$/.test(text.trim()) && Number(text) <= most
  return isNumber ? Number(text) : null
}

/** Basic authentication ends a name at its first colon. */
const isName = (text: string): boolean =>
  text.length <= LONGEST_NAME && text.isWellFormed() && /^[^\s:\p{C}]([^:\p{C}]*[^\s:\p{C}])?$/u.test(text)
const isPassword = (text: string): boolean =>
  text !== '' && text.length <= LONGEST_PASSWORD && text.isWellFormed() && !/\p{Cc}/u.test(text)

const problem = (field: string, message: string): Problem => ({ field, code: 'invalid', message })
