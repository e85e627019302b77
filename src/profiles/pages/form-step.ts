/** GET and POST of a form, and "start again". */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { actorOf } from '#src/accounts/actor.ts'
import { personWhoLeft, signInAddress } from '#src/accounts/session-cookie.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import type { Problem } from '#src/rules/problems.ts'
import { deleteDraft, loadLatestDraft, newDraftId, saveDraft } from './draft-store.ts'
import { belongsTo, draftOf, editOf } from './drafted-edit.ts'
import { addressesOf, baseOf, type Edit, type Editor, formAddress, outOfDate, ownerOf } from './editing.ts'
import { type Fields, fieldsOf, rawIn } from './fields.ts'
import { formatMoment } from './time-words.ts'

/** Mounts the form of an edit. */
export function formStep<Command>(app: FastifyInstance, deps: ManageDeps, editor: Editor<Command>): void {
  const path = `/manage/:odsCode/${editor.path}`
  app.get(path, async (request, reply) => openForm(deps, editor, request, reply))
  app.post(path, { config: { answersSignedOut: true } }, async (request, reply) =>
    actorOf(request) ? takeForm(deps, editor, request, reply) : keepForm(deps, editor, request, reply),
  )
  app.post(`${path}/discard`, async (request, reply) => {
    const edit = await editOf(deps, editor, request)
    await deleteDraft(deps.db.pool, ownerOf(editor, edit), rawIn(fieldsOf(request.body), 'draft'))
    return reply.redirect(addressesOf(editor, edit).form, 303)
  })
}

/** The draft that the address names, else the newest that was not saved, else the profile as it stands. */
async function openForm<Command>(
  deps: ManageDeps,
  editor: Editor<Command>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const edit = await editOf(deps, editor, request)
  const { draft: id } = request.query as { draft?: unknown }
  const named = id === undefined ? undefined : await draftOf(deps, editor, edit, id)
  const kept = id === undefined ? await latestDraft(deps, editor, edit) : undefined
  const draft = named?.saved ? undefined : (named ?? kept)
  return editor.show(reply, {
    edit,
    fields: draft?.fields ?? editor.open(edit),
    problems: [],
    version: draft?.version ?? edit.stored.version,
    draftId: draft?.id ?? '',
    keptAt: kept ? formatMoment(kept.savedAt, edit.today) : null,
  })
}

const latestDraft = <Command>({ db }: ManageDeps, editor: Editor<Command>, edit: Edit) =>
  loadLatestDraft(db.pool, ownerOf(editor, edit), edit.now, (draft) => belongsTo(edit, draft))

/**
 * A form that was sent after its session had ended: its words wait as a draft for the person whose session it was, who
 * finds them again after signing in. Nothing is read or changed for anybody.
 */
async function keepForm<Command>(
  deps: ManageDeps,
  editor: Editor<Command>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { odsCode: text, changeId = '' } = request.params as { odsCode: string; changeId?: string }
  const odsCode = parsePharmacyCode(text)
  const personId = await personWhoLeft(request, deps)
  if (!odsCode || personId === undefined) return reply.redirect(signInAddress('/manage', false), 303)
  const fields = fieldsOf(request.body)
  const id = newDraftId()
  const content = {
    fields: withoutMechanics(fields),
    version: versionIn(fields),
    changeId: changeId || newDraftId().slice(0, 16),
  }
  await saveDraft(deps.db.pool, { personId, odsCode, kind: editor.kind }, id, content, deps.clock.now())
  return reply.redirect(signInAddress(`${formAddress(editor, { odsCode, changeId })}?draft=${id}`, true), 303)
}

/** A form as it was sent, and where its draft is kept. */
type Sent = {
  readonly edit: Edit
  readonly fields: Fields
  readonly button: string
  /** Undefined when the form names a version that never was. */
  readonly base: Profile | undefined
  readonly version: number
  readonly draftId: string
  readonly changeId: string
}

async function takeForm<Command>(
  deps: ManageDeps,
  editor: Editor<Command>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const sent = await readSent(deps, editor, request)
  const { edit, fields, version, draftId, changeId } = sent
  const keep = (kept: Fields) =>
    saveDraft(deps.db.pool, ownerOf(editor, edit), draftId, { fields: kept, version, changeId }, edit.now)
  if (!sent.base) {
    return showSent(editor, reply, { ...sent, version: edit.stored.version }, [outOfDate])
  }
  const pressed = editor.press(fields, sent.button, edit)
  await keep(pressed?.fields ?? fields)
  const { form, check } = addressesOf(editor, edit)
  if (pressed) return reply.redirect(`${form}?draft=${draftId}#${pressed.at}`, 303)
  const problems = problemsOf(editor, sent, sent.base)
  if (problems.length > 0) return showSent(editor, reply, sent, problems)
  if (editor.settle) await keep(editor.settle(fields, edit))
  return reply.redirect(`${check}?draft=${draftId}`, 303)
}

async function readSent<Command>(deps: ManageDeps, editor: Editor<Command>, request: FastifyRequest): Promise<Sent> {
  const edit = await editOf(deps, editor, request)
  const fields = fieldsOf(request.body)
  const found = await draftOf(deps, editor, edit, rawIn(fields, 'draft'))
  const earlier = found?.saved ? undefined : found
  const version = versionIn(fields)
  return {
    edit,
    fields: withoutMechanics(fields),
    button: rawIn(fields, 'do'),
    base: await baseOf(deps.db, edit.stored, version),
    version,
    draftId: earlier?.id ?? newDraftId(),
    changeId: edit.changeId || earlier?.changeId || newDraftId().slice(0, 16),
  }
}

/** The version that the form was opened with; 0, which no profile has, when it does not say. */
const versionIn = (fields: Fields): number =>
  /^\d{1,9}$/.test(rawIn(fields, 'version')) ? Number(rawIn(fields, 'version')) : 0

function problemsOf<Command>(
  editor: Editor<Command>,
  { edit, fields, changeId }: Sent,
  base: Profile,
): readonly Problem[] {
  const command = editor.parse(fields, base, edit)
  if (!command.ok) return command.problems
  const decided = editor.decide(base, command.value, { ...edit, changeId })
  return decided.ok ? [] : decided.problems
}

const showSent = <Command>(
  editor: Editor<Command>,
  reply: FastifyReply,
  { edit, fields, version, draftId }: Sent,
  problems: readonly Problem[],
) => editor.show(backable(reply.code(422)), { edit, fields, problems, version, draftId, keptAt: null })

/** Lets the Back button return to the answer to a sent form; a browser that may not keep it asks to send it again. */
const backable = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'private, no-cache')

const MECHANICS = new Set(['draft', 'version', 'do'])

/** What the person filled in, without what the page needs for itself. */
const withoutMechanics = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !MECHANICS.has(name)))
