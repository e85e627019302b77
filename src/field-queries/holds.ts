/** Holding a field and ending that. Whether a hold is in force, and what waits, is computed where it is read. */
import { sql } from 'kysely'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { Scope } from '#src/accounts/can.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { FieldTold } from '#src/emails/field-told.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import { enqueue } from '#src/platform/jobs/outbox.ts'
import { type FieldHold, HOLD_COLUMNS, loadHoldsInForce } from '#src/profiles/field-holds.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import { inScope } from '#src/profiles/match-pharmacies.ts'
import { formatEndIn } from '#src/profiles/names-and-moments.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import type { AskDeps } from './field-deps.ts'
import { loadAnswerers } from './who-is-told.ts'

/** Applies what waits as soon as a hold is over; `field-jobs.ts` does it. */
export const HOLD_ENDS = 'hold-ends'

export type AskedHold = {
  readonly odsCode: string
  readonly field: HeldField
  readonly reason: string
  readonly endsAt: Date
}

/** Holds a field. `held-already`: somebody holds it, and until when. Throws NotFound without a profile. */
export function holdField(
  deps: AskDeps,
  actor: Actor,
  { odsCode, field, reason, endsAt }: AskedHold,
): Promise<
  { readonly outcome: 'held'; readonly id: number } | { readonly outcome: 'held-already'; readonly hold: FieldHold }
> {
  const at = deps.clock.now().toISOString()
  const by = auditNameOf(actor)
  return deps.db.transact(async (tx) => {
    const stored = (await lockProfiles(tx, [odsCode])).get(odsCode)
    if (!stored) throw new NotFound(`No pharmacy has the ODS code ${odsCode}`)
    const there = (await loadHoldsInForce(tx, [odsCode], at)).find((hold) => hold.field === field)
    if (there) return { outcome: 'held-already', hold: there }
    const { id } = await tx
      .insertInto('field_hold')
      .values({ ods_code: odsCode, field, reason, held_by: by, held_at: at, ends_at: endsAt.toISOString() })
      .returning('id')
      .executeTakeFirstOrThrow()
    await enqueue(tx, HOLD_ENDS, { id }, { uniqueKey: String(id), runAt: endsAt })
    await tellAnswerers(tx, deps, stored.profile, {
      ...{ what: 'held', about: `hold ${id}`, field, words: reason, until: formatEndIn(endsAt.toISOString()) },
    })
    const detail = { hold: id, field, reason, until: endsAt.toISOString() }
    await appendToLedger(tx, at, [entryOf(by, 'hold-field', odsCode, detail)])
    return { outcome: 'held', id }
  })
}

/** Ends a hold now; false when it was over already. What waits is applied by whoever calls this (`applyEnded`). */
export function releaseHold(deps: AskDeps, actor: Actor, hold: Pick<FieldHold, 'id' | 'odsCode'>): Promise<boolean> {
  const at = deps.clock.now().toISOString()
  const by = auditNameOf(actor)
  return deps.db.transact(async (tx) => {
    const stored = (await lockProfiles(tx, [hold.odsCode])).get(hold.odsCode)
    const released = await tx
      .updateTable('field_hold')
      .set({ released_at: at, released_by: by })
      .where('id', '=', hold.id)
      .where('released_at', 'is', null)
      .where('ends_at', '>', at)
      .returning('field')
      .executeTakeFirst()
    if (!released || !stored) return false
    const field = released.field as HeldField
    await tellAnswerers(tx, deps, stored.profile, {
      ...{ what: 'released', about: `hold ${hold.id}`, field, words: '', until: null },
    })
    await appendToLedger(tx, at, [entryOf(by, 'release-hold', hold.odsCode, { hold: hold.id, field })])
    return true
  })
}

const entryOf = (actor: string, action: string, odsCode: string, detail: object) => ({
  ...{ actor, action, target: `pharmacy:${odsCode}`, detail, changes: [] },
})

async function tellAnswerers(
  tx: Tx,
  { clock, sharedMailboxOf }: AskDeps,
  profile: Profile,
  told: Pick<FieldTold, 'what' | 'about' | 'words' | 'until'> & { readonly field: HeldField },
): Promise<void> {
  const readers = await loadAnswerers(tx, profile, { now: clock.now(), mailbox: sharedMailboxOf(profile) })
  for (const { email, name } of readers) {
    await queueEmail(tx, {
      ...told,
      kind: 'field-told',
      recipient: email,
      name,
      odsCode: profile.odsCode,
      pharmacyName: profile.name,
      field: fieldLabel(told.field, profile.kind),
      path: `/manage/${profile.odsCode}/queries`,
    })
  }
}

export type ListedHold = FieldHold & { readonly pharmacyName: string }

export const HOLDS_SHOWN = 100
const from = sql`from field_hold join (select ods_code, name, document from profile) as pharmacy using (ods_code)`

/** A page, from 1, of the holds in force in a scope: those that end first, and how many there are. */
export async function loadHolds(
  db: Queryable,
  { scope, now, page }: { readonly scope: Scope; readonly now: Date; readonly page: number },
): Promise<{ readonly holds: readonly ListedHold[]; readonly total: number }> {
  const { rows } = await sql<ListedHold & { total: number }>`
    select ${HOLD_COLUMNS}, name as "pharmacyName", (count(*) over ())::integer as total ${from}
    where released_at is null and ends_at > ${now.toISOString()} and ${inScope(scope)}
    order by ends_at, field_hold.id limit ${HOLDS_SHOWN} offset ${(page - 1) * HOLDS_SHOWN}`.execute(db)
  return { holds: rows, total: rows[0]?.total ?? 0 }
}

/** One hold of a scope; undefined when there is none there. */
export async function loadHold(db: Queryable, id: number, scope: Scope): Promise<ListedHold | undefined> {
  const { rows } = await sql<ListedHold>`
    select ${HOLD_COLUMNS}, name as "pharmacyName" ${from} where field_hold.id = ${id} and ${inScope(scope)}`.execute(
    db,
  )
  return rows[0]
}
