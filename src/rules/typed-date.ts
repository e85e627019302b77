/** Dates as people type them: in three boxes, or in one cell of a spreadsheet. */
import { MONTH_NAMES } from './clock-time.ts'
import { type LocalDate, parseLocalDate } from './london-time.ts'

/** The date of a day, a month as number or word (`3`, `03`, `Mar`, `March`) and a year of four digits. */
export function dateFromParts(day: string, month: string, year: string): LocalDate | undefined {
  if (!/^\d{1,2}$/.test(day) || !/^\d{4}$/.test(year)) return undefined
  return parseLocalDate(`${year}-${monthNumber(month)}-${day.padStart(2, '0')}`)
}

/** Reads `2026-12-25`, `25/12/2026`, `25.12.2026`, `25 December 2026` or `Friday 25 Dec 2026`: the day before the month. */
export function parseTypedDate(text: string): LocalDate | undefined {
  const plain = text.normalize('NFKC').trim()
  if (/^\d{4}-/.test(plain)) return parseLocalDate(plain)
  const [, day, month, year] =
    /^(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s/.-]+([a-z]+|\d{1,2})[\s/.-]+(\d{4})$/i.exec(plain) ?? []
  return day && month && year ? dateFromParts(day, month, year) : undefined
}

/** `03` for 3, 03, Mar and March; text that no date has for anything else. */
function monthNumber(text: string): string {
  if (/^\d{1,2}$/.test(text)) return text.padStart(2, '0')
  const word = text.toLowerCase().replace(/\.$/, '')
  const index =
    word.length < 3
      ? -1
      : MONTH_NAMES.findIndex(
          (month) => month.toLowerCase().startsWith(word) || (word === 'sept' && month === 'September'),
        )
  return index < 0 ? '??' : String(index + 1).padStart(2, '0')
}
