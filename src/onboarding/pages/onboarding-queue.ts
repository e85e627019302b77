/** `/workspace/onboarding`: pharmacies of one's area on their way to referral services. Views: onboarding-queue.njk, onboarding.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadServicesOf } from '#src/profiles/load-profiles.ts'
import { formatDayOf } from '#src/profiles/names-and-moments.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'
import { reachOf } from '#src/record-editor/edit-deps.ts'
import { lateFrom, mayTake, referralService } from '#src/rules/onboarding-steps.ts'
import type { OnboardingDeps } from '../onboarding-deps.ts'
import {
  loadOnboarding,
  loadQueue,
  type Onboarding,
  QUEUE_PAGE,
  QUEUE_SHOWS,
  type QueueShow,
} from '../onboarding-records.ts'
import { mayBePicked } from '../prepared-entry.ts'
import { takeStep } from '../take-step.ts'
import { type Choice, type OneView, type Shown, viewOne, waitsWords } from './one-onboarding.ts'
import { STALE, UNTOUCHED } from './referral-services.ts'
import { idIn, parseStep, standingTag } from './step.form.ts'

export type OnboardingPagesDeps = OnboardingDeps & Pick<ManageDeps, 'holidays' | 'follower'>

type QueueView = {
  readonly title: string
  readonly chosen: ChosenArea
  readonly show: QueueShow
  readonly filters: readonly { readonly text: string; readonly address: string; readonly isShown: boolean }[]
  readonly heading: string
  readonly rows: readonly {
    readonly address: string
    readonly title: string
    readonly tag: { readonly text: string; readonly colour: string }
    readonly isLate: boolean
    readonly text: string
  }[]
  readonly newer: string | null
  readonly older: string | null
}
type TeamView = OneView & {
  readonly banner: string | null
  /** Which services can be taken as the entry, and a new one; empty when none is to be prepared. */
  readonly entries: readonly Choice[]
}

const PATH = '/workspace/onboarding'
const renderQueue = template<QueueView>('onboarding/pages/onboarding-queue.njk')
const renderOne = template<TeamView>('onboarding/pages/onboarding.njk')

/** Mounts the pages of the team's side, in a scope that only signed-in people reach. */
export function onboardingQueuePages(app: FastifyInstance, deps: OnboardingPagesDeps): void {
  app.get(PATH, async (request, reply) => {
    const reach = reachOf(teamActor(request), 'run-onboarding')
    const query = fieldsOf(request.query)
    const show = QUEUE_SHOWS.find((each) => each === rawIn(query, 'show')) ?? 'team'
    const page = /^[1-9]\d{0,3}$/.test(rawIn(query, 'page')) ? Number(rawIn(query, 'page')) : 1
    const [now, holidays] = [deps.clock.now(), deps.holidays()]
    const chosen = await chooseArea(deps.db.pool, reach, lineIn(query, 'area'))
    const where = { reach, area: chosen.area }
    const { rows, total } = await loadQueue(deps.db.pool, { where, now, holidays, show, page })
    const addressOf = (each: QueueShow, to: number): string => addressIn(each, to, chosen.area)
    const filterOf = (each: QueueShow) => ({ text: SHOWS[each], address: addressOf(each, 1), isShown: each === show })
    return renderQueue(reply, {
      title: 'Referral services to set up',
      chosen,
      show,
      filters: QUEUE_SHOWS.map(filterOf),
      heading: `${SHOWS[show]}: ${total === 0 ? 'none' : total}`,
      rows: rows.map((row) => ({
        address: `${PATH}/${row.id}`,
        title: `${referralService(row.serviceCode)?.label ?? row.serviceCode}: ${row.pharmacy}, ${row.odsCode}`,
        tag: standingTag(row),
        isLate: isLate(row, now, deps),
        text: `${waitsWords(row, 'team')} Since ${formatDayOf(row.stateSince)}.`,
      })),
      newer: page > 1 ? addressOf(show, page - 1) : null,
      older: page * QUEUE_PAGE < total ? addressOf(show, page + 1) : null,
    })
  })

  app.get(`${PATH}/:id`, async (request, reply) => {
    const { row } = await open(deps, request)
    const banner = rawIn(fieldsOf(request.query), 'done') === '' ? null : 'Saved. The pharmacy is told by email.'
    return showOne(deps, reply, { row, banner, ...UNTOUCHED })
  })

  app.post(`${PATH}/:id`, async (request, reply) => {
    const { actor, row } = await open(deps, request)
    const fields = fieldsOf(request.body)
    const command = parseStep(fields, 'team')
    const again = { row, banner: null, fields, problems: [], notice: null }
    if (!command.ok) return showOne(deps, reply.code(422), { ...again, problems: command.problems })
    const whose = { reach: reachOf(actor, 'run-onboarding') }
    const outcome = await takeStep(deps, actor, { ...command.value, id: row.id, whose, side: 'team' })
    if (outcome.outcome === 'taken') {
      await deps.follower.reached(outcome.seq)
      return reply.redirect(`${PATH}/${row.id}?done=yes`, 303)
    }
    const now = (await open(deps, request)).row
    if (outcome.outcome === 'stale') return showOne(deps, reply.code(409), { ...again, row: now, notice: STALE })
    const problems = [{ field: 'step', code: 'refused', message: outcome.message }]
    return showOne(deps, reply.code(422), { ...again, row: now, problems })
  })
}

const SHOWS: Readonly<Record<QueueShow, string>> = {
  team: 'Waiting for us',
  late: 'Late',
  pharmacy: 'Waiting for the pharmacy',
  paused: 'Paused',
  over: 'Live or withdrawn',
}

const addressIn = (show: QueueShow, page: number, area: string | undefined): string =>
  `${PATH}?${new URLSearchParams({ show, ...(area ? { area } : {}), ...(page > 1 ? { page: String(page) } : {}) })}`

function isLate({ state, stateSince, pausedAt }: Onboarding, now: Date, deps: OnboardingPagesDeps): boolean {
  const late = pausedAt === null ? lateFrom(state, new Date(stateSince), deps.holidays()) : null
  return late !== null && late <= now
}

function teamActor(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'run-onboarding')) throw new Forbidden('Onboarding is for the teams that look after the directory')
  return actor
}

async function open(deps: OnboardingPagesDeps, request: FastifyRequest): Promise<{ actor: Actor; row: Onboarding }> {
  const actor = teamActor(request)
  const id = idIn(request.params)
  const whose = { reach: reachOf(actor, 'run-onboarding') }
  const row = id === undefined ? undefined : await loadOnboarding(deps.db.pool, id, whose)
  if (!row) throw new NotFound('There is no such sign-up in your area')
  return { actor, row }
}

async function showOne(
  deps: OnboardingPagesDeps,
  reply: FastifyReply,
  {
    row,
    banner,
    fields,
    problems,
    notice,
  }: Pick<Shown, 'fields' | 'problems' | 'notice'> & { row: Onboarding; banner: string | null },
): Promise<FastifyReply> {
  const { pool } = deps.db
  const shown = { now: deps.clock.now(), holidays: deps.holidays(), fields, problems, notice }
  const { view } = await viewOne(pool, row, { side: 'team', action: `${PATH}/${row.id}`, ...shown })
  return renderOne(reply, { ...view, banner, entries: await entriesOf(deps, row) })
}

async function entriesOf({ db }: OnboardingPagesDeps, row: Onboarding): Promise<readonly Choice[]> {
  const kind = referralService(row.serviceCode)
  const standing = { state: row.state, isPaused: row.pausedAt !== null }
  if (!kind || !mayTake('profile', standing, 'team')) return []
  const services = await loadServicesOf(db.pool, row.odsCode)
  const pickable = services.filter(({ record }) => mayBePicked(record, row.odsCode, kind))
  return [
    ...pickable.map(({ record: { uid, name } }) => ({ value: String(uid), text: `${name} (${uid})` })),
    { value: 'new', text: 'A new service of this kind, prepared from the profile' },
  ]
}
