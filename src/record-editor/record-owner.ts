/** Who says what of a service's record: its pharmacy through the profile, or the directory team here. Pure. */
import type { ZCode } from '#src/directory/project-profile.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { matchOf } from '#src/profiles/plan-projection.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { projectedFacts } from '#src/profiles/projected-facts.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'
import type { ServicePatch } from './service-edit.ts'

export type RecordOwner = {
  /** The pharmacy whose profile projects onto the service; null when none does. */
  readonly profileOds: string | null
  /** Fields that are read-only here, as in the interchange format. */
  readonly readOnly: ReadonlySet<string>
  /** A pair of codes that the pharmacy decides by what it offers; undefined when it decides none. */
  readonly zCode: ZCode | undefined
}

/** What a profile projects. Source: the contract of the directory, projection. */
const PROJECTED = [
  'phone',
  'web',
  'nonPublicPhone',
  'email',
  'address',
  'postcode',
  'easting',
  'northing',
  'latitude',
  'longitude',
  'weekly',
  'bankHoliday',
  'specified',
  'openAllHours',
] as const
/** By which a service is found to be the pharmacy's: as long as it is, neither changes. */
const IDENTITY = ['odsCode', 'typeId'] as const

/**
 * Who owns the fields of a service on a London date. `profile` is that of the pharmacy whose five characters the service
 * carries. A status that stands for what the pharmacy offers is the pharmacy's to say even while the service is closed.
 */
export function ownerOf(
  { record, profileOds }: { readonly record: ServiceRecord; readonly profileOds: string | null },
  profile: Profile | undefined,
  today: LocalDate,
): RecordOwner {
  const facts = profile && mayHave(profile, record, today) ? projectedFacts(profile, today)(record) : undefined
  const readOnly = new Set<string>([
    ...(profileOds === null ? [] : [...PROJECTED, ...IDENTITY]),
    ...(facts?.status === undefined ? [] : ['status']),
  ])
  return { profileOds, readOnly, zCode: profileOds === null ? undefined : facts?.zCode }
}

/** Whether the profile would project onto the service if it were active. */
const mayHave = (profile: Profile, record: ServiceRecord, today: LocalDate): boolean =>
  matchOf(profile, [{ ...record, status: 'ACTIVE' }], today).matched.length > 0

/** Refused with the fields that are not the directory team's to change. */
export function keepsToItsOwn(patch: ServicePatch, { readOnly }: RecordOwner): Result<ServicePatch> {
  const theirs = Object.keys(patch).filter((field) => readOnly.has(field))
  if (theirs.length === 0) return accepted(patch)
  return refused(
    ...theirs.map((field) => ({
      field,
      code: 'owned-by-pharmacy',
      message: 'The pharmacy says this in its profile. Ask the pharmacy, or take this change out',
    })),
  )
}
