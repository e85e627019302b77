/**
 * The description of the web services (WSDL 1.1, one SOAP 1.2 binding, document/literal), from which clients make their
 * code. The order of elements is part of the contract.
 */
import type { TriageVersion } from '#src/urgent-care/triage-request.ts'
import { DOS_NAMESPACE } from './soap-request.ts'
import { escapeXml } from './xml-text.ts'

type Occurs = 'one' | 'maybe' | 'many'
type Field = readonly [name: string, type: string, occurs?: Occurs]

const OCCURS: Readonly<Record<Occurs, string>> = {
  one: 'minOccurs="1" maxOccurs="1"',
  maybe: 'minOccurs="0" maxOccurs="1"',
  many: 'minOccurs="0" maxOccurs="unbounded"',
}

const fieldXml = ([name, type, occurs = 'one']: Field): string => {
  const nillable = occurs === 'many' && type.startsWith('tns:') ? ' nillable="true"' : ''
  return `<s:element ${OCCURS[occurs]} name="${name}"${nillable} type="${type}"/>`
}
const sequence = (fields: readonly Field[]): string =>
  `<s:complexType><s:sequence>${fields.map(fieldXml).join('')}</s:sequence></s:complexType>`
const message = (name: string, fields: readonly Field[]): string =>
  `<s:element name="${name}">${sequence(fields)}</s:element>\n`
const type = (name: string, fields: readonly Field[]): string =>
  `${sequence(fields).replace('<s:complexType>', `<s:complexType name="${name}">`)}\n`
const choice = (name: string, values: readonly string[]): string =>
  `<s:simpleType name="${name}"><s:restriction base="s:string">${values.map((value) => `<s:enumeration value="${value}"/>`).join('')}</s:restriction></s:simpleType>\n`

const USER_INFO = type('UserInfo', [
  ['username', 's:string'],
  ['password', 's:string'],
])
const TIMES =
  type('TimeOfDay', [
    ['hours', 's:short'],
    ['minutes', 's:short'],
  ]) +
  type('ServiceCareItemRotaSession', [
    ['startDayOfWeek', 'tns:DayOfWeek'],
    ['startTime', 'tns:TimeOfDay', 'maybe'],
    ['endDayOfWeek', 'tns:DayOfWeek'],
    ['endTime', 'tns:TimeOfDay', 'maybe'],
    ['status', 's:string', 'maybe'],
  ]) +
  type('ArrayOfOpenTimeSpecified', [['openTimeSpecified', 's:string', 'many']]) +
  choice('DayOfWeek', ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Bankholiday'])
const COMMON =
  `<s:element name="serviceVersion" type="s:string"/>\n${USER_INFO}${TIMES}` +
  choice('Capacity', ['High', 'Low', 'None']) +
  type('ArrayOfInt', [['int', 's:int', 'many']]) +
  type('Hospital', [
    ['hospital_name', 's:string'],
    ['total_score', 's:int'],
    ['note', 's:string'],
    ['update_date', 's:string'],
  ]) +
  message('ServiceDetailsById', [
    ['userInfo', 'tns:UserInfo'],
    ['serviceId', 's:string'],
  ]) +
  message('ServiceDetailsByIdResponse', [['services', 'tns:ArrayOfServices', 'maybe']]) +
  type('ArrayOfServices', [['service', 'tns:ServiceDetail', 'many']]) +
  message('GetHospitalScores', [['userInfo', 'tns:UserInfo', 'maybe']]) +
  message('GetHospitalScoresResponse', [['GetHospitalScoresResult', 'tns:ArrayOfHospitalScores', 'maybe']]) +
  message('CheckCapacitySummary', [
    ['userInfo', 'tns:UserInfo'],
    ['c', 'tns:Case'],
  ])

const caseFields = (ageFormat: string, gender: string, newer: readonly [Field[], Field[]]): readonly Field[] => [
  ['caseRef', 's:string', 'maybe'],
  ['caseId', 's:string', 'maybe'],
  ['postcode', 's:string'],
  ['surgery', 's:string', 'maybe'],
  ['age', 's:short'],
  ['ageFormat', ageFormat],
  ['disposition', 's:int'],
  ['symptomGroup', 's:int'],
  ['symptomDiscriminatorList', 'tns:ArrayOfInt'],
  ['searchDistance', 's:int', 'maybe'],
  ...newer[0],
  ['gender', gender],
  ...newer[1],
]

const serviceFields = (
  serviceType: string,
  texts: readonly [publicText: string, referralText: string],
  newer: readonly [Field[], Field[], Field[]],
): readonly Field[] => [
  ['id', 's:int'],
  ['capacity', 'tns:Capacity'],
  ['name', 's:string', 'maybe'],
  ...newer[0],
  ['contactDetails', 's:string', 'maybe'],
  ['address', 's:string', 'maybe'],
  ['postcode', 's:string', 'maybe'],
  ['northings', 's:int', 'maybe'],
  ['eastings', 's:int', 'maybe'],
  ['url', 's:string', 'maybe'],
  ['serviceType', serviceType],
  ['odsCode', 's:string', 'maybe'],
  ['nonPublicTelephoneNo', 's:string', 'maybe'],
  ['fax', 's:string', 'maybe'],
  [texts[0], 's:string', 'maybe'],
  ['distance', 's:string', 'maybe'],
  [texts[1], 's:string', 'maybe'],
  ['openAllHours', 's:boolean'],
  ...newer[1],
  ['rotaSessions', 'tns:ArrayOfServiceCareItemRotaSession', 'maybe'],
  ['openTimeSpecifiedSessions', 'tns:ArrayOfOpenTimeSpecified', 'maybe'],
  ...newer[2],
]

const idAndName: readonly Field[] = [
  ['id', 's:long'],
  ['name', 's:string'],
]

const NEWER =
  type(
    'Case',
    caseFields('tns:AgeFormatType', 'tns:GenderType', [
      [['forceSearchDistance', 's:boolean']],
      [['searchDateTime', 's:string', 'maybe']],
    ]),
  ) +
  choice('AgeFormatType', ['Days', 'Months', 'Years', 'AgeGroup']) +
  choice('GenderType', ['M', 'F', 'I']) +
  message('CheckCapacitySummaryResponse', [
    ['TransactionId', 's:string'],
    ['RequestedAtDateTime', 's:string'],
    ['SearchDateTime', 's:string'],
    ['CalculatedAgeInDays', 's:float', 'maybe'],
    ['SearchDistance', 's:int'],
    ['SearchDistanceUsedSource', 'tns:DistanceSource'],
    ['CheckCapacitySummaryResult', 'tns:ArrayOfServiceCareSummaryDestination'],
  ]) +
  choice('DistanceSource', ['Postcode', 'District', 'Sector', 'Web Service', 'National', 'Override']) +
  type('ArrayOfServiceCareSummaryDestination', [
    ['serviceCareSummaryDestination', 'tns:ServiceCareSummaryDestination', 'many'],
  ]) +
  type(
    'ServiceCareSummaryDestination',
    serviceFields(
      'tns:ServiceType',
      ['publicFacingInformation', 'referralInformation'],
      [
        [['publicName', 's:string', 'maybe']],
        [
          ['capacityAttributes', 'tns:ArrayOfCapacityAttributes', 'maybe'],
          ['serviceEndpoints', 'tns:ArrayOfServiceEndpoints'],
        ],
        [
          ['attributes', 'tns:ArrayOfAttributes', 'maybe'],
          ['serviceAgeRange', 'tns:ArrayOfServiceAgeRanges'],
        ],
      ],
    ),
  ) +
  type('ServiceType', idAndName) +
  type('ArrayOfCapacityAttributes', [['capacityAttribute', 'tns:CapacityAttribute', 'many']]) +
  type('CapacityAttribute', [
    ['name', 's:string'],
    ['description', 's:string'],
    ['value', 's:string'],
  ]) +
  type('ArrayOfServiceEndpoints', [['endpoint', 'tns:Endpoint', 'many']]) +
  type('Endpoint', [
    ['endpointOrder', 's:int'],
    ['transport', 's:string'],
    ['format', 's:string'],
    ['interaction', 's:string'],
    ['businessScenario', 's:string'],
    ['address', 's:string'],
    ['compression', 's:string'],
    ['comment', 's:string'],
  ]) +
  type('ArrayOfServiceCareItemRotaSession', [
    ['serviceCareItemRotaSession', 'tns:ServiceCareItemRotaSession', 'many'],
  ]) +
  type('ArrayOfAttributes', [['attribute', 'tns:Attribute', 'many']]) +
  type('Attribute', [
    ['dataType', 's:string'],
    ['name', 's:string'],
    ['description', 's:string'],
    ['value', 's:string'],
  ]) +
  type('ArrayOfServiceAgeRanges', [['ageRange', 'tns:AgeRange', 'many']]) +
  type('AgeRange', [
    ['daysFrom', 's:float'],
    ['daysTo', 's:float'],
  ]) +
  type('ArrayOfHospitalScores', [['hospital', 'tns:Hospital', 'many']]) +
  type('ServiceDetail', [
    ['id', 's:string'],
    ['odsCode', 's:string'],
    ['serviceEndpoints', 'tns:ArrayOfServiceEndpoints', 'maybe'],
  ])

const OLDER =
  type('Case', caseFields('tns:ageFormatType', 'tns:genderType', [[], []])) +
  choice('ageFormatType', ['Years', 'AgeGroup']) +
  choice('genderType', ['M', 'F', 'I']) +
  message('CheckCapacitySummaryResponse', [
    ['TransactionId', 's:string'],
    ['CheckCapacitySummaryResult', 'tns:ArrayOfServiceCareSummaryDestination', 'maybe'],
  ]) +
  type('ArrayOfServiceCareSummaryDestination', [
    ['ServiceCareSummaryDestination', 'tns:ServiceCareSummaryDestination', 'many'],
  ]) +
  type('ServiceCareSummaryDestination', serviceFields('tns:serviceDetails', ['referralText', 'notes'], [[], [], []])) +
  type('serviceDetails', idAndName) +
  type('ArrayOfServiceCareItemRotaSession', [
    ['ServiceCareItemRotaSession', 'tns:ServiceCareItemRotaSession', 'many'],
  ]) +
  type('ArrayOfHospitalScores', [['Hospital', 'tns:Hospital', 'many']]) +
  type('ServiceDetail', [
    ['id', 's:string'],
    ['odsCode', 's:string'],
    ['contactDetails', 'tns:ArrayOfContactDetails', 'maybe'],
  ]) +
  type('ArrayOfContactDetails', [['contactDetail', 'tns:ContactDetail', 'many']]) +
  type('ContactDetail', [
    ['tag', 'tns:contactType'],
    ['name', 's:string'],
    ['value', 's:string'],
    ['order', 's:int'],
  ]) +
  choice('contactType', ['dts', 'itk', 'telno', 'email', 'faxno'])

const TYPES: Readonly<Record<TriageVersion, string>> = { '1.5': COMMON + NEWER, '1.3': COMMON + OLDER }

const OPERATIONS: readonly (readonly [name: string, about: string])[] = [
  ['CheckCapacitySummary', 'The services that may help a caller, in the order in which they must be shown.'],
  ['ServiceDetailsById', 'How messages reach a service, by its number or its ODS code.'],
  ['GetHospitalScores', 'The pressure scores of emergency departments.'],
]

const messages = OPERATIONS.map(
  ([name]) => `<wsdl:message name="${name}SoapIn"><wsdl:part name="parameters" element="tns:${name}"/></wsdl:message>
<wsdl:message name="${name}SoapOut"><wsdl:part name="parameters" element="tns:${name}Response"/></wsdl:message>
`,
).join('')

const portOperations = OPERATIONS.map(
  ([name, about]) =>
    `<wsdl:operation name="${name}"><wsdl:documentation>${about}</wsdl:documentation><wsdl:input message="tns:${name}SoapIn"/><wsdl:output message="tns:${name}SoapOut"/></wsdl:operation>\n`,
).join('')

const boundOperations = OPERATIONS.map(
  ([name]) =>
    `<wsdl:operation name="${name}"><soap12:operation soapAction="${DOS_NAMESPACE}/${name}" style="document"/><wsdl:input><soap12:body use="literal"/><soap12:header message="tns:ServiceVersionHeader" part="ServiceVersion" use="literal"/></wsdl:input><wsdl:output><soap12:body use="literal"/></wsdl:output></wsdl:operation>\n`,
).join('')

/** The description of a version for clients that call `address`. */
export const wsdl = (version: TriageVersion, address: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="${DOS_NAMESPACE}" targetNamespace="${DOS_NAMESPACE}">
<wsdl:types><s:schema elementFormDefault="qualified" targetNamespace="${DOS_NAMESPACE}">
${TYPES[version]}</s:schema></wsdl:types>
<wsdl:message name="ServiceVersionHeader"><wsdl:part name="ServiceVersion" element="tns:serviceVersion"/></wsdl:message>
${messages}<wsdl:portType name="PathWayServiceSoap">
${portOperations}</wsdl:portType>
<wsdl:binding name="PathWayServiceSoap12" type="tns:PathWayServiceSoap">
<soap12:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
${boundOperations}</wsdl:binding>
<wsdl:service name="PathWayService">
<wsdl:port name="PathWayServiceSoap12" binding="tns:PathWayServiceSoap12"><soap12:address location="${escapeXml(address)}"/></wsdl:port>
</wsdl:service>
</wsdl:definitions>
`
