/**
 * The answers as envelopes. Prefixes, order and spelling are what clients compare, some of them as text: elements come
 * in the order of the description (`wsdl.ts`), and the prefixes are always `env` and `ns1`.
 */
import {
  detailsOf,
  type Endpoint,
  endpointsInOrder,
  joinedEndpoint,
  type UrgentCareService,
} from '#src/directory/triage/urgent-care-service.ts'
import { formatMoment } from '#src/rules/search-time.ts'
import type { TriageReply } from '#src/urgent-care/ask-triage.ts'
import type { TriageVersion } from '#src/urgent-care/triage-request.ts'
import { endpointsXml, type ServiceWriter } from './service-xml.ts'
import { DOS_NAMESPACE, SOAP_NAMESPACE } from './soap-request.ts'
import { listElement, textElement } from './xml-text.ts'

const START = `<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope xmlns:env="${SOAP_NAMESPACE}" xmlns:ns1="${DOS_NAMESPACE}"><env:Body>`
const END = '</env:Body></env:Envelope>\n'

/** The answer of CheckCapacitySummary as byte text. `transactionId` is an upper-case GUID. */
export function summaryXml(
  { answer, meta }: Extract<TriageReply, { readonly ok: true }>,
  version: TriageVersion,
  { transactionId, writer }: { readonly transactionId: string; readonly writer: ServiceWriter },
): string {
  let xml = `${START}<ns1:CheckCapacitySummaryResponse><ns1:TransactionId>${transactionId}</ns1:TransactionId>`
  if (version === '1.5') xml += searchXml(meta)
  xml += '<ns1:CheckCapacitySummaryResult>'
  for (const returned of answer.services) xml += writer.item(returned, meta.question.at)
  return `${xml}</ns1:CheckCapacitySummaryResult></ns1:CheckCapacitySummaryResponse>${END}`
}

type Meta = Extract<TriageReply, { readonly ok: true }>['meta']

const searchXml = ({ requestedAt, searchAt, ageInDays, distance }: Meta): string =>
  `<ns1:RequestedAtDateTime>${formatMoment(requestedAt)}</ns1:RequestedAtDateTime>` +
  `<ns1:SearchDateTime>${formatMoment(searchAt)}</ns1:SearchDateTime>` +
  (ageInDays === null ? '' : `<ns1:CalculatedAgeInDays>${ageInDays}</ns1:CalculatedAgeInDays>`) +
  `<ns1:SearchDistance>${Math.round(distance.km)}</ns1:SearchDistance>` +
  `<ns1:SearchDistanceUsedSource>${distance.source}</ns1:SearchDistanceUsedSource>`

/** The answer of ServiceDetailsById: how messages reach each service. */
export const detailsXml = (services: readonly UrgentCareService[], version: TriageVersion): string =>
  `${START}<ns1:ServiceDetailsByIdResponse><ns1:services>${services.map((service) => serviceDetailsXml(service, version)).join('')}</ns1:services></ns1:ServiceDetailsByIdResponse>${END}`

function serviceDetailsXml(service: UrgentCareService, version: TriageVersion): string {
  const { endpoints } = detailsOf(service)
  const ways = version === '1.5' ? endpointsXml(endpoints) : contactsXml(endpoints, service.shown.name)
  const id = `<ns1:id>${service.uid}</ns1:id>${textElement('odsCode', service.shown.odsCode)}`
  return `<ns1:service>${id}${endpoints.length === 0 ? '' : ways}</ns1:service>`
}

/** What 1.3 can say; other transports came later, and its clients cannot read them. */
const CONTACT_TAGS = ['dts', 'itk', 'telno', 'email', 'faxno']

const contactsXml = (endpoints: readonly Endpoint[], name: string): string =>
  listElement(
    'contactDetails',
    endpointsInOrder(endpoints)
      .filter(({ transport }) => CONTACT_TAGS.includes(transport.toLowerCase()))
      .map(
        (endpoint) =>
          `<ns1:contactDetail>${textElement('tag', endpoint.transport.toLowerCase())}${textElement('name', name)}${textElement('value', joinedEndpoint(endpoint))}<ns1:order>${endpoint.order}</ns1:order></ns1:contactDetail>`,
      )
      .join(''),
  )

/** The answer of GetHospitalScores. */
export const scoresXml = (services: readonly UrgentCareService[], version: TriageVersion): string =>
  `${START}<ns1:GetHospitalScoresResponse>${listElement('GetHospitalScoresResult', services.map((service) => scoreXml(service, version)).join(''))}</ns1:GetHospitalScoresResponse>${END}`

function scoreXml(service: UrgentCareService, version: TriageVersion): string {
  const { hospitalScore } = detailsOf(service)
  if (!hospitalScore) return ''
  const item = version === '1.5' ? 'hospital' : 'Hospital'
  return `<ns1:${item}>${textElement('hospital_name', service.shown.name)}<ns1:total_score>${Math.round(hospitalScore.total)}</ns1:total_score>${textElement('note', hospitalScore.note)}${textElement('update_date', hospitalScore.updatedAt)}</ns1:${item}>`
}
