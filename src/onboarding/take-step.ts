/**
 * A step on the way to a referral service, taken once: whoever takes it says which version they read, the row is locked, and
 * the second of two people is told what the first one did. Service, account, emails and audit are one transaction.
 */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import type { Profile } from '#src/profiles/profile.ts'
import {
  lockSurroundings,
  type Publication,
  previewPatch,
  publishPatch,
  type Surroundings,
} from '#src/record-editor/publish-edit.ts'
import type { ServicePatch } from '#src/record-editor/service-edit.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import {
  mayTake,
  type OnboardingStanding,
  type OnboardingStep,
  referralService,
  type Side,
  STATES,
  standingAfter,
} from '#src/rules/onboarding-steps.ts'
import type { OnboardingDeps } from './onboarding-deps.ts'
import {
  insertOnboardingEvent,
  loadOnboarding,
  lockOnboarding,
  type Onboarding,
  updateOnboarding,
  type Whose,
} from './onboarding-records.ts'
import { cannotBeFound, cannotGoLive, fingerprintOf, mayBePicked, newEntry } from './prepared-entry.ts'
import { tellOfStep } from './tell-of-step.ts'

export type StepAsked = {
  readonly id: number
  /** Whose it must be; one of somebody else is not found. */
  readonly whose: Whose
  readonly side: Side
  readonly step: OnboardingStep
  readonly expectedVersion: number
  readonly words: string | null
  /** For the step `profile`: the service to take, or `new` to make one. */
  readonly entry?: number | 'new' | undefined
  /** For the step `agree`: the entry that they read (`fingerprintOf`); undefined: whatever it says now. */
  readonly seen?: string | undefined
}

export type StepOutcome =
  /** `seq`: how far a reader must have come to see it; 0 when no service changed. */
  | { readonly outcome: 'taken'; readonly seq: number; readonly uid: number | null }
  /** Somebody took a step meanwhile. */
  | { readonly outcome: 'stale' }
  | { readonly outcome: 'refused'; readonly message: string }

/** Takes a step. Throws `NotFound` when it is not theirs, or not there. */
export async function takeStep(deps: OnboardingDeps, actor: Actor, asked: StepAsked): Promise<StepOutcome> {
  const at = deps.clock.now().toISOString()
  return deps.db.transact(async (tx): Promise<StepOutcome> => {
    const locked = await lockAll(tx, asked)
    const { row } = locked
    if (isStale(locked, asked)) return { outcome: 'stale' }
    if (!mayTake(asked.step, standingOf(row), asked.side)) {
      return { outcome: 'refused', message: 'This cannot be done now' }
    }
    const entry = entryPatch(locked, asked, at)
    if (!entry.ok) return { outcome: 'refused', message: entry.message }
    const taken = { ...asked, locked, at, by: auditNameOf(actor) }
    // A new service has to be there before the row can name it. Everything else is written before the ledger is locked.
    if (entry.patch && asked.step === 'profile') {
      const { uid, seq } = await publish(tx, taken, entry.patch)
      await write(tx, deps, taken, uid)
      return { outcome: 'taken', seq, uid }
    }
    const uid = entry.uid ?? row.uid
    await write(tx, deps, taken, uid)
    if (entry.patch) return { outcome: 'taken', seq: (await publish(tx, taken, entry.patch)).seq, uid }
    await appendToLedger(tx, at, [
      { actor: taken.by, ...auditOf(taken), target: `pharmacy:${row.odsCode}`, changes: [] },
    ])
    return { outcome: 'taken', seq: 0, uid }
  })
}

/** Whether somebody took a step meanwhile, or the entry says something else than what the pharmacy read before it agreed. */
const isStale = ({ row, surroundings }: Locked, { expectedVersion, step, seen }: StepAsked): boolean =>
  row.version !== expectedVersion ||
  (step === 'agree' && seen !== undefined && seen !== fingerprintOf(surroundings.state.record))

const standingOf = ({ state, pausedAt }: Onboarding) => ({ state, isPaused: pausedAt !== null })

type Taken = StepAsked & { readonly locked: Locked; readonly at: string; readonly by: string }

const auditOf = ({ step, words, locked: { row } }: Taken) => ({
  action: `onboarding-${step}`,
  detail: { onboarding: row.id, service: row.serviceCode, version: row.version + 1, words },
})

function publish(tx: Tx, taken: Taken, patch: ServicePatch): Promise<Publication> {
  const { action, detail } = auditOf(taken)
  const about = { ...detail, step: action }
  return publishPatch(tx, taken.locked.surroundings, patch, { actor: taken.by, recordedAt: taken.at, about })
}

/** The row, the account of it, and the emails. */
async function write(tx: Tx, deps: OnboardingDeps, taken: Taken, uid: number | null): Promise<void> {
  const { step, side, words, at, by, locked } = taken
  const { row, profile, surroundings } = locked
  const next = standingAfter(step, standingOf(row))
  const version = row.version + 1
  await updateOnboarding(tx, {
    ...{ id: row.id, version, state: next.state, uid },
    stateSince: step === 'pause' ? row.stateSince : at,
    pausedAt: next.isPaused ? at : null,
    endedAt: STATES[next.state].waitsFor === null ? at : null,
    agreedEntry: step === 'agree' ? fingerprintOf(surroundings.state.record) : row.agreedEntry,
  })
  await insertOnboardingEvent(tx, row.id, { version, happenedAt: at, actor: by, side, step, words, uid })
  await tellOfStep(tx, deps, profile, {
    ...{ id: row.id, version, step, odsCode: row.odsCode, words, signedUpBy: row.signedUpBy },
    service: referralService(row.serviceCode)?.label ?? row.serviceCode,
    next: nextWords(next),
  })
}

/** What happens next, for the pharmacy unless somebody says otherwise. */
export function nextWords({ state, isPaused }: OnboardingStanding, side: Side = 'pharmacy'): string {
  if (isPaused) return 'Nothing, until somebody carries on with it.'
  return side === 'pharmacy' ? STATES[state].next : STATES[state].nextForTeam
}

type Locked = {
  readonly row: Onboarding
  readonly profile: Profile
  readonly surroundings: Surroundings
  /** The services of the pharmacy. */
  readonly records: readonly ServiceRecord[]
}

/** Locks the pharmacy, its services and the row, in the order in which everybody does. */
async function lockAll(tx: Tx, { id, whose, step, entry }: StepAsked): Promise<Locked> {
  const known = await loadOnboarding(tx, id, whose)
  if (!known) throw new NotFound(`There is no onboarding ${id}`)
  const { odsCode } = known
  const uid = step === 'profile' ? (typeof entry === 'number' ? entry : null) : known.uid
  const surroundings = await lockSurroundings(tx, { uid, proposed: { odsCode } })
  const profile = surroundings?.profiles.get(odsCode)?.profile
  const row = await lockOnboarding(tx, id)
  if (!surroundings || !profile || !row) throw new NotFound(`There is no service ${uid}`)
  return { row, profile, surroundings, records: (surroundings.services.get(odsCode) ?? []).map(({ record }) => record) }
}

type EntryPatch =
  | { readonly ok: true; readonly patch?: ServicePatch; readonly uid?: number }
  | { readonly ok: false; readonly message: string }

const refusedEntry = (message: string): EntryPatch => ({ ok: false, message })

/** What a step changes of the service behind it. */
function entryPatch(locked: Locked, { step, entry }: StepAsked, at: string): EntryPatch {
  if (step === 'go-live') return goLivePatch(locked, at)
  return step === 'profile' ? preparedEntry(locked, entry, londonDateOf(at)) : { ok: true }
}

const CHANGED_SINCE =
  'The entry has changed since the pharmacy agreed to it. Prepare the entry again, so that the pharmacy checks it once more'

function goLivePatch({ row, profile, surroundings }: Locked, at: string): EntryPatch {
  if (row.uid === null) return refusedEntry('No entry is prepared yet')
  const message = cannotGoLive(profile, row.serviceCode, londonDateOf(at))
  if (message) return refusedEntry(message)
  const before = surroundings.state.record
  const after = previewPatch(surroundings, GO_LIVE, at).find(({ record }) => record.uid === row.uid)?.record ?? before
  if (after.status !== 'ACTIVE') return refusedEntry('The profile of the pharmacy keeps this service closed')
  const unfound = cannotBeFound(after)
  if (unfound) return refusedEntry(unfound)
  if (row.agreedEntry !== fingerprintOf(before)) return refusedEntry(CHANGED_SINCE)
  return before.status === 'ACTIVE' ? { ok: true } : { ok: true, patch: GO_LIVE }
}

function preparedEntry({ row, profile, records }: Locked, entry: StepAsked['entry'], today: LocalDate): EntryPatch {
  const kind = referralService(row.serviceCode)
  const message = cannotGoLive(profile, row.serviceCode, today)
  if (message || !kind) return refusedEntry(message ?? 'There is no such referral service any more')
  if (entry === 'new') return { ok: true, patch: newEntry(profile, kind, today) }
  const picked = records.find(({ uid }) => uid === entry)
  return picked && mayBePicked(picked, row.odsCode, kind)
    ? { ok: true, uid: picked.uid }
    : refusedEntry('This service cannot be taken: it is live, closed, or of another kind or pharmacy')
}

/** All that going live changes; the pharmacy's profile says the rest in the same commit. */
export const GO_LIVE: ServicePatch = { status: 'ACTIVE' }
