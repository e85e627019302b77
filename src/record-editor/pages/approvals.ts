/** `/workspace/approvals`: changes that wait for a second person, and those in conflict; and the page of each. Views: approvals.njk, approval.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import { BLANK_SERVICE } from '#src/directory/blank-service.ts'
import { editReference } from '#src/emails/record-edit-told.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, isUnreadable, lineIn, proseIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { changeLines, nameOf } from '#src/rules/change-lines.ts'
import { fieldsToApprove } from '#src/rules/clinical-changes.ts'
import type { FieldChoices } from '#src/rules/field-conflicts.ts'
import type { Problem } from '#src/rules/problems.ts'
import { approveEdit, declineEdit, meet, settleConflict, withdrawEdit } from '../decide-edit.ts'
import { reachOf } from '../edit-deps.ts'
import { flatRecord, recordWithEdit, type ServiceEdit } from '../service-edit.ts'
import {
  type HeldService,
  lastChangersOf,
  loadEdit,
  loadQueue,
  loadService,
  type QueuedEdit,
} from '../service-edit-store.ts'
import { versionIn } from './check-edit-page.ts'
import { fieldNames } from './record.ts'
import { captionOf, type EditLine, editLines, warningsOf } from './record-view.ts'
import { APPROVALS, type EditorDeps, editorOf, SERVICES } from './subject.ts'
import { whoAgrees } from './who-agrees.ts'

type QueueRow = { readonly href: string; readonly title: string; readonly what: string; readonly when: string }
type QueueView = {
  readonly title: string
  readonly banner: string | null
  readonly chosen: ChosenArea
  readonly waiting: readonly QueueRow[]
  readonly total: number
  readonly conflicts: readonly QueueRow[]
}
type Dispute = {
  readonly field: string
  readonly label: string
  readonly was: string
  readonly ours: string
  readonly theirs: string
}
type View = {
  readonly title: string
  readonly caption: string
  readonly reference: string
  readonly state: ServiceEdit['state']
  readonly stands: string
  readonly author: string
  readonly lines: readonly EditLine[]
  readonly warnings: readonly string[]
  readonly disputes: readonly Dispute[]
  readonly reason: string
  readonly note: string
  /** Who can agree, in words; null when nothing waits. */
  readonly whoAgrees: string | null
  readonly isOwn: boolean
  readonly mayDecide: boolean
  readonly mayChoose: boolean
  readonly version: number
  readonly action: string
  readonly record: string | null
  readonly tryIt: string | null
  readonly banner: string | null
  readonly notice: string | null
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const LONGEST_NOTE = 500
const render = template<QueueView>('record-editor/pages/approvals.njk')
const renderOne = template<View>('record-editor/pages/approval.njk')

/** Mounts the queue and the page of each edit. */
export function approvalPages(app: FastifyInstance, deps: EditorDeps): void {
  app.get(APPROVALS, async (request, reply) => {
    const actor = editorOf(request)
    const { pool } = deps.db
    const reach = reachOf(actor, 'edit-records')
    const chosen = await chooseArea(pool, reach, lineIn(fieldsOf(request.query), 'area'))
    const { area } = chosen
    const waiting = await loadQueue(pool, 'waiting', {
      where: { reach: reachOf(actor, 'approve-records'), area },
      otherThan: auditNameOf(actor),
    })
    const conflicts = await loadQueue(pool, 'conflict', { where: { reach, area } })
    const names = await loadNames(
      pool,
      [...waiting, ...conflicts].map(({ author }) => author),
    )
    const rowOf = (edit: QueuedEdit): QueueRow => ({
      href: `${APPROVALS}/${edit.id}`,
      title: `${edit.serviceName || 'New service'}${edit.uid === null ? '' : ` (${edit.uid})`}`,
      what: fieldNames(Object.keys(edit.proposed)),
      when: `${edit.submittedAt ? `Sent on ${formatMomentIn(edit.submittedAt)}` : `Begun on ${formatMomentIn(edit.begunAt)}`} by ${names(edit.author)}`,
    })
    return render(reply, {
      title: 'Record changes to approve',
      banner: BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null,
      chosen,
      waiting: waiting.map(rowOf),
      total: waiting[0]?.total ?? 0,
      conflicts: conflicts.map(rowOf),
    })
  })

  app.get(`${APPROVALS}/:id`, async (request, reply) => {
    const open = await openEdit(deps, request)
    const banner = BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null
    return show(deps, reply, open, { fields: {}, problems: [], notice: null, banner })
  })

  app.post(`${APPROVALS}/:id`, async (request, reply) => {
    const open = await openEdit(deps, request)
    const fields = fieldsOf(request.body)
    if (!can(open.actor, 'approve-records')) throw new Forbidden('You do not approve changes of records')
    if (isOwn(open)) throw new Forbidden('Somebody else must approve what you changed')
    const answer = readAnswer(fields)
    if (!answer.ok) return again(deps, reply.code(422), open, { fields, problems: answer.problems })
    const read = { id: open.edit.id, expectedVersion: versionIn(fields) }
    const outcome =
      answer.decision === 'approve'
        ? await approveEdit(deps, open.actor, { ...read, note: answer.note || null })
        : await declineEdit(deps, open.actor, { ...read, note: answer.note })
    switch (outcome.outcome) {
      case 'published':
        await deps.follower.reached(outcome.seq)
        return reply.redirect(`${APPROVALS}?done=approved`, 303)
      case 'declined':
        return reply.redirect(`${APPROVALS}?done=declined`, 303)
      case 'refused':
        return again(deps, reply.code(422), open, { fields, problems: onPage(outcome.problems) })
      case 'conflict':
        return reply.redirect(`${APPROVALS}/${open.edit.id}?done=conflict`, 303)
      default:
        return changed(deps, reply, request)
    }
  })

  app.post(`${APPROVALS}/:id/take-back`, async (request, reply) => {
    const open = await openEdit(deps, request)
    if (!isOwn(open)) throw new Forbidden('Only whoever sent a change takes it back')
    const read = { id: open.edit.id, expectedVersion: versionIn(fieldsOf(request.body)) }
    const outcome = await withdrawEdit(deps, open.actor, read)
    if (outcome.outcome === 'draft') return reply.redirect(`${keyOf(open.edit)}/check`, 303)
    return changed(deps, reply, request)
  })

  app.post(`${APPROVALS}/:id/choose`, async (request, reply) => {
    const open = await openEdit(deps, request)
    const fields = fieldsOf(request.body)
    const choices = choicesIn(fields, open)
    const read = { id: open.edit.id, expectedVersion: versionIn(fields), choices }
    const outcome = await settleConflict(deps, open.actor, read)
    if (outcome.outcome === 'draft') {
      return reply.redirect(isOwn(open) ? `${keyOf(open.edit)}/check` : `${APPROVALS}/${open.edit.id}?done=chosen`, 303)
    }
    if (outcome.outcome === 'refused') {
      const problems = outcome.problems.map((each) => ({ ...each, field: `choose-${each.field.toLowerCase()}` }))
      return again(deps, reply.code(422), open, { fields, problems })
    }
    return changed(deps, reply, request)
  })
}

const BANNERS: Readonly<Record<string, string>> = {
  sent: 'Sent. A second person must agree before it is published. Those who can are told by email, and so are you when one has decided.',
  approved: 'Approved and published. Both of you are told by email.',
  declined: 'Not approved. Both of you are told by email.',
  conflict: 'Somebody else has changed the same fields since. Nothing is published: a person must choose.',
  chosen: 'Chosen. The author checks it and sends it again.',
}

const keyOf = ({ id, uid }: ServiceEdit): string => `${SERVICES}/${uid ?? `new-${id}`}`

type Open = { readonly actor: Actor; readonly edit: ServiceEdit; readonly held: HeldService }

async function openEdit(deps: EditorDeps, request: FastifyRequest): Promise<Open> {
  const actor = editorOf(request)
  const { id } = request.params as { readonly id: string }
  const reach = reachOf(actor, 'edit-records')
  const { pool } = deps.db
  const edit = /^[1-9]\d{0,8}$/.test(id)
    ? await loadEdit(pool, Number(id), { reach, author: auditNameOf(actor) })
    : undefined
  if (!edit) throw new NotFound('There is no such change in the areas you look after')
  if (edit.uid === null) {
    return { actor, edit, held: { record: BLANK_SERVICE, overrides: {}, profileOds: null, seq: 0 } }
  }
  const held = await loadService(pool, edit.uid, reach)
  if (!held) throw new NotFound('The service of this change is not in the areas you look after')
  return { actor, edit, held }
}

const isOwn = ({ actor, edit }: Open): boolean => edit.author === auditNameOf(actor)

function readAnswer(fields: Fields) {
  const decision = rawIn(fields, 'decision')
  const note = proseIn(fields, 'note')
  const problems: Problem[] = []
  if (decision !== 'approve' && decision !== 'decline') {
    problems.push({ field: 'decision', code: 'missing', message: 'Select whether this is right' })
  }
  if (decision === 'decline' && note === '') {
    problems.push({
      field: 'note',
      code: 'missing',
      message: 'Enter why you say no, so that they know what to do next',
    })
  }
  if ([...note].length > LONGEST_NOTE || isUnreadable(note)) {
    const message = `What you write must be ${LONGEST_NOTE} characters or fewer, in plain letters`
    problems.push({ field: 'note', code: 'too-long', message })
  }
  return problems.length > 0 ? ({ ok: false, problems } as const) : ({ ok: true, decision, note } as const)
}

/** Form fields are in lower case; fields of a record are not. */
function choicesIn(fields: Fields, { edit, held }: Open): FieldChoices {
  const chosen = meet(edit, held.record).conflicts.flatMap(({ field }) => {
    const choice = rawIn(fields, `choose-${field.toLowerCase()}`)
    return choice === 'ours' || choice === 'theirs' ? [[field, choice] as const] : []
  })
  return Object.fromEntries(chosen)
}

const onPage = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map(({ code, message }) => ({ field: 'changes', code, message }))

type Shown = Pick<View, 'fields' | 'problems' | 'notice' | 'banner'>

const again = (deps: EditorDeps, reply: FastifyReply, open: Open, shown: Pick<Shown, 'fields' | 'problems'>) =>
  show(deps, reply, open, { ...shown, notice: null, banner: null })

/** The second of two people is told what happened. */
async function changed(deps: EditorDeps, reply: FastifyReply, request: FastifyRequest) {
  const notice = 'This was changed or decided while you were reading. What you see is how it stands now.'
  return show(deps, reply.code(409), await openEdit(deps, request), { fields: {}, problems: [], notice, banner: null })
}

async function show(deps: EditorDeps, reply: FastifyReply, open: Open, shown: Shown) {
  const { edit, held, actor } = open
  const reference = deps.reference()
  const after = recordWithEdit(held.record, edit)
  const met = meet(edit, held.record)
  const isConflict = edit.state === 'conflict'
  const others = isConflict ? await othersOf(deps, edit, met) : []
  const nameOfPerson = await loadNames(deps.db.pool, [edit.author, edit.decidedBy, ...others])
  return renderOne(reply, {
    title: isConflict ? 'Choose what is right' : 'Change of a record',
    caption: captionOf({ ...after, uid: held.record.uid }),
    reference: editReference(edit.id),
    state: edit.state,
    stands: standsOf(edit, nameOfPerson, others),
    author: nameOfPerson(edit.author),
    lines: editLines(edit, reference, fieldsToApprove(flatRecord(held.record), edit.proposed)),
    warnings: edit.state === 'waiting' ? warningsOf(after, edit.proposed) : [],
    disputes: isConflict ? met.conflicts.map(disputeOf) : [],
    reason: edit.reason,
    note: edit.note ?? '',
    whoAgrees: edit.state === 'waiting' ? await whoAgrees(deps, edit) : null,
    isOwn: isOwn(open),
    mayDecide: edit.state === 'waiting' && can(actor, 'approve-records') && !isOwn(open),
    mayChoose: isConflict && met.conflicts.length > 0,
    version: edit.version,
    action: `${APPROVALS}/${edit.id}`,
    record: edit.uid === null ? null : `${SERVICES}/${edit.uid}`,
    tryIt: edit.state === 'waiting' ? `${APPROVALS}/${edit.id}/try` : null,
    ...shown,
  })
}

function disputeOf({ field, base, ours, theirs }: ReturnType<typeof meet>['conflicts'][number]): Dispute {
  const words = (value: unknown): string =>
    changeLines(field, null, value)
      .map(({ what, after }) => (what === nameOf(field) ? after : `${what}: ${after}`))
      .join('\n') || 'Nothing'
  return {
    field: field.toLowerCase(),
    label: nameOf(field),
    was: words(base),
    ours: words(ours),
    theirs: words(theirs),
  }
}

/** The people who changed the same fields. */
async function othersOf(
  { db }: EditorDeps,
  { uid, author }: ServiceEdit,
  { conflicts }: ReturnType<typeof meet>,
): Promise<readonly string[]> {
  const fields = conflicts.map(({ field }) => field)
  const actors = uid === null ? [] : await lastChangersOf(db.pool, uid, fields)
  return actors.filter((actor) => actor.startsWith('person:') && actor !== author)
}

function standsOf(edit: ServiceEdit, nameOfPerson: (actor: string) => string, others: readonly string[]): string {
  const { state, author, begunAt, submittedAt, decidedBy, decidedAt } = edit
  const by = `${nameOfPerson(decidedBy ?? '')} on ${formatMomentIn(decidedAt ?? begunAt)}`
  switch (state) {
    case 'draft':
      return `A draft of ${nameOfPerson(author)}, begun on ${formatMomentIn(begunAt)}. Nothing is sent yet.`
    case 'waiting':
      return `Sent by ${nameOfPerson(author)} on ${formatMomentIn(submittedAt ?? begunAt)}. It waits for a second person.`
    case 'conflict':
      return `${nameOfPerson(author)} and ${others.map(nameOfPerson).join(' and ') || 'somebody else'} changed the same fields. Nothing of either is lost.`
    case 'published':
      return decidedBy === author
        ? `Published by ${by}.`
        : `Sent by ${nameOfPerson(author)}, approved and published by ${by}.`
    case 'declined':
      return `Sent by ${nameOfPerson(author)}, not approved by ${by}.`
    case 'withdrawn':
      return `Thrown away by ${by}.`
  }
}
