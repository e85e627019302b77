/**
 * Forms that were filled in and not yet saved, kept on the server for seven days, so that nobody loses words to a
 * closed window, an ended session or another editor. A draft is found only by its person, at its pharmacy.
 */
import { randomBytes } from 'node:crypto'
import type { Queryable } from '#src/platform/db/db.ts'
import type { Fields } from './fields.ts'

const DAYS_KEPT = 7
/** Longer than any form that could be saved; what is longer is shown again from the request alone. */
const LONGEST_CONTENT = 60_000

/** Which form a draft belongs to. */
export type DraftKind =
  | 'contact'
  | 'delivery'
  | 'hours'
  | 'core-hours'
  | 'holidays'
  | 'add-change'
  | 'edit-change'
  | 'services'
  | 'one-service'
  | 'urgent-care'
  | 'facilities'
  | 'missing-service'

export type DraftContent = {
  readonly fields: Fields
  /** The version of the profile that the editor was looking at. */
  readonly version: number
  /** The dated change that is added or edited; given when the form is first sent, so that sending twice adds one. */
  readonly changeId?: string
  /** Set once it was saved: sending the form again then does nothing more. */
  readonly saved?: boolean
  /** How many DoS services the saving changed. */
  readonly services?: number
  /** Fields that are held: what was sent of them waits. */
  readonly waiting?: readonly string[]
}

export type Draft = DraftContent & { readonly id: string; readonly savedAt: string }

/** Whose draft, of which pharmacy and form. */
export type DraftOwner = { readonly personId: number; readonly odsCode: string; readonly kind: DraftKind }

/** A new draft's id: 160 random bits, so that it cannot be guessed. */
export const newDraftId = (): string => randomBytes(20).toString('hex')

/** The draft with this id; undefined when there is none, it is older than seven days, or it is somebody else's. */
export async function loadDraft(db: Queryable, owner: DraftOwner, id: string, now: Date): Promise<Draft | undefined> {
  if (!/^[0-9a-f]{40}$/.test(id)) return undefined
  const row = await draftsOf(db, owner, now).where('id', '=', id).executeTakeFirst()
  return row && draftIn(row)
}

/** The newest draft of a form that was not saved yet: what a person finds when they come back to it. */
export async function loadLatestDraft(
  db: Queryable,
  owner: DraftOwner,
  now: Date,
  belongs: (draft: Draft) => boolean = () => true,
): Promise<Draft | undefined> {
  const rows = await draftsOf(db, owner, now).orderBy('saved_at', 'desc').limit(20).execute()
  return rows.map(draftIn).find((draft) => !draft.saved && belongs(draft))
}

const draftsOf = (db: Queryable, { personId, odsCode, kind }: DraftOwner, now: Date) =>
  db
    .selectFrom('draft')
    .select(['id', 'content', 'saved_at'])
    .where('person_id', '=', personId)
    .where('ods_code', '=', odsCode)
    .where('kind', '=', kind)
    .where('saved_at', '>', new Date(now.getTime() - DAYS_KEPT * 86_400_000).toISOString())

const draftIn = (row: { id: string; content: unknown; saved_at: string }): Draft => ({
  ...(row.content as DraftContent),
  id: row.id,
  savedAt: row.saved_at,
})

/** Stores a draft under its id, or replaces what this person had stored there. Old ones are deleted at night. */
export async function saveDraft(
  db: Queryable,
  owner: DraftOwner,
  id: string,
  content: DraftContent,
  now: Date,
): Promise<void> {
  const text = JSON.stringify(content)
  if (text.length > LONGEST_CONTENT) return
  await db
    .insertInto('draft')
    .values({
      id,
      person_id: owner.personId,
      ods_code: owner.odsCode,
      kind: owner.kind,
      content: text,
      saved_at: now.toISOString(),
    })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ content: text, saved_at: now.toISOString() })
        .where('draft.person_id', '=', owner.personId)
        .where('draft.ods_code', '=', owner.odsCode)
        .where('draft.kind', '=', owner.kind),
    )
    .execute()
}

/** Drops a draft that its person no longer wants. */
export async function deleteDraft(db: Queryable, owner: DraftOwner, id: string): Promise<void> {
  await db
    .deleteFrom('draft')
    .where('id', '=', id)
    .where('person_id', '=', owner.personId)
    .where('ods_code', '=', owner.odsCode)
    .execute()
}

/** What was saved with this draft: its form, and how many DoS services changed. Undefined unless it was saved. */
export async function savedDraft(
  db: Queryable,
  { personId, odsCode }: Omit<DraftOwner, 'kind'>,
  id: string,
): Promise<{ readonly kind: string; readonly services: number; readonly waiting: readonly string[] } | undefined> {
  if (!/^[0-9a-f]{40}$/.test(id)) return undefined
  const row = await db
    .selectFrom('draft')
    .select(['kind', 'content'])
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .where('ods_code', '=', odsCode)
    .executeTakeFirst()
  const content = row?.content as DraftContent | undefined
  return row && content?.saved
    ? { kind: row.kind, services: content.services ?? 0, waiting: content.waiting ?? [] }
    : undefined
}
