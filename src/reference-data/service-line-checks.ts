/** The rules of each field of the interchange format, one function a rule. Pure. */
import { SERVICE_STATUSES } from '#src/directory/service-record.ts'
import { parseLondonMinute } from '#src/rules/london-time.ts'

/** What is wrong with a value, in words that follow the field's name; undefined when nothing is. */
export type Check = (value: unknown) => string | undefined

const must =
  (rule: string, holds: (value: unknown) => boolean): Check =>
  (value) =>
    holds(value) ? undefined : `must be ${rule}`

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
  ages: must('a list of [from, to] in days', (value) => isListOf(value, isAgeRange)),
  sgsd: must(
    'an object of symptom groups, each with a list of discriminators',
    (value) =>
      isObject(value) && Object.entries(value).every(([group, ids]) => /^\d+$/.test(group) && isListOf(ids, isWhole)),
  ),
  dispositions: wholeNumbers,
  roles: must('a list of role numbers', (value) => isListOf(value, isRole)),
  restricted: must('true or false', (value) => typeof value === 'boolean'),
  referrals: must('a list of ODS codes', (value) => isListOf(value, isText)),
  limitedTo: codes,
  promotedTo: codes,
  returnIfOpenMinutes: must('15 or 30', (value) => value === null || value === 15 || value === 30),
  parentUid: must('the uid of another service', (value) => value === null || isUid(value)),
  endpoints: must('a list of endpoints, each with an order and texts', (value) => isListOf(value, isEndpoint)),
  attributes: must('a list of attributes, each with a name', (value) => value === null || isListOf(value, isAttribute)),
}

function checkCapacity(value: unknown): string | undefined {
  if (!isObject(value) || !CAPACITIES.includes(value['status'])) return 'must have a status of GREEN, AMBER or RED'
  const { resetAt } = value as { resetAt?: unknown }
  if (resetAt === undefined || resetAt === null) return undefined
  if (isText(resetAt) && parseLondonMinute(resetAt)) return undefined
  return 'must have a resetAt like "2026-12-11T18:00", in London time'
}

const isAgeRange = (value: unknown): boolean => {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [from, to] = value as unknown[]
  return typeof from === 'number' && typeof to === 'number' && from >= 0 && from <= to
}

const isRole = (value: unknown): boolean => isWhole(value) || (isObject(value) && isWhole(value['id']))

const ENDPOINT_TEXTS = ['transport', 'format', 'interaction', 'scenario', 'address', 'compression', 'comment']

const isEndpoint = (value: unknown): boolean =>
  isObject(value) && isWhole(value['order']) && ENDPOINT_TEXTS.every((key) => isTextOrNull(value[key]))

const isAttribute = (value: unknown): boolean =>
  isObject(value) && isText(value['name']) && isTextOrNull(value['dataType'])
