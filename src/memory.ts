/** What every process holds in memory so that searches and public pages never ask the database, and how it keeps up. */
import { type ApiAccounts, loadApiAccounts } from './accounts/api-accounts.ts'
import { createNamesOfDirectory, type NamesOfDirectory } from './directory/names/names-in-step.ts'
import { createPracticeNames, type PracticeNames } from './directory/names/practice-names.ts'
import { createServiceIndex, type ServiceIndex } from './directory/service-index.ts'
import { createTriageIndex, type TriageIndex } from './directory/triage/triage-index.ts'
import type { TriageReference } from './directory/triage/triage-reference.ts'
import { urgentCareReader } from './directory/triage/urgent-care-reader.ts'
import type { Clock } from './platform/clock.ts'
import type { Db, Queryable } from './platform/db/db.ts'
import { followLedger, type LedgerFollower } from './platform/db/follow-ledger.ts'
import type { Gauge } from './platform/http/operations.ts'
import type { Log } from './platform/log.ts'
import { loadProfileIndex, type ProfileIndex } from './profiles/profile-index.ts'
import { type Gazetteer, loadGazetteer } from './reference-data/gazetteer.ts'
import { loadTriageReference } from './reference-data/reference-file.ts'
import { loadVersion } from './reference-data/reference-store.ts'
import { type HolidayCalendar, holidayCalendar, type PublishedHoliday } from './rules/bank-holidays.ts'

export type Memory = {
  /** One object for the life of the process; what it answers changes when bank holidays are imported. */
  readonly holidays: HolidayCalendar
  readonly gazetteer: Gazetteer
  /** Types, codes and areas as they are now; another object after an import of them. */
  reference(): TriageReference
  readonly services: ServiceIndex
  /** The same services as urgent care sees them, private facts included. */
  readonly triage: TriageIndex
  /** Which services have words of a name or an address. */
  readonly names: Pick<NamesOfDirectory, 'find'>
  /** The same of GP practices alone. */
  readonly practices: Pick<PracticeNames, 'find' | 'size'>
  readonly profiles: ProfileIndex
  readonly ledger: LedgerFollower
  /** The programs that may ask. */
  readonly apiAccounts: ApiAccounts
  /** Loads postcodes, bank holidays and reference data again where an import changed them; called by itself every second. */
  refreshReferences(): Promise<void>
  stop(): Promise<void>
}

const REFERENCE_POLL_MS = 1000

export type MemoryParts = {
  readonly db: Db
  readonly log: Log
  readonly clock: Clock
  /** Keys the passwords of programs. */
  readonly secretsPepper: string
}

/** Reads everything, then follows the ledger from where it stood before the reading, so that nothing falls between. */
export async function loadMemory({ db, log, clock, secretsPepper }: MemoryParts): Promise<Memory> {
  const from = await ledgerHead(db.pool)
  const triage = createTriageIndex({ isLoading: true })
  const holidays = await loadReplaceableHolidays(db.pool, triage.noticeHolidays)
  const names = createNamesOfDirectory()
  const practices = createPracticeNames()
  const services = createServiceIndex(holidays.calendar, {
    alsoTake: () => {
      const read = urgentCareReader()
      return (service) => {
        triage.take(read(service))
        names.take(service.service)
        practices.take(service.service)
      }
    },
  })
  const [gazetteer, reference, profiles, apiAccounts] = await Promise.all([
    loadGazetteer(db),
    loadReplaceableReference(db.pool),
    loadProfileIndex(db.pool),
    loadApiAccounts(db, { pepper: secretsPepper, clock }),
    services.load(db.pool),
  ])
  triage.tidy()
  names.begin()
  practices.begin()
  const refreshServices = (after: number, to: number): Promise<void> => services.refresh(db.pool, after, to)
  const ledger = followLedger(db, { log, from, refreshers: [profiles.refresh, refreshServices] })
  const refreshReferences = async (): Promise<void> => {
    await holidays.refresh()
    await gazetteer.refresh()
    await reference.refresh()
  }
  const poll = repeatUntilStopped(refreshReferences, log)
  // Apart from the others: reading all postcodes again takes longer than a disabled account may go on.
  const accountsPoll = repeatUntilStopped(apiAccounts.refresh, log)
  const stopListening = db.onCommit(() => void apiAccounts.refresh().catch(() => {}))
  return {
    holidays: holidays.calendar,
    gazetteer,
    reference: reference.current,
    services,
    triage,
    names,
    practices,
    profiles,
    ledger,
    apiAccounts,
    refreshReferences,
    stop: async () => {
      stopListening()
      await Promise.all([ledger.stop(), poll.stop(), accountsPoll.stop()])
    },
  }
}

/** A calendar that others may keep, and a way to bring it up to date; `changed` is told when that made a difference. */
async function loadReplaceableHolidays(
  db: Queryable,
  changed: () => void,
): Promise<{ readonly calendar: HolidayCalendar; refresh(): Promise<void> }> {
  let version = await loadVersion(db, 'bank-holidays')
  let current = await loadHolidays(db)
  return {
    calendar: {
      isBankHoliday: (day) => current.isBankHoliday(day),
      isStatutory: (day) => current.isStatutory(day),
      titleOf: (day) => current.titleOf(day),
      statutoryDays: (from, to) => current.statutoryDays(from, to),
    },
    async refresh() {
      const stored = await loadVersion(db, 'bank-holidays')
      if (stored === version) return
      current = await loadHolidays(db)
      version = stored
      changed()
    },
  }
}

/** The catalogue's reference data, and a way to bring it up to date. */
async function loadReplaceableReference(
  db: Queryable,
): Promise<{ current(): TriageReference; refresh(): Promise<void> }> {
  let version = await loadVersion(db, 'catalogue')
  let reference = await loadTriageReference(db)
  return {
    current: () => reference,
    async refresh() {
      const stored = await loadVersion(db, 'catalogue')
      if (stored === version) return
      reference = await loadTriageReference(db)
      version = stored
    },
  }
}

/** Does `work` every second, one at a time; a failure is logged and tried again. */
function repeatUntilStopped(work: () => Promise<void>, log: Log): { stop(): Promise<void> } {
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= work()
      .catch((error: unknown) => {
        log.error({ err: error }, 'Reference data and accounts could not be looked at; trying again')
      })
      .finally(() => {
        running = undefined
      })
  }, REFERENCE_POLL_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}

/** A process this far behind would show what is no longer so; it catches up within a second or two. */
const LAG_ALLOWED = 1000

/** Why requests should not be sent to this process now; empty when they may be. */
export function notReady({ ledger }: Memory): readonly string[] {
  return ledger.lag() > LAG_ALLOWED ? [`${ledger.lag()} changes are still to be taken over`] : []
}

/** The numbers of `/metrics` about what is in memory. */
export function memoryGauges({ services, profiles, gazetteer, ledger }: Memory): readonly Gauge[] {
  return [
    { name: 'signpost_services', help: 'DoS services in memory.', value: services.size },
    { name: 'signpost_profiles', help: 'Profiles in memory.', value: profiles.size },
    { name: 'signpost_postcodes', help: 'Postcodes in memory.', value: gazetteer.size },
    { name: 'signpost_ledger_seq', help: 'The last change that is in memory.', value: ledger.seq() },
    { name: 'signpost_ledger_lag', help: 'Changes in the database that are not in memory yet.', value: ledger.lag() },
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
