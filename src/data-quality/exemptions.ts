/** Accepting a finding for a time, and ending that: decided once, under a lock, and in the audit. */
import type { Where } from '#src/directory/area.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { type Finding, loadFinding } from './findings.ts'

export type Exempting = {
  readonly findingId: number
  /** The exemption that whoever decides has read; null: they read that there is none. */
  readonly expected: number | null
  readonly reason: string
  /** The last day on which it holds. */
  readonly endsOn: LocalDate
}

/** Who decides, when, and how far they reach. */
export type Deciding = { readonly actor: string; readonly now: Date; readonly where: Where }

/** `closed`: the finding was put right meanwhile. `meanwhile`: somebody else decided; nothing is saved. */
export type Exempted = 'done' | 'closed' | 'meanwhile'

/** Accepts a finding until a day. Throws `NotFound` for one that is out of reach. */
export function exempt(
  db: Db,
  { findingId, expected, reason, endsOn }: Exempting,
  deciding: Deciding,
): Promise<Exempted> {
  return db.transact(async (tx) => {
    const at = deciding.now.toISOString()
    const finding = await lockFinding(tx, findingId, deciding)
    if ((finding.exemption?.id ?? null) !== expected) return 'meanwhile'
    if (finding.closedOn !== null) return 'closed'
    await endHeld(tx, finding, { by: deciding.actor, at })
    const { rule, subject } = finding
    await tx
      .insertInto('quality_exemption')
      .values({
        ...{ rule, subject, reason, ends_on: endsOn },
        ...{ made_at: at, made_by: deciding.actor, ended_at: null, ended_by: null },
      })
      .execute()
    await note(tx, finding, deciding, 'exempt-finding', { reason, endsOn })
    return 'done'
  })
}

/** Ends an exemption before its day. Throws `NotFound` for a finding that is out of reach. */
export function endExemption(
  db: Db,
  { findingId, expected }: Pick<Exempting, 'findingId' | 'expected'>,
  deciding: Deciding,
): Promise<Exclude<Exempted, 'closed'>> {
  return db.transact(async (tx) => {
    const finding = await lockFinding(tx, findingId, deciding)
    if (finding.exemption === null || finding.exemption.id !== expected) return 'meanwhile'
    await endHeld(tx, finding, { by: deciding.actor, at: deciding.now.toISOString() })
    await note(tx, finding, deciding, 'end-exemption', { reason: finding.exemption.reason })
    return 'done'
  })
}

/** The finding as it is now; others who decide about it wait until the transaction ends. */
async function lockFinding(tx: Tx, id: number, { now, where }: Deciding): Promise<Finding> {
  await tx.selectFrom('quality_finding').select('id').where('id', '=', id).forUpdate().execute()
  const finding = await loadFinding(tx, { id, where, today: londonDateOf(now) })
  if (!finding) throw new NotFound('There is no such finding in your areas')
  return finding
}

/** Also one whose day is over, which nobody ended: there is room for one that holds. */
async function endHeld(tx: Tx, { rule, subject }: Finding, { by, at }: { by: string; at: string }): Promise<void> {
  await tx
    .updateTable('quality_exemption')
    .set({ ended_at: at, ended_by: by })
    .where('rule', '=', rule)
    .where('subject', '=', subject)
    .where('ended_at', 'is', null)
    .execute()
}

async function note(tx: Tx, finding: Finding, deciding: Deciding, action: string, more: object): Promise<void> {
  const { rule, subject, odsCode, uid, place } = finding
  const target = uid === null ? `pharmacy:${odsCode ?? place}` : `service:${uid}`
  const detail = { rule, subject, ...more }
  await appendToLedger(tx, deciding.now.toISOString(), [{ actor: deciding.actor, action, target, detail, changes: [] }])
}
