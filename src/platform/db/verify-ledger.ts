/** Whether the ledger is as it was written: the hash chain of the audit, and the digests of every service change. */
import { sql } from 'kysely'
import type { Queryable } from './db.ts'
import { type AuditRow, auditHash, type ChangesDigest, changesDigest, type ServiceChangeRow } from './ledger.ts'

export type LedgerReport =
  | { readonly ok: true; readonly entries: number; readonly changes: number }
  /** `problem` names the first row that is wrong. */
  | { readonly ok: false; readonly problem: string }

/** Audit entries read at a time; each brings its service changes. */
const CHUNK = 100

type StoredEntry = AuditRow & { readonly hash: string }
type StoredChange = ServiceChangeRow & { readonly audit_seq: number }
type Place = { readonly seq: number; readonly hash: string; readonly changes: number }

/**
 * Recomputes everything, oldest first, and stops at the first row that is wrong. Entries that are written meanwhile are
 * left to the next time. Finds rows that were changed, removed, added or reordered, unless somebody with the right to
 * switch triggers off has recomputed every later hash as well: keep the last hash elsewhere to find even that.
 */
export async function verifyLedger(db: Queryable): Promise<LedgerReport> {
  const head = await db.selectFrom('ledger_head').selectAll().executeTakeFirstOrThrow()
  let place: Place = { seq: 0, hash: '', changes: 0 }
  while (place.seq < head.audit_seq) {
    const next = await verifyChunk(db, place, head.audit_seq)
    if ('problem' in next) return { ok: false, problem: next.problem }
    place = next
  }
  if (place.hash !== head.audit_hash)
    return { ok: false, problem: `audit entry ${place.seq} is not the last that was written` }
  const stray = await strayRow(db, head, place.changes)
  if (stray) return { ok: false, problem: stray }
  return { ok: true, entries: place.seq, changes: place.changes }
}

async function verifyChunk(db: Queryable, from: Place, last: number): Promise<Place | { problem: string }> {
  const until = Math.min(from.seq + CHUNK, last)
  const entries = await db
    .selectFrom('audit')
    .selectAll()
    .where('seq', '>', from.seq)
    .where('seq', '<=', until)
    .orderBy('seq')
    .execute()
  const changes = await changesByEntry(db, entries)
  let place = from
  for (const entry of entries) {
    const own = changes.get(entry.seq) ?? []
    const problem = entryProblem(entry, own, place)
    if (problem) return { problem }
    place = { seq: entry.seq, hash: entry.hash, changes: place.changes + own.length }
  }
  return place.seq === until ? place : { problem: `audit entry ${place.seq + 1} is missing` }
}

/**
 * The entries name the span of numbers their changes have, which is how the changes are found: by primary key. A change
 * whose entry is another's is then missing there and too many here.
 */
async function changesByEntry(
  db: Queryable,
  entries: readonly StoredEntry[],
): Promise<ReadonlyMap<number, StoredChange[]>> {
  const spans = entries.flatMap((entry) => spanOf(entry) ?? [])
  const first = spans[0]
  const last = spans.at(-1)
  const byEntry = new Map<number, StoredChange[]>()
  if (!first || !last) return byEntry
  const rows = await db
    .selectFrom('service_change')
    .selectAll()
    .where('seq', '>=', first.from)
    .where('seq', '<=', last.to)
    .orderBy('seq')
    .execute()
  for (const row of rows) byEntry.set(row.audit_seq, [...(byEntry.get(row.audit_seq) ?? []), row])
  return byEntry
}

function entryProblem(entry: StoredEntry, changes: readonly StoredChange[], before: Place): string | undefined {
  if (entry.seq !== before.seq + 1) return `audit entry ${before.seq + 1} is missing`
  if (entry.previous_hash !== before.hash) return `audit entry ${entry.seq} does not follow the entry before it`
  if (auditHash(entry) !== entry.hash) return `audit entry ${entry.seq} was changed`
  const expected = spanOf(entry) ?? { ...changesDigest([]), from: 0, to: 0 }
  const found = changesDigest(changes)
  if (found.count === expected.count && found.sha256 === expected.sha256) return undefined
  return `the service changes of audit entry ${entry.seq} were changed (${found.count} found, ${expected.count} written)`
}

function spanOf(entry: StoredEntry): (ChangesDigest & { from: number; to: number }) | undefined {
  const detail: unknown = JSON.parse(entry.detail)
  return (detail as { serviceChanges?: ChangesDigest & { from: number; to: number } }).serviceChanges
}

/** A row that no entry accounts for. `accounted` is how many changes the entries up to `head` have. */
async function strayRow(
  db: Queryable,
  head: { change_seq: number; audit_seq: number },
  accounted: number,
): Promise<string | undefined> {
  // One statement, so that it sees the head and the rows of one moment.
  const { rows } = await sql<{ change: number | null; entry: number | null; count: number }>`
    select
      (select min(seq) from service_change where seq > now_head.change_seq or audit_seq > now_head.audit_seq) as change,
      (select min(seq) from audit where seq > now_head.audit_seq) as entry,
      (select count(*) from service_change where seq <= ${head.change_seq} and audit_seq <= ${head.audit_seq}) as count
    from ledger_head as now_head`.execute(db)
  const found = rows[0]
  if (!found) return 'the head of the ledger is missing'
  if (found.entry !== null) return `audit entry ${found.entry} was added by hand`
  const change = found.change ?? (found.count === accounted ? undefined : await firstUnaccounted(db))
  return change === undefined ? undefined : `service change ${change} belongs to no audit entry`
}

/** Slow, so only asked when the number of rows is wrong. */
async function firstUnaccounted(db: Queryable): Promise<number> {
  const { rows } = await sql<{ seq: number | null }>`
    select min(change.seq) as seq from service_change as change
    where not exists (
      select from audit
      where audit.seq = change.audit_seq
        and change.seq between (audit.detail::jsonb #>> '{serviceChanges,from}')::bigint
          and (audit.detail::jsonb #>> '{serviceChanges,to}')::bigint
    )`.execute(db)
  return rows[0]?.seq ?? 0
}
