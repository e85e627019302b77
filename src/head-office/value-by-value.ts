/** Compares what a profile says value by value, so that what somebody else changed meanwhile is never lost. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { Profile, ProfileSection } from '#src/profiles/profile.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'

type Values = Readonly<Record<string, unknown>>

/** The sections whose values can be told apart. */
const VALUES: Readonly<Partial<Record<ProfileSection, (profile: Profile) => Values>>> = {
  contact: (profile) => profile.contact,
  holidays: (profile) => profile.holidays,
  services: (profile) => profile.services ?? {},
  facilities: (profile) => profile.facilities ?? {},
  changes: (profile) => Object.fromEntries(profile.changes.map((change) => [change.id, change])),
}

/**
 * Whether a value that `wanted` changes of `now` was another when the person looked (`seen`). What is already as they
 * want it does not count, nor does the rest of the section.
 */
export function changedSinceSeen(
  section: ProfileSection,
  { seen, now, wanted }: { readonly seen: Profile; readonly now: Profile; readonly wanted: Profile },
): boolean {
  const [was, is] = [valuesIn(section, seen), valuesIn(section, now)]
  return keysThatDiffer(is, valuesIn(section, wanted)).some((key) => !isDeepStrictEqual(was[key], is[key]))
}

/**
 * `now` with what differs between `before` and `after` put back as it was. Refused when one of those values has changed
 * since: then a person has to look. Other values of the section stay as they are now.
 */
export function revertSection(
  section: ProfileSection,
  { before, after, now }: { readonly before: Profile; readonly after: Profile; readonly now: Profile },
): Result<Profile> {
  const [was, became, is] = [valuesIn(section, before), valuesIn(section, after), valuesIn(section, now)]
  const touched = keysThatDiffer(was, became)
  if (touched.some((key) => !isDeepStrictEqual(is[key], became[key]))) {
    return refused({ field: 'branch', code: 'changed-since', message: 'Somebody has changed this since' })
  }
  const others = Object.entries(is).filter(([key]) => !touched.includes(key))
  const restored = touched.flatMap((key) => (key in was ? [[key, was[key]] as const] : []))
  const values = Object.fromEntries([...others, ...restored])
  return accepted({ ...now, [section]: section === 'changes' ? Object.values(values) : values } as Profile)
}

function valuesIn(section: ProfileSection, profile: Profile): Values {
  const valuesOf = VALUES[section]
  if (!valuesOf) throw new Error(`The values of section ${section} cannot be told apart`)
  return valuesOf(profile)
}

const keysThatDiffer = (a: Values, b: Values): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !isDeepStrictEqual(a[key], b[key]))
