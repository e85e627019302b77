/** Rows of a file of suspension contacts, one an area. Pure. */
import type { CsvLayout, CsvRow } from '#src/reference-data/csv-table.ts'
import { tidy } from '#src/reference-data/readable-words.ts'
import { parseEmail, parsePhone } from '#src/rules/contact-details.ts'
import { type NoticePolicy, USUAL_EDIT_DAYS } from '#src/rules/notice-policy.ts'
import { parseOdsCode } from '#src/rules/ods-code.ts'

export type ContactColumn = 'area' | 'name' | 'email' | 'phone' | 'within' | 'phoneOver' | 'editDays' | 'note'

export const CONTACT_LAYOUT: CsvLayout<ContactColumn> = {
  name: 'a file of suspension contacts',
  columns: {
    area: ['icb_code', 'icb_ods_code', 'area_code'],
    name: ['name'],
    email: ['email'],
    phone: ['phone', 'telephone'],
    within: ['tell_within_minutes'],
    phoneOver: ['phone_over_hours'],
    editDays: ['edit_days'],
    note: ['note'],
  },
  required: ['area', 'name', 'email'],
}

/** Whom an area wants told, and what it asks. */
export type SuspensionContact = NoticePolicy & { readonly icbCode: string }

export type ContactReading =
  | { readonly ok: true; readonly contact: SuspensionContact }
  | { readonly ok: false; readonly reasons: readonly string[] }

const LONGEST_NAME = 100
const LONGEST_NOTE = 500
/** 30 days, 90 days and a year: beyond them somebody mistook the unit. */
const MOST = { within: 43_200, phoneOver: 2160, editDays: 366 }

/** Reads one row; refuses it whole when any value is wrong, so that no area is told half of what it asked. */
export function parseContactRow(row: CsvRow<ContactColumn>): ContactReading {
  if (row.damage !== undefined) return { ok: false, reasons: [row.damage] }
  const reasons: string[] = []
  const take = <T>(reading: Reading<T>, otherwise: T): T => {
    if (reading.ok) return reading.value
    reasons.push(reading.reason)
    return otherwise
  }
  const contact = {
    icbCode: take(areaIn(row), ''),
    name: take(proseIn(row, 'name', LONGEST_NAME), ''),
    email: take(emailIn(row), ''),
    phone: take(phoneIn(row), null),
    tellWithinMinutes: take(numberIn(row, 'within', MOST.within), null) ?? 0,
    phoneOverHours: take(numberIn(row, 'phoneOver', MOST.phoneOver), null),
    editDays: take(numberIn(row, 'editDays', MOST.editDays), null) ?? USUAL_EDIT_DAYS,
    note: take(proseIn(row, 'note', LONGEST_NOTE), '') || null,
  }
  if (contact.name === '') reasons.push('there is no name')
  return reasons.length > 0 ? { ok: false, reasons } : { ok: true, contact }
}

type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string }
type Row = CsvRow<ContactColumn>
const good = <T>(value: T): Reading<T> => ({ ok: true, value })
const bad = (reason: string): Reading<never> => ({ ok: false, reason })

function areaIn(row: Row): Reading<string> {
  const text = tidy(row.text('area'))
  const code = parseOdsCode(text)
  return code === undefined ? bad(`“${text.slice(0, 20)}” is not the ODS code of an ICB`) : good(code)
}

function emailIn(row: Row): Reading<string> {
  const text = tidy(row.text('email'))
  const email = parseEmail(text)
  return email.ok ? good(email.value.toLowerCase()) : bad(`“${text.slice(0, 60)}” is not an email address`)
}

function phoneIn(row: Row): Reading<string | null> {
  const text = tidy(row.text('phone'))
  if (text === '') return good(null)
  const phone = parsePhone(text)
  return phone.ok ? good(phone.value) : bad(`“${text.slice(0, 30)}” is not a UK phone number`)
}

function proseIn(row: Row, column: 'name' | 'note', most: number): Reading<string> {
  const text = tidy(row.text(column).replaceAll(/\p{C}/gu, ' '))
  return text.length > most ? bad(`the ${column} is longer than ${most} characters`) : good(text)
}

/** Null for an empty cell. */
function numberIn(row: Row, column: 'within' | 'phoneOver' | 'editDays', most: number): Reading<number | null> {
  const text = tidy(row.text(column))
  if (text === '') return good(null)
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (value <= most) return good(value)
  return bad(`${CONTACT_LAYOUT.columns[column][0]} is not a whole number from 0 to ${most}`)
}
