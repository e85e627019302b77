/** Which values of an imported service stay its own beside its pharmacy's profile. Pure. */
import { overridesThatKeep, type ProjectedFacts } from '#src/directory/project-profile.ts'
import type { Overrides, ServiceRecord } from '#src/directory/service-record.ts'
import type { ProfileSection, Sections } from '#src/profiles/profile.ts'
import { isOwned } from './imported-profile.ts'

/** The section of a profile that decides each value of its services. */
const DECIDED_BY: Readonly<Record<keyof Overrides, readonly ProfileSection[]>> = {
  phone: ['contact'],
  web: ['contact'],
  nonPublicPhone: ['contact'],
  email: ['contact'],
  place: ['contact'],
  weekly: ['hours'],
  openAllHours: ['hours'],
  bankHoliday: ['holidays'],
  specified: ['holidays', 'changes'],
}

/** The values of a service for which the pharmacy stated hours of its own. */
export const OWN_HOURS: readonly (keyof Overrides)[] = ['weekly', 'specified']

/**
 * The overrides of a service as a file gives it: what differs from `baseline`, which is what the pharmacy's own service
 * in the same file says (or the profile, where the file has none). So siblings that agree with it follow the profile
 * wherever that goes, and siblings that differ keep their values. Where a person owns the section, the overrides that
 * person left (`stored`) stand: an import does not bring back what was decided. The same holds for the values of
 * `decided`: hours that the pharmacy stated for this very service, and a place that was corrected on request.
 */
export function importedOverrides(
  record: ServiceRecord,
  baseline: ProjectedFacts,
  decided: readonly (keyof Overrides)[],
  sections: Sections,
  stored: Overrides | undefined,
): Overrides {
  const given = overridesThatKeep(record, baseline)
  if (!stored) return given
  const keys = Object.keys(DECIDED_BY) as (keyof Overrides)[]
  const chosen = keys.map((key) => {
    const isDecided = decided.includes(key) || DECIDED_BY[key].some((section) => isOwned(sections, section))
    return [key, (isDecided ? stored : given)[key]] as const
  })
  return Object.fromEntries(chosen.filter(([, value]) => value !== undefined))
}
