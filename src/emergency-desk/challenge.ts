/**
 * How a caller shows that they belong to a pharmacy: a code that went to its shared mailbox, or its phone line for
 * professionals and one more fact. Whoever asks never sees the right answers. Every answer is counted, and wrong ones are
 * limited in a call and in a day, so that ringing again is no way round.
 */
import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { loadMembers } from '#src/access/members.ts'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { issueCode, takeCode } from '#src/accounts/one-time-codes.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { NotFound } from '#src/platform/errors.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import {
  challengeAnswers,
  chooseFacts,
  type FactKind,
  isRightAnswer,
  MOST_WRONG_IN_A_CALL,
  MOST_WRONG_IN_A_DAY,
} from '#src/rules/challenge-facts.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'
import { lockCall, type StoredCall, updateCall } from './call-store.ts'
import type { DeskDeps } from './desk-deps.ts'

const DAY_MS = 86_400_000
/** A second sending within this time is a second click. */
const SAME_CLICK_MS = 20_000

/** What of a challenge is left. */
export type ChallengeLeft = { readonly wrong: number; readonly guessesLeft: number }

/** How often the call, and all calls about its pharmacy in a day, may still be answered wrongly. */
export async function loadChallengeLeft(db: Queryable, call: StoredCall, now: Date): Promise<ChallengeLeft> {
  const since = new Date(now.getTime() - DAY_MS).toISOString()
  const rows = await db
    .selectFrom('on_call_attempt')
    .select('call_id')
    .where('ods_code', '=', call.odsCode)
    .where('correct', '=', false)
    .where((row) => row.or([row('tried_at', '>', since), row('call_id', '=', call.id)]))
    .execute()
  const wrong = rows.filter(({ call_id }) => call_id === call.id).length
  return { wrong, guessesLeft: Math.max(0, Math.min(MOST_WRONG_IN_A_CALL - wrong, MOST_WRONG_IN_A_DAY - rows.length)) }
}

/** The two facts that this call asks for; chosen once, so that opening the page again does not choose others. Null: too few. */
export async function factsToAsk(deps: DeskDeps, callId: number): Promise<readonly FactKind[] | null> {
  return await deps.db.transact(async (tx) => {
    const { call, profile } = await lockedCall(tx, callId)
    if (call.facts) return call.facts
    const chosen = chooseFacts(await answersOf(tx, profile, deps.clock.now()), (below) => randomInt(below))
    if (!chosen) return null
    await updateCall(tx, callId, { facts: [...chosen] })
    return chosen
  })
}

/** `limit`: the mailbox has had too many codes. `no-mailbox`: there is none that only the pharmacy reads. */
export type CodeSent = 'sent' | 'limit' | 'no-mailbox'

/** Sends a code to the shared mailbox of the pharmacy. */
export async function sendCode(deps: DeskDeps, callId: number): Promise<CodeSent> {
  const now = deps.clock.now()
  return await deps.db.transact(async (tx) => {
    const { call, profile } = await lockedCall(tx, callId)
    const mailbox = sharedMailboxOf(profile, deps.sharedMailboxDomains)
    if (mailbox === null) return 'no-mailbox'
    const last = call.codeId ? await sentAt(tx, call.codeId) : undefined
    if (last && now.getTime() - Date.parse(last) < SAME_CLICK_MS) return 'sent'
    const issued = await issueCode(tx, {
      purpose: 'shared-mailbox',
      subject: subjectOf(call),
      now,
      pepper: deps.pepper,
    })
    if (!issued) return 'limit'
    await updateCall(tx, callId, { code_id: issued.codeId })
    const pharmacy = { odsCode: call.odsCode, name: profile.name }
    await queueEmail(tx, { kind: 'on-call-code', recipient: mailbox, pharmacy, codeId: issued.codeId })
    return 'sent'
  })
}

/** What somebody said: the digits of the code, or their words for each fact. */
export type Answer =
  | { readonly how: 'code'; readonly code: string }
  | { readonly how: 'facts'; readonly said: Readonly<Partial<Record<FactKind, string>>> }

/** `again`: the code is over, or nothing was asked; it counts as no answer. */
export type Answered = 'right' | 'wrong' | 'again' | 'locked'

/** Compares an answer and counts it. */
export async function answerChallenge(deps: DeskDeps, actor: Actor, callId: number, answer: Answer): Promise<Answered> {
  const now = deps.clock.now()
  return await deps.db.transact(async (tx) => {
    const { call, profile } = await lockedCall(tx, callId)
    if (call.provedAt) return 'right'
    await sql`select pg_advisory_xact_lock(hashtextextended(${`challenge ${call.odsCode}`}, 0))`.execute(tx)
    if ((await loadChallengeLeft(tx, call, now)).guessesLeft === 0) return 'locked'
    const correct =
      answer.how === 'code'
        ? await isRightCode(tx, call, { code: answer.code, now, pepper: deps.pepper })
        : areRightFacts(call, answer.said, await answersOf(tx, profile, now))
    if (correct === undefined) return 'again'
    const by = auditNameOf(actor)
    const tried = { call_id: callId, ods_code: call.odsCode, tried_at: now.toISOString(), actor: by }
    await tx
      .insertInto('on_call_attempt')
      .values({ ...tried, how: answer.how, correct })
      .execute()
    if (correct) await updateCall(tx, callId, { proved_at: now.toISOString(), proved_how: answer.how })
    return correct ? 'right' : 'wrong'
  })
}

async function isRightCode(
  tx: Tx,
  call: StoredCall,
  { code, now, pepper }: { readonly code: string; readonly now: Date; readonly pepper: string },
): Promise<boolean | undefined> {
  if (!call.codeId) return undefined
  const taken = await takeCode(tx, { codeId: call.codeId, purpose: 'shared-mailbox', code, now, pepper })
  if (taken === 'ok') return true
  return taken === 'wrong' ? false : undefined
}

function areRightFacts(
  call: StoredCall,
  said: Readonly<Partial<Record<FactKind, string>>>,
  answers: ReadonlyMap<FactKind, readonly string[]>,
): boolean | undefined {
  if (!call.facts) return undefined
  // All are compared, so that the time it takes does not tell which was wrong.
  const right = call.facts.filter((kind) => isRightAnswer(kind, said[kind] ?? '', answers.get(kind) ?? []))
  return right.length === call.facts.length
}

async function answersOf(tx: Tx, profile: Profile, now: Date): Promise<ReadonlyMap<FactKind, readonly string[]>> {
  const members = await loadMembers(tx, profile.odsCode, now)
  return challengeAnswers({ ...profile, members: members.flatMap(({ name }) => name ?? []) })
}

async function lockedCall(tx: Tx, callId: number): Promise<{ readonly call: StoredCall; readonly profile: Profile }> {
  const call = await lockCall(tx, callId)
  const stored = call && (await loadProfile(tx, call.odsCode))
  if (!call || !stored || call.endedAt) throw new NotFound('There is no such open call')
  return { call, profile: stored.profile }
}

const subjectOf = ({ odsCode }: StoredCall): string => `act-for ${odsCode}`

async function sentAt(tx: Tx, codeId: string): Promise<string | undefined> {
  const row = await tx.selectFrom('one_time_code').select('created_at').where('id', '=', codeId).executeTakeFirst()
  return row?.created_at
}
