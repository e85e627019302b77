/**
 * What becomes of an edit: sent, agreed to, declined, taken back, settled. Each in one transaction with its ledger entry and
 * its emails. Whoever decides says which version they read; the second of two people is told what happened.
 */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { GeneralAction } from '#src/accounts/can.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import { fieldsToApprove } from '#src/rules/clinical-changes.ts'
import { conflictsIn, type FieldChoices, type FieldMeeting, meetFields } from '#src/rules/field-conflicts.ts'
import type { Problem } from '#src/rules/problems.ts'
import { lockOwn } from './amend-edit.ts'
import { checkPatch, missingProblems } from './check-edit.ts'
import { type EditDeps, reachOf } from './edit-deps.ts'
import { lockSurroundings, publishPatch, type Surroundings } from './publish-edit.ts'
import { baseOf, flatRecord, type ServiceEdit, type ServicePatch, withPatch } from './service-edit.ts'
import { findEdit, isProposalWithin, loadEdit, lockEdit, updateEdit } from './service-edit-store.ts'
import { askApprovers, tellOfEdit } from './tell-of-edit.ts'

/** The edit that is meant, and the version that whoever decides has read. */
export type EditRead = { readonly id: number; readonly expectedVersion: number }

export type DecideOutcome =
  /** Await the ledger follower reaching `seq` before showing anything. */
  | { readonly outcome: 'published'; readonly edit: ServiceEdit; readonly uid: number; readonly seq: number }
  | { readonly outcome: 'waiting'; readonly edit: ServiceEdit }
  /** Somebody changed the same fields meanwhile; a person must choose (`settleConflict`). */
  | { readonly outcome: 'conflict'; readonly edit: ServiceEdit; readonly meetings: readonly FieldMeeting[] }
  | { readonly outcome: 'refused'; readonly problems: readonly Problem[] }
  /** Somebody decided, or the author changed it, since it was read. Nothing was done. */
  | { readonly outcome: 'stale'; readonly edit: ServiceEdit }
  /** The author cannot be the second person. */
  | { readonly outcome: 'own' }

/**
 * Sends a draft: published at once, or kept for a second person where something clinical is touched.
 * Throws NotFound when the edit is not this person's, or its service is out of reach.
 */
export function submitEdit(
  deps: EditDeps,
  actor: Actor,
  { id, expectedVersion, reason }: EditRead & { readonly reason: string },
): Promise<DecideOutcome> {
  return decide(deps, actor, { id, action: 'edit-records' }, async (tx, given, at) => {
    const { edit, surroundings } = given
    await lockOwn(tx, actor, id)
    if (edit.state !== 'draft' || edit.version !== expectedVersion) return { outcome: 'stale', edit }
    const { record } = surroundings.state
    const met = meet(edit, record)
    if (met.conflicts.length > 0) return toConflict(tx, given, { ...met, actor, at, reason })
    const problems = await problemsOf(tx, deps, given, { actor, patch: met.patch, reason })
    if (problems.length > 0) return { outcome: 'refused', problems }
    const clinical = fieldsToApprove(flatRecord(record), met.patch)
    if (clinical.length === 0) return publish(tx, given, { patch: met.patch, actor, at, reason, note: null })
    const sent = {
      proposed: met.patch,
      base: baseOf(record, met.patch),
      state: 'waiting',
      reason,
      submittedAt: at,
    } as const
    const waiting = await updateEdit(tx, edit, sent, at)
    await askApprovers(tx, waiting, { record, by: actor }, new Date(at))
    await appendToLedger(tx, at, [entryOf(actor, 'send-record-edit', waiting, { reason, clinical })])
    return { outcome: 'waiting', edit: waiting }
  })
}

/**
 * The second person's yes: the edit is published. The author of the edit gets `own`, whatever their rights.
 * Throws NotFound when the person may approve nothing within reach of that service.
 */
export function approveEdit(
  deps: EditDeps,
  actor: Actor,
  { id, expectedVersion, note }: EditRead & { readonly note: string | null },
): Promise<DecideOutcome> {
  return decide(deps, actor, { id, action: 'approve-records' }, async (tx, given, at) => {
    const { edit, surroundings } = given
    if (edit.author === auditNameOf(actor)) return { outcome: 'own' }
    if (edit.state !== 'waiting' || edit.version !== expectedVersion) return { outcome: 'stale', edit }
    const { reason } = edit
    const met = meet(edit, surroundings.state.record)
    if (met.conflicts.length > 0) return toConflict(tx, given, { ...met, actor, at, reason })
    const problems = await problemsOf(tx, deps, given, { actor, patch: met.patch, reason })
    if (problems.length > 0) return { outcome: 'refused', problems }
    const published = await publish(tx, given, { patch: met.patch, actor, at, reason, note })
    await tellOfEdit(tx, published.edit, { what: 'approved', record: surroundings.state.record, note, by: actor })
    return published
  })
}

/** The second person's no, with their words. The edit is over; its author can begin again from it. */
export function declineEdit(
  deps: EditDeps,
  actor: Actor,
  { id, expectedVersion, note }: EditRead & { readonly note: string },
): Promise<DecideOutcome | { readonly outcome: 'declined'; readonly edit: ServiceEdit }> {
  return decide(deps, actor, { id, action: 'approve-records' }, async (tx, { edit, surroundings }, at) => {
    if (edit.author === auditNameOf(actor)) return { outcome: 'own' as const }
    if (edit.state !== 'waiting' || edit.version !== expectedVersion) return { outcome: 'stale' as const, edit }
    const by = { decidedBy: auditNameOf(actor), decidedAt: at, note }
    const declined = await updateEdit(tx, edit, { state: 'declined', ...by }, at)
    await tellOfEdit(tx, declined, { what: 'declined', record: surroundings.state.record, note, by: actor })
    await appendToLedger(tx, at, [entryOf(actor, 'decline-record-edit', declined, { note })])
    return { outcome: 'declined' as const, edit: declined }
  })
}

/** The author takes a waiting edit back: it is a draft again, with everything that was typed. */
export function withdrawEdit(
  deps: EditDeps,
  actor: Actor,
  { id, expectedVersion }: EditRead,
): Promise<DecideOutcome | { readonly outcome: 'draft'; readonly edit: ServiceEdit }> {
  return decide(deps, actor, { id, action: 'edit-records' }, async (tx, { edit }, at) => {
    await lockOwn(tx, actor, id)
    if (edit.state !== 'waiting' || edit.version !== expectedVersion) return { outcome: 'stale' as const, edit }
    const draft = await updateEdit(tx, edit, { state: 'draft' }, at)
    await appendToLedger(tx, at, [entryOf(actor, 'take-back-record-edit', draft, {})])
    return { outcome: 'draft' as const, edit: draft }
  })
}

/**
 * A person's choice about fields in conflict. The edit is a draft of its author again, which starts from the record as it
 * is now and holds what was chosen; it is checked, and where it must be agreed to, as any other. A field without a choice
 * refuses the whole. Whoever may edit the service may choose.
 */
export function settleConflict(
  deps: EditDeps,
  actor: Actor,
  { id, expectedVersion, choices }: EditRead & { readonly choices: FieldChoices },
): Promise<DecideOutcome | { readonly outcome: 'draft'; readonly edit: ServiceEdit }> {
  return decide(deps, actor, { id, action: 'edit-records' }, async (tx, { edit, surroundings }, at) => {
    if (edit.state !== 'conflict' || edit.version !== expectedVersion) return { outcome: 'stale' as const, edit }
    const { record } = surroundings.state
    const { conflicts, patch } = meet(edit, record)
    const open = conflicts.filter(({ field }) => !Object.hasOwn(choices, field))
    if (open.length > 0) {
      const message = 'Choose what the record shall say'
      return { outcome: 'refused' as const, problems: open.map(({ field }) => ({ field, code: 'missing', message })) }
    }
    const ours = conflicts.filter(({ field }) => choices[field] === 'ours').map(({ field }) => field)
    const proposed = { ...patch, ...Object.fromEntries(ours.map((field) => [field, edit.proposed[field]])) }
    const draft = await updateEdit(tx, edit, { state: 'draft', proposed, base: baseOf(record, proposed) }, at)
    const chosen = Object.fromEntries(conflicts.map(({ field }) => [field, choices[field]]))
    await appendToLedger(tx, at, [entryOf(actor, 'settle-record-edit', draft, { chosen })])
    return { outcome: 'draft' as const, edit: draft }
  })
}

/** Which fields of an edit somebody else changed meanwhile, and what of it can be written onto the record as it is now. */
export function meet(
  edit: Pick<ServiceEdit, 'base' | 'proposed'>,
  record: ServiceRecord,
): { readonly conflicts: readonly FieldMeeting[]; readonly patch: ServicePatch } {
  const meetings = meetFields(edit.base, edit.proposed, baseOf(record, edit.proposed))
  const taken = meetings.filter(({ outcome }) => outcome === 'taken')
  return {
    conflicts: conflictsIn(meetings),
    patch: Object.fromEntries(taken.map(({ field, ours }) => [field, ours])),
  }
}

type Given = { readonly edit: ServiceEdit; readonly surroundings: Surroundings }

/** Locks in the one order: profiles, services, the edit. Throws NotFound for what is not there or not within reach. */
function decide<T>(
  { db, clock }: EditDeps,
  actor: Actor,
  { id, action }: { readonly id: number; readonly action: GeneralAction },
  work: (tx: Tx, given: Given, at: string) => Promise<T>,
): Promise<T> {
  const at = clock.now().toISOString()
  return db.transact(async (tx) => {
    const known = await findEdit(tx, id)
    const surroundings = known && (await lockSurroundings(tx, known))
    const edit = known && (await lockEdit(tx, id))
    const author = action === 'edit-records' && edit?.uid === null ? auditNameOf(actor) : ''
    const within = edit && (await loadEdit(tx, id, { reach: reachOf(actor, action), author }))
    if (!edit || !surroundings || !within) throw new NotFound(`There is no edit ${id} within reach`)
    return work(tx, { edit, surroundings }, at)
  })
}

async function problemsOf(
  tx: Tx,
  deps: EditDeps,
  { edit, surroundings }: Given,
  { actor, patch, reason }: { readonly actor: Actor; readonly patch: ServicePatch; readonly reason: string },
): Promise<readonly Problem[]> {
  const { record } = surroundings.state
  const after = withPatch(record, patch)
  if (Object.keys(patch).length === 0) {
    return [{ field: 'edit', code: 'nothing', message: 'The record says all of this already' }]
  }
  const problems = [
    ...(reason.trim() === '' ? [{ field: 'reason', code: 'missing', message: 'Enter why you change it' }] : []),
    ...missingProblems({ record, after }),
    ...(await checkPatch(tx, deps, { record, patch, after })),
  ]
  if (problems.length > 0) return problems
  const reach = reachOf(actor, edit.author === auditNameOf(actor) ? 'edit-records' : 'approve-records')
  if (await isProposalWithin(tx, after, reach)) return []
  const message = 'This address is outside the areas you look after. Ask whoever looks after that area'
  return [{ field: 'postcode', code: 'out-of-reach', message }]
}

type Writing = { readonly actor: Actor; readonly at: string; readonly reason: string }

async function publish(
  tx: Tx,
  { edit, surroundings }: Given,
  { patch, actor, at, reason, note }: Writing & { readonly patch: ServicePatch; readonly note: string | null },
) {
  const by = auditNameOf(actor)
  const about = { edit: edit.id, author: edit.author, reason, ...(by === edit.author ? {} : { approvedBy: by, note }) }
  const { uid, seq } = await publishPatch(tx, surroundings, patch, { actor: edit.author, recordedAt: at, about })
  const decided = { decidedBy: by, decidedAt: at, note, reason, uid, publishedSeq: seq }
  const published = await updateEdit(tx, edit, { state: 'published', proposed: patch, ...decided }, at)
  return { outcome: 'published' as const, edit: published, uid, seq }
}

async function toConflict(
  tx: Tx,
  { edit, surroundings }: Given,
  { conflicts, actor, at, reason }: Writing & { readonly conflicts: readonly FieldMeeting[] },
): Promise<DecideOutcome> {
  const held = await updateEdit(tx, edit, { state: 'conflict', reason }, at)
  const fields = conflicts.map(({ field }) => field)
  await tellOfEdit(tx, held, { what: 'conflict', record: surroundings.state.record, conflicts, by: actor, note: null })
  await appendToLedger(tx, at, [entryOf(actor, 'record-edit-conflict', held, { fields })])
  return { outcome: 'conflict', edit: held, meetings: conflicts }
}

const entryOf = (actor: Actor, action: string, { id, uid, author, proposed }: ServiceEdit, more: object) => ({
  actor: auditNameOf(actor),
  action,
  target: uid === null ? `service-edit:${id}` : `service:${uid}`,
  detail: { edit: id, author, fields: Object.keys(proposed), ...more },
  changes: [],
})
