/**
 * Closing a pharmacy, and everything a person does to a closure afterwards: the one way, whether they are signed in,
 * have a code from the shared mailbox, or are on call.
 */
import type { Tx } from '#src/platform/db/db.ts'
import { NotFound } from '#src/platform/errors.ts'
import { loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { type ClosureAct, refusalOf } from '#src/rules/closure-states.ts'
import { formatLondon, instantOf, type LondonTime, parseLondonMinute, toLondon } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type ClosureDecision, type ClosureDeps, type ClosureSaved, changeClosure } from './change-closure.ts'
import { type ClosureVia, loadClosure, type StoredClosure } from './closure-records.ts'
import {
  type ClosureContext,
  closureIn,
  decideClose,
  decideEnd,
  decideExpect,
  type ToldClosure,
} from './decide-closure.ts'

/** Who filled in the form, for the notice to the ICB. The phone is where professionals reach them; never public. */
export type FilledIn = { readonly filledInBy: string | null; readonly phone: string | null }

type By = { /** As in `audit.actor`. */ readonly actor: string }

/**
 * Closes the pharmacy, or some of its services, now or later. Told again under the same id it changes nothing: a second
 * press of the button is the same closure. `askedAt` is when the request reached us. Throws NotFound for an unknown
 * pharmacy.
 */
export async function closePharmacy(
  deps: ClosureDeps,
  odsCode: string,
  told: ToldClosure & FilledIn,
  { actor, via, askedAt }: By & { readonly via: ClosureVia; readonly askedAt: Date },
): Promise<Result<ClosureSaved>> {
  const { filledInBy, phone, ...spoken } = told
  const saved = await changeClosure(deps, {
    odsCode,
    actor,
    action: 'close-pharmacy',
    decide: async (tx, { profile }, context) => {
      const known = await loadClosure(tx, told.id)
      if (known) return known.odsCode === odsCode ? accepted(undefined) : refused(notYours())
      const strange = await strangeServices(tx, odsCode, told)
      if (strange.length > 0) return refused(...strange)
      const decided = decideClose(profile, spoken, context)
      if (!decided.ok) return decided
      const closure = {
        id: told.id,
        odsCode,
        startsAt: millisecondsOf(told.from),
        expectedAt: told.until === null ? null : millisecondsOf(told.until),
        endedAt: null,
        end: null,
        services: told.services,
        reason: told.reason,
        advice: told.advice,
        toldAt: askedAt.toISOString(),
        toldBy: actor,
        via,
        filledInBy,
        phone,
        lastWordAt: context.instant.getTime(),
        reminded: false,
      }
      return accepted({ closure, profile: decided.value, event: 'told' })
    },
  })
  if (!saved.ok) return saved
  return accepted(saved.value ?? (await asItIs(deps, told.id)))
}

/** Opens again: now, or from a minute that is over, at the earliest from the start of the closure. */
export function reopenPharmacy(
  deps: ClosureDeps,
  odsCode: string,
  id: string,
  { actor, at }: By & { readonly at?: LondonTime },
): Promise<Result<ClosureSaved>> {
  return act(deps, { odsCode, id, actor, what: 'reopen', action: 'reopen-pharmacy' }, (closure, profile, context) => {
    const endedAt = at ? instantOf(at).getTime() : context.instant.getTime()
    if (endedAt < closure.startsAt) return refused(beforeStart(closure))
    if (endedAt > context.instant.getTime()) return refused(inFuture())
    const decided = decideEnd(profile, id, at ?? context.now, context)
    return decided.ok
      ? accepted({ closure: { ...closure, endedAt, end: 'reopened' }, profile: decided.value, event: 'reopened' })
      : decided
  })
}

/** Gives another expected reopening, a London minute; null: nobody knows. */
export function expectReopening(
  deps: ClosureDeps,
  odsCode: string,
  id: string,
  { actor, until }: By & { readonly until: string | null },
): Promise<Result<ClosureSaved>> {
  return act(deps, { odsCode, id, actor, what: 'expect', action: 'change-closure' }, (closure, profile, context) => {
    const decided = decideExpect(profile, id, until, context)
    if (!decided.ok) return decided
    const expectedAt = until === null ? null : millisecondsOf(until)
    const lastWordAt = context.instant.getTime()
    return accepted({
      closure: { ...closure, expectedAt, lastWordAt, reminded: false },
      profile: decided.value,
      event: 'changed',
      detail: { until },
    })
  })
}

/** Says that it is still closed and that what was told is right. An end that nobody knows is written further on. */
export function confirmClosed(
  deps: ClosureDeps,
  odsCode: string,
  id: string,
  { actor }: By,
): Promise<Result<ClosureSaved>> {
  return act(deps, { odsCode, id, actor, what: 'confirm', action: 'confirm-closure' }, (closure, profile, context) => {
    const decided = decideExpect(profile, id, closureIn(profile, id)?.until ?? null, context)
    if (!decided.ok) return decided
    const lastWordAt = context.instant.getTime()
    return accepted({ closure: { ...closure, lastWordAt }, profile: decided.value, event: 'confirmed' })
  })
}

/** Takes back a closure that has not begun. */
export function cancelClosure(
  deps: ClosureDeps,
  odsCode: string,
  id: string,
  { actor }: By,
): Promise<Result<ClosureSaved>> {
  return act(deps, { odsCode, id, actor, what: 'cancel', action: 'cancel-closure' }, (closure, profile, context) => {
    const decided = decideEnd(profile, id, toLondon(new Date(closure.startsAt)), context)
    if (!decided.ok) return decided
    const endedAt = context.instant.getTime()
    return accepted({ closure: { ...closure, endedAt, end: 'cancelled' }, profile: decided.value, event: 'cancelled' })
  })
}

type Act = {
  readonly odsCode: string
  readonly id: string
  readonly actor: string
  readonly what: ClosureAct
  readonly action: string
}

/** Does what the table of states allows, to the closure as it is when its pharmacy is locked. */
async function act(
  deps: ClosureDeps,
  { odsCode, id, actor, what, action }: Act,
  decide: (
    closure: StoredClosure,
    profile: Profile,
    context: ClosureContext & { readonly instant: Date },
  ) => Result<ClosureDecision>,
): Promise<Result<ClosureSaved>> {
  const saved = await changeClosure(deps, {
    odsCode,
    actor,
    action,
    decide: async (tx, { profile }, context) => {
      const closure = await loadClosure(tx, id)
      if (closure?.odsCode !== odsCode) throw new NotFound('There is no such closure')
      const refusal = refusalOf(what, closure, context.instant.getTime())
      return refusal ? refused(refusal) : decide(closure, profile, context)
    },
  })
  if (!saved.ok) return saved
  return accepted(saved.value ?? (await asItIs(deps, id)))
}

async function asItIs({ db }: ClosureDeps, id: string): Promise<ClosureSaved> {
  const closure = await loadClosure(db.pool, id)
  if (!closure) throw new NotFound('There is no such closure')
  return { closure, seq: closure.seq, receipt: undefined }
}

/** Services that are not those of the pharmacy, or that its profile does not reach. */
async function strangeServices(tx: Tx, odsCode: string, { services }: ToldClosure): Promise<readonly Problem[]> {
  if (services === null) return []
  const own = new Set(
    (await loadServicesOf(tx, odsCode))
      .filter(({ profileOds }) => profileOds === odsCode)
      .map(({ record }) => record.uid),
  )
  if (services.every((uid) => own.has(uid))) return []
  return [{ field: 'services', code: 'invalid', message: 'Select services of this pharmacy only' }]
}

/** The instant of a London minute; not a number when the text is none, which the decision has refused before. */
function millisecondsOf(text: string): number {
  const time = parseLondonMinute(text)
  return time ? instantOf(time).getTime() : Number.NaN
}

const notYours = (): Problem => ({
  field: 'form',
  code: 'taken',
  message: 'This form was used for another pharmacy. Open the page again',
})

const beforeStart = ({ startsAt }: StoredClosure): Problem => ({
  field: 'at',
  code: 'before-start',
  message: `The time of reopening must be after the start of the closure, ${formatLondon(toLondon(new Date(startsAt))).replace('T', ' at ')}`,
})

const inFuture = (): Problem => ({
  field: 'at',
  code: 'future',
  message: 'To reopen later, change the expected reopening time instead',
})
