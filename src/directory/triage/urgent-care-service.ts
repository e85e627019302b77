/**
 * A DoS service as urgent care sees it: whom it is for, and everything a call handler is shown. Kept apart from the
 * `IndexedService` of the public, so that what only professionals may see is out of reach of every public mapper.
 */
import type { CapacityStatus } from '#src/rules/capacity.ts'
import type { TriageService } from '#src/rules/triage.ts'
import type { IndexedService } from '../indexed-service.ts'
import type { GivenDetails } from '../service-row.ts'

export type UrgentCareService = TriageService & {
  /** Ledger number of its last change: what was made of the service is out of date when this differs. */
  readonly seq: number
  /** What anyone may know: name, address, hours, phone, web. */
  readonly shown: IndexedService
  /** JSON text of `GivenDetails`, read when a service is shown and not before: `detailsOf`. */
  readonly details: string
  /** When its capacity was last set, UTC epoch seconds; null when it never was. */
  readonly capacitySetAtSeconds: number | null
}

/** How a message reaches the service by electronic means. */
export type Endpoint = {
  readonly order: number
  /** itk, email, telno, http; older ones dts, faxno. */
  readonly transport: string
  readonly format: string
  readonly interaction: string
  /** Primary or Copy. */
  readonly scenario: string
  readonly address: string
  readonly compression: string | null
  readonly comment: string | null
}

/** The endpoints of a service in the order in which they are to be used. */
export const endpointsInOrder = (endpoints: readonly Endpoint[]): readonly Endpoint[] =>
  endpoints.toSorted((a, b) => a.order - b.order)

/** An endpoint in one text, as older clients (SOAP 1.3, REST) take it apart: joined by the two characters `\|`. */
export const joinedEndpoint = ({ address, interaction, format, scenario, comment, compression }: Endpoint): string =>
  [address, interaction, format, scenario, comment ?? '', compression ?? ''].join('\\|')

export type Attribute = {
  readonly name: string
  readonly dataType: string
  readonly value: string
  readonly description: string | null
}

/** What is shown of a service beyond what anyone may know, and beyond what the tests read. Missing texts are null. */
export type UrgentCareDetails = {
  readonly nonPublicPhone: string | null
  readonly email: string | null
  readonly publicInformation: string | null
  readonly referralInformation: string | null
  readonly addressLines: readonly string[]
  readonly parentUid: number | null
  /** In the order that was given; `endpointOrder` decides which comes first. */
  readonly endpoints: readonly Endpoint[]
  readonly attributes: readonly Attribute[]
  /** When the capacity was last set, UTC ISO text; null when it never was. */
  readonly capacitySetAt: string | null
  readonly capacity: { readonly status: CapacityStatus; readonly resetAt: string | null }
  /** The emergency department's score, where it keeps one. */
  readonly hospitalScore: { readonly total: number; readonly note: string; readonly updatedAt: string } | null
}

/** Reads the details of a service. Costs about ten microseconds: keep what you made of them. */
export function detailsOf({ details, capacitySetAtSeconds }: UrgentCareService): UrgentCareDetails {
  const [
    nonPublicPhone,
    email,
    publicInformation,
    referralInformation,
    addressLines,
    parentUid,
    endpoints,
    attributes,
    capacity,
    hospitalScore,
  ] = JSON.parse(details) as GivenDetails
  return {
    nonPublicPhone,
    email,
    publicInformation,
    referralInformation,
    addressLines,
    parentUid,
    endpoints: (endpoints ?? []).map(endpointOf),
    attributes: (attributes ?? []).map(attributeOf),
    capacitySetAt:
      capacitySetAtSeconds === null ? null : new Date(Math.round(capacitySetAtSeconds * 1000)).toISOString(),
    capacity: {
      status: (capacity?.status ?? 'GREEN') as CapacityStatus,
      resetAt: capacity?.resetAt ?? null,
    },
    hospitalScore,
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
