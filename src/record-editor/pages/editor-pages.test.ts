/** The record editor as leads use it, in the real app: find, read, change, check, publish, approve, choose. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveServices } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { storeCatalogue } from '#src/reference-data/reference-file.ts'
import type { Browser } from '#test/support/browser.ts'
import { aService } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, filledIn, type Manager, send, startManager, visible } from '#test/support/manage.ts'

const AT = '2026-12-01T09:00:00.000Z'
const BY = { actor: 'command:test', action: 'test', recordedAt: AT }
const PAGES = '/workspace/services'
const CLINICAL = { sgsd: { 1011: [4003] }, genders: ['F'], ages: [[0, 47_481]], dispositions: [1008], roles: [4] }
const WALK_IN = aService({
  ...{ uid: 901, name: 'Sale Walk-in Centre', typeId: 46, odsCode: null, phone: '01632 960301', status: 'SUSPENDED' },
  ...{ nonPublicPhone: '01632 960399', publicInformation: 'Ring the bell.\nAsk for the nurse.' },
  other: {
    ...CLINICAL,
    endpoints: [{ order: 2, transport: 'dts', format: null, interaction: null, scenario: 'Copy', address: 'X26' }],
    attributes: [{ name: 'beds', dataType: 'number', value: 4 }],
    unknownKey: { kept: true },
  },
})
const LEAD = { email: 'lea@nhs.example', name: 'Lea Dowd', grants: [{ role: 'lead', scope: 'area:QX1' }] }
const OTHER = { email: 'oli@nhs.example', name: 'Oli Reed', grants: [{ role: 'lead', scope: 'area:QX2' }] }
const DESK = { email: 'fi@nhs.example', name: 'Fi Walsh', grants: [{ role: 'desk', scope: '' }] }

describe('the record editor', () => {
  let db: OpenDb
  let manager: Manager
  let lead: Browser
  let desk: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    const place = { latitude: 53.424, longitude: -2.318, easting: 378_940, northing: 391_980, source: 'test' }
    await db.pool
      .insertInto('postcode')
      .values({ postcode_key: 'M337AB', icb_code: 'E1', ...place })
      .execute()
    await db.pool
      .insertInto('postcode')
      .values({ postcode_key: 'LS11AA', icb_code: 'E2', ...place, latitude: 53.8, easting: 430_000 })
      .execute()
    await db.pool.insertInto('icb_area').values({ icb_ods_code: 'QX1', icb_code: 'E1', pharmacies: 9 }).execute()
    const types = [13, 46, 131, 132, 137].map((id) => ({ id, name: `Kind ${id}` }))
    const roles = [{ id: 4, name: 'NHS 111' }]
    const catalogue = { types, pairs: { 1011: [4003] }, dispositions: [{ id: 1008, timeframe: 60 }], roles }
    await db.transact((tx) => storeCatalogue(tx, catalogue, { actor: BY.actor, action: BY.action, at: AT }))
    await db.transact((tx) =>
      saveServices(tx, [WALK_IN, aService({ uid: 902, odsCode: null, postcode: 'LS1 1AA' })], BY),
    )
    const commissioning = { parentCode: null, icbCode: 'QX1', healthAndWellbeingBoard: null }
    manager = await startManager(db, { profile: { commissioning } })
    lead = await manager.as(LEAD)
    desk = await manager.as(DESK)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })
  const recordOf = async (uid: number) => {
    const row = await db.pool.selectFrom('service').select('record').where('uid', '=', uid).executeTakeFirstOrThrow()
    return row.record as ServiceRecord
  }
  const change = async (section: string, fields: Record<string, string | undefined>, browser = lead, key = '901') => {
    const path = `${PAGES}/${key}/change/${section}`
    return send(browser, await browser.open(path), path, fields)
  }
  const publish = async (browser: Browser, key = '901', reason = 'They rang us') =>
    send(browser, await browser.open(`${PAGES}/${key}/check`), `${PAGES}/${key}/check`, { reason })
  const found = async (browser: Browser, query: Record<string, string>) => {
    const page = await browser.open(`${PAGES}?${new URLSearchParams(query)}`)
    return [...page.body.matchAll(/<h3[^>]*><a href="\/workspace\/services\/(\d+)"/g)].map(([, uid]) => Number(uid))
  }

  test('finds a service by whatever somebody has of it, within the areas they look after', async () => {
    const cases: [query: Record<string, string>, uids: number[]][] = [
      [{ q: 'walk sale' }, [901]],
      [{ q: 'CENT' }, [901]],
      [{ q: '901' }, []],
      [{ q: '2000000003' }, [2_000_000_003]],
      [{ q: 'fx123bps' }, [2_000_000_003]],
      [{ q: 'm337ab', type: '46' }, [901]],
      [{ q: 'LS1 1AA' }, []],
      [{ status: 'CLOSED' }, [2_000_000_005]],
      [{ q: "'; drop --" }, []],
      [{ q: '!!!', page: '9' }, []],
    ]
    for (const [query, uids] of cases) assert.deepEqual(await found(lead, query), uids, JSON.stringify(query))
    assert.deepEqual(await found(desk, { q: 'LS1 1AA' }), [902])
    const other = await manager.as(OTHER)
    assert.deepEqual(await found(other, {}), [])
    assert.match(visible(await other.open(`${PAGES}?q=sale`)), /No service was found/)
  })

  test('is shut to those who edit no record, to other areas, and to what is no service', async () => {
    const amina = await manager.as(AMINA)
    for (const path of [
      PAGES,
      `${PAGES}/901`,
      `${PAGES}/901/check`,
      '/workspace/approvals',
      '/workspace/approvals/1',
    ]) {
      assert.equal((await amina.ask(path)).status, 403, path)
    }
    const other = await manager.as(OTHER)
    for (const key of [
      '901',
      '902',
      '2000000001',
      '7',
      '0',
      '-1',
      'x',
      'new-1',
      'new-x',
      '99999999999',
      '%00',
      'x'.repeat(9_000),
    ]) {
      for (const tail of ['', '/check', '/change/name']) {
        const { status } = await other.ask(`${PAGES}/${key}${tail}`)
        assert.ok([400, 404, 414].includes(status), `${key.slice(0, 20)}${tail}: ${status}`)
      }
    }
    for (const id of ['1', '0', 'x', '99999999999', '%00']) {
      assert.ok([400, 404].includes((await other.ask(`/workspace/approvals/${id}`)).status), id)
    }
    assert.equal((await lead.ask(`${PAGES}/901/change/nonsense`)).status, 404)
  })

  test('shows the whole record in words, and who owns what', async () => {
    const own = visible(await lead.open(`${PAGES}/901`))
    assert.match(own, /Service 901 Sale Walk-in Centre Suspended/)
    assert.match(own, /Type Kind 46 \(46\)|Service type Kind 46 \(46\)/)
    assert.match(own, /Monday opening times 9am to 5pm/)
    assert.match(own, /Non-public phone 01632 960399/)
    assert.match(own, /Suspended\. Out of searches for a time\./)
    const page = await lead.open(`${PAGES}/2000000001`)
    const theirs = visible(page)
    assert.match(theirs, /The pharmacy FX123 says part of this record in its profile/)
    assert.doesNotMatch(page.body, /change\/(contact|place|hours|dates)"/)
    assert.match(page.body, /change\/(name)"/)
    const refused = await lead.open(`${PAGES}/2000000001/change/contact`)
    assert.equal(refused.status, 403)
    assert.match(visible(refused), /only people with access to that profile change it\. Ask the pharmacy/)
    assert.doesNotMatch(visible(refused), /ask for access/)
    assert.doesNotMatch((await lead.open(`${PAGES}/2000000001/change/name`)).body, /id="ods-code"/)
  })

  const wrong: [section: string, fields: Record<string, string>, errors: Record<string, RegExp>][] = [
    ['name', { name: ' ', 'ods-code': '!' }, { name: /Enter the name/, 'ods-code': /3 to 12/ }],
    ['name', { name: 'x'.repeat(256), 'public-name': 'x'.repeat(76) }, { name: /255/, 'public-name': /75/ }],
    [
      'texts',
      { 'public-information': 'x'.repeat(4_001) },
      { 'public-information': /4,000 characters or fewer\. You entered 4,001/ },
    ],
    [
      'contact',
      { phone: '12', website: 'a b', email: 'x' },
      { phone: /Phone: /, website: /Website: /, email: /Email: / },
    ],
    [
      'place',
      { 'address-1': '', 'address-2': '', postcode: 'M33' },
      { 'address-1': /first line/, postcode: /full UK postcode/ },
    ],
    ['place', { postcode: 'ZZ9 9ZZ' }, { postcode: /do not know this postcode/ }],
    ['hours', { monday: '9 till late', friday: '9am to 5pm, 4pm to 6pm' }, { monday: /Monday: /, friday: /Friday: / }],
    ['dates', { dates: '25 December: closed' }, { dates: /Line 1, “25 December: closed”: start with a date/ }],
    [
      'dates',
      { dates: '25/12/2026 closed\n25 December 2026: 9am to 1pm' },
      { dates: /25 December 2026 is there twice/ },
    ],
    ['status', { status: 'RETIRED' }, { status: /cannot become that\. It can become active or closed/ }],
    ['status', { status: 'BOGUS' }, { status: /Choose a status/ }],
    ['parent', { parent: '77' }, { parent: /No service has this number/ }],
    ['parent', { parent: '901' }, { parent: /another service|above/ }],
    [
      'endpoints',
      { 'endpoint-2-order': '1' },
      {
        'endpoint-2-transport': /choose its transport/,
        'endpoint-2-address': /Enter the address/,
        'endpoint-2-scenario': /scenario/,
      },
    ],
    [
      'endpoints',
      {
        'endpoint-2-order': 'x',
        'endpoint-2-transport': 'email',
        'endpoint-2-address': 'nobody',
        'endpoint-2-scenario': 'Primary',
      },
      { 'endpoint-2-order': /number/, 'endpoint-2-address': /email address/ },
    ],
    ['attributes', { 'attribute-2-value': 'lost' }, { 'attribute-2-name': /enter its name/ }],
  ]
  const typedIn = (fields: Record<string, string>) =>
    Object.entries(fields).filter(([field, value]) => value.trim() !== '' && field !== 'status')
  test('refuses what cannot be, box by box, and keeps what was typed', async () => {
    for (const [section, fields, errors] of wrong) {
      const page = await change(section, fields)
      const because = `${section} ${JSON.stringify(fields).slice(0, 60)}`
      assert.equal(page.status, 422, because)
      const said = errorsOf(page)
      assert.deepEqual(Object.keys(said).sort(), Object.keys(errors).sort(), because)
      const kept = filledIn(page, `${PAGES}/901/change/${section}`)
      for (const [field, value] of typedIn(fields)) assert.equal(kept[field], value, because)
      for (const [field, message] of Object.entries(errors)) {
        assert.match(said[field] ?? '', message, because)
        assert.match(page.body, new RegExp(`id="${field}"`), because)
      }
    }
  })

  test('a form that is sent as it stands changes nothing, in any section', async () => {
    for (const section of [
      'name',
      'texts',
      'contact',
      'place',
      'hours',
      'dates',
      'endpoints',
      'attributes',
      'parent',
      'status',
    ]) {
      const page = await change(section, {})
      assert.match(visible(page), /You have not changed anything yet/, `${section}: ${visible(page).slice(0, 300)}`)
    }
    assert.deepEqual(await recordOf(901), WALK_IN)
  })

  test('what is not clinical is checked, published at once and told in the history', async () => {
    await change('texts', { 'public-information': 'Ring 01632 960399.\nOr a@b.example' })
    await change('endpoints', {
      'endpoint-1-remove': 'yes',
      ...{ 'endpoint-2-order': '1', 'endpoint-2-transport': 'itk', 'endpoint-2-scenario': 'Primary' },
      'endpoint-2-address': 'https://itk.example/in',
    })
    await change('hours', { monday: '10pm to 2am', 'bank-holiday': 'closed' })
    await change('dates', { dates: '25/12/2026 closed\n2026-12-31: 9am to 1pm' })
    const check = visible(await lead.open(`${PAGES}/901/check`))
    assert.match(check, /Look at this The public information says 01632 960399, which is not public/)
    assert.match(check, /Look at this The public information says a@b\.example/)
    assert.match(check, /Monday opening times Before: 9am to 5pm After: 10pm to 2am the next day/)
    assert.match(check, /It is published at once/)
    assert.deepEqual(errorsOf(await publish(lead, '901', ' ')), {
      reason: 'Enter why you change it, so that others understand it later',
    })
    const done = await publish(lead)
    assert.match(visible(done), /Published\. Searches and every page show it now\./)
    const { publicInformation, hours, other } = await recordOf(901)
    assert.equal(publicInformation, 'Ring 01632 960399.\nOr a@b.example')
    assert.deepEqual(hours.weekly[0], [{ opens: 1320, closes: 1560 }])
    assert.deepEqual(hours.specified, { '2026-12-25': [], '2026-12-31': [{ opens: 540, closes: 780 }] })
    assert.deepEqual(other['endpoints'], [
      {
        order: 1,
        transport: 'itk',
        format: null,
        interaction: null,
        scenario: 'Primary',
        address: 'https://itk.example/in',
      },
    ])
    assert.deepEqual([other['unknownKey'], other['attributes']], [{ kept: true }, WALK_IN.other['attributes']])
    for (const section of ['hours', 'dates', 'texts']) {
      assert.match(visible(await change(section, {})), /not changed anything/, 'what was written is read again')
    }
  })

  test('making a service with a clinical profile active waits for somebody else, and both read how it stands', async () => {
    await change('status', { status: 'ACTIVE' })
    assert.match(visible(await lead.open(`${PAGES}/901/check`)), /a second person must agree/)
    const sent = await publish(lead)
    assert.match(
      visible(sent),
      /Sent\. A second person must agree .* You changed this yourself, so somebody else decides/,
    )
    assert.match(visible(sent), /Nobody else leads this area, so the service desk can agree: Fi Walsh\./)
    const address = sent.url.pathname
    assert.match((await lead.ask(`${PAGES}/901/change/name`)).headers.get('location') ?? '', /approvals/)
    assert.match(
      visible(await desk.open(`${PAGES}/901`)),
      /Lea Dowd has sent a change, which waits for a second person, of Status/,
    )
    const stale = await lead.open(address)
    const csrf = /name="_csrf" value="([^"]*)"/.exec(stale.body)?.[1] ?? ''
    assert.equal((await lead.ask(address, { _csrf: csrf, version: '2', decision: 'approve' })).status, 403)
    const page = await desk.open(address)
    assert.deepEqual(errorsOf(await send(desk, page, address)), { decision: 'Select whether this is right' })
    assert.deepEqual(errorsOf(await send(desk, page, address, { decision: 'decline' })), {
      note: 'Enter why you say no, so that they know what to do next',
    })
    assert.match(visible(await send(desk, page, address, { decision: 'approve' })), /Approved and published/)
    const late = await send(desk, page, address, { decision: 'decline', note: 'Too late' })
    assert.equal(late.status, 409)
    assert.match(visible(late), /approved and published by Fi Walsh/)
    assert.equal((await recordOf(901)).status, 'ACTIVE')
    assert.match(
      visible(await lead.open(`${PAGES}/901`)),
      /Active from 11 December 2026 at 10:34am, by Lea Dowd: They rang us/,
    )
  })

  test('when two change the same field, a person reads both words and chooses', async () => {
    await change('name', { name: 'Lea’s centre' })
    await change('name', { name: 'Fi’s centre' }, desk)
    await publish(desk)
    const check = visible(await lead.open(`${PAGES}/901/check`))
    assert.match(check, /Somebody else has changed this since you began: Name.* Choose what is right/)
    assert.doesNotMatch(check, /Publish |It is published/)
    const met = await publish(lead)
    assert.match(
      visible(met),
      /Choose what is right Lea Dowd and Fi Walsh changed .* Before both: Sale Walk-in Centre Lea’s centre What you want it to say Fi’s centre What it says now/,
    )
    const choose = `${met.url.pathname}/choose`
    assert.deepEqual(errorsOf(await send(lead, met, choose)), { 'choose-name': 'Choose what the record shall say' })
    const again = await send(lead, met, choose, { 'choose-name': 'ours' })
    assert.match(visible(again), /Name Before: Fi’s centre After: Lea’s centre/)
    await publish(lead)
    assert.equal((await recordOf(901)).name, 'Lea’s centre')
  })

  test('a new service is written in its own time, thrown away or published', async () => {
    const list = await lead.open(PAGES)
    const begun = await send(lead, list, `${PAGES}/new`)
    const key = /services\/(new-\d+)\//.exec(begun.url.pathname)?.[1] ?? assert.fail(begun.url.pathname)
    assert.equal((await desk.ask(`${PAGES}/${key}`)).status, 404, 'nobody else sees it')
    await change('name', { name: 'New centre', type: '46' }, lead, key)
    assert.deepEqual(errorsOf(await publish(lead, key)), { changes: 'Address: Enter the postcode of the service' })
    const elsewhere = await change('place', { 'address-1': '1 Road', postcode: 'LS1 1AA' }, lead, key)
    assert.match(visible(elsewhere), /Check the new service/)
    assert.match(errorsOf(await publish(lead, key))['changes'] ?? '', /outside the areas you look after/)
    await change('place', { 'address-1': '1 Road', postcode: 'M33 7AB' }, lead, key)
    const made = await publish(lead, key)
    const uid = Number(made.url.pathname.split('/').at(-1))
    assert.ok(uid >= 2_140_000_001, made.url.pathname)
    const { name, status, easting } = await recordOf(uid)
    assert.deepEqual([name, status, easting], ['New centre', 'COMMISSIONING', 378_940])
    const second = await send(lead, await lead.open(PAGES), `${PAGES}/new`)
    const other = /services\/(new-\d+)\//.exec(second.url.pathname)?.[1]
    const gone = await send(lead, await lead.open(`${PAGES}/${other}/check`), `${PAGES}/${other}/discard`)
    assert.match(visible(gone), /Your changes are thrown away/)
  })
})
