/** Notices to the ICB, whom each area wants told, and to whom what was sent, as the database holds them. */
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { NoticePolicy } from '#src/rules/notice-policy.ts'
import type { EditedWords, NoticeWords } from '#src/rules/suspension-notice.ts'

export const NOTICE_BECAUSE = ['told', 'changed', 'edited', 'reopened', 'expired', 'cancelled'] as const
export type NoticeBecause = (typeof NOTICE_BECAUSE)[number]

/** One version of the notice of a closure. */
export type NoticeVersion = {
  readonly closureId: string
  /** From 1. */
  readonly version: number
  readonly because: NoticeBecause
  readonly words: NoticeWords
  /** What somebody wrote in their own words, in this version or an earlier one. */
  readonly edited: EditedWords
  /** UTC ISO text. */
  readonly writtenAt: string
  /** As in `audit.actor`. */
  readonly writtenBy: string
}

/** Every version of a closure's notice, the first one first. */
export async function loadNotices(db: Queryable, closureId: string): Promise<readonly NoticeVersion[]> {
  const rows = await db
    .selectFrom('suspension_notice')
    .selectAll()
    .where('closure_id', '=', closureId)
    .orderBy('version')
    .execute()
  return rows.map((row) => ({
    closureId: row.closure_id,
    version: row.version,
    because: row.because as NoticeBecause,
    words: row.words as NoticeWords,
    edited: row.edited as EditedWords,
    writtenAt: row.written_at,
    writtenBy: row.written_by,
  }))
}

/** Adds a version. Whoever does has locked the pharmacy's profile. */
export async function addNotice(tx: Tx, notice: NoticeVersion): Promise<void> {
  await tx
    .insertInto('suspension_notice')
    .values({
      closure_id: notice.closureId,
      version: notice.version,
      because: notice.because,
      words: JSON.stringify(notice.words),
      edited: JSON.stringify(notice.edited),
      written_at: notice.writtenAt,
      written_by: notice.writtenBy,
    })
    .execute()
}

/** Whom an area wants told, and what it asks; undefined when nobody has said, or the pharmacy's area is not known. */
export async function loadPolicy(db: Queryable, icbCode: string | null): Promise<NoticePolicy | undefined> {
  if (icbCode === null) return undefined
  const row = await db.selectFrom('suspension_contact').selectAll().where('icb_code', '=', icbCode).executeTakeFirst()
  return (
    row && {
      name: row.name,
      email: row.email,
      phone: row.phone,
      tellWithinMinutes: row.tell_within_minutes,
      phoneOverHours: row.phone_over_hours,
      editDays: row.edit_days,
      note: row.note,
    }
  )
}

/** A version and an address to which it is sent. */
export type NoticeTold = { readonly version: number; readonly recipient: string; readonly queuedAt: string }

/** To whom which version of a closure's notice is sent, in order. */
export async function loadTold(db: Queryable, closureId: string): Promise<readonly NoticeTold[]> {
  const rows = await db
    .selectFrom('suspension_notice_told')
    .selectAll()
    .where('closure_id', '=', closureId)
    .orderBy('version')
    .orderBy('queued_at')
    .execute()
  return rows.map(({ version, recipient, queued_at }) => ({ version, recipient, queuedAt: queued_at }))
}

/** Notes that a version is sent to somebody; false when it was noted before. */
export async function addTold(tx: Tx, closureId: string, told: NoticeTold): Promise<boolean> {
  const added = await tx
    .insertInto('suspension_notice_told')
    .values({ closure_id: closureId, version: told.version, recipient: told.recipient, queued_at: told.queuedAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
}
