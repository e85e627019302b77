/** `/pharmacies/:odsCode`: what anyone may know of a pharmacy. Views: pharmacy.njk, unknown-pharmacy.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ServiceIndex } from '#src/directory/service-index.ts'
import type { Clock } from '#src/platform/clock.ts'
import { type GettingThere, gettingThere } from '#src/platform/map/getting-there.ts'
import { template } from '#src/platform/views.ts'
import { wholeClosureAt } from '#src/profiles/closure-words.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import type { ProfileIndex, PublicProfileView } from '#src/profiles/profile-index.ts'
import type { Places } from '#src/reference-data/places.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes } from '#src/rules/compiled-hours.ts'
import { type LondonTime, toLondon } from '#src/rules/london-time.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import { safeWebsite } from '#src/rules/safe-links.ts'
import { readStart, walkInWords } from './from-where.ts'
import { HIGH_STREET, nearbyPharmacies } from './nearby.ts'
import { mainService, type PharmacyView, pharmacyView } from './pharmacy-view.ts'
import { answerPublic } from './public-answer.ts'
import { type ResultRow, resultRow } from './results-view.ts'
import { type Arrival, arrivalFacts } from './services-view.ts'
import { structuredData } from './structured-data.ts'

export type PharmacyPageDeps = {
  readonly services: Pick<ServiceIndex, 'nearest' | 'byPharmacy'>
  readonly profiles: Pick<ProfileIndex, 'find'>
  readonly holidays: HolidayCalendar
  readonly places: Pick<Places, 'find'>
  readonly clock: Clock
  /** Where people reach the site, without a final slash. */
  readonly baseUrl: string
}

type PageView = PharmacyView & {
  /** Pharmacies nearby, for one that is closed for good, for now or out of turn. */
  readonly alternatives: readonly ResultRow[]
  /** Null where nobody can go. */
  readonly gettingThere: GettingThere | null
  /** Parking and getting in; null where nobody visits. */
  readonly arrival: Arrival | null
  readonly jsonLd: string
  /** One address for search engines, wherever a visitor came from. */
  readonly pageUrl: string
}

const renderPharmacy = template<PageView>('find-a-pharmacy/pharmacy.njk')
const renderUnknown = template<{ readonly title: string; readonly asked: string; readonly isCode: boolean }>(
  'find-a-pharmacy/unknown-pharmacy.njk',
)

const ALTERNATIVES = 3
const LONGEST_ECHO = 20

/** Mounts the page. It needs no session and sets no cookie. */
export function pharmacyPage(pages: FastifyInstance, deps: PharmacyPageDeps): void {
  pages.get<{ Params: { odsCode: string } }>('/pharmacies/:odsCode', (request, reply) => {
    const asked = request.params.odsCode
    const odsCode = parsePharmacyCode(asked)
    const profile = odsCode && deps.profiles.find(odsCode)
    if (!profile || profile.status === 'hidden') return answerUnknown(reply, asked, odsCode !== undefined)
    if (asked !== odsCode) return reply.redirect(`/pharmacies/${odsCode}`, 301)
    const { from } = request.query as Readonly<Record<string, unknown>>
    return answerPublic(reply, renderPharmacy, pageOf(profile, from, deps))
  })
}

function answerUnknown(reply: FastifyReply, asked: string, isCode: boolean): FastifyReply {
  const shown = asked.replaceAll(/\p{C}/gu, '').slice(0, LONGEST_ECHO)
  return renderUnknown(reply.code(404), { title: 'We cannot find that pharmacy', asked: shown, isCode })
}

function pageOf(profile: PublicProfileView, from: unknown, deps: PharmacyPageDeps): PageView {
  const now = toLondon(deps.clock.now())
  const services = deps.services.byPharmacy(profile.odsCode).filter(({ status }) => status === 'ACTIVE')
  const view = pharmacyView(profile, services, now, deps.holidays)
  const main = mainService(services)
  const pageUrl = `${deps.baseUrl}/pharmacies/${profile.odsCode}`
  return {
    ...view,
    alternatives: isServing(profile, now) ? [] : alternativesTo(profile, now, deps),
    gettingThere: isVisited(profile) ? wayTo(profile, from, deps) : null,
    arrival: arrivalFacts(profile),
    pageUrl,
    jsonLd: structuredData(
      {
        profile,
        hours: view.week ? (main?.hours ?? compileOpeningTimes(profile.openingTimes, deps.holidays)) : undefined,
        phone: profile.contact.phone ?? main?.phone ?? undefined,
        website: safeWebsite(profile.contact.website ?? main?.web ?? null)?.href,
        pageUrl,
      },
      now,
    ),
  }
}

const isVisited = ({ kind, status }: PublicProfileView): boolean => !isRemoteOnly(kind) && status !== 'closed'

function wayTo({ name, address }: PublicProfileView, from: unknown, { places }: PharmacyPageDeps): GettingThere | null {
  const start = readStart(from, places)
  const { position } = address
  const way = gettingThere({ name, address: [...address.lines, address.postcode].join(', '), position }, start, null)
  if (!way || !start || !position) return way
  return { ...way, directions: `${way.directions} ${walkInWords(start, position)}`.trim() }
}

/** Whether it is in business and not closed out of turn; it may be shut at this hour all the same. */
const isServing = ({ status, closures }: PublicProfileView, now: LondonTime): boolean =>
  status === 'open' && wholeClosureAt(closures, now) === undefined

/** The nearest pharmacies that are open now, else the nearest. */
function alternativesTo(profile: PublicProfileView, now: LondonTime, deps: PharmacyPageDeps): readonly ResultRow[] {
  const { position } = profile.address
  if (!position) return []
  const near = { position, typeIds: HIGH_STREET, at: now, limit: ALTERNATIVES + 1 }
  const open = nearbyPharmacies(deps, { ...near, onlyOpen: true }).found
  const found = open.length > 0 ? open : nearbyPharmacies(deps, { ...near, onlyOpen: false }).found
  return found
    .filter((other) => other.profile?.odsCode !== profile.odsCode)
    .slice(0, ALTERNATIVES)
    .map((other) => resultRow(other, now, true))
}
