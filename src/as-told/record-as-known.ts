/**
 * What did the directory know of a service at an instant? Pure: the ledger's changes of that service in, its record out.
 *
 * The record is built again from the change that created it, one change after the other. Every change says what it found:
 * where that is not what we hold, something is missing, and the answer is "unknown" and never a guess. In `other` a key that
 * is missing and one that is null mean the same to every reader; the ledger does not tell them apart, and neither do we.
 */
import { isDeepStrictEqual } from 'node:util'
import { changedFields, type FieldChange } from '#src/directory/project-profile.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'

/** One change of a service in the order of the ledger, with who made it. */
export type LoggedChange = {
  readonly seq: number
  readonly uid: number
  /** UTC ISO text. */
  readonly recordedAt: string
  readonly fields: readonly string[]
  /** Null: the service is new, and `after` is all of it. */
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
  /** As in the audit. */
  readonly actor: string
  readonly action: string
}

export type KnownRecord =
  | {
      readonly known: true
      readonly record: ServiceRecord
      /** The last change that was known. */
      readonly last: LoggedChange
      /** When its capacity last came to be another, UTC ISO text; null when it never was given. */
      readonly capacityChangedAt: string | null
      /** When it was stored anew as if it had not been there, UTC ISO text; null: it never was. */
      readonly replacedAt: string | null
    }
  /** `not-yet`: it came to the directory at `from`. `gap`: what is kept of it does not fit together. */
  | { readonly known: false; readonly why: 'not-yet' | 'gap'; readonly from: string | null }

/** The record as it was known at an instant. `changes`: all of one service, in the order of the ledger. Never throws. */
export function recordAsKnown(changes: readonly LoggedChange[], knownAt: Date): KnownRecord {
  const first = changes[0]
  const known = knownChanges(changes, knownAt)
  if (known.length === 0) {
    const isCreation = first?.before === null
    return { known: false, why: first && !isCreation ? 'gap' : 'not-yet', from: first?.recordedAt ?? null }
  }
  const born = known.findLastIndex(({ before }) => before === null)
  let record = known[born]?.after as unknown as ServiceRecord | undefined
  if (!record) return { known: false, why: 'gap', from: null }
  for (const change of known.slice(born + 1)) {
    if (!fits(record, change)) return { known: false, why: 'gap', from: change.recordedAt }
    record = withChange(record, change)
  }
  return {
    known: true,
    record,
    last: known.at(-1) as LoggedChange,
    capacityChangedAt: known.slice(born).findLast(setsCapacity)?.recordedAt ?? null,
    replacedAt: born > 0 ? (known[born]?.recordedAt ?? null) : null,
  }
}

const setsCapacity = ({ fields, before, after }: LoggedChange): boolean =>
  before === null
    ? ((after as unknown as ServiceRecord).other['capacity'] ?? null) !== null
    : fields.includes('capacity')

/**
 * The changes that were known at an instant. One that waited for another carries the earlier clock and the later number: it
 * counts from when the other did, because nobody could see it before.
 */
export function knownChanges(changes: readonly LoggedChange[], knownAt: Date): readonly LoggedChange[] {
  const later = changes.findIndex(({ recordedAt }) => Date.parse(recordedAt) > knownAt.getTime())
  return later < 0 ? changes : changes.slice(0, later)
}

/** What differs between two records for any reader: as `changedFields`, without a key that is null in one and missing in the other. */
export const differencesOf = (a: ServiceRecord, b: ServiceRecord): readonly FieldChange[] =>
  changedFields(a, b).filter(({ before, after }) => !isDeepStrictEqual(before, after))

const HOURS: readonly string[] = ['weekly', 'bankHoliday', 'openAllHours', 'specified']
const PLAIN: readonly string[] = [
  ...['uid', 'name', 'publicName', 'typeId', 'odsCode', 'status', 'address', 'postcode', 'easting', 'northing'],
  ...['latitude', 'longitude', 'phone', 'web', 'nonPublicPhone', 'email', 'publicInformation', 'referralInformation'],
]
/** Keys that a record has only where there is something to say. */
const WHERE_SAID: readonly string[] = ['closures', 'asGiven']

type Values = Readonly<Record<string, unknown>>

/** Which part of a record holds a field. */
function partOf(field: string): 'record' | 'hours' | 'other' {
  if (HOURS.includes(field)) return 'hours'
  return PLAIN.includes(field) || WHERE_SAID.includes(field) ? 'record' : 'other'
}

const partsOf = (record: ServiceRecord): Readonly<Record<'record' | 'hours' | 'other', Values>> => ({
  record,
  hours: record.hours,
  other: record.other,
})

function fits(record: ServiceRecord, { fields, before }: LoggedChange): boolean {
  const parts = partsOf(record)
  return fields.every((field) => isDeepStrictEqual(parts[partOf(field)][field] ?? null, before?.[field] ?? null))
}

function withChange(record: ServiceRecord, { fields, after }: LoggedChange): ServiceRecord {
  const parts = partsOf(record)
  const changed = (part: 'record' | 'hours' | 'other'): Values => {
    const own = fields.filter((field) => partOf(field) === part)
    const kept = Object.entries(parts[part]).filter(([field]) => !own.includes(field))
    const given = own.flatMap((field): [string, unknown][] => {
      const value = after?.[field] ?? null
      return value === null && !HOURS.includes(field) && !PLAIN.includes(field) ? [] : [[field, value]]
    })
    return Object.fromEntries([...kept, ...given])
  }
  return { ...changed('record'), hours: changed('hours'), other: changed('other') } as unknown as ServiceRecord
}
