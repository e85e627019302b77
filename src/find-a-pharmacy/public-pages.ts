/** Mounts everything the public sees: the search, the pages of pharmacies, calendars and feeds. */
import type { FastifyInstance } from 'fastify'
import type { ServiceIndex } from '#src/directory/service-index.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { ProfileIndex } from '#src/profiles/profile-index.ts'
import type { Places } from '#src/reference-data/places.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { feedPages } from './feeds/feed-pages.ts'
import { pharmacyPage } from './pharmacy-page.ts'
import { searchPages } from './search-pages.ts'

export type PublicDeps = {
  readonly services: ServiceIndex
  readonly profiles: ProfileIndex
  readonly places: Places
  readonly holidays: HolidayCalendar
  readonly clock: Clock
  /** Where people reach the site, without a final slash. */
  readonly baseUrl: string
}

export function publicPages(pages: FastifyInstance, deps: PublicDeps): void {
  searchPages(pages, deps)
  pharmacyPage(pages, deps)
  feedPages(pages, deps)
}
