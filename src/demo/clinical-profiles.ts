/** Whom each kind of service of the fictitious directory is for, and what a call handler is told of it. */
import type { ServiceRecord } from '#src/directory/service-record.ts'

/** The standard bands, days: babies, toddlers, children, adults. Source: Directory of Services, age ranges. */
const BABIES = [0, 364.25] as const
const TODDLERS = [365.25, 1825.25] as const
const CHILDREN = [1826.25, 5843] as const
const ADULTS = [5844, 47_481.5] as const
const EVERYBODY = [BABIES, TODDLERS, CHILDREN, ADULTS]
/** The same without gaps, where nobody asked for bands. */
const ANY_AGE = [[0, 47_481.5]]
const FROM_FIVE = [CHILDREN, ADULTS]
/** From 13 and from 40 years. */
const FROM_THIRTEEN = [[4748.25, 5843], ADULTS]
const FROM_FORTY = [[14_610, 47_481.5]]

const ANYBODY = ['M', 'F', 'I']
const ALL_ROLES = [1, 2, 23, 126, 127, 128]
/** The public and those whom NHS 111 sends. */
const COUNTER = [1, 23]
const PROFESSIONALS = [2, 23, 126, 127]

export type Clinical = {
  readonly sgsd: Readonly<Record<string, readonly number[]>>
  readonly dispositions: readonly number[]
  readonly ages: readonly (readonly number[])[]
  readonly genders: readonly string[]
  readonly roles: readonly number[]
}

type Template = Pick<Clinical, 'sgsd' | 'dispositions'> & Partial<Clinical>

/** By service type; the numbers are those of `triage-codes.ts`. A second service of one type may differ by its suffix. */
const TEMPLATES: Readonly<Record<string, Template>> = {
  13: {
    sgsd: { 9001: [7001], 9002: [7012], 9003: [7021], 9005: [7042], 9009: [7081, 7082], 9010: [7092] },
    dispositions: [8006, 8013],
    roles: COUNTER,
  },
  131: { sgsd: { 9005: [7041, 7042] }, dispositions: [8006, 8008], ages: ANY_AGE, roles: [23, 127] },
  132: {
    sgsd: { 9001: [7001, 7002], 9002: [7011, 7012], 9009: [7081, 7082, 7083], 9011: [7101] },
    dispositions: [8005, 8006],
    roles: COUNTER,
  },
  '132 PF2': {
    sgsd: { 9001: [7001], 9003: [7021], 9009: [7081], 9010: [7092] },
    dispositions: [8006],
    ages: FROM_FIVE,
    roles: COUNTER,
  },
  134: { sgsd: { 9005: [7042] }, dispositions: [8006, 8013], ages: [ADULTS], roles: COUNTER },
  137: { sgsd: { 9001: [7001, 7002], 9005: [7041] }, dispositions: [8006, 8008], ages: ANY_AGE, roles: [23] },
  148: { sgsd: { 9013: [7121, 7122] }, dispositions: [8012, 8013], ages: FROM_FORTY, roles: COUNTER },
  149: {
    sgsd: { 9004: [7031, 7032] },
    dispositions: [8006, 8007],
    ages: FROM_THIRTEEN,
    genders: ['F', 'I'],
    roles: COUNTER,
  },
  12: { sgsd: { 9006: [7051, 7052, 7053] }, dispositions: [8009, 8013] },
  14: { sgsd: { 9003: [7021, 7022] }, dispositions: [8010, 8013] },
  25: {
    sgsd: { 9001: [7001, 7002, 7003], 9002: [7011, 7012], 9009: [7081, 7082, 7083], 9010: [7092], 9011: [7101, 7102] },
    dispositions: [8004, 8005],
    roles: PROFESSIONALS,
  },
  100: {
    sgsd: {
      9001: [7001, 7002],
      9002: [7011, 7012],
      9005: [7041, 7042],
      9009: [7081, 7082, 7083],
      9010: [7092],
      9011: [7101, 7102],
      9012: [7111],
      9013: [7121, 7122],
    },
    dispositions: [8004, 8005, 8012, 8013],
  },
  105: {
    sgsd: {
      9001: [7003],
      9003: [7022, 7023],
      9006: [7052, 7053],
      9007: [7061, 7062],
      9008: [7071, 7072, 7073],
      9010: [7091, 7092],
      9012: [7112],
    },
    dispositions: [8001, 8002, 8003],
  },
  112: { sgsd: { 9003: [7021, 7022, 7023] }, dispositions: [8002, 8010] },
  135: {
    sgsd: {
      9001: [7001, 7002, 7003],
      9002: [7011, 7012],
      9003: [7021, 7022],
      9004: [7031, 7032],
      9006: [7052],
      9007: [7062],
      9008: [7071, 7072, 7073],
      9009: [7081, 7082, 7083],
      9010: [7092],
      9011: [7101, 7102],
    },
    dispositions: [8003, 8005, 8006, 8007],
    ages: [TODDLERS, CHILDREN, ADULTS],
  },
  136: {
    sgsd: { 9001: [7001, 7002], 9002: [7011, 7012], 9009: [7081, 7082, 7083], 9011: [7101, 7102], 9012: [7111] },
    dispositions: [8004, 8005],
  },
  142: { sgsd: { 9012: [7111, 7112] }, dispositions: [8002, 8011], ages: FROM_FIVE },
}

/** What a service of this type takes. Throws for a type without a template. */
export function clinicalOf(typeId: number, suffix = ''): Clinical {
  const template = TEMPLATES[`${typeId} ${suffix}`] ?? TEMPLATES[typeId]
  if (!template) throw new Error(`No clinical profile is invented for type ${typeId}`)
  return { ages: EVERYBODY, genders: ANYBODY, roles: ALL_ROLES, ...template }
}

type Words = Pick<ServiceRecord, 'publicInformation' | 'referralInformation'>

const TO_PUBLIC: Readonly<Record<number, string>> = {
  13: 'You can walk in without an appointment.',
  131: 'Your usual medicine in an emergency, when NHS 111 sends you.',
  132: 'Ask to speak to the pharmacist. You can walk in without an appointment.',
  134: 'Medicines by post. Please do not come here.',
  148: 'A blood pressure check, free from 40 years. You can walk in.',
  149: 'Contraception without seeing a doctor. Ask for a private talk.',
  12: 'Please ring before you come.',
  14: 'Please ring for an appointment.',
  112: 'Urgent eye care. Please ring before you come.',
  135: 'You can walk in without an appointment. Expect to wait.',
}
const TO_REFERRERS: Readonly<Record<number, string>> = {
  131: 'send the request first, then ask the patient to ring.',
  132: 'send the referral electronically; the patient may then walk in.',
  137: 'send the referral electronically.',
  25: 'send the case electronically. A clinician rings back.',
  100: 'registered patients only. Send the case electronically.',
  105: 'for emergencies. Tell the patient to bring a list of medicines.',
  135: 'send the case electronically where it can be received.',
  136: 'book through the surgery.',
  142: 'a nurse answers at any hour.',
}

const ENHANCED_AT_A_DISTANCE: Words = {
  publicInformation: 'Ask to speak to the pharmacist by phone or video.',
  referralInformation: 'Referral Information: send the referral electronically; the pharmacist rings the patient.',
}

/** What the public and what those who refer are told; of a pharmacy that nobody visits where `atADistance`. */
export function wordsOf(typeId: number, atADistance = false): Words {
  if (atADistance && typeId === 132) return ENHANCED_AT_A_DISTANCE
  const toReferrers = TO_REFERRERS[typeId]
  return {
    publicInformation: TO_PUBLIC[typeId] ?? null,
    referralInformation: toReferrers === undefined ? null : `Referral Information: ${toReferrers}`,
  }
}

const INTERACTION = 'urn:nhs-itk:interaction:'
const RECIPIENTS: Readonly<Record<number, string>> = {
  25: 'primaryOutofHourRecipient',
  105: 'primaryEmergencyDepartmentRecipient',
  135: 'primaryEmergencyDepartmentRecipient',
  100: 'primaryGeneralPractitionerRecipient',
  132: 'primaryGeneralPractitionerRecipient',
  137: 'primaryGeneralPractitionerRecipient',
}

/** Types that are sent a copy by email as well. */
const WITH_COPY: ReadonlySet<number> = new Set([25, 105, 135])

/** How messages reach a service; empty for those that take none. Nothing is ever sent to `example.nhs.uk`. */
export function endpointsOf(typeId: number, odsCode: string): readonly object[] {
  const recipient = RECIPIENTS[typeId]
  if (recipient === undefined) return []
  const code = odsCode.toLowerCase()
  const message = 'NHS111CDADocument-v2-0'
  const primary = {
    order: 1,
    transport: 'itk',
    format: 'CDA',
    interaction: `${INTERACTION}${recipient}${message}`,
    scenario: 'Primary',
    address: `https://itk.example.nhs.uk/${code}`,
    compression: 'uncompressed',
  }
  if (!WITH_COPY.has(typeId)) return [primary]
  const copy = {
    order: 2,
    transport: 'email',
    format: 'PDF',
    interaction: `${INTERACTION}copyRecipient${message}`,
    scenario: 'Copy',
    address: `${code}@example.nhs.uk`,
  }
  return [primary, copy]
}
