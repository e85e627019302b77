/**
 * The steps of every edit: fill in the form, check what will change, save; and choose, when somebody else changed the
 * same values meanwhile. An `Editor` says what is particular to one form.
 *
 * What was typed lives in a draft from the first sending on. Only the draft's id travels in addresses, so that Back,
 * a second click on Save and an hour's break all lead somewhere sensible.
 */

import { isDeepStrictEqual } from 'node:util'
import type { FastifyReply } from 'fastify'
import type { PharmacyAction } from '#src/accounts/can.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { HoldNotice } from '#src/profiles/hold-notices.ts'
import { loadProfileVersion } from '#src/profiles/load-profiles.ts'
import type { ServicePlan } from '#src/profiles/plan-projection.ts'
import type { Profile, ProfileSection, StoredProfile } from '#src/profiles/profile.ts'
import { sectionContent } from '#src/profiles/section-content.ts'
import type { Visit } from '#src/profiles/visit.ts'
import type { Problem, Result } from '#src/rules/problems.ts'
import type { Draft, DraftKind, DraftOwner } from './draft-store.ts'
import type { Fields } from './fields.ts'
import type { Difference, Dispute } from './stated.ts'

/** One editing of one form: the visit, and which one it is of several: of dated changes by id, of services by code. */
export type Edit = Visit & {
  readonly changeId: string
  /** What the form says of fields that are held. */
  readonly holds?: readonly HoldNotice[]
}

/** One day as the public will see it. */
export type PublicLine = { readonly label: string; readonly text: string; readonly note: string | null }

/** What becomes of the directory, in a sentence; with a way to what the person may do about it. */
export type Effect = { readonly text: string; readonly link: { readonly text: string; readonly href: string } | null }

/** What a form shows. */
export type FormView = {
  readonly edit: Edit
  readonly fields: Fields
  readonly problems: readonly Problem[]
  readonly version: number
  readonly draftId: string
  /** When the words in the form were kept, if they come from an earlier visit; in words. */
  readonly keptAt: string | null
}

/** What is particular to one form. `Command` is what its fields mean. */
export type Editor<Command> = {
  readonly kind: DraftKind
  readonly section: ProfileSection
  readonly permission: PharmacyAction
  /** Its address after `/manage/:odsCode/`, perhaps with `:changeId`: a change's id or a service's code. */
  readonly path: string
  /** For the history of the profile: `set-contact-details`. */
  readonly historyName: string
  /** Heading of the check page; from the edit, where one form serves several services. */
  readonly checkTitle: string | ((edit: Edit) => string)
  /** The form as it is opened, from the profile as it stands. Throws `NotFound` when there is nothing to edit. */
  open(edit: Edit): Fields
  /** The form after one of its own buttons; undefined for "continue". `at` is the id of the element to go to. */
  press(fields: Fields, button: string, edit: Edit): { fields: Fields; at: string } | undefined
  /** Makes what was typed independent of the day on which it is read again. */
  settle?(fields: Fields, edit: Edit): Fields
  /** `base` is the profile that the editor was looking at. */
  parse(fields: Fields, base: Profile, edit: Edit): Result<Command>
  decide(profile: Profile, command: Command, edit: Edit): Result<Profile>
  differences(before: Profile, after: Profile, edit: Edit): readonly Difference[]
  /** What the editor should know before saving, such as an answer that the change replaces. */
  notes(before: Profile, after: Profile, command: Command, edit: Edit): readonly string[]
  /** The days that change, as the public will see them; none where that says nothing new. */
  publicView(after: Profile, command: Command, edit: Edit): readonly PublicLine[]
  /** What the change means for those who search the directory, where the list of services does not say it. */
  effects?(after: Profile, services: readonly ServicePlan[], edit: Edit): readonly Effect[]
  /** A letter to the commissioner that the change asks for, drafted; null when it needs none. */
  letter?(before: Profile, after: Profile, edit: Edit): string | null
  /** Where saving leads, for forms that one comes to from a list; the hub of the pharmacy for all others. */
  afterwards?(edit: Edit): string
  /** The differing values of `mine` and `theirs`, of which the editor chooses; none when both fit together. */
  disputes(base: Profile, mine: Profile, theirs: Profile, edit: Edit): readonly Dispute[]
  /** The form with the chosen values of the others taken over; undefined when nothing of one's own is left. */
  settleDisputes(fields: Fields, theirs: Profile, takeTheirs: ReadonlySet<string>, edit: Edit): Fields | undefined
  show(reply: FastifyReply, view: FormView): FastifyReply
}

/** Where the steps of an edit are. */
export type Addresses = {
  readonly form: string
  readonly check: string
  readonly conflict: string
  readonly discard: string
}

/** The addresses of an editor's steps for one pharmacy and, where there are several, one change or service. */
export function addressesOf(editor: Pick<Editor<never>, 'path'>, edit: Edit): Addresses {
  const form = formAddress(editor, edit)
  return { form, check: `${form}/check`, conflict: `${form}/conflict`, discard: `${form}/discard` }
}

/** The address of an editor's form. */
export const formAddress = (
  { path }: Pick<Editor<never>, 'path'>,
  { odsCode, changeId }: Pick<Edit, 'odsCode' | 'changeId'>,
): string => `/manage/${odsCode}/${path.replace(':changeId', encodeURIComponent(changeId))}`

/** Whose drafts of this form: one person's, of one pharmacy. */
export const ownerOf = (editor: Pick<Editor<never>, 'kind'>, { actor, odsCode }: Visit): DraftOwner => ({
  personId: actor.personId,
  odsCode,
  kind: editor.kind,
})

/** The profile as it was at the version that a draft was written against; undefined when there never was one. */
export async function baseOf(db: Db, stored: StoredProfile, version: number): Promise<Profile | undefined> {
  if (version === stored.version) return stored.profile
  return (await loadProfileVersion(db.pool, stored.profile.odsCode, version))?.profile
}

/** A draft read against the profile: what it means, and whether somebody else changed the same section meanwhile. */
export type Reading<Command> = {
  readonly draft: Draft
  readonly base: Profile
  readonly command: Command
  /** The profile as the editor wanted it when they wrote the draft. */
  readonly mine: Profile
  readonly disputes: readonly Dispute[]
}

/** Reads a draft again. Problems when what was fine when it was sent is not any more, such as a date now past. */
export async function readDraft<Command>(
  db: Db,
  editor: Editor<Command>,
  edit: Edit,
  draft: Draft,
): Promise<Result<Reading<Command>>> {
  const base = await baseOf(db, edit.stored, draft.version)
  if (!base) return { ok: false, problems: [outOfDate] }
  const command = editor.parse(draft.fields, base, edit)
  if (!command.ok) return command
  const mine = editor.decide(base, command.value, edit)
  if (!mine.ok) return mine
  const current = edit.stored.profile
  const stale = !isDeepStrictEqual(sectionContent(base, editor.section), sectionContent(current, editor.section))
  const disputes = stale ? editor.disputes(base, mine.value, current, edit) : []
  const touched = disputes.some(({ changedBy }) => changedBy !== 'me')
  return {
    ok: true,
    value: { draft, base, command: command.value, mine: mine.value, disputes: touched ? disputes : [] },
  }
}

/** A form that says it was opened at a version that never was: sent by hand, or from a database since restored. */
export const outOfDate: Problem = {
  field: 'form',
  code: 'out-of-date',
  message: 'This form was out of date. Check what you entered, then continue',
}

/** The form's fields with those of one value taken from `from`. A value's fields are `key` and `key-…`. */
export function withValueFrom(fields: Fields, from: Fields, key: string): Fields {
  const belongs = (name: string) => name === key || name.startsWith(`${key}-`)
  const others = Object.entries(fields).filter(([name]) => !belongs(name))
  return Object.fromEntries([...others, ...Object.entries(from).filter(([name]) => belongs(name))])
}
