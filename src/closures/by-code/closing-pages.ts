/**
 * `/close-without-sign-in/pharmacy`: what a right code opens. Close the pharmacy, see its closures, give another time,
 * open it again. Views: close.njk, closed.njk, time.njk, reopened.njk, left.njk
 */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Fields, fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { closureLabel, minuteInWords } from '#src/profiles/closure-words.ts'
import { keylessName } from '#src/profiles/keyless-actors.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { formatTime } from '#src/rules/clock-time.ts'
import { closureStateAt } from '#src/rules/closure-states.ts'
import { openStateAt } from '#src/rules/compiled-hours.ts'
import { dateOf, formatLondon, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import type { Problem, Result } from '#src/rules/problems.ts'
import type { ClosureSaved } from '../change-closure.ts'
import { closePharmacy, expectReopening, reopenPharmacy } from '../close-pharmacy.ts'
import { loadOpenClosures, type StoredClosure } from '../closure-records.ts'
import { hoursWithoutClosures } from '../due-open.ts'
import { ADVICE, atFields, readUntil, SUDDEN_REASONS } from '../pages/closure.form.ts'
import { type ByCodeDeps, HOME, PHARMACY_PATH } from './by-code-deps.ts'
import { type ClosingSession, closingOf, endClosing } from './closing-session.ts'
import { keylessOf, namedWithPlace, refusalFor } from './code-channels.ts'
import { parseShortForm } from './short-form.ts'

const TIME_PATH = `${PHARMACY_PATH}/time`
const REOPEN_PATH = `${PHARMACY_PATH}/reopen`

type Shell = { readonly pharmacy: string; readonly usableUntil: string; readonly problems: readonly Problem[] }
type ClosureView = {
  readonly id: string
  readonly label: string
  readonly expected: string
  readonly reason: string
  readonly advice: string | null
}
type CloseView = Shell & {
  readonly closureId: string
  readonly fields: Fields
  readonly reasons: readonly string[]
  readonly isShutByHours: boolean
  /** Some services are shut: they can be reopened from here. */
  readonly closures: readonly ClosureView[]
}
type ClosedView = Shell & {
  readonly closures: readonly ClosureView[]
  readonly publicHref: string
  readonly isWhole: boolean
  readonly banner: string | null
}
type TimeView = Shell & { readonly closure: ClosureView; readonly fields: Fields }

const renderClose = template<CloseView>('closures/by-code/close.njk')
const renderClosed = template<ClosedView>('closures/by-code/closed.njk')
const renderReopened = template<Shell & { publicHref: string; isShutByHours: boolean }>('closures/by-code/reopened.njk')
const renderTime = template<TimeView>('closures/by-code/time.njk')
const renderLeft = template<{ publicHref: string }>('closures/by-code/left.njk')

const BANNERS: Readonly<Record<string, string>> = {
  closed: 'The pharmacy is closed. NHS 111 has stopped sending people to it, and its public page says so.',
  changed: 'The time of reopening is changed.',
}

/** Somebody with a code, and their pharmacy as it is now. */
export type Visit = {
  readonly session: ClosingSession
  readonly profile: Profile
  readonly actor: string
  readonly now: Date
  readonly inForce: readonly StoredClosure[]
}

/** Mounts them. */
export function closingPages(pages: FastifyInstance, deps: ByCodeDeps): void {
  pages.get(PHARMACY_PATH, async (request, reply) => {
    const visit = await visitOf(request, deps)
    if (!visit) return reply.redirect(`${HOME}?ended=yes`, 303)
    const done = lineIn(fieldsOf(request.query), 'done')
    if (visit.inForce.length > 0 && (wholeOf(visit) || done !== ''))
      return showClosed(reply, visit, BANNERS[done] ?? null)
    return done === 'reopened' ? showReopened(reply, deps, visit) : showForm(reply, deps, visit, {})
  })
  pages.post(PHARMACY_PATH, async (request, reply) => {
    const visit = await visitOf(request, deps)
    if (!visit) return reply.redirect(`${HOME}?ended=yes`, 303)
    return await closeNow(reply, deps, visit, fieldsOf(request.body))
  })

  pages.get(TIME_PATH, async (request, reply) => {
    const visit = await visitOf(request, deps)
    if (!visit) return reply.redirect(`${HOME}?ended=yes`, 303)
    const closure = closureIn(visit, fieldsOf(request.query))
    return closure ? showTime(reply, visit, closure, {}, []) : reply.redirect(PHARMACY_PATH)
  })
  pages.post(TIME_PATH, async (request, reply) => {
    const visit = await visitOf(request, deps)
    if (!visit) return reply.redirect(`${HOME}?ended=yes`, 303)
    const fields = fieldsOf(request.body)
    const closure = closureIn(visit, fields)
    if (!closure) return reply.redirect(PHARMACY_PATH, 303)
    const until = readUntil(fields, visit.now, formatLondon(toLondon(new Date(closure.startsAt))))
    if (!until.ok) return showTime(reply.code(422), visit, closure, fields, until.problems)
    const { actor, profile } = visit
    const saved = await expectReopening(deps, profile.odsCode, closure.id, { actor, until: until.value })
    if (!saved.ok) return showTime(reply.code(422), visit, closure, fields, atFields(saved.problems, fields, false))
    return await goBack(reply, deps, saved.value, 'changed')
  })

  pages.post(REOPEN_PATH, async (request, reply) => {
    const visit = await visitOf(request, deps)
    if (!visit) return reply.redirect(`${HOME}?ended=yes`, 303)
    const closure = closureIn(visit, fieldsOf(request.body))
    // Somebody else was quicker, or its time has come: it is open.
    if (!closure) return reply.redirect(PHARMACY_PATH, 303)
    const { actor, profile } = visit
    const saved = await reopenPharmacy(deps, profile.odsCode, closure.id, { actor })
    if (!saved.ok) return reply.redirect(PHARMACY_PATH, 303)
    return await goBack(reply, deps, saved.value, 'reopened')
  })

  pages.post(`${PHARMACY_PATH}/finish`, async (request, reply) => {
    const session = await closingOf(request, deps)
    if (session) await endClosing(reply, session, deps)
    return renderLeft(reply, { publicHref: session ? `/pharmacies/${session.odsCode}` : '/' })
  })
}

async function closeNow(reply: FastifyReply, deps: ByCodeDeps, visit: Visit, fields: Fields): Promise<FastifyReply> {
  const { profile, actor, now } = visit
  // Somebody closed it meanwhile, or the button was pressed twice.
  if (wholeOf(visit)) return reply.redirect(PHARMACY_PATH, 303)
  const answers = parseShortForm(fields, now)
  const refuse = (problems: readonly Problem[], closureId: string) =>
    showForm(reply.code(422), deps, visit, { fields, problems, closureId })
  const id = parseId(lineIn(fields, 'closure-id'))
  if (!answers.ok) return refuse(answers.problems, id ?? randomUUID())
  if (!id) return refuse([USED_BEFORE], randomUUID())
  const by = { actor, via: 'code', askedAt: now } as const
  const saved: Result<ClosureSaved> = await closePharmacy(deps, profile.odsCode, { id, ...answers.value }, by)
  if (!saved.ok) return refuse(inWords(saved.problems, fields, visit), randomUUID())
  // A form that was sent before, whose closure is over: pressing again must not seem to have closed anything.
  if (closureStateAt(saved.value.closure, now.getTime()) !== 'closed') return refuse([USED_BEFORE], randomUUID())
  return await goBack(reply, deps, saved.value, 'closed')
}

async function goBack(reply: FastifyReply, deps: ByCodeDeps, saved: ClosureSaved, done: string): Promise<FastifyReply> {
  await deps.follower.reached(saved.seq)
  return reply.redirect(`${PHARMACY_PATH}?done=${done}`, 303)
}

/** Who asks, by the cookie of the code. Undefined when the half hour is over, or the pharmacy is none any more that can be closed like this. */
export async function visitOf(request: FastifyRequest, deps: ByCodeDeps): Promise<Visit | undefined> {
  const session = await closingOf(request, deps)
  if (!session) return undefined
  const { odsCode, channel } = session
  const profile = (await loadProfile(deps.db.pool, odsCode))?.profile
  if (!profile || refusalFor(odsCode, profile)) return undefined
  const now = deps.clock.now()
  const open = await loadOpenClosures(deps.db.pool, odsCode)
  const inForce = open.filter((closure) => closureStateAt(closure, now.getTime()) === 'closed')
  return { session, profile, now, inForce, actor: keylessName(keylessOf(channel), odsCode) }
}

const wholeOf = ({ inForce }: Visit): StoredClosure | undefined => inForce.find(({ services }) => services === null)
/** The closure in force that a form or an address names. */
export const closureIn = ({ inForce }: Visit, fields: Fields): StoredClosure | undefined =>
  inForce.find(({ id }) => id === lineIn(fields, 'closure'))
const parseId = (text: string): string | undefined =>
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text) ? text : undefined

function showForm(
  reply: FastifyReply,
  deps: ByCodeDeps,
  visit: Visit,
  shown: {
    readonly fields?: Fields
    readonly problems?: readonly Problem[]
    readonly closureId?: string
  },
): FastifyReply {
  const { inForce } = visit
  const { fields = { advice: ADVICE }, problems = [], closureId = randomUUID() } = shown
  return renderClose(reply, {
    ...shellOf(visit),
    problems,
    closureId,
    fields,
    reasons: SUDDEN_REASONS,
    isShutByHours: isShutByHours(deps, visit),
    closures: inForce.map((closure) => viewOf(closure, todayOf(visit))),
  })
}

function showClosed(reply: FastifyReply, visit: Visit, banner: string | null): FastifyReply {
  return renderClosed(reply, {
    ...shellOf(visit),
    problems: [],
    isWhole: wholeOf(visit) !== undefined,
    banner,
    publicHref: `/pharmacies/${visit.profile.odsCode}`,
    closures: visit.inForce.map((closure) => viewOf(closure, todayOf(visit))),
  })
}

function showReopened(reply: FastifyReply, deps: ByCodeDeps, visit: Visit): FastifyReply {
  const publicHref = `/pharmacies/${visit.profile.odsCode}`
  return renderReopened(reply, {
    ...shellOf(visit),
    problems: [],
    publicHref,
    isShutByHours: isShutByHours(deps, visit),
  })
}

/** Whether it would be shut at this minute without any closure. Hours that nobody gave do not say so. */
const isShutByHours = ({ holidays }: ByCodeDeps, { profile, now }: Visit): boolean =>
  openStateAt(hoursWithoutClosures(profile, holidays()), toLondon(now)).open === false

function showTime(
  reply: FastifyReply,
  visit: Visit,
  closure: StoredClosure,
  fields: Fields,
  problems: readonly Problem[],
): FastifyReply {
  return renderTime(reply, { ...shellOf(visit), problems, fields, closure: viewOf(closure, todayOf(visit)) })
}

const shellOf = ({ profile, session }: Visit) => ({
  pharmacy: namedWithPlace(profile),
  usableUntil: formatTime(toLondon(session.expiresAt).minute),
})

const todayOf = ({ now }: Visit): LocalDate => dateOf(toLondon(now).day)

function viewOf({ id, startsAt, expectedAt, services, reason, advice }: StoredClosure, today: LocalDate): ClosureView {
  const from = formatLondon(toLondon(new Date(startsAt)))
  return {
    id,
    label: closureLabel({ from, services }),
    expected:
      expectedAt === null ? 'Not known' : sentence(minuteInWords(formatLondon(toLondon(new Date(expectedAt))), today)),
    reason,
    advice,
  }
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Why it was refused, at the boxes of the form, and what to do where a planned closure is in the way. */
function inWords(problems: readonly Problem[], fields: Fields, { profile, now }: Visit): readonly Problem[] {
  const at = formatLondon(toLondon(now))
  const planned = (profile.closures ?? [])
    .filter(({ ended, services, from }) => !ended && services === null && from > at)
    .toSorted((one, other) => one.from.localeCompare(other.from))[0]
  const until = (problem: Problem): Problem =>
    problem.code === 'overlap' && planned
      ? {
          field: 'until-when',
          code: 'overlap',
          message: `A closure is planned from ${minuteInWords(planned.from)}. Say that you reopen then or earlier`,
        }
      : problem
  return atFields(problems.map(until), fields, false).map((problem) =>
    ['form', 'from-when', 'what'].includes(problem.field) ? { ...problem, field: 'reason' } : problem,
  )
}

const USED_BEFORE: Problem = {
  field: 'reason',
  code: 'used',
  message: 'This form was used before. Check it and press the button again',
}
