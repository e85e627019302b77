/** What the steps of an edit share: finding the edit in an address, its draft, and the way from one step to the next. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type HoldNotice, loadHoldNotices } from '#src/profiles/hold-notices.ts'
import { sectionAddress } from '#src/profiles/section-pages.ts'
import { type ManageDeps, visit } from '#src/profiles/visit.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type Draft, loadDraft } from './draft-store.ts'
import {
  type Addresses,
  addressesOf,
  type Edit,
  type Editor,
  outOfDate,
  ownerOf,
  type Reading,
  readDraft,
} from './editing.ts'

/** The edit that an address names, for somebody who may make it. */
export async function editOf<Command>(
  deps: ManageDeps,
  editor: Editor<Command>,
  request: FastifyRequest,
): Promise<Edit> {
  const { changeId = '' } = request.params as { changeId?: string }
  const seen = await visit(deps, request, editor.permission)
  return { ...seen, changeId, holds: await loadHoldNotices(deps.db.pool, seen.stored, editor.section, seen.now) }
}

/** The draft with this id, if it is this person's and of this form. */
export async function draftOf<Command>(
  deps: ManageDeps,
  editor: Editor<Command>,
  edit: Edit,
  id: unknown,
): Promise<Draft | undefined> {
  const draft = await loadDraft(deps.db.pool, ownerOf(editor, edit), typeof id === 'string' ? id : '', edit.now)
  return draft && belongsTo(edit, draft) ? draft : undefined
}

/** Drafts of one dated change do not show in the form of another. */
export const belongsTo = (edit: Edit, draft: Draft): boolean => edit.changeId === '' || draft.changeId === edit.changeId

/** A draft that is open, with what it means. `edit` now names the dated change that the draft will add. */
export type OpenDraft<Command> = { readonly edit: Edit; readonly draft: Draft; readonly reading: Reading<Command> }

/**
 * The draft that a step goes on with. Undefined when there is nothing to go on with, and the reply is then already
 * given: no such draft leads to the form, one that was saved to `whenSaved`, one that is no longer right to its problems.
 */
export async function openDraft<Command>(
  { deps, editor, reply, edit }: { deps: ManageDeps; editor: Editor<Command>; reply: FastifyReply; edit: Edit },
  id: unknown,
  whenSaved: (draft: Draft) => string = () => sectionAddress(edit.odsCode, editor.section),
): Promise<OpenDraft<Command> | undefined> {
  const draft = await draftOf(deps, editor, edit, id)
  if (!draft) {
    reply.redirect(addressesOf(editor, edit).form, 303)
    return undefined
  }
  if (draft.saved) {
    reply.redirect(whenSaved(draft), 303)
    return undefined
  }
  const drafted = { ...edit, changeId: edit.changeId || (draft.changeId ?? '') }
  const reading = await readDraft(deps.db, editor, drafted, draft)
  if (reading.ok) return { edit: drafted, draft, reading: reading.value }
  showProblems(editor, reply, edit, draft, reading.problems)
  return undefined
}

/** The form with problems that appeared after it was sent, such as a date that is now past. */
export function showProblems<Command>(
  editor: Editor<Command>,
  reply: FastifyReply,
  edit: Edit,
  draft: Draft,
  problems: readonly Problem[],
): FastifyReply {
  const version = problems.includes(outOfDate) ? edit.stored.version : draft.version
  return editor.show(reply.code(422), {
    edit,
    fields: draft.fields,
    problems,
    version,
    draftId: draft.id,
    keptAt: null,
  })
}

/** What the check page and the conflict page both show. */
export type StepPage = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly draftId: string
  readonly addresses: Addresses
  /** Fields of the section that are held. */
  readonly holds: readonly HoldNotice[]
}

/** `addresses` are those of the form that was opened: one that adds a change has no change in them. */
export const stepPage = (edit: Edit, draft: Draft, addresses: Addresses, title: string): StepPage => ({
  title,
  odsCode: edit.odsCode,
  pharmacy: edit.stored.profile.name,
  draftId: draft.id,
  addresses,
  holds: edit.holds ?? [],
})
