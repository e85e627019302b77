/** What the quality rules look at: a pharmacy with its DoS services, or services without a pharmacy. Types only. */
import type { HolidayCalendar } from './bank-holidays.ts'
import type { Position } from './distance.ts'
import type { LocalDate } from './london-time.ts'
import type { OpeningTimes, WeeklyHours } from './opening-times.ts'
import type { OfferedServices } from './service-matching.ts'

export type CheckedService = {
  readonly uid: number
  readonly name: string
  readonly typeId: number
  /** As it is stored, spaces and small letters included. */
  readonly odsCode: string | null
  readonly status: string
  readonly postcode: string | null
  /** Null: it is not placed, and never found by distance. */
  readonly position: Position | null
  readonly phone: string | null
  readonly hours: OpeningTimes
  /** Symptom discriminators of the group of Z codes. */
  readonly zCodes: readonly number[]
  /** Whether a profile writes its facts. */
  readonly isProjected: boolean
  /** What it keeps of its own until a person decides, in words; empty: nothing. */
  readonly ownValues: readonly string[]
}

export type CheckedProfile = {
  readonly odsCode: string
  readonly name: string
  readonly kind: 'community' | 'distance-selling' | 'appliance' | 'lps'
  readonly status: 'open' | 'temporarily-closed' | 'closed' | 'hidden'
  readonly addressLines: readonly string[]
  readonly postcode: string
  readonly position: Position | null
  readonly phone: string | null
  readonly website: string | null
  readonly weekly: WeeklyHours
  /** Days for which there is an answer. */
  readonly answeredDays: ReadonlySet<LocalDate>
  /** The sections that are due every quarter, by name, and the London date of their last check; null: never. */
  readonly checks: readonly { readonly section: string; readonly checkedOn: LocalDate | null }[]
  readonly offered: OfferedServices
  readonly isListed: boolean
}

/** What the last ODS file says of an organisation. */
export type OdsFacts = {
  readonly name: string
  readonly postcode: string | null
  readonly phone: string | null
  /** Active, closed, proposed. */
  readonly status: 'A' | 'C' | 'P'
  readonly closedOn: LocalDate | null
}

/** What the last pharmaceutical list says. A day that was refused is null. */
export type ListedFacts = {
  readonly name: string
  readonly addressLines: readonly string[]
  readonly postcode: string
  readonly weekly: WeeklyHours
  /** The first day on which a list for all of England left it out; null: the last one has it. */
  readonly absentSince: LocalDate | null
}

/** Another organisation of the ODS file at the postcode of one that closed, which opened about then. */
export type Successor = { readonly odsCode: string; readonly name: string; readonly openedOn: LocalDate }

/** Everything that carries the same first five characters of an ODS code, or one service without a code. */
export type CheckedPlace = {
  /** Null: a service without a code. */
  readonly code: string | null
  readonly profile: CheckedProfile | null
  readonly services: readonly CheckedService[]
  readonly ods: OdsFacts | null
  readonly listed: ListedFacts | null
  readonly successors: readonly Successor[]
  /** How many different professionals said in the last 30 days that it could not help a patient; absent: nobody did. */
  readonly couldNotHelp?: number
}

/** The day of the check, and what it may be compared with. */
export type Checking = {
  readonly today: LocalDate
  readonly holidays: HolidayCalendar
  /** The middle of a postcode; undefined when nobody knows it. */
  readonly centreOf: (postcode: string) => Position | undefined
  /** Whether an ODS file was ever imported. */
  readonly hasOdsFile: boolean
  /** Whether a postcode file was ever imported. */
  readonly hasPostcodes: boolean
}

/** One thing that a rule found wrong. */
export type Found = {
  /** What makes it the same finding tomorrow: unique within its rule. */
  readonly subject: string
  /** The service it is about; null: the pharmacy. */
  readonly uid: number | null
  /** In words, for the directory team and the pharmacy itself. */
  readonly detail: string
  /** Of a difference between sources: what we say, and what the other says. Null for anything else. */
  readonly ours: string | null
  readonly theirs: string | null
}

/** A finding about a service. */
export const aboutService = ({ uid }: Pick<CheckedService, 'uid'>, detail: string): Found => ({
  ...{ subject: `uid:${uid}`, uid, detail },
  ...{ ours: null, theirs: null },
})

/** A finding about a pharmacy; `part` tells several of one rule apart. */
export const aboutPharmacy = (code: string, detail: string, part = ''): Found => ({
  ...{ subject: part === '' ? code : `${code} ${part}`, uid: null, detail },
  ...{ ours: null, theirs: null },
})

/** Whether people look for it: a hidden or closed pharmacy need not be complete. */
export const isTrading = (profile: CheckedProfile | null): profile is CheckedProfile =>
  profile !== null && (profile.status === 'open' || profile.status === 'temporarily-closed')
