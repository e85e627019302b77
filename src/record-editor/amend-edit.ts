/** Drafts: beginning one, adding to it, throwing it away. Nobody but their author changes them, and nothing is published. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { BLANK_SERVICE } from '#src/directory/blank-service.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { NotFound } from '#src/platform/errors.ts'
import type { Problem } from '#src/rules/problems.ts'
import { checkPatch } from './check-edit.ts'
import { type EditDeps, reachOf } from './edit-deps.ts'
import { type ServiceEdit, type ServicePatch, withAmendment, withPatch } from './service-edit.ts'
import { insertEdit, loadOwnEdit, loadService, lockEdit, type NewEdit, updateEdit } from './service-edit-store.ts'

/** What is amended: a service's record, or an edit that is begun (the only way to one of a new service). */
export type Amended = { readonly uid: number } | { readonly editId: number } | 'new'

export type AmendOutcome =
  | { readonly outcome: 'saved'; readonly edit: ServiceEdit }
  | { readonly outcome: 'refused'; readonly problems: readonly Problem[] }
  /** The person's edit of this service is with somebody else, or waits for a choice: they must take it back first. */
  | { readonly outcome: 'not-a-draft'; readonly edit: ServiceEdit }

/**
 * Lays a patch over the person's draft, and begins one where there is none. A field that is back to what it said is not
 * touched any more. Each field by itself: two tabs of one person do not undo each other.
 * Throws NotFound when the service is not within reach, or the edit is not theirs.
 */
export async function amendEdit(
  deps: EditDeps,
  actor: Actor,
  { of, patch, reason }: { readonly of: Amended; readonly patch: ServicePatch; readonly reason?: string },
): Promise<AmendOutcome> {
  const at = deps.clock.now().toISOString()
  const author = auditNameOf(actor)
  return deps.db.transact(async (tx): Promise<AmendOutcome> => {
    const { record, edit } = await standing(tx, actor, of)
    if (edit && edit.state !== 'draft') return { outcome: 'not-a-draft', edit }
    const amended = withAmendment(edit ?? { base: {}, proposed: {} }, patch, record)
    const problems = await checkPatch(tx, deps, { record, patch, after: withPatch(record, amended.proposed) })
    if (problems.length > 0) return { outcome: 'refused', problems }
    const kept = { ...amended, reason: reason ?? edit?.reason ?? '' }
    return edit
      ? { outcome: 'saved', edit: await updateEdit(tx, edit, kept, at) }
      : await begin(tx, { uid: of === 'new' ? null : record.uid, author, ...kept, begunAt: at })
  })
}

async function begin(tx: Tx, given: NewEdit): Promise<AmendOutcome> {
  const added = await insertEdit(tx, given)
  if (added) return { outcome: 'saved', edit: added }
  // The same person began one in another tab at this very moment.
  const there = await loadOwnEdit(tx, given.uid ?? 0, given.author)
  if (!there) throw new Error('The edit that was in the way is gone')
  return { outcome: 'not-a-draft', edit: there }
}

/** The record that is edited, and the person's open edit of it, locked. */
async function standing(
  tx: Tx,
  actor: Actor,
  of: Amended,
): Promise<{ readonly record: ServiceRecord; readonly edit: ServiceEdit | undefined }> {
  if (of === 'new') return { record: BLANK_SERVICE, edit: undefined }
  if ('editId' in of) {
    const edit = await lockOwn(tx, actor, of.editId)
    return { record: edit.uid === null ? BLANK_SERVICE : await recordOf(tx, actor, edit.uid), edit }
  }
  const record = await recordOf(tx, actor, of.uid)
  const known = await loadOwnEdit(tx, of.uid, auditNameOf(actor))
  return { record, edit: known && (await lockEdit(tx, known.id)) }
}

async function recordOf(tx: Tx, actor: Actor, uid: number): Promise<ServiceRecord> {
  const held = await loadService(tx, uid, reachOf(actor, 'edit-records'))
  if (!held) throw new NotFound(`No service ${uid} is within reach`)
  return held.record
}

/** An edit of this person, locked. Throws NotFound when there is none, or it is somebody else's. */
export async function lockOwn(tx: Tx, actor: Actor, id: number): Promise<ServiceEdit> {
  const edit = await lockEdit(tx, id)
  if (!edit || edit.author !== auditNameOf(actor)) throw new NotFound(`There is no edit ${id} of this person`)
  return edit
}

/** Throws a draft away; it is kept as withdrawn. False when it was changed meanwhile, or is no draft any more. */
export async function discardEdit(
  deps: EditDeps,
  actor: Actor,
  { id, expectedVersion }: { readonly id: number; readonly expectedVersion: number },
): Promise<boolean> {
  const at = deps.clock.now().toISOString()
  return deps.db.transact(async (tx) => {
    const edit = await lockOwn(tx, actor, id)
    if ((edit.state !== 'draft' && edit.state !== 'conflict') || edit.version !== expectedVersion) return false
    await updateEdit(tx, edit, { state: 'withdrawn', decidedBy: auditNameOf(actor), decidedAt: at }, at)
    return true
  })
}
