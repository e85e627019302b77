/** `import bank-holidays`: the bank holidays of England and Wales, as GOV.UK publishes them. */
import { basename } from 'node:path'
import { z } from 'zod'
import type { Tx } from '#src/platform/db/db.ts'
import type { PublishedHoliday } from '#src/rules/bank-holidays.ts'
import { parseLocalDate } from '#src/rules/london-time.ts'
import { type ImportDeps, importContext } from './import-deps.ts'
import { type ImportSummary, startTally, type Tally } from './import-summary.ts'
import { InputRefused } from './input-file.ts'
import { readJson } from './json-file.ts'
import { finishChanging, markChanging } from './reference-import.ts'

const ACTOR = 'command:import bank-holidays'
const SOURCE = 'gov.uk'

const layout = z.object({ 'england-and-wales': z.object({ events: z.array(z.unknown()).min(1) }) })
const event = z.object({
  title: z.string().trim().min(1, 'there is no title'),
  date: z.string().refine((date) => parseLocalDate(date) !== undefined, 'the date is not a date like 2026-12-25'),
})

/**
 * Stores the holidays. The years that the file names are replaced as a whole, because a holiday may be moved. Throws
 * `InputRefused` before anything is written.
 */
export async function importBankHolidays(path: string, deps: ImportDeps): Promise<ImportSummary> {
  const parsed = layout.safeParse(await readJson(path))
  if (!parsed.success) {
    throw new InputRefused(`${basename(path)} is not in the layout of GOV.UK: england-and-wales, with a list of events`)
  }
  const tally = startTally(path, ['TITLE', 'DATE'])
  const holidays = readEvents(parsed.data['england-and-wales'].events, tally)
  if (holidays.length === 0) throw new InputRefused(`${basename(path)} has no bank holiday that can be read`)
  await tally.writeRefusals()
  const { recordedAt } = importContext(deps.clock, ACTOR)
  await deps.db.transact((tx) => store(tx, holidays, recordedAt, tally))
  return tally.finish()
}

function readEvents(events: readonly unknown[], tally: Tally): readonly PublishedHoliday[] {
  const byDate = new Map<string, PublishedHoliday>()
  for (const [index, given] of events.entries()) {
    tally.count('read')
    const read = event.safeParse(given)
    const date = read.success ? parseLocalDate(read.data.date) : undefined
    if (!read.success || !date || byDate.has(date)) {
      const reasons = read.success ? ['the date occurs twice'] : read.error.issues.map(({ message }) => message)
      tally.refuse({ line: index + 1, cells: cellsOf(given), reasons })
    } else byDate.set(date, { date, title: read.data.title })
  }
  return [...byDate.values()]
}

const loose = z.object({ title: z.unknown(), date: z.unknown() }).partial()

function cellsOf(given: unknown): readonly string[] {
  const { title, date } = loose.safeParse(given).data ?? {}
  return [title, date].map((value) => (typeof value === 'string' ? value : JSON.stringify(value ?? null)))
}

async function store(tx: Tx, holidays: readonly PublishedHoliday[], at: string, tally: Tally): Promise<void> {
  const rows = await tx.selectFrom('bank_holiday').selectAll().forUpdate().execute()
  const titles = new Map(rows.map((row) => [row.held_on, row.title]))
  const years = new Set(holidays.map(({ date }) => date.slice(0, 4)))
  const dates = new Set<string>(holidays.map(({ date }) => date))
  const gone = rows.filter(({ held_on }) => years.has(held_on.slice(0, 4)) && !dates.has(held_on))
  for (const { date, title } of holidays) {
    const before = titles.get(date)
    if (before === undefined) tally.count('stored')
    else tally.count(before === title ? 'unchanged' : 'changed')
  }
  if (gone.length > 0) tally.detail('no longer bank holidays', gone.length)
  const differing = holidays.filter(({ date, title }) => titles.get(date) !== title)
  if (differing.length + gone.length === 0) return

  for (const { held_on } of gone) await tx.deleteFrom('bank_holiday').where('held_on', '=', held_on).execute()
  for (const { date, title } of differing) {
    await tx
      .insertInto('bank_holiday')
      .values({ held_on: date, title, source: SOURCE })
      .onConflict((conflict) => conflict.column('held_on').doUpdateSet({ title, source: SOURCE }))
      .execute()
  }
  await markChanging(tx, 'bank-holidays', at)
  const detail = { ...tally.counts(), removed: gone.map(({ held_on }) => held_on) }
  await finishChanging(tx, 'bank-holidays', { actor: ACTOR, action: 'import-bank-holidays', at, detail })
}
