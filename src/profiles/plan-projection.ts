/** Which DoS services a change of a profile reaches, and how each changes. Pure: the preview and the save share it. */
import { isDeepStrictEqual } from 'node:util'
import {
  changedFields,
  decidedBy,
  type FieldChange,
  overridesAfter,
  overridesThatKeep,
  type ProjectedFacts,
  projectProfile,
} from '#src/directory/project-profile.ts'
import type { Overrides, ServiceRecord } from '#src/directory/service-record.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { type Match, matchServices } from '#src/rules/service-matching.ts'
import type { StoredService } from './load-profiles.ts'
import { offeredOn } from './offer-facts.ts'
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
  /** The London date, for services that begin and end. */
  readonly today: LocalDate
}

/** The plan for every service of the pharmacy, in the order given. */
export function planProjection(input: ProjectionInput): readonly ServicePlan[] {
  const { before, after, services, today } = input
  const matched = new Set(matchOf(after, records(services), today).matched)
  const facts = projectedFacts(after, today)
  const factsBefore = before && projectedFacts(before, today)
  const plans = services.map((service) =>
    matched.has(service.record.uid) ? planMatched(service, input, facts, factsBefore) : planUnmatched(service),
  )
  // A service that was closed just now does not match any more, and nothing projects onto it.
  const left = new Set(
    matchOf(
      after,
      plans.map((plan) => plan.after),
      today,
    ).matched,
  )
  return plans.map((plan) => (plan.profileOds === null || left.has(plan.uid) ? plan : { ...plan, profileOds: null }))
}

const records = (services: readonly StoredService[]): readonly ServiceRecord[] => services.map(({ record }) => record)

/** Which of these services a profile projects onto on a day, and what does not fit. */
export const matchOf = (profile: Profile, services: readonly ServiceRecord[], today: LocalDate): Match =>
  matchServices({
    odsCode: profile.odsCode,
    profileStatus: profile.status,
    services: services.map(({ uid, odsCode, typeId, status }) => ({ uid, odsCode, typeId, status })),
    offered: offeredOn(profile, today),
  })

type Facts = ReturnType<typeof projectedFacts>

function planMatched(
  service: StoredService,
  input: ProjectionInput,
  factsOf: Facts,
  factsBefore: Facts | undefined,
): ServicePlan {
  const { record, profileOds } = service
  const facts = factsOf(record)
  const overrides = overridesOf(service, input, facts, factsBefore?.(record))
  const after = projectProfile(record, facts, overrides)
  const fields = changedFields(record, after)
  const touched = fields.length > 0 || profileOds === null || !isDeepStrictEqual(overrides, service.overrides)
  return { uid: record.uid, before: record, after, overrides, profileOds: input.after.odsCode, fields, touched }
}

function overridesOf(
  { record, overrides, profileOds }: StoredService,
  input: ProjectionInput,
  facts: ProjectedFacts,
  before: ProjectedFacts | undefined,
): Overrides {
  if (profileOds === null) return input.onMeeting === 'keep' ? overridesThatKeep(record, facts) : overrides
  if (!input.decides || !before) return overrides
  return overridesAfter(record, overrides, decidedBy(before, facts), input.keep.has(record.uid))
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
