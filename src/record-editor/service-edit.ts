/**
 * An edit of a service's record: what somebody wants some of its fields to say, and what those said when they began.
 * Pure. Fields have the names of the interchange format, as in `changedFields` and `rules/change-lines.ts`.
 */
import { isDeepStrictEqual } from 'node:util'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { OpeningTimes } from '#src/rules/opening-times.ts'

/** Where a service's messages are sent to. Unknown keys are kept as they are. */
export type Endpoint = {
  readonly order: number
  readonly transport: string | null
  readonly format: string | null
  readonly interaction: string | null
  readonly scenario: string | null
  readonly address: string | null
  readonly compression?: string | null
  readonly comment?: string | null
}

export type Attribute = { readonly name: string; readonly dataType: string | null; readonly value: unknown }

/** A referral role: its number, or both. */
export type ReferralRole = number | { readonly id: number; readonly name?: string }

/** The fields of a record that have a place of their own. */
export type RecordValues = Omit<ServiceRecord, 'uid' | 'hours' | 'other' | 'closures' | 'asGiven'> & OpeningTimes

/** Those in `other`. As `null` in a patch: the record shall not have the key. */
export type OtherValues = {
  readonly genders: readonly string[] | null
  /** In days; decimals allowed. */
  readonly ages: readonly (readonly [number, number])[] | null
  /** Symptom group -> discriminators. */
  readonly sgsd: Readonly<Record<string, readonly number[]>> | null
  readonly dispositions: readonly number[] | null
  readonly roles: readonly ReferralRole[] | null
  readonly restricted: boolean | null
  readonly referrals: readonly string[] | null
  readonly limitedTo: readonly string[] | null
  readonly promotedTo: readonly string[] | null
  readonly returnIfOpenMinutes: number | null
  readonly parentUid: number | null
  readonly endpoints: readonly Endpoint[] | null
  readonly attributes: readonly Attribute[] | null
}

/** What some fields of a record shall say. Keys of `other` that this does not name may be set too. */
export type ServicePatch = Partial<RecordValues & OtherValues> & { readonly [key: string]: unknown }

export const EDIT_STATES = ['draft', 'waiting', 'conflict', 'published', 'withdrawn', 'declined'] as const
/**
 * `draft`: only its author has it. `waiting`: for a second person. `conflict`: somebody else changed the same fields
 * meanwhile, and a person must choose. The others are over.
 */
export type EditState = (typeof EDIT_STATES)[number]
export const OPEN_STATES: readonly EditState[] = ['draft', 'waiting', 'conflict']

export type ServiceEdit = {
  readonly id: number
  /** Null while a new service is being made. */
  readonly uid: number | null
  /** `person:EMAIL`, as is `decidedBy`. */
  readonly author: string
  readonly state: EditState
  /** Grows with every change; who decides says which one they read. */
  readonly version: number
  /** What the touched fields said when the author first touched them. */
  readonly base: ServicePatch
  /** What they shall say; the same keys. */
  readonly proposed: ServicePatch
  readonly reason: string
  /** UTC ISO text. */
  readonly begunAt: string
  readonly changedAt: string
  readonly submittedAt: string | null
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly note: string | null
}

export const isOpen = ({ state }: Pick<ServiceEdit, 'state'>): boolean => OPEN_STATES.includes(state)

/** Fields with a place of their own in a record. */
const PLAIN: readonly string[] = [
  'name',
  'publicName',
  'typeId',
  'odsCode',
  'status',
  'address',
  'postcode',
  'easting',
  'northing',
  'latitude',
  'longitude',
  'phone',
  'web',
  'nonPublicPhone',
  'email',
  'publicInformation',
  'referralInformation',
]
const HOURS: readonly string[] = ['weekly', 'bankHoliday', 'specified', 'openAllHours']
/** What no edit sets: the number is for ever, and capacity has its own way in, as closures have. */
const NEVER: readonly string[] = ['uid', 'capacity', 'closures', 'hours', 'other', 'asGiven', '__proto__']

/** Whether an edit may set a field at all; who owns it is another question (`record-owner.ts`). */
export const isEditable = (field: string): boolean => !NEVER.includes(field)

/** What a record says in a field; null where it says nothing. */
export function fieldOf(record: ServiceRecord, field: string): unknown {
  if (PLAIN.includes(field)) return record[field as keyof ServiceRecord] ?? null
  if (HOURS.includes(field)) return record.hours[field as keyof OpeningTimes]
  return Object.hasOwn(record.other, field) ? record.other[field] : null
}

/** What a record says in the fields of a patch. */
export const baseOf = (record: ServiceRecord, patch: ServicePatch): ServicePatch =>
  Object.fromEntries(Object.keys(patch).map((field) => [field, fieldOf(record, field)]))

/** The record, flat, by the names of the interchange format. */
export const flatRecord = ({ hours, other, ...plain }: ServiceRecord): Readonly<Record<string, unknown>> => ({
  ...other,
  ...plain,
  ...hours,
})

/** The record as it would be. Fields that no edit may set are passed over. */
export function withPatch(record: ServiceRecord, patch: ServicePatch): ServiceRecord {
  const fields = Object.keys(patch).filter(isEditable)
  const set = (names: readonly string[]) => Object.fromEntries(names.map((field) => [field, patch[field]]))
  const others = fields.filter((field) => !PLAIN.includes(field) && !HOURS.includes(field))
  const other: Record<string, unknown> = { ...record.other, ...set(others) }
  for (const field of others) {
    // A key that was given as null stays so where the edit says nothing else.
    if (patch[field] === null && record.other[field] !== null) delete other[field]
  }
  return {
    ...record,
    ...set(fields.filter((field) => PLAIN.includes(field))),
    hours: { ...record.hours, ...set(fields.filter((field) => HOURS.includes(field))) },
    other: others.length > 0 ? other : record.other,
  }
}

/** The record as it would be with an edit, for showing it and for trying the search before anything is published. */
export const recordWithEdit = (
  record: ServiceRecord,
  edit: Pick<ServiceEdit, 'proposed'> | undefined,
): ServiceRecord => (edit ? withPatch(record, edit.proposed) : record)

/**
 * Base and proposed values once a patch is laid over them: what is new starts from the record as it is now, and what is
 * back to what it said at the beginning is not touched any more.
 */
export function withAmendment(
  { base, proposed }: Pick<ServiceEdit, 'base' | 'proposed'>,
  patch: ServicePatch,
  record: ServiceRecord,
): Pick<ServiceEdit, 'base' | 'proposed'> {
  const allowed = Object.fromEntries(Object.entries(patch).filter(([field]) => isEditable(field)))
  const from = { ...baseOf(record, allowed), ...base }
  const to: ServicePatch = { ...proposed, ...allowed }
  const touched = Object.keys(to).filter((field) => !isDeepStrictEqual(from[field], to[field]))
  const pick = (values: ServicePatch) => Object.fromEntries(touched.map((field) => [field, values[field]]))
  return { base: pick(from), proposed: pick(to) }
}
