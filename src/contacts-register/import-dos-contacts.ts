/** `import dos-contacts`: the register of DoS leads from a file. What a person changed or confirmed stays as it is. */
import { basename } from 'node:path'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type LedgerEntry } from '#src/platform/db/ledger.ts'
import { fieldsOf } from '#src/platform/http/form-fields.ts'
import { type CsvLayout, type CsvRow, openCsv } from '#src/reference-data/csv-table.ts'
import { type ImportDeps, importContext } from '#src/reference-data/import-deps.ts'
import { type ImportSummary, type Note, startTally, type Tally } from '#src/reference-data/import-summary.ts'
import { InputRefused } from '#src/reference-data/input-file.ts'
import { tidy } from '#src/reference-data/readable-words.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { parseOdsCode } from '#src/rules/ods-code.ts'
import { parseTypedDate } from '#src/rules/typed-date.ts'
import { type ContactWords, parseContactForm } from './contact.form.ts'
import { differences, lockContact, type StoredContact, type Writing, writeContact } from './contact-records.ts'

const ACTOR = 'command:import dos-contacts'
const LIMITS = { maxFileBytes: 10_000_000, maxLineBytes: 65_536 }

type Column = 'area' | 'level' | 'name' | 'mailbox' | 'phone' | 'night-phone' | 'owner' | 'confirmed'
const LAYOUT: CsvLayout<Column> = {
  name: 'a file of DoS leads',
  columns: {
    area: ['area_code', 'icb_code', 'icb_ods_code'],
    level: ['level'],
    name: ['name'],
    mailbox: ['mailbox', 'email'],
    phone: ['phone', 'phone_in_hours'],
    'night-phone': ['phone_out_of_hours'],
    owner: ['owner'],
    confirmed: ['last_confirmed'],
  },
  required: ['area', 'name', 'mailbox', 'owner'],
}

/** A contact as a file or the filling of an empty directory brings it. */
export type ImportedContact = ContactWords & { readonly areaCode: string; readonly confirmedOn: LocalDate | null }

/**
 * Stores one contact an area; areas that the file does not name keep theirs. Every row is read before the first is
 * written. Throws `InputRefused` before anything is written.
 */
export async function importDosContacts(path: string, deps: ImportDeps): Promise<ImportSummary> {
  const table = await openCsv(path, [LAYOUT], LIMITS)
  const tally = startTally(path, table.header)
  const lineOf = new Map<string, number>()
  const contacts: ImportedContact[] = []
  const today = londonDateOf(deps.clock.now())
  for await (const row of table.rows()) {
    tally.count('read')
    const { contact, reasons } = contactIn(row, today)
    const earlier = contact && lineOf.get(contact.areaCode)
    if (contact && earlier === undefined) {
      lineOf.set(contact.areaCode, row.line)
      contacts.push(contact)
      continue
    }
    const twice = contact ? [`the area ${contact.areaCode} is on line ${earlier} already`] : []
    tally.refuse({ line: row.line, cells: row.cells, reasons: [...reasons, ...twice] })
  }
  if (tally.counts().read === 0) throw new InputRefused(`${basename(path)} has a header and no contacts`)
  await tally.writeRefusals()
  const { recordedAt } = importContext(deps.clock, ACTOR)
  await deps.db.transact((tx) => storeDosContacts(tx, contacts, { actor: ACTOR, now: new Date(recordedAt) }, tally))
  return tally.finish()
}

function contactIn(
  row: CsvRow<Column>,
  today: LocalDate,
): { readonly contact?: ImportedContact; readonly reasons: readonly string[] } {
  if (row.damage !== undefined) return { reasons: [row.damage] }
  const cell = (column: Column) => tidy(row.text(column))
  const areaCode = parseOdsCode(cell('area'))
  const given = cell('confirmed')
  const confirmedOn = given === '' ? null : parseTypedDate(given)
  const names = ['level', 'name', 'mailbox', 'phone', 'night-phone', 'owner'] as const
  const words = parseContactForm(
    fieldsOf(Object.fromEntries(names.map((name) => [name, name === 'level' ? cell(name).toLowerCase() : cell(name)]))),
  )
  const reasons = [
    ...(areaCode ? [] : [`“${cell('area').slice(0, 20)}” is not the ODS code of an ICB or a region`]),
    ...(words.ok ? [] : words.problems.map(({ message }) => message)),
    ...(confirmedOn === undefined || (confirmedOn !== null && confirmedOn > today)
      ? [`“${given.slice(0, 20)}” is not a date in the past`]
      : []),
  ]
  if (reasons.length > 0 || !areaCode || !words.ok || confirmedOn === undefined) return { reasons }
  return { contact: { areaCode, ...words.value, confirmedOn }, reasons }
}

/** Stores contacts and counts them; the same contact again changes nothing. */
export async function storeDosContacts(
  tx: Tx,
  contacts: readonly ImportedContact[],
  writing: Writing,
  tally?: Pick<Tally, 'count' | 'note'>,
): Promise<void> {
  const entries: LedgerEntry[] = []
  // In one order, so that two imports at once do not wait for each other.
  for (const imported of contacts.toSorted((one, other) => (one.areaCode < other.areaCode ? -1 : 1))) {
    const { areaCode, confirmedOn: _day, ...contact } = imported
    const before = await lockContact(tx, areaCode)
    const { outcome, confirmedOn, differ } = decideImport(before, imported)
    tally?.count(outcome)
    if (outcome === 'kept') tally?.note(keptNote(areaCode, differ))
    if (outcome === 'kept' || outcome === 'unchanged') continue
    const entry = await writeContact(tx, { areaCode, before, contact, confirmedOn }, writing)
    if (entry && entry !== 'taken') entries.push(entry)
  }
  if (entries.length > 0) await appendToLedger(tx, writing.now.toISOString(), entries)
}

type Decision = {
  readonly outcome: 'stored' | 'changed' | 'unchanged' | 'kept'
  readonly confirmedOn: LocalDate | null
  readonly differ: readonly string[]
}

/** What a person wrote stays. Otherwise the file counts, but for an older word that the same contact is right. */
function decideImport(before: StoredContact | undefined, imported: ImportedContact): Decision {
  const differ = differences(before, imported)
  const { confirmedOn } = imported
  if (!before) return { outcome: 'stored', confirmedOn, differ }
  if (isOurs(before)) return { outcome: differ.length > 0 ? 'kept' : 'unchanged', confirmedOn, differ }
  if (differ.length > 0) return { outcome: 'changed', confirmedOn, differ }
  const later = laterOf(before.confirmedOn, confirmedOn)
  return { outcome: later === before.confirmedOn ? 'unchanged' : 'changed', confirmedOn: later, differ }
}

const keptNote = (areaCode: string, differ: readonly string[]): Note => ({
  kind: 'contact kept',
  subject: areaCode,
  message: `${differ.join(', ')}: kept as on the page, where somebody changed or confirmed it`,
})

const isOurs = ({ changedBy, confirmedBy }: StoredContact): boolean =>
  changedBy.startsWith('person:') || confirmedBy?.startsWith('person:') === true

const laterOf = (one: LocalDate | null, other: LocalDate | null): LocalDate | null =>
  one !== null && (other === null || one > other) ? one : other
