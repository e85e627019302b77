/** Requests as the known clients write them, a client library that reads our description, and the other operations. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { createClientAsync } from 'soap'
import {
  BASE,
  DOS,
  element,
  envelope,
  itemsIn,
  parsed,
  SOAP,
  type SoapAnswer,
  type SoapClient,
  serviceLine,
  startSoap,
  summaryEnvelope,
  summaryIn,
  type Tree,
  uidsIn,
  userInfo,
  WEB_SERVICES,
} from '#test/support/soap-client.ts'

const ITK = {
  order: 2,
  transport: 'itk',
  format: 'CDA',
  interaction: 'urn:nhs-itk:interaction:primaryOutofHourRecipientNHS111CDADocument-v2-0',
  scenario: 'Primary',
  address: 'https://itk.example/a?b=1&c=2',
  compression: 'uncompressed',
  comment: 'by day',
}
const EMAIL = {
  order: 1,
  transport: 'email',
  format: 'PDF',
  interaction: 'x',
  scenario: 'Copy',
  address: 'a@nhs.example',
}
const HTTP = {
  order: 3,
  transport: 'http',
  format: 'FHIR',
  interaction: 'y',
  scenario: 'Primary',
  address: 'https://a.example',
}

const FULL = serviceLine(1001, {
  name: 'Pharm: <Test> & "Sons"',
  publicName: 'Test’s Pharmacy',
  odsCode: 'FZ001RPX',
  typeId: 46,
  address: ['1 High Street', 'Leeds'],
  phone: '0113 496 0101',
  nonPublicPhone: '0113 496 0199',
  web: 'https://pharm.example/?a=1&b=2',
  publicInformation: 'Walk in.\r\nNo need to ring.',
  referralInformation: 'Referral Information: ring first <now>',
  openAllHours: false,
  weekly: [
    [
      ['09:00', '12:30'],
      ['13:00', '23:59'],
    ],
    [['00:00', '17:05']],
    [],
    [],
    [],
    [],
    [['10:00', '16:00']],
  ],
  bankHoliday: [['10:00', '12:00']],
  specified: {
    '2026-12-26': [],
    '2026-12-25': [
      ['10:00', '14:00'],
      ['15:00', '23:59'],
    ],
  },
  ages: [
    [0, 364.25],
    [365.25, 47_481.5],
  ],
  endpoints: [ITK, EMAIL, HTTP],
  attributes: [{ name: 'requirebooking', dataType: 'Boolean', value: 'TRUE', description: 'By appointment' }],
})
const LINES = [
  ...BASE.slice(1),
  FULL,
  serviceLine(123, { odsCode: 'A12345', typeId: 46, endpoints: [ITK, EMAIL], sgsd: {} }),
  serviceLine(124, { odsCode: 'A12346', typeId: 46, sgsd: {} }),
  serviceLine(125, { odsCode: 'A12345', typeId: 46, status: 'CLOSED', endpoints: [ITK], sgsd: {} }),
  serviceLine(2005, {
    typeId: 40,
    name: 'ED & Score',
    sgsd: {},
    hospitalScore: { total: 7, note: 'Busy <very>', updatedAt: '2026-08-05 09:30' },
  }),
]
/** Next Monday: the full service is open. */
const MONDAY = '2026-08-10T10:00:00'

describe('known clients', () => {
  let client: SoapClient
  before(async () => {
    client = await startSoap(LINES)
  })
  after(() => client.close())

  /** Every client asks about the same patient; Monday, when the service is open. */
  const c = (prefix: string, fields: readonly (readonly [string, string])[]): string =>
    fields.map(([name, content]) => `<${prefix}${name}>${content}</${prefix}${name}>`).join('')

  const shapes: readonly (readonly [client: string, contentType: string, body: string, note: string])[] = [
    [
      'WCF (.NET)',
      `application/soap+xml; charset=utf-8; action="${DOS}/CheckCapacitySummary"`,
      `<s:Envelope xmlns:s="${SOAP}"><s:Header><serviceVersion xmlns="${DOS}">1.5</serviceVersion></s:Header><s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><CheckCapacitySummary xmlns="${DOS}"><userInfo><username>u1</username><password>p</password></userInfo><c><caseRef>r</caseRef><postcode>ZZ11AA</postcode><surgery>UNK</surgery><age>22</age><ageFormat>Years</ageFormat><disposition>1008</disposition><symptomGroup>1011</symptomGroup><symptomDiscriminatorList><int>4003</int></symptomDiscriminatorList><forceSearchDistance>false</forceSearchDistance><gender>F</gender><searchDateTime>${MONDAY}</searchDateTime></c></CheckCapacitySummary></s:Body></s:Envelope>`,
      'default namespaces, no declaration',
    ],
    [
      '111 Online',
      'application/soap+xml; charset=utf-8',
      `<s:Envelope xmlns:s="${SOAP}"><s:Header><h:serviceVersion xmlns:h="" xmlns="">1.5</h:serviceVersion></s:Header></s:Envelope>`.replace(
        /<h:.*<\/s:Header>/,
        `<serviceVersion xmlns="">1.5</serviceVersion></s:Header><s:Body><CheckCapacitySummary xmlns="${DOS}"><userInfo><username>u1</username><password>p</password></userInfo><c><postcode>ZZ1 1AA</postcode><surgery>UNK</surgery><age>22</age><ageFormat>Years</ageFormat><disposition>1008</disposition><symptomGroup>1011</symptomGroup><searchDistance>60</searchDistance><gender>F</gender><searchDateTime>2026-08-10T09:00:00+00:00</searchDateTime><symptomDiscriminatorList><int>4003</int></symptomDiscriminatorList></c></CheckCapacitySummary></s:Body>`,
      ),
      'header in no namespace, discriminators last, a zone',
    ],
    [
      'Python (minidom, requests)',
      'text/xml',
      `<?xml version="1.0" ?><soap:Envelope xmlns:soap="${SOAP}" xmlns:web="${DOS}"><soap:Header><web:serviceVersion>1.5</web:serviceVersion></soap:Header><soap:Body><web:CheckCapacitySummary><web:userInfo><web:username>u1</web:username><web:password>p</web:password></web:userInfo><web:c>${c(
        'web:',
        [
          ['postcode', 'ZZ1 1AA'],
          ['age', '22'],
          ['ageFormat', 'Years'],
          ['disposition', '1008'],
          ['symptomGroup', '1011'],
          ['searchDistance', '20'],
          ['gender', 'F'],
          ['SearchDateTime', '2026-08-10T09:00:00Z'],
          ['symptomDiscriminatorList', '<web:int>4003</web:int>'],
        ],
      )}</web:c></web:CheckCapacitySummary></soap:Body></soap:Envelope>`,
      'SearchDateTime with a capital, as the documentation has it',
    ],
    [
      'suds',
      'application/soap+xml',
      `<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:ns0="${DOS}" xmlns:ns1="${SOAP}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:SOAP-ENV="${SOAP}"><SOAP-ENV:Header><ns0:serviceVersion>1.5</ns0:serviceVersion></SOAP-ENV:Header><ns1:Body><ns0:CheckCapacitySummary><ns0:userInfo><ns0:username>u1</ns0:username><ns0:password>p</ns0:password></ns0:userInfo><ns0:c>${c(
        'ns0:',
        [
          ['postcode', 'zz1 1aa'],
          ['age', '22'],
          ['ageFormat', 'Years'],
          ['disposition', '1008'],
          ['symptomGroup', '1011'],
          ['symptomDiscriminatorList', '<ns0:int>4003</ns0:int>'],
          ['forceSearchDistance', 'False'],
          ['gender', 'F'],
          ['searchDateTime', MONDAY],
        ],
      )}</ns0:c></ns0:CheckCapacitySummary></ns1:Body></SOAP-ENV:Envelope>`,
      'two prefixes for one namespace, a Python False',
    ],
    [
      'SoapUI and string-concatenated proxies',
      'text/xml; charset=UTF-8',
      `\n<soap:Envelope xmlns:soap="${SOAP}" xmlns:web="${DOS}">\r\n<soap:Header>\r\n<web:serviceVersion>1.5</web:serviceVersion>\r\n</soap:Header>\r\n<soap:Body>\r\n<web:CheckCapacitySummary>\r\n<web:userInfo><web:username>u1</web:username><web:password>p</web:password></web:userInfo>\r\n<web:c>\r\n<!--Optional:-->\r\n<web:caseRef><![CDATA[<r & s>]]></web:caseRef>${c(
        'web:',
        [
          ['postcode', '\r\nZZ1 1AA\r\n'],
          ['age', '22'],
          ['ageFormat', 'Years'],
          ['disposition', '1008'],
          ['symptomGroup', '1011'],
          ['symptomDiscriminatorList', '\r\n<!--Zero or more repetitions:-->\r\n<web:int>4003</web:int>\r\n'],
          ['gender', 'F'],
          ['searchDateTime', MONDAY],
        ],
      )}</web:c></web:CheckCapacitySummary></soap:Body></soap:Envelope>`,
      'comments, sections, other line ends',
    ],
    [
      'a client that qualifies the wrapper only',
      'application/xml',
      `<e:Envelope xmlns:e="${SOAP}"><e:Header><serviceVersion>1.5</serviceVersion></e:Header><e:Body><d:CheckCapacitySummary xmlns:d="${DOS}"><userInfo><username>u1</username><password>p</password></userInfo><unknown>1</unknown><c>${c(
        '',
        [
          ['gender', 'F'],
          ['symptomGroup', '1011'],
          ['symptomDiscriminatorList', '<int>4003</int>'],
          ['unknown', '<postcode>XX9 9XX</postcode>'],
          ['postcode', 'ZZ1 1AA'],
          ['searchDateTime', MONDAY],
          ['ageFormat', 'Years'],
          ['age', '22'],
          ['disposition', ''],
        ],
      )}</c></d:CheckCapacitySummary></e:Body></e:Envelope>`,
      'no namespace inside, any order, unknown elements, an empty one',
    ],
  ]
  for (const [name, contentType, body, note] of shapes) {
    test(`${name} gets its answer in its own media type: ${note}`, async () => {
      const answer = await client.post(body, contentType)
      assert.equal(uidsIn(answer), '1001')
      assert.equal(answer.contentType, `${contentType.split(';')[0]}; charset=utf-8`)
    })
  }

  const encodings: readonly (readonly [name: string, body: Buffer, contentType: string])[] = (() => {
    const text = summaryEnvelope({ caseRef: 'café', searchDateTime: MONDAY })
    const latin = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${text}`, 'latin1')
    const little = Buffer.from(`\ufeff${text}`, 'utf16le')
    return [
      ['UTF-8', Buffer.from(text), 'text/xml'],
      ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), 'text/xml'],
      ['ISO-8859-1, declared', latin, 'text/xml'],
      ['ISO-8859-1, by its charset', Buffer.from(text, 'latin1'), 'text/xml; charset="iso-8859-1"'],
      ['UTF-16, little-endian', little, 'application/soap+xml; charset=utf-16'],
      ['UTF-16, big-endian', Buffer.from(little).swap16(), 'application/soap+xml; charset=utf-16'],
      [
        'UTF-8 whose declaration lies',
        Buffer.from(`<?xml version="1.0" encoding="utf-16"?>${text}`),
        'text/xml; charset=utf-8',
      ],
    ]
  })()
  for (const [name, body, contentType] of encodings) {
    test(`${name} is read rightly`, async () => {
      assert.equal(uidsIn(await client.post(body, contentType)), '1001')
    })
  }

  test('an item of 1.5 has every element, in order, and what is in it is escaped', async () => {
    const { body } = await client.ask({ searchDateTime: MONDAY })
    const item = /<ns1:serviceCareSummaryDestination>(.*?)<\/ns1:serviceCareSummaryDestination>/s.exec(body)?.[1]
    const rota = (day: string, from: readonly [number, number], to: readonly [number, number]): string =>
      `<ns1:serviceCareItemRotaSession><ns1:startDayOfWeek>${day}</ns1:startDayOfWeek><ns1:startTime><ns1:hours>${from[0]}</ns1:hours><ns1:minutes>${from[1]}</ns1:minutes></ns1:startTime><ns1:endDayOfWeek>${day}</ns1:endDayOfWeek><ns1:endTime><ns1:hours>${to[0]}</ns1:hours><ns1:minutes>${to[1]}</ns1:minutes></ns1:endTime><ns1:status>Open</ns1:status></ns1:serviceCareItemRotaSession>`
    const endpoint = (given: typeof ITK | typeof EMAIL): string => {
      const { order, transport, format, interaction, scenario, address } = given
      const { compression = '', comment = '' } = given as Partial<typeof ITK>
      const optional = (name: string, text: string) =>
        text === '' ? `<ns1:${name}/>` : `<ns1:${name}>${text}</ns1:${name}>`
      return `<ns1:endpoint><ns1:endpointOrder>${order}</ns1:endpointOrder><ns1:transport>${transport}</ns1:transport><ns1:format>${format}</ns1:format><ns1:interaction>${interaction}</ns1:interaction><ns1:businessScenario>${scenario}</ns1:businessScenario><ns1:address>${address.replaceAll('&', '&amp;')}</ns1:address>${optional('compression', compression)}${optional('comment', comment)}</ns1:endpoint>`
    }
    assert.equal(
      item,
      [
        '<ns1:id>1001</ns1:id><ns1:capacity>High</ns1:capacity>',
        '<ns1:name>Pharm: &lt;Test&gt; &amp; &quot;Sons&quot;</ns1:name><ns1:publicName>Test’s Pharmacy</ns1:publicName>',
        '<ns1:contactDetails>0113 496 0101</ns1:contactDetails>',
        '<ns1:address>1 High Street, Leeds, ZZ1 1AA</ns1:address><ns1:postcode>ZZ1 1AA</ns1:postcode>',
        '<ns1:northings>400000</ns1:northings><ns1:eastings>410000</ns1:eastings>',
        '<ns1:url>https://pharm.example/?a=1&amp;b=2</ns1:url>',
        '<ns1:serviceType><ns1:id>46</ns1:id><ns1:name>Urgent Care</ns1:name></ns1:serviceType>',
        '<ns1:odsCode>FZ001RPX</ns1:odsCode><ns1:nonPublicTelephoneNo>0113 496 0199</ns1:nonPublicTelephoneNo><ns1:fax/>',
        '<ns1:publicFacingInformation>Walk in.&#13;\nNo need to ring.</ns1:publicFacingInformation>',
        '<ns1:distance>6.2</ns1:distance>',
        '<ns1:referralInformation>Referral Information: ring first &lt;now&gt;</ns1:referralInformation>',
        '<ns1:openAllHours>false</ns1:openAllHours><ns1:capacityAttributes/>',
        `<ns1:serviceEndpoints>${[EMAIL, ITK, HTTP].map(endpoint).join('')}</ns1:serviceEndpoints>`,
        '<ns1:rotaSessions>',
        rota('Monday', [9, 0], [12, 30]) + rota('Monday', [13, 0], [23, 59]) + rota('Tuesday', [0, 0], [17, 5]),
        rota('Sunday', [10, 0], [16, 0]) + rota('Bankholiday', [10, 0], [12, 0]),
        '</ns1:rotaSessions><ns1:openTimeSpecifiedSessions>',
        ['25-12-2026-10:00-14:00', '25-12-2026-15:00-23:59', '26-12-2026-00:00-00:00']
          .map((text) => `<ns1:openTimeSpecified>${text}</ns1:openTimeSpecified>`)
          .join(''),
        '</ns1:openTimeSpecifiedSessions>',
        '<ns1:attributes><ns1:attribute><ns1:dataType>Boolean</ns1:dataType><ns1:name>requirebooking</ns1:name><ns1:description>By appointment</ns1:description><ns1:value>TRUE</ns1:value></ns1:attribute></ns1:attributes>',
        '<ns1:serviceAgeRange><ns1:ageRange><ns1:daysFrom>0</ns1:daysFrom><ns1:daysTo>364.25</ns1:daysTo></ns1:ageRange>',
        '<ns1:ageRange><ns1:daysFrom>365.25</ns1:daysFrom><ns1:daysTo>47481.5</ns1:daysTo></ns1:ageRange></ns1:serviceAgeRange>',
      ].join(''),
    )
  })

  test('CCS-001: the answer of 1.5 says what was searched, in order, and in London time', async () => {
    const answer = await client.ask({ searchDateTime: '2026-08-10T09:00:00Z' })
    const summary = summaryIn(answer)
    assert.deepEqual(Object.keys(summary), [
      'ns1:TransactionId',
      'ns1:RequestedAtDateTime',
      'ns1:SearchDateTime',
      'ns1:CalculatedAgeInDays',
      'ns1:SearchDistance',
      'ns1:SearchDistanceUsedSource',
      'ns1:CheckCapacitySummaryResult',
    ])
    assert.match(
      String(summary['ns1:TransactionId']),
      /^[\dA-F]{8}-[\dA-F]{4}-4[\dA-F]{3}-[89AB][\dA-F]{3}-[\dA-F]{12}$/,
    )
    assert.equal(summary['ns1:RequestedAtDateTime'], '2026-08-05T10:00:00')
    assert.equal(summary['ns1:SearchDateTime'], '2026-08-10T10:00:00')
    assert.ok(
      answer.body.startsWith(
        `<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope xmlns:env="${SOAP}" xmlns:ns1="${DOS}">`,
      ),
    )
    assert.equal(XMLValidator.validate(answer.body), true)
  })

  test('the answer of 1.3 is the older and shorter one, with capitals', async () => {
    const answer = await client.ask({ searchDateTime: MONDAY }, { version: '1.3' })
    assert.deepEqual(Object.keys(summaryIn(answer)), ['ns1:TransactionId', 'ns1:CheckCapacitySummaryResult'])
    const [item] = itemsIn(answer, 'ServiceCareSummaryDestination')
    assert.deepEqual(
      Object.keys(item ?? {}),
      'id capacity name contactDetails address postcode northings eastings url serviceType odsCode nonPublicTelephoneNo fax referralText distance notes openAllHours rotaSessions openTimeSpecifiedSessions'
        .split(' ')
        .map((name) => `ns1:${name}`),
    )
    assert.match(answer.body, /<ns1:notes>Referral Information: ring/)
    assert.match(answer.body, /<ns1:referralText>Walk in/)
    assert.match(answer.body, /<ns1:ServiceCareItemRotaSession>/)
  })

  test('a version in white space and a missing one are read as the version meant', async () => {
    assert.equal(uidsIn(await client.ask({ searchDateTime: MONDAY }, { version: ' 1.5 ' })), '1001')
    assert.equal(uidsIn(await client.ask({ searchDateTime: MONDAY }, { version: null })), '1001')
  })

  const details = async (serviceId: string, version = '1.5'): Promise<Tree> => {
    const answer = await client.post(
      envelope('ServiceDetailsById', userInfo() + element('serviceId', serviceId), version),
    )
    assert.equal(answer.status, 200, answer.body)
    const response = parsed(answer)['env:Envelope']?.['env:Body']?.['ns1:ServiceDetailsByIdResponse']
    return response?.['ns1:services']?.['ns1:service'] as Tree
  }

  test('SDI-001, SDI-002: endpoints come in their order, by uid or ODS code, of Active services', async () => {
    const byUid = await details('123')
    assert.deepEqual(Object.keys(byUid), ['ns1:id', 'ns1:odsCode', 'ns1:serviceEndpoints'])
    const endpoints = byUid['ns1:serviceEndpoints']?.['ns1:endpoint'] as unknown as readonly Tree[]
    assert.deepEqual(
      endpoints.map((endpoint) => `${endpoint['ns1:endpointOrder']} ${endpoint['ns1:transport']}`),
      ['1 email', '2 itk'],
    )
    assert.deepEqual(await details('A12345'), byUid)
    assert.deepEqual(await details(' a12345 '), byUid)
  })

  test('SDI-003: without endpoints there are id and code only', async () => {
    assert.deepEqual(await details('124'), { 'ns1:id': '124', 'ns1:odsCode': 'A12346' })
    assert.deepEqual(await details('124', '1.3'), { 'ns1:id': '124', 'ns1:odsCode': 'A12346' })
  })

  test('SDI-005: 1.3 writes an endpoint as one text, and only transports that it knows', async () => {
    const { 'ns1:contactDetails': contacts } = await details('1001', '1.3')
    const list = contacts?.['ns1:contactDetail'] as unknown as readonly Tree[]
    assert.deepEqual(list, [
      {
        'ns1:tag': 'email',
        'ns1:name': 'Pharm: <Test> & "Sons"',
        'ns1:value': 'a@nhs.example\\|x\\|PDF\\|Copy\\|\\|',
        'ns1:order': '1',
      },
      {
        'ns1:tag': 'itk',
        'ns1:name': 'Pharm: <Test> & "Sons"',
        'ns1:value': `${ITK.address}\\|${ITK.interaction}\\|CDA\\|Primary\\|by day\\|uncompressed`,
        'ns1:order': '2',
      },
    ])
  })

  for (const [version, item] of [
    ['1.5', 'hospital'],
    ['1.3', 'Hospital'],
  ] as const) {
    test(`GetHospitalScores ${version} lists emergency departments with a score`, async () => {
      const { body } = await client.post(envelope('GetHospitalScores', userInfo(), version))
      assert.match(
        body,
        new RegExp(
          `<ns1:GetHospitalScoresResponse><ns1:GetHospitalScoresResult><ns1:${item}><ns1:hospital_name>ED &amp; Score</ns1:hospital_name><ns1:total_score>7</ns1:total_score><ns1:note>Busy &lt;very&gt;</ns1:note><ns1:update_date>2026-08-05 09:30</ns1:update_date></ns1:${item}></ns1:GetHospitalScoresResult></ns1:GetHospitalScoresResponse>`,
        ),
      )
    })
  }

  test('a GET says where the description is', async () => {
    const answer = await client.app.inject(WEB_SERVICES)
    assert.equal(answer.statusCode, 400)
    assert.match(answer.body, /http:\/\/localhost:3000\/app\/api\/webservices\?wsdl=1\.5\n/)
    const other = await client.app.inject({ url: `${WEB_SERVICES}?wsdl=1.4` })
    assert.equal(other.statusCode, 404)
    const put = await client.app.inject({ method: 'PUT', url: WEB_SERVICES })
    assert.equal(put.statusCode, 405)
    assert.equal(put.headers.allow, 'GET, HEAD, POST')
  })

  test('every search is recorded: by kind, without the whole postcode, the password or a name', async () => {
    const searches = () => client.db.pool.selectFrom('search_audit').selectAll().orderBy('id').execute()
    const caseRef = 'the-audited-one'
    await client.ask({ caseRef, searchDateTime: MONDAY, caseId: null })
    await client.ask({ caseRef, caseId: 'MONITORING' })
    await client.ask({ caseRef, caseId: 'TEST', postcode: 'ZZ9 9ZZ' })
    await client.ask({ caseRef, caseId: '12', symptomGroup: null })
    await client.app.close()
    const rows = (await searches()).filter(({ case_ref }) => case_ref === caseRef)
    assert.deepEqual(
      rows.map(({ kind, outcome, uids }) => [kind, outcome, uids.map(Number)]),
      [
        ['what-if', 'ok', [1001]],
        ['monitoring', 'catch-all', [2001, 2005]],
        ['test', '101', []],
        ['live', 'catch-all', [2001, 2005]],
      ],
    )
    const [first] = rows
    assert.deepEqual(
      [first?.api, first?.version, first?.operation, first?.username, first?.postcode_sector],
      ['soap', '1.5', 'CheckCapacitySummary', 'u1', 'ZZ1 1'],
    )
    assert.match(String(first?.transaction_id), /^[\dA-F-]{36}$/)
    assert.doesNotMatch(JSON.stringify(rows), /ZZ1 1AA|ZZ9 9ZZ|"p"/)
    assert.match(JSON.stringify(first?.parameters), /"age":"22"/)
  })
})

describe('a client library driven by our description', () => {
  let client: SoapClient
  let address: string
  before(async () => {
    client = await startSoap(LINES)
    address = await client.app.listen({ port: 0, host: '127.0.0.1' })
  })
  after(() => client.close())

  type Called = (input: object) => Promise<readonly [Readonly<Record<string, unknown>>]>
  const library = async (version: string) => {
    const wsdl = `${address}${WEB_SERVICES}?wsdl=${version}`
    const made = await createClientAsync(wsdl, { forceSoap12Headers: true, endpoint: `${address}${WEB_SERVICES}` })
    made.addSoapHeader({ serviceVersion: version }, '', 'tns', DOS)
    return made as unknown as Readonly<
      Record<'CheckCapacitySummaryAsync' | 'ServiceDetailsByIdAsync' | 'GetHospitalScoresAsync', Called>
    > & { describe(): unknown }
  }
  const user = { username: 'u1', password: 'p' }
  const c = {
    postcode: 'ZZ1 1AA',
    age: 22,
    ageFormat: 'Years',
    disposition: 1008,
    symptomGroup: 1011,
    symptomDiscriminatorList: { int: [4003] },
    forceSearchDistance: false,
    gender: 'F',
    searchDateTime: MONDAY,
  }

  test('finds the service, the port and the three operations', async () => {
    const description = JSON.stringify((await library('1.5')).describe())
    assert.match(description, /^\{"PathWayService":\{"PathWayServiceSoap12":\{/)
    for (const name of ['CheckCapacitySummary', 'ServiceDetailsById', 'GetHospitalScores']) {
      assert.match(description, new RegExp(`"${name}":`))
    }
  })

  test('asks and reads an answer of 1.5, with its types', async () => {
    const [answer] = await (await library('1.5')).CheckCapacitySummaryAsync({ userInfo: user, c })
    assert.equal(answer['CalculatedAgeInDays'], 8035.5)
    const result = answer['CheckCapacitySummaryResult'] as {
      serviceCareSummaryDestination: readonly Record<string, unknown>[]
    }
    assert.deepEqual(
      result.serviceCareSummaryDestination.map(({ id, name, openAllHours }) => [id, name, openAllHours]),
      [[1001, 'Pharm: <Test> & "Sons"', false]],
    )
  })

  test('asks and reads an answer of 1.3', async () => {
    const [answer] = await (await library('1.3')).CheckCapacitySummaryAsync({ userInfo: user, c })
    const result = answer['CheckCapacitySummaryResult'] as {
      ServiceCareSummaryDestination: readonly Record<string, unknown>[]
    }
    assert.equal(result.ServiceCareSummaryDestination[0]?.['id'], 1001)
  })

  test('reads details and scores', async () => {
    const made = await library('1.5')
    const [details] = await made.ServiceDetailsByIdAsync({ userInfo: user, serviceId: '123' })
    assert.match(JSON.stringify(details), /"endpointOrder":1,"transport":"email"/)
    const [scores] = await made.GetHospitalScoresAsync({ userInfo: user })
    assert.match(JSON.stringify(scores), /"total_score":7/)
  })

  test('is told of a fault', async () => {
    const made = await library('1.5')
    await assert.rejects(made.ServiceDetailsByIdAsync({ userInfo: user, serviceId: '9' }), /103|Service not found/)
  })

  test('the description is XML, and the elements of an item are those of the answer, in order', async () => {
    const wsdl = await (await fetch(`${address}${WEB_SERVICES}?wsdl`)).text()
    assert.equal(XMLValidator.validate(wsdl), true)
    const type = /<s:complexType name="ServiceCareSummaryDestination">.*?<\/s:complexType>/s.exec(wsdl)?.[0] ?? ''
    const described = [...type.matchAll(/ name="(\w+)"/g)].map(([, name]) => name).slice(1)
    const answer: SoapAnswer = await client.ask({ searchDateTime: MONDAY })
    assert.deepEqual(
      Object.keys(itemsIn(answer)[0] ?? {}).map((name) => name.replace('ns1:', '')),
      described,
    )
    assert.ok(new XMLParser().parse(wsdl))
  })
})
