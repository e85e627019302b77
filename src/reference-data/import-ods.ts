/** `import ods`: phone numbers, parents, ICBs, and who has closed. */
import { basename } from 'node:path'
import { sql } from 'kysely'
import { refreshIcbAreas } from '#src/directory/icb-areas.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { type Committed, commitProfiles } from '#src/profiles/commit-profiles.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import { parsePhone } from '#src/rules/contact-details.ts'
import { openCsv } from './csv-table.ts'
import { type ImportDeps, importContext } from './import-deps.ts'
import { type ImportSummary, startTally, type Tally } from './import-summary.ts'
import { type Draft, hasClosed, type ImportContext, withOds } from './imported-profile.ts'
import { InputRefused } from './input-file.ts'
import { findSuccessors, ODS_LAYOUT, parseOdsRow } from './ods-rows.ts'
import { finishChanging, markChanging } from './reference-import.ts'
import type { OdsRecord } from './reference-store.ts'
import { closeServices } from './stand-in-services.ts'

const ACTOR = 'command:import ods'
const ACTION = 'import-ods'
const LIMITS = { maxFileBytes: 200_000_000, maxLineBytes: 65_536 }
const BATCH = 200

/**
 * Stores every organisation and applies it to its profile, if there is one; profiles that come later are given it when
 * they come. Throws `InputRefused` before anything is written.
 */
export async function importOds(path: string, deps: ImportDeps): Promise<ImportSummary> {
  const table = await openCsv(path, [ODS_LAYOUT], LIMITS)
  const tally = startTally(path, table.header)
  const records = await readRecords(path, table, tally)
  await tally.writeRefusals()
  noteSuccessors(records, tally)

  for (let start = 0; start < records.length; start += BATCH) {
    const batch = records.slice(start, start + BATCH)
    await deps.db.transact((tx) => storeBatch(tx, batch, importContext(deps.clock, ACTOR), tally))
    deps.progress('organisations stored', Math.min(start + BATCH, records.length), records.length)
  }
  const { recordedAt } = importContext(deps.clock, ACTOR)
  await deps.db.transact((tx) =>
    finishChanging(tx, 'ods', { actor: ACTOR, action: ACTION, at: recordedAt, detail: tally.counts() }),
  )
  await refreshIcbAreas(deps.db)
  return tally.finish()
}

async function readRecords(
  path: string,
  table: Awaited<ReturnType<typeof openCsv<keyof typeof ODS_LAYOUT.columns>>>,
  tally: Tally,
): Promise<readonly OdsRecord[]> {
  const lineOf = new Map<string, number>()
  const records: OdsRecord[] = []
  for await (const row of table.rows()) {
    tally.count('read')
    const reading = parseOdsRow(row)
    const earlier = reading.ok ? lineOf.get(reading.record.odsCode) : undefined
    if (reading.ok && earlier === undefined) {
      lineOf.set(reading.record.odsCode, row.line)
      records.push(reading.record)
      continue
    }
    const reasons = reading.ok ? [`${reading.record.odsCode} is on line ${earlier} already`] : reading.reasons
    tally.refuse({ line: row.line, cells: row.cells, reasons })
  }
  if (tally.counts().read === 0) throw new InputRefused(`${basename(path)} has a header and no organisations`)
  return records
}

function noteSuccessors(records: readonly OdsRecord[], tally: Tally): void {
  for (const [closed, successors] of findSuccessors(records)) {
    tally.detail('closed with a successor at the same postcode')
    tally.note({
      kind: 'closed, with a successor at the same postcode',
      subject: closed,
      message: successors.map(({ odsCode, name, openedOn }) => `${odsCode} ${name}, opened ${openedOn}`).join('; '),
    })
  }
}

async function storeBatch(tx: Tx, batch: readonly OdsRecord[], context: ImportContext, tally: Tally): Promise<void> {
  const codes = batch.map(({ odsCode }) => odsCode)
  const stored = await lockProfiles(tx, codes)
  const written = await storeRecords(tx, batch)
  if (written.size > 0) await markChanging(tx, 'ods', context.recordedAt)

  const drafts = batch.flatMap((record) => {
    const before = stored.get(record.odsCode)
    return before ? [{ before, draft: withOds({ ...before, kept: [] }, record, context) }] : []
  })
  const save = { actor: ACTOR, action: ACTION, recordedAt: context.recordedAt }
  const closing = drafts.filter(
    ({ before, draft }) => draft.profile.status === 'closed' && before.profile.status !== 'closed',
  )
  await closeServices(
    tx,
    drafts.map(({ draft }) => draft.profile),
    save,
  )
  const writes = drafts.map(({ before, draft }) => ({ before, profile: draft.profile, sections: draft.sections }))
  const committed = await commitProfiles(tx, writes, { ...save, decides: false, onMeeting: 'keep' })
  const outcomes = new Map(committed.map(({ odsCode, outcome }) => [odsCode, outcome]))
  const drafted = new Map(drafts.map(({ draft }) => [draft.profile.odsCode, draft]))
  if (closing.length > 0) tally.detail('pharmacies closed for good', closing.length)
  for (const record of batch) {
    report(
      record,
      { draft: drafted.get(record.odsCode), outcome: outcomes.get(record.odsCode), written },
      context,
      tally,
    )
  }
}

/** Inserts or replaces, and answers with the codes that differed: true for a new one. */
async function storeRecords(tx: Tx, batch: readonly OdsRecord[]): Promise<ReadonlyMap<string, boolean>> {
  const rows = batch.map((record) => ({
    ods_code: record.odsCode,
    name: record.name,
    postcode: record.postcode,
    phone: record.phone,
    status: record.status,
    opened_on: record.openedOn,
    closed_on: record.closedOn,
    subtype: record.subtype,
    parent_code: record.parentCode,
    icb_ods_code: record.icbOdsCode,
    region_code: record.regionCode,
  }))
  const written = await sql<{ ods_code: string; is_new: boolean }>`
    insert into ods_organisation as stored
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
      ods_code text, name text, postcode text, phone text, status text, opened_on date, closed_on date, subtype text,
      parent_code text, icb_ods_code text, region_code text)
    on conflict (ods_code) do update
      set name = excluded.name, postcode = excluded.postcode, phone = excluded.phone, status = excluded.status,
          opened_on = excluded.opened_on, closed_on = excluded.closed_on, subtype = excluded.subtype,
          parent_code = excluded.parent_code, icb_ods_code = excluded.icb_ods_code, region_code = excluded.region_code
      where stored is distinct from excluded
    returning stored.ods_code, (stored.xmax = 0) as is_new`.execute(tx)
  return new Map(written.rows.map((row) => [row.ods_code, row.is_new]))
}

type Done = {
  readonly draft: Draft | undefined
  readonly outcome: Committed['outcome'] | undefined
  readonly written: ReadonlyMap<string, boolean>
}

function report(record: OdsRecord, { draft, outcome, written }: Done, context: ImportContext, tally: Tally): void {
  const isNew = written.get(record.odsCode)
  const kept = draft?.kept ?? []
  if (isNew === true) tally.count('stored')
  else if (isNew === false || outcome === 'changed') tally.count('changed')
  else if (kept.length === 0) tally.count('unchanged')
  if (outcome === 'changed') tally.detail('profiles changed')
  if (kept.length > 0) tally.keep(record.odsCode, kept)
  for (const [kind, message] of oddities(record, context)) tally.note({ kind, subject: record.odsCode, message })
}

function oddities(record: OdsRecord, { today }: ImportContext): readonly (readonly [kind: string, message: string])[] {
  const { phone, closedOn } = record
  const willClose = closedOn !== null && !hasClosed(record, today)
  return [
    ...(phone !== null && !parsePhone(phone).ok ? [['phone number not usable', phone] as const] : []),
    ...(willClose ? [['has a close date and is not closed yet', closedOn] as const] : []),
  ]
}
