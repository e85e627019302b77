/** `/manage/:odsCode/closures/:closureId`: one closure, and all that can be done to it. Views: closure.njk, expect.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { dateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'
import { formatTime } from '#src/rules/clock-time.ts'
import { closureStateAt } from '#src/rules/closure-states.ts'
import { dateOf, formatLondon, toLondon } from '#src/rules/london-time.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import type { Problem, Result } from '#src/rules/problems.ts'
import type { ClosureSaved } from '../change-closure.ts'
import { cancelClosure, confirmClosed, expectReopening, reopenPharmacy } from '../close-pharmacy.ts'
import { loadClosure, loadClosureEvents, type StoredClosure } from '../closure-records.ts'
import { loadNoticeRows, type NoticeRow } from '../notices/notice-rows.ts'
import { loadTruthTicks, type TruthTicks } from '../truth-ticks.ts'
import { type ClosureVisit, visitClosure } from '../visit-closure.ts'
import { closureAddress } from './close-now.ts'
import { atFields, readUntil } from './closure.form.ts'
import { doneBanner } from './closure-banner.ts'
import { type ClosureWords, closureWords } from './closure-view.ts'
import { loadServicesToClose } from './services-to-close.ts'

type ClosureView = ClosureWords & {
  readonly odsCode: string
  readonly pharmacy: string
  readonly address: string
  readonly banner: string | null
  readonly notice: string | null
  readonly mayAct: boolean
  readonly isPublic: boolean
  /** How fast each consumer knew of the last change; null when there is none to see. */
  readonly truth: TruthTicks | null
  /** To the ICB, at the door, to neighbours. */
  readonly notices: readonly NoticeRow[]
}
type ExpectView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly address: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
}
type Seen = ClosureVisit

const render = template<ClosureView>('closures/pages/closure.njk')
const renderExpect = template<ExpectView>('closures/pages/expect.njk')
const PATH = '/manage/:odsCode/closures/:closureId'

/** Mounts the pages. */
export function closurePage(app: FastifyInstance, deps: ManageDeps): void {
  app.get(PATH, async (request, reply) => {
    const seen = await visitClosure(deps, request, 'view-profile')
    return show(reply, deps, seen, await bannerOf(deps, seen, request.query))
  })
  for (const [slug, done, act] of [
    ['reopen', 'reopened', reopenPharmacy],
    ['confirm', 'confirmed', confirmClosed],
    ['cancel', 'cancelled', cancelClosure],
  ] as const) {
    app.post(`${PATH}/${slug}`, async (request, reply) => {
      const seen = await visitClosure(deps, request, 'edit-changes')
      const { odsCode, closure } = seen
      // A second press of the button shows what the first one did.
      if (closure.end === done) return reply.redirect(doneAddress(seen, done), 303)
      return answer(deps, seen, reply, await act(deps, odsCode, closure.id, { actor: auditNameOf(seen.actor) }), done)
    })
  }
  expectPages(app, deps)
}

function expectPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get(`${PATH}/expect`, async (request, reply) => {
    const seen = await visitClosure(deps, request, 'edit-changes')
    const state = closureStateAt(seen.closure, seen.now.getTime())
    if (state !== 'planned' && state !== 'closed') return reply.redirect(addressOf(seen), 303)
    return showExpect(reply, seen, untilFields(seen), [])
  })
  app.post(`${PATH}/expect`, async (request, reply) => {
    const askedAt = deps.clock.now()
    const seen = await visitClosure(deps, request, 'edit-changes')
    const { odsCode, closure } = seen
    const fields = fieldsOf(request.body)
    const read = readUntil(fields, askedAt, formatLondon(toLondon(new Date(closure.startsAt))))
    if (!read.ok) return showExpect(reply.code(422), seen, fields, read.problems)
    const by = { actor: auditNameOf(seen.actor), until: read.value }
    const saved = await expectReopening(deps, odsCode, closure.id, by)
    if (!saved.ok && !saved.problems.some(({ code }) => code === 'wrong-state')) {
      return showExpect(reply.code(422), seen, fields, atFields(saved.problems, fields, false).map(aboutOverlap))
    }
    return answer(deps, seen, reply, saved, 'changed')
  })
}

/** A closure that was told meanwhile, or one that is planned, stands in the way of this time. */
const aboutOverlap = (problem: Problem): Problem =>
  problem.code === 'overlap'
    ? {
        ...problem,
        field: 'until-when',
        message: 'Another closure starts before then. Change or cancel that one first',
      }
    : problem

/** Leads to the page of the closure; where the act came too late the page says what happened meanwhile. */
async function answer(
  deps: ManageDeps,
  seen: Seen,
  reply: FastifyReply,
  saved: Result<ClosureSaved>,
  done: string,
): Promise<FastifyReply> {
  if (saved.ok) {
    await deps.follower.reached(saved.value.seq)
    return reply.redirect(doneAddress(seen, done), 303)
  }
  const closure = (await loadClosure(deps.db.pool, seen.closure.id)) ?? seen.closure
  const notice = saved.problems.map(({ message }) => message).join('. ')
  return show(reply.code(409), deps, { ...seen, closure }, { notice })
}

const addressOf = ({ odsCode, closure }: Seen): string => closureAddress(odsCode, closure.id)
const doneAddress = (seen: Seen, done: string): string => `${addressOf(seen)}?done=${done}`

async function show(
  reply: FastifyReply,
  { db }: ManageDeps,
  seen: Seen,
  { banner = null, notice = null }: { readonly banner?: string | null; readonly notice?: string | null },
): Promise<FastifyReply> {
  const { odsCode, stored, closure, now } = seen
  const { profile } = stored
  const events = await loadClosureEvents(db.pool, closure.id)
  const nameOf = await loadNames(db.pool, [closure.toldBy, ...events.map(({ actor }) => actor)])
  const isPublic = profile.status === 'open' || profile.status === 'temporarily-closed'
  const words = closureWords({ closure, events, profile, services: await namesOf(db, closure), now, nameOf })
  // Nobody learns of what happens at the training pharmacy, and what ends by itself was known before.
  const isToldToOthers = odsCode !== TRAINING_PHARMACY && words.state !== 'expired'
  const truth = (isToldToOthers && (await loadTruthTicks(db.pool, closure.id, now))) || null
  // Whoever has just pressed the button watches the ticks come, without script; for a minute at most.
  if (truth?.lookAgain && notice === null) reply.header('refresh', '2')
  return render(reply, {
    ...words,
    odsCode,
    pharmacy: profile.name,
    address: addressOf(seen),
    banner,
    notice,
    mayAct: seen.may('edit-changes'),
    isPublic,
    publicLines: isPublic ? words.publicLines : [],
    truth,
    notices: await loadNoticeRows(db.pool, { closure, profile, now, maySeePeople: seen.may('see-people') }),
  })
}

async function namesOf({ pool }: ManageDeps['db'], closure: StoredClosure): Promise<readonly string[] | null> {
  if (closure.services === null) return null
  const known = new Map((await loadServicesToClose(pool, closure.odsCode)).map(({ uid, name }) => [uid, name]))
  return closure.services.map((uid) => known.get(uid) ?? `Service ${uid}`)
}

/** What was just done, as far as it is so. */
async function bannerOf(
  { db }: ManageDeps,
  { closure, stored, holidays, now }: Seen,
  query: unknown,
): Promise<{ readonly banner: string | null; readonly notice: string | null }> {
  const asked = fieldsOf(query)
  if (rawIn(asked, 'already') === 'yes' && closureStateAt(closure, now.getTime()) === 'closed') {
    const nameOf = await loadNames(db.pool, [closure.toldBy])
    return { banner: null, notice: `${nameOf(closure.toldBy)} has closed it already. You do not need to do it again.` }
  }
  const facts = { closure, profile: stored.profile, holidays, now }
  return { banner: doneBanner(rawIn(asked, 'done'), facts), notice: null }
}

/** The form as it stands now. */
function untilFields({ closure, now }: Seen): Fields {
  if (closure.expectedAt === null) return { 'until-when': 'unknown' }
  const until = toLondon(new Date(closure.expectedAt))
  const time = formatTime(until.minute)
  return until.day === toLondon(now).day
    ? { 'until-when': 'today', 'until-time': time }
    : { 'until-when': 'other', ...dateFields('until', dateOf(until.day)), 'until-other-time': time }
}

function showExpect(
  reply: FastifyReply,
  { odsCode, stored, closure }: Seen,
  fields: Fields,
  problems: readonly Problem[],
): FastifyReply {
  return renderExpect(reply.header('cache-control', 'private, no-cache'), {
    title: 'Change the expected time of reopening',
    odsCode,
    pharmacy: stored.profile.name,
    address: closureAddress(odsCode, closure.id),
    fields,
    problems,
  })
}
