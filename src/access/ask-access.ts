/** Somebody asks to look after pharmacies: stored, audited, and everybody who can say yes or no is told. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { AccessAsked } from '#src/emails/access-asked.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { loadProfiles } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { targetOf } from '#src/profiles/visit.ts'
import { isAbove, type PharmacyRole, roleInSentence } from '#src/rules/pharmacy-roles.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { AccessDeps } from './access-deps.ts'
import { type AccessRequest, loadAccessRequest, loadRequestsOf } from './access-request-store.ts'
import { sendCode } from './mailbox-codes.ts'
import { loadMailboxPower, type MailboxPower } from './mailbox-power.ts'
import { loadDirectRoles, loadOwners, lockPeopleOf } from './members.ts'

export type Ask = {
  readonly name: string
  readonly jobRole: string
  readonly role: PharmacyRole
  readonly odsCodes: readonly string[]
}

type AskDeps = Pick<AccessDeps, 'db' | 'clock' | 'pepper' | 'sharedMailboxDomains'>

/** Each time every owner gets an email. */
export const MOST_AT_ONCE = 20
const MOST_A_DAY = 40
/** For the same pharmacy: whoever was refused twice should talk to somebody. */
const MOST_FOR_ONE = 3
const MEMORY_DAYS = 30
const DAY_MS = 86_400_000
/** The same form sent again within this time is a second click. */
const SAME_ASK_MS = 10 * 60_000

/**
 * Saves one request for each pharmacy, or none and says why: pharmacies that do not exist, have closed for good, or that
 * this person looks after or has asked for already. The same form sent twice is one request.
 */
export async function saveAsk(deps: AskDeps, actor: Actor, ask: Ask): Promise<Result<readonly number[]>> {
  const now = deps.clock.now()
  return await deps.db.transact(async (tx) => {
    await lockPeopleOf(tx, ask.odsCodes)
    const before = await loadRequestsOf(tx, actor.email, new Date(now.getTime() - MEMORY_DAYS * DAY_MS))
    const repeated = ask.odsCodes.flatMap((code) => before.find((earlier) => isSameAsk(earlier, code, ask, now)) ?? [])
    if (repeated.length === ask.odsCodes.length) return accepted(repeated.map(({ id }) => id))
    const profiles = await loadProfiles(tx, ask.odsCodes)
    const problems: Problem[] = tooMany(before, ask, now)
    for (const odsCode of ask.odsCodes) {
      const message = await whyNot(tx, profiles.get(odsCode)?.profile, odsCode, { actor, ask, before, now })
      if (message) problems.push({ field: fieldOf(odsCode), code: 'refused', message })
    }
    if (problems.length > 0) return refused(...problems)
    const found = ask.odsCodes.flatMap((code) => profiles.get(code)?.profile ?? [])
    return accepted(await storeRequests(tx, found, { deps, actor, ask, now }))
  })
}

/** The name of a pharmacy's checkbox, where what is wrong with it is said. */
export const fieldOf = (odsCode: string): string => `pick-${odsCode.toLowerCase()}`

const isSameAsk = (earlier: AccessRequest, odsCode: string, ask: Ask, now: Date): boolean =>
  earlier.odsCode === odsCode &&
  earlier.role === ask.role &&
  earlier.state === 'asked' &&
  now.getTime() - Date.parse(earlier.askedAt) < SAME_ASK_MS

function tooMany(before: readonly AccessRequest[], ask: Ask, now: Date): Problem[] {
  const today = before.filter(({ askedAt }) => now.getTime() - Date.parse(askedAt) < DAY_MS).length
  if (today + ask.odsCodes.length <= MOST_A_DAY) return []
  const message = `You can ask for up to ${MOST_A_DAY} pharmacies a day. Contact us if you look after more`
  return [{ field: 'picks', code: 'too-many', message }]
}

type Asking = {
  readonly actor: Actor
  readonly ask: Ask
  readonly before: readonly AccessRequest[]
  readonly now: Date
}

/** Why this pharmacy cannot be asked for; undefined when it can. */
async function whyNot(
  tx: Tx,
  profile: Profile | undefined,
  odsCode: string,
  { actor, ask, before, now }: Asking,
): Promise<string | undefined> {
  if (!profile) return `No pharmacy has the ODS code ${odsCode}`
  const { name } = profile
  if (profile.status === 'closed') return `${name} (${odsCode}) has closed for good`
  const earlier = before.filter((request) => request.odsCode === odsCode)
  if (earlier.some(({ state }) => state === 'asked')) return `You have asked for ${name} (${odsCode}) already`
  const [had] = await loadDirectRoles(tx, { odsCode, email: actor.email, now })
  const target = targetOf(odsCode, undefined)
  const fromAbove = { ...target, parentCode: profile.commissioning.parentCode }
  if (can(actor, 'manage-people', fromAbove) || (had && !isAbove(ask.role, had.role))) {
    const as = had ? ` as ${roleInSentence(had.role)}` : ''
    return `You have access to ${name} (${odsCode}) already${as}`
  }
  if (earlier.length >= MOST_FOR_ONE) {
    return `You have asked for ${name} (${odsCode}) ${MOST_FOR_ONE} times in ${MEMORY_DAYS} days. Contact us`
  }
  return undefined
}

type Storing = { readonly deps: AskDeps; readonly actor: Actor; readonly ask: Ask; readonly now: Date }

async function storeRequests(
  tx: Tx,
  profiles: readonly Profile[],
  { deps, actor, ask, now }: Storing,
): Promise<readonly number[]> {
  const ids: number[] = []
  const answers: AccessAsked['pharmacies'][number][] = []
  for (const profile of profiles) {
    const power = await loadMailboxPower(tx, profile, {
      email: actor.email,
      role: ask.role,
      now,
      domains: deps.sharedMailboxDomains,
    })
    const request = await insertRequest(tx, profile.odsCode, { actor, ask, now, power })
    ids.push(request.id)
    const told = await tellDeciders(tx, profile, { request, power, now, pepper: deps.pepper })
    answers.push({ odsCode: profile.odsCode, name: profile.name, next: told })
  }
  await tx.updateTable('person').set({ job_role: ask.jobRole }).where('id', '=', actor.personId).execute()
  await queueEmail(tx, {
    kind: 'access-asked',
    requestId: ids[0] ?? 0,
    recipient: actor.email,
    name: ask.name,
    role: ask.role,
    pharmacies: answers,
    askedAt: now.toISOString(),
  })
  await appendToLedger(
    tx,
    now.toISOString(),
    ids.map((id, index) => ({
      actor: auditNameOf(actor),
      action: 'ask-access',
      target: `access-request:${id}`,
      detail: { odsCode: profiles[index]?.odsCode, role: ask.role, name: ask.name, jobRole: ask.jobRole },
      changes: [],
    })),
  )
  return ids
}

async function insertRequest(
  tx: Tx,
  odsCode: string,
  { actor, ask, now, power }: Omit<Storing, 'deps'> & { readonly power: MailboxPower },
): Promise<AccessRequest> {
  const { id } = await tx
    .insertInto('access_request')
    .values({
      ods_code: odsCode,
      email: actor.email,
      name: ask.name,
      job_role: ask.jobRole,
      role: ask.role,
      asked_at: now.toISOString(),
      mailbox: power.mayDecide ? power.address : null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const stored = await loadAccessRequest(tx, id)
  if (!stored) throw new Error(`Request ${id} was stored and is not there`)
  return stored
}

/** Who is asked first. The mailbox gets a code where it may decide, and is told where it may not. */
async function tellDeciders(
  tx: Tx,
  profile: Profile,
  given: {
    readonly request: AccessRequest
    readonly power: MailboxPower
    readonly now: Date
    readonly pepper: string
  },
): Promise<'mailbox' | 'owners' | 'team'> {
  const { request, power, now, pepper } = given
  const { id, odsCode, email, name, jobRole, role, askedAt } = request
  const owners = (await loadOwners(tx, odsCode, now)).filter((owner) => owner !== email)
  const pharmacy = { odsCode, name: profile.name }
  const facts = { requestId: id, pharmacy, asker: { email, name, jobRole }, role, askedAt }
  const informed = power.mayDecide || power.address === null || power.address === email ? [] : [power.address]
  for (const recipient of new Set([...owners, ...informed])) {
    await queueEmail(tx, { ...facts, kind: 'access-request', recipient })
  }
  if (power.mayDecide && (await sendCode(tx, { request, pharmacyName: profile.name, now, pepper }))) return 'mailbox'
  return owners.length > 0 ? 'owners' : 'team'
}
