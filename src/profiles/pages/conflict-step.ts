/** The page on which an editor chooses between their words and what somebody else saved meanwhile. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { template } from '#src/platform/views.ts'
import { sectionAddress } from '#src/profiles/section-pages.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'
import type { Problem } from '#src/rules/problems.ts'
import { deleteDraft, saveDraft } from './draft-store.ts'
import { editOf, type OpenDraft, openDraft, type StepPage, stepPage } from './drafted-edit.ts'
import { type Addresses, addressesOf, type Editor, ownerOf } from './editing.ts'
import { type Fields, fieldsOf, rawIn } from './fields.ts'
import type { Dispute } from './stated.ts'
import { formatMoment, loadNames } from './time-words.ts'

type ConflictView = StepPage & {
  readonly disputes: readonly (Dispute & { readonly chosen: string })[]
  readonly theirName: string
  readonly theirMoment: string
  readonly version: number
  readonly problems: readonly Problem[]
}

const render = template<ConflictView>('profiles/pages/conflict.njk')

/** Mounts the conflict page of an edit. */
export function conflictStep<Command>(app: FastifyInstance, deps: ManageDeps, editor: Editor<Command>): void {
  const path = `/manage/:odsCode/${editor.path}/conflict`

  app.get(path, async (request, reply) => {
    const edit = await editOf(deps, editor, request)
    const addresses = addressesOf(editor, edit)
    const { draft: id } = request.query as { draft?: unknown }
    const open = await openDraft({ deps, editor, reply, edit }, id)
    if (!open) return reply
    if (open.reading.disputes.length > 0) return show(deps, editor, reply.code(409), open, addresses, {}, [])
    return reply.redirect(`${addresses.check}?draft=${open.draft.id}`, 303)
  })

  app.post(path, async (request, reply) => choose(deps, editor, request, reply))
}

async function choose<Command>(
  deps: ManageDeps,
  editor: Editor<Command>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const asked = await editOf(deps, editor, request)
  const addresses = addressesOf(editor, asked)
  const fields = fieldsOf(request.body)
  const open = await openDraft({ deps, editor, reply, edit: asked }, rawIn(fields, 'draft'))
  if (!open) return reply
  const { edit, draft, reading } = open
  const { stored } = edit
  if (rawIn(fields, 'version') !== String(stored.version))
    return reply.redirect(`${addresses.conflict}?draft=${draft.id}`, 303)
  const problems = undecided(reading.disputes, fields)
  if (problems.length > 0) return show(deps, editor, reply.code(422), open, addresses, fields, problems)

  const theirs = new Set(reading.disputes.map(({ key }) => key).filter((key) => fields[`choose-${key}`] === 'theirs'))
  const settled = editor.settleDisputes(draft.fields, stored.profile, theirs, edit)
  const owner = ownerOf(editor, edit)
  if (!settled) {
    await deleteDraft(deps.db.pool, owner, draft.id)
    return reply.redirect(sectionAddress(edit.odsCode, editor.section), 303)
  }
  const content = { fields: settled, version: stored.version, changeId: edit.changeId }
  await saveDraft(deps.db.pool, owner, draft.id, content, edit.now)
  return reply.redirect(`${addresses.check}?draft=${draft.id}`, 303)
}

const undecided = (disputes: readonly Dispute[], fields: Fields): readonly Problem[] =>
  disputes
    .filter(({ key }) => !['mine', 'theirs'].includes(rawIn(fields, `choose-${key}`)))
    .map(({ key, label }) => ({ field: `choose-${key}`, code: 'missing', message: `Select what to keep for ${label}` }))

async function show<Command>(
  { db }: ManageDeps,
  editor: Editor<Command>,
  reply: FastifyReply,
  { edit, draft, reading }: OpenDraft<Command>,
  addresses: Addresses,
  chosen: Fields,
  problems: readonly Problem[],
) {
  const { changedBy, changedAt } = edit.stored.sections[editor.section]
  const nameOf = await loadNames(db.pool, [changedBy])
  return render(reply, {
    ...stepPage(edit, draft, addresses, 'Somebody else changed this too'),
    disputes: reading.disputes.map((dispute) => ({
      ...dispute,
      chosen: chosen[`choose-${dispute.key}`] ?? likelyChoice(dispute),
    })),
    theirName: nameOf(changedBy),
    theirMoment: formatMoment(changedAt, edit.today),
    version: edit.stored.version,
    problems,
  })
}

/** What only one of the two changed is most likely what both want. */
function likelyChoice({ changedBy }: Dispute): string {
  if (changedBy === 'both') return ''
  return changedBy === 'me' ? 'mine' : 'theirs'
}
