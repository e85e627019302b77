/** Where a section is changed. */
import type { ProfileSection } from '#src/profiles/profile.ts'
import { sectionAddress } from '#src/profiles/section-pages.ts'

const ONE_FORM: ReadonlySet<ProfileSection> = new Set(['contact', 'hours', 'holidays'])

/** The form of a section, or its page where it has several forms. */
export const changeAddress = (odsCode: string, section: ProfileSection): string =>
  `${sectionAddress(odsCode, section)}${ONE_FORM.has(section) ? '/change' : ''}`
