/**
 * `/pharmacies/:odsCode.ics`, `.rss` and `.json`, and the same of an area below `/areas/:code`, with a page for people.
 * View: area.njk
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ServiceIndex } from '#src/directory/service-index.ts'
import type { Clock } from '#src/platform/clock.ts'
import { NotFound } from '#src/platform/errors.ts'
import { isHeld, weakTagOf } from '#src/platform/http/held-copy.ts'
import { template } from '#src/platform/views.ts'
import type { ProfileIndex, PublicProfileView } from '#src/profiles/profile-index.ts'
import { areaInWords } from '#src/rules/area-names.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes } from '#src/rules/compiled-hours.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import { mainService } from '../pharmacy-view.ts'
import { answerPublic, PUBLIC_CACHING } from '../public-answer.ts'
import { closuresCalendar, hoursCalendar } from './calendar.ts'
import { type Feed, jsonFeedOf, rssOf } from './feed-documents.ts'
import { type NewsItem, newsOf } from './news.ts'

export type FeedDeps = {
  readonly services: Pick<ServiceIndex, 'byPharmacy'>
  readonly profiles: Pick<ProfileIndex, 'find' | 'all'>
  readonly holidays: HolidayCalendar
  readonly clock: Clock
  readonly baseUrl: string
}

const TYPES = {
  ics: 'text/calendar; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
} as const

type AreaView = {
  readonly title: string
  readonly code: string
  readonly pharmacies: number
  readonly news: readonly (Omit<NewsItem, 'at'> & { readonly href: string })[]
}
const renderArea = template<AreaView>('find-a-pharmacy/feeds/area.njk')

/** Mounts them. They need no session and set no cookie. */
export function feedPages(pages: FastifyInstance, deps: FeedDeps): void {
  const pageOf = (odsCode: string): string => `${deps.baseUrl}/pharmacies/${odsCode}`
  type OfPharmacy = { Params: { odsCode: string } }
  type OfArea = { Params: { code: string } }
  const profileOf = (asked: string): PublicProfileView => {
    const odsCode = parsePharmacyCode(asked)
    const profile = odsCode && deps.profiles.find(odsCode)
    if (!profile || profile.status === 'hidden') throw new NotFound('There is no such pharmacy')
    return profile
  }
  const areaOf = (asked: string): { readonly code: string; readonly profiles: readonly PublicProfileView[] } => {
    const code = asked.toUpperCase()
    const profiles = [...deps.profiles.all()].filter(
      ({ status, commissioning }) => commissioning.icbCode === code && status !== 'hidden' && status !== 'closed',
    )
    if (profiles.length === 0) throw new NotFound('We know no pharmacies of such an area')
    return { code, profiles }
  }
  const pharmacyFeed = (profile: PublicProfileView, ending: 'rss' | 'json'): Feed => ({
    title: profile.name,
    description: `Closures and changes at ${profile.name}`,
    pageUrl: pageOf(profile.odsCode),
    feedUrl: `${pageOf(profile.odsCode)}.${ending}`,
    items: newsOf([profile], toLondon(deps.clock.now())),
    pageOf,
  })
  const areaFeed = (code: string, profiles: readonly PublicProfileView[], ending: 'rss' | 'json'): Feed => ({
    title: `Pharmacies in ${areaInWords(code)}`,
    description: `Closures and changes at pharmacies of ${areaInWords(code)}`,
    pageUrl: `${deps.baseUrl}/areas/${code}`,
    feedUrl: `${deps.baseUrl}/areas/${code}.${ending}`,
    items: newsOf(profiles, toLondon(deps.clock.now())),
    pageOf,
  })

  pages.get<OfPharmacy>('/pharmacies/:odsCode.ics', ({ params }, reply) => {
    const profile = profileOf(params.odsCode)
    const services = deps.services.byPharmacy(profile.odsCode).filter(({ status }) => status === 'ACTIVE')
    const place = {
      name: profile.name,
      odsCode: profile.odsCode,
      address: [...profile.address.lines, profile.address.postcode].join(', '),
      pageUrl: pageOf(profile.odsCode),
    }
    const hasHours = profile.kind !== 'appliance' && profile.status !== 'closed'
    if (!hasHours) throw new NotFound('This pharmacy has no opening times')
    const hours = mainService(services)?.hours ?? compileOpeningTimes(profile.openingTimes, deps.holidays)
    return sendDocument(reply, 'ics', hoursCalendar(place, hours, toLondon(deps.clock.now())))
  })
  pages.get<OfPharmacy>('/pharmacies/:odsCode.rss', ({ params }, reply) =>
    sendDocument(reply, 'rss', rssOf(pharmacyFeed(profileOf(params.odsCode), 'rss'))),
  )
  pages.get<OfPharmacy>('/pharmacies/:odsCode.json', ({ params }, reply) =>
    sendDocument(reply, 'json', jsonFeedOf(pharmacyFeed(profileOf(params.odsCode), 'json'))),
  )

  pages.get<OfArea>('/areas/:code', ({ params }, reply) => {
    const { code, profiles } = areaOf(params.code)
    const news = newsOf(profiles, toLondon(deps.clock.now()))
    return answerPublic(reply, renderArea, {
      title: `Pharmacies in ${areaInWords(code)}`,
      code,
      pharmacies: profiles.length,
      news: news.map(({ at: _at, ...item }) => ({ ...item, href: `/pharmacies/${item.odsCode}` })),
    })
  })
  pages.get<OfArea>('/areas/:code.ics', ({ params }, reply) => {
    const { code, profiles } = areaOf(params.code)
    const calendar = {
      name: `Pharmacy closures in ${areaInWords(code)}`,
      pageUrl: `${deps.baseUrl}/areas/${code}`,
      pageOf,
    }
    return sendDocument(reply, 'ics', closuresCalendar(calendar, profiles, toLondon(deps.clock.now())))
  })
  pages.get<OfArea>('/areas/:code.rss', ({ params }, reply) => {
    const { code, profiles } = areaOf(params.code)
    return sendDocument(reply, 'rss', rssOf(areaFeed(code, profiles, 'rss')))
  })
  pages.get<OfArea>('/areas/:code.json', ({ params }, reply) => {
    const { code, profiles } = areaOf(params.code)
    return sendDocument(reply, 'json', jsonFeedOf(areaFeed(code, profiles, 'json')))
  })
}

/** With a validator made from the text, or 304 when the reader holds it already. The same for everybody. */
function sendDocument(reply: FastifyReply, ending: keyof typeof TYPES, text: string): FastifyReply {
  const etag = weakTagOf(text)
  reply.header('etag', etag).header('cache-control', PUBLIC_CACHING)
  return isHeld(reply, etag) ? reply.code(304).send() : reply.type(TYPES[ending]).send(text)
}
