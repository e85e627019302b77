/** The service that a page of the editor is about: its record, the reader's own edit of it, and who owns what. */
import type { FastifyRequest } from 'fastify'
import { type Actor, auditNameOf, requireActor } from '#src/accounts/actor.ts'
import { can, type GeneralAction } from '#src/accounts/can.ts'
import { BLANK_SERVICE } from '#src/directory/blank-service.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { LedgerFollower } from '#src/platform/db/follow-ledger.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import type { Gazetteer } from '#src/reference-data/gazetteer.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import type { Amended } from '../amend-edit.ts'
import { pharmacyOf } from '../check-edit.ts'
import { type EditDeps, reachOf } from '../edit-deps.ts'
import { ownerOf, type RecordOwner } from '../record-owner.ts'
import { recordWithEdit, type ServiceEdit } from '../service-edit.ts'
import { type HeldService, loadEdit, loadOpenEdits, loadService } from '../service-edit-store.ts'

/** What the pages work with. */
export type EditorDeps = EditDeps & {
  readonly gazetteer: Pick<Gazetteer, 'find'>
  readonly follower: Pick<LedgerFollower, 'reached'>
}

export const SERVICES = '/workspace/services'
export const APPROVALS = '/workspace/approvals'

export type Subject = {
  readonly actor: Actor
  /** Stands for the service in addresses: its uid, or `new-EDIT` for one that is being made. */
  readonly key: string
  /** As it is now; `BLANK_SERVICE` for one that is being made. */
  readonly held: HeldService
  /** The reader's own edit that is open. */
  readonly edit: ServiceEdit | undefined
  /** What others have open of the same service. */
  readonly others: readonly ServiceEdit[]
  readonly owner: RecordOwner
  /** As it would be with the reader's edit. */
  readonly shown: ServiceRecord
  /** For `amendEdit`. */
  readonly of: Amended
}

/** The address of a page about a service: `addressOf(subject, 'check')`. */
export const addressOf = ({ key }: Pick<Subject, 'key'>, page = ''): string =>
  `${SERVICES}/${key}${page === '' ? '' : `/${page}`}`

/** Somebody who may do this. Throws Forbidden for anybody else. */
export function editorOf(request: FastifyRequest, action: GeneralAction = 'edit-records'): Actor {
  const actor = requireActor(request)
  if (!can(actor, action)) throw new Forbidden('Records of services are for the teams that look after the directory')
  return actor
}

const LARGEST_UID = 2_147_483_647

/**
 * The service in the address (`:uid`) for somebody who edits records. Throws Forbidden for whoever edits none, NotFound
 * for what is not there, is not a number, or is out of reach.
 */
export async function loadSubject(deps: EditorDeps, request: FastifyRequest): Promise<Subject> {
  const actor = editorOf(request)
  const { uid: key } = request.params as { readonly uid: string }
  const [, making] = /^new-([1-9]\d{0,8})$/.exec(key) ?? []
  const found = making ? await newSubject(deps, actor, Number(making)) : await storedSubject(deps, actor, key)
  const { held, edit } = found
  const profile = await pharmacyOf(deps.db.pool, held.record)
  const owner = ownerOf(held, profile, londonDateOf(deps.clock.now()))
  return { actor, key, owner, shown: recordWithEdit(held.record, edit), ...found }
}

type Found = Pick<Subject, 'held' | 'edit' | 'others' | 'of'>

async function newSubject({ db }: EditorDeps, actor: Actor, editId: number): Promise<Found> {
  const author = auditNameOf(actor)
  const edit = await loadEdit(db.pool, editId, { reach: { everywhere: false, icbCodes: [] }, author })
  if (!edit || edit.author !== author || edit.uid !== null) throw new NotFound(`There is no draft ${editId}`)
  const held: HeldService = { record: BLANK_SERVICE, overrides: {}, profileOds: null, seq: 0 }
  return { held, edit, others: [], of: { editId } }
}

async function storedSubject({ db }: EditorDeps, actor: Actor, text: string): Promise<Found> {
  const uid = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0
  const isUid = uid > 0 && uid <= LARGEST_UID
  const held = isUid ? await loadService(db.pool, uid, reachOf(actor, 'edit-records')) : undefined
  if (!held) throw new NotFound('There is no such service in the areas you look after')
  const open = await loadOpenEdits(db.pool, uid)
  const author = auditNameOf(actor)
  return {
    held,
    edit: open.find((edit) => edit.author === author),
    others: open.filter((edit) => edit.author !== author),
    of: { uid },
  }
}
