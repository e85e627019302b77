/** The places that the public search and the Service Finder know: every postcode, and the towns of all pharmacies. */
import type { Clock } from '#src/platform/clock.ts'
import type { ProfileIndex } from '#src/profiles/profile-index.ts'
import type { Gazetteer } from './gazetteer.ts'
import type { PlacedAddress } from './place-names.ts'
import { createPlaces, type Places } from './places.ts'

/** One for each process: it remembers the names that it has collected. */
export function placesOfDirectory(deps: {
  readonly gazetteer: Gazetteer
  readonly profiles: Pick<ProfileIndex, 'all'>
  readonly services: { readonly seq: number }
  readonly clock: Clock
}): Places {
  return createPlaces({
    gazetteer: deps.gazetteer,
    addresses: () => placedAddresses(deps.profiles),
    seq: () => deps.services.seq,
    clock: deps.clock,
  })
}

/** The addresses that name towns: of every pharmacy that the public may see and that is placed. */
function* placedAddresses(profiles: Pick<ProfileIndex, 'all'>): Generator<PlacedAddress> {
  for (const { status, address } of profiles.all()) {
    if (status === 'hidden' || !address.position) continue
    const { latitude, longitude } = address.position
    yield { latitude, longitude, address: address.lines, postcode: address.postcode }
  }
}
