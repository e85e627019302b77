/** The rows of the register. Whoever writes is in the audit. */
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Db, Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type LedgerEntry } from '#src/platform/db/ledger.ts'
import type { Tables } from '#src/platform/db/tables.ts'
import type { ListScope } from '#src/profiles/match-pharmacies.ts'
import { dateOf, dayOf, type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import type { ContactLevel, ContactWords } from './contact.form.ts'

/** For so many days it counts that somebody said a contact is right. Source: product design D8. */
export const CONFIRMED_FOR_DAYS = 90

export type StoredContact = ContactWords & {
  readonly areaCode: string
  readonly version: number
  /** Null: nobody has said that it is right. */
  readonly confirmedOn: LocalDate | null
  /** As in `audit.actor`; so is `changedBy`. */
  readonly confirmedBy: string | null
  readonly changedBy: string
}

/** On which day somebody must say again that a contact is right; null: at once. */
export const dueOn = ({ confirmedOn }: Pick<StoredContact, 'confirmedOn'>): LocalDate | null =>
  confirmedOn === null ? null : dateOf(dayOf(confirmedOn) + CONFIRMED_FOR_DAYS)

/** Whether that day has come. */
export function isDue(contact: Pick<StoredContact, 'confirmedOn'>, today: LocalDate): boolean {
  const day = dueOn(contact)
  return day === null || day <= today
}

export type ContactQuestion = {
  /** Part of a name, or a code. */
  readonly text?: string
  /** Only these areas. */
  readonly areaCodes?: readonly string[]
  /** Only those of this region, ICB or local authority. */
  readonly area?: string | undefined
  /** Only those that are due on this day. */
  readonly dueAt?: LocalDate
}

/**
 * Whether a contact, by the column of its code, is of an area: of the region or ICB itself, or of an ICB that has
 * pharmacies in the region or local authority.
 */
export const contactIsOf = (code: string, area: string | undefined): RawBuilder<boolean> =>
  area === undefined
    ? sql<boolean>`true`
    : sql<boolean>`${sql.ref(code)} in (select ${area} union all select icb_ods_code from area_choice where code = ${area})`

/** The contacts that are asked for, by name; the register has some fifty. */
export async function loadContacts(db: Queryable, question: ContactQuestion = {}): Promise<readonly StoredContact[]> {
  const { text = '', areaCodes, area, dueAt } = question
  let query = db.selectFrom('dos_contact').selectAll().where(contactIsOf('area_code', area))
  if (text !== '') {
    const code = text.toUpperCase()
    query = query.where((row) =>
      row.or([sql<boolean>`strpos(lower(name), ${text.toLowerCase()}) > 0`, row('area_code', '=', code)]),
    )
  }
  if (areaCodes) query = query.where(sql<boolean>`area_code = any(${[...areaCodes]}::text[])`)
  if (dueAt) {
    const last = dateOf(dayOf(dueAt) - CONFIRMED_FOR_DAYS)
    query = query.where((row) => row.or([row('confirmed_on', 'is', null), row('confirmed_on', '<=', last)]))
  }
  return (await query.orderBy('name').orderBy('area_code').execute()).map(contactOf)
}

/** One contact; undefined when the area has none. */
export async function loadContact(db: Queryable, areaCode: string): Promise<StoredContact | undefined> {
  const row = await db.selectFrom('dos_contact').selectAll().where('area_code', '=', areaCode).executeTakeFirst()
  return row && contactOf(row)
}

/** ICBs that have pharmacies and no contact, of those that somebody may edit. */
export async function loadAreasWithout(db: Queryable, { area, ...scope }: ListScope): Promise<readonly string[]> {
  const { rows } = await sql<{ code: string }>`
    select code from (
      select distinct document #>> '{commissioning,icbCode}' as code from profile
      where document #>> '{commissioning,icbCode}' is not null) icb
    where ${scope.everywhere ? sql`true` : sql`code = any(${[...scope.icbCodes]}::text[])`} and ${contactIsOf('icb.code', area)}
      and not exists (select from dos_contact where area_code = icb.code)
    order by 1`.execute(db)
  return rows.map(({ code }) => code)
}

/** The contacts that somebody may edit, or of an area those, which are due. */
export const loadDue = (db: Queryable, { area, ...scope }: ListScope, today: LocalDate) =>
  loadContacts(db, { dueAt: today, area, ...(scope.everywhere ? {} : { areaCodes: scope.icbCodes }) })

/** How many those are. */
export const countDue = async (db: Queryable, scope: ListScope, today: LocalDate): Promise<number> =>
  (await loadDue(db, scope, today)).length

/** Who writes, and when. */
export type Writing = { readonly actor: string; readonly now: Date }
type Saving = { readonly areaCode: string; readonly expectedVersion: number; readonly contact: ContactWords }

/**
 * Saves a contact and, with it, that it is right. `expectedVersion` is that of the row that was read, 0 for none.
 * `conflict`: somebody else has written meanwhile, and nothing is saved.
 */
export function saveContact(
  db: Db,
  { areaCode, expectedVersion, contact }: Saving,
  writing: Writing,
): Promise<'saved' | 'conflict'> {
  return db.transact(async (tx) => {
    const before = await lockContact(tx, areaCode)
    if ((before?.version ?? 0) !== expectedVersion) return 'conflict'
    const confirmedOn = londonDateOf(writing.now)
    const entry = await writeContact(tx, { areaCode, before, contact, confirmedOn }, writing)
    // A first row that somebody else added at the same moment.
    if (entry === 'taken') return 'conflict'
    if (entry) await appendToLedger(tx, writing.now.toISOString(), [entry])
    return 'saved'
  })
}

/** Notes that a contact is right; the same person on the same day again changes nothing. False: the area has none. */
export function confirmContact(db: Db, areaCode: string, { actor, now }: Writing): Promise<boolean> {
  return db.transact(async (tx) => {
    const before = await lockContact(tx, areaCode)
    if (!before) return false
    const confirmedOn = londonDateOf(now)
    if (before.confirmedOn === confirmedOn && before.confirmedBy === actor) return true
    await tx
      .updateTable('dos_contact')
      .set({ confirmed_on: confirmedOn, confirmed_by: actor })
      .where('area_code', '=', areaCode)
      .execute()
    const detail = { confirmedOn }
    const entry = { actor, action: 'confirm-dos-contact', target: targetOf(areaCode), detail, changes: [] }
    await appendToLedger(tx, now.toISOString(), [entry])
    return true
  })
}

/** Reads a row and keeps others from writing it until the transaction ends. */
export async function lockContact(tx: Tx, areaCode: string): Promise<StoredContact | undefined> {
  const query = tx.selectFrom('dos_contact').selectAll().where('area_code', '=', areaCode).forUpdate()
  const row = await query.executeTakeFirst()
  return row && contactOf(row)
}

const WORDS = ['level', 'name', 'mailbox', 'phone', 'nightPhone', 'owner'] as const

/** The fields in which two contacts differ. */
export const differences = (before: ContactWords | undefined, after: ContactWords): readonly string[] =>
  WORDS.filter((field) => before?.[field] !== after[field])

/**
 * Writes a row that is locked, for the caller to append the entry to the ledger. Undefined: nothing changed. `taken`: it
 * was to be new and is not.
 */
export async function writeContact(
  tx: Tx,
  change: {
    readonly areaCode: string
    readonly before: StoredContact | undefined
    readonly contact: ContactWords
    readonly confirmedOn: LocalDate | null
  },
  { actor, now }: Writing,
): Promise<LedgerEntry | 'taken' | undefined> {
  const { areaCode, before, contact, confirmedOn } = change
  const changed = differences(before, contact)
  if (before && changed.length === 0 && before.confirmedOn === confirmedOn) return undefined
  const { level, name, mailbox, phone, nightPhone: night_phone, owner } = contact
  const row = {
    ...{ level, name, mailbox, phone, night_phone, owner, version: (before?.version ?? 0) + 1 },
    ...{ confirmed_on: confirmedOn, confirmed_by: confirmedOn === null ? null : actor },
    ...{ changed_at: now.toISOString(), changed_by: actor },
  }
  if (before) await tx.updateTable('dos_contact').set(row).where('area_code', '=', areaCode).execute()
  else {
    const added = await tx
      .insertInto('dos_contact')
      .values({ area_code: areaCode, ...row })
      .onConflict((on) => on.doNothing())
      .returning('area_code')
      .executeTakeFirst()
    if (!added) return 'taken'
  }
  const was = Object.fromEntries(changed.map((field) => [field, before?.[field as 'name'] ?? null]))
  const is = Object.fromEntries(changed.map((field) => [field, contact[field as 'name']]))
  const detail = { before: was, after: is, confirmedOn }
  return { actor, action: 'change-dos-contact', target: targetOf(areaCode), detail, changes: [] }
}

/** How the audit names a contact. */
export const targetOf = (areaCode: string): string => `dos-contact:${areaCode}`

const contactOf = (row: Selectable<Tables['dos_contact']>): StoredContact => ({
  areaCode: row.area_code,
  level: row.level as ContactLevel,
  name: row.name,
  mailbox: row.mailbox,
  phone: row.phone,
  nightPhone: row.night_phone,
  owner: row.owner,
  version: row.version,
  confirmedOn: row.confirmed_on as LocalDate | null,
  confirmedBy: row.confirmed_by,
  changedBy: row.changed_by,
})
