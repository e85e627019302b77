/** `/manage/:odsCode/closures-and-changes`: list, add, edit, cancel. Views: closures-and-changes.njk, cancel-change.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { closureLabel, closureText, comingClosures, spanStateAt, wholeClosureAt } from '#src/profiles/closure-words.ts'
import { decideCancelChange } from '#src/profiles/decide.ts'
import type { Closure, DatedChange } from '#src/profiles/profile.ts'
import { previewProfileChange, saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { datesInWords, hoursInWords } from './change-words.ts'
import { addChangeEditor, editChangeEditor } from './dated-change-editor.ts'
import { editingPages } from './editing-pages.ts'
import { fieldsOf, rawIn } from './fields.ts'
import { type SectionView, sectionView } from './section-view.ts'
import { type ReachedService, reachedServices } from './service-words.ts'
import type { Tag } from './status-tags.ts'

type ChangeRow = {
  readonly id: string
  readonly dates: string
  readonly hours: string
  readonly reason: string
  readonly note: string | null
}
type ClosureRow = {
  readonly address: string
  readonly heading: string
  readonly tag: Tag
  readonly text: string
  readonly advice: string | null
  readonly reason: string
}
type ChangesView = SectionView & {
  readonly odsCode: string
  /** The whole pharmacy is not closed yet. */
  readonly mayClose: boolean
  /** Closures in force and to come. */
  readonly closures: readonly ClosureRow[]
  /** Those of the last month. */
  readonly pastClosures: readonly ClosureRow[]
  readonly coming: readonly ChangeRow[]
  readonly past: readonly ChangeRow[]
}
type CancelView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly back: string
  readonly version: number
  readonly change: ChangeRow
  /** The change has begun: only the days from today on can be given back. */
  readonly begun: boolean
  readonly services: readonly ReachedService[]
  readonly notice: string | null
}

const render = template<ChangesView>('profiles/pages/closures-and-changes.njk')
const renderCancel = template<CancelView>('profiles/pages/cancel-change.njk')

const LIST = '/manage/:odsCode/closures-and-changes'

/** Mounts the section and its edits. */
export function closuresAndChangesPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get(LIST, async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const changes = seen.stored.profile.changes.toSorted((a, b) => (a.from < b.from ? -1 : 1))
    return render(reply, {
      ...(await sectionView(deps.db.pool, seen, 'changes', request.query)),
      ...closureRows(seen),
      coming: changes.filter(({ to }) => to >= seen.today).map(rowOf),
      past: changes
        .filter(({ to }) => to < seen.today)
        .reverse()
        .slice(0, 20)
        .map(rowOf),
    })
  })
  editingPages(app, deps, addChangeEditor)
  editingPages(app, deps, editChangeEditor)
  cancelPages(app, deps)
}

function closureRows({
  stored,
  odsCode,
  now: instant,
}: Visit): Pick<ChangesView, 'mayClose' | 'closures' | 'pastClosures'> {
  const now = toLondon(instant)
  const row = (closure: Closure): ClosureRow => ({
    address: `/manage/${odsCode}/closures/${closure.id}`,
    heading: closureLabel(closure),
    tag: CLOSURE_TAGS[spanStateAt(closure, now)],
    text: closureText({ ...closure, advice: null, ended: spanStateAt(closure, now) === 'over' }),
    advice: closure.advice,
    reason: closure.reason,
  })
  const { closures = [] } = stored.profile
  return {
    mayClose: !wholeClosureAt(closures, now),
    closures: comingClosures(closures, now).map(row),
    pastClosures: closures
      .filter((closure) => spanStateAt(closure, now) === 'over')
      .toSorted((a, b) => (a.from > b.from ? -1 : 1))
      .map(row),
  }
}

const CLOSURE_TAGS: Readonly<Record<ReturnType<typeof spanStateAt>, Tag>> = {
  closed: { text: 'Closed now', colour: 'red' },
  planned: { text: 'Planned', colour: 'yellow' },
  over: { text: 'Over', colour: 'grey' },
}

const rowOf = (change: DatedChange): ChangeRow => ({
  id: change.id,
  dates: datesInWords(change),
  hours: hoursInWords(change),
  reason: change.reason,
  note: change.note,
})

type Cancel = Visit & { readonly change: DatedChange }

function cancelPages(app: FastifyInstance, deps: ManageDeps): void {
  const path = `${LIST}/:changeId/cancel`

  app.get(path, async (request, reply) =>
    renderCancel(reply, await cancelView(deps, await cancelOf(deps, request), null)),
  )

  app.post(path, async (request, reply) => {
    const seen = await visit(deps, request, 'edit-changes')
    const { changeId } = request.params as { changeId: string }
    const list = `/manage/${seen.odsCode}/closures-and-changes`
    if (!isComing(seen, changeId)) return reply.redirect(`/manage/${seen.odsCode}?cancelled=yes`, 303)
    const version = rawIn(fieldsOf(request.body), 'version')
    const outcome = await saveProfileChange(deps, {
      odsCode: seen.odsCode,
      section: 'changes',
      expectedVersion: /^\d{1,9}$/.test(version) ? Number(version) : seen.stored.version,
      actor: auditNameOf(seen.actor),
      action: 'cancel-change',
      decide: (profile) => decideCancelChange(profile, changeId, seen),
    })
    if (outcome.outcome === 'conflict') {
      const notice = 'Somebody changed the closures and changes while you were reading. Check this one again.'
      return renderCancel(reply.code(409), await cancelView(deps, await cancelOf(deps, request), notice))
    }
    if (outcome.outcome === 'refused') return reply.redirect(list, 303)
    if (outcome.outcome === 'saved') await deps.follower.reached(outcome.seq)
    return reply.redirect(`/manage/${seen.odsCode}?cancelled=yes`, 303)
  })
}

const isComing = ({ stored, today }: Visit, changeId: string): boolean =>
  stored.profile.changes.some(({ id, to }) => id === changeId && to >= today)

async function cancelOf(deps: ManageDeps, request: FastifyRequest): Promise<Cancel> {
  const seen = await visit(deps, request, 'edit-changes')
  const { changeId } = request.params as { changeId: string }
  const change = seen.stored.profile.changes.find(({ id, to }) => id === changeId && to >= seen.today)
  if (!change) throw new NotFound('This closure or change has ended or was cancelled')
  return { ...seen, change }
}

async function cancelView({ db }: ManageDeps, cancel: Cancel, notice: string | null): Promise<CancelView> {
  const { odsCode, stored, change, today } = cancel
  const preview = await previewProfileChange(db.pool, {
    odsCode,
    decide: (profile) => decideCancelChange(profile, change.id, cancel),
    today,
  })
  return {
    title: 'Check before you cancel this change',
    odsCode,
    pharmacy: stored.profile.name,
    back: `/manage/${odsCode}/closures-and-changes`,
    version: stored.version,
    change: rowOf(change),
    begun: change.from < today,
    services: preview?.ok ? reachedServices(preview.value.services) : [],
    notice,
  }
}
