/**
 * A service as an item of an answer. Most of it does not depend on the question: that is made once and kept, and the
 * capacity, the end of the name and the distance are put in.
 */
import type { Label, Returned } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import {
  detailsOf,
  type Endpoint,
  endpointsInOrder,
  type UrgentCareDetails,
  type UrgentCareService,
} from '#src/directory/triage/urgent-care-service.ts'
import { byteText } from '#src/platform/http/byte-text.ts'
import { type CapacityStatus, capacityAt } from '#src/rules/capacity.ts'
import type { CompiledHours } from '#src/rules/compiled-hours.ts'
import { milesText } from '#src/rules/distance.ts'
import type { LondonTime } from '#src/rules/london-time.ts'
import { boundedCache } from '#src/urgent-care/bounded-cache.ts'
import type { TriageVersion } from '#src/urgent-care/triage-request.ts'
import { openingTimesXml } from './opening-times-xml.ts'
import { escapeXml, listElement, textElement } from './xml-text.ts'

/** Writes services in one version. `refresh` says what it is to be written with; call it before each answer. */
export type ServiceWriter = {
  refresh(reference: TriageReference, now: LondonTime): void
  /** One item as byte text, with the capacity it has at a London minute. */
  item(returned: Returned, at: LondonTime): string
}

/** What is kept of a service as byte texts, in the order in which it is written. */
type Kept = {
  readonly service: UrgentCareService
  readonly beforeCapacity: string
  readonly name: string
  readonly beforeDistance: string
  readonly beforeHours: string
  readonly afterHours: string
}

const CAPACITIES: Readonly<Record<CapacityStatus, string>> = { GREEN: 'High', AMBER: 'Low', RED: 'None' }
const SUFFIXES: Readonly<Record<Label, string>> = {
  Home: ' (Home)',
  'Home OOH': ' (Home OOH)',
  'Catch-all': ' (Catch-all)',
}
/** About as much of a national directory as is asked for again and again; opening times are shared by several services. */
const KEPT_BYTES = 40_000_000
const KEPT_HOURS_BYTES = 20_000_000

/** A writer that keeps what it made, up to a limit. */
export function serviceWriter(version: TriageVersion): ServiceWriter {
  const kept = boundedCache<number, Kept>(KEPT_BYTES, sizeOfKept)
  const keptHours = boundedCache<CompiledHours, string>(KEPT_HOURS_BYTES, (bytes) => bytes.length)
  let reference: TriageReference | undefined
  let today = 0
  const keep = (service: UrgentCareService): Kept => {
    const made = write(service, version, reference?.types.get(service.typeId)?.name ?? '')
    kept.set(service.uid, made)
    return made
  }
  const keepHours = (hours: CompiledHours): string => {
    const made = byteText(openingTimesXml(hours, version, today))
    keptHours.set(hours, made)
    return made
  }
  return {
    refresh(current, now) {
      if (current !== reference) kept.clear()
      if (now.day !== today) keptHours.clear()
      reference = current
      today = now.day
    },
    item({ service, distanceMetres, label }, at) {
      const before = kept.get(service.uid)
      const { beforeCapacity, name, beforeDistance, beforeHours, afterHours } =
        before?.service === service ? before : keep(service)
      const named = beforeCapacity + CAPACITIES[capacityAt(service.capacity, at)] + name
      const hours = keptHours.get(service.hours) ?? keepHours(service.hours)
      const placed = (label === null ? '' : SUFFIXES[label]) + beforeDistance + milesText(distanceMetres)
      return named + placed + beforeHours + hours + afterHours
    },
  }
}

const ITEM: Readonly<Record<TriageVersion, string>> = {
  '1.5': 'serviceCareSummaryDestination',
  '1.3': 'ServiceCareSummaryDestination',
}
const OPENING: Readonly<Record<TriageVersion, string>> = {
  '1.5': `<ns1:${ITEM['1.5']}><ns1:id>`,
  '1.3': `<ns1:${ITEM['1.3']}><ns1:id>`,
}

function write(service: UrgentCareService, version: TriageVersion, typeName: string): Kept {
  const details = detailsOf(service)
  const { shown } = service
  const isNew = version === '1.5'
  const beforeDistance =
    '</ns1:name>' +
    (isNew ? textElement('publicName', shown.publicName) : '') +
    textElement('contactDetails', shown.phone) +
    textElement('address', addressOf(shown)) +
    textElement('postcode', shown.postcode) +
    `<ns1:northings>${Math.round(service.northing)}</ns1:northings><ns1:eastings>${Math.round(service.easting)}</ns1:eastings>` +
    textElement('url', shown.web) +
    `<ns1:serviceType><ns1:id>${service.typeId}</ns1:id>${textElement('name', typeName)}</ns1:serviceType>` +
    textElement('odsCode', shown.odsCode) +
    textElement('nonPublicTelephoneNo', details.nonPublicPhone) +
    '<ns1:fax/>' +
    textElement(isNew ? 'publicFacingInformation' : 'referralText', details.publicInformation) +
    '<ns1:distance>'
  const beforeHours =
    '</ns1:distance>' +
    textElement(isNew ? 'referralInformation' : 'notes', details.referralInformation) +
    `<ns1:openAllHours>${service.hours.openAllHours}</ns1:openAllHours>` +
    (isNew ? `<ns1:capacityAttributes/>${endpointsXml(details.endpoints)}` : '')
  const afterHours = `${isNew ? attributesXml(details) + agesXml(service) : ''}</ns1:${ITEM[version]}>`
  return {
    service,
    beforeCapacity: byteText(`${OPENING[version]}${service.uid}</ns1:id><ns1:capacity>`),
    name: byteText(`</ns1:capacity><ns1:name>${escapeXml(shown.name)}`),
    beforeDistance: byteText(beforeDistance),
    beforeHours: byteText(beforeHours),
    afterHours: byteText(afterHours),
  }
}

/** The lines, joined, and the postcode last. */
function addressOf({ address, postcode }: UrgentCareService['shown']): string {
  if (postcode === null || address.endsWith(postcode)) return address
  return address === '' ? postcode : `${address}, ${postcode}`
}

/** `serviceEndpoints` of version 1.5. */
export const endpointsXml = (endpoints: readonly Endpoint[]): string =>
  listElement('serviceEndpoints', endpointsInOrder(endpoints).map(endpointXml).join(''))

const endpointXml = (endpoint: Endpoint): string =>
  `<ns1:endpoint><ns1:endpointOrder>${endpoint.order}</ns1:endpointOrder>` +
  textElement('transport', endpoint.transport) +
  textElement('format', endpoint.format) +
  textElement('interaction', endpoint.interaction) +
  textElement('businessScenario', endpoint.scenario) +
  textElement('address', endpoint.address) +
  textElement('compression', endpoint.compression) +
  textElement('comment', endpoint.comment) +
  '</ns1:endpoint>'

const attributesXml = ({ attributes }: UrgentCareDetails): string =>
  listElement(
    'attributes',
    attributes
      .map(
        ({ dataType, name, description, value }) =>
          `<ns1:attribute>${textElement('dataType', dataType)}${textElement('name', name)}${textElement('description', description)}${textElement('value', value)}</ns1:attribute>`,
      )
      .join(''),
  )

const agesXml = ({ clinical }: UrgentCareService): string =>
  listElement(
    'serviceAgeRange',
    clinical.ages
      .map(
        ([from, to]) =>
          `<ns1:ageRange><ns1:daysFrom>${from}</ns1:daysFrom><ns1:daysTo>${to}</ns1:daysTo></ns1:ageRange>`,
      )
      .join(''),
  )

const sizeOfKept = ({ beforeCapacity, name, beforeDistance, beforeHours, afterHours }: Kept): number =>
  [beforeCapacity, name, beforeDistance, beforeHours, afterHours].reduce((sum, { length }) => sum + length, 0)
