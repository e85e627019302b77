/** A pharmacy as schema.org JSON-LD, for search engines. Pure; only public facts go in. */
import { isOfferedOn, serviceWeek } from '#src/profiles/offer-facts.ts'
import type { PublicProfileView } from '#src/profiles/profile-index.ts'
import { type CompiledHours, compiledSessionsOn, compiledWeek } from '#src/rules/compiled-hours.ts'
import { FACILITIES } from '#src/rules/facilities.ts'
import { dateOf, formatClock, type LocalDate, type LondonTime, MINUTES_PER_DAY } from '#src/rules/london-time.ts'
import { OFFERED_SERVICES } from '#src/rules/offered-services.ts'
import type { Session } from '#src/rules/opening-times.ts'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
/** How far ahead dates with hours of their own are told. */
const DATES_AHEAD_DAYS = 90

export type StructuredFacts = {
  readonly profile: PublicProfileView
  /** Undefined where there are no public hours. */
  readonly hours: CompiledHours | undefined
  readonly phone: string | undefined
  readonly website: string | undefined
  /** The page's own address. */
  readonly pageUrl: string
}

/**
 * The text of a JSON-LD script element, safe inside it whatever the facts contain. Days and dates with unknown hours are
 * left out: schema.org has no way to say so.
 */
export function structuredData({ profile, hours, phone, website, pageUrl }: StructuredFacts, now: LondonTime): string {
  const { name, odsCode, address } = profile
  const data = {
    '@context': 'https://schema.org',
    '@type': 'Pharmacy',
    '@id': pageUrl,
    url: pageUrl,
    name,
    identifier: { '@type': 'PropertyValue', propertyID: 'ODS code', value: odsCode },
    address: {
      '@type': 'PostalAddress',
      streetAddress: address.lines.join(', '),
      postalCode: address.postcode,
      addressCountry: 'GB',
    },
    geo: address.position && {
      '@type': 'GeoCoordinates',
      latitude: address.position.latitude,
      longitude: address.position.longitude,
    },
    telephone: phone,
    sameAs: website,
    ...(hours ? openingHours(hours, now) : {}),
    ...offers(profile, dateOf(now.day)),
  }
  return JSON.stringify(data, (_key, value: unknown) => value ?? undefined).replaceAll('<', '\\u003c')
}

function openingHours(hours: CompiledHours, now: LondonTime) {
  const week = hours.openAllHours ? DAYS.map(() => ALL_DAY) : compiledWeek(hours)
  return {
    openingHoursSpecification: DAYS.flatMap((day, at) => ofDay(day, week[at] ?? [])),
    specialOpeningHoursSpecification: datesAhead(hours, now).flatMap(({ date, sessions }) =>
      (sessions.length > 0 ? sessions : [CLOSED]).map((session) => ({
        ...specification(session),
        validFrom: date,
        validThrough: date,
      })),
    ),
  }
}

/** The services of today with the hours of their own, and what the building has and has not. */
function offers({ services = {}, facilities = {}, weekly }: PublicProfileView, today: LocalDate) {
  const offered = OFFERED_SERVICES.flatMap(({ code, label, line }) => {
    const answer = services[code]
    if (!answer || !isOfferedOn(answer, today)) return []
    const hours = answer.hours && serviceWeek(weekly, answer.hours)
    const service = {
      '@type': 'Service',
      name: label,
      description: line,
      hoursAvailable: hours ? DAYS.flatMap((day, at) => ofDay(day, hours[at] ?? [])) : undefined,
    }
    return [{ '@type': 'Offer', itemOffered: service, url: answer.bookingLink }]
  })
  const stated = FACILITIES.filter(({ id }) => facilities[id] !== undefined)
  return {
    hasOfferCatalog:
      offered.length > 0 ? { '@type': 'OfferCatalog', name: 'Services', itemListElement: offered } : undefined,
    amenityFeature:
      stated.length > 0
        ? stated.map(({ id, label }) => ({
            '@type': 'LocationFeatureSpecification',
            name: label,
            value: facilities[id]?.has,
          }))
        : undefined,
  }
}

const ofDay = (day: string, sessions: readonly Session[]) =>
  sessions.map((session) => ({ ...specification(session), dayOfWeek: `https://schema.org/${day}` }))

const ALL_DAY: readonly Session[] = [{ opens: 0, closes: MINUTES_PER_DAY }]
/** Closed all day, as schema.org wants it: opening and closing at midnight. */
const CLOSED: Session = { opens: 0, closes: 0 }

/** The end of a day is 23:59; a session that ends on the next date has an end before its start. */
const specification = ({ opens, closes }: Session) => ({
  '@type': 'OpeningHoursSpecification',
  opens: formatClock(opens),
  closes: closes === MINUTES_PER_DAY ? '23:59' : formatClock(closes % MINUTES_PER_DAY),
})

/** The dates ahead whose hours come from the date and not from the week. */
function datesAhead(hours: CompiledHours, now: LondonTime) {
  const days = Array.from({ length: DATES_AHEAD_DAYS }, (_, ahead) => now.day + ahead)
  return days.flatMap((day) => {
    const { sessions, because } = compiledSessionsOn(hours, day)
    return sessions === null || because === 'weekly' || because === 'openAllHours'
      ? []
      : [{ date: dateOf(day), sessions }]
  })
}
