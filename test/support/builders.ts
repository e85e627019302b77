/** Profiles, services and the like with sensible values, for tests that care about one or two of them. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { type Profile, SECTIONS, type Sections } from '#src/profiles/profile.ts'
import type { Session } from '#src/rules/opening-times.ts'

export const NINE_TO_FIVE: readonly Session[] = [{ opens: 540, closes: 1020 }]
export const USUAL_WEEK = [...Array.from({ length: 5 }, () => NINE_TO_FIVE), [], []]

const POSITION = { latitude: 53.424, longitude: -2.318, easting: 378_940, northing: 391_980 }

export function aProfile(given: Partial<Profile> = {}): Profile {
  return {
    odsCode: 'FX123',
    name: 'Hill & Sons',
    ownerName: null,
    kind: 'community',
    status: 'open',
    address: { lines: ['1 High Street', 'Sale'], postcode: 'M33 7AB', position: POSITION },
    contact: { phone: '01632 960001' },
    weekly: USUAL_WEEK,
    holidays: {},
    changes: [],
    commissioning: { parentCode: null, icbCode: null, healthAndWellbeingBoard: null },
    ...given,
  }
}

/** Every section as it comes from the NHS list: never checked. */
export const UNCHECKED: Sections = Object.fromEntries(
  SECTIONS.map((section) => [
    section,
    {
      source: 'list',
      changedAt: '2026-01-05T09:00:00.000Z',
      changedBy: 'command:import pharmaceutical-list',
      checkedAt: null,
      checkedBy: null,
    },
  ]),
) as Sections

/** A DoS service at the place of `aProfile`, open nine to five from Monday to Friday. */
export function aService(given: Partial<ServiceRecord> = {}): ServiceRecord {
  return {
    uid: 2_000_000_001,
    name: 'Pharmacy: Hill & Sons, Sale',
    publicName: null,
    typeId: 13,
    odsCode: 'FX123',
    status: 'ACTIVE',
    address: ['1 High Street', 'Sale'],
    postcode: 'M33 7AB',
    ...POSITION,
    phone: '01632 960001',
    web: null,
    nonPublicPhone: null,
    email: null,
    publicInformation: null,
    referralInformation: null,
    hours: { weekly: USUAL_WEEK, bankHoliday: null, openAllHours: false, specified: {} },
    other: {},
    ...given,
  }
}
