/** The bank holidays of a reference file beside ours, which come from `import bank-holidays`: they are only compared. */
import type { Db } from '#src/platform/db/db.ts'
import { type HolidayCalendar, holidayCalendar } from '#src/rules/bank-holidays.ts'
import { dayOf, type LocalDate, parseLocalDate } from '#src/rules/london-time.ts'
import type { Tally } from './import-summary.ts'

type Dates = { readonly bankHolidays?: readonly string[] | undefined }

/** The stored bank holidays, and calculated ones for years without. */
export async function loadCalendar(db: Db): Promise<HolidayCalendar> {
  const rows = await db.pool.selectFrom('bank_holiday').select(['held_on', 'title']).execute()
  return holidayCalendar(rows.map(({ held_on, title }) => ({ date: held_on as LocalDate, title })))
}

/** Notes every date that only one of the two has. */
export function noteHolidays(reference: Dates, calendar: HolidayCalendar, tally: Tally): void {
  const dates = differingHolidays(reference, calendar)
  if (dates.length === 0) return
  tally.detail('bank holidays of the reference file that differ, not taken over', dates.length)
  for (const date of dates) {
    const message = 'only one of the reference file and our bank holidays has it; ours come from import bank-holidays'
    tally.note({ kind: 'bank holiday differs', subject: date, message })
  }
}

/** Within the years that the file names. */
function differingHolidays({ bankHolidays = [] }: Dates, calendar: HolidayCalendar): readonly string[] {
  const years = new Set(bankHolidays.map((date) => date.slice(0, 4)))
  const unknown = bankHolidays.filter((text) => {
    const date = parseLocalDate(text)
    return !date || !calendar.isBankHoliday(dayOf(date))
  })
  const missing = [...years].flatMap((year) => {
    const [from, to] = [parseLocalDate(`${year}-01-01`), parseLocalDate(`${year}-12-31`)]
    if (!from || !to) return []
    const days = calendar
      .statutoryDays(dayOf(from), dayOf(to))
      .filter(({ date }) => calendar.isBankHoliday(dayOf(date)))
    return days.map(({ date }) => date).filter((date) => !bankHolidays.includes(date))
  })
  return [...unknown, ...missing].sort()
}
