/** The sections of a profile as people meet them: their names, their addresses, and who may edit them. */
import type { PharmacyAction } from '#src/accounts/can.ts'
import { hoursTitle } from './kind-words.ts'
import type { ProfileKind, ProfileSection } from './profile.ts'

export type SectionPage = {
  readonly section: ProfileSection
  /** The last part of its address: `/manage/FZ001/contact-details`. */
  readonly slug: string
  /** What editing it needs. */
  readonly permission: PharmacyAction
}

/** In the order of the hub. */
export const SECTION_PAGES: readonly SectionPage[] = [
  { section: 'contact', slug: 'contact-details', permission: 'edit-contact' },
  { section: 'hours', slug: 'opening-times', permission: 'edit-hours' },
  { section: 'holidays', slug: 'bank-holidays', permission: 'edit-holidays' },
  { section: 'changes', slug: 'closures-and-changes', permission: 'edit-changes' },
  { section: 'services', slug: 'services', permission: 'edit-services' },
  { section: 'facilities', slug: 'facilities', permission: 'edit-facilities' },
]

const TITLES: Readonly<Record<Exclude<ProfileSection, 'hours'>, string>> = {
  contact: 'Contact details',
  holidays: 'Bank holidays',
  changes: 'Closures and changes',
  services: 'Services',
  facilities: 'Facilities',
}

/** What people call a section: `Standard opening times`, or `Staffed hours` where nobody visits. */
export const sectionTitle = (section: ProfileSection, kind: ProfileKind): string =>
  section === 'hours' ? hoursTitle(kind) : TITLES[section]

/** The page of a section. */
export function sectionPage(section: ProfileSection): SectionPage {
  const page = SECTION_PAGES.find((candidate) => candidate.section === section)
  if (!page) throw new Error(`Section ${section} has no page`)
  return page
}

/** The address of a section's page. */
export const sectionAddress = (odsCode: string, section: ProfileSection): string =>
  `/manage/${odsCode}/${sectionPage(section).slug}`
