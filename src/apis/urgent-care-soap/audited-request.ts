/** A SOAP request as the record of searches keeps it. */
import type { ApiAccount } from '#src/accounts/api-accounts.ts'
import { parsePostcode, sectorOf } from '#src/rules/postcode.ts'
import type { TriageReply } from '#src/urgent-care/ask-triage.ts'
import { type AuditedSearch, kindOf } from '#src/urgent-care/search-audit.ts'
import type { TriageVersion } from '#src/urgent-care/triage-request.ts'
import type { SoapRequest } from './soap-request.ts'

/** A request of an account that is known. */
export type Asked = {
  readonly account: ApiAccount
  readonly request: SoapRequest
  readonly version: TriageVersion
  readonly transactionId: string
  /** On the clock of `performance`. */
  readonly started: number
}

/** What came of it: `uids` in the order in which they were returned. */
export type Outcome = {
  readonly outcome: string
  readonly uids: readonly number[]
  /** Of CheckCapacitySummary, when it was searched. */
  readonly reply?: TriageReply
}

/** More of one field is not kept: a request of a megabyte must not stay in memory until it is written. */
const LONGEST_FIELD = 200
const MOST_DISCRIMINATORS = 20

/** The record of a request that was answered at `now`. The postcode is cut to its sector. */
export function auditedRequest(
  { account, request, version, transactionId, started }: Asked,
  { outcome, uids, reply }: Outcome,
  now: Date,
): AuditedSearch {
  const { caseRef, caseId, postcode, searchDateTime } = request.case
  return {
    at: now.toISOString(),
    username: account.username,
    api: 'soap',
    version,
    operation: request.operation,
    transactionId,
    caseRef: shortOrNull(caseRef),
    caseId: shortOrNull(caseId),
    kind: kindOf(caseId, searchDateTime !== null),
    postcodeSector: sectorIn(postcode),
    parameters: request.operation === 'CheckCapacitySummary' ? caseParameters(request, account, reply) : idOf(request),
    outcome,
    uids,
    durationMicros: (performance.now() - started) * 1000,
  }
}

function caseParameters(
  { case: given }: SoapRequest,
  { role }: ApiAccount,
  reply: TriageReply | undefined,
): Readonly<Record<string, unknown>> {
  return {
    age: shortOrNull(given.age),
    ageFormat: shortOrNull(given.ageFormat),
    gender: shortOrNull(given.gender),
    disposition: shortOrNull(given.disposition),
    symptomGroup: shortOrNull(given.symptomGroup),
    symptomDiscriminators: given.symptomDiscriminators.slice(0, MOST_DISCRIMINATORS).map(short),
    surgery: shortOrNull(given.surgery),
    searchDistance: shortOrNull(given.searchDistance),
    forceSearchDistance: given.forceSearchDistance,
    searchDateTime: shortOrNull(given.searchDateTime),
    distanceUsed: reply?.meta ? `${reply.meta.distance.km} ${reply.meta.distance.source}` : null,
    role,
  }
}

const idOf = ({ serviceId }: SoapRequest): Readonly<Record<string, unknown>> => ({ serviceId: shortOrNull(serviceId) })

function sectorIn(given: string | null): string | null {
  const postcode = given === null || given.length > LONGEST_FIELD ? undefined : parsePostcode(given)
  return postcode === undefined ? null : sectorOf(postcode)
}

const shortOrNull = (text: string | null): string | null => (text === null ? null : short(text))

/** A part of a text holds on to the whole of it, unless it is copied. */
const short = (text: string): string =>
  text.length <= LONGEST_FIELD ? text : Buffer.from(text.slice(0, LONGEST_FIELD)).toString()
