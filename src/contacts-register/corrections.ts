/** "This is wrong": what readers say of a contact. It stays open until somebody who may edit the contact answers. */

import { sql } from 'kysely'
import { loadHolders } from '#src/accounts/grants.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Db, Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import type { ListScope } from '#src/profiles/match-pharmacies.ts'
import { contactIsOf, type StoredContact, targetOf, type Writing } from './contact-records.ts'

export type Correction = {
  readonly id: number
  readonly areaCode: string
  /** The area's name. */
  readonly area: string
  readonly words: string
  /** As in `audit.actor`; so is `answeredBy`. */
  readonly askedBy: string
  /** UTC ISO text. */
  readonly askedAt: string
  readonly answer: string | null
  readonly answeredBy: string | null
  readonly answeredAt: string | null
}

/** More than these would be noise from one reader. */
export const MOST_OPEN = 5
const MOST_SHOWN = 100
const MOST_CLOSED = 20

/** Keeps what somebody says, and asks the leads of the area by email; the desk where it has none. False: too many are open. */
export function saveCorrection(
  db: Db,
  { areaCode, name }: Pick<StoredContact, 'areaCode' | 'name'>,
  words: string,
  { actor, now }: Writing,
): Promise<boolean> {
  return db.transact(async (tx) => {
    // One reader at a time, so that two forms sent together are counted together.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`dos-contact-correction ${actor}`}, 0))`.execute(tx)
    const open = await countOpenOf(tx, actor)
    if (open >= MOST_OPEN) return false
    const { id } = await tx
      .insertInto('dos_contact_correction')
      .values({ area_code: areaCode, words, asked_by: actor, asked_at: now.toISOString() })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const recipient of await whoAnswers(tx, areaCode, now)) {
      await queueEmail(tx, { kind: 'contact-wrong', recipient, correctionId: id, area: name, areaCode })
    }
    const detail = { correction: id }
    const entry = { actor, action: 'say-dos-contact-wrong', target: targetOf(areaCode), detail, changes: [] }
    await appendToLedger(tx, now.toISOString(), [entry])
    return true
  })
}

async function countOpenOf(tx: Tx, actor: string): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*)::integer as open from dos_contact_correction
    where asked_by = ${actor} and answered_at is null`.execute(tx)
  return rows[0]?.open ?? 0
}

async function whoAnswers(tx: Tx, areaCode: string, now: Date): Promise<readonly string[]> {
  const leads = await loadHolders(tx, { role: 'lead', scope: `area:${areaCode}`, now })
  return leads.length > 0 ? leads : await loadHolders(tx, { role: 'desk', scope: '', now })
}

const corrections = (db: Queryable) =>
  db
    .selectFrom('dos_contact_correction as correction')
    .innerJoin('dos_contact as contact', 'contact.area_code', 'correction.area_code')
    .select([
      'correction.id',
      'correction.area_code as areaCode',
      'contact.name as area',
      'correction.words',
      'correction.asked_by as askedBy',
      'correction.asked_at as askedAt',
      'correction.answer',
      'correction.answered_by as answeredBy',
      'correction.answered_at as answeredAt',
    ])

const inScope = ({ area, everywhere, icbCodes }: ListScope) => sql<boolean>`(
  ${everywhere ? sql`true` : sql`correction.area_code = any(${[...icbCodes]}::text[])`}
  and ${contactIsOf('correction.area_code', area)})`

/** What waits for an answer in somebody's areas, the oldest first, and what was answered last. */
export async function loadCorrections(
  db: Queryable,
  scope: ListScope,
): Promise<{ readonly open: readonly Correction[]; readonly closed: readonly Correction[] }> {
  const mine = corrections(db).where(inScope(scope))
  const open = mine.where('answered_at', 'is', null).orderBy('asked_at').orderBy('correction.id').limit(MOST_SHOWN)
  const closed = mine.where('answered_at', 'is not', null).orderBy('answered_at', 'desc').limit(MOST_CLOSED)
  return { open: await open.execute(), closed: await closed.execute() }
}

/** How many wait for an answer in somebody's areas. */
export async function countOpen(db: Queryable, scope: ListScope): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*)::integer as open from dos_contact_correction correction
    where answered_at is null and ${inScope(scope)}`.execute(db)
  return rows[0]?.open ?? 0
}

/** One correction of somebody's areas; undefined when there is none of that id there. */
export async function loadCorrection(db: Queryable, id: number, scope: ListScope): Promise<Correction | undefined> {
  return await corrections(db).where('correction.id', '=', id).where(inScope(scope)).executeTakeFirst()
}

/** What one reader has said of a contact, the latest first. */
export async function loadOwnCorrections(
  db: Queryable,
  areaCode: string,
  actor: string,
): Promise<readonly Correction[]> {
  return await corrections(db)
    .where('correction.area_code', '=', areaCode)
    .where('correction.asked_by', '=', actor)
    .orderBy('correction.id', 'desc')
    .limit(MOST_OPEN)
    .execute()
}

/** Answers and closes a correction, and tells whoever asked. False: somebody has answered already. */
export function answerCorrection(
  db: Db,
  { id, areaCode, area, askedBy }: Correction,
  answer: string,
  { actor, now }: Writing,
): Promise<boolean> {
  return db.transact(async (tx) => {
    const closed = await tx
      .updateTable('dos_contact_correction')
      .set({ answer, answered_by: actor, answered_at: now.toISOString() })
      .where('id', '=', id)
      .where('answered_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!closed) return false
    const recipient = askedBy.replace(/^person:/, '')
    await queueEmail(tx, { kind: 'contact-answered', recipient, correctionId: id, area, areaCode })
    const detail = { correction: id }
    const entry = { actor, action: 'answer-dos-contact', target: targetOf(areaCode), detail, changes: [] }
    await appendToLedger(tx, now.toISOString(), [entry])
    return true
  })
}
