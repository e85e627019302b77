/** What is done to the local catalogue: a service is made, its owner is named, it is reviewed. Each in one transaction. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { BLANK_SERVICE } from '#src/directory/blank-service.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type LedgerEntry } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { monthsAfter } from '#src/rules/review-date.ts'
import { checkPatch, missingProblems } from '../check-edit.ts'
import { type EditDeps, reachOf } from '../edit-deps.ts'
import { lockSurroundings, publishPatch } from '../publish-edit.ts'
import { baseOf, type ServicePatch, withPatch } from '../service-edit.ts'
import { insertEdit, isProposalWithin, updateEdit } from '../service-edit-store.ts'
import { type LocalOwner, loadLocalService, lockOwner, writeOwner } from './local-records.ts'

export type NewLocalService = {
  /** Name, type and place. */
  readonly patch: ServicePatch
  /** What makes it local: stays a draft until a second person agrees. */
  readonly clinical: ServicePatch
  readonly owner: LocalOwner
}

export type Made =
  | { readonly outcome: 'made'; readonly uid: number; readonly seq: number }
  | { readonly outcome: 'refused'; readonly problems: readonly Problem[] }

const REASON = 'Made as a local service'

/**
 * Makes a service with the next number of ours, names its owner, and begins the draft of its clinical profile. It is
 * being prepared until somebody makes it active, so no search returns it before a second person has agreed.
 */
export function makeLocalService(
  deps: EditDeps,
  actor: Actor,
  { patch, clinical, owner }: NewLocalService,
): Promise<Made> {
  const now = deps.clock.now()
  const at = now.toISOString()
  const author = auditNameOf(actor)
  return deps.db.transact(async (tx): Promise<Made> => {
    const given = {
      uid: null,
      author,
      base: baseOf(BLANK_SERVICE, patch),
      proposed: patch,
      reason: REASON,
      begunAt: at,
    }
    const after = withPatch(BLANK_SERVICE, patch)
    const whole = { record: BLANK_SERVICE, patch: { ...patch, ...clinical }, after: withPatch(after, clinical) }
    const problems = [
      ...missingProblems({ record: BLANK_SERVICE, after }),
      ...(await checkPatch(tx, deps, whole)),
      ...(await reachProblems(tx, actor, after)),
    ]
    if (problems.length > 0) return { outcome: 'refused', problems }
    const edit = await insertEdit(tx, given)
    const surroundings = edit && (await lockSurroundings(tx, edit))
    if (!edit || !surroundings) throw new Error('The draft of a new service could not be begun')
    const about = { edit: edit.id, author, reason: REASON, owner }
    const { uid, seq } = await publishPatch(tx, surroundings, patch, { actor: author, recordedAt: at, about })
    await updateEdit(tx, edit, { state: 'published', uid, publishedSeq: seq, decidedBy: author, decidedAt: at }, at)
    const reviewOn = monthsAfter(londonDateOf(now), owner.months)
    await writeOwner(
      tx,
      { ...owner, uid, reviewOn, version: 1, reviewedAt: null, reviewedBy: null },
      { actor: author, at },
    )
    const base = baseOf({ ...after, uid }, clinical)
    await insertEdit(tx, { uid, author, base, proposed: clinical, reason: '', begunAt: at })
    await appendToLedger(tx, at, [entryOf(author, 'name-local-owner', uid, { owner, reviewOn })])
    return { outcome: 'made', uid, seq }
  })
}

async function reachProblems(tx: Tx, actor: Actor, after: ServiceRecord): Promise<readonly Problem[]> {
  if (await isProposalWithin(tx, after, reachOf(actor, 'edit-records'))) return []
  const message = 'This postcode is outside the areas you look after. Ask whoever looks after that area'
  return [{ field: 'postcode', code: 'out-of-reach', message }]
}

/** `changed`: somebody else wrote meanwhile, and nothing is saved. */
export type Kept = 'saved' | 'changed'

type Read = { readonly uid: number; readonly expectedVersion: number }

/**
 * Names who answers for a local service, and how often it is reviewed. The day of the next review stays, but it is never
 * further off than the new interval; a first owner has one interval. Throws NotFound for a service out of reach.
 */
export function nameOwner(
  deps: EditDeps,
  actor: Actor,
  { uid, expectedVersion }: Read,
  owner: LocalOwner,
): Promise<Kept> {
  return keep(deps, actor, { uid, expectedVersion }, async (tx, { reviewOn, today, at, author }) => {
    const latest = monthsAfter(today, owner.months)
    const next = reviewOn !== null && reviewOn < latest ? reviewOn : latest
    const row = { ...owner, uid, reviewOn: next, version: expectedVersion + 1, reviewedAt: null, reviewedBy: null }
    await writeOwner(tx, row, { actor: author, at })
    return entryOf(author, 'name-local-owner', uid, { owner, reviewOn: next })
  })
}

/** Says that a record was looked at and is right: the next review is one interval from today. */
export function reviewLocal(deps: EditDeps, actor: Actor, read: Read): Promise<Kept> {
  return keep(deps, actor, read, async (tx, { owner, today, at, author }) => {
    if (!owner) throw new NotFound('Nobody answers for this service yet')
    const reviewOn = monthsAfter(today, owner.months)
    const row = {
      ...owner,
      uid: read.uid,
      reviewOn,
      version: read.expectedVersion + 1,
      reviewedAt: at,
      reviewedBy: author,
    }
    await writeOwner(tx, row, { actor: author, at })
    return entryOf(author, 'review-local-service', read.uid, { reviewOn })
  })
}

type Standing = {
  readonly owner: LocalOwner | null
  readonly reviewOn: LocalDate | null
  readonly today: LocalDate
  readonly at: string
  readonly author: string
}

function keep(
  { db, clock }: EditDeps,
  actor: Actor,
  { uid, expectedVersion }: Read,
  write: (tx: Tx, standing: Standing) => Promise<LedgerEntry>,
): Promise<Kept> {
  const now = clock.now()
  const at = now.toISOString()
  return db.transact(async (tx) => {
    const { version } = await lockOwner(tx, uid)
    const local = await loadLocalService(tx, uid, { reach: reachOf(actor, 'edit-records') })
    if (!local) throw new NotFound(`No local service ${uid} is within reach`)
    if (version !== expectedVersion) return 'changed'
    const standing = { ...local, today: londonDateOf(now), at, author: auditNameOf(actor) }
    await appendToLedger(tx, at, [await write(tx, standing)])
    return 'saved'
  })
}

const entryOf = (
  actor: string,
  action: string,
  uid: number,
  detail: Readonly<Record<string, unknown>>,
): LedgerEntry => ({
  actor,
  action,
  target: `service:${uid}`,
  detail,
  changes: [],
})
