/** Closing, reopening and giving another time, for a pharmacy, in a call. Views: close.njk, expect.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { closePharmacy, expectReopening, reopenPharmacy } from '#src/closures/close-pharmacy.ts'
import { loadClosure, type StoredClosure } from '#src/closures/closure-records.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { dateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { act } from '../act-for.ts'
import { actWords } from '../act-words.ts'
import type { StoredCall } from '../call-store.ts'
import type { DeskDeps } from '../desk-deps.ts'
import { parseCloseForm, parseUntil, SUDDEN_REASONS } from './call.form.ts'
import { askedIn, backTo, CALL_PATH } from './call.ts'

type Shown = {
  readonly title: string
  readonly callId: number
  readonly pharmacy: string
  readonly odsCode: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
}
type CloseView = Shown & {
  readonly reasons: readonly { readonly value: string; readonly text: string; readonly checked: boolean }[]
}
type ExpectView = Shown & { readonly closureId: string; readonly words: string }

const renderClose = template<CloseView>('emergency-desk/pages/close.njk')
const renderExpect = template<ExpectView>('emergency-desk/pages/expect.njk')
const ADVICE = 'Please use another pharmacy. If you need medicine urgently, call 111 or go to 111.nhs.uk.'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function actPages(app: FastifyInstance, deps: DeskDeps): void {
  const { clock } = deps

  app.get(`${CALL_PATH}/close`, async (request, reply) => {
    const { actor, call } = await askedIn(request, deps)
    requireActing(actor, call)
    const today = dateFields('until', dateOf(toLondon(clock.now()).day))
    return showClose(reply, call, { ...today, since: 'now', closure: crypto.randomUUID() }, [])
  })

  app.post(`${CALL_PATH}/close`, async (request, reply) => {
    const askedAt = clock.now()
    const { actor, call, fields } = await askedIn(request, deps)
    requireActing(actor, call)
    const form = parseCloseForm(fields, toLondon(askedAt))
    if (!form.ok) return showClose(reply.code(422), call, fields, form.problems)
    const { id, from, until, reason } = form.value
    const told = { id, from, until, services: null, reason, advice: ADVICE }
    // A closure is kept for good, a callback number is not: whoever has questions asks the desk.
    const who = { filledInBy: `${call.callerName}, by telephone to ${actor.name}`, phone: deps.numbers.serviceDesk }
    const by = { actor: auditNameOf(actor), via: 'desk', askedAt } as const
    const saved = await act(deps, actor, { callId: call.id, what: 'close', closureId: id }, () =>
      closePharmacy(deps, call.odsCode, { ...told, ...who }, by),
    )
    if (!saved.ok) return showClose(reply.code(422), call, fields, saved.problems.map(atField))
    return backTo(reply, call, 'close')
  })

  app.post(`${CALL_PATH}/reopen`, async (request, reply) => {
    const { actor, call, fields } = await askedIn(request, deps)
    requireActing(actor, call)
    const closure = await closureOf(deps, call, lineIn(fields, 'closure'))
    const saved = await act(deps, actor, { callId: call.id, what: 'reopen', closureId: closure.id }, () =>
      reopenPharmacy(deps, call.odsCode, closure.id, { actor: auditNameOf(actor) }),
    )
    // Somebody else was quicker: the page says how it stands.
    return backTo(reply, call, saved.ok ? 'reopen' : undefined)
  })

  app.get(`${CALL_PATH}/expect`, async (request, reply) => {
    const { actor, call } = await askedIn(request, deps)
    requireActing(actor, call)
    const closure = await closureOf(deps, call, lineIn(fieldsOf(request.query), 'closure'))
    return showExpect(reply, call, closure, dateFields('until', dateOf(toLondon(clock.now()).day)), [])
  })

  app.post(`${CALL_PATH}/expect`, async (request, reply) => {
    const { actor, call, fields } = await askedIn(request, deps)
    requireActing(actor, call)
    const closure = await closureOf(deps, call, lineIn(fields, 'closure'))
    const until = parseUntil(fields, toLondon(clock.now()))
    if (!until.ok) return showExpect(reply.code(422), call, closure, fields, until.problems)
    const saved = await act(deps, actor, { callId: call.id, what: 'expect', closureId: closure.id }, () =>
      expectReopening(deps, call.odsCode, closure.id, { actor: auditNameOf(actor), until: until.value }),
    )
    if (!saved.ok) return showExpect(reply.code(422), call, closure, fields, saved.problems.map(atField))
    return backTo(reply, call, 'expect')
  })
}

function requireActing(actor: Actor, call: StoredCall): void {
  if (call.actingBy !== auditNameOf(actor)) throw new Forbidden('You do not act for the pharmacy in this call')
}

async function closureOf({ db }: DeskDeps, { odsCode }: StoredCall, id: string): Promise<StoredClosure> {
  const closure = await loadClosure(db.pool, id)
  if (closure?.odsCode !== odsCode) throw new NotFound('There is no such closure')
  return closure
}

/** The fields of a closure as this form names them. */
const FIELD_NAMES: Readonly<Record<string, string>> = { from: 'since', until: 'until', reason: 'reason' }
const atField = (problem: Problem): Problem => ({ ...problem, field: FIELD_NAMES[problem.field] ?? 'form' })

const shownOf = (call: StoredCall) => ({ callId: call.id, pharmacy: call.pharmacy, odsCode: call.odsCode })

const showClose = (reply: FastifyReply, call: StoredCall, fields: Fields, problems: readonly Problem[]): FastifyReply =>
  renderClose(reply, {
    ...shownOf(call),
    title: 'Close the pharmacy',
    reasons: SUDDEN_REASONS.map((text) => ({ value: text, text, checked: rawIn(fields, 'reason') === text })),
    fields,
    problems,
  })

const showExpect = (
  reply: FastifyReply,
  call: StoredCall,
  closure: StoredClosure,
  fields: Fields,
  problems: readonly Problem[],
): FastifyReply =>
  renderExpect(reply, {
    ...shownOf(call),
    title: 'Give another time of reopening',
    closureId: closure.id,
    words: actWords('close', closure),
    fields,
    problems,
  })
