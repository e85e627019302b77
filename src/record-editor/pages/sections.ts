/** The sections of a record, in the order in which its page shows them. The clinical profile has pages of its own. */
import { ATTRIBUTES_SECTION, ENDPOINTS_SECTION } from './endpoints.form.ts'
import { DATES_SECTION, PLACE_SECTION, WEEK_SECTION } from './place.form.ts'
import type { Section } from './section.ts'
import { PARENT_SECTION, STATUS_SECTION } from './standing.form.ts'
import { CONTACT_SECTION, NAMES_SECTION, TEXTS_SECTION } from './words.form.ts'

export const SECTIONS: readonly Section[] = [
  NAMES_SECTION,
  STATUS_SECTION,
  CONTACT_SECTION,
  PLACE_SECTION,
  WEEK_SECTION,
  DATES_SECTION,
  TEXTS_SECTION,
  ENDPOINTS_SECTION,
  ATTRIBUTES_SECTION,
  PARENT_SECTION,
]

/** The section of a part of an address; undefined when there is none. */
export const sectionOf = (key: string): Section | undefined => SECTIONS.find((section) => section.key === key)
