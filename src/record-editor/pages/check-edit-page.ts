/** `/workspace/services/:uid/check`: what a draft changes, before it is published or sent to a second person. View: check-edit.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Conflict } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, isUnreadable, proseIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { nameOf } from '#src/rules/change-lines.ts'
import { fieldsToApprove } from '#src/rules/clinical-changes.ts'
import type { Problem } from '#src/rules/problems.ts'
import { discardEdit } from '../amend-edit.ts'
import { checkPatch, missingProblems } from '../check-edit.ts'
import { meet, submitEdit } from '../decide-edit.ts'
import { flatRecord } from '../service-edit.ts'
import { captionOf, type EditLine, editLines, warningsOf } from './record-view.ts'
import { SECTIONS } from './sections.ts'
import { APPROVALS, addressOf, type EditorDeps, loadSubject, SERVICES, type Subject } from './subject.ts'

type View = {
  readonly title: string
  readonly caption: string
  readonly lines: readonly EditLine[]
  readonly warnings: readonly string[]
  /** Fields that somebody else has changed since the draft was begun. */
  readonly meets: readonly string[]
  /** Whether a second person must agree. */
  readonly waits: boolean
  readonly version: number
  readonly addresses: {
    readonly record: string
    readonly check: string
    readonly discard: string
    readonly tryIt: string
  }
  readonly notice: string | null
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const LONGEST_REASON = 500
const PATH = `${SERVICES}/:uid/check`
const render = template<View>('record-editor/pages/check-edit.njk')

/** Mounts the page, what it sends, and what throws the draft away. */
export function checkEditPages(app: FastifyInstance, deps: EditorDeps): void {
  app.get(PATH, async (request, reply) => {
    const subject = await loadSubject(deps, request)
    if (!subject.edit) return reply.redirect(addressOf(subject), 303)
    if (subject.edit.state !== 'draft') return reply.redirect(`${APPROVALS}/${subject.edit.id}`, 303)
    const problems = await knownProblems(deps, subject)
    return show(deps, reply, subject, { fields: { reason: subject.edit.reason }, problems, notice: null })
  })

  app.post(PATH, async (request, reply) => {
    const subject = await loadSubject(deps, request)
    const { edit, actor } = subject
    if (!edit) return reply.redirect(addressOf(subject), 303)
    const fields = fieldsOf(request.body)
    const reason = proseIn(fields, 'reason')
    const wrong = reasonProblems(reason)
    if (wrong.length > 0) return show(deps, reply.code(422), subject, { fields, problems: wrong, notice: null })
    const read = { id: edit.id, expectedVersion: versionIn(fields), reason }
    const outcome = await submitEdit(deps, actor, read)
    switch (outcome.outcome) {
      case 'published':
        await deps.follower.reached(outcome.seq)
        return reply.redirect(`${SERVICES}/${outcome.uid}?done=published`, 303)
      case 'waiting':
        return reply.redirect(`${APPROVALS}/${edit.id}?done=sent`, 303)
      case 'conflict':
        return reply.redirect(`${APPROVALS}/${edit.id}`, 303)
      case 'refused':
        return show(deps, reply.code(422), subject, { fields, problems: onPage(outcome.problems), notice: null })
      default:
        return again(deps, reply, await loadSubject(deps, request), fields)
    }
  })

  app.post(`${SERVICES}/:uid/discard`, async (request, reply) => {
    const subject = await loadSubject(deps, request)
    const { edit, actor, held } = subject
    if (!edit) return reply.redirect(addressOf(subject), 303)
    const expectedVersion = versionIn(fieldsOf(request.body))
    const isGone = await discardEdit(deps, actor, { id: edit.id, expectedVersion })
    if (!isGone) throw new Conflict('This was changed meanwhile, so it is not thrown away. Open it again and look')
    const { uid } = held.record
    return reply.redirect(uid === 0 ? `${SERVICES}?done=discarded` : `${SERVICES}/${uid}?done=discarded`, 303)
  })
}

/** Another tab, or another person, was faster. */
function again(deps: EditorDeps, reply: FastifyReply, now: Subject, fields: Fields) {
  if (now.edit?.state !== 'draft') return reply.redirect(addressOf(now, 'check'), 303)
  const notice = 'You changed it meanwhile, perhaps in another tab. Check it again.'
  return show(deps, reply.code(409), now, { fields, problems: [], notice })
}

/** A version that is none is one that no edit has. */
export function versionIn(fields: Fields): number {
  const text = rawIn(fields, 'version')
  return /^\d{1,9}$/.test(text) ? Number(text) : -1
}

const wrong = (code: string, message: string): Problem => ({ field: 'reason', code, message })

function reasonProblems(reason: string): readonly Problem[] {
  if (reason === '') return [wrong('missing', 'Enter why you change it, so that others understand it later')]
  if (isUnreadable(reason)) return [wrong('invalid', 'The reason must use letters, numbers and punctuation only')]
  if ([...reason].length <= LONGEST_REASON) return []
  return [wrong('too-long', `The reason must be ${LONGEST_REASON} characters or fewer`)]
}

/** What would be refused, said before anybody presses the button. */
async function knownProblems(deps: EditorDeps, subject: Subject): Promise<readonly Problem[]> {
  const { held, shown, edit } = subject
  if (!edit) return []
  const checked = { record: held.record, patch: edit.proposed, after: shown }
  return onPage([...missingProblems(checked), ...(await checkPatch(deps.db.pool, deps, checked))])
}

/** A problem of a field leads to what is changed, above the button. */
const onPage = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map(({ field, code, message }) => {
    const section = SECTIONS.find(({ fields }) => fields.includes(field))
    return {
      field: field === 'reason' ? 'reason' : 'changes',
      code,
      message: section ? `${section.title}: ${message}` : message,
    }
  })

type Shown = Pick<View, 'fields' | 'problems' | 'notice'>

function show(deps: EditorDeps, reply: FastifyReply, subject: Subject, shown: Shown) {
  const { held, edit } = subject
  const { record } = held
  if (!edit) return reply.redirect(addressOf(subject), 303)
  const met = meet(edit, record)
  const clinical = fieldsToApprove(flatRecord(record), met.patch)
  return render(reply, {
    title: record.uid === 0 ? 'Check the new service' : 'Check your changes',
    caption: captionOf(subject.shown),
    lines: editLines(edit, deps.reference(), clinical),
    warnings: warningsOf(subject.shown, edit.proposed),
    meets: met.conflicts.map(({ field }) => nameOf(field)),
    waits: clinical.length > 0,
    version: edit.version,
    addresses: {
      record: addressOf(subject),
      check: addressOf(subject, 'check'),
      discard: addressOf(subject, 'discard'),
      tryIt: addressOf(subject, 'try'),
    },
    ...shown,
  })
}
