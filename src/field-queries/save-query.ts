/** Asking a pharmacy, answering, asking back and closing: each in one transaction with its emails and its audit entry. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { FieldQueryEmail } from '#src/emails/field-query.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { loadProfile, lockProfiles } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { type AskedField, QUERY_OUTCOMES, type QueryOutcome } from '#src/rules/asked-fields.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { AskDeps } from './field-deps.ts'
import type { Message, Query } from './queries.ts'
import { loadAnswerers, personsOf, type Recipient } from './who-is-told.ts'

export type AskedQuery = {
  readonly odsCode: string
  readonly field: AskedField
  readonly uid: number | null
  readonly question: string
  readonly replyBy: LocalDate
  readonly ifNoReply: string
}

/** Keeps a query and asks the pharmacy's editors by email; how many of them there are. Throws NotFound without a profile. */
export function askPharmacy(
  deps: AskDeps,
  actor: Actor,
  asked: AskedQuery,
): Promise<{ readonly id: number; readonly told: number }> {
  const { odsCode, field, uid, question, replyBy, ifNoReply } = asked
  const now = deps.clock.now()
  const at = now.toISOString()
  const by = auditNameOf(actor)
  return deps.db.transact(async (tx) => {
    const stored = (await lockProfiles(tx, [odsCode])).get(odsCode)
    if (!stored) throw new NotFound(`No pharmacy has the ODS code ${odsCode}`)
    const { id } = await tx
      .insertInto('field_query')
      .values({
        ...{ ods_code: odsCode, field, uid, asked_by: by, asked_at: at, reply_by: replyBy, if_no_reply: ifNoReply },
        ...{ turn: 'pharmacy', turns: 1 },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await insertMessage(tx, id, { side: 'lead', person: by, writtenAt: at, words: question })
    const query = { id, ...asked, turns: 1 }
    const readers = await answerersOf(tx, deps, stored.profile)
    await tell(tx, readers, query, stored.profile, { what: 'asked', words: question })
    await note(tx, at, by, 'ask-pharmacy', { ...query, words: question })
    return { id, told: readers.length }
  })
}

/** What somebody does with a query that they read when it had had `turns` messages. */
export type QueryStep =
  | { readonly kind: 'answer'; readonly words: string }
  | { readonly kind: 'ask-back'; readonly words: string; readonly replyBy: LocalDate }
  | { readonly kind: 'close'; readonly outcome: QueryOutcome; readonly words: string }

/** `changed`: somebody wrote or closed it meanwhile, and what was written is not kept yet. */
export type StepOutcome = 'done' | 'changed'

/** Answers, asks back or closes. Only upon the latest word: the second of two people is told, and keeps what they wrote. */
export function takeQueryStep(
  deps: AskDeps,
  actor: Actor,
  query: Pick<Query, 'id' | 'odsCode'>,
  { turns, step }: { readonly turns: number; readonly step: QueryStep },
): Promise<StepOutcome> {
  const at = deps.clock.now().toISOString()
  const by = auditNameOf(actor)
  return deps.db.transact(async (tx) => {
    const row = await lockQuery(tx, query)
    if (row.turn === 'closed' || row.turns !== turns) return 'changed'
    const stored = await loadProfile(tx, query.odsCode)
    if (!stored) throw new NotFound(`No pharmacy has the ODS code ${query.odsCode}`)
    const replyBy = step.kind === 'ask-back' ? step.replyBy : (row.reply_by.slice(0, 10) as LocalDate)
    const next = { id: query.id, turns: turns + 1, field: row.field as AskedField, ifNoReply: row.if_no_reply, replyBy }
    await tx
      .updateTable('field_query')
      .set({ ...changesOf(step, by, at), turns: next.turns, reply_by: replyBy })
      .where('id', '=', query.id)
      .execute()
    await sayStep(tx, deps, { step, by, at, askedBy: row.asked_by, next, profile: stored.profile })
    return 'done'
  })
}

/** What a step says, to whom: kept in the thread, sent to the other side, and in the ledger. */
async function sayStep(
  tx: Tx,
  deps: AskDeps,
  {
    step,
    by,
    at,
    askedBy,
    next,
    profile,
  }: {
    readonly step: QueryStep
    readonly by: string
    readonly at: string
    readonly askedBy: string
    readonly next: Told
    readonly profile: Profile
  },
): Promise<void> {
  const { kind, words } = step
  const side = kind === 'answer' ? 'pharmacy' : 'lead'
  if (words !== '') await insertMessage(tx, next.id, { side, person: by, writtenAt: at, words })
  const readers = kind === 'answer' ? await personsOf(tx, [askedBy]) : await answerersOf(tx, deps, profile)
  const outcome = step.kind === 'close' ? QUERY_OUTCOMES[step.outcome] : null
  await tell(tx, readers, next, profile, { what: TOLD[kind], words, outcome })
  await note(tx, at, by, ACTIONS[kind], { ...next, odsCode: profile.odsCode, words, outcome })
}

/** Throws NotFound when the pharmacy has no such query. */
async function lockQuery(tx: Tx, { id, odsCode }: Pick<Query, 'id' | 'odsCode'>) {
  const row = await tx
    .selectFrom('field_query')
    .selectAll()
    .where('id', '=', id)
    .where('ods_code', '=', odsCode)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new NotFound(`There is no query ${id}`)
  return row
}

const TOLD = { answer: 'answered', 'ask-back': 'asked-again', close: 'closed' } as const
const ACTIONS = { answer: 'answer-query', 'ask-back': 'ask-pharmacy-again', close: 'close-query' } as const

function changesOf(step: QueryStep, by: string, at: string) {
  switch (step.kind) {
    case 'answer':
      return { turn: 'lead' }
    case 'ask-back':
      return { turn: 'pharmacy', reminded_on: null }
    case 'close':
      return { turn: 'closed', outcome: step.outcome, closed_by: by, closed_at: at }
  }
}

const insertMessage = (tx: Tx, queryId: number, { side, person, writtenAt, words }: Message) =>
  tx
    .insertInto('field_query_message')
    .values({ query_id: queryId, side, person, written_at: writtenAt, words })
    .execute()

const answerersOf = (tx: Tx, { clock, sharedMailboxOf }: AskDeps, profile: Profile) =>
  loadAnswerers(tx, profile, { now: clock.now(), mailbox: sharedMailboxOf(profile) })

type Told = Pick<Query, 'id' | 'turns' | 'field' | 'replyBy' | 'ifNoReply'>

/** Sends one email about a query to each reader. */
export async function tell(
  tx: Tx,
  readers: readonly Recipient[],
  query: Told,
  profile: Pick<Profile, 'odsCode' | 'name' | 'kind'>,
  said: { readonly what: FieldQueryEmail['what']; readonly words: string; readonly outcome?: string | null },
): Promise<void> {
  for (const { email, name } of readers) {
    await queueEmail(tx, {
      kind: 'field-query',
      queryId: query.id,
      turn: query.turns,
      what: said.what,
      recipient: email,
      name,
      odsCode: profile.odsCode,
      pharmacyName: profile.name,
      field: fieldLabel(query.field, profile.kind),
      words: said.words,
      replyBy: formatDateShort(query.replyBy),
      ifNoReply: query.ifNoReply,
      outcome: said.outcome ?? null,
    })
  }
}

const note = (
  tx: Tx,
  at: string,
  actor: string,
  action: string,
  {
    id,
    odsCode,
    field,
    words,
    outcome,
  }: Pick<Query, 'id' | 'odsCode' | 'field'> & { words: string; outcome?: string | null },
) =>
  appendToLedger(tx, at, [
    {
      actor,
      action,
      target: `pharmacy:${odsCode}`,
      detail: { query: id, field, words, ...(outcome ? { outcome } : {}) },
      changes: [],
    },
  ])
