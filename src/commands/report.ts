import { EVERYWHERE, isKnownArea } from '#src/directory/area.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { DAILY_CHANGES_HEAD, dailyChangeLine, dailyChanges } from '#src/reports/daily-changes.ts'
import { quarterReportInPieces } from '#src/reports/frozen-quarters.ts'
import { VERIFICATION_HEAD, verificationLine } from '#src/reports/verification.ts'
import { parseQuarter, quarterOf } from '#src/rules/financial-quarter.ts'
import { londonDateOf, parseLocalDate } from '#src/rules/london-time.ts'
import { type Command, UsageProblem } from './command.ts'

const NONE = { least: 0, most: 0 }

/** What changed in the directory on one day. */
export const reportDailyChangesCommand: Command = {
  name: 'report daily-changes',
  usage: '--date DAY [--area CODE] [--all]',
  description:
    'every change of every DoS service on DAY (2026-12-11) as CSV; CODE is an ICB, region or local authority; ' +
    '--all adds changes of writing alone, and services that came new with an import',
  values: NONE,
  options: ['date', 'area'],
  flags: ['all'],
  async run({ withDb, print, clock }, { options, flags }) {
    const date = options['date'] === undefined ? undefined : parseLocalDate(options['date'])
    if (!date) throw new UsageProblem('report daily-changes needs --date DAY, a real date such as 2026-12-11')
    if (date > londonDateOf(clock.now()))
      throw new UsageProblem(`${date} is still to come: there is no report of it yet`)
    const area = options['area']
    await withDb(async (db) => {
      await refuseUnknownArea(db.pool, area)
      print(DAILY_CHANGES_HEAD.trimEnd())
      for await (const lines of dailyChanges(db.pool, { date, area, reach: EVERYWHERE, withNoise: flags.has('all') })) {
        for (const line of lines) print(dailyChangeLine(line).trimEnd())
      }
    })
    return 0
  },
}

/** Who verified in a quarter. */
export const reportVerificationCommand: Command = {
  name: 'report verification',
  usage: '--quarter QUARTER [--area CODE]',
  description: 'which pharmacies checked which sections in QUARTER (2026-27-Q3) as CSV; CODE as above',
  values: NONE,
  options: ['quarter', 'area'],
  async run({ withDb, print, clock }, { options }) {
    const quarter = options['quarter'] === undefined ? undefined : parseQuarter(options['quarter'])
    if (!quarter) throw new UsageProblem('report verification needs --quarter QUARTER, such as 2026-27-Q3')
    if (quarter.starts > quarterOf(londonDateOf(clock.now())).starts) {
      throw new UsageProblem(`${quarter.name} is still to come: there is no report of it yet`)
    }
    const area = options['area']
    await withDb(async (db) => {
      await refuseUnknownArea(db.pool, area)
      print(VERIFICATION_HEAD.trimEnd())
      const { pieces, seal } = await quarterReportInPieces(db.pool, { quarter, area, reach: EVERYWHERE })
      for await (const piece of pieces) {
        for (const pharmacy of piece) print(verificationLine(quarter, pharmacy, seal).trimEnd())
      }
    })
    return 0
  },
}

async function refuseUnknownArea(db: Queryable, area: string | undefined): Promise<void> {
  if (area !== undefined && !(await isKnownArea(db, area))) {
    throw new UsageProblem(
      `"${area}" is no area that we know: give the code of an ICB such as QOP, a region or a local authority`,
    )
  }
}
