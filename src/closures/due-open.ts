/** Whether a pharmacy would be open while a closure lasts. Pure. */
import type { Profile } from '#src/profiles/profile.ts'
import { specifiedDates } from '#src/profiles/projected-facts.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type CompiledHours, compileOpeningTimes, nextChange, openStateAt } from '#src/rules/compiled-hours.ts'
import { formatLondon, type LondonTime } from '#src/rules/london-time.ts'

/** The hours of a pharmacy as they are without any closure. */
export const hoursWithoutClosures = (profile: Profile, holidays: HolidayCalendar): CompiledHours =>
  compileOpeningTimes(
    { weekly: profile.weekly, bankHoliday: null, openAllHours: false, specified: specifiedDates(profile) },
    holidays,
  )

/**
 * Whether it would be open at any minute from `from` to `until`, London minutes; null: without an end in sight. True too
 * where its hours are not known: then somebody may come.
 */
export function isDueOpen(
  profile: Profile,
  holidays: HolidayCalendar,
  { from, until }: { readonly from: LondonTime; readonly until: string | null },
): boolean {
  const hours = hoursWithoutClosures(profile, holidays)
  if (openStateAt(hours, from).open !== false) return true
  const change = nextChange(hours, from)
  return change !== null && (until === null || formatLondon(change) < until)
}

/** When it opens next, while it is shut at this minute; undefined while it is open, or nobody knows. */
export function nextOpeningOf(profile: Profile, holidays: HolidayCalendar, at: LondonTime): LondonTime | undefined {
  const state = openStateAt(hoursWithoutClosures(profile, holidays), at)
  return state.open === false ? (state.opensAt ?? undefined) : undefined
}
