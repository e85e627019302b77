/** Pharmacies and services as the quality rules look at them, some at a time. */
import { sql } from 'kysely'
import type { ServiceFacts } from '#src/directory/service-row.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { offeredOn } from '#src/profiles/offer-facts.ts'
import type { Profile, ProfileKind, ProfileStatus, Sections } from '#src/profiles/profile.ts'
import { sectionTitle } from '#src/profiles/section-pages.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import { SUCCESSION_DAYS } from '#src/reference-data/ods-rows.ts'
import type { Position } from '#src/rules/distance.ts'
import { dayOf, instantOf, type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { Z_CODE_GROUP } from '#src/rules/offered-services.ts'
import type { OpeningTimes, WeeklyHours } from '#src/rules/opening-times.ts'
import { postcodeKey } from '#src/rules/postcode.ts'
import type {
  CheckedPlace,
  CheckedProfile,
  CheckedService,
  ListedFacts,
  OdsFacts,
  Successor,
} from '#src/rules/quality-subject.ts'

/** Places, and where the postcodes are that they name. */
export type LoadedPlaces = {
  readonly places: readonly CheckedPlace[]
  readonly centreOf: (postcode: string) => Position | undefined
}

/** The next codes by which services, profiles and organisations are checked together, in their order. */
export async function codesAfter(db: Queryable, after: string, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ code: string }>`
    select code from (
      (select ods_code as code from profile where ods_code > ${after} order by 1 limit ${limit})
      union
      (select distinct ods_five from service where ods_five > ${after} order by 1 limit ${limit})
      union
      (select ods_code from ods_organisation where ods_code > ${after} and status = 'A' and char_length(ods_code) = 5
       order by 1 limit ${limit})) known
    where code <> ${TRAINING_PHARMACY} order by code collate "C" limit ${limit}`.execute(db)
  return rows.map(({ code }) => code)
}

/** Everything under these codes, by code. A code that nothing has is left out. */
export async function loadPlaces(db: Queryable, codes: readonly string[], today: LocalDate): Promise<LoadedPlaces> {
  const [profiles, services, ods, listed, followers, unhelped] = [
    await profilesOf(db, codes, today),
    Map.groupBy(await servicesWhere(db, sql`ods_five = any(${[...codes]}::text[])`), ({ five }) => five),
    await odsOf(db, codes),
    await listedOf(db, codes),
    await successorsOf(db, codes, today),
    await unhelpedOf(db, codes, today),
  ]
  const places = codes.map(
    (code): CheckedPlace => ({
      code,
      profile: profiles.get(code) ?? null,
      services: (services.get(code) ?? []).map(({ service }) => service),
      ods: ods.get(code) ?? null,
      listed: listed.get(code) ?? null,
      successors: followers.get(code) ?? [],
      couldNotHelp: unhelped.get(code) ?? 0,
    }),
  )
  return { places, centreOf: await centresOf(db, places) }
}

/** The next services without any code, each a place of its own, by uid. */
export async function loadCodelessAfter(db: Queryable, after: number, limit: number): Promise<LoadedPlaces> {
  const services = await servicesWhere(db, sql`ods_five is null and uid > ${after}`, limit)
  const nothing = { profile: null, ods: null, listed: null, successors: [] }
  const places = services.map(({ service }): CheckedPlace => ({ code: null, services: [service], ...nothing }))
  return { places, centreOf: await centresOf(db, places) }
}

type ProfileRow = { readonly ods_code: string; readonly document: Profile; readonly sections: Sections }

async function profilesOf(db: Queryable, codes: readonly string[], today: LocalDate) {
  const { rows } = await sql<ProfileRow>`
    select ods_code, document, sections from profile where ods_code = any(${[...codes]}::text[])`.execute(db)
  return new Map(rows.map((row) => [row.ods_code, checkedProfile(row, today)]))
}

function checkedProfile({ document, sections }: ProfileRow, today: LocalDate): CheckedProfile {
  const { address, contact, weekly, holidays, commissioning } = document
  return {
    odsCode: document.odsCode,
    name: document.name,
    kind: document.kind satisfies ProfileKind,
    status: document.status satisfies ProfileStatus,
    addressLines: address.lines,
    postcode: address.postcode,
    position: address.position,
    phone: contact.phone ?? null,
    website: contact.website ?? null,
    weekly,
    answeredDays: new Set(Object.keys(holidays) as LocalDate[]),
    checks: QUARTERLY_SECTIONS.map((section) => {
      const { checkedAt } = sections[section]
      return {
        section: sectionTitle(section, document.kind),
        checkedOn: checkedAt === null ? null : londonDateOf(checkedAt),
      }
    }),
    offered: offeredOn(document, today),
    isListed: commissioning.onPharmaceuticalList === true,
  }
}

type ServiceRow = {
  readonly uid: number
  readonly ods_five: string | null
  readonly facts: string
  readonly hours: string
  readonly z_codes: readonly number[] | null
  readonly is_projected: boolean
  readonly own: readonly string[] | null
}

/** What an override is called on a page. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  phone: 'phone',
  web: 'website',
  nonPublicPhone: 'professional phone',
  email: 'professional email',
  place: 'address',
  weekly: 'opening times',
  specified: 'dates',
  bankHoliday: 'bank holidays',
  openAllHours: 'open all hours',
}

async function servicesWhere(
  db: Queryable,
  condition: ReturnType<typeof sql>,
  limit?: number,
): Promise<readonly { readonly five: string; readonly service: CheckedService }[]> {
  const { rows } = await sql<ServiceRow>`
    select uid, ods_five, facts_text as facts, hours_text as hours, profile_ods is not null as is_projected,
      case when type_id = any('{13,131,132,134,137,148,149}'::integer[])
        then record #> array['other', 'sgsd', ${String(Z_CODE_GROUP)}::text] end as z_codes,
      case when overrides <> '{}' then array(select jsonb_object_keys(overrides)) end as own
    from service where ${condition} order by uid ${limit === undefined ? sql`` : sql`limit ${limit}`}`.execute(db)
  // Many services share their hours, word for word.
  const read = new Map<string, OpeningTimes>()
  const hoursOf = (text: string): OpeningTimes => {
    const hours = read.get(text) ?? (JSON.parse(text) as OpeningTimes)
    read.set(text, hours)
    return hours
  }
  return rows.map((row) => ({ five: row.ods_five ?? '', service: checkedService(row, hoursOf) }))
}

function checkedService(
  { uid, facts, hours, z_codes, is_projected, own }: ServiceRow,
  hoursOf: (text: string) => OpeningTimes,
): CheckedService {
  const [name, , typeId, odsCode, status, , postcode, latitude, longitude, phone] = JSON.parse(facts) as ServiceFacts
  return {
    ...{ uid, name, typeId, odsCode, status, postcode, phone },
    position: latitude === null || longitude === null ? null : { latitude, longitude },
    hours: hoursOf(hours),
    zCodes: z_codes ?? [],
    isProjected: is_projected,
    ownValues: (own ?? []).map((key) => OWN_WORDS[key] ?? key),
  }
}

const TOLD_DAYS = 30

/** How many different professionals said lately that a pharmacy could not help. */
async function unhelpedOf(db: Queryable, codes: readonly string[], today: LocalDate) {
  const since = instantOf({ day: dayOf(today) - TOLD_DAYS, minute: 0 }).toISOString()
  const { rows } = await sql<{ code: string; people: number }>`
    select ods_code as code, count(distinct told_by)::integer as people from referral_problem
    where ods_code = any(${[...codes]}::text[]) and told_at >= ${since} group by ods_code`.execute(db)
  return new Map(rows.map(({ code, people }) => [code, people]))
}

async function odsOf(db: Queryable, codes: readonly string[]): Promise<ReadonlyMap<string, OdsFacts>> {
  const { rows } = await sql<OdsFacts & { readonly ods_code: string }>`
    select ods_code, name, postcode, phone, status, closed_on as "closedOn"
    from ods_organisation where ods_code = any(${[...codes]}::text[])`.execute(db)
  return new Map(rows.map((row) => [row.ods_code, row]))
}

type ListedRow = {
  readonly ods_code: string
  readonly name: string
  readonly address_lines: readonly string[]
  readonly postcode: string
  readonly weekly: WeeklyHours
  readonly absent_since: LocalDate | null
}

async function listedOf(db: Queryable, codes: readonly string[]): Promise<ReadonlyMap<string, ListedFacts>> {
  const { rows } = await sql<ListedRow>`
    select ods_code, name, address_lines, postcode, weekly, absent_since
    from listed_pharmacy where ods_code = any(${[...codes]}::text[])`.execute(db)
  return new Map(
    rows.map(({ ods_code, name, address_lines, postcode, weekly, absent_since }) => [
      ods_code,
      { name, addressLines: address_lines, postcode, weekly, absentSince: absent_since },
    ]),
  )
}

/** What closed longer ago has been looked at. */
const CLOSED_WITHIN_DAYS = 365

async function successorsOf(
  db: Queryable,
  codes: readonly string[],
  today: LocalDate,
): Promise<ReadonlyMap<string, readonly Successor[]>> {
  const { rows } = await sql<Successor & { readonly closed: string }>`
    select gone.ods_code as closed, next.ods_code as "odsCode", next.name, next.opened_on as "openedOn"
    from ods_organisation gone
    join ods_organisation next on upper(replace(next.postcode, ' ', '')) = upper(replace(gone.postcode, ' ', ''))
      and next.ods_code <> gone.ods_code and next.status <> 'C'
      and abs(next.opened_on - gone.closed_on) <= ${SUCCESSION_DAYS}
    where gone.ods_code = any(${[...codes]}::text[]) and gone.status = 'C'
      and gone.closed_on > ${today}::date - ${CLOSED_WITHIN_DAYS}::integer
    order by 1, 2`.execute(db)
  return Map.groupBy(rows, ({ closed }) => closed)
}

async function centresOf(db: Queryable, places: readonly CheckedPlace[]): Promise<LoadedPlaces['centreOf']> {
  const named = places.flatMap(({ profile, services }) => [profile?.postcode, ...services.map((each) => each.postcode)])
  const keys = [...new Set(named.flatMap((postcode) => (postcode ? [postcodeKey(postcode)] : [])))]
  const rows = await db
    .selectFrom('postcode')
    .select(['postcode_key', 'latitude', 'longitude'])
    .where('postcode_key', '=', (value) => value.fn.any(value.val(keys)))
    .execute()
  const centres = new Map(rows.map(({ postcode_key, ...position }) => [postcode_key, position]))
  return (postcode) => centres.get(postcodeKey(postcode))
}
