/** Which services and facilities make sense for a pharmacy that nobody visits. Pure. */
import { FACILITIES, type FacilityKind } from '#src/rules/facilities.ts'
import { OFFERED_SERVICES, type OfferedServiceKind } from '#src/rules/offered-services.ts'
import { isRemoteOnly } from './kind-words.ts'
import type { Profile, ProfileKind } from './profile.ts'

/**
 * Whether this kind of pharmacy can give a service at all.
 * Source: NHS terms of service for distance selling pharmacies (remote services only since 1 October 2025).
 */
export const canOffer = (kind: ProfileKind, { remotePossible }: OfferedServiceKind): boolean =>
  remotePossible || !isRemoteOnly(kind)

/** Why a service that the profile says it offers is not shown to anybody; undefined when it is. */
export const onSiteReason = (kind: ProfileKind, service: OfferedServiceKind): string | undefined =>
  canOffer(kind, service)
    ? undefined
    : 'Not shown to anybody: people have to be there for it, and a distance selling pharmacy has no visitors. Answer no'

/** The services that a pharmacy is asked about; and, so that it can answer no, those it wrongly says that it offers. */
export const askedServices = ({ kind, services }: Pick<Profile, 'kind' | 'services'>): readonly OfferedServiceKind[] =>
  OFFERED_SERVICES.filter((service) => canOffer(kind, service) || services?.[service.code]?.offered)

const BY_VIDEO: ReadonlyMap<string, string> = new Map([
  ['OWN-PHARMACY-FIRST', 'By video, for all of these except earache, which somebody has to look at.'],
])

/**
 * What a pharmacy that nobody visits cannot do of a service that it offers; undefined where it can do all of it.
 * Source: NHS England, Pharmacy First: six of the seven pathways may be used in a video consultation.
 */
export const remoteLimits = (kind: ProfileKind, { code }: Pick<OfferedServiceKind, 'code'>): string | undefined =>
  isRemoteOnly(kind) ? BY_VIDEO.get(code) : undefined

/** Help that reaches people by phone, video or post; all other facilities are of a building. */
const REMOTE_FACILITIES: ReadonlySet<string> = new Set([
  '6',
  'bsl-video',
  '1',
  '5',
  '21',
  'languages',
  'large-print',
  'easy-read',
  'appointment-booking',
])

/** Whether this kind of pharmacy can have a facility that anybody would meet. */
export const canHave = (kind: ProfileKind, { id }: Pick<FacilityKind, 'id'>): boolean =>
  REMOTE_FACILITIES.has(id) || !isRemoteOnly(kind)

/** The facilities that a pharmacy is asked about, with those it wrongly says that it has. */
export const askedFacilities = ({ kind, facilities }: Pick<Profile, 'kind' | 'facilities'>): readonly FacilityKind[] =>
  FACILITIES.filter((facility) => canHave(kind, facility) || facilities?.[facility.id]?.has)
