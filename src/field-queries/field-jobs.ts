/** What happens by itself: people are told, holds end, what waited is applied, and replies that are due are asked for. */
import { sql } from 'kysely'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { ConflictRow } from '#src/emails/field-conflict.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { Job } from '#src/platform/jobs/outbox.ts'
import type { Schedule } from '#src/platform/jobs/schedule.ts'
import type { JobHandler } from '#src/platform/jobs/worker.ts'
import { type AskedValue, loadAskedValue, TELL_OF_VALUE, type TellOfValue } from '#src/profiles/asked-values.ts'
import { loadHoldsInForce } from '#src/profiles/field-holds.ts'
import { comparedValues, fieldLabel, isPublicField } from '#src/profiles/held-field-words.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { formatEndIn } from '#src/profiles/names-and-moments.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { REMIND_DAYS_BEFORE } from '#src/rules/asked-fields.ts'
import { dateOf, dayOf, type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import type { FieldDeps } from './field-deps.ts'
import { HOLD_ENDS } from './holds.ts'
import { loadMessages, type Query } from './queries.ts'
import { tell } from './save-query.ts'
import { applyWaiting } from './take-value.ts'
import { tellOfValue } from './values.ts'
import { loadAnswerers, personsOf } from './who-is-told.ts'

/** At 8am, when people can act on it: replies that are due soon or overdue; and what a job for a hold's end missed. */
export const FIELD_SWEEP: Schedule = { queue: 'field-sweep', pattern: '0 8 * * *', catchUp: true }

/** What a worker does with the jobs of this part. */
export function fieldJobs(deps: () => Promise<FieldDeps>): Readonly<Record<string, JobHandler>> {
  return {
    [TELL_OF_VALUE]: async (job) => tellOfAskedValue(await deps(), job),
    [HOLD_ENDS]: async () => {
      await applyEnded(await deps())
    },
    [FIELD_SWEEP.queue]: async () => {
      const given = await deps()
      await applyEnded(given)
      await remindOfReplies(given)
    },
  }
}

/** Applies every change that waits for no hold any more, of one pharmacy or of all; the ledger sequence it reached. */
export async function applyEnded(deps: FieldDeps, odsCode?: string): Promise<number> {
  const at = deps.clock.now().toISOString()
  const { rows } = await sql<{ id: number }>`
    select id from asked_value value
    where kind = 'waiting' and state = 'open' and ${odsCode === undefined ? sql`true` : sql`ods_code = ${odsCode}`}
      and not exists (
        select from field_hold hold
        where hold.ods_code = value.ods_code and hold.field = value.field and released_at is null
          and held_at <= ${at} and ends_at > ${at})
    order by id`.execute(deps.db.pool)
  let seq = 0
  for (const { id } of rows) seq = Math.max(seq, await applyWaiting(deps, id))
  return seq
}

/** Reminds pharmacies of the day to reply by, once, and tells whoever asked when it has passed, once. How many were due. */
export async function remindOfReplies(deps: FieldDeps): Promise<number> {
  const now = deps.clock.now()
  const today = londonDateOf(now)
  const soon = dateOf(dayOf(today) + REMIND_DAYS_BEFORE)
  const { rows } = await sql<Due>`
    select id, ods_code as "odsCode", field, asked_by as "askedBy", turns, if_no_reply as "ifNoReply",
      to_char(reply_by, 'YYYY-MM-DD') as "replyBy", to_char(reminded_on, 'YYYY-MM-DD') as "remindedOn"
    from field_query
    where turn = 'pharmacy' and reply_by <= ${soon}::date order by id`.execute(deps.db.pool)
  for (const due of rows) await deps.db.transact((tx) => remind(tx, deps, due, { now, today }))
  return rows.length
}

type Due = Pick<Query, 'id' | 'odsCode' | 'field' | 'askedBy' | 'turns' | 'ifNoReply' | 'replyBy'> & {
  readonly remindedOn: LocalDate | null
}

async function remind(
  tx: Tx,
  deps: FieldDeps,
  due: Due,
  { now, today }: { now: Date; today: LocalDate },
): Promise<void> {
  const stored = await loadProfile(tx, due.odsCode)
  if (!stored) return
  const { profile } = stored
  const question = (await loadMessages(tx, due.id)).findLast(({ side }) => side === 'lead')?.words ?? ''
  if (today > due.replyBy) {
    await tell(tx, await personsOf(tx, [due.askedBy]), due, profile, { what: 'overdue', words: question })
    return
  }
  if (due.remindedOn !== null) return
  const readers = await loadAnswerers(tx, profile, { now, mailbox: deps.sharedMailboxOf(profile) })
  await tell(tx, readers, due, profile, { what: 'reminder', words: question })
  await tx.updateTable('field_query').set({ reminded_on: today }).where('id', '=', due.id).execute()
}

/** Tells people what became of a value: the job that saving a profile queues. Twice is as once. */
export async function tellOfAskedValue(deps: FieldDeps, { payload }: Pick<Job, 'payload'>): Promise<void> {
  const { id, what } = payload as TellOfValue
  await deps.db.transact(async (tx) => {
    const value = await loadAskedValue(tx, id)
    const stored = value && (await loadProfile(tx, value.odsCode))
    if (!value || !stored) return
    if (what === 'conflict') await tellOfConflict(tx, deps, value, stored.profile)
    else if (what === 'waiting') await tellOfWaiting(tx, deps, value, stored.profile)
    else {
      const readers = await personsOf(tx, [value.person])
      const forLead = value.kind === 'proposal'
      await tellOfValue(tx, readers, stored.profile, { id, field: value.field, what: 'agreed', words: '', forLead })
    }
  })
}

async function tellOfWaiting(tx: Tx, { clock }: FieldDeps, value: AskedValue, profile: Profile): Promise<void> {
  const holds = await loadHoldsInForce(tx, [value.odsCode], clock.now().toISOString())
  const hold = holds.find(({ id }) => id === value.holdId)
  if (!hold || value.state !== 'open') return
  const until = formatEndIn(hold.endsAt)
  await tellOfValue(tx, await personsOf(tx, [hold.heldBy]), profile, {
    ...{ id: value.id, field: value.field, what: 'waiting', words: '', forLead: true, until },
  })
}

/** Both people: who asked for the value, and who changed the field meanwhile; the latter stands for the profile. */
async function tellOfConflict(tx: Tx, deps: FieldDeps, value: AskedValue, profile: Profile): Promise<void> {
  const compared = comparedValues(profile, value.field, value, deps.holidays())
  const askers = await personsOf(tx, [value.person])
  const met = await personsOf(tx, [value.metBy])
  const mailbox = deps.sharedMailboxOf(profile)
  const others = met.length > 0 ? met : await loadAnswerers(tx, profile, { now: deps.clock.now(), mailbox })
  const services = await reachedBy(tx, profile)
  const told = { value, profile, services }
  const mine = compared.map(({ label, before, asked, standing }) => rowOf(label, before, asked, standing))
  const theirs = compared.map(({ label, before, asked, standing }) => rowOf(label, before, standing, asked))
  const side = value.kind === 'proposal' ? 'lead' : 'pharmacy'
  for (const reader of askers) await queueConflict(tx, reader, { ...told, side, rows: mine })
  for (const reader of others.filter(({ email }) => !askers.some((asker) => asker.email === email))) {
    await queueConflict(tx, reader, { ...told, side: 'pharmacy', rows: theirs })
  }
}

const rowOf = (label: string, before: string | null, yours: string | null, theirs: string | null): ConflictRow => ({
  label,
  before: before ?? 'Nothing',
  yours: yours ?? 'Nothing',
  theirs: theirs ?? 'Nothing',
})

const reachedBy = async (db: Queryable, { odsCode }: Profile) =>
  (await loadServicesOf(db, odsCode))
    .filter(({ profileOds }) => profileOds === odsCode)
    .map(({ record: { name, uid } }) => ({ name, uid }))

const queueConflict = (
  tx: Tx,
  { email, name }: { readonly email: string; readonly name: string | null },
  told: {
    readonly value: AskedValue
    readonly profile: Profile
    readonly services: readonly { readonly name: string; readonly uid: number }[]
    readonly side: 'pharmacy' | 'lead'
    readonly rows: readonly ConflictRow[]
  },
) =>
  queueEmail(tx, {
    kind: 'field-conflict',
    valueId: told.value.id,
    recipient: email,
    name,
    side: told.side,
    odsCode: told.profile.odsCode,
    pharmacyName: told.profile.name,
    field: fieldLabel(told.value.field, told.profile.kind),
    rows: isPublicField(told.value.field) ? told.rows : null,
    services: told.services,
  })
