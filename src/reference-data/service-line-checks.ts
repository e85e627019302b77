/** The rules of each field of the interchange format, one function a rule. Pure. */
import { SERVICE_STATUSES } from '#src/directory/service-record.ts'
import { parseLondonMinute } from '#src/rules/london-time.ts'

/** Everything that is wrong with a value, in words that follow the field's name; empty when nothing is. */
export type Check = (value: unknown) => readonly string[]

const must =
  (rule: string, holds: (value: unknown) => boolean): Check =>
  (value) =>
    holds(value) ? [] : [`must be ${rule}`]

/** As `must`, for a list of which each item is judged by itself; `null` is an empty list where `nullable`. */
const mustList =
  (rule: string, faultsOf: (item: unknown) => readonly string[], { nullable = false } = {}): Check =>
  (value) => {
    if (nullable && value === null) return []
    if (!Array.isArray(value)) return [`must be ${rule}`]
    return value.flatMap((item, index) => faultsOf(item).map((fault) => `must be ${rule}: item ${index + 1} ${fault}`))
  }

const isText = (value: unknown): value is string => typeof value === 'string'
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)
const isListOf = (value: unknown, holds: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(holds)
const isTextOrNull = (value: unknown): boolean => value === null || value === undefined || isText(value)
const isNumberIn = (value: unknown, from: number, to: number): boolean =>
  value === null || (typeof value === 'number' && value >= from && value <= to)

/** The urgent care APIs carry a uid as a 32-bit whole number. */
const LARGEST_UID = 2_147_483_647
const isUid = (value: unknown): boolean => isWhole(value) && value > 0 && value <= LARGEST_UID

const text = must('text or null', isTextOrNull)
const wholeNumbers = must('a list of whole numbers', (value) => isListOf(value, isWhole))
const codes = must('a list of codes', (value) => value === null || isListOf(value, isText))

const LONGEST_NAME = 255
const LONGEST_PUBLIC_NAME = 75
const STATUSES: readonly unknown[] = SERVICE_STATUSES
const GENDERS: readonly unknown[] = ['M', 'F', 'I']
const CAPACITIES: readonly unknown[] = ['GREEN', 'AMBER', 'RED']

/** Source: the interchange format of directory services; hours are read by `interchange-hours.ts`. */
export const FIELD_CHECKS: Readonly<Record<string, Check>> = {
  uid: must(`a whole number from 1 to ${LARGEST_UID}`, isUid),
  name: must(
    `text of 1 to ${LONGEST_NAME} characters`,
    (value) => isText(value) && value.trim() !== '' && value.length <= LONGEST_NAME,
  ),
  publicName: must(
    `text of up to ${LONGEST_PUBLIC_NAME} characters, or null`,
    (value) => value === null || (isText(value) && value.length <= LONGEST_PUBLIC_NAME),
  ),
  typeId: must('a whole number', isWhole),
  odsCode: must(
    'up to 12 letters and digits, or null',
    (value) => value === null || (isText(value) && /^[A-Za-z0-9][A-Za-z0-9 _.-]{0,11}$/.test(value)),
  ),
  status: must(`one of ${SERVICE_STATUSES.join(', ')}`, (value) => STATUSES.includes(value)),
  address: must('a list of lines', (value) => isListOf(value, isText)),
  postcode: text,
  easting: must('metres on the National Grid, or null', (value) => isNumberIn(value, 0, 800_000)),
  northing: must('metres on the National Grid, or null', (value) => isNumberIn(value, 0, 1_400_000)),
  latitude: must('degrees from -90 to 90, or null', (value) => isNumberIn(value, -90, 90)),
  longitude: must('degrees from -180 to 180, or null', (value) => isNumberIn(value, -180, 180)),
  phone: text,
  nonPublicPhone: text,
  email: text,
  web: text,
  publicInformation: text,
  referralInformation: text,
  openAllHours: must('true or false', (value) => typeof value === 'boolean'),
  capacity: checkCapacity,
  genders: must('a list of M, F and I', (value) => isListOf(value, (item) => GENDERS.includes(item))),
  ages: mustList('a list of [from, to] in days', ageFaults),
  sgsd: checkPairs,
  dispositions: wholeNumbers,
  roles: must('a list of role numbers', (value) => isListOf(value, isRole)),
  restricted: must('true or false', (value) => typeof value === 'boolean'),
  referrals: must('a list of ODS codes', (value) => isListOf(value, isText)),
  limitedTo: codes,
  promotedTo: codes,
  returnIfOpenMinutes: must('15 or 30', (value) => value === null || value === 15 || value === 30),
  parentUid: must('the uid of another service', (value) => value === null || isUid(value)),
  endpoints: mustList('a list of endpoints', endpointFaults),
  attributes: mustList('a list of attributes', attributeFaults, { nullable: true }),
  hospitalScore: must(
    'an object with a total, a note and the time of its update, or null',
    (value) => value === null || isHospitalScore(value),
  ),
}

function checkCapacity(value: unknown): readonly string[] {
  const { status, resetAt = null } = isObject(value) ? value : {}
  return [
    ...(CAPACITIES.includes(status) ? [] : ['must have a status of GREEN, AMBER or RED']),
    ...(resetAt === null || (isText(resetAt) && parseLondonMinute(resetAt))
      ? []
      : ['must have a resetAt like "2026-12-11T18:00", in London time']),
  ]
}

function ageFaults(range: unknown): readonly string[] {
  const isPair = Array.isArray(range) && range.length === 2 && range.every((days) => typeof days === 'number')
  if (!isPair) return ['is not two numbers']
  const [from, to] = range as [number, number]
  return [...(from < 0 || to < 0 ? ['begins before birth'] : []), ...(from > to ? ['ends before it begins'] : [])]
}

function checkPairs(value: unknown): readonly string[] {
  const rule = 'must be an object of symptom groups, each with a list of discriminators'
  if (!isObject(value)) return [rule]
  return Object.entries(value).flatMap(([group, discriminators]) => [
    ...(/^\d{1,9}$/.test(group) ? [] : [`${rule}: “${group.slice(0, 20)}” is not a number`]),
    ...(isListOf(discriminators, isWhole) ? [] : [`${rule}: ${group.slice(0, 20)} has no list of whole numbers`]),
  ])
}

const isRole = (value: unknown): boolean => isWhole(value) || (isObject(value) && isWhole(value['id']))

const REQUIRED_TEXTS = ['transport', 'format', 'interaction', 'scenario', 'address']
const OPTIONAL_TEXTS = ['compression', 'comment']

function endpointFaults(endpoint: unknown): readonly string[] {
  if (!isObject(endpoint)) return ['is not an object']
  return [
    ...(isWhole(endpoint['order']) ? [] : ['has no whole number as its order']),
    ...REQUIRED_TEXTS.filter((key) => endpoint[key] === undefined).map((key) => `lacks its ${key}`),
    ...[...REQUIRED_TEXTS, ...OPTIONAL_TEXTS]
      .filter((key) => !isTextOrNull(endpoint[key]))
      .map((key) => `has a ${key} that is neither text nor null`),
  ]
}

function attributeFaults(attribute: unknown): readonly string[] {
  if (!isObject(attribute)) return ['is not an object']
  const { name, dataType, value } = attribute
  return [
    ...(isText(name) && name.trim() !== '' ? [] : ['has no name']),
    ...(dataType === undefined ? ['lacks its dataType'] : []),
    ...(isTextOrNull(dataType) ? [] : ['has a dataType that is neither text nor null']),
    ...(value === undefined ? ['lacks its value'] : []),
    ...(typeof value === 'object' && value !== null ? ['has a value that is neither text nor a number'] : []),
  ]
}

const isHospitalScore = (value: unknown): boolean =>
  isObject(value) && typeof value['total'] === 'number' && isText(value['note']) && isText(value['updatedAt'])
