/** The answer by service id and by ODS code: a service with everything that is known of it. */
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { detailsOf, type UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { byteText } from '#src/platform/http/byte-text.ts'
import { formatLondon, toLondon } from '#src/rules/london-time.ts'
import { ageGroup } from '#src/rules/patient-age.ts'
import { type Gender, takesAge } from '#src/rules/triage.ts'
import { ENVELOPE_END, envelopeStart } from './envelope.ts'
import { typeNameIn } from './search-answer.ts'
import type { ServiceHistory, Touched } from './service-history.ts'
import {
  capacityMoment,
  capacityPart,
  capacitySetAt,
  endpointsPart,
  openingTimesPart,
  phonePart,
  referralInstructionsPart,
  textPart,
} from './service-parts.ts'

export type DetailDeps = {
  readonly index: Pick<TriageIndex, 'service' | 'byOdsCode'>
  readonly reference: () => TriageReference
  /** Whether a capacity that was set more than 24 hours ago is not shown. */
  readonly onlyRecentCapacity: boolean
}

/** The whole body. */
export function writeDetails(
  found: readonly { readonly service: UrgentCareService; readonly history: ServiceHistory }[],
  transactionId: string,
  now: Date,
  deps: DetailDeps,
): string {
  const items = found.map(({ service, history }) => JSON.stringify(detailItem(service, history, now, deps)))
  return byteText(`${envelopeStart(transactionId, found.length)}${items.join(',')}${ENVELOPE_END}`)
}

/** Keys in the order that was recorded; the last two were added later and their names are ours. */
function detailItem(service: UrgentCareService, history: ServiceHistory, now: Date, deps: DetailDeps) {
  const { shown, clinical } = service
  const details = detailsOf(service)
  const reference = deps.reference()
  const setAt = capacitySetAt(details)
  return {
    id: String(service.uid),
    name: shown.name,
    type: { id: service.typeId, name: typeNameIn(reference.types, service.typeId) },
    odsCode: textPart(shown.odsCode),
    isNational: false,
    created: touchedPart(history.created),
    updated: touchedPart(history.updated),
    address: details.addressLines,
    town: details.addressLines.at(-1) ?? '',
    country: 'England',
    postcode: textPart(shown.postcode),
    easting: placed(service.easting),
    northing: placed(service.northing),
    phone: phonePart(service, details),
    email: textPart(details.email),
    web: textPart(shown.web),
    openingTimes: openingTimesPart(service.hours, now),
    region: regionPart(details.parentUid, deps.index),
    parent: { id: details.parentUid === null ? '' : String(details.parentUid) },
    referralInstructions: referralInstructionsPart(details),
    capacity: {
      status: capacityPart(service, setAt, capacityMoment(now, deps.onlyRecentCapacity)),
      updated: touchedPart(setAt === null ? null : { at: new Date(setAt), by: '' }),
    },
    symptomGroups: symptomGroupsPart(service, reference),
    dispositions: inOrder(clinical.dispositions).map((id) => ({
      id: dispositionCode(id),
      name: textPart(reference.dispositions.get(id)?.name ?? null),
    })),
    referralRoles: inOrder(clinical.roles).map((id) => ({
      id: String(id),
      name: textPart(reference.roles.get(id) ?? null),
    })),
    serviceReferrals: {
      restricted: clinical.restricted,
      services: [...clinical.referrals]
        .flatMap((odsCode) => deps.index.byOdsCode(odsCode))
        .map(({ uid, shown: { name } }) => ({ id: String(uid), name })),
    },
    ageGroups: AGE_GROUPS.filter(({ id }) => takesAge(clinical.ages, ageGroup(id) ?? NO_AGE)),
    genders: GENDERS.filter(({ id }) => clinical.genders.has(id)),
    endpoints: endpointsPart(details.endpoints),
    publicName: textPart(shown.publicName),
    professionalReferralInfo: textPart(details.referralInformation),
  }
}

const AGE_GROUPS = [
  { id: 1, name: 'Adult (16+)' },
  { id: 2, name: 'Child (5-15)' },
  { id: 3, name: 'Toddler (1-4)' },
  { id: 4, name: 'Neonate & Infant (0)' },
  { id: 8, name: 'Older People (65+)' },
] as const
const NO_AGE = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const

const GENDERS: readonly { readonly id: Gender; readonly name: string }[] = [
  { id: 'F', name: 'Female' },
  { id: 'M', name: 'Male' },
  { id: 'I', name: 'Indeterminate' },
]

const inOrder = (ids: Iterable<number>): readonly number[] => [...ids].sort((a, b) => a - b)

/** A service that is not placed has no coordinates. */
const placed = (metres: number): number | null => (Number.isFinite(metres) ? metres : null)

/** Dates and times as London clocks show them; empty where it is not known. */
function touchedPart(touched: Touched | null) {
  if (touched === null) return { date: '', time: '', by: '' }
  const [date = '', time = ''] = formatLondon(toLondon(touched.at)).split('T')
  return { date: date.split('-').reverse().join('/'), time, by: touched.by }
}

function symptomGroupsPart({ clinical }: UrgentCareService, reference: TriageReference) {
  return inOrder(clinical.pairs.keys()).map((id) => ({
    id,
    name: textPart(reference.symptomGroupName(id)),
    symptomDiscriminators: inOrder(clinical.pairs.get(id) ?? []).map((discriminator) => ({
      id: discriminator,
      name: textPart(reference.discriminatorName(discriminator)),
    })),
  }))
}

/**
 * A disposition group as the clients of this API know it: 1028 is DX28, 1132 is DX132, 11012 is DX012; other numbers as
 * they are. Source: the mapping of 111 Online, the other way round.
 */
export function dispositionCode(group: number): string {
  const digits = String(group)
  if (/^10\d\d$/.test(digits)) return `DX${digits.slice(2)}`
  if (/^1[1-9]\d\d$/.test(digits)) return `DX${digits.slice(1)}`
  return /^110\d\d$/.test(digits) ? `DX${digits.slice(2)}` : `DX${digits}`
}

const REGION_TYPE = -1
/** Families of services are a few levels deep; one that leads back to itself has no region. */
const MOST_LEVELS = 20

/** The nearest service above that is a DoS region. */
function regionPart(parentUid: number | null, index: Pick<TriageIndex, 'service'>) {
  let above = parentUid
  for (let level = 0; above !== null && level < MOST_LEVELS; level++) {
    const service = index.service(above)
    if (!service) break
    if (service.typeId === REGION_TYPE) return { id: String(service.uid), name: service.shown.name }
    above = detailsOf(service).parentUid
  }
  return { id: '', name: '' }
}
