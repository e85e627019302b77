/** Proposing a value, and deciding about values that were asked for: proposals, waiting changes, conflicts. */
import { sql } from 'kysely'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { FieldTold } from '#src/emails/field-told.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import {
  ASKED_COLUMNS,
  type AskedState,
  type AskedValue,
  askedValueOf,
  endAskedValue,
  entryOf,
  insertAskedValue,
} from '#src/profiles/asked-values.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { valueOfField } from '#src/profiles/held-fields.ts'
import { loadProfileVersion, lockProfiles } from '#src/profiles/load-profiles.ts'
import { inScope, type ListScope } from '#src/profiles/match-pharmacies.ts'
import type { Profile, StoredProfile } from '#src/profiles/profile.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import { isSameJson } from '#src/rules/field-conflicts.ts'
import type { FieldDeps } from './field-deps.ts'
import { lockValue, takeValue } from './take-value.ts'
import { loadAnswerers, personsOf, type Recipient } from './who-is-told.ts'

export type Proposal = {
  readonly odsCode: string
  readonly field: HeldField
  /** What the field said on the form that the lead filled in, and what they want it to say. */
  readonly base: unknown
  readonly asked: unknown
  readonly reason: string
}

/** Keeps a proposal and tells the pharmacy. `proposed-already`: this person's last one for the field is undecided. */
export function proposeValue(
  deps: FieldDeps,
  actor: Actor,
  proposal: Proposal,
): Promise<
  { readonly outcome: 'proposed'; readonly id: number } | { readonly outcome: 'proposed-already' | 'changed' }
> {
  const { odsCode, field, base, asked, reason } = proposal
  const now = deps.clock.now()
  const at = now.toISOString()
  const by = auditNameOf(actor)
  return deps.db.transact(async (tx) => {
    const stored = (await lockProfiles(tx, [odsCode])).get(odsCode)
    if (!stored) throw new NotFound(`No pharmacy has the ODS code ${odsCode}`)
    if (!isSameJson(base, valueOfField(stored.profile, field))) return { outcome: 'changed' }
    const given = { odsCode, field, kind: 'proposal', holdId: null, base, asked, reason } as const
    const id = await insertAskedValue(tx, { ...given, person: by, action: 'accept-proposal', askedAt: at })
    if (id === undefined) return { outcome: 'proposed-already' }
    const readers = await loadAnswerers(tx, stored.profile, { now, mailbox: deps.sharedMailboxOf(stored.profile) })
    await tellOfValue(tx, readers, stored.profile, { id, field, what: 'proposed', words: reason, forLead: false })
    await appendToLedger(tx, at, [entryOf(by, 'propose-value', { id, odsCode, field, kind: 'proposal' }, { reason })])
    return { outcome: 'proposed', id }
  })
}

/** Sends an email about a value to each reader, once for each thing that happens to it. */
export async function tellOfValue(
  tx: Tx,
  readers: readonly Recipient[],
  profile: Pick<Profile, 'odsCode' | 'name' | 'kind'>,
  told: Pick<FieldTold, 'what' | 'words'> & {
    readonly id: number
    readonly field: HeldField
    readonly forLead: boolean
    readonly until?: string
  },
): Promise<void> {
  for (const { email, name } of readers) {
    await queueEmail(tx, {
      kind: 'field-told',
      what: told.what,
      about: `value ${told.id}`,
      recipient: email,
      name,
      odsCode: profile.odsCode,
      pharmacyName: profile.name,
      field: fieldLabel(told.field, profile.kind),
      words: told.words,
      until: told.until ?? null,
      path: told.forLead ? `/workspace/conflicts/${told.id}` : `/manage/${profile.odsCode}/queries/values/${told.id}`,
    })
  }
}

/** Whose decision it is: the pharmacy's own, or that of whoever asks, holds and proposes. */
export type Side = 'pharmacy' | 'lead'

/** What may be done with a value: put it into the profile, or leave the profile as it is. */
export type Choice = 'take' | 'leave'

/**
 * What each side may do. A pharmacy decides about its own words. A lead lets through what the pharmacy itself sent, and
 * takes back what a lead proposed; a lead neither writes nor refuses what a pharmacy says.
 */
export function choicesFor({ kind, state }: Pick<AskedValue, 'kind' | 'state'>, side: Side): readonly Choice[] {
  if (state !== 'open' && state !== 'conflict') return []
  if (side === 'lead') return kind === 'waiting' ? ['take'] : ['leave']
  return kind === 'waiting' && state === 'open' ? ['leave'] : ['take', 'leave']
}

export type Decision = {
  readonly id: number
  readonly odsCode: string
  readonly side: Side
  readonly choice: Choice
  readonly words: string
  /** How the value stood, and the version of the profile, on the page where it was decided. */
  readonly state: AskedState
  readonly version: number
}

export type DecisionOutcome =
  | { readonly outcome: 'decided'; readonly state: AskedState; readonly seq: number }
  /** Somebody decided already, or the field changed since: nothing was done, and both values are to be read again. */
  | { readonly outcome: 'changed' }
  | { readonly outcome: 'refused'; readonly problem: string }

/** Decides, once, about values that are still as they were read. The other side is told. */
export function decideValue(deps: FieldDeps, actor: Actor, decision: Decision): Promise<DecisionOutcome> {
  const by = auditNameOf(actor)
  return deps.db.transact(async (tx): Promise<DecisionOutcome> => {
    const locked = await lockValue(tx, decision.id)
    if (locked?.value.odsCode !== decision.odsCode) throw new NotFound(`There is no value ${decision.id}`)
    const mayDo = choicesFor(locked.value, decision.side).includes(decision.choice)
    if (!mayDo || locked.value.state !== decision.state) return { outcome: 'changed' }
    if (await hasChanged(tx, locked.value, locked.stored, decision)) return { outcome: 'changed' }
    return decision.choice === 'take' ? take(tx, deps, locked, by, decision) : leave(tx, deps, locked, by, decision)
  })
}

type Locked = { readonly value: AskedValue; readonly stored: StoredProfile }

async function take(
  tx: Tx,
  deps: FieldDeps,
  locked: Locked,
  by: string,
  { side, words }: Decision,
): Promise<DecisionOutcome> {
  const { kind, person, action } = locked.value
  const own = kind === 'proposal' ? 'accept-proposal' : 'take-waiting-change'
  // What a lead lets through stays the change of whoever sent it.
  const who = side === 'lead' ? { actor: person, action } : { actor: by, action: own }
  const taken = await takeValue(tx, deps, locked, { ...who, decidedBy: by, words: words || null })
  if (taken.outcome === 'refused') return taken
  await tellOthers(tx, deps, locked, { by, what: 'taken', words })
  return { outcome: 'decided', state: 'taken', seq: taken.seq }
}

async function leave(
  tx: Tx,
  deps: FieldDeps,
  locked: Locked,
  by: string,
  { id, side, words }: Decision,
): Promise<DecisionOutcome> {
  const at = deps.clock.now().toISOString()
  const state = side === 'pharmacy' && locked.value.kind === 'proposal' ? 'declined' : 'withdrawn'
  await endAskedValue(tx, id, { state, by, at, words: words || null })
  await tellOthers(tx, deps, locked, { by, what: state, words })
  const action = state === 'declined' ? 'decline-value' : 'withdraw-value'
  await appendToLedger(tx, at, [entryOf(by, action, locked.value, words ? { words } : {})])
  return { outcome: 'decided', state, seq: 0 }
}

/** Whether the field says something else than on the page where it was decided. */
async function hasChanged(
  tx: Tx,
  { field, odsCode }: AskedValue,
  { profile, version }: StoredProfile,
  seen: Decision,
): Promise<boolean> {
  if (version === seen.version) return false
  const page = await loadProfileVersion(tx, odsCode, seen.version)
  return !page || !isSameJson(valueOfField(page.profile, field), valueOfField(profile, field))
}

/** Everybody else whom the value concerns: who asked for it, who changed the field, the pharmacy's people. */
async function tellOthers(
  tx: Tx,
  deps: FieldDeps,
  { value, stored: { profile } }: Locked,
  { by, what, words }: { readonly by: string; readonly what: FieldTold['what']; readonly words: string },
): Promise<void> {
  const isOther = ({ email }: Recipient) => `person:${email}` !== by
  const asker = (await personsOf(tx, [value.person])).filter(isOther)
  await tellOfValue(tx, asker, profile, {
    ...{ id: value.id, field: value.field, what, words, forLead: value.kind === 'proposal' },
  })
  if (what !== 'withdrawn' || value.kind !== 'proposal') return
  const mailbox = deps.sharedMailboxOf(profile)
  const readers = (await loadAnswerers(tx, profile, { now: deps.clock.now(), mailbox })).filter(isOther)
  await tellOfValue(tx, readers, profile, { id: value.id, field: value.field, what, words, forLead: false })
}

export type ListedValue = AskedValue & { readonly pharmacyName: string }

const select = sql`
  select ${ASKED_COLUMNS}, name as "pharmacyName"
  from asked_value join (select ods_code, name, document from profile) as pharmacy using (ods_code)`
export const VALUES_SHOWN = 100

const listed = (row: { pharmacyName: string }): ListedValue => ({
  ...askedValueOf(row),
  pharmacyName: row.pharmacyName,
})

/** A page, from 1, of what nobody has decided about in a scope: conflicts first, then the oldest. */
export async function loadUndecidedIn(db: Queryable, scope: ListScope, page: number): Promise<readonly ListedValue[]> {
  const { rows } = await sql<{ pharmacyName: string }>`
    ${select} where state in ('open', 'conflict') and ${inScope(scope)}
    order by state <> 'conflict', asked_value.id limit ${VALUES_SHOWN} offset ${(page - 1) * VALUES_SHOWN}`.execute(db)
  return rows.map(listed)
}

/** How many values of a scope nobody has decided about. */
export async function countUndecided(db: Queryable, scope: ListScope): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::integer as total
    from asked_value join (select ods_code, name, document from profile) as pharmacy using (ods_code)
    where state in ('open', 'conflict') and ${inScope(scope)}`.execute(db)
  return rows[0]?.total ?? 0
}

/** One value of a scope; undefined when there is none there. */
export async function loadValue(db: Queryable, id: number, scope: ListScope): Promise<ListedValue | undefined> {
  const { rows } = await sql<{ pharmacyName: string }>`
    ${select} where asked_value.id = ${id} and ${inScope(scope)}`.execute(db)
  return rows[0] && listed(rows[0])
}
