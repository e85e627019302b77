/**
 * What a request of the REST API asks: the parts of its address, checked in the order of the documented table, with the
 * messages that clients compare.
 *
 * Source: DoS REST API v1.0, request validation rules of each endpoint.
 */
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { Gazetteer, PlacedPostcode } from '#src/reference-data/gazetteer.ts'
import { ageGroup } from '#src/rules/patient-age.ts'
import { parsePostcode, sectorOf } from '#src/rules/postcode.ts'
import { type AgeRange, GENDERS, type Gender } from '#src/rules/triage.ts'

export const OPERATIONS = ['byServiceType', 'byClinicalTerm', 'byOdsCode', 'byServiceId'] as const
export type Operation = (typeof OPERATIONS)[number]

/** Services of some types, or that carry a pair of codes, near a place. */
export type ServiceSearch = {
  /** Null: no postcode was given, and the installation answers that with no services. */
  readonly place: PlacedPostcode | null
  readonly distanceMiles: number
  readonly age: AgeRange | null
  readonly gender: Gender | null
  /** ODS code of the patient's surgery, upper case. */
  readonly surgery: string | null
  /** Of each type. */
  readonly limit: number
  readonly wanted:
    | { readonly typeIds: readonly number[] }
    | { readonly symptomGroup: number; readonly discriminator: number }
}

export type Asked = { readonly search: ServiceSearch } | { readonly odsCode: string } | { readonly uid: number }

/** What was written in the address, for the record: of postcodes the sector. `caseId` is the client's. */
export type Written = {
  readonly caseId: string | null
  readonly postcodeSector: string | null
  readonly parameters: Readonly<Record<string, string>>
}

/** `status` is 400, or 404 where there is no such endpoint. */
export type Refusal = { readonly status: 400 | 404; readonly message: string }
type Checked = { readonly ok: true; readonly asked: Asked } | ({ readonly ok: false } & Refusal)
/** `operation` is undefined where there is no such endpoint. */
export type RestRead = Checked & { readonly operation: Operation | undefined; readonly written: Written }

export type ReadDeps = {
  readonly gazetteer: Pick<Gazetteer, 'find'>
  readonly index: Pick<TriageIndex, 'service'>
  readonly reference: () => Pick<TriageReference, 'pairedWith'>
  readonly missingPostcode: 'error' | 'empty'
}

/** The parts of an address after the name of the endpoint, in order. */
const SEARCH_PARTS = ['caseId', 'postcode', 'searchDistance', 'gpPracticeId', 'age', 'gender', 'disposition'] as const
const PARTS: Readonly<Record<Operation, readonly string[]>> = {
  byServiceType: [...SEARCH_PARTS, 'serviceTypeIds', 'numberPerType'],
  byClinicalTerm: [...SEARCH_PARTS, 'symptomGroupDiscriminatorCombos', 'numberPerType'],
  byOdsCode: ['odsCode'],
  byServiceId: ['serviceId'],
}

const MOST_MILES = 100
const USUAL_MILES = 37.5
const USUAL_LIMIT = 5
/** More of a type than anybody shows; whoever asks for more gets these. */
const MOST_OF_A_TYPE = 500
const MOST_TYPES = 100
/** No part of a request that means something is longer. */
const LONGEST_PART = 1000
/** Enough of a value for a support call. */
const KEPT_OF_A_VALUE = 100

const refusal = (message: string, status: 400 | 404 = 400): { readonly ok: false } & Refusal => ({
  ok: false,
  status,
  message: `${status === 400 ? 'Bad Request' : 'Not Found'}: ${message}`,
})

const OPERATION_NAMED = new Map(OPERATIONS.map((operation) => [operation.toLowerCase(), operation]))

/** The endpoint that an address names, in any case; undefined when there is none. `path` is what follows the base. */
function operationOf(path: string): Operation | undefined {
  const end = path.indexOf('/')
  return OPERATION_NAMED.get((end < 0 ? path : path.slice(0, end)).toLowerCase())
}

/** Reads what follows the base of the API's addresses, as it was sent, without the query. */
export function readRestRequest(path: string, deps: ReadDeps): RestRead {
  const operation = operationOf(path)
  if (!operation) return unreadable(operation, `There is no such endpoint; there are ${OPERATIONS.join(', ')}`, 404)
  const names = PARTS[operation]
  const sent = decodedParts(path, names.length)
  if (!sent) return unreadable(operation, 'The address cannot be read')
  if (sent.length !== names.length) {
    return unreadable(operation, `The address must be ${operation}/{${names.join('}/{')}}`)
  }
  return { ...readParts(operation, sent, deps), operation, written: writtenIn(names, sent) }
}

function readParts(operation: Operation, sent: Parts, deps: ReadDeps): Checked {
  if (operation === 'byOdsCode') return accepted({ odsCode: (sent[0] ?? '').trim() })
  return operation === 'byServiceId' ? readServiceId(sent) : readSearch(operation, sent, deps)
}

const NOTHING: Written = { caseId: null, postcodeSector: null, parameters: {} }

const unreadable = (operation: Operation | undefined, message: string, status?: 400 | 404): RestRead => ({
  ...refusal(message, status),
  operation,
  written: NOTHING,
})

/** The parts of an address. A client that mixes up their order must not leave a postcode behind. */
function writtenIn(names: readonly string[], sent: Parts): Written {
  let caseId: string | null = null
  let postcodeSector: string | null = null
  const parameters: Record<string, string> = {}
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string
    const value = sent[index] ?? '0'
    if (name === 'caseId') caseId = storable(given(value) ?? '') || null
    else if (name === 'postcode') postcodeSector = sectorIn(value)
    else parameters[name] = sectorIn(value) ?? storable(value)
  }
  return { caseId, postcodeSector, parameters }
}

const PRINTED = /^[ -~]*$/

/** The beginning of a value, without what the database cannot keep. */
function storable(text: string): string {
  const start = text.length > KEPT_OF_A_VALUE ? text.slice(0, KEPT_OF_A_VALUE) : text
  return PRINTED.test(start) ? start : start.replaceAll('\0', '').toWellFormed()
}

const SHORTEST_POSTCODE = 5

function sectorIn(text: string): string | null {
  const postcode = text.length < SHORTEST_POSTCODE ? undefined : parsePostcode(text)
  return postcode ? sectorOf(postcode) : null
}

/** Undefined when an encoding is broken or a part too long. A final slash after the last part counts for nothing. */
function decodedParts(path: string, wanted: number): readonly string[] | undefined {
  const parts = path.split('/').slice(1)
  if (parts.length === wanted + 1 && parts.at(-1) === '') parts.pop()
  if (parts.some(({ length }) => length > LONGEST_PART)) return undefined
  try {
    return parts.map((part) => (part.includes('%') ? decodeURIComponent(part) : part))
  } catch {
    return undefined
  }
}

/** By place in the address. */
type Parts = readonly string[]

const accepted = (asked: Asked): Checked => ({ ok: true, asked })

function readServiceId([serviceId = '']: Parts): Checked {
  const uid = wholeNumber(serviceId)
  return uid === undefined ? refusal('The service ID must be a number') : accepted({ uid })
}

function readSearch(operation: 'byServiceType' | 'byClinicalTerm', parts: Parts, deps: ReadDeps): Checked {
  const [, postcode, searchDistance, practice, group, gender, , wantedServices = '', numberPerType] = parts
  const distanceMiles = distanceOf(given(searchDistance))
  if (distanceMiles === undefined) return refusal('Search distance must be numeric')
  if (distanceMiles > MOST_MILES) return refusal('Search distance must be no more than 100')
  const place = placeOf(given(postcode), deps)
  if (typeof place === 'string') return refusal(place)
  const patient = readPatient({ group, gender, practice }, deps)
  if (typeof patient === 'string') return refusal(patient)
  const wanted =
    operation === 'byServiceType' ? readTypes(given(wantedServices)) : readPair(wantedServices, deps.reference())
  if (typeof wanted === 'string') return refusal(wanted)
  const perType = given(numberPerType)
  const limit = perType === null ? USUAL_LIMIT : wholeNumber(perType)
  if (limit === undefined) return refusal('The number per type must be a number')
  return accepted({
    search: { place, distanceMiles, ...patient, wanted, limit: Math.min(limit, MOST_OF_A_TYPE) },
  })
}

/** Text is what to complain about. */
function readPatient(
  written: Readonly<Record<'group' | 'gender' | 'practice', string | undefined>>,
  deps: ReadDeps,
): Pick<ServiceSearch, 'age' | 'gender' | 'surgery'> | string {
  const group = given(written.group)
  const age = group === null ? null : ageGroup(wholeNumber(group) ?? Number.NaN)
  if (age === undefined) return 'The age group ID must be one of the following: 1, 2, 3, 4, 8'
  const asked = given(written.gender)
  const gender = asked === null ? null : GENDERS.find((one) => one === asked)
  if (gender === undefined) return 'The gender must be one of the following: M, F, I (case sensitive)'
  const surgery = surgeryOf(given(written.practice), deps)
  if (surgery === undefined) return "The supplied service ID of the patient's practice does not exist in the system"
  return { age, gender, surgery }
}

/** A part that is left out is sent as `0`; an empty one and the word are taken for the same. */
const given = (part = '0'): string | null => (part === '0' || /^\s*(0|null)?\s*$/i.test(part) ? null : part.trim())

const wholeNumber = (text: string): number | undefined => (/^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined)

/** Undefined when it is not a number of miles. */
function distanceOf(text: string | null): number | undefined {
  if (text === null) return USUAL_MILES
  if (!/^(?=\.?\d)\d{0,15}(\.\d{0,15})?$/.test(text)) return undefined
  return Number(text) === 0 ? USUAL_MILES : Number(text)
}

/** Text is what to complain about. */
function placeOf(postcode: string | null, { gazetteer, missingPostcode }: ReadDeps): PlacedPostcode | null | string {
  if (postcode === null) return missingPostcode === 'empty' ? null : 'Postcode must be provided'
  return gazetteer.find(postcode) ?? 'Invalid post code'
}

/** The ODS code of a practice that is given by its uid; undefined when there is no service with this uid. */
function surgeryOf(uid: string | null, { index }: ReadDeps): string | null | undefined {
  if (uid === null) return null
  const practice = index.service(wholeNumber(uid) ?? Number.NaN)
  return practice?.odsCode
}

function readTypes(text: string | null): ServiceSearch['wanted'] | string {
  if (text === null) return 'Service type ID must be provided'
  const typeIds = text.split(',').map((part) => (/^\s*-?\d{1,9}\s*$/.test(part) ? Number(part) : undefined))
  if (typeIds.includes(undefined)) return 'Service type ID must be numeric'
  if (typeIds.length > MOST_TYPES) return `No more than ${MOST_TYPES} service type IDs may be given`
  return { typeIds: [...new Set(typeIds.filter((typeId) => typeId !== undefined))] }
}

function readPair(text: string, reference: Pick<TriageReference, 'pairedWith'>): ServiceSearch['wanted'] | string {
  const match = /^\s*(\d{1,9})\s*=\s*(\d{1,9})\s*$/.exec(text)
  const [symptomGroup, discriminator] = [Number(match?.[1]), Number(match?.[2])]
  if (!match || !reference.pairedWith(symptomGroup)?.has(discriminator)) {
    return 'Invalid "SymptomGroupId=SymptomDiscriminatorId" combination supplied'
  }
  return { symptomGroup, discriminator }
}
