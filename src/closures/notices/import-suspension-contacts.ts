/** `import suspension-contacts`: whom each area wants told of closures, and what it asks. Notices that wait for that are sent. */
import { basename } from 'node:path'
import { sql } from 'kysely'
import type { Tx } from '#src/platform/db/db.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import { openCsv } from '#src/reference-data/csv-table.ts'
import { type ImportDeps, importContext } from '#src/reference-data/import-deps.ts'
import { type ImportSummary, startTally, type Tally } from '#src/reference-data/import-summary.ts'
import { InputRefused } from '#src/reference-data/input-file.ts'
import { loadClosure } from '../closure-records.ts'
import { loadNotices } from './notice-records.ts'
import { CONTACT_LAYOUT, parseContactRow, type SuspensionContact } from './suspension-contact-rows.ts'
import { sendNotice } from './write-notice.ts'

const ACTOR = 'command:import suspension-contacts'
const LIMITS = { maxFileBytes: 10_000_000, maxLineBytes: 65_536 }
/** A notice that reached nobody is sent late rather than never, but not about what everybody has forgotten. */
const LATE_DAYS = 31
const DAY_MS = 86_400_000

/**
 * Stores one contact an area; areas that the file does not name keep theirs. Every row is read before the first is
 * written. Throws `InputRefused` before anything is written.
 */
export async function importSuspensionContacts(path: string, deps: ImportDeps): Promise<ImportSummary> {
  const table = await openCsv(path, [CONTACT_LAYOUT], LIMITS)
  const tally = startTally(path, table.header)
  const contacts = await readContacts(path, table, tally)
  await tally.writeRefusals()
  const { recordedAt } = importContext(deps.clock, ACTOR)
  await deps.db.transact((tx) => storeContacts(tx, contacts, recordedAt, tally))
  for (const { icbCode } of contacts) {
    const sent = await deps.db.transact((tx) => sendWaiting(tx, icbCode, recordedAt))
    if (sent > 0) tally.detail('notices that waited for a contact and are sent now', sent)
  }
  return tally.finish()
}

async function readContacts(
  path: string,
  table: Awaited<ReturnType<typeof openCsv<keyof typeof CONTACT_LAYOUT.columns>>>,
  tally: Tally,
): Promise<readonly SuspensionContact[]> {
  const lineOf = new Map<string, number>()
  const contacts: SuspensionContact[] = []
  for await (const row of table.rows()) {
    tally.count('read')
    const reading = parseContactRow(row)
    const earlier = reading.ok ? lineOf.get(reading.contact.icbCode) : undefined
    if (reading.ok && earlier === undefined) {
      lineOf.set(reading.contact.icbCode, row.line)
      contacts.push(reading.contact)
      continue
    }
    const reasons = reading.ok ? [`the area ${reading.contact.icbCode} is on line ${earlier} already`] : reading.reasons
    tally.refuse({ line: row.line, cells: row.cells, reasons })
  }
  if (tally.counts().read === 0) throw new InputRefused(`${basename(path)} has a header and no contacts`)
  return contacts
}

/** Stores contacts and counts them; the same contact again changes nothing. */
export async function storeContacts(
  tx: Tx,
  contacts: readonly SuspensionContact[],
  at: string,
  tally?: Pick<Tally, 'count' | 'note'>,
): Promise<void> {
  const known = await areasOfPharmacies(tx)
  for (const { icbCode, ...contact } of contacts) {
    const row = {
      name: contact.name,
      email: contact.email,
      phone: contact.phone,
      tell_within_minutes: contact.tellWithinMinutes,
      phone_over_hours: contact.phoneOverHours,
      edit_days: contact.editDays,
      note: contact.note,
    }
    const before = await tx
      .selectFrom('suspension_contact')
      .selectAll()
      .where('icb_code', '=', icbCode)
      .forUpdate()
      .executeTakeFirst()
    const isSame = before && Object.entries(row).every(([key, value]) => before[key as keyof typeof row] === value)
    tally?.count(before ? (isSame ? 'unchanged' : 'changed') : 'stored')
    if (!known.has(icbCode)) {
      const message = `no pharmacy is known in the area ${icbCode}; is the code the ODS code of the ICB?`
      tally?.note({ kind: 'area without a pharmacy', subject: icbCode, message })
    }
    if (isSame) continue
    await tx
      .insertInto('suspension_contact')
      .values({ icb_code: icbCode, ...row, changed_at: at })
      .onConflict((conflict) => conflict.column('icb_code').doUpdateSet({ ...row, changed_at: at }))
      .execute()
  }
}

async function areasOfPharmacies(tx: Tx): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ code: string | null }>`
    select distinct document #>> '{commissioning,icbCode}' as code from profile`.execute(tx)
  return new Set(rows.flatMap(({ code }) => code ?? []))
}

/** Sends the latest notice of each closure of an area that has reached nobody yet; says how many. */
async function sendWaiting(tx: Tx, icbCode: string, at: string): Promise<number> {
  const since = new Date(Date.parse(at) - LATE_DAYS * DAY_MS).toISOString()
  const { rows } = await sql<{ id: string; odsCode: string }>`
    select closure.id, closure.ods_code as "odsCode" from closure
    join profile on profile.ods_code = closure.ods_code
    where profile.document #>> '{commissioning,icbCode}' = ${icbCode}
      and (closure.ended_at is null or closure.ended_at > ${since}) and closure.how_ended is distinct from 'cancelled'
      and not exists (
        select from email_sent
        where email_sent.event = 'closure-notice ' || closure.id || ' ' ||
          (select max(version) from suspension_notice where closure_id = closure.id))
    order by closure.starts_at, closure.id`.execute(tx)
  const profiles = await lockProfiles(
    tx,
    rows.map(({ odsCode }) => odsCode),
  )
  let sent = 0
  for (const { id, odsCode } of rows) {
    const closure = await loadClosure(tx, id)
    const profile = profiles.get(odsCode)?.profile
    if (!closure || !profile) continue
    if (await sendNotice(tx, { profile, closure, versions: await loadNotices(tx, id) }, at)) sent += 1
  }
  return sent
}
