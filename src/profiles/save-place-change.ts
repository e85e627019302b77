/** Asking for another name, address or pin, withdrawing that, and answering it: each in one transaction with its emails. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { PlaceChangeTold } from '#src/emails/place-change-told.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { IssueReceipts } from '#src/verification/issue-receipts.ts'
import { commitProfiles } from './commit-profiles.ts'
import { lockProfiles } from './load-profiles.ts'
import {
  type AskedPlace,
  type CentreOf,
  checkAsked,
  distanceFromCentre,
  needsApproval,
  placeNow,
  withPlace,
} from './place-change.ts'
import { askedInWords, PLACE_WORDS, placeInWords } from './place-change-words.ts'
import {
  answerPlaceChange,
  insertPlaceChange,
  loadPlaceChange,
  lockPlaceChange,
  type PlaceChange,
} from './place-changes.ts'
import type { Profile, StoredProfile } from './profile.ts'

export type PlaceChangeDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly issueReceipts: IssueReceipts
  readonly centreOf: CentreOf
  /** The pharmacy's shared mailbox; null when it has none. */
  readonly sharedMailboxOf: (profile: Profile) => string | null
}

export type AskOutcome =
  | { readonly outcome: 'waiting'; readonly id: number }
  /** A pin so near its postcode that it is set already. */
  | { readonly outcome: 'applied'; readonly id: number; readonly seq: number }
  /** One of the same kind waits already. */
  | { readonly outcome: 'already-waiting' }
  | { readonly outcome: 'refused'; readonly problems: readonly Problem[] }

/** Keeps a request, or sets a pin that nobody has to approve. Throws NotFound when there is no such pharmacy. */
export async function askPlaceChange(
  deps: PlaceChangeDeps,
  actor: Actor,
  { odsCode, asked, evidence }: { odsCode: string; asked: AskedPlace; evidence: string },
): Promise<AskOutcome> {
  const at = deps.clock.now().toISOString()
  const person = auditNameOf(actor)
  return deps.db.transact(async (tx) => {
    const stored = await lockedProfile(tx, odsCode)
    const { profile } = stored
    const checked = checkAsked(profile, asked, deps.centreOf)
    if (!checked.ok) return { outcome: 'refused', problems: checked.problems }
    const distanceMetres = distanceFromCentre(profile, asked, deps.centreOf)
    const waits = needsApproval(asked, distanceMetres)
    const status = waits ? 'waiting' : 'applied'
    const request = {
      odsCode,
      kind: asked.kind,
      asked,
      was: placeNow(profile),
      evidence,
      distanceMetres,
      person,
      askedAt: at,
      status,
    } as const
    const id = await insertPlaceChange(tx, request)
    if (id === undefined) return { outcome: 'already-waiting' }
    if (!waits) {
      const seq = await apply(tx, deps, stored, { asked, actor: person, action: 'set-map-pin', at, id })
      return { outcome: 'applied', id, seq }
    }
    await tell(tx, deps, stored.profile, { ...request, id }, 'waiting', null)
    await appendToLedger(tx, at, [entryOf(person, 'ask-place-change', { ...request, id }, { asked, evidence })])
    return { outcome: 'waiting', id }
  })
}

/** Takes a request back; false when it was answered or withdrawn before. */
export async function withdrawPlaceChange(
  deps: PlaceChangeDeps,
  actor: Actor,
  { odsCode, id }: { odsCode: string; id: number },
): Promise<boolean> {
  const at = deps.clock.now().toISOString()
  const by = auditNameOf(actor)
  return deps.db.transact(async (tx) => {
    const { request, stored } = await lockedRequest(tx, id)
    if (request.odsCode !== odsCode) throw new NotFound(`Pharmacy ${odsCode} has no request ${id}`)
    if (request.status !== 'waiting') return false
    await answerPlaceChange(tx, id, { status: 'withdrawn', by, at, reason: null })
    await tell(tx, deps, stored.profile, request, 'withdrawn', null)
    await appendToLedger(tx, at, [entryOf(by, 'withdraw-place-change', request, {})])
    return true
  })
}

export type DecideOutcome =
  /** `seq` is 0 when nothing of the profile changed. */
  | { readonly outcome: 'decided'; readonly seq: number }
  /** Somebody was faster, or it was withdrawn. */
  | { readonly outcome: 'answered-before'; readonly request: PlaceChange }
  /** The name or address of the pharmacy changed since the decider read it. */
  | { readonly outcome: 'stale' }

/**
 * Says yes or no, once. A yes is the decider's change of the profile and reaches its DoS services in the same commit.
 * Throws NotFound when there is no such request.
 */
export async function answerRequest(
  deps: PlaceChangeDeps,
  actor: Actor,
  {
    id,
    approve,
    reason,
    expectedVersion,
  }: { id: number; approve: boolean; reason: string | null; expectedVersion: number },
): Promise<DecideOutcome> {
  const at = deps.clock.now().toISOString()
  const by = auditNameOf(actor)
  return deps.db.transact(async (tx): Promise<DecideOutcome> => {
    const { request, stored } = await lockedRequest(tx, id)
    if (request.status !== 'waiting') return { outcome: 'answered-before', request }
    if (approve && stored.version !== expectedVersion) return { outcome: 'stale' }
    const status = approve ? 'approved' : 'refused'
    await answerPlaceChange(tx, id, { status, by, at, reason })
    await tell(tx, deps, stored.profile, request, status, reason)
    if (approve) {
      const { asked } = request
      const seq = await apply(tx, deps, stored, { asked, actor: by, action: 'approve-place-change', at, id })
      return { outcome: 'decided', seq }
    }
    await appendToLedger(tx, at, [entryOf(by, 'refuse-place-change', request, { reason })])
    return { outcome: 'decided', seq: 0 }
  })
}

/** The request and its pharmacy, locked: the pharmacy first, as everybody who asks does. */
async function lockedRequest(tx: Tx, id: number): Promise<{ request: PlaceChange; stored: StoredProfile }> {
  const known = await loadPlaceChange(tx, id)
  if (!known) throw new NotFound(`There is no request ${id}`)
  const stored = await lockedProfile(tx, known.odsCode)
  const request = await lockPlaceChange(tx, id)
  return { request: request ?? known, stored }
}

async function lockedProfile(tx: Tx, odsCode: string): Promise<StoredProfile> {
  const stored = (await lockProfiles(tx, [odsCode])).get(odsCode)
  if (!stored) throw new NotFound(`No pharmacy profile has the ODS code ${odsCode}`)
  return stored
}

/** Sections keep their standing: nobody checked or changed contact details by correcting a name. */
async function apply(
  tx: Tx,
  { issueReceipts, centreOf }: PlaceChangeDeps,
  stored: StoredProfile,
  { asked, actor, action, at, id }: { asked: AskedPlace; actor: string; action: string; at: string; id: number },
): Promise<number> {
  const profile = withPlace(stored.profile, asked, centreOf)
  const [committed] = await commitProfiles(tx, [{ before: stored, profile, sections: stored.sections }], {
    actor,
    action,
    recordedAt: at,
    decides: true,
    issueReceipts,
    onMeeting: 'take',
    about: { request: id },
  })
  return committed?.seq ?? 0
}

const entryOf = (
  actor: string,
  action: string,
  { id, odsCode, kind }: Pick<PlaceChange, 'id' | 'odsCode' | 'kind'>,
  more: object,
) => ({
  actor,
  action,
  target: `pharmacy:${odsCode}`,
  detail: { request: id, kind, ...more },
  changes: [],
})

/** Tells whoever asked and the shared mailbox; the same address once. */
async function tell(
  tx: Tx,
  { sharedMailboxOf }: PlaceChangeDeps,
  profile: Profile,
  request: Pick<PlaceChange, 'id' | 'odsCode' | 'kind' | 'asked' | 'was' | 'person'>,
  outcome: PlaceChangeTold['outcome'],
  reason: string | null,
): Promise<void> {
  const asker = request.person.replace(/^person:/, '')
  const known = await tx.selectFrom('person').select('name').where('email', '=', asker).executeTakeFirst()
  const mailbox = sharedMailboxOf(profile)
  const recipients = [
    { recipient: asker, name: known?.name ?? null },
    ...(mailbox && mailbox !== asker ? [{ recipient: mailbox, name: null }] : []),
  ]
  for (const { recipient, name } of recipients) {
    await queueEmail(tx, {
      kind: 'place-change-told',
      requestId: request.id,
      outcome,
      recipient,
      name,
      odsCode: request.odsCode,
      pharmacyName: profile.name,
      what: PLACE_WORDS[request.kind],
      was: placeInWords(request.kind, request.was),
      asked: askedInWords(request.asked, profile.address.postcode),
      reason,
    })
  }
}
