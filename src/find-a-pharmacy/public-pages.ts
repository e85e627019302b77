/** Mounts everything the public sees: the search and the pages of pharmacies. */
import type { FastifyInstance } from 'fastify'
import type { ServiceIndex } from '#src/directory/service-index.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { ProfileIndex } from '#src/profiles/profile-index.ts'
import type { Gazetteer } from '#src/reference-data/gazetteer.ts'
import type { PlacedAddress } from '#src/reference-data/place-names.ts'
import { createPlaces } from '#src/reference-data/places.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { feedPages } from './feeds/feed-pages.ts'
import { pharmacyPage } from './pharmacy-page.ts'
import { searchPages } from './search-pages.ts'

export type PublicDeps = {
  readonly services: ServiceIndex
  readonly profiles: ProfileIndex
  readonly gazetteer: Gazetteer
  readonly holidays: HolidayCalendar
  readonly clock: Clock
  /** Where people reach the site, without a final slash. */
  readonly baseUrl: string
}

export function publicPages(pages: FastifyInstance, deps: PublicDeps): void {
  const places = createPlaces({
    gazetteer: deps.gazetteer,
    addresses: () => placedAddresses(deps.profiles),
    seq: () => deps.services.seq,
    clock: deps.clock,
  })
  searchPages(pages, { ...deps, places })
  pharmacyPage(pages, deps)
  feedPages(pages, deps)
}

/** The addresses that name towns: of every pharmacy that the public may see and that is placed. */
function* placedAddresses(profiles: ProfileIndex): Generator<PlacedAddress> {
  for (const { status, address } of profiles.all()) {
    if (status === 'hidden' || !address.position) continue
    const { latitude, longitude } = address.position
    yield { latitude, longitude, address: address.lines, postcode: address.postcode }
  }
}
