/** A pharmacy's hours, and an area's closures, as calendars (RFC 5545) that people subscribe to. */
import ical, { ICalCalendarMethod, type ICalEventData, ICalEventTransparency } from 'ical-generator'
import { spanStateAt } from '#src/profiles/closure-words.ts'
import type { PublicProfileView } from '#src/profiles/profile-index.ts'
import { type CompiledHours, compiledSessionsOn } from '#src/rules/compiled-hours.ts'
import { dateOf, instantOf, type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'

/** How far ahead the hours go. */
export const CALENDAR_DAYS = 56
const REFRESH_SECONDS = 3600
const MINUTES_PER_DAY = 1440

export type CalendarPlace = {
  readonly name: string
  readonly odsCode: string
  readonly address: string
  readonly pageUrl: string
}

/** One entry for each time that it is open, and a whole day where nobody knows; times are UTC instants. */
export function hoursCalendar(place: CalendarPlace, hours: CompiledHours, now: LondonTime): string {
  const days = Array.from({ length: CALENDAR_DAYS }, (_, ahead) => now.day + ahead)
  const events = days.flatMap((day): readonly ICalEventData[] => {
    const { sessions } = compiledSessionsOn(hours, day)
    const shared = { location: place.address, url: place.pageUrl, transparency: ICalEventTransparency.TRANSPARENT }
    if (sessions === null) {
      return [
        {
          ...shared,
          id: `${place.odsCode}-${dateOf(day)}-unknown`,
          summary: `${place.name}: hours not confirmed`,
          description: 'Check before you travel.',
          start: noonOf(day),
          allDay: true,
        },
      ]
    }
    return sessions.map(({ opens, closes }) => ({
      ...shared,
      id: `${place.odsCode}-${dateOf(day)}-${opens}`,
      summary: `${place.name}: open`,
      start: at(day, opens),
      end: at(day, closes),
    }))
  })
  return calendarOf(`${place.name} opening times`, place.pageUrl, events, now)
}

/** The closures of an area's pharmacies that are in force or to come. An end that nobody knows is the end of its day. */
export function closuresCalendar(
  {
    name,
    pageUrl,
    pageOf,
  }: { readonly name: string; readonly pageUrl: string; readonly pageOf: (odsCode: string) => string },
  profiles: Iterable<PublicProfileView>,
  now: LondonTime,
): string {
  const events = [...profiles].flatMap((profile): readonly ICalEventData[] =>
    profile.closures
      .filter((closure) => closure.services === null && spanStateAt(closure, now) !== 'over')
      .flatMap(({ id, from, until, advice }) => {
        const start = parseLondonMinute(from)
        if (!start) return []
        const end = (until && parseLondonMinute(until)) || { day: Math.max(start.day, now.day) + 1, minute: 0 }
        return [
          {
            id: `${profile.odsCode}-closure-${id}`,
            summary: `${profile.name}: closed`,
            description: [until === null ? 'It is not known when it reopens.' : '', advice ?? '']
              .filter(Boolean)
              .join(' '),
            location: [...profile.address.lines, profile.address.postcode].join(', '),
            url: pageOf(profile.odsCode),
            start: instantOf(start),
            end: instantOf(end),
            transparency: ICalEventTransparency.TRANSPARENT,
          },
        ]
      }),
  )
  return calendarOf(name, pageUrl, events, now)
}

function calendarOf(name: string, url: string, events: readonly ICalEventData[], now: LondonTime): string {
  // Without a stamp of its own an entry carries the moment of asking, and nothing could be cached.
  const stamp = instantOf({ day: now.day, minute: 0 })
  return ical({
    name,
    url,
    prodId: { company: 'Signpost', product: 'Opening times', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: REFRESH_SECONDS,
    events: events.map((event) => ({ ...event, stamp })),
  }).toString()
}

/** A session may end on the day after. */
const at = (day: number, minute: number): Date =>
  instantOf({ day: day + Math.floor(minute / MINUTES_PER_DAY), minute: minute % MINUTES_PER_DAY })

/** Safely within the day, whatever the clocks do. */
const noonOf = (day: number): Date => new Date(`${dateOf(day)}T12:00:00Z`)
