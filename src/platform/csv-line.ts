/** One line of CSV that a spreadsheet opens as text: quoted where needed, never run as a formula. */

/** Characters with which a spreadsheet begins a formula. */
const FORMULA = /^[=+\-@\t\r]/
const NUMBER = /^[+-]?\d+(\.\d+)?$/

/**
 * Joins cells by commas, with a line end. A cell that a spreadsheet would run gets an apostrophe in front, which it
 * shows as plain text; numbers are left alone.
 */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\n`

function csvCell(value: string): string {
  const safe = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
