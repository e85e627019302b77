/** Which pharmacies to show for a search: one row a pharmacy, however many DoS services it has. */
import type { Found, ServiceIndex } from '#src/directory/service-index.ts'
import type { ProfileIndex, PublicProfileView } from '#src/profiles/profile-index.ts'
import type { Position } from '#src/rules/distance.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { type HasType, meetsWants } from './meets-wants.ts'
import { NOTHING_WANTED, type Wants, wantsAnything } from './wants.ts'

/** A pharmacy near a place: its main DoS service (type 13 or 134), and its profile where it has one. */
export type NearbyPharmacy = Found & { readonly profile: PublicProfileView | undefined }

export type Nearby = {
  readonly found: readonly NearbyPharmacy[]
  /** There are more than were asked for. */
  readonly more: boolean
}

export type NearbyDeps = {
  readonly services: Pick<ServiceIndex, 'nearest' | 'byPharmacy'>
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
  /** What it has to have besides; absent: nothing. */
  readonly wants?: Wants
  readonly limit: number
}

/** More than any page needs; pharmacies with several services make us look further, but not for ever. */
const FURTHEST_LOOK = 400

/**
 * The nearest pharmacies, nearest first. Left out: pharmacies that are hidden or closed for good, appliance contractors,
 * those temporarily closed when only open ones are wanted, online ones among those to visit, and those that do not say
 * that they have what is wanted.
 */
export function nearbyPharmacies(deps: NearbyDeps, wanted: Wanted): Nearby {
  const accepts = acceptor(deps, wanted)
  const { position, typeIds, at, onlyOpen } = wanted
  for (let look = wanted.limit + 10; ; look *= 2) {
    const answers = deps.services.nearest({ ...position, typeIds, at, onlyOpen, accepts, limit: look })
    const found = pharmaciesAmong(answers, deps.profiles)
    if (found.length > wanted.limit || answers.length < look || look > FURTHEST_LOOK) {
      return { found: found.slice(0, wanted.limit), more: found.length > wanted.limit }
    }
  }
}

/** Whether a service stands for a pharmacy that will do: asked of each that the search comes by, so it must be quick. */
function acceptor({ services, profiles }: NearbyDeps, wanted: Wanted): (service: Found['service']) => boolean {
  const { wants = NOTHING_WANTED, at, onlyOpen } = wanted
  const hasType: HasType = (odsCode, wantedType) =>
    services.byPharmacy(odsCode).some(({ status, typeId }) => typeId === wantedType && status === 'ACTIVE')
  const meets = wantsAnything(wants) ? meetsWants({ wants, at, onlyOpen }, hasType) : undefined
  return ({ odsCode }) => {
    const profile = odsCode === null ? undefined : profiles.find(pharmacyCodeOf(odsCode))
    if (!profile) return meets === undefined
    return isWanted(profile, wanted) && (meets === undefined || meets(profile))
  }
}

function pharmaciesAmong(answers: readonly Found[], profiles: Pick<ProfileIndex, 'find'>) {
  const seen = new Set<string>()
  const found: NearbyPharmacy[] = []
  for (const answer of answers) {
    const { odsCode, uid } = answer.service
    const key = odsCode === null ? `uid ${uid}` : pharmacyCodeOf(odsCode)
    if (seen.has(key)) continue
    seen.add(key)
    found.push({ ...answer, profile: odsCode === null ? undefined : profiles.find(key) })
  }
  return found
}

function isWanted({ status, kind }: PublicProfileView, { onlyOpen, typeIds }: Wanted): boolean {
  if (status === 'hidden' || status === 'closed' || kind === 'appliance') return false
  if (status === 'temporarily-closed' && onlyOpen) return false
  return kind !== 'distance-selling' || typeIds.some((typeId) => typeId === ONLINE[0])
}
