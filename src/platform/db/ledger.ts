/**
 * The ledger: who did what, and every change of every service, numbered in the order of commits.
 *
 * One head row is locked by the first `appendToLedger` of a transaction until it commits. So a reader that has seen
 * number 7 never meets a late 6, and each audit entry can carry the hash of the one before it. Append at the END of a
 * transaction, when every other row it needs is locked already: whoever holds the head and then waits for a row makes
 * everybody wait.
 */
import { sql } from 'kysely'
import { canonicalJson, sha256 } from './canonical-json.ts'
import type { Tx } from './db.ts'
import { LEDGER_CHANNEL } from './session.ts'

export type ServiceChange = {
  readonly uid: number
  readonly odsCode: string | null
  readonly fields: readonly string[]
  /** Null for a new service; otherwise before and after hold the changed fields only. */
  readonly before: object | null
  readonly after: object | null
}

export type LedgerEntry = {
  /** `person:EMAIL`, `command:NAME` or `system:NAME`. */
  readonly actor: string
  readonly action: string
  /** What it was done to, such as `profile:FA002`. */
  readonly target: string
  /** Facts for whoever reads the audit; the key `serviceChanges` is the ledger's own. */
  readonly detail: object
  readonly changes: readonly ServiceChange[]
}

export type LedgerPlace = {
  readonly auditSeq: number
  /** The number of this entry as a whole, for `profile.seq`: its last change's, or one of its own when it has none. */
  readonly seq: number
  /** For `service.seq`, one per change in the given order. */
  readonly changeSeqs: readonly number[]
}

/** Stored in an entry's detail, so that the hash of the entry covers its changes. */
export type ChangesDigest = { readonly count: number; readonly sha256: string }

export type ServiceChangeRow = {
  readonly seq: number
  readonly recorded_at: string
  readonly uid: number
  readonly ods_code: string | null
  readonly fields: readonly string[]
  readonly before: unknown
  readonly after: unknown
}

export type AuditRow = {
  readonly seq: number
  readonly recorded_at: string
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly detail: string
  readonly previous_hash: string
}

/**
 * Writes the entries, in order, and says which numbers they got. `recordedAt` is UTC ISO text with milliseconds and `Z`.
 * Readers are told at commit. 200 entries cost about as much as one.
 */
export async function appendToLedger(
  tx: Tx,
  recordedAt: string,
  entries: readonly LedgerEntry[],
): Promise<readonly LedgerPlace[]> {
  if (entries.length === 0) return []
  const head = await takeNumbers(tx, entries)
  const places: LedgerPlace[] = []
  const auditRows: (AuditRow & { hash: string })[] = []
  const changeRows: (ServiceChangeRow & { audit_seq: number })[] = []
  let { changeSeq, auditSeq, hash } = head
  for (const entry of entries) {
    auditSeq += 1
    const rows = entry.changes.map((change, index) => changeRow(change, changeSeq + 1 + index, recordedAt))
    changeSeq += numbersFor(entry)
    const audit = auditRow(entry, rows, { auditSeq, recordedAt, previousHash: hash })
    hash = auditHash(audit)
    auditRows.push({ ...audit, hash })
    for (const row of rows) changeRows.push({ ...row, audit_seq: auditSeq })
    places.push({ auditSeq, seq: changeSeq, changeSeqs: rows.map((row) => row.seq) })
  }
  await insertAll(tx, auditRows, changeRows)
  await tx.updateTable('ledger_head').set({ audit_hash: hash }).where('id', '=', 1).execute()
  await sql`select pg_notify(${LEDGER_CHANNEL}, '')`.execute(tx)
  return places
}

/** The hash of an audit row: SHA-256 over the JSON array of its other columns, the previous hash first. */
export function auditHash(row: AuditRow): string {
  const { previous_hash, seq, recorded_at, actor, action, target, detail } = row
  return sha256(JSON.stringify([previous_hash, seq, recorded_at, actor, action, target, detail]))
}

/** What an audit entry remembers of its service changes: SHA-256 over their canonical JSON, a line each. */
export function changesDigest(rows: readonly ServiceChangeRow[]): ChangesDigest {
  const lines = rows.map((row) =>
    canonicalJson([row.seq, row.recorded_at, row.uid, row.ods_code, row.fields, row.before, row.after]),
  )
  return { count: rows.length, sha256: sha256(lines.join('\n')) }
}

const numbersFor = (entry: LedgerEntry): number => Math.max(1, entry.changes.length)

/** Locks the head until the transaction ends and reserves the numbers; answers with the state before. */
async function takeNumbers(
  tx: Tx,
  entries: readonly LedgerEntry[],
): Promise<{ changeSeq: number; auditSeq: number; hash: string }> {
  const changes = entries.reduce((sum, entry) => sum + numbersFor(entry), 0)
  const head = await tx
    .updateTable('ledger_head')
    .set((row) => ({
      change_seq: row('change_seq', '+', changes),
      audit_seq: row('audit_seq', '+', entries.length),
    }))
    .where('id', '=', 1)
    .returning(['change_seq', 'audit_seq', 'audit_hash'])
    .executeTakeFirstOrThrow()
  return { changeSeq: head.change_seq - changes, auditSeq: head.audit_seq - entries.length, hash: head.audit_hash }
}

function changeRow(change: ServiceChange, seq: number, recordedAt: string): ServiceChangeRow {
  const { uid, odsCode, fields, before, after } = change
  return { seq, recorded_at: recordedAt, uid, ods_code: odsCode, fields, before, after }
}

function auditRow(
  entry: LedgerEntry,
  changes: readonly ServiceChangeRow[],
  place: { auditSeq: number; recordedAt: string; previousHash: string },
): AuditRow {
  const { actor, action, target } = entry
  const detail = changes.length === 0 ? entry.detail : { ...entry.detail, serviceChanges: describe(changes) }
  return {
    seq: place.auditSeq,
    recorded_at: place.recordedAt,
    actor,
    action,
    target,
    detail: JSON.stringify(detail),
    previous_hash: place.previousHash,
  }
}

function describe(changes: readonly ServiceChangeRow[]): ChangesDigest & { from: number; to: number } {
  const from = changes[0]?.seq ?? 0
  return { from, to: from + changes.length - 1, ...changesDigest(changes) }
}

/** One statement per table, however many rows. */
async function insertAll(tx: Tx, auditRows: readonly object[], changeRows: readonly object[]): Promise<void> {
  await sql`
    insert into audit (seq, recorded_at, actor, action, target, detail, previous_hash, hash)
    select seq, recorded_at, actor, action, target, detail, previous_hash, hash
    from jsonb_to_recordset(${JSON.stringify(auditRows)}::jsonb) as given (
      seq bigint, recorded_at timestamptz, actor text, action text, target text, detail text, previous_hash text, hash text
    )`.execute(tx)
  if (changeRows.length === 0) return
  await sql`
    insert into service_change (seq, recorded_at, uid, ods_code, fields, before, after, audit_seq)
    select seq, recorded_at, uid, ods_code, fields, before, after, audit_seq
    from jsonb_to_recordset(${JSON.stringify(changeRows)}::jsonb) as given (
      seq bigint, recorded_at timestamptz, uid bigint, ods_code text, fields text[], before jsonb, after jsonb, audit_seq bigint
    )`.execute(tx)
}
