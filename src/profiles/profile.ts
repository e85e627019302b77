/** What a pharmacy says about itself. Types only: `decide.ts` changes it, `save-profile-change.ts` stores it. */
import type { ClosedSpell } from '#src/rules/closed-spells.ts'
import type { Contract } from '#src/rules/core-hours.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { Session, WeeklyHours } from '#src/rules/opening-times.ts'

export const SECTIONS = ['contact', 'hours', 'holidays', 'changes', 'services', 'facilities'] as const
export type ProfileSection = (typeof SECTIONS)[number]

export type ProfileStatus = 'open' | 'temporarily-closed' | 'closed' | 'hidden'
/** `appliance`: an appliance contractor (DAC), which has no public hours. `lps`: local pharmaceutical services contract. */
export type ProfileKind = 'community' | 'distance-selling' | 'appliance' | 'lps'

/** One answer for a bank holiday, Christmas Day, Good Friday or Easter Sunday. A day without an answer is unknown. */
export type HolidayAnswer =
  | { readonly answer: 'closed' }
  | { readonly answer: 'usual' }
  | { readonly answer: 'other'; readonly sessions: readonly Session[] }

/** Hours that replace the usual ones on one date or a range of dates, both ends included. No sessions: closed. */
export type DatedChange = {
  readonly id: string
  readonly from: LocalDate
  readonly to: LocalDate
  readonly sessions: readonly Session[]
  readonly reason: string
  /** Shown to the public; up to 140 characters. */
  readonly note: string | null
}

/**
 * A closure, unplanned or planned, of the pharmacy or of some of its DoS services. The table `closure` knows the rest of
 * it: who told it, who was told, and what was asked since. Kept here until a month after its end.
 */
export type Closure = ClosedSpell & {
  readonly id: string
  /** Uids of the services that are shut; null: the whole pharmacy. */
  readonly services: readonly number[] | null
  /** One of `rules/change-reasons.ts`; professionals see it, the public does not. */
  readonly reason: string
  /** What patients should do, for the public. */
  readonly advice: string | null
}

/**
 * What a pharmacy says of one service of the NHS list (`rules/offered-services.ts`). A service without an answer is
 * unknown, never "no".
 */
export type ServiceAnswer = {
  readonly offered: boolean
  /** When it is given, within the pharmacy's own hours; null: whenever the pharmacy is open. */
  readonly hours: WeeklyHours | null
  readonly byAppointment: boolean
  /** An https address; null when there is none. */
  readonly bookingLink: string | null
  /** First and last day, both included; null: no such end. */
  readonly from: LocalDate | null
  readonly to: LocalDate | null
  /** When somebody last looked that the stock is complete; for stockholders only. */
  readonly stockCheckedOn?: LocalDate
  /** The list with which it was compared, by name and version; for stockholders only, as they write it. */
  readonly stockList?: string
}

/** What a pharmacy says of one facility of the list (`rules/facilities.ts`). Without an answer it is "not stated". */
export type FacilityAnswer = {
  readonly has: boolean
  /** In the unit that the list names, such as millimetres of a door; absent when nobody measured. */
  readonly measure?: number
  /** A sentence for the public, such as where the ramp is. */
  readonly note?: string
}

/** How a distance selling pharmacy gets medicines to people, anywhere in England. Null: it has not said. */
export type Delivery = {
  /** In its own words, up to 200 characters. */
  readonly how: string | null
  /** Minutes after London midnight: what is ordered by then on a working day leaves the same day. */
  readonly orderBy: number | null
  readonly workingDays: number | null
  /** Seven digits: its premises in the register of the General Pharmaceutical Council. */
  readonly premisesNumber: string | null
}

/** WGS84 degrees and OSGB36 grid metres of one point. */
export type Position = {
  readonly latitude: number
  readonly longitude: number
  readonly easting: number
  readonly northing: number
}

/** A value that was corrected on request. */
export type ApprovedValue = 'name' | 'address' | 'position'

export type Profile = {
  readonly odsCode: string
  readonly name: string
  /** The contractor, sometimes a person: stored, never on a public page. */
  readonly ownerName: string | null
  readonly kind: ProfileKind
  readonly status: ProfileStatus
  readonly address: {
    readonly lines: readonly string[]
    readonly postcode: string
    /** Null when the postcode is unknown: the pharmacy is then not found by distance. */
    readonly position: Position | null
  }
  /** A key that is absent: nothing was ever said, and the DoS services keep their own. Null: there is none. */
  readonly contact: {
    readonly phone?: string | null
    readonly website?: string | null
    readonly email?: string | null
    readonly professionalPhone?: string | null
    readonly professionalEmail?: string | null
  }
  /** Of a distance selling pharmacy; part of the section `contact`. Absent: it never said anything. */
  readonly delivery?: Delivery
  readonly weekly: WeeklyHours
  /** Which hours were agreed with the NHS, as the pharmacy says; part of the section `hours`. Absent: nobody said. */
  readonly contract?: Contract
  readonly holidays: Readonly<Record<LocalDate, HolidayAnswer>>
  /** In the order in which they were made: where dates overlap the one made later wins. */
  readonly changes: readonly DatedChange[]
  /** They lie over all other hours; part of the section `changes`. Absent: none in force, coming or just over. */
  readonly closures?: readonly Closure[]
  /** By service code. Absent: nothing was ever said about services. */
  readonly services?: Readonly<Record<string, ServiceAnswer>>
  /** By facility id. Absent: nothing was ever said about facilities. */
  readonly facilities?: Readonly<Record<string, FacilityAnswer>>
  /** What somebody corrected on request (`place-change.ts`): imports keep it until the NHS list says the same. */
  readonly approved?: readonly ApprovedValue[]
  readonly commissioning: {
    readonly parentCode: string | null
    readonly icbCode: string | null
    readonly healthAndWellbeingBoard: string | null
    /** Whether an imported pharmaceutical list named it: then name, address and hours follow the list, not other imports. */
    readonly onPharmaceuticalList?: boolean
  }
}

/** Where a section's words came from and when they were last changed and checked. Instants are UTC ISO text. */
export type SectionStanding = {
  readonly source: 'list' | 'pharmacy' | 'desk'
  readonly changedAt: string
  readonly changedBy: string
  readonly checkedAt: string | null
  readonly checkedBy: string | null
}
export type Sections = Readonly<Record<ProfileSection, SectionStanding>>

/** A profile with what the database adds: its version, which rises by one with each change. */
export type StoredProfile = { readonly profile: Profile; readonly sections: Sections; readonly version: number }
