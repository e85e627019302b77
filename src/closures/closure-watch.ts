/**
 * What a closure needs without anybody doing it: is it open again, is it still right, it is about to reopen, it is over.
 * Nothing here opens or closes a pharmacy: its state is computed from its times (`rules/closure-states.ts`).
 */
import type { Grant } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { type QueuedEmail, queueEmail } from '#src/emails/email-jobs.ts'
import type { Tx } from '#src/platform/db/db.ts'
import type { Job } from '#src/platform/jobs/outbox.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { targetOf } from '#src/profiles/visit.ts'
import { closureStateAt } from '#src/rules/closure-states.ts'
import { dateOf, dayOf, toLondon } from '#src/rules/london-time.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { accepted } from '#src/rules/problems.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'
import { type ClosureDecision, type ClosureDeps, changeClosure } from './change-closure.ts'
import type { ClosureDuePayload } from './closure-due.ts'
import { loadClosure, loadOpenClosures, noteClosureEvent, type StoredClosure, storeClosure } from './closure-records.ts'
import { type ClosureContext, closureIn, decideEnd, decideExpect } from './decide-closure.ts'

export type WatchDeps = ClosureDeps & { readonly sharedMailboxDomains: readonly string[] }

const ACTOR = 'system:closures'
/** An end that nobody knows is always written into the hours of at least so many days ahead. */
const WRITTEN_AHEAD_DAYS = 7

/**
 * Does one job of the queue `closure-due`, and queues the next. A job whose closure has heard another word since, or is
 * over, does nothing: a later job stands for it.
 */
export async function runClosureDue(deps: WatchDeps, job: Pick<Job, 'payload'>): Promise<void> {
  const due = job.payload as ClosureDuePayload
  const known = await loadClosure(deps.db.pool, due.closureId)
  if (!known) return
  await changeClosure(deps, {
    odsCode: known.odsCode,
    actor: ACTOR,
    action: 'end-closure',
    decide: async (tx, { profile }, context) => {
      const closure = await loadClosure(tx, due.closureId)
      if (!closure || closure.end || closure.lastWordAt !== due.lastWordAt) return accepted(undefined)
      const state = closureStateAt(closure, context.instant.getTime())
      if (state === 'expired') return accepted(expired(closure, profile, context))
      if (state !== 'closed' || due.what === 'expire' || (due.what === 'remind' && closure.reminded)) {
        return accepted(undefined)
      }
      // Nobody may reopen a pharmacy that has closed for good: it is a question without an answer.
      if (profile.status === 'closed') return accepted(undefined)
      return accepted(await asked(tx, deps, { closure, profile, what: due.what, now: context.instant }))
    },
  })
}

/** It is over at its expected end, however late this runs. */
function expired(closure: StoredClosure, profile: Profile, context: ClosureContext): ClosureDecision {
  const endedAt = closure.expectedAt ?? closure.startsAt
  const ended = decideEnd(profile, closure.id, toLondon(new Date(endedAt)), context)
  return {
    closure: { ...closure, endedAt, end: 'expired' },
    profile: ended.ok ? ended.value : profile,
    event: 'expired',
  }
}

async function asked(tx: Tx, deps: WatchDeps, telling: Telling): Promise<ClosureDecision> {
  const { closure, profile, what, now } = telling
  const nobody = (await tell(tx, deps, telling)) === 0 ? { nobody: true } : {}
  if (what === 'remind') return { closure: { ...closure, reminded: true }, profile, event: 'reminded', detail: nobody }
  return {
    closure: { ...closure, lastWordAt: now.getTime() },
    profile,
    event: 'asked',
    detail: { ...(what === 'confirm' ? { weekly: true } : {}), ...nobody },
  }
}

type Telling = {
  readonly closure: StoredClosure
  readonly profile: Profile
  readonly what: 'ask' | 'confirm' | 'remind'
  readonly now: Date
}

/** Queues the question; says to how many. */
async function tell(tx: Tx, deps: WatchDeps, { closure, profile, what, now }: Telling): Promise<number> {
  if (closure.odsCode === TRAINING_PHARMACY) return 0
  const recipients = await recipientsOf(tx, closure, profile, { domains: deps.sharedMailboxDomains, now })
  for (const recipient of recipients) {
    const facts = {
      ...recipient,
      odsCode: closure.odsCode,
      pharmacy: profile.name,
      postcode: profile.address.postcode,
      closureId: closure.id,
      services: closure.services?.length ?? null,
      startsAt: new Date(closure.startsAt).toISOString(),
      expectedAt: closure.expectedAt === null ? null : new Date(closure.expectedAt).toISOString(),
      askedAt: now.toISOString(),
    }
    const email: QueuedEmail =
      what === 'confirm' ? { kind: 'closure-confirm', ...facts } : { kind: 'reopen-prompt', what, ...facts }
    await queueEmail(tx, email)
  }
  return recipients.length
}

type Recipient = { readonly recipient: string; readonly name: string | null }

/** Whoever told it, while they may still open it again; else the mailbox that the pharmacy shares; else its owners. */
async function recipientsOf(
  tx: Tx,
  { toldBy, odsCode }: StoredClosure,
  profile: Profile,
  { domains, now }: { readonly domains: readonly string[]; readonly now: Date },
): Promise<readonly Recipient[]> {
  const granted = tx
    .selectFrom('role_grant')
    .leftJoin('person', 'person.email', 'role_grant.email')
    .select(['role_grant.email as recipient', 'person.name', 'role', 'scope'])
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now.toISOString())]))
  if (toldBy.startsWith('person:')) {
    const email = toldBy.slice('person:'.length)
    const grants = await granted.where('role_grant.email', '=', email).execute()
    const teller = { personId: 0, email, name: '', grants: grants as readonly Grant[] }
    const mayReopen = can(teller, 'edit-changes', targetOf(odsCode, { profile }))
    if (mayReopen) return [{ recipient: email, name: grants[0]?.name ?? null }]
  }
  const shared = sharedMailboxOf(profile, domains)
  if (shared !== null) return [{ recipient: shared, name: null }]
  const owners = await granted
    .where('role', '=', 'owner')
    .where('scope', '=', `ods:${odsCode}`)
    .orderBy('role_grant.email')
    .execute()
  return owners.map(({ recipient, name }) => ({ recipient, name }))
}

/**
 * Writes every closure whose end nobody knows further into the hours, so that nobody finds the pharmacy open in a few
 * days because nothing was said. Says how many, and which could not be.
 */
export async function writeClosuresOn(
  deps: ClosureDeps,
): Promise<{ readonly written: number; readonly refused: readonly string[] }> {
  const open = await deps.db.pool
    .selectFrom('closure')
    .select(['id', 'ods_code'])
    .where('ended_at', 'is', null)
    .where('expected_at', 'is', null)
    .orderBy('id')
    .execute()
  let written = 0
  const refused: string[] = []
  for (const { id, ods_code: odsCode } of open) {
    const saved = await changeClosure(deps, {
      odsCode,
      actor: ACTOR,
      action: 'write-closure-on',
      decide: async (tx, { profile }, context) => {
        const closure = await loadClosure(tx, id)
        const told = closureIn(profile, id)
        const enough = dateOf(context.now.day + WRITTEN_AHEAD_DAYS)
        if (!closure || closure.end || told?.until !== null || dayOf(told.writtenTo) >= dayOf(enough)) {
          return accepted(undefined)
        }
        const decided = decideExpect(profile, id, null, context)
        return decided.ok ? accepted({ closure, profile: decided.value, event: 'written-on' }) : decided
      },
    })
    if (!saved.ok) refused.push(id)
    else if (saved.value) written += 1
  }
  return { written, refused }
}

/** The closures of the training pharmacy end when it begins again: its profile knows nothing of them any more. */
export async function endTrainingClosures({ db, clock }: Pick<ClosureDeps, 'db' | 'clock'>): Promise<void> {
  await db.transact(async (tx) => {
    const now = clock.now()
    for (const closure of await loadOpenClosures(tx, TRAINING_PHARMACY)) {
      const end = closureStateAt(closure, now.getTime()) === 'planned' ? 'cancelled' : 'reopened'
      await storeClosure(tx, { ...closure, endedAt: now.getTime(), end })
      const happenedAt = now.toISOString()
      await noteClosureEvent(tx, closure.id, { happenedAt, actor: 'system:training', event: end, detail: {} })
    }
  })
}
