/** Every fault of the table that the vectors do not provoke, by what really causes it. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { assetAddresses, loadAssets } from '#src/platform/http/assets.ts'
import { createRequestMetrics } from '#src/platform/http/request-metrics.ts'
import { createServer } from '#src/platform/http/server.ts'
import { createLog } from '#src/platform/log.ts'
import type { RoadProvider } from '#src/urgent-care/road-distances.ts'
import {
  BASE,
  element,
  emergencyDepartment,
  envelope,
  faultIn,
  itemsIn,
  SOAP,
  type SoapAnswer,
  type SoapClient,
  startSoap,
  summaryEnvelope,
  uidsIn,
  userInfo,
  WEB_SERVICES,
} from '#test/support/soap-client.ts'
import { type UrgentCareSoapDeps, urgentCareSoap } from './urgent-care-soap.ts'

const numberOf = async (answer: Promise<SoapAnswer>): Promise<string> => faultIn(await answer).number

describe('with the directory of the vectors', () => {
  let client: SoapClient
  const never: RoadProvider = { distances: () => new Promise(() => {}), gauges: () => [] }
  before(async () => {
    client = await startSoap(BASE, { roads: never })
  })
  after(() => client.close())

  const good = summaryEnvelope()
  const malformed: readonly (readonly [
    body: string | Buffer,
    because: string,
    says?: RegExp | undefined,
    contentType?: string,
  ])[] = [
    ['<a><b></a>', 'CCS-010: tags that do not match'],
    ['', 'no body'],
    ['hello', 'no XML'],
    [good.slice(0, -20), 'truncated'],
    [`${good}x`, 'text behind the root'],
    [good + good, 'two roots'],
    [`<!DOCTYPE x>${good}`, 'a document type'],
    [`<!DOCTYPE x [<!ENTITY a "b">]>${good.replace('r-1', '&a;')}`, 'an entity of its own'],
    [good.replace('r-1', '&nbsp;'), 'an entity that XML does not have'],
    [good.replace('r-1', '&#0;'), 'a character that XML does not have'],
    [good.replace('r-1', 'a & b'), 'a bare ampersand'],
    [good.replace('r-1', '<__proto__/>'), 'a name that means something to JavaScript'],
    [good.replace('r-1', '<x:a/>'), 'a prefix without a namespace'],
    [good.replace('r-1', '<a>'.repeat(70) + '</a>'.repeat(70)), 'nested too deep'],
    ['<a>'.repeat(340_000), 'a megabyte of opening tags'],
    ['<'.repeat(1_000_000), 'a megabyte of brackets'],
    [Buffer.alloc(1_048_577, 0x20), 'more than a megabyte'],
    [good.replaceAll('e:Body', 'e:Bodies'), 'no body in the envelope'],
    [good.replace('</e:Envelope>', '<e:Body/></e:Envelope>'), 'two bodies'],
    [`<e:Envelope xmlns:e="${SOAP}"><e:Body/></e:Envelope>`, 'an empty body'],
    [envelope('CheckCapacity', userInfo()), 'an operation that ended long ago'],
    [Buffer.from([0x3c, 0xff, 0xfe, 0x80]), 'bytes that are not UTF-8'],
    [Buffer.from(good.replace('r-1', 'é'), 'latin1'), 'ISO-8859-1 that does not say so'],
    [`<?xml version="1.0" encoding="KOI8-X"?>${good}`, 'an encoding that nobody knows', undefined, 'text/xml'],
    [`<?xml version="1.0" encoding="UTF-16"?>${good}`, 'a declaration that is not true', undefined, 'text/xml'],
    [good, 'a charset that is not true', undefined, 'text/xml; charset=utf-16'],
    ['<a/>', 'no envelope', /Unable to identify the SOAP version$/],
    [good.replace(SOAP, 'http://schemas.xmlsoap.org/soap/envelope/'), 'SOAP 1.1', /identify the SOAP version$/],
    [good, 'not a media type of SOAP', /identify the SOAP version$/, 'application/json'],
    [good, 'no media type at all', /identify the SOAP version$/, ''],
  ]
  for (const [body, because, says = /^Malformed XML: The soap message is not valid xml\.$/, contentType] of malformed) {
    test(`fault 108: ${because}`, async () => {
      const started = performance.now()
      const answer = await client.post(body, contentType)
      const fault = faultIn(answer)
      assert.equal(fault.number, '108')
      assert.match(fault.text, says)
      assert.match(answer.contentType, /^(application\/soap\+xml|text\/xml); charset=utf-8$/)
      assert.ok(performance.now() - started < 1000)
    })
  }

  const withoutCredentials: readonly (readonly [content: string, because: string])[] = [
    ['', 'CCS-007: no userInfo'],
    [element('userInfo', ''), 'an empty one'],
    [element('userInfo', element('username', 'u1')), 'no password'],
    [element('userInfo', element('username', 'u1') + element('password', '')), 'an empty password'],
    [element('userInfo', `${element('username', ' ')}${element('password', 'p')}`), 'a blank username'],
  ]
  for (const [content, because] of withoutCredentials) {
    test(`fault 1001: ${because}`, async () => {
      const fault = faultIn(await client.post(envelope('CheckCapacitySummary', content)))
      assert.deepEqual(fault, {
        number: '1001',
        text: 'Request Validation: Unable to locate username and password in the request',
      })
    })
  }

  test('fault 1001 comes before what else is wrong with a request that says nobody', async () => {
    assert.equal(await numberOf(client.post(envelope('CheckCapacity', '', '9.9'))), '1001')
  })

  test('fault 103: no such service', async () => {
    for (const serviceId of ['9999', 'Z99999', '', '1001 or 1=1', '2147483648', '-1']) {
      const body = envelope('ServiceDetailsById', userInfo() + element('serviceId', serviceId))
      const fault = faultIn(await client.post(body))
      assert.deepEqual(fault, { number: '103', text: 'Request Response: Service not found' }, serviceId)
    }
  })

  test('fault 300: an account over its limit is told when to come again', async () => {
    await client.ask({}, { username: 'once' })
    const answer = await client.app.inject({
      method: 'POST',
      url: WEB_SERVICES,
      payload: summaryEnvelope({}, { username: 'once' }),
      headers: { 'content-type': 'text/xml' },
    })
    assert.match(answer.body, /<env:Value>300<\/env:Value>/)
    assert.equal(answer.headers['retry-after'], '60')
  })

  test('a fault is written as it is documented, byte for byte', async () => {
    const { body } = await client.ask({ postcode: null })
    assert.equal(
      body,
      `<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope xmlns:env="${SOAP}"><env:Body><env:Fault><env:Code><env:Value>101</env:Value></env:Code><env:Reason><env:Text>Postcode Validation: Postcode not found</env:Text></env:Reason></env:Fault></env:Body></env:Envelope>\n`,
    )
  })

  test('what a fault repeats of the request is escaped', async () => {
    const { body } = await client.ask({ searchDateTime: '2026-08-05 09:00:00' })
    assert.match(body, /searchDateTime \(2026-08-05 09:00:00\) more than 1 minute in the past/)
  })

  test('a caller’s fault is counted as one, not as ours', async () => {
    await client.ask({ postcode: null })
    const { body } = await client.app.inject('/metrics')
    assert.match(body, /method="POST",route="\/app\/api\/webservices",status="400"/)
  })
})

describe('where nothing is known', () => {
  let client: SoapClient
  before(async () => {
    client = await startSoap([emergencyDepartment(2001, 10)])
    await client.db.pool.deleteFrom('postcode').execute()
    await client.db.pool
      .updateTable('reference_version')
      .set((update) => ({ version: update('version', '+', 1) }))
      .where('name', '=', 'postcodes')
      .execute()
    await client.memory.refreshReferences()
  })
  after(() => client.close())

  test('fault 100: without any postcode the fault is ours', async () => {
    const fault = faultIn(await client.ask())
    assert.deepEqual(fault, { number: '100', text: 'System Search failure' })
  })
})

/** The web services alone, on parts of a running directory of which some fail. */
async function askBroken(client: SoapClient, broken: Partial<UrgentCareSoapDeps>, username = 'u1') {
  const log: string[] = []
  const app = createServer({
    log: createLog('error', (line) => log.push(line)),
    trustedProxies: 0,
    requests: createRequestMetrics(),
    shell: {
      security: { formOrigins: [], imageOrigins: [], https: false },
      navigation: [],
      footer: [],
      notice: null,
      assets: assetAddresses(loadAssets()),
    },
  })
  urgentCareSoap(app, {
    triage: client.memory.triage,
    reference: client.memory.reference,
    gazetteer: client.memory.gazetteer,
    roads: { distances: () => new Promise(() => {}) },
    accounts: client.memory.apiAccounts,
    audit: { record: () => {} },
    gaps: { note: () => {} },
    clock: client.clock,
    baseUrl: 'http://localhost:3000',
    settings: { catchAllTypes: undefined, legacyCatchAll: false },
    soap: { defaultVersion: '1.5', privilegeFault: undefined },
    timeoutMs: 20,
    ...broken,
  })
  const headers = { 'content-type': 'text/xml' }
  const payload = summaryEnvelope({ caseId: null }, { username })
  const answer = await app.inject({ method: 'POST', url: WEB_SERVICES, payload, headers })
  await app.close()
  const { statusCode: status, body } = answer
  return { log, fault: faultIn({ status, body, contentType: String(answer.headers['content-type']) }) }
}

describe('with parts that fail', () => {
  let client: SoapClient
  before(async () => {
    client = await startSoap(BASE)
    // From now on the passwords are known in memory.
    await client.ask()
    await client.ask({}, { username: 'by-road' })
  })
  after(() => client.close())

  const fails = (): never => {
    throw new Error('the secret of the house')
  }
  const accountsOf = (authenticate: () => Promise<never>) => ({
    known: () => undefined,
    authenticate,
    admit: () => true,
  })

  const cases: readonly (readonly [
    number: string,
    broken: Partial<UrgentCareSoapDeps>,
    because: string,
    who?: string,
  ])[] = [
    ['100', { reference: fails }, 'the search cannot be made'],
    ['300', { accounts: accountsOf(() => Promise.reject(fails)) }, 'nobody can be looked up'],
    ['500', { gaps: { note: fails } }, 'what cannot be foreseen'],
    ['504', { accounts: accountsOf(() => new Promise(() => {})) }, 'the password takes too long'],
    ['504', {}, 'the road distances take too long', 'by-road'],
  ]
  for (const [number, broken, because, who] of cases) {
    test(`fault ${number}: ${because}`, async () => {
      const { fault, log } = await askBroken(client, broken, who)
      assert.equal(fault.number, number)
      assert.doesNotMatch(fault.text, /secret/)
      assert.equal(log.length, number === '504' ? 0 : 1)
    })
  }
})

describe('with other settings', () => {
  let client: SoapClient
  before(async () => {
    client = await startSoap([...BASE, emergencyDepartment(2004, 5, { typeId: 46 })], {
      settings: {
        SOAP_DEFAULT_VERSION: 'none',
        SOAP_PRIVILEGE_FAULT: '303',
        SOAP_LEGACY_CATCH_ALL: 'on',
        CATCH_ALL_TYPES: '46, 105',
      },
    })
  })
  after(() => client.close())

  test('fault 109: a request must name its version', async () => {
    const fault = faultIn(await client.ask({}, { version: null }))
    assert.deepEqual(fault, { number: '109', text: 'WSDL Validation: (109) - Unable to find version' })
    assert.equal(await numberOf(client.ask({}, { version: '' })), '109')
  })

  test('fault 303 is for both versions', async () => {
    assert.equal(await numberOf(client.ask({}, { username: 'no-permission' })), '303')
  })

  test('other types are looked for when nothing matches', async () => {
    assert.equal(uidsIn(await client.ask({ symptomGroup: null })), '2004 2002')
  })

  test('CCS-075: version 1.3 adds emergency departments to a single match', async () => {
    const items = itemsIn(await client.ask({}, { version: '1.3' }), 'ServiceCareSummaryDestination')
    assert.equal(items.map((item) => item['ns1:id']).join(' '), '1001 2004 2002')
    assert.equal(uidsIn(await client.ask()), '1001')
  })
})
