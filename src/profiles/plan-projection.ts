/** Which DoS services a change of a profile reaches, and how each changes. Pure: the preview and the save share it. */
import { isDeepStrictEqual } from 'node:util'
import {
  changedFields,
  decidedBy,
  type FieldChange,
  overridesAfter,
  overridesThatKeep,
  projectProfile,
} from '#src/directory/project-profile.ts'
import type { Overrides, ServiceRecord } from '#src/directory/service-record.ts'
import { matchServices } from '#src/rules/service-matching.ts'
import type { StoredService } from './load-profiles.ts'
import type { Profile } from './profile.ts'
import { projectedFacts } from './projected-facts.ts'

/** What becomes of one service. `fields` is empty when its record stays as it is. */
export type ServicePlan = {
  readonly uid: number
  readonly before: ServiceRecord
  readonly after: ServiceRecord
  readonly overrides: Overrides
  readonly profileOds: string | null
  readonly fields: readonly FieldChange[]
  /** Whether anything must be stored: the record, its overrides or whether the profile projects onto it. */
  readonly touched: boolean
}

export type ProjectionInput = {
  /** Undefined when the profile is new. */
  readonly before: Profile | undefined
  readonly after: Profile
  readonly services: readonly StoredService[]
  /** True when a person decided this change, so that services' own values give way; false for imports. */
  readonly decides: boolean
  /** Services that a person chose to leave as they are. */
  readonly keep: ReadonlySet<number>
  /** What happens to a service that meets the profile for the first time: it keeps its values, or takes the profile's. */
  readonly onMeeting: 'keep' | 'take'
}

/** The plan for every service of the pharmacy, in the order given. */
export function planProjection(input: ProjectionInput): readonly ServicePlan[] {
  const matched = new Set(matchedServices(input.after, input.services))
  return input.services.map((service) =>
    matched.has(service.record.uid) ? planMatched(service, input) : planUnmatched(service),
  )
}

/** The uids of the services that a profile projects onto. */
export const matchedServices = (profile: Profile, services: readonly StoredService[]): readonly number[] =>
  matchServices({
    odsCode: profile.odsCode,
    profileStatus: profile.status,
    services: services.map(({ record }) => ({
      uid: record.uid,
      odsCode: record.odsCode ?? '',
      typeId: record.typeId,
      status: record.status,
    })),
  }).matched

function planMatched(service: StoredService, input: ProjectionInput): ServicePlan {
  const { record, profileOds } = service
  const facts = projectedFacts(input.after)
  const overrides = overridesOf(service, input)
  const after = projectProfile(record, facts, overrides)
  const fields = changedFields(record, after)
  const touched = fields.length > 0 || profileOds === null || !isDeepStrictEqual(overrides, service.overrides)
  return { uid: record.uid, before: record, after, overrides, profileOds: input.after.odsCode, fields, touched }
}

function overridesOf({ record, overrides, profileOds }: StoredService, input: ProjectionInput): Overrides {
  const facts = projectedFacts(input.after)
  if (profileOds === null) return input.onMeeting === 'keep' ? overridesThatKeep(record, facts) : overrides
  if (!input.decides || !input.before) return overrides
  return overridesAfter(record, overrides, decidedBy(projectedFacts(input.before), facts), input.keep.has(record.uid))
}

/** A service that does not match keeps its record; its overrides wait for the day it matches again. */
function planUnmatched({ record, overrides, profileOds }: StoredService): ServicePlan {
  return {
    uid: record.uid,
    before: record,
    after: record,
    overrides,
    profileOds: null,
    fields: [],
    touched: profileOds !== null,
  }
}
