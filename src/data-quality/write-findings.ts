/** What a check found, beside what was open before: opened, changed in words, or closed. */
import { sql } from 'kysely'
import type { Db, Tx } from '#src/platform/db/db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { RuleFound } from '#src/rules/quality-rules.ts'

/** Everything that was found at one place. */
export type PlaceFindings = {
  /** As in `quality_finding.place`. */
  readonly place: string
  readonly odsCode: string | null
  readonly found: readonly RuleFound[]
}

export type RunFacts = {
  readonly id: number
  readonly today: LocalDate
  /** Sources there were to compare with. */
  readonly compared: readonly string[]
  /** The day of the last check before this one. */
  readonly lastSeenOn: LocalDate
  readonly versionOf: ReadonlyMap<string, number>
  /** Rules whose source is compared for the first time. */
  readonly firstRules: ReadonlySet<string>
}

/** Any number that no other lock of ours has. */
const TURN = 20_261_122

/** Writes the findings of some places in one transaction. Findings of these places that are not among them are closed. */
export function writeFindings(
  db: Db,
  places: readonly PlaceFindings[],
  run: RunFacts,
): Promise<{ readonly opened: number; readonly closed: number }> {
  const rows = places.flatMap(({ place, odsCode, found }) =>
    found.map(({ rule, subject, uid, detail, ours, theirs }) => ({
      ...{ rule, subject, place, uid, detail, ours, theirs },
      rule_version: run.versionOf.get(rule) ?? 0,
      ods_code: odsCode,
      is_first: run.firstRules.has(rule),
    })),
  )
  return db.transact(async (tx) => {
    // Two nodes that check at once take turns, so that neither holds rows that the other needs.
    await sql`select pg_advisory_xact_lock(${TURN})`.execute(tx)
    const opened = await openOrChange(tx, rows, run)
    const closed = await closeOthers(
      tx,
      places.map(({ place }) => place),
      rows,
      run,
    )
    return { opened, closed }
  })
}

type Row = {
  readonly rule: string
  readonly subject: string
}

async function openOrChange(tx: Tx, rows: readonly Row[], { today }: RunFacts): Promise<number> {
  if (rows.length === 0) return 0
  const written = await sql<{ is_new: boolean }>`
    insert into quality_finding as known (
      rule, rule_version, subject, place, ods_code, uid, detail, ours, theirs, is_first, opened_on)
    select rule, rule_version, subject, place, ods_code, uid, detail, ours, theirs, is_first, ${today}::date
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as found (
      rule text, rule_version integer, subject text, place text, ods_code text, uid bigint, detail text, ours text,
      theirs text, is_first boolean)
    order by rule, subject
    on conflict (rule, subject) where closed_on is null do update
      set rule_version = excluded.rule_version, place = excluded.place, ods_code = excluded.ods_code,
          uid = excluded.uid, detail = excluded.detail, ours = excluded.ours, theirs = excluded.theirs
      where (known.rule_version, known.place, known.ods_code, known.uid, known.detail, known.ours, known.theirs)
        is distinct from (excluded.rule_version, excluded.place, excluded.ods_code, excluded.uid, excluded.detail,
          excluded.ours, excluded.theirs)
    returning (known.xmax = 0) as is_new`.execute(tx)
  return written.rows.filter(({ is_new }) => is_new).length
}

async function closeOthers(
  tx: Tx,
  places: readonly string[],
  rows: readonly Row[],
  { today, lastSeenOn }: RunFacts,
): Promise<number> {
  const kept = JSON.stringify(rows.map(({ rule, subject }) => ({ rule, subject })))
  const { numAffectedRows } = await sql`
    update quality_finding as gone set closed_on = ${today}, last_seen_on = ${lastSeenOn}
    where closed_on is null and place = any(${[...places]}::text[])
      and not exists (
        select from jsonb_to_recordset(${kept}::jsonb) as kept (rule text, subject text)
        where kept.rule = gone.rule and kept.subject = gone.subject)`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** How long what was put right is remembered. */
const KEPT_DAYS = 400

/** Closes findings of places that are gone and of rules that we have no more, and forgets those that closed long ago. */
export function closeForgotten(db: Db, { today, lastSeenOn, versionOf }: RunFacts): Promise<number> {
  return db.transact(async (tx) => {
    const { numAffectedRows } = await sql`
      update quality_finding finding set closed_on = ${today}, last_seen_on = ${lastSeenOn}
      where closed_on is null and (
        rule <> all(${[...versionOf.keys()]}::text[])
        or (uid is not null and not exists (
          select from service
          where service.uid = finding.uid and coalesce(service.ods_five, 'uid:' || service.uid) = finding.place))
        or (uid is null
          and not exists (select from profile where ods_code = finding.place)
          and not exists (select from ods_organisation where ods_code = finding.place)))`.execute(tx)
    await sql`delete from quality_finding where closed_on < ${today}::date - ${KEPT_DAYS}::integer`.execute(tx)
    return Number(numAffectedRows ?? 0)
  })
}
