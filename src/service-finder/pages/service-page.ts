/** `/finder/services/:uid`: one service for professionals, and what is not public on a press. View: service.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { loadCapacities } from '#src/capacity/capacity-records.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { NotFound } from '#src/platform/errors.ts'
import { fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { dayName, formatSessions } from '#src/rules/clock-time.ts'
import { compiledWeek } from '#src/rules/compiled-hours.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { type OpenWords, openingWords } from '#src/rules/opening-words.ts'
import { safeWebsite } from '#src/rules/safe-links.ts'
import { findServices } from '../find-services.ts'
import { capacityWords, type FinderRow, finderRow, phoneLink } from '../finder-view.ts'
import { type ProfessionalDetails, revealDetails } from '../reveal-details.ts'
import { type FinderDeps, finderActor } from './finder-deps.ts'

type Row = {
  readonly key: { readonly text: string }
  readonly value: { readonly text?: string; readonly html?: string }
}
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
  readonly times: string
  readonly week: readonly { readonly day: string; readonly hours: string }[]
  readonly alternatives: readonly FinderRow[]
}

const render = template<View>('service-finder/pages/service.njk')
const ALTERNATIVES = 3
const ALTERNATIVES_KM = 20

/** Mounts the page and the press that shows what is not public. */
export function servicePage(app: FastifyInstance, deps: FinderDeps): void {
  type OfService = { Params: { uid: string } }
  app.get<OfService>('/finder/services/:uid', async (request, reply) => {
    finderActor(request)
    const back = (request.query as Readonly<Record<string, unknown>>)['back']
    return render(reply, await viewOf(serviceOf(request, deps), { back: backTo(back), details: null }, deps))
  })
  app.post<OfService>('/finder/services/:uid/professional', async (request, reply) => {
    const actor = finderActor(request)
    const service = serviceOf(request, deps)
    const details = await revealDetails({ ...deps, reference: deps.reference() }, service, actor)
    const back = backTo(rawIn(fieldsOf(request.body), 'back'))
    return render(reply.header('cache-control', 'no-store'), await viewOf(service, { back, details }, deps))
  })
}

function serviceOf(request: FastifyRequest<{ Params: { uid: string } }>, { triage }: FinderDeps): UrgentCareService {
  const { uid } = request.params
  const service = /^\d{1,10}$/.test(uid) ? triage.service(Number(uid)) : undefined
  if (!service) throw new NotFound('There is no such service')
  return service
}

/** Only results of the finder: an address from outside is no way back. */
const backTo = (address: unknown): string =>
  typeof address === 'string' && /^\/finder\/results\?[\w\-.~%&=+:,]{0,2000}$/.test(address) ? address : ''

async function viewOf(
  service: UrgentCareService,
  { back, details }: { readonly back: string; readonly details: ProfessionalDetails | null },
  deps: FinderDeps,
): Promise<View> {
  const { shown } = service
  const instant = deps.clock.now()
  const now = toLondon(instant)
  const reference = deps.reference()
  const capacities = await loadCapacities(deps.db.pool, [shown.uid], instant)
  const week = compiledWeek(shown.hours)
  return {
    title: shown.publicName ?? shown.name,
    type: reference.types.get(shown.typeId)?.name ?? '',
    uid: shown.uid,
    back,
    notActive: service.isActive ? null : 'This service is not active: NHS 111 sends nobody here. Look for another.',
    state: openingWords(shown.hours, now, true),
    capacity: capacityWords(capacities.get(shown.uid), instant),
    facts: factsOf(service),
    details: details && detailRows(details),
    times: 'Opening times',
    week: week.map((sessions, day) => ({
      day: dayName(day),
      hours: shown.hours.openAllHours ? 'Open 24 hours' : sessions === null ? 'Not known' : formatSessions(sessions),
    })),
    alternatives: alternativesTo(service, back, deps),
  }
}

function factsOf({ shown }: UrgentCareService): readonly Row[] {
  const phone = phoneLink(shown.phone)
  const website = safeWebsite(shown.web)
  return [
    row('Address', [shown.address, shown.postcode].filter(Boolean).join(', ') || 'Not known'),
    phone ? linked('Public phone', phone.href, phone.text) : row('Public phone', 'Not known'),
    ...(website ? [linked('Website', website.href, website.text)] : []),
    ...(shown.odsCode ? [row('ODS code', shown.odsCode)] : []),
    row('Service ID', String(shown.uid)),
  ]
}

function detailRows({
  nonPublicPhone,
  email,
  referralInformation,
  referralRoles,
  endpoints,
}: ProfessionalDetails): readonly Row[] {
  const phone = phoneLink(nonPublicPhone)
  return [
    phone ? linked('Professional phone', phone.href, phone.text) : row('Professional phone', 'None given'),
    row('Professional email', email ?? 'None given'),
    row('How to refer', referralInformation ?? 'Nothing is said'),
    row('Accepts referrals from', referralRoles.join(', ') || 'Nobody'),
    ...endpoints.map(({ transport, address }) => row(`Endpoint (${transport})`, address)),
  ]
}

const row = (key: string, text: string): Row => ({ key: { text: key }, value: { text } })
const linked = (key: string, href: string, text: string): Row => ({
  key: { text: key },
  value: { html: `<a href="${escaped(href)}" rel="noopener noreferrer">${escaped(text)}</a>` },
})
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** The nearest of the same type that are open now. */
function alternativesTo({ shown }: UrgentCareService, back: string, deps: FinderDeps): readonly FinderRow[] {
  if (shown.latitude === null || shown.longitude === null) return []
  const instant = deps.clock.now()
  const now = toLondon(instant)
  const from = { latitude: shown.latitude, longitude: shown.longitude }
  const wanted = { typeIds: [shown.typeId], distanceKm: ALTERNATIVES_KM, urgency: null, open: 'now' } as const
  const patient = { age: null, gender: null, surgery: null, role: null }
  const { fitting } = findServices({ ...wanted, patient }, { from, now, index: deps.triage })
  const rowDeps = {
    ...{
      reference: deps.reference(),
      at: now,
      isNow: true,
      now: instant,
      capacities: new Map(),
      roads: undefined,
      role: null,
    },
    back: back === '' ? '' : `?back=${encodeURIComponent(back)}`,
  }
  return fitting
    .filter(({ service }) => service.shown.uid !== shown.uid)
    .slice(0, ALTERNATIVES)
    .map((found) => finderRow(found, rowDeps))
}
