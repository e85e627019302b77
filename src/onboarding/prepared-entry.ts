/** The DoS service behind a referral service: which can be picked, what a new one says, what would go live. Pure. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { canonicalJson, sha256 } from '#src/platform/db/canonical-json.ts'
import { isOfferedOn, offeredOn } from '#src/profiles/offer-facts.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { canOffer } from '#src/profiles/remote-offers.ts'
import { profileOfRecord } from '#src/record-editor/clinical-check.ts'
import type { ServicePatch } from '#src/record-editor/service-edit.ts'
import { matchesNobodyBecause } from '#src/rules/clinical-profile.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { type OfferedServiceKind, offeredServiceKind } from '#src/rules/offered-services.ts'
import { isServiceOf } from '#src/rules/service-matching.ts'

type ReferralKind = OfferedServiceKind & { readonly dosType: number }

/** Statuses of a service that is not in searches yet and can become so. */
const NOT_YET_LIVE: readonly string[] = ['COMMISSIONING', 'SUSPENDED']

/** Whether a service may be picked as the entry of a referral service of a pharmacy. */
export const mayBePicked = (record: ServiceRecord, odsCode: string, { dosType }: ReferralKind): boolean =>
  record.typeId === dosType && isServiceOf(odsCode, record.odsCode) && NOT_YET_LIVE.includes(record.status)

/** The service of this kind that is live already; undefined when none is. */
export const liveEntry = (records: readonly ServiceRecord[], { dosType }: ReferralKind): ServiceRecord | undefined =>
  records.find(({ typeId, status }) => typeId === dosType && status === 'ACTIVE')

const LONGEST_NAME = 255
const LONGEST_PUBLIC_NAME = 75

/**
 * What a new entry says. Where, when and how it is reached is projected when it goes live. It is prepared as COMMISSIONING;
 * where the pharmacy's offer alone would make such a service live (types 148 and 149), as SUSPENDED, so that nothing is
 * live before it was tested.
 */
export function newEntry(profile: Profile, kind: ReferralKind, today: LocalDate): ServicePatch {
  const wakesByItself = Object.entries(offeredOn(profile, today)).some(
    ([code, offered]) => offered && code === kind.code,
  )
  return {
    name: `${kind.label}: ${profile.name}`.slice(0, LONGEST_NAME),
    publicName: profile.name.length <= LONGEST_PUBLIC_NAME ? profile.name : null,
    typeId: kind.dosType,
    odsCode: profile.odsCode,
    status: wakesByItself ? 'SUSPENDED' : 'COMMISSIONING',
    ...placeOf(profile),
  }
}

function placeOf({ address: { lines, postcode, position } }: Profile): ServicePatch {
  return {
    address: lines,
    postcode,
    easting: position?.easting ?? null,
    northing: position?.northing ?? null,
    latitude: position?.latitude ?? null,
    longitude: position?.longitude ?? null,
  }
}

/**
 * What an entry says, as a hash: the same as long as nobody changes its record. Its status and how busy it is are no part
 * of it; nor is the pharmacy's profile, which is laid over it as it goes live and is the pharmacy's own.
 */
export function fingerprintOf({ status: _, other, ...record }: ServiceRecord): string {
  const { capacity: __, ...kept } = other
  return sha256(canonicalJson({ ...record, other: kept }))
}

/** Why a pharmacy cannot have this referral service at all; undefined when it can. */
export function cannotHave(profile: Profile, code: string): string | undefined {
  const kind = offeredServiceKind(code)
  if (!kind || kind.dosType === null) return 'There is no such referral service'
  if (profile.status === 'closed' || profile.status === 'hidden') return 'This pharmacy is not shown in the directory'
  return canOffer(profile.kind, kind)
    ? undefined
    : 'People have to be there for this, and this pharmacy has no visitors'
}

/** Why it cannot go live, as the pharmacy's profile has it; undefined when it can. */
export function cannotGoLive(profile: Profile, code: string, today: LocalDate): string | undefined {
  const reason = cannotHave(profile, code)
  if (reason) return reason
  return isOfferedOn(profile.services?.[code], today) === false
    ? 'The profile of the pharmacy says that it does not offer this service. Ask the pharmacy to change that first'
    : undefined
}

/**
 * Why no search would return an entry, whoever asks: what its clinical profile lacks, in words. Undefined when nothing is
 * missing. An entry that is "live" and never found would be believed by the pharmacy, and by nobody else.
 */
export function cannotBeFound(record: ServiceRecord): string | undefined {
  const missing = matchesNobodyBecause(profileOfRecord(record))
  if (missing.length === 0) return undefined
  const words = missing.join(', ').replace(/, ([^,]*)$/, ' and $1')
  return `No search would return it: its clinical profile has ${words}. Open its record and add them first`
}
