/** What the rows of a spreadsheet ask of the branches: one layout for each kind of change. Pure. */

import { isDeepStrictEqual } from 'node:util'
import type { ContactAnswers } from '#src/profiles/decide.ts'
import type { HolidayAnswer } from '#src/profiles/profile.ts'
import { headerKey } from '#src/reference-data/csv-table.ts'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { parseEmail, parsePhone, parseWebsite } from '#src/rules/contact-details.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import { offeredServiceKind, offeredServiceNamed } from '#src/rules/offered-services.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { parseTypedDate } from '#src/rules/typed-date.ts'
import { parseTypedHours } from '#src/rules/typed-hours.ts'
import type { BranchCommand, BranchKind } from './branch-command.ts'
import type { SheetRow } from './sheet.ts'

/** The columns of each kind, in the order of its template; the first is the branch's code. A star: must be there. */
export const SHEET_COLUMNS: Readonly<Record<BranchKind, readonly string[]>> = {
  holidays: ['ODS code*', 'Date*', 'Answer*'],
  change: ['ODS code*', 'First day*', 'Last day', 'Hours*', 'Reason*', 'Public note'],
  services: ['ODS code*', 'Service*', 'Offered*'],
  contact: ['ODS code*', 'Phone', 'Website', 'Email', 'Professional phone', 'Professional email'],
  check: ['ODS code*'],
}

/** One row of a template that shows how to fill it in. */
export const SHEET_EXAMPLES: Readonly<Record<BranchKind, readonly string[]>> = {
  holidays: ['FA002', '26 December 2026', '10am to 2pm'],
  change: ['FA002', '24 December 2026', '24 December 2026', '9am to 1pm', 'Staff training', 'We close at 1pm'],
  services: ['FA002', 'NHS Blood Pressure Check', 'yes'],
  contact: ['FA002', '0161 496 0000', 'www.example.com/fa002', '', '', ''],
  check: ['FA002'],
}

export type SheetReading = {
  /** One command a branch, in the order in which the branches first appear. */
  readonly commands: readonly { readonly odsCode: string; readonly line: number; readonly command: BranchCommand }[]
  /** Rows that ask for nothing that could be done; the other rows are not held up by them. */
  readonly refused: readonly { readonly line: number; readonly odsCode: string; readonly reason: string }[]
}

/** Reads rows, the header first. Problems are of the file as a whole, such as a column that is missing. */
export function readSheetCommands(kind: BranchKind, rows: readonly SheetRow[]): Result<SheetReading> {
  const [header, ...lines] = rows
  const places = header ? placesOf(kind, header.cells) : refused(problem('empty', 'The file is empty'))
  if (!places.ok) return places
  if (lines.length === 0) return refused(problem('no-rows', 'The file has a header and no rows'))
  const commands = new Map<string, SheetReading['commands'][number]>()
  const bad: SheetReading['refused'][number][] = []
  for (const row of lines) {
    const cell = (column: string): string => row.cells[places.value.get(headerKey(column)) ?? -1] ?? ''
    const odsCode = parsePharmacyCode(cell('ODS code'))
    const before = odsCode && commands.get(odsCode)
    const read = readRow(kind, cell, before?.command)
    if (read.ok && odsCode) commands.set(odsCode, { odsCode, line: before?.line ?? row.line, command: read.value })
    else bad.push({ line: row.line, odsCode: cell('ODS code').slice(0, 20), reason: reasonsOf(read) })
  }
  return accepted({ commands: [...commands.values()], refused: bad })
}

/** One row, joined with what an earlier row asked of the same branch. */
function readRow(kind: BranchKind, cell: Cell, before: BranchCommand | undefined): Result<BranchCommand> {
  if (!parsePharmacyCode(cell('ODS code'))) {
    return refused(problem('code', `“${cell('ODS code')}” is not the ODS code of a pharmacy`))
  }
  const read = readCommand(kind, cell)
  return read.ok && before ? joinCommands(before, read.value) : read
}

/** Where each column is, by `headerKey`. Order, case and further columns do not matter. */
function placesOf(kind: BranchKind, header: readonly string[]): Result<ReadonlyMap<string, number>> {
  const places = new Map(header.map((name, place) => [headerKey(name), place]))
  const missing = SHEET_COLUMNS[kind].filter((name) => name.endsWith('*') && !places.has(headerKey(name)))
  const names = missing.map((name) => name.slice(0, -1))
  if (names.length > 0) {
    return refused(
      problem(
        'columns',
        `The file lacks the column${names.length > 1 ? 's' : ''} ${names.join(', ')}. Use our template`,
      ),
    )
  }
  return accepted(places)
}

type Cell = (column: string) => string

function readCommand(kind: BranchKind, cell: Cell): Result<BranchCommand> {
  switch (kind) {
    case 'holidays':
      return readHoliday(cell)
    case 'change':
      return readChange(cell)
    case 'services':
      return readService(cell)
    case 'contact':
      return readContact(cell)
    case 'check':
      return accepted({ kind: 'check' })
  }
}

function readHoliday(cell: Cell): Result<BranchCommand> {
  const date = readDate(cell('Date'))
  const answer = readAnswer(cell('Answer'))
  if (!date.ok || !answer.ok) return refused(...problemsOf(date), ...problemsOf(answer))
  return accepted({ kind: 'holidays', answers: { [date.value]: answer.value } })
}

function readAnswer(text: string): Result<HolidayAnswer> {
  if (/^usual( hours)?$/i.test(text)) return accepted({ answer: 'usual' })
  const hours = parseTypedHours(text)
  if (!hours.ok)
    return refused(problem('answer', `“${text}” is no answer. Write closed, usual, or hours like 10am to 2pm`))
  return accepted(hours.value.length === 0 ? { answer: 'closed' } : { answer: 'other', sessions: hours.value })
}

function readChange(cell: Cell): Result<BranchCommand> {
  const from = readDate(cell('First day'))
  const to = cell('Last day') === '' ? from : readDate(cell('Last day'))
  const hours = parseTypedHours(cell('Hours'))
  const reason = readReason(cell('Reason'))
  if (!from.ok || !to.ok || !hours.ok || !reason.ok) {
    const problems = [from, ...(to === from ? [] : [to]), hours, reason].flatMap(problemsOf)
    return refused(...problems)
  }
  const change = { from: from.value, to: to.value, sessions: hours.value, reason: reason.value }
  return accepted({ kind: 'change', change: { ...change, note: cell('Public note') || null } })
}

/** One of the reasons of the list, however its letters are written. */
function readReason(text: string): Result<string> {
  const reason = CHANGE_REASONS.find((known) => known.toLowerCase() === text.toLowerCase())
  return reason
    ? accepted(reason)
    : refused(problem('reason', `“${text}” is not a reason of the list: ${CHANGE_REASONS.join(', ')}`))
}

function readService(cell: Cell): Result<BranchCommand> {
  const kind = offeredServiceKind(cell('Service').toUpperCase()) ?? offeredServiceNamed(cell('Service'))
  const offered = YES_NO.get(cell('Offered').toLowerCase())
  if (!kind) return refused(problem('service', `“${cell('Service')}” is not a service of the list`))
  if (offered === undefined)
    return refused(problem('offered', `Write yes or no under Offered, not “${cell('Offered')}”`))
  return accepted({ kind: 'services', offered: { [kind.code]: offered } })
}

const YES_NO: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['y', true],
  ['true', true],
  ['1', true],
  ['no', false],
  ['n', false],
  ['false', false],
  ['0', false],
])

const CONTACTS: readonly [column: string, key: keyof ContactAnswers, parse: (text: string) => Result<string>][] = [
  ['Phone', 'phone', parsePhone],
  ['Website', 'website', parseWebsite],
  ['Email', 'email', parseEmail],
  ['Professional phone', 'professionalPhone', parsePhone],
  ['Professional email', 'professionalEmail', parseEmail],
]

/** An empty cell leaves the value as it is; the word "none" takes it away. */
function readContact(cell: Cell): Result<BranchCommand> {
  const read = CONTACTS.filter(([column]) => cell(column) !== '').map(([column, key, parse]) => ({
    key,
    value: /^none$/i.test(cell(column)) ? accepted(null) : inWordsOf(column, parse(cell(column))),
  }))
  const problems = read.flatMap(({ value }) => problemsOf(value))
  if (problems.length > 0) return refused(...problems)
  if (read.length === 0) return refused(problem('contact', 'The row says nothing to change'))
  const contact = Object.fromEntries(read.map(({ key, value }) => [key, value.ok ? value.value : null]))
  return accepted({ kind: 'contact', contact })
}

const inWordsOf = (column: string, read: Result<string>): Result<string> =>
  read.ok ? read : refused(...read.problems.map((one) => ({ ...one, message: `${column}: ${one.message}` })))

/** Where a kind keeps values that several rows of a branch may add to. */
const ADDED_TO: Readonly<Partial<Record<BranchKind, string>>> = {
  holidays: 'answers',
  services: 'offered',
  contact: 'contact',
}

/** Two rows of one branch, of the same kind. What both say must not differ, and only one dated change fits into one go. */
function joinCommands(a: BranchCommand, b: BranchCommand): Result<BranchCommand> {
  const part = ADDED_TO[a.kind]
  if (part === undefined) return JSON.stringify(a) === JSON.stringify(b) ? accepted(a) : saidTwice
  const [was, is] = [a, b].map((command) => (command as unknown as Record<string, Record<string, unknown>>)[part] ?? {})
  const differs = Object.keys(is ?? {}).some(
    (key) => was?.[key] !== undefined && !isDeepStrictEqual(was[key], is?.[key]),
  )
  return differs ? saidTwice : accepted({ ...a, [part]: { ...was, ...is } } as BranchCommand)
}

function readDate(text: string): Result<LocalDate> {
  const date = parseTypedDate(text)
  return date ? accepted(date) : refused(problem('date', `“${text}” is not a date. Write it like 25 December 2026`))
}

const saidTwice = refused<BranchCommand>({
  field: 'file',
  code: 'again',
  message: 'Another row says something else about this branch',
})
const reasonsOf = (read: Result<unknown>): string =>
  problemsOf(read)
    .map(({ message }) => message)
    .join('. ')
const problemsOf = (read: Result<unknown>): readonly Problem[] => (read.ok ? [] : read.problems)
const problem = (code: string, message: string): Problem => ({ field: 'file', code, message })
