/** What every process holds in memory so that searches and public pages never ask the database, and how it keeps up. */
import type { Db, Queryable } from './platform/db/db.ts'
import { followLedger, type LedgerFollower } from './platform/db/follow-ledger.ts'
import type { Gauge } from './platform/http/operations.ts'
import type { Log } from './platform/log.ts'
import { loadProfileIndex, type ProfileIndex } from './profiles/profile-index.ts'
import { type HolidayCalendar, holidayCalendar, type PublishedHoliday } from './rules/bank-holidays.ts'

export type Memory = {
  readonly holidays: HolidayCalendar
  readonly profiles: ProfileIndex
  readonly ledger: LedgerFollower
}

/** Reads everything, then follows the ledger from where it stood before the reading, so that nothing falls between. */
export async function loadMemory({ db, log }: { readonly db: Db; readonly log: Log }): Promise<Memory> {
  const from = await ledgerHead(db.pool)
  const holidays = await loadHolidays(db.pool)
  const profiles = await loadProfileIndex(db.pool)
  const ledger = followLedger(db, { log, from, refreshers: [profiles.refresh] })
  return { holidays, profiles, ledger }
}

/** A process this far behind would show what is no longer so; it catches up within a second or two. */
const LAG_ALLOWED = 1000

/** Why requests should not be sent to this process now; empty when they may be. */
export function notReady({ ledger }: Memory): readonly string[] {
  return ledger.lag() > LAG_ALLOWED ? [`${ledger.lag()} changes are still to be taken over`] : []
}

/** The numbers of `/metrics` about the directory and its jobs. */
export async function gaugesOf({ profiles, ledger }: Memory, db: Db): Promise<readonly Gauge[]> {
  const jobs = await db.pool
    .selectFrom('job')
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere('dead_at', 'is', null).as('waiting'),
      fn.countAll<number>().filterWhere('dead_at', 'is not', null).as('stuck'),
    ])
    .where('done_at', 'is', null)
    .executeTakeFirstOrThrow()
  return [
    { name: 'signpost_profiles', help: 'Profiles in memory.', value: profiles.size },
    { name: 'signpost_ledger_seq', help: 'The last change that is in memory.', value: ledger.seq() },
    { name: 'signpost_ledger_lag', help: 'Changes in the database that are not in memory yet.', value: ledger.lag() },
    { name: 'signpost_jobs_waiting', help: 'Jobs that are still to be done.', value: jobs.waiting },
    { name: 'signpost_jobs_stuck', help: 'Jobs that were given up; somebody must look.', value: jobs.stuck },
  ]
}

/** The bank holidays as published, and by calculation for years without. */
export async function loadHolidays(db: Queryable): Promise<HolidayCalendar> {
  const rows = await db.selectFrom('bank_holiday').select(['held_on', 'title']).orderBy('held_on').execute()
  return holidayCalendar(rows.map(({ held_on, title }) => ({ date: held_on as PublishedHoliday['date'], title })))
}

async function ledgerHead(db: Queryable): Promise<number> {
  const head = await db.selectFrom('ledger_head').select('change_seq').where('id', '=', 1).executeTakeFirstOrThrow()
  return head.change_seq
}
