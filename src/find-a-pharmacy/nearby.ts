/** Which pharmacies to show for a search: one row a pharmacy, however many DoS services it has. */
import type { Found, ServiceIndex } from '#src/directory/service-index.ts'
import type { ProfileIndex, PublicProfileView } from '#src/profiles/profile-index.ts'
import type { Position } from '#src/rules/distance.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'

/** A pharmacy near a place: its main DoS service (type 13 or 134), and its profile where it has one. */
export type NearbyPharmacy = Found & { readonly profile: PublicProfileView | undefined }

export type Nearby = {
  readonly found: readonly NearbyPharmacy[]
  /** There are more than were asked for. */
  readonly more: boolean
}

export type NearbyDeps = {
  readonly services: Pick<ServiceIndex, 'nearest'>
  readonly profiles: Pick<ProfileIndex, 'find'>
}

/** DoS types that stand for a whole pharmacy. */
export const HIGH_STREET = [13] as const
export const ONLINE = [134] as const

type Wanted = {
  readonly position: Position
  readonly typeIds: readonly number[]
  readonly at: LondonTime
  readonly onlyOpen: boolean
  readonly limit: number
}

/** More than any page needs; pharmacies that are left out make us look further, but not for ever. */
const FURTHEST_LOOK = 400

/**
 * The nearest pharmacies, nearest first. Left out: pharmacies that are hidden or closed for good, appliance contractors,
 * those temporarily closed when only open ones are wanted, and online ones among those to visit.
 */
export function nearbyPharmacies({ services, profiles }: NearbyDeps, wanted: Wanted): Nearby {
  for (let look = wanted.limit + 10; ; look *= 2) {
    const answers = services.nearest({ ...wanted, ...wanted.position, limit: look })
    const found = pharmaciesAmong(answers, profiles, wanted)
    if (found.length > wanted.limit || answers.length < look || look > FURTHEST_LOOK) {
      return { found: found.slice(0, wanted.limit), more: found.length > wanted.limit }
    }
  }
}

function pharmaciesAmong(answers: readonly Found[], profiles: Pick<ProfileIndex, 'find'>, wanted: Wanted) {
  const seen = new Set<string>()
  const found: NearbyPharmacy[] = []
  for (const answer of answers) {
    const { odsCode, uid } = answer.service
    const key = odsCode === null ? `uid ${uid}` : pharmacyCodeOf(odsCode)
    const profile = odsCode === null ? undefined : profiles.find(key)
    if (seen.has(key) || (profile && !isWanted(profile, wanted))) continue
    seen.add(key)
    found.push({ ...answer, profile })
  }
  return found
}

function isWanted({ status, kind }: PublicProfileView, { onlyOpen, typeIds }: Wanted): boolean {
  if (status === 'hidden' || status === 'closed' || kind === 'appliance') return false
  if (status === 'temporarily-closed' && onlyOpen) return false
  return kind !== 'distance-selling' || typeIds.some((typeId) => typeId === ONLINE[0])
}
