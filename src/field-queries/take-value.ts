/**
 * Puts a value that was asked for into the profile, through the same write path as a form. By itself when the hold on its
 * field is over, as the person who sent it; or because somebody decided so.
 */
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { type AskedValue, endAskedValue, entryOf, loadAskedValue, markConflict } from '#src/profiles/asked-values.ts'
import { loadHoldsInForce } from '#src/profiles/field-holds.ts'
import { decideFieldValue } from '#src/profiles/held-field-words.ts'
import { meetValue, sectionOfField, valueOfField } from '#src/profiles/held-fields.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import type { StoredProfile } from '#src/profiles/profile.ts'
import { saveProfileChangeIn } from '#src/profiles/save-profile-change.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { accepted } from '#src/rules/problems.ts'
import type { FieldDeps } from './field-deps.ts'

/** A value with its pharmacy, both locked: nobody decides while the field changes. Undefined when there is no such value. */
export async function lockValue(
  tx: Tx,
  id: number,
): Promise<{ readonly value: AskedValue; readonly stored: StoredProfile } | undefined> {
  const known = await loadAskedValue(tx, id)
  const stored = known && (await lockProfiles(tx, [known.odsCode])).get(known.odsCode)
  const value = stored && (await loadAskedValue(tx, id))
  return value && { value, stored }
}

export type Taken =
  /** Ledger sequence that a reader must have reached; 0 when the profile said so already. */
  | { readonly outcome: 'taken'; readonly seq: number }
  /** The rules of today refuse it, in these words. */
  | { readonly outcome: 'refused'; readonly problem: string }

const CLOSED_FOR_GOOD = 'The pharmacy has closed for good, and its profile does not change any more'

/** Takes the value over, its parts that others changed meanwhile included. The value and its profile must be locked. */
export async function takeValue(
  tx: Tx,
  deps: FieldDeps,
  { value, stored }: { readonly value: AskedValue; readonly stored: StoredProfile },
  by: { readonly actor: string; readonly action: string; readonly decidedBy: string; readonly words?: string | null },
): Promise<Taken> {
  const { odsCode, field, base, asked, askedAt } = value
  if (stored.profile.status === 'closed') return { outcome: 'refused', problem: CLOSED_FOR_GOOD }
  const now = deps.clock.now()
  const { merged } = meetValue(field, base, asked, valueOfField(stored.profile, field))
  const context = { today: londonDateOf(now), holidays: deps.holidays(), savedOn: londonDateOf(askedAt) }
  const decided = decideFieldValue(stored.profile, field, merged, context)
  const [problem] = decided.refused
  if (problem) return { outcome: 'refused', problem: problem.message }
  const end = { state: 'taken', by: by.decidedBy, at: now.toISOString(), words: by.words ?? null } as const
  await endAskedValue(tx, value.id, end)
  const saved = await saveProfileChangeIn(tx, deps, {
    odsCode,
    section: sectionOfField(field),
    expectedVersion: stored.version,
    actor: by.actor,
    action: by.action,
    about: { value: value.id, sentAt: askedAt, decidedBy: by.decidedBy },
    decide: () => accepted(decided.profile),
    throughHolds: true,
  })
  return { outcome: 'taken', seq: saved.outcome === 'saved' ? saved.seq : 0 }
}

/** What applies values by itself is called in the audit. */
const SYSTEM = 'system:holds'

/**
 * Applies a change that waited, once no hold on its field is in force; the ledger sequence it reached, 0 where nothing was
 * applied. Where the field changed since, or the rules refuse it now, it becomes a conflict for people to decide.
 */
export function applyWaiting(deps: FieldDeps, id: number): Promise<number> {
  return deps.db.transact(async (tx) => {
    const locked = await lockValue(tx, id)
    if (locked?.value.kind !== 'waiting' || locked.value.state !== 'open') return 0
    const { value, stored } = locked
    const at = deps.clock.now().toISOString()
    const holds = await loadHoldsInForce(tx, [value.odsCode], at)
    if (holds.some(({ field }) => field === value.field)) return 0
    const { outcome } = meetValue(value.field, value.base, value.asked, valueOfField(stored.profile, value.field))
    const taken =
      outcome === 'conflict'
        ? ({ outcome: 'refused', problem: '' } as const)
        : await takeValue(tx, deps, locked, { actor: value.person, action: value.action, decidedBy: SYSTEM })
    if (taken.outcome === 'taken') return taken.seq
    await markConflict(tx, id, { by: SYSTEM, at, ...(taken.problem && { problem: taken.problem }) })
    await appendToLedger(tx, at, [entryOf(SYSTEM, 'values-in-conflict', value)])
    return 0
  })
}
