/** `import pharmaceutical-list`: every pharmacy of the list becomes a profile with a DoS service of type 13. */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { sql } from 'kysely'
import { refreshIcbAreas } from '#src/directory/icb-areas.ts'
import { saveServiceStates } from '#src/directory/save-services.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { type Committed, commitProfiles, FIRST_OWN_UID, type ProfileWrite } from '#src/profiles/commit-profiles.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { type CsvRow, openCsv } from './csv-table.ts'
import { type ImportDeps, importContext } from './import-deps.ts'
import { type ImportSummary, startTally, type Tally } from './import-summary.ts'
import {
  type Draft,
  type ImportContext,
  isOwned,
  newListedProfile,
  withListed,
  withOds,
  withPosition,
} from './imported-profile.ts'
import { InputRefused } from './input-file.ts'
import { markAbsent, storeListed } from './listed-pharmacies.ts'
import {
  type ListColumn,
  type ListedPharmacy,
  NATIONAL_LAYOUT,
  PARTIAL_LAYOUT,
  parseListRow,
} from './pharmaceutical-list-rows.ts'
import { loadOdsRecords, loadPositions } from './reference-store.ts'
import { closeServices, loadHeadServices, standInService } from './stand-in-services.ts'

const ACTOR = 'command:import pharmaceutical-list'
const ACTION = 'import-pharmaceutical-list'
const LIMITS = { maxFileBytes: 50_000_000, maxLineBytes: 65_536 }
/** Pharmacies in one transaction, so that the server goes on answering. */
const BATCH = 200

/**
 * Reads the whole list, then stores it in small transactions. A second run with the same file changes nothing, and an
 * interrupted run is finished by running it again. Throws `InputRefused` before anything is written.
 */
export async function importPharmaceuticalList(path: string, deps: ImportDeps): Promise<ImportSummary> {
  const table = await openCsv(path, [NATIONAL_LAYOUT, PARTIAL_LAYOUT], LIMITS)
  const tally = startTally(path, table.header)
  const listed = await readList(path, table, tally)
  await tally.writeRefusals()

  for (let start = 0; start < listed.length; start += BATCH) {
    const batch = listed.slice(start, start + BATCH)
    await deps.db.transact((tx) => storeBatch(tx, batch, importContext(deps.clock, ACTOR), tally))
    deps.progress('pharmacies stored', Math.min(start + BATCH, listed.length), listed.length)
  }
  if (table.layout === NATIONAL_LAYOUT) {
    await markAbsent(deps.db, listed, importContext(deps.clock, ACTOR).today)
    await noteAbsent(deps.db, listed, tally)
  }
  await refreshIcbAreas(deps.db)
  return tally.finish()
}

type Table = Awaited<ReturnType<typeof openCsv<ListColumn>>>

async function readList(path: string, table: Table, tally: Tally): Promise<readonly ListedPharmacy[]> {
  const lineOf = new Map<string, number>()
  const listed: ListedPharmacy[] = []
  let last: CsvRow<ListColumn> | undefined
  for await (const row of table.rows()) {
    last = row
    const pharmacy = readRow(row, table, lineOf, tally)
    if (pharmacy) listed.push(pharmacy)
  }
  if (!last) throw new InputRefused(`${basename(path)} has a header and no pharmacies`)
  refuseHalfWord(path, table, last)
  return listed
}

function readRow(
  row: CsvRow<ListColumn>,
  table: Table,
  lineOf: Map<string, number>,
  tally: Tally,
): ListedPharmacy | undefined {
  tally.count('read')
  const { pharmacy, reasons, refusedDays, warnings } = parseListRow(row, table.layout)
  const earlier = pharmacy && lineOf.get(pharmacy.odsCode)
  if (!pharmacy || earlier !== undefined) {
    const duplicate = `${pharmacy?.odsCode} is on line ${earlier} already`
    tally.refuse({ line: row.line, cells: row.cells, reasons: pharmacy ? [duplicate] : reasons })
    tally.detail('rows refused whole')
    return undefined
  }
  lineOf.set(pharmacy.odsCode, row.line)
  if (refusedDays > 0) {
    tally.refuse({ line: row.line, cells: row.cells, reasons })
    tally.detail('days refused, now unknown', refusedDays)
  }
  for (const message of warnings) tally.note({ kind: 'hours look wrong', subject: pharmacy.odsCode, message })
  return pharmacy
}

/** A file cut off inside its last word has every column; the contract type is then not one that exists. */
function refuseHalfWord(path: string, table: Table, last: CsvRow<ListColumn>): void {
  if (table.layout !== NATIONAL_LAYOUT || endsWithLineEnd(path)) return
  if (['COMMUNITY', 'DAC', 'LPS'].includes(last.text('contract').trim().toUpperCase())) return
  throw new InputRefused(`${basename(path)} is cut off: its last row, line ${last.line}, is incomplete`)
}

function endsWithLineEnd(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const end = Buffer.alloc(1)
    readSync(file, end, 0, 1, statSync(path).size - 1)
    return end[0] === 10
  } finally {
    closeSync(file)
  }
}

async function storeBatch(
  tx: Tx,
  batch: readonly ListedPharmacy[],
  context: ImportContext,
  tally: Tally,
): Promise<void> {
  const codes = batch.map(({ odsCode }) => odsCode)
  const stored = await lockProfiles(tx, codes)
  await storeListed(tx, batch)
  const heads = await loadHeadServices(tx, codes)
  const ods = await loadOdsRecords(tx, codes)
  const positions = await loadPositions(
    tx,
    batch.map(({ postcode }) => postcode),
  )
  const drafts = batch.map((listed) => {
    const before = stored.get(listed.odsCode)
    const named = before ? withListed({ ...before, kept: [] }, listed, context) : fresh(listed, heads, context)
    return withPosition(withOds(named, ods.get(listed.odsCode), context), positions)
  })
  const save = { actor: ACTOR, action: ACTION, recordedAt: context.recordedAt }
  await closeServices(
    tx,
    drafts.map(({ profile }) => profile),
    save,
  )
  const writes = drafts.map(({ profile, sections }): ProfileWrite => {
    const newServices = heads.has(profile.odsCode) ? [] : [standInService(profile, londonDateOf(context.recordedAt))]
    return { before: stored.get(profile.odsCode), profile, sections, newServices }
  })
  const committed = await commitProfiles(tx, writes, { ...save, decides: false, onMeeting: 'keep' })
  await forgetRefusedDays(tx, batch, drafts, committed, save)
  for (const [index, draft] of drafts.entries()) report(draft, committed[index]?.outcome, tally)
}

function fresh(
  listed: ListedPharmacy,
  heads: Awaited<ReturnType<typeof loadHeadServices>>,
  context: ImportContext,
): Draft {
  const draft = newListedProfile(listed, context)
  const sellsAtADistance = heads.get(listed.odsCode) === 134 && draft.profile.kind === 'community'
  return sellsAtADistance ? { ...draft, profile: { ...draft.profile, kind: 'distance-selling' } } : draft
}

/**
 * A day that an earlier list knew and this one garbles becomes unknown on the service we made as well: a profile that
 * states nothing leaves a service's own hours alone, and these never were its own.
 */
async function forgetRefusedDays(
  tx: Tx,
  batch: readonly ListedPharmacy[],
  drafts: readonly Draft[],
  committed: readonly Committed[],
  save: { actor: string; action: string; recordedAt: string },
): Promise<void> {
  const states = batch.flatMap((listed, index) => {
    const sections = drafts[index]?.sections
    if (!sections || isOwned(sections, 'hours') || !listed.weekly.includes(null)) return []
    const ours = committed[index]?.services.filter(({ uid, profileOds }) => uid >= FIRST_OWN_UID && profileOds !== null)
    return (ours ?? []).map(({ after, overrides, profileOds }) => {
      const weekly = after.hours.weekly.map((hours, day) => (listed.weekly[day] === null ? null : hours))
      return { record: { ...after, hours: { ...after.hours, weekly } }, overrides, profileOds }
    })
  })
  if (states.length > 0) await saveServiceStates(tx, states, save)
}

function report({ profile, kept }: Draft, outcome: Committed['outcome'] | undefined, tally: Tally): void {
  if (outcome === 'created') tally.count('stored')
  else if (outcome === 'changed') tally.count('changed')
  else if (kept.length === 0) tally.count('unchanged')
  if (kept.length > 0) tally.keep(profile.odsCode, kept)
  if (profile.address.position === null) {
    tally.detail('not placed, postcode unknown')
    tally.note({
      kind: 'postcode unknown, so not found by distance',
      subject: profile.odsCode,
      message: profile.address.postcode,
    })
  }
}

/** Pharmacies that an earlier list named and this one does not. They are told of, never closed. */
async function noteAbsent(db: Db, listed: readonly ListedPharmacy[], tally: Tally): Promise<void> {
  const here = new Set<string>(listed.map(({ odsCode }) => odsCode))
  const rows = await db.pool
    .selectFrom('profile')
    .select(['ods_code', 'name'])
    .where('status', '<>', 'closed')
    .where(sql<boolean>`document #>> '{commissioning,onPharmaceuticalList}' = 'true'`)
    .orderBy('ods_code')
    .execute()
  const absent = rows.filter(({ ods_code }) => !here.has(ods_code))
  if (absent.length > 0) tally.detail('of an earlier list and absent from this one', absent.length)
  for (const { ods_code, name } of absent) {
    tally.note({ kind: 'absent from this list, left as it is', subject: ods_code, message: name })
  }
}
