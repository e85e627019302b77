/** The opening times of a service as the web services write them: the week, bank holidays, and dates of their own. */
import { type CompiledHours, openingTimesOf } from '#src/rules/compiled-hours.ts'
import { formatExchangeSession, rangeFrom, splitAtMidnight } from '#src/rules/exchange-hours.ts'
import { type DayNumber, MINUTES_PER_DAY } from '#src/rules/london-time.ts'
import type { OpeningTimes, Session } from '#src/rules/opening-times.ts'
import type { TriageVersion } from '#src/urgent-care/triage-request.ts'
import { listElement } from './xml-text.ts'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const BANK_HOLIDAY = 'Bankholiday'
const LAST_MINUTE = MINUTES_PER_DAY - 1

/**
 * `rotaSessions` and `openTimeSpecifiedSessions`. No session passes midnight. A day without sessions is not listed; a
 * date without is listed as closed, from 00:00 to 00:00. `today` matters only where sessions pass midnight.
 */
export function openingTimesXml(hours: CompiledHours, version: TriageVersion, today: DayNumber): string {
  const { weekly, bankHoliday, specified } = splitAtMidnight(openingTimesOf(hours), hours.holidays, rangeFrom(today))
  const item = version === '1.5' ? 'serviceCareItemRotaSession' : 'ServiceCareItemRotaSession'
  const rota = weekly
    .map((sessions, weekday) => rotaOf(sessions, DAYS[weekday] ?? '', item))
    .concat(rotaOf(bankHoliday, BANK_HOLIDAY, item))
  return listElement('rotaSessions', rota.join('')) + listElement('openTimeSpecifiedSessions', specifiedXml(specified))
}

const rotaOf = (sessions: readonly Session[] | null, day: string, item: string): string =>
  (sessions ?? [])
    .map(
      ({ opens, closes }) =>
        `<ns1:${item}><ns1:startDayOfWeek>${day}</ns1:startDayOfWeek>${timeXml('startTime', opens)}` +
        `<ns1:endDayOfWeek>${day}</ns1:endDayOfWeek>${timeXml('endTime', Math.min(closes, LAST_MINUTE))}` +
        `<ns1:status>Open</ns1:status></ns1:${item}>`,
    )
    .join('')

const timeXml = (name: string, minute: number): string =>
  `<ns1:${name}><ns1:hours>${Math.floor(minute / 60)}</ns1:hours><ns1:minutes>${minute % 60}</ns1:minutes></ns1:${name}>`

/** Exactly 22 characters each: clients take them apart by position. */
const specifiedXml = (specified: OpeningTimes['specified']): string =>
  Object.entries(specified)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([date, sessions]) => {
      const day = `${date.slice(8)}-${date.slice(5, 7)}-${date.slice(0, 4)}`
      return sessions.length === 0 ? [`${day}-00:00-00:00`] : sessions.map((session) => `${day}-${clocksOf(session)}`)
    })
    .map((text) => `<ns1:openTimeSpecified>${text}</ns1:openTimeSpecified>`)
    .join('')

const clocksOf = (session: Session): string => formatExchangeSession(session).join('-')
