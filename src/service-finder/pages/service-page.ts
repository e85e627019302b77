/** `/finder/services/:uid`: one service for professionals, and what is not public on a press. View: service.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor } from '#src/accounts/actor.ts'
import { loadCapacities } from '#src/capacity/capacity-records.ts'
import { pharmacyOf } from '#src/directory/indexed-service.ts'
import { detailsOf, type UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { NotFound } from '#src/platform/errors.ts'
import { fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import type { GettingThere } from '#src/platform/map/getting-there.ts'
import { template } from '#src/platform/views.ts'
import { visibleTo } from '#src/rules/audience.ts'
import { dayName, formatSessions } from '#src/rules/clock-time.ts'
import { compiledWeek } from '#src/rules/compiled-hours.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { type OpenWords, openingWords } from '#src/rules/opening-words.ts'
import type { Problem } from '#src/rules/problems.ts'
import { REFERRAL_PROBLEMS, referralProblem } from '#src/rules/referral-problems.ts'
import { findServices } from '../find-services.ts'
import { wayToService } from '../finder-map.ts'
import { capacityWords, type FinderRow, finderRow } from '../finder-view.ts'
import { tellProblem } from '../referral-problems.ts'
import { revealDetails } from '../reveal-details.ts'
import { loadFavourites } from '../saved-store.ts'
import { backTo, searchBehind } from '../search-behind.ts'
import { datesAhead, eligibilityOf, type Fact, loadStanding, type ServiceStanding } from '../service-facts.ts'
import { type FinderDeps, finderActor } from './finder-deps.ts'
import { detailRows, factRows, type Row } from './service-rows.ts'

type View = {
  readonly title: string
  readonly type: string
  readonly uid: number
  readonly back: string
  readonly notActive: string | null
  readonly state: OpenWords
  readonly capacity: FinderRow['capacity']
  readonly facts: readonly Row[]
  /** Null until somebody asks for them. */
  readonly details: readonly Row[] | null
  /** Said above everything, after something was sent; null for nothing. */
  readonly said: string | null
  readonly publicInformation: string | null
  readonly eligibility: readonly Fact[]
  readonly standing: ServiceStanding
  readonly dates: readonly Fact[]
  readonly problems: readonly Problem[]
  readonly reasons: readonly { readonly key: string; readonly tapped: string }[]
  /** Whether it tells anybody: services without a pharmacy are only counted. */
  readonly hasPharmacy: boolean
  readonly isSaved: boolean
  readonly week: readonly { readonly day: string; readonly hours: string }[]
  /** Null where nobody knows where it is. */
  readonly gettingThere: GettingThere | null
  readonly alternatives: readonly FinderRow[]
}

const render = template<View>('service-finder/pages/service.njk')
const ALTERNATIVES = 3
const ALTERNATIVES_KM = 20
/** More than are shown: some of them are full. */
const ALTERNATIVES_LOOKED_AT = 12

/** What a page shows after something was sent from it. */
type Sent = {
  readonly back: string
  readonly details?: readonly Row[]
  readonly said?: string | null
  readonly problems?: readonly Problem[]
}

/** Mounts the page, the press that shows what is not public, and the taps that tell what went wrong. */
export function servicePage(app: FastifyInstance, deps: FinderDeps): void {
  type OfService = { Params: { uid: string } }
  app.get<OfService>('/finder/services/:uid', async (request, reply) => {
    const actor = finderActor(request)
    const query = request.query as Readonly<Record<string, unknown>>
    const said = query['told'] === 'yes' ? TOLD : (SAID.get(String(query['said'])) ?? null)
    return render(reply, await viewOf(serviceOf(request, deps), { actor, back: backTo(query['back']), said }, deps))
  })
  // Somebody who loads the page again by its address has to press again: a look is never made by an address.
  app.get<OfService>('/finder/services/:uid/professional', (request, reply) => {
    finderActor(request)
    return reply.redirect(`/finder/services/${serviceOf(request, deps).shown.uid}`, 303)
  })
  app.post<OfService>('/finder/services/:uid/professional', async (request, reply) => {
    const actor = finderActor(request)
    const service = serviceOf(request, deps)
    const details = await revealDetails({ ...deps, reference: deps.reference() }, service, actor)
    const back = backTo(rawIn(fieldsOf(request.body), 'back'))
    reply.header('cache-control', 'no-store')
    if (details) return render(reply, await viewOf(service, { actor, back, details: detailRows(details) }, deps))
    const problems = [tooMany('show-professional', tooManyLooks(deps.looksPerHour))]
    return render(reply.code(429), await viewOf(service, { actor, back, problems }, deps))
  })
  app.post<OfService>('/finder/services/:uid/problem', async (request, reply) => {
    const actor = finderActor(request)
    const service = serviceOf(request, deps)
    const fields = fieldsOf(request.body)
    const problem = referralProblem(rawIn(fields, 'reason'))
    if (!problem) throw new NotFound('There is no such reason')
    const told = await tellProblem(deps.db, { service, problem }, { actor, now: deps.clock.now() })
    const back = backTo(rawIn(fields, 'back'))
    if (told !== 'too-many') {
      const more = new URLSearchParams({ told: 'yes', ...(back && { back }) })
      return reply.redirect(`/finder/services/${service.shown.uid}?${more}`, 303)
    }
    const problems = [tooMany('problem', 'You have told us of many services within an hour. Try again in an hour')]
    return render(reply.code(429), await viewOf(service, { actor, back, problems }, deps))
  })
}

const SAID: ReadonlyMap<string, string> = new Map([
  ['saved', 'The service is saved.'],
  ['removed', 'The service is removed from those you saved.'],
])
const TOLD = 'Thank you. It is written down, without anything about the patient.'
const tooMany = (field: string, message: string): Problem => ({ field, code: 'too-many', message })
const tooManyLooks = (most: number): string =>
  `You have looked at professional details ${most} times within an hour, which is the most. Try again in an hour, or ask your Directory of Services team`

function serviceOf(request: FastifyRequest<{ Params: { uid: string } }>, { triage }: FinderDeps): UrgentCareService {
  const { uid } = request.params
  const service = /^\d{1,10}$/.test(uid) ? triage.service(Number(uid)) : undefined
  if (!service) throw new NotFound('There is no such service')
  return service
}

async function viewOf(
  service: UrgentCareService,
  { actor, back, details, said = null, problems = [] }: Sent & { readonly actor: Actor },
  deps: FinderDeps,
): Promise<View> {
  const { shown } = service
  const instant = deps.clock.now()
  const now = toLondon(instant)
  const reference = deps.reference()
  const [capacities, standing, favourites] = await Promise.all([
    loadCapacities(deps.db.pool, [shown.uid], instant),
    loadStanding(deps.db.pool, service, now),
    loadFavourites(deps.db.pool, actor.personId),
  ])
  const week = compiledWeek(shown.hours)
  return {
    title: shown.publicName ?? shown.name,
    type: reference.types.get(shown.typeId)?.name ?? '',
    uid: shown.uid,
    ...{ back, said, standing, problems, details: details ?? null },
    notActive: service.isActive ? null : 'This service is not active: NHS 111 sends nobody here. Look for another.',
    state: openingWords(shown.hours, now, true),
    capacity: visibleTo('professional', 'service.other.capacity')
      ? capacityWords(capacities.get(shown.uid), instant)
      : null,
    facts: factRows(service),
    publicInformation: detailsOf(service).publicInformation,
    eligibility: eligibilityOf(service, reference),
    dates: datesAhead(shown.hours, now.day),
    week: week.map((sessions, day) => ({
      day: dayName(day),
      hours: shown.hours.openAllHours ? 'Open 24 hours' : sessions === null ? 'Not known' : formatSessions(sessions),
    })),
    reasons: REFERRAL_PROBLEMS,
    hasPharmacy: pharmacyOf(shown) !== undefined,
    isSaved: favourites.includes(shown.uid),
    gettingThere: await wayToService(service, back, deps),
    alternatives: await alternativesTo(service, back, deps),
  }
}

/**
 * The nearest of the same type that are open now and not full, for the patient of the search that led here. Where
 * nobody searched, for anybody.
 */
async function alternativesTo(
  { shown }: UrgentCareService,
  back: string,
  deps: FinderDeps,
): Promise<readonly FinderRow[]> {
  if (shown.latitude === null || shown.longitude === null) return []
  const instant = deps.clock.now()
  const now = toLondon(instant)
  const from = { latitude: shown.latitude, longitude: shown.longitude }
  const { patient = NOBODY, access = [] } = searchBehind(back, deps)?.request ?? {}
  const asked = { typeIds: [shown.typeId], distanceKm: ALTERNATIVES_KM, urgency: null, open: 'now' } as const
  const { fitting } = findServices(
    { ...asked, patient, access },
    { from, now, index: deps.triage, profiles: deps.profiles },
  )
  const nearest = fitting.filter(({ service }) => service.shown.uid !== shown.uid).slice(0, ALTERNATIVES_LOOKED_AT)
  const uids = nearest.map(({ service }) => service.shown.uid)
  const capacities = await loadCapacities(deps.db.pool, uids, instant)
  const rowDeps = {
    ...{ reference: deps.reference(), at: now, isNow: true, now: instant, capacities, role: null },
    ...{ roads: undefined, isArea: false },
    back: back === '' ? '' : `?back=${encodeURIComponent(back)}`,
  }
  return nearest
    .filter(({ service }) => capacities.get(service.shown.uid)?.status !== 'RED')
    .slice(0, ALTERNATIVES)
    .map((found) => finderRow(found, rowDeps))
}

const NOBODY = { age: null, gender: null, surgery: null, role: null } as const
