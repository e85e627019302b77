/** What every form of an edit shows around its fields. */

import type { HoldNotice } from '#src/profiles/hold-notices.ts'
import { type KindWords, kindWords } from '#src/profiles/kind-words.ts'
import type { ProfileSection } from '#src/profiles/profile.ts'
import { sectionAddress } from '#src/profiles/section-pages.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type Addresses, addressesOf, type Editor, type FormView } from './editing.ts'
import type { Fields } from './fields.ts'

export type FormPage = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly back: string
  readonly addresses: Addresses
  /** Whose guidance the form shows. */
  readonly topic: ProfileSection
  readonly words: KindWords
  readonly problems: readonly Problem[]
  readonly fields: Fields
  readonly version: number
  readonly draftId: string
  readonly keptAt: string | null
  /** Fields of the section that are held, and values that wait for a decision. */
  readonly holds: readonly HoldNotice[]
}

/** The view model of a form. */
export const formPage = <Command>(editor: Editor<Command>, view: FormView, title: string): FormPage => ({
  title,
  odsCode: view.edit.odsCode,
  pharmacy: view.edit.stored.profile.name,
  back: sectionAddress(view.edit.odsCode, editor.section),
  addresses: addressesOf(editor, view.edit),
  topic: editor.section,
  words: kindWords(view.edit.stored.profile.kind),
  problems: view.problems,
  fields: view.fields,
  version: view.version,
  draftId: view.draftId,
  keptAt: view.keptAt,
  holds: view.edit.holds ?? [],
})
