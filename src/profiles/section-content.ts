/** What belongs to each section of a profile. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { Profile, ProfileSection } from './profile.ts'

/** The parts of a profile that a section shows; two editors conflict only when both touch the same part. */
export function sectionContent(profile: Profile, section: ProfileSection): unknown {
  switch (section) {
    case 'contact':
      return profile.delivery ? { contact: profile.contact, delivery: profile.delivery } : profile.contact
    case 'hours':
      return profile.contract ? { weekly: profile.weekly, contract: profile.contract } : profile.weekly
    case 'holidays':
      return profile.holidays
    case 'changes':
      return profile.closures ? { changes: profile.changes, closures: profile.closures } : profile.changes
    case 'services':
      return profile.services ?? {}
    case 'facilities':
      return profile.facilities ?? {}
  }
}

/** Whether a section says the same in both. */
export const sameSection = (one: Profile, other: Profile, section: ProfileSection): boolean =>
  isDeepStrictEqual(sectionContent(one, section), sectionContent(other, section))
