/**
 * Values that were asked for and are not in the profile: proposed by a lead, or sent by the pharmacy while a field was
 * held. Whoever changes one locks the profile first, so that nobody decides while the field changes.
 */
import { sql } from 'kysely'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type LedgerEntry } from '#src/platform/db/ledger.ts'
import { enqueue } from '#src/platform/jobs/outbox.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import { type FieldOutcome, isSameJson } from '#src/rules/field-conflicts.ts'
import { meetValue, valueOfField } from './held-fields.ts'
import type { Profile } from './profile.ts'

export type AskedState = 'open' | 'conflict' | 'taken' | 'agreed' | 'declined' | 'withdrawn' | 'replaced'

export type AskedValue = {
  readonly id: number
  readonly odsCode: string
  readonly field: HeldField
  readonly kind: 'proposal' | 'waiting'
  readonly holdId: number | null
  /** What the field said when it was asked, and what is asked for; undefined: nothing. */
  readonly base: unknown
  readonly asked: unknown
  readonly reason: string | null
  /** As in `audit.actor`; so are `metBy` and `decidedBy`. */
  readonly person: string
  readonly action: string
  /** UTC ISO text. */
  readonly askedAt: string
  readonly state: AskedState
  readonly metBy: string | null
  readonly metAt: string | null
  readonly problem: string | null
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly words: string | null
}

/** Tells people what became of a value: a job of the outbox that `field-queries` does. */
export const TELL_OF_VALUE = 'tell-of-asked-value'
export type TellOfValue = { readonly id: number; readonly what: 'waiting' | 'conflict' | 'agreed' }

type AskedRow = Omit<AskedValue, 'base' | 'asked'> & { base: { value?: unknown }; asked: { value?: unknown } }

const columns = sql`asked_value.id, asked_value.ods_code as "odsCode", asked_value.field, asked_value.kind,
  hold_id as "holdId", base, asked, asked_value.reason, person, action, asked_at as "askedAt", state, met_by as "metBy",
  met_at as "metAt", problem, decided_by as "decidedBy", decided_at as "decidedAt", words`

/** Which columns a question about these values reads, and what a row of them means; for queries of other features. */
export const ASKED_COLUMNS = columns
export function askedValueOf(row: object): AskedValue {
  const { base, asked, ...others } = row as AskedRow
  return { ...others, base: base.value, asked: asked.value }
}

/** One value; undefined when there is none. */
export async function loadAskedValue(db: Queryable, id: number): Promise<AskedValue | undefined> {
  const { rows } = await sql<AskedRow>`select ${columns} from asked_value where id = ${id}`.execute(db)
  return rows[0] && askedValueOf(rows[0])
}

/** The values of pharmacies that nobody has decided about, the oldest first. */
export async function loadUndecided(db: Queryable, odsCodes: readonly string[]): Promise<readonly AskedValue[]> {
  const { rows } = await sql<AskedRow>`
    select ${columns} from asked_value
    where asked_value.ods_code = any(${[...odsCodes]}::text[]) and state in ('open', 'conflict') order by id`.execute(
    db,
  )
  return rows.map(askedValueOf)
}

/** Keeps a value; its id. Undefined: this person proposes something for the field already. */
export async function insertAskedValue(
  tx: Tx,
  given: Pick<AskedValue, 'odsCode' | 'field' | 'kind' | 'holdId' | 'base' | 'asked' | 'reason' | 'person'> &
    Pick<AskedValue, 'action' | 'askedAt'>,
): Promise<number | undefined> {
  const added = await tx
    .insertInto('asked_value')
    .values({
      ods_code: given.odsCode,
      field: given.field,
      kind: given.kind,
      hold_id: given.holdId,
      base: JSON.stringify({ value: given.base }),
      asked: JSON.stringify({ value: given.asked }),
      reason: given.reason,
      person: given.person,
      action: given.action,
      asked_at: given.askedAt,
      state: 'open',
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return added?.id
}

/** Ends a value that is undecided; false when somebody has decided about it already. */
export async function endAskedValue(
  tx: Tx,
  id: number,
  end: {
    readonly state: Exclude<AskedState, 'open' | 'conflict'>
    readonly by: string
    readonly at: string
    readonly words?: string | null
  },
): Promise<boolean> {
  const ended = await tx
    .updateTable('asked_value')
    .set({ state: end.state, decided_by: end.by, decided_at: end.at, words: end.words ?? null })
    .where('id', '=', id)
    .where('state', 'in', ['open', 'conflict'])
    .returning('id')
    .executeTakeFirst()
  return ended !== undefined
}

/** Makes a value one about which a person must choose. */
export async function markConflict(
  tx: Tx,
  id: number,
  { by, at, problem }: { readonly by: string; readonly at: string; readonly problem?: string },
): Promise<void> {
  await tx
    .updateTable('asked_value')
    .set({ state: 'conflict', met_by: by, met_at: at, problem: problem ?? null })
    .where('id', '=', id)
    .where('state', 'in', ['open', 'conflict'])
    .execute()
  await tellOf(tx, { id, what: 'conflict' })
}

export const tellOf = (tx: Tx, told: TellOfValue): Promise<boolean> =>
  enqueue(tx, TELL_OF_VALUE, told, { uniqueKey: `${told.id} ${told.what}` })

/** A profile that is about to be written over another. */
export type ProfileStep = { readonly before: Profile | undefined; readonly after: Profile }

/**
 * Compares what is asked for with what profiles are about to say. A value that says the same is agreed; one whose field
 * becomes something else than it was asked against is a conflict for people to decide. Nothing is thrown away.
 */
export async function meetAskedValues(
  tx: Tx,
  steps: readonly ProfileStep[],
  { actor, recordedAt }: { readonly actor: string; readonly recordedAt: string },
): Promise<readonly LedgerEntry[]> {
  const byCode = new Map(steps.flatMap((step) => (step.before ? [[step.after.odsCode, step] as const] : [])))
  if (byCode.size === 0) return []
  const entries: LedgerEntry[] = []
  for (const value of await loadUndecided(tx, [...byCode.keys()])) {
    const step = byCode.get(value.odsCode)
    const outcome = step && outcomeOf(value, step)
    if (outcome === 'conflict') await markConflict(tx, value.id, { by: actor, at: recordedAt })
    else if (outcome === 'untouched') await agree(tx, value, { actor, recordedAt })
    else continue
    entries.push(entryOf(actor, outcome === 'conflict' ? 'values-in-conflict' : 'values-agree', value))
  }
  return entries
}

/** Undefined where nothing is to be done: the field stays, both fit together, or people know already that they differ. */
function outcomeOf(
  { field, base, asked, state }: AskedValue,
  { before, after }: ProfileStep,
): FieldOutcome | undefined {
  const is = valueOfField(after, field)
  if (before && isSameJson(valueOfField(before, field), is)) return undefined
  const { outcome } = meetValue(field, base, asked, is)
  return outcome === 'taken' || (outcome === 'conflict' && state === 'conflict') ? undefined : outcome
}

async function agree(tx: Tx, { id }: AskedValue, { actor, recordedAt }: { actor: string; recordedAt: string }) {
  await endAskedValue(tx, id, { state: 'agreed', by: actor, at: recordedAt })
  await tellOf(tx, { id, what: 'agreed' })
}

/**
 * Takes back what still waits of a change of many pharmacies that is taken back: what this person sent by this action, until
 * an instant (UTC ISO text).
 */
export async function withdrawWaiting(
  tx: Tx,
  odsCodes: readonly string[],
  sent: { readonly person: string; readonly action: string; readonly sentBy: string; readonly at: string },
): Promise<void> {
  const values = (await loadUndecided(tx, odsCodes)).filter(
    ({ kind, person, action, askedAt }) =>
      kind === 'waiting' && person === sent.person && action === sent.action && askedAt <= sent.sentBy,
  )
  for (const { id } of values) await endAskedValue(tx, id, { state: 'withdrawn', by: sent.person, at: sent.at })
  await appendToLedger(
    tx,
    sent.at,
    values.map((value) => entryOf(sent.person, 'withdraw-value', value)),
  )
}

/** What the ledger remembers of a value; the value itself stands in its own table. */
export const entryOf = (
  actor: string,
  action: string,
  { id, odsCode, field, kind }: Pick<AskedValue, 'id' | 'odsCode' | 'field' | 'kind'>,
  more: object = {},
): LedgerEntry => ({
  actor,
  action,
  target: `pharmacy:${odsCode}`,
  detail: { value: id, field, kind, ...more },
  changes: [],
})
