/** The tags of a profile's and a DoS service's status. */
import type { ServiceStatus } from '#src/directory/service-record.ts'
import type { Profile, ProfileStatus } from '#src/profiles/profile.ts'
import { specifiedDates, wholeClosures } from '#src/profiles/projected-facts.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { closeHours } from '#src/rules/closed-spells.ts'
import { compileOpeningTimes, isOpenAt } from '#src/rules/compiled-hours.ts'
import type { LondonTime } from '#src/rules/london-time.ts'

export type Tag = { readonly text: string; readonly colour: 'green' | 'yellow' | 'grey' | 'orange' | 'red' }

/** The tag of a profile's status. */
export function statusTag(status: ProfileStatus): Tag {
  switch (status) {
    case 'open':
      return { text: 'Open', colour: 'green' }
    case 'temporarily-closed':
      return { text: 'Temporarily closed', colour: 'orange' }
    case 'closed':
      return { text: 'Closed for good', colour: 'red' }
    case 'hidden':
      return { text: 'Hidden from the public', colour: 'grey' }
  }
}

/** Whether people find a pharmacy open now; of one that is not in business, its status. */
export function nowTag(profile: Profile, now: LondonTime, holidays: HolidayCalendar): Tag {
  if (profile.status !== 'open') return statusTag(profile.status)
  const own = { weekly: profile.weekly, bankHoliday: null, openAllHours: false, specified: specifiedDates(profile) }
  const times = closeHours(own, wholeClosures(profile))
  const open = isOpenAt(compileOpeningTimes(times, holidays), now)
  if (open === null) return { text: 'Hours not known today', colour: 'orange' }
  return open ? { text: 'Open now', colour: 'green' } : { text: 'Closed now', colour: 'grey' }
}

/** The tag of a DoS service's status, in the words of the Directory of Services. */
export function serviceTag(status: ServiceStatus): Tag {
  switch (status) {
    case 'ACTIVE':
      return { text: 'Active', colour: 'green' }
    case 'COMMISSIONING':
      return { text: 'Commissioning', colour: 'yellow' }
    case 'SUSPENDED':
      return { text: 'Suspended', colour: 'orange' }
    case 'CLOSED':
      return { text: 'Closed', colour: 'grey' }
    case 'RETIRED':
      return { text: 'Retired', colour: 'grey' }
  }
}
