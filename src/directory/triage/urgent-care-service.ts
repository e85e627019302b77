/**
 * A DoS service as urgent care sees it: whom it is for, and everything a call handler is shown. Kept apart from the
 * `IndexedService` of the public, so that what only professionals may see is out of reach of every public mapper.
 */
import type { CapacityStatus } from '#src/rules/capacity.ts'
import type { TriageService } from '#src/rules/triage.ts'
import type { IndexedService } from '../indexed-service.ts'

export type UrgentCareService = TriageService & {
  /** Ledger number of its last change: what was made of the service is out of date when this differs. */
  readonly seq: number
  /** What anyone may know: name, address, hours, phone, web. */
  readonly shown: IndexedService
  /** JSON text of `UrgentCareDetails`, read when a service is shown and not before. */
  readonly details: string
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
export const detailsOf = ({ details }: UrgentCareService): UrgentCareDetails => JSON.parse(details) as UrgentCareDetails
