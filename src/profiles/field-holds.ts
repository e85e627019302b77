/**
 * Holds on fields: while one is in force, what a pharmacy sends of the field is kept and waits. Whether a hold is in force
 * is computed when it is read, so that no job has to run for one to end.
 */
import { sql } from 'kysely'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { LedgerEntry } from '#src/platform/db/ledger.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import { endAskedValue, entryOf, insertAskedValue, loadUndecided, tellOf } from './asked-values.ts'
import type { ProfileWrite } from './commit-profiles.ts'
import { changedFields, keepFields, sectionOfField, sendAgain, valueOfField } from './held-fields.ts'
import type { Profile, ProfileSection, StoredProfile } from './profile.ts'
import { sameSection } from './section-content.ts'

export type FieldHold = {
  readonly id: number
  readonly odsCode: string
  readonly field: HeldField
  readonly reason: string
  /** As in `audit.actor`; so is `releasedBy`. */
  readonly heldBy: string
  /** UTC ISO text; so are the others. */
  readonly heldAt: string
  readonly endsAt: string
  readonly releasedBy: string | null
  readonly releasedAt: string | null
}

const columns = sql`field_hold.id, field_hold.ods_code as "odsCode", field, reason, held_by as "heldBy", held_at as "heldAt",
  ends_at as "endsAt", released_by as "releasedBy", released_at as "releasedAt"`

/** Which columns a question about holds reads; for queries of other features. */
export const HOLD_COLUMNS = columns

/** The holds in force at an instant (UTC ISO text), the oldest first; of one section where asked. */
export async function loadHoldsInForce(
  db: Queryable,
  odsCodes: readonly string[],
  at: string,
  section?: ProfileSection,
): Promise<readonly FieldHold[]> {
  const { rows } = await sql<FieldHold>`
    select ${columns} from field_hold
    where ods_code = any(${[...odsCodes]}::text[]) and released_at is null and ends_at > ${at} and held_at <= ${at}
    order by id`.execute(db)
  return section ? rows.filter(({ field }) => sectionOfField(field) === section) : rows
}

export type HeldBack = {
  /** What is left to write: each profile with its held fields as they stand. */
  readonly writes: readonly ProfileWrite[]
  /** What waits now, by ODS code. */
  readonly waiting: ReadonlyMap<string, readonly HeldField[]>
  readonly entries: readonly LedgerEntry[]
}

/**
 * Takes what is held out of writes and keeps it, in the transaction that locked the profiles. What waited before for the
 * same field is replaced by what the pharmacy would have had, had nothing been held.
 */
export async function holdBack(
  tx: Tx,
  writes: readonly ProfileWrite[],
  { actor, action, recordedAt }: { readonly actor: string; readonly action: string; readonly recordedAt: string },
): Promise<HeldBack> {
  const codes = writes.filter(({ before }) => before).map(({ profile }) => profile.odsCode)
  const holds = codes.length === 0 ? [] : await loadHoldsInForce(tx, codes, recordedAt)
  const waiting = new Map<string, readonly HeldField[]>()
  const entries: LedgerEntry[] = []
  const left: ProfileWrite[] = []
  for (const write of writes) {
    const { before, profile } = write
    const mine = holds.filter(({ odsCode }) => odsCode === profile.odsCode)
    const fields = before ? changedFields(before.profile, profile, [...new Set(mine.map(({ field }) => field))]) : []
    if (!before || fields.length === 0) {
      left.push(write)
      continue
    }
    for (const hold of mine.filter(({ field }) => fields.includes(field))) {
      entries.push(await keepWaiting(tx, hold, { before: before.profile, profile }, { actor, action, recordedAt }))
    }
    waiting.set(profile.odsCode, fields)
    left.push(withoutFields(write, before, fields))
  }
  return { writes: left, waiting, entries }
}

async function keepWaiting(
  tx: Tx,
  { id: holdId, odsCode, field }: FieldHold,
  { before, profile }: { readonly before: Profile; readonly profile: Profile },
  { actor, action, recordedAt }: { readonly actor: string; readonly action: string; readonly recordedAt: string },
): Promise<LedgerEntry> {
  const standing = valueOfField(before, field)
  const earlier = (await loadUndecided(tx, [odsCode])).find(
    (value) => value.kind === 'waiting' && value.field === field,
  )
  const sent = valueOfField(profile, field)
  if (earlier) await endAskedValue(tx, earlier.id, { state: 'replaced', by: actor, at: recordedAt })
  const id = await insertAskedValue(tx, {
    ...{ odsCode, field, kind: 'waiting', holdId, base: standing, reason: null, person: actor, action },
    asked: earlier ? sendAgain(field, standing, sent, earlier.asked) : sent,
    askedAt: recordedAt,
  })
  if (id === undefined) throw new Error(`What ${odsCode} sent of ${field} could not be kept`)
  await tellOf(tx, { id, what: 'waiting' })
  return entryOf(actor, 'change-waits', { id, odsCode, field, kind: 'waiting' }, { hold: holdId, action })
}

/** A section of which nothing is left to change was not changed by anybody. */
function withoutFields(write: ProfileWrite, before: StoredProfile, fields: readonly HeldField[]): ProfileWrite {
  const profile = keepFields(before.profile, write.profile, fields)
  const untouched = fields
    .map(sectionOfField)
    .filter((section) => sameSection(before.profile, profile, section))
    .map((section) => [section, before.sections[section]])
  return { ...write, profile, sections: { ...write.sections, ...Object.fromEntries(untouched) } }
}
