/** Turns stored records into services as urgent care sees them. */
import { absoluteMinute, type Capacity, type CapacityStatus, GREEN } from '#src/rules/capacity.ts'
import { parseLondonMinute } from '#src/rules/london-time.ts'
import type { AgeRange, ClinicalProfile } from '#src/rules/triage.ts'
import type { ReadService } from '../indexed-service.ts'
import type { ServiceRecord } from '../service-record.ts'
import type { Attribute, Endpoint, UrgentCareDetails, UrgentCareService } from './urgent-care-service.ts'

/** The keys of `ServiceRecord.other` that urgent care reads, as the interchange format gives them. */
type Given = {
  readonly genders?: readonly string[]
  readonly ages?: readonly AgeRange[]
  readonly sgsd?: Readonly<Record<string, readonly number[]>>
  readonly dispositions?: readonly number[]
  readonly roles?: readonly (number | { readonly id: number })[]
  readonly restricted?: boolean
  readonly referrals?: readonly string[]
  readonly limitedTo?: readonly string[] | null
  readonly promotedTo?: readonly string[] | null
  readonly returnIfOpenMinutes?: number | null
  readonly capacity?: { readonly status?: CapacityStatus; readonly resetAt?: string | null } | null
  readonly parentUid?: number | null
  readonly endpoints?: readonly Partial<Endpoint>[]
  readonly attributes?: readonly Partial<Attribute>[]
  readonly hospitalScore?: UrgentCareDetails['hospitalScore']
}

/**
 * Reads rows of one batch. What many services have in common (whole clinical profiles follow templates) is kept once.
 * A part that is missing or null is empty: it then matches nobody, as the format says.
 */
export function urgentCareReader(): (read: ReadService) => UrgentCareService {
  const shared = new Map<string, unknown>()
  const once = <Source, Made>(name: string, source: Source, make: (source: Source) => Made): Made => {
    const key = name + JSON.stringify(source)
    const known = shared.get(key) as Made | undefined
    if (known !== undefined) return known
    const made = make(source)
    shared.set(key, made)
    return made
  }
  const codes = (list: readonly string[]): ReadonlySet<string> => once('codes', list, upperCaseSet)
  const numbers = (list: readonly number[]): ReadonlySet<number> => once('numbers', list, (given) => new Set(given))
  const pairsOf = (sgsd: NonNullable<Given['sgsd']>): ClinicalProfile['pairs'] =>
    once(
      'pairs',
      sgsd,
      (given) => new Map(Object.entries(given).map(([group, list]) => [Number(group), numbers(list)])),
    )

  const clinicalOf = (given: Given): ClinicalProfile => ({
    genders: once('genders', given.genders ?? [], (list) => new Set(list)),
    ages: once('ages', given.ages ?? [], (list) => list),
    pairs: pairsOf(given.sgsd ?? {}),
    dispositions: numbers(given.dispositions ?? []),
    roles: numbers((given.roles ?? []).map((role) => (typeof role === 'number' ? role : role.id))),
    restricted: given.restricted ?? false,
    referrals: codes(given.referrals ?? []),
    limitedTo: given.limitedTo?.length ? codes(given.limitedTo) : null,
    promotedTo: given.promotedTo?.length ? codes(given.promotedTo) : null,
    returnIfOpenMinutes: given.returnIfOpenMinutes ?? null,
  })

  return ({ record, service: shown, capacitySetAt }) => {
    const given = record.other as Given
    return {
      uid: record.uid,
      seq: shown.seq,
      typeId: record.typeId,
      odsCode: record.odsCode?.trim().toUpperCase() ?? null,
      isActive: record.status === 'ACTIVE',
      easting: record.easting ?? Number.NaN,
      northing: record.northing ?? Number.NaN,
      hours: shown.hours,
      clinical: clinicalOf(given),
      capacity: capacityOf(given.capacity),
      shown,
      details: inOnePiece(JSON.stringify(detailsIn(record, given, capacitySetAt))),
    }
  }
}

const upperCaseSet = (list: readonly string[]): ReadonlySet<string> =>
  new Set(list.map((code) => code.trim().toUpperCase()))

function capacityOf(given: Given['capacity']): Capacity {
  const status = given?.status ?? 'GREEN'
  if (status === 'GREEN') return GREEN
  const resetAt = parseLondonMinute(given?.resetAt ?? '')
  return { status, until: resetAt ? absoluteMinute(resetAt) : Number.POSITIVE_INFINITY }
}

function detailsIn(record: ServiceRecord, given: Given, capacitySetAt: string | null): UrgentCareDetails {
  const { nonPublicPhone, email, publicInformation, referralInformation, address } = record
  return {
    nonPublicPhone,
    email,
    publicInformation,
    referralInformation,
    addressLines: address,
    parentUid: given.parentUid ?? null,
    endpoints: (given.endpoints ?? []).map(endpointOf),
    attributes: (given.attributes ?? []).map(attributeOf),
    capacitySetAt,
    capacity: { status: given.capacity?.status ?? 'GREEN', resetAt: given.capacity?.resetAt ?? null },
    hospitalScore: given.hospitalScore ?? null,
  }
}

const endpointOf = (given: Partial<Endpoint>): Endpoint => ({
  order: given.order ?? 0,
  transport: given.transport ?? '',
  format: given.format ?? '',
  interaction: given.interaction ?? '',
  scenario: given.scenario ?? '',
  address: given.address ?? '',
  compression: given.compression ?? null,
  comment: given.comment ?? null,
})

const attributeOf = (given: Partial<Attribute>): Attribute => ({
  name: given.name ?? '',
  dataType: given.dataType ?? '',
  value: String(given.value ?? ''),
  description: given.description ?? null,
})

/** Text that was put together remembers its parts, which costs memory; this one is whole. */
const inOnePiece = (text: string): string => Buffer.from(text).toString()
