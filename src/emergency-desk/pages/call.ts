/** `/on-call/calls/:callId`: a call, step by step. View: call.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { isInScope, scopeOf } from '#src/accounts/can.ts'
import { parseCode } from '#src/accounts/one-time-codes.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { targetOf } from '#src/profiles/visit.ts'
import { FACT_KINDS } from '#src/rules/challenge-facts.ts'
import type { Problem } from '#src/rules/problems.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'
import { beginActing, reviewTime } from '../act-for.ts'
import { loadCall, OUTCOMES, type Outcome, type StoredCall, updateCall } from '../call-store.ts'
import { REVIEWS, WHY_NOT } from '../call-words.ts'
import { answerChallenge, sendCode } from '../challenge.ts'
import { callTaker, type DeskDeps, deskActor, reviewer } from '../desk-deps.ts'
import { endReview, takeReview } from '../review-calls.ts'
import { parseActing, parseCoach } from './call.form.ts'
import { type CallView, callView } from './call-view.ts'

type View = CallView & {
  readonly banner: string | null
  readonly whyNot: readonly { readonly value: string; readonly text: string; readonly checked: boolean }[]
  readonly reviews: readonly { readonly value: string; readonly text: string; readonly checked: boolean }[]
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

export const CALL_PATH = '/on-call/calls/:callId'
const render = template<View>('emergency-desk/pages/call.njk')

/** Mounts the pages, in a scope that only signed-in people reach. */
export function callPages(app: FastifyInstance, deps: DeskDeps): void {
  const { db, clock } = deps
  const refusing = async (
    reply: FastifyReply,
    asked: { readonly actor: Actor; readonly call: StoredCall; readonly fields: Fields },
    problems: readonly Problem[],
  ) => show(reply.code(422), deps, { ...asked, problems, banner: null })

  app.get(CALL_PATH, async (request, reply) => {
    const actor = deskActor(request)
    const call = await callIn(request, deps, actor)
    const banner = BANNERS[rawIn(fieldsOf(request.query), 'saved')] ?? null
    return await show(reply, deps, { actor, call, fields: {}, problems: [], banner })
  })

  app.post(`${CALL_PATH}/coach`, async (request, reply) => {
    const asked = await askedIn(request, deps)
    const coach = parseCoach(asked.fields)
    if (!coach.ok) return await refusing(reply, asked, coach.problems)
    const { triedTool, whyNot } = coach.value
    await db.transact((tx) => updateCall(tx, asked.call.id, { tried_tool: triedTool, why_not: whyNot }))
    return backTo(reply, asked.call)
  })

  app.post(`${CALL_PATH}/link`, async (request, reply) => {
    const asked = await askedIn(request, deps)
    const sent = await sendLink(deps, asked.call)
    if (!sent) return await refusing(reply, asked, [problem('link', 'This pharmacy has no shared mailbox')])
    return backTo(reply, asked.call, 'link')
  })

  app.post(`${CALL_PATH}/code`, async (request, reply) => {
    const asked = await askedIn(request, deps)
    const sent = await sendCode(deps, asked.call.id)
    if (sent === 'sent') return backTo(reply, asked.call, 'code')
    const message =
      sent === 'limit'
        ? 'The shared mailbox has had too many codes. Wait an hour, or ask the 2 questions'
        : 'This pharmacy has no shared mailbox. Ask the 2 questions'
    return await refusing(reply, asked, [problem('code', message)])
  })

  app.post(`${CALL_PATH}/challenge`, async (request, reply) => {
    const asked = await askedIn(request, deps)
    const { fields } = asked
    const how = lineIn(fields, 'how') === 'code' ? 'code' : 'facts'
    const answer = how === 'code' ? codeAnswer(fields) : factsAnswer(fields)
    if (!answer) return await refusing(reply, asked, [problem(how, MISSING[how])])
    const answered = await answerChallenge(deps, asked.actor, asked.call.id, answer)
    if (answered === 'right') return backTo(reply, asked.call, 'proved')
    const call = (await loadCall(db.pool, asked.call.id)) ?? asked.call
    // What was said is not shown again: the next answer has to be heard afresh.
    return await refusing(reply, { ...asked, call, fields: {} }, [problem(how, WRONG[answered])])
  })

  app.post(`${CALL_PATH}/acting`, async (request, reply) => {
    const asked = await askedIn(request, deps)
    const acting = parseActing(asked.fields)
    if (!acting.ok) return await refusing(reply, asked, acting.problems)
    const { reason, review } = acting.value
    await beginActing(deps, asked.actor, asked.call.id, { reason, reviewAt: reviewTime(review.hours, deps) })
    return backTo(reply, asked.call, 'acting')
  })

  app.post(`${CALL_PATH}/end`, async (request, reply) => {
    const asked = await askedIn(request, deps)
    const outcome = outcomeIn(asked.fields, asked.call)
    if (!outcome) return await refusing(reply, asked, [problem('outcome', 'Select how the call ended')])
    const ended = { ended_at: clock.now().toISOString(), ended_by: auditNameOf(asked.actor), outcome }
    await db.transact((tx) => updateCall(tx, asked.call.id, ended))
    return backTo(reply, asked.call, 'ended')
  })

  app.post(`${CALL_PATH}/review`, async (request, reply) => {
    const actor = reviewer(request)
    const call = await callIn(request, deps, actor)
    const fields = fieldsOf(request.body)
    const what = lineIn(fields, 'do')
    if (what === 'take') {
      await db.transact((tx) => takeReview(tx, call.id, { by: auditNameOf(actor), now: clock.now() }))
      return backTo(reply, call, 'taken')
    }
    const review = REVIEWS.find(({ value }) => value === what)
    if (!review && what !== 'done') throw new NotFound('There is no such answer')
    await db.transact((tx) => endReview(tx, call.id, review ? reviewTime(review.hours, deps) : null))
    return backTo(reply, call, review ? 'later' : 'reviewed')
  })
}

const MISSING = { code: 'Enter the code: 6 numbers', facts: 'Enter what the caller says to both questions' }
const WRONG = {
  wrong: 'That is not right. Do not say what was wrong. Ask again',
  again: 'This code has run out. Send a new one',
  locked: 'There were too many wrong answers. You cannot act for this pharmacy',
}
const BANNERS: Readonly<Record<string, string>> = {
  link: 'The link is on its way to the shared mailbox. Stay on the line while they try.',
  code: 'The code is on its way to the shared mailbox. Ask the caller to read it out.',
  proved: 'They have shown that they belong to the pharmacy.',
  acting: 'You act for the pharmacy until you end the call.',
  close: 'The pharmacy is closed for everybody now.',
  reopen: 'The pharmacy is open again, by its usual hours.',
  expect: 'The time of reopening is changed.',
  ended: 'The call has ended.',
  taken: 'Noted that you have it.',
  later: 'You, or whoever is on call then, will be asked again.',
  reviewed: 'Nobody needs to look at this again.',
}

async function show(
  reply: FastifyReply,
  deps: DeskDeps,
  asked: {
    readonly actor: Actor
    readonly call: StoredCall
    readonly fields: Fields
    readonly problems: readonly Problem[]
    readonly banner: string | null
  },
): Promise<FastifyReply> {
  const { actor, call, fields, problems, banner } = asked
  return render(reply, {
    ...(await callView(deps, actor, call)),
    banner,
    whyNot: WHY_NOT.map((text) => ({ value: text, text, checked: rawIn(fields, 'why-not') === text })),
    reviews: REVIEWS.map(({ value, text }) => ({ value, text, checked: rawIn(fields, 'review') === value })),
    fields,
    problems,
  })
}

/** The call in the address, for somebody who may see it. */
async function callIn(request: FastifyRequest, { db }: DeskDeps, actor: Actor): Promise<StoredCall> {
  const { callId } = request.params as { callId: string }
  const call = /^\d{1,15}$/.test(callId) ? await loadCall(db.pool, Number(callId)) : undefined
  if (!call) throw new NotFound('There is no such call')
  const target = targetOf(call.odsCode, await loadProfile(db.pool, call.odsCode))
  if (!isInScope(scopeOf(actor, 'see-on-call'), target)) throw new Forbidden('This call is about another area')
  return call
}

/** The open call that a form of whoever takes calls is about. */
export async function askedIn(request: FastifyRequest, deps: DeskDeps) {
  const actor = callTaker(request)
  const call = await callIn(request, deps, actor)
  if (call.endedAt) throw new NotFound('This call has ended')
  return { actor, call, fields: fieldsOf(request.body) }
}

/** Back to the page of the call, with a word on what was done. */
export const backTo = (reply: FastifyReply, { id }: StoredCall, saved?: string): FastifyReply =>
  reply.redirect(`/on-call/calls/${id}${saved ? `?saved=${saved}` : ''}`, 303)

async function sendLink({ db, clock, sharedMailboxDomains }: DeskDeps, call: StoredCall): Promise<boolean> {
  const stored = await loadProfile(db.pool, call.odsCode)
  const recipient = stored && sharedMailboxOf(stored.profile, sharedMailboxDomains)
  if (!recipient) return false
  const pharmacy = { odsCode: call.odsCode, name: call.pharmacy }
  await db.transact(async (tx) => {
    await updateCall(tx, call.id, { link_sent_at: clock.now().toISOString() })
    await queueEmail(tx, { kind: 'on-call-link', callId: call.id, recipient, pharmacy })
  })
  return true
}

function codeAnswer(fields: Fields) {
  const code = parseCode(rawIn(fields, 'code'))
  return code ? ({ how: 'code', code } as const) : undefined
}

function factsAnswer(fields: Fields) {
  const said = Object.fromEntries(FACT_KINDS.map((kind) => [kind, lineIn(fields, `fact-${kind}`)]))
  const given = Object.values(said).filter((words) => words !== '')
  return given.length >= 2 ? ({ how: 'facts', said } as const) : undefined
}

/** Whoever acted ends with that; otherwise it is asked. */
function outcomeIn(fields: Fields, call: StoredCall): Outcome | undefined {
  if (call.actingSince) return 'acted'
  const chosen = OUTCOMES.find((each) => each === lineIn(fields, 'outcome'))
  return chosen === 'acted' ? undefined : chosen
}

const problem = (field: string, message: string): Problem => ({ field, code: 'invalid', message })
