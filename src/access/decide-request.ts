/**
 * Yes or no to somebody who asked for access: by a person who may, or by the pharmacy's shared mailbox, through the code
 * that the asker enters or through the link. Whoever comes second changes nothing and is told what was decided.
 */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { takeCode } from '#src/accounts/one-time-codes.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type LedgerEntry } from '#src/platform/db/ledger.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { targetOf } from '#src/profiles/visit.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import { lastDayOf } from '#src/rules/pharmacy-roles.ts'
import type { AccessDeps } from './access-deps.ts'
import { type AccessRequest, closeRequest, loadAccessRequest } from './access-request-store.ts'
import { giveAccess, mayDecideAccess, tellOwners } from './give-access.ts'
import { isMailboxLinkKey } from './mailbox-link.ts'
import { loadMailboxPower } from './mailbox-power.ts'
import { lockPeopleOf } from './members.ts'
import { BY_SHARED_MAILBOX, loadActorNames } from './people-words.ts'

/** What is decided. A refusal may say why; the asker reads it. */
export type Verdict = { readonly approve: true } | { readonly approve: false; readonly reason: string }

/** `decided-before`: somebody was first, or it was withdrawn. `not-possible`: `because` says why, in a sentence. */
export type Decided =
  | { readonly outcome: 'approved' | 'refused' | 'decided-before'; readonly request: AccessRequest }
  | { readonly outcome: 'not-possible'; readonly because: string; readonly request: AccessRequest }

export type CodeTried =
  | Decided
  /** `last`: no guess is left, and a new code is needed. */
  | { readonly outcome: 'wrong' | 'last-wrong' | 'expired'; readonly request: AccessRequest }

const CLOSED = 'The pharmacy has closed for good.'
const NO_POWER = 'The pharmacy’s shared mailbox cannot decide about this request any more. Somebody else will.'
const OWN = 'You cannot decide about your own request.'

/** A person decides. Undefined when there is no such request, or they may not decide about it. */
export async function decideAsPerson(
  deps: AccessDeps,
  actor: Actor,
  requestId: number,
  verdict: Verdict,
): Promise<Decided | undefined> {
  return await onRequest(deps, requestId, async (tx, { request, profile, now }) => {
    if (!mayDecideAccess(actor, targetOf(request.odsCode, { profile }))) return undefined
    if (request.state !== 'asked') return { outcome: 'decided-before', request }
    if (request.email === actor.email) return { outcome: 'not-possible', because: OWN, request }
    return await carryOut(tx, { request, profile, now, by: auditNameOf(actor), verdict })
  })
}

/** Whoever has the link from the shared mailbox decides. Undefined when the link is not, or no longer, a good one. */
export async function decideByLink(
  deps: AccessDeps,
  link: { readonly requestId: number; readonly key: string },
  verdict: Verdict,
): Promise<Decided | undefined> {
  return await onRequest(deps, link.requestId, async (tx, { request, profile, now }) => {
    if (!isGoodLink(request, link.key, deps.pepper)) return undefined
    if (!(await hasPower(tx, profile, { request, now, deps })))
      return { outcome: 'not-possible', because: NO_POWER, request }
    return await carryOut(tx, { request, profile, now, by: BY_SHARED_MAILBOX, verdict })
  })
}

/** Whether a link leads to an open request and is the one of its latest email. */
export const isGoodLink = (request: AccessRequest, key: string, pepper: string): boolean =>
  request.state === 'asked' && request.codeId !== null && isMailboxLinkKey(key, request.codeId, pepper)

/** The asker enters the code that was sent to the shared mailbox. Undefined when they have no such request. */
export async function tryCode(
  deps: AccessDeps,
  actor: Actor,
  guess: { readonly requestId: number; readonly code: string },
): Promise<CodeTried | undefined> {
  return await onRequest<CodeTried | undefined>(deps, guess.requestId, async (tx, { request, profile, now }) => {
    if (request.email !== actor.email) return undefined
    if (request.state !== 'asked') return { outcome: 'decided-before', request }
    const answer = await tried(tx, request, { code: guess.code, now, pepper: deps.pepper })
    if (answer !== 'ok') return { outcome: answer, request }
    if (!(await hasPower(tx, profile, { request, now, deps })))
      return { outcome: 'not-possible', because: NO_POWER, request }
    return await carryOut(tx, { request, profile, now, by: BY_SHARED_MAILBOX, verdict: { approve: true } })
  })
}

async function tried(
  tx: Tx,
  { codeId }: AccessRequest,
  given: { readonly code: string; readonly now: Date; readonly pepper: string },
): Promise<'ok' | 'wrong' | 'last-wrong' | 'expired'> {
  if (codeId === null) return 'expired'
  const answer = await takeCode(tx, { ...given, codeId, purpose: 'shared-mailbox' })
  if (answer === 'too-many') return 'last-wrong'
  return answer === 'used' ? 'expired' : answer
}

/** Takes one's own request back. False when there is none that is open. */
export async function withdrawRequest(deps: AccessDeps, actor: Actor, requestId: number): Promise<boolean> {
  const withdrawn = await onRequest(deps, requestId, async (tx, { request, now }) => {
    if (request.email !== actor.email || request.state !== 'asked') return false
    const by = auditNameOf(actor)
    await closeRequest(tx, request.id, { state: 'withdrawn', by, now, reason: null })
    await appendToLedger(tx, now.toISOString(), [entryOf('withdraw-access-request', request, by)])
    return true
  })
  return withdrawn ?? false
}

type Opened = { readonly request: AccessRequest; readonly profile: Profile; readonly now: Date }

/** Takes the turn of the pharmacy's people, then reads the request as it is. */
async function onRequest<T>(
  deps: AccessDeps,
  requestId: number,
  work: (tx: Tx, opened: Opened) => Promise<T>,
): Promise<T | undefined> {
  const known = await loadAccessRequest(deps.db.pool, requestId)
  if (!known) return undefined
  const now = deps.clock.now()
  return await deps.db.transact(async (tx) => {
    await lockPeopleOf(tx, [known.odsCode])
    const request = await loadAccessRequest(tx, requestId)
    const stored = await loadProfile(tx, known.odsCode)
    return request && stored && (await work(tx, { request, profile: stored.profile, now }))
  })
}

async function hasPower(
  tx: Tx,
  profile: Profile,
  { request, now, deps }: { readonly request: AccessRequest; readonly now: Date; readonly deps: AccessDeps },
): Promise<boolean> {
  const power = await loadMailboxPower(tx, profile, { ...request, now, domains: deps.sharedMailboxDomains })
  return power.mayDecide && power.address === request.mailbox
}

type Carried = Opened & { readonly by: string; readonly verdict: Verdict }

async function carryOut(tx: Tx, carried: Carried): Promise<Decided> {
  const { request, profile, now, by, verdict } = carried
  if (verdict.approve && profile.status === 'closed') return { outcome: 'not-possible', because: CLOSED, request }
  const reason = verdict.approve ? null : verdict.reason
  await closeRequest(tx, request.id, { state: verdict.approve ? 'approved' : 'refused', by, now, reason })
  const lastDay = firstLastDay(request, now)
  const { odsCode, email, role } = request
  const given = verdict.approve ? await giveAccess(tx, { odsCode, email, role, lastDay, by, now }, true) : []
  await tellAbout(tx, carried, lastDay)
  const entry = entryOf(verdict.approve ? 'approve-access' : 'refuse-access', request, by, reason)
  await appendToLedger(tx, now.toISOString(), [entry, ...given])
  const decided = await loadAccessRequest(tx, request.id)
  return { outcome: verdict.approve ? 'approved' : 'refused', request: decided ?? request }
}

/** Closure-only access lasts a week from the day on which it is given; an owner can change that. */
function firstLastDay({ role }: AccessRequest, now: Date): LocalDate | null {
  const found = lastDayOf(role, null, dateOf(toLondon(now).day))
  return typeof found === 'string' ? null : found.lastDay
}

async function tellAbout(
  tx: Tx,
  { request, profile, now, by, verdict }: Carried,
  lastDay: LocalDate | null,
): Promise<void> {
  const { id, odsCode, email: recipient, role, mailbox } = request
  const pharmacy = { odsCode, name: profile.name }
  const nameOf = await loadActorNames(tx, [by])
  const facts = { cause: `request ${id}`, pharmacy, role, lastDay: verdict.approve ? lastDay : null, by: nameOf(by) }
  await queueEmail(tx, {
    ...facts,
    kind: 'your-access',
    recipient,
    outcome: verdict.approve ? 'granted' : 'refused',
    reason: verdict.approve ? '' : verdict.reason,
  })
  const what = verdict.approve ? 'granted' : 'refused'
  await tellOwners(tx, { ...facts, what, person: recipient }, { now, actor: by, others: [mailbox] })
}

const entryOf = (action: string, request: AccessRequest, actor: string, reason: string | null = null): LedgerEntry => ({
  actor,
  action,
  target: `access-request:${request.id}`,
  detail: { odsCode: request.odsCode, email: request.email, role: request.role, mailbox: request.mailbox, reason },
  changes: [],
})
