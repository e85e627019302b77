/** Where patients can go while a pharmacy is closed: the nearest pharmacies that are open at a minute, by public facts alone. */
import { sql } from 'kysely'
import { type IndexedService, serviceReader } from '#src/directory/indexed-service.ts'
import type { Found, ServiceIndex } from '#src/directory/service-index.ts'
import type { ServiceRow } from '#src/directory/service-row.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { loadProfiles } from '#src/profiles/load-profiles.ts'
import { type ProfileIndex, type PublicProfileView, publicView } from '#src/profiles/profile-index.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { openStateAt } from '#src/rules/compiled-hours.ts'
import { distanceMetres, METRES_PER_MILE, milesInWords, type Position } from '#src/rules/distance.ts'
import { dateOf, type LondonTime, MINUTES_PER_DAY } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'

/** A pharmacy that is open, in words that anyone may read. */
export type OpenNearby = {
  /** The pharmacy's five characters; null where it has no code. */
  readonly odsCode: string | null
  readonly name: string
  readonly address: string
  /** `0.4 miles`. */
  readonly distance: string
  readonly phone: string | null
  /** `Open until 6pm`. */
  readonly open: string
}

/** A pharmacy that may be near enough, with its profile where it has one. */
export type Candidate = Found & { readonly profile: PublicProfileView | undefined }

export const MOST_NEARBY = 5
/** Further away nobody is helped. */
const FURTHEST_METRES = 30 * METRES_PER_MILE
/** DoS type of a pharmacy that people visit. */
const PHARMACY_TYPE = 13
/** Some are left out: the closed one itself, hidden ones, several services of one pharmacy. */
const LOOKED_AT = 40

/**
 * The nearest of the candidates that are open at a minute, nearest first. Left out: the pharmacy itself, pharmacies
 * that are hidden or closed for a time or for good, those nobody visits, and what is further than 30 miles away.
 */
export function openNearby(
  candidates: readonly Candidate[],
  { own, at, most = MOST_NEARBY }: { readonly own: string; readonly at: LondonTime; readonly most?: number },
): readonly OpenNearby[] {
  const seen = new Set([own])
  const found: OpenNearby[] = []
  for (const candidate of candidates) {
    const { service, profile, distanceMetres: metres } = candidate
    const code = service.odsCode === null ? `uid ${service.uid}` : pharmacyCodeOf(service.odsCode)
    const state = openStateAt(service.hours, at)
    if (found.length === most || metres > FURTHEST_METRES || seen.has(code) || !state.open || !isVisited(profile))
      continue
    seen.add(code)
    const odsCode = service.odsCode === null ? null : code
    found.push({
      odsCode,
      ...wordsOf(service, profile),
      distance: milesInWords(metres),
      open: untilWords(state.until, at),
    })
  }
  return found
}

const isVisited = (profile: PublicProfileView | undefined): boolean =>
  !profile || (profile.status === 'open' && (profile.kind === 'community' || profile.kind === 'lps'))

function wordsOf(service: IndexedService, profile: PublicProfileView | undefined) {
  const lines = profile ? profile.address.lines.join(', ') : service.address
  return {
    name: profile?.name ?? service.publicName ?? service.name,
    address: [lines, profile?.address.postcode ?? service.postcode].filter(Boolean).join(', '),
    phone: profile?.contact.phone ?? service.phone,
  }
}

/** `Open until 6pm`, `Open until 2am on Saturday 12 December 2026`; midnight belongs to the day that it ends. */
function untilWords(until: LondonTime | null, at: LondonTime): string {
  if (until === null) return 'Open 24 hours a day'
  const { day, minute } = until.minute === 0 ? { day: until.day - 1, minute: MINUTES_PER_DAY } : until
  return `Open until ${formatTime(minute)}${day === at.day ? '' : ` on ${formatDate(dateOf(day))}`}`
}

/** One line of an email: `Boots, 2 High Street, Sale, M33 7AC (0.4 miles). Open until 6pm. Phone 01632 960 002`. */
export const nearbyLine = ({ name, address, distance, open, phone }: OpenNearby): string =>
  `${name}, ${address} (${distance}). ${open}.${phone === null ? '' : ` Phone ${phone}`}`

/** What is in memory of the pharmacies near a place, nearest first. */
export function candidatesInMemory(
  {
    services,
    profiles,
  }: { readonly services: Pick<ServiceIndex, 'nearest'>; readonly profiles: Pick<ProfileIndex, 'find'> },
  position: Position,
  at: LondonTime,
): readonly Candidate[] {
  const { latitude, longitude } = position
  const found = services.nearest({
    latitude,
    longitude,
    typeIds: [PHARMACY_TYPE],
    at,
    onlyOpen: true,
    limit: LOOKED_AT,
  })
  return found.map((each) => {
    const { odsCode } = each.service
    return { ...each, profile: odsCode === null ? undefined : profiles.find(pharmacyCodeOf(odsCode)) }
  })
}

const METRES_PER_DEGREE = 111_000
/** A worker has no directory in memory: it looks around in these steps, and asks for a further one where too few are open. */
const STEPS_METRES = [5_000, 16_000, FURTHEST_METRES]

/** The same from the database, for processes that hold no directory. Whoever is open is for `openNearby` to say. */
export async function candidatesInDatabase(
  db: Queryable,
  holidays: HolidayCalendar,
  position: Position,
  isEnough: (candidates: readonly Candidate[]) => boolean,
): Promise<readonly Candidate[]> {
  let candidates: readonly Candidate[] = []
  for (const metres of STEPS_METRES) {
    candidates = await candidatesWithin(db, holidays, position, metres)
    if (isEnough(candidates)) break
  }
  return candidates
}

async function candidatesWithin(
  db: Queryable,
  holidays: HolidayCalendar,
  position: Position,
  metres: number,
): Promise<readonly Candidate[]> {
  const { latitude, longitude } = position
  const high = metres / METRES_PER_DEGREE
  const wide = high / Math.max(0.1, Math.cos((latitude * Math.PI) / 180))
  const { rows } = await sql<ServiceRow>`
    select uid, seq, facts_text as facts, hours_text as hours, '[]' as clinical, '[]' as details,
      null as "capacitySetAtSeconds"
    from service
    where type_id = ${PHARMACY_TYPE} and status = 'ACTIVE'
      and (record ->> 'latitude')::float8 between ${latitude - high} and ${latitude + high}
      and (record ->> 'longitude')::float8 between ${longitude - wide} and ${longitude + wide}`.execute(db)
  const read = serviceReader(holidays)
  const services = rows.map((row) => read(row).service)
  const codes = services.flatMap(({ odsCode }) => (odsCode === null ? [] : [pharmacyCodeOf(odsCode)]))
  const profiles = await loadProfiles(db, codes)
  return services
    .flatMap((service) => {
      if (service.latitude === null || service.longitude === null) return []
      const there = { latitude: service.latitude, longitude: service.longitude }
      const stored = service.odsCode === null ? undefined : profiles.get(pharmacyCodeOf(service.odsCode))
      const profile = stored && publicView(stored.profile, stored.sections)
      return [{ service, profile, distanceMetres: distanceMetres(position, there) }]
    })
    .sort((a, b) => a.distanceMetres - b.distanceMetres || a.service.uid - b.service.uid)
}
