/**
 * Accounts of programs: who asks through an API, what they may do there, and how often.
 *
 * Passwords are stored as Argon2id. One that was verified stays known in memory, as a digest under a key of this process,
 * so that only its first use pays for the slow check. The accounts themselves are in memory too, and read again within
 * a second of a change; a sign-in that fails looks for a change first, so that a new account works at once.
 */
import { hash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import { type Clock, systemClock } from '#src/platform/clock.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import type { Tables } from '#src/platform/db/tables.ts'
import { createFailedAttempts } from './failed-attempts.ts'
import { createQueue, latest } from './in-turn.ts'
import { hashOfNothing, isPasswordOf, secretHintOf } from './password-hash.ts'

export const API_NAMES = ['urgent-care', 'capacity', 'change-events', 'professional', 'fhir', 'nhs-website'] as const
export type ApiName = (typeof API_NAMES)[number]

/** `webService`: searches and details. `roadDistance`: distances by road. `editCapacity`: sets capacities. */
export const API_PERMISSIONS = ['webService', 'roadDistance', 'editCapacity'] as const
export type ApiPermission = (typeof API_PERMISSIONS)[number]

export type ApiAccount = {
  readonly username: string
  readonly api: ApiName
  /** The referral role, which decides the services that a triage search returns. */
  readonly role: number | null
  readonly permissions: readonly string[]
  /** Uids of the services that the account may act for; empty where its API knows no such limit. */
  readonly services: readonly number[]
  /** Requests a minute and process; 0 is no limit. */
  readonly perMinute: number
}

export type ApiAccounts = {
  /** The account whose password this is, if the password was verified before: at once, without waiting. Never throws. */
  known(api: ApiName, username: string, password: string): ApiAccount | undefined
  /**
   * The account whose password this is. Undefined for an unknown or disabled account, another API's, a wrong password,
   * and for an address or name that failed too often within the minute. Never throws for bad input.
   */
  authenticate(api: ApiName, username: string, password: string, address: string): Promise<ApiAccount | undefined>
  /**
   * Whether this is the right password of an account that was shut out. To be asked after `authenticate` found nobody: it
   * knows only passwords that were checked, and never waits.
   */
  isDisabled(api: ApiName, username: string, password: string): boolean
  /**
   * The accounts of an API that this secret can be of, for programs that send it without a name; most often one or none.
   * Looks for new accounts when it knows none. `authenticate` says of which it is.
   */
  namesFor(api: ApiName, secret: string): Promise<readonly string[]>
  /** The active account of a name, and a stamp that changes with its secret: for tokens that say whose they are. */
  named(api: ApiName, username: string): { readonly account: ApiAccount; readonly stamp: string } | undefined
  /** Counts one request; false when the account is over its limit of this minute. */
  admit(account: ApiAccount): boolean
  /** Reads the accounts again where they changed. Called by itself every second. */
  refresh(): Promise<void>
}

/** The row of reference_version that rises with every change of an account. */
export const API_ACCOUNTS_VERSION = 'api-accounts'

/** Passwords checked at once; each takes 19 MiB and a core. */
const CHECKS_AT_ONCE = 2
const MOST_WAITING_CHECKS = 500
/** Longer names and passwords are nobody's. */
export const LONGEST_NAME = 100
export const LONGEST_PASSWORD = 200

const MINUTE_MS = 60_000

type Held = {
  readonly account: ApiAccount
  readonly isActive: boolean
  readonly passwordHash: string
  readonly secretHint: number | null
  verified: string | undefined
}

/** Reads the accounts, and answers from memory from then on. `pepper` is the setting SECRETS_PEPPER. */
export async function loadApiAccounts(
  db: Db,
  { pepper, clock = systemClock }: { readonly pepper: string; readonly clock?: Clock },
): Promise<ApiAccounts> {
  let version = -1
  let held: ReadonlyMap<string, Held> = new Map()
  let byHint: ReadonlyMap<number | null, readonly Held[]> = new Map()
  const read = async (): Promise<void> => {
    // The version first: accounts that change in between are read once more.
    const stored = await loadAccountsVersion(db.pool)
    if (stored === version) return
    held = await loadHeld(db.pool, held)
    byHint = Map.groupBy(held.values(), ({ secretHint }) => secretHint)
    version = stored
  }
  const refresh = latest(read)
  await refresh()

  const key = randomBytes(32).toString('base64')
  const find = (api: ApiName, username: string): Held | undefined => {
    const found = held.get(username)
    return found?.account.api === api ? found : undefined
  }
  const check = createCheck({ find, refresh, pepper, clock })
  /** The same sign-in asked for many times at once, as after a start, is checked once. */
  const underWay = new Map<string, Promise<Held | undefined>>()
  const checkTogether = (attempt: Attempt): Promise<Held | undefined> => {
    const same = keyed(key, JSON.stringify([attempt.api, attempt.username, attempt.password]))
    const checking = underWay.get(same) ?? check(attempt).finally(() => underWay.delete(same))
    underWay.set(same, checking)
    return checking
  }

  const checked = (api: ApiName, username: string, password: string): Held | undefined => {
    const found = find(api, username)
    if (!found?.verified || password.length > LONGEST_PASSWORD) return undefined
    return found.verified === keyed(key, password) ? found : undefined
  }
  const known: ApiAccounts['known'] = (api, username, password) => {
    const found = checked(api, username, password)
    return found?.isActive ? found.account : undefined
  }
  const namesIn = (api: ApiName, hint: number): readonly string[] =>
    (byHint.get(hint) ?? []).filter(({ account }) => account.api === api).map(({ account }) => account.username)
  return {
    known,
    isDisabled: (api, username, password) => checked(api, username, password)?.isActive === false,
    async namesFor(api, secret) {
      if (!isPossible(secret, LONGEST_PASSWORD)) return []
      const hint = secretHintOf(secret, pepper)
      const names = namesIn(api, hint)
      if (names.length > 0) return names
      await refresh().catch(() => {})
      return namesIn(api, hint)
    },
    named(api, username) {
      const found = find(api, username)
      return found?.isActive
        ? { account: found.account, stamp: hash('sha256', found.passwordHash, 'base64url') }
        : undefined
    },
    async authenticate(api, username, password, address) {
      const already = known(api, username, password)
      if (already) return already
      if (!isPossible(username, LONGEST_NAME) || !isPossible(password, LONGEST_PASSWORD)) return undefined
      const found = checked(api, username, password) ?? (await checkTogether({ api, username, password, address }))
      if (!found) return undefined
      found.verified = keyed(key, password)
      if (found.isActive) return found.account
      // It may have been let in again since.
      await refresh().catch(() => {})
      return known(api, username, password)
    },
    admit: createLimits(clock),
    refresh,
  }
}

type Attempt = {
  readonly api: ApiName
  readonly username: string
  readonly password: string
  readonly address: string
}

type CheckDeps = {
  readonly find: (api: ApiName, username: string) => Held | undefined
  readonly refresh: () => Promise<void>
  readonly pepper: string
  readonly clock: Clock
}

/** The slow check of one sign-in: few at a time, and none for whoever failed too often. */
function createCheck({ find, refresh, pepper, clock }: CheckDeps): (attempt: Attempt) => Promise<Held | undefined> {
  const failures = createFailedAttempts(clock)
  const inTurn = createQueue({ atOnce: CHECKS_AT_ONCE, mostWaiting: MOST_WAITING_CHECKS })
  const nobody = hashOfNothing()
  // Without the database what is in memory decides; that it is away is said by whoever looks every second.
  const look = (): Promise<void> => refresh().catch(() => {})

  const checkOnce = async ({ api, username, password }: Attempt): Promise<Held | 'changed' | undefined> => {
    const tried = find(api, username)
    const isRight = await isPasswordOf(tried?.passwordHash ?? nobody, password, pepper)
    if (tried && !isRight) await look()
    const now = find(api, username)
    if (tried && tried.passwordHash !== now?.passwordHash) return 'changed'
    return isRight ? now : undefined
  }
  /** An account that nobody has costs one look and one check, as does a wrong password: time tells nothing. */
  const verify = async (attempt: Attempt): Promise<Held | undefined> => {
    if (!find(attempt.api, attempt.username)) await look()
    const first = await checkOnce(attempt)
    const last = first === 'changed' ? await checkOnce(attempt) : first
    return last === 'changed' ? undefined : last
  }

  return async (attempt) => {
    const { username, address } = attempt
    if (!failures.mayTry(username, address)) return undefined
    return inTurn(async () => {
      if (!failures.mayTry(username, address)) return undefined
      const found = await verify(attempt)
      if (!found) failures.failed(username, address)
      return found
    })
  }
}

/** Counts the requests of each account in a minute of the clock. */
function createLimits(clock: Clock): (account: ApiAccount) => boolean {
  const counts = new Map<string, number>()
  let minute = 0
  return ({ username, perMinute }) => {
    if (perMinute === 0) return true
    const current = Math.floor(clock.now().getTime() / MINUTE_MS)
    if (current !== minute) counts.clear()
    minute = current
    const count = (counts.get(username) ?? 0) + 1
    counts.set(username, count)
    return count <= perMinute
  }
}

const isPossible = (text: string, longest: number): boolean => text !== '' && text.length <= longest
/**
 * The key comes first and is as long as the digest, so that nobody who lacks it can tell what a text comes to: how long
 * two of these take to be compared gives nothing away.
 */
const keyed = (key: string, text: string): string => hash('sha256', key + text, 'base64')

async function loadAccountsVersion(db: Queryable): Promise<number> {
  const row = await db
    .selectFrom('reference_version')
    .select('version')
    .where('name', '=', API_ACCOUNTS_VERSION)
    .executeTakeFirst()
  return row?.version ?? 0
}

/** The accounts, disabled ones too. Whoever was verified stays so while the password is the same. */
async function loadHeld(db: Queryable, before: ReadonlyMap<string, Held>): Promise<ReadonlyMap<string, Held>> {
  const rows = await db.selectFrom('api_account').selectAll().orderBy('username').execute()
  return new Map(
    rows.flatMap((row) => {
      const account = accountIn(row)
      if (!account) return []
      const { status, password_hash: passwordHash, secret_hint: secretHint } = row
      const known = before.get(row.username)
      const verified = known?.passwordHash === passwordHash ? known.verified : undefined
      return [[row.username, { account, isActive: status === 'active', passwordHash, secretHint, verified }]]
    }),
  )
}

function accountIn(row: Selectable<Tables['api_account']>): ApiAccount | undefined {
  const api = API_NAMES.find((name) => name === row.api)
  const { username, role, permissions, services, per_minute: perMinute } = row
  return api && { username, api, role, permissions, services, perMinute }
}

/** The active account of this name as it is stored, for work that nobody waits for; undefined when there is none. */
export async function loadApiAccount(db: Queryable, username: string): Promise<ApiAccount | undefined> {
  const row = await db
    .selectFrom('api_account')
    .selectAll()
    .where('username', '=', username)
    .where('status', '=', 'active')
    .executeTakeFirst()
  return row && accountIn(row)
}
