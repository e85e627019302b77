/** The sections of a profile as people meet them: their names, their addresses, and who may edit them. */
import type { PharmacyAction } from '#src/accounts/can.ts'
import type { ProfileSection } from './profile.ts'

export type SectionPage = {
  readonly section: ProfileSection
  readonly title: string
  /** The last part of its address: `/manage/FZ001/contact-details`. */
  readonly slug: string
  /** Undefined while nobody can edit it yet. */
  readonly permission: PharmacyAction | undefined
}

/** In the order of the hub. */
export const SECTION_PAGES: readonly SectionPage[] = [
  { section: 'contact', title: 'Contact details', slug: 'contact-details', permission: 'edit-contact' },
  { section: 'hours', title: 'Standard opening times', slug: 'opening-times', permission: 'edit-hours' },
  { section: 'holidays', title: 'Bank holidays', slug: 'bank-holidays', permission: 'edit-holidays' },
  { section: 'changes', title: 'Closures and changes', slug: 'closures-and-changes', permission: 'edit-changes' },
  { section: 'services', title: 'Services', slug: 'services', permission: 'edit-services' },
  { section: 'facilities', title: 'Facilities', slug: 'facilities', permission: 'edit-facilities' },
]

/** The page of a section. */
export function sectionPage(section: ProfileSection): SectionPage {
  const page = SECTION_PAGES.find((candidate) => candidate.section === section)
  if (!page) throw new Error(`Section ${section} has no page`)
  return page
}

/** The address of a section's page. */
export const sectionAddress = (odsCode: string, section: ProfileSection): string =>
  `/manage/${odsCode}/${sectionPage(section).slug}`
