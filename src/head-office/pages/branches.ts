/** `/manage/branches`: one change of many branches, from its draft to its undoing. Views: branches.njk, draft.njk, progress.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '#src/accounts/actor.ts'
import { scopeOf } from '#src/accounts/can.ts'
import { requireRecentSignIn } from '#src/accounts/recent-sign-in.ts'
import { csvLine } from '#src/platform/csv-line.ts'
import { NotFound } from '#src/platform/errors.ts'
import { parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { parseClockTime } from '#src/rules/clock-time.ts'
import { dateOf, dayOf, instantOf, minuteExists, toLondon } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import {
  type BranchChange,
  type BranchRow,
  countBranchRows,
  leaveOutBranches,
  listBranchChanges,
  loadBranchChange,
  loadBranchRows,
  moveBranchChange,
  rememberSeen,
} from '../branch-changes-store.ts'
import { BRANCH_KINDS } from '../branch-command.ts'
import { branchesMatching } from '../branches-in-scope.ts'
import { previewBranches } from '../preview-branches.ts'
import { type HeadOfficeDeps, startBranchChange, startUndo } from '../run-branch-change.ts'
import {
  type BranchesView,
  type DraftView,
  draftView,
  listLines,
  type ProgressView,
  progressView,
  resultRows,
} from './branch-views.ts'
import { newChangePages } from './new-change.ts'
import { branchManager } from './require-branches.ts'

const renderHome = template<BranchesView>('head-office/pages/branches.njk')
const renderDraft = template<DraftView>('head-office/pages/draft.njk')
const renderProgress = template<ProgressView>('head-office/pages/progress.njk')

/** More rows than a change can have. */
const ALL_ROWS = 20_000
const FURTHEST_DAYS = 366

/** Mounts the pages, in a scope that only signed-in people reach. */
export function branchesPages(app: FastifyInstance, deps: HeadOfficeDeps): void {
  app.get('/manage/branches', async (request, reply) => {
    const actor = branchManager(request)
    const branches = await branchesMatching(deps.db.pool, scopeOf(actor, 'change-branches'), '')
    return renderHome(reply, {
      title: 'Change many pharmacies at once',
      branches: branches.length,
      kinds: Object.entries(BRANCH_KINDS).map(([kind, { title }]) => ({ kind, title })),
      changes: listLines(await listBranchChanges(deps.db.pool, actor.personId), deps.clock.now()),
    })
  })
  newChangePages(app, deps)
  app.get('/manage/branches/:id', async (request, reply) => {
    const actor = branchManager(request)
    const change = await changeOf(deps, request, actor)
    return change.state === 'draft'
      ? showDraft(deps, { request, reply, actor, change }, {}, [])
      : showProgress(deps, request, reply, change)
  })
  app.get('/manage/branches/:id/results.csv', async (request, reply) => {
    const change = await changeOf(deps, request, branchManager(request))
    const rows = await loadBranchRows(deps.db.pool, change.id, { limit: ALL_ROWS })
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="signpost-branches-${change.id}.csv"`)
      .send(resultRows(change, rows).map(csvLine).join(''))
  })
  app.post('/manage/branches/:id/leave-out', async (request, reply) => {
    const change = await changeOf(deps, request, branchManager(request))
    const codes = Object.keys(fieldsOf(request.body)).flatMap((name) => /^out-([a-z0-9]{5})$/.exec(name)?.[1] ?? [])
    const upper = codes.map((code) => code.toUpperCase())
    if (change.state === 'draft') await leaveOutBranches(deps.db.pool, change.id, upper)
    return reply.redirect(addressOf(change), 303)
  })
  app.post('/manage/branches/:id/run', async (request, reply) => {
    const actor = branchManager(request)
    const change = await changeOf(deps, request, actor)
    if (!(await requireRecentSignIn(request, reply, { clock: deps.clock, returnTo: addressOf(change) }))) return reply
    const fields = fieldsOf(request.body)
    const runAt = parseRunAt(fields, deps.clock.now())
    const problems = [...(runAt.ok ? [] : runAt.problems), ...declarationProblems(change, fields)]
    if (change.state === 'draft' && (!runAt.ok || problems.length > 0)) {
      return showDraft(deps, { request, reply, actor, change }, fields, problems)
    }
    if (runAt.ok) await deps.db.transact((tx) => startBranchChange(tx, change.id, runAt.value))
    return reply.redirect(addressOf(change), 303)
  })
  app.post('/manage/branches/:id/cancel', async (request, reply) => {
    const change = await changeOf(deps, request, branchManager(request))
    await moveBranchChange(deps.db.pool, change.id, ['draft', 'waiting'], { state: 'cancelled' })
    return reply.redirect('/manage/branches', 303)
  })
  app.post('/manage/branches/:id/undo', async (request, reply) => {
    const change = await changeOf(deps, request, branchManager(request))
    if (!(await requireRecentSignIn(request, reply, { clock: deps.clock, returnTo: addressOf(change) }))) return reply
    await deps.db.transact((tx) => startUndo(tx, change, deps.clock.now()))
    return reply.redirect(addressOf(change), 303)
  })
}

const addressOf = ({ id }: Pick<BranchChange, 'id'>): string => `/manage/branches/${id}`

/** The change in the address, if it is this person's. Throws `NotFound` otherwise. */
async function changeOf({ db }: HeadOfficeDeps, request: FastifyRequest, actor: Actor): Promise<BranchChange> {
  const { id } = request.params as { id: string }
  const change = /^[1-9]\d{0,14}$/.test(id) ? await loadBranchChange(db.pool, Number(id), actor.personId) : undefined
  if (!change) throw new NotFound('There is no such change of branches, or it was forgotten because nobody made it')
  return change
}

type Asked = {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly actor: Actor
  readonly change: BranchChange
}

async function showDraft(
  deps: HeadOfficeDeps,
  { request, reply, actor, change }: Asked,
  fields: Fields,
  problems: readonly Problem[],
): Promise<FastifyReply> {
  const rows = await loadBranchRows(deps.db.pool, change.id, { limit: ALL_ROWS })
  const today = dateOf(toLondon(deps.clock.now()).day)
  const previews = await previewBranches(deps.db.pool, change, rows, { actor, today, holidays: deps.holidays() })
  const view = draftView(change, previews, { page: pageOf(request), fields, problems, today })
  await rememberSeen(deps.db.pool, change.id, newlySeen(view.branches, rows))
  return renderDraft(problems.length > 0 ? reply.code(422) : reply, view)
}

/** The versions that a page shows and that differ from those shown before. */
function newlySeen(branches: DraftView['branches'], rows: readonly BranchRow[]): ReadonlyMap<string, number> {
  const before = new Map(rows.map(({ odsCode, versionBefore }) => [odsCode, versionBefore]))
  return new Map(
    branches.flatMap(({ odsCode, version }) =>
      version === null || version === before.get(odsCode) ? [] : [[odsCode, version] as const],
    ),
  )
}

async function showProgress(
  { db, clock }: HeadOfficeDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  change: BranchChange,
): Promise<FastifyReply> {
  const counts = await countBranchRows(db.pool, change.id)
  const onlyBad = rawIn(fieldsOf(request.query), 'show') === 'not-changed'
  const state = onlyBad ? (change.state === 'undone' ? ('not-undone' as const) : ('refused' as const)) : undefined
  const page = pageOf(request)
  const rows = await loadBranchRows(db.pool, change.id, { ...(state && { state }), limit: 50, offset: (page - 1) * 50 })
  return renderProgress(reply, progressView(change, { counts, rows, page, onlyBad, now: clock.now() }))
}

function pageOf(request: FastifyRequest): number {
  const page = rawIn(fieldsOf(request.query), 'page')
  return /^[1-9]\d{0,3}$/.test(page) ? Number(page) : 1
}

/** Now, or the London date and time that were entered. */
function parseRunAt(fields: Fields, now: Date): Result<Date> {
  const when = lineIn(fields, 'when')
  if (when === 'now') return accepted(now)
  if (when !== 'later') return refused(problem('when', 'missing', 'Select when to make the change'))
  const date = parseDateFields(fields, 'at', 'The day')
  const minute = parseClockTime(lineIn(fields, 'time'))
  if (!date) return refused(problem('at-day', 'missing', 'Enter the day of the change'))
  if (!date.ok) return date
  if (minute === undefined) return refused(problem('time', 'invalid', 'Enter a time, like 6am or 11:30pm'))
  const at = { day: dayOf(date.value), minute }
  if (!minuteExists(at)) return refused(problem('time', 'unreal', 'The clocks go forward then. Enter another time'))
  const runAt = instantOf(at)
  if (runAt < now) return refused(problem('at-day', 'past', 'The day and time must be in the future'))
  if (runAt.getTime() - now.getTime() > FURTHEST_DAYS * 86_400_000) {
    return refused(problem('at-year', 'too-far', 'The day must be within a year'))
  }
  return accepted(runAt)
}

/** A check is a person's word, so that they give it. */
const declarationProblems = ({ kind }: BranchChange, fields: Fields): readonly Problem[] =>
  kind !== 'check' || lineIn(fields, 'declared') === 'yes'
    ? []
    : [problem('declared', 'missing', 'Tick to say that the profiles are right')]

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
