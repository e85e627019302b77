/** Takes back what one change did to a profile, as far as nobody has changed it since. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { Profile, ProfileSection } from '#src/profiles/profile.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'

type Values = Readonly<Record<string, unknown>>

/** The sections whose values can be taken back one by one. */
const VALUES: Readonly<Partial<Record<ProfileSection, (profile: Profile) => Values>>> = {
  contact: (profile) => profile.contact,
  holidays: (profile) => profile.holidays,
  services: (profile) => profile.services ?? {},
  facilities: (profile) => profile.facilities ?? {},
  changes: (profile) => Object.fromEntries(profile.changes.map((change) => [change.id, change])),
}

/**
 * `now` with what differs between `before` and `after` put back as it was. Refused when one of those values has changed
 * since: then a person has to look. Other values of the section stay as they are now.
 */
export function revertSection(
  section: ProfileSection,
  { before, after, now }: { readonly before: Profile; readonly after: Profile; readonly now: Profile },
): Result<Profile> {
  const valuesOf = VALUES[section]
  if (!valuesOf) throw new Error(`Section ${section} cannot be taken back value by value`)
  const [was, became, is] = [valuesOf(before), valuesOf(after), valuesOf(now)]
  const touched = [...new Set([...Object.keys(was), ...Object.keys(became)])].filter(
    (key) => !isDeepStrictEqual(was[key], became[key]),
  )
  if (touched.some((key) => !isDeepStrictEqual(is[key], became[key]))) {
    return refused({ field: 'branch', code: 'changed-since', message: 'Somebody has changed this since' })
  }
  const others = Object.entries(is).filter(([key]) => !touched.includes(key))
  const restored = touched.flatMap((key) => (key in was ? [[key, was[key]] as const] : []))
  const values = Object.fromEntries([...others, ...restored])
  return accepted({ ...now, [section]: section === 'changes' ? Object.values(values) : values } as Profile)
}
