import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ROLES } from '#src/accounts/actor.ts'
import { can, PERMISSIONS, type PharmacyAction } from '#src/accounts/can.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import type { Browser } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'

const HUB = '/manage/FX123'
const COMMISSIONED = { parentCode: 'PX1', icbCode: 'QX1', healthAndWellbeingBoard: null }

describe('Profile Manager', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db, { profile: { commissioning: COMMISSIONED } })
    await storePharmacy(
      db,
      aProfile({
        odsCode: 'FX200',
        name: 'St. Mary’s Pharmacy',
        address: { ...aProfile().address, postcode: 'SW1A 1AA' },
      }),
      [aService({ uid: 2_000_000_099, typeId: 120, odsCode: 'FX200', name: 'Walk-in clinic' })],
    )
    for (let branch = 0; branch < 45; branch++) {
      const odsCode = `FY${String(branch).padStart(3, '0')}`
      await storePharmacy(db, aProfile({ odsCode, name: `Branch ${odsCode}`, commissioning: COMMISSIONED }))
    }
    amina = await manager.as(AMINA)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })
  const TWO = {
    email: 'two@nhs.example',
    grants: [
      { role: 'owner', scope: 'ods:FX123' },
      { role: 'viewer', scope: 'ods:FX200' },
    ],
  }
  const HEAD_OFFICE = { email: 'head@nhs.example', grants: [{ role: 'group', scope: 'group:PX1' }] }
  const NOBODY = { email: 'nobody@nhs.example', grants: [] }

  test('a visitor is sent to sign in and comes back', async () => {
    const page = await manager.app.inject(HUB)
    assert.equal(page.statusCode, 303)
    assert.equal(page.headers.location, '/sign-in?return=%2Fmanage%2FFX123')
  })

  const SEARCHES: readonly (readonly [string, string, string])[] = [
    ['', 'Hill & Sons|St. Mary’s Pharmacy', 'empty finds all of yours'],
    [' fx 123 ', 'Hill & Sons', 'a code with spaces and small letters'],
    ['ＦＸ１２３', 'Hill & Sons', 'full-width characters'],
    ['st marys', 'St. Mary’s Pharmacy', 'a name without its points'],
    ['HILL', 'Hill & Sons', 'part of a name'],
    ['m337ab', 'Hill & Sons', 'a postcode without its space'],
    ['SW1A', 'St. Mary’s Pharmacy', 'the beginning of a postcode'],
    ['FY001', '', 'a pharmacy of others is not found'],
    ['%', '', 'a wildcard means itself'],
    ["'; drop table profile; --", '', 'SQL means itself'],
    ['<script>', '', 'markup means itself'],
  ]
  for (const [text, expected, because] of SEARCHES) {
    test(`finds my pharmacies: ${because}`, async () => {
      const browser = await manager.as(TWO)
      const page = await browser.open(`/manage?${new URLSearchParams({ q: text })}`)
      assert.equal(page.status, 200)
      const names = [...page.body.matchAll(/<h3[^>]*><a href="\/manage\/F[^"]*">([^<]*)</g)].map(([, name]) => name)
      assert.equal(names.join('|').replaceAll('&amp;', '&'), expected)
      if (expected === '') assert.match(visible(page), /No pharmacies found None of your pharmacies matches/)
    })
  }

  test('a search for too much says so', async () => {
    const page = await amina.open(`/manage?${new URLSearchParams({ q: 'x'.repeat(101) })}`)
    assert.deepEqual(errorsOf(page), { q: 'Search for 100 characters or fewer' })
  })

  test('a head office turns pages, with those that have something to check first', async () => {
    const browser = await manager.as(HEAD_OFFICE)
    const hub = await browser.open('/manage/FY007/contact-details')
    await send(browser, hub, 'contact-details/confirm')
    const first = visible(await browser.open('/manage'))
    assert.match(first, /46 pharmacies, page 1 of 3/)
    assert.match(first, /Branch FY000 , FY000 FY000, 1 High Street, Sale, M33 7AB 5 of 5 to check Open now/)
    const last = visible(await browser.open('/manage?page=3'))
    assert.match(last, /Branch FY007 , FY007 FY007, 1 High Street, Sale, M33 7AB 4 of 5 to check/)
    for (const page of ['0', '-1', 'x', '99999']) {
      assert.equal((await browser.open(`/manage?page=${page}`)).status, 200, page)
    }
  })

  test('somebody without a pharmacy is told how to get one', async () => {
    const page = await (await manager.as(NOBODY)).open('/manage')
    assert.match(visible(page), /You are signed in as nobody@nhs\.example\. This address has not been given access/)
  })

  test('the hub shows every DoS service with the same five characters, and who sets its hours', async () => {
    const words = visible(await amina.open(HUB))
    assert.match(
      words,
      /ODS code FX123 Open now See the public page Close now 0 of 5 sections checked\. Finish by 31 December 2026\./,
    )
    assert.match(
      words,
      /Public phone number 01632 960001 Check by 31 December Checked Not yet Changed From the NHS list, not yet checked Check contact details/,
    )
    assert.match(words, /Services You have not said yet which services you offer .* Facilities Nothing is stated yet/)
    assert.match(words, /This profile updates 4 of the 5\. 1 keeps values of its own\./)
    for (const uid of [1, 2, 3, 4, 5]) assert.match(words, new RegExp(`Service ID 200000000${uid}`))
    assert.match(
      words,
      /Minor illness Pharmacy Enhanced Service ID 2000000003 Active Open now, until 5pm\. Today: 9am to 5pm\..*it keeps values of its own: phone number 01632 960777; Monday 10am to 4pm/,
    )
    assert.match(
      words,
      /Old service .* Closed .*This profile does not update it while it is closed, and 111 does not show it/,
    )
    const other = visible(await (await manager.as(TWO)).open('/manage/FX200'))
    assert.match(other, /Walk-in clinic Service type 120 .*its type is looked after by the directory team/)
    assert.doesNotMatch(other, /One is missing/, 'a viewer cannot ask')
  })

  test('the contact details lead to the page on which the name and the address are put right', async () => {
    const page = await amina.open(`${HUB}/contact-details`)
    assert.match(visible(page), /If the name, the address or the map pin is wrong, ask for a correction/)
    assert.match(page.body, /<a href="\/manage\/FX123\/address-and-name">ask for a correction<\/a>/)
  })

  test('the help of the urgent care services does not send people to the page they are on', async () => {
    const words = visible(await amina.open(`${HUB}/urgent-care-services`))
    assert.match(
      words,
      /Palliative medicines, blood pressure checks and contraception decide what 111 finds\. You answer them under/,
    )
    assert.doesNotMatch(words, /on their own page/)
  })

  test('a missing service becomes a request with an email, once', async () => {
    const form = await amina.open(`${HUB}/missing-service`)
    const wrong = await send(amina, form, 'missing-service', { kind: 'Something else' })
    assert.deepEqual(errorsOf(wrong), { message: 'Enter which service is missing' })
    const fields = { kind: 'Pharmacy Enhanced', message: 'The <i>minor</i> eye clinic' }
    const hub = await send(amina, form, 'missing-service', fields)
    assert.match(visible(hub), /We have your request\. An email to you says what happens next\./)
    await send(amina, form, 'missing-service', fields)
    const requests = await db.pool.selectFrom('request').select(['ods_code', 'kind', 'message', 'person']).execute()
    assert.deepEqual(requests, [
      {
        ods_code: 'FX123',
        kind: 'missing-service',
        message: 'Pharmacy Enhanced: The <i>minor</i> eye clinic',
        person: 'person:amina@nhs.example',
      },
    ])
    const jobs = await db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').execute()
    const emails = jobs.map(({ payload }) => payload as { readonly kind: string; readonly recipient: string })
    assert.deepEqual(
      emails.filter(({ kind }) => kind === 'request-received').map(({ recipient }) => recipient),
      ['amina@nhs.example'],
    )
  })

  test('a missing pharmacy becomes a request', async () => {
    const form = await amina.open('/manage/missing-pharmacy')
    const wrong = await send(amina, form, 'missing-pharmacy', { 'ods-code': 'FX12', postcode: 'M33' })
    assert.deepEqual(errorsOf(wrong), {
      name: 'Enter the name of the pharmacy',
      'ods-code': 'ODS code must be 5 letters and numbers',
      postcode: 'Enter a full UK postcode, like M33 7AB',
    })
    const page = await send(amina, wrong, 'missing-pharmacy', {
      name: 'Hill North',
      'ods-code': '',
      postcode: 'm337ab',
    })
    assert.match(visible(page), /We have your request/)
    const request = await db.pool
      .selectFrom('request')
      .select(['ods_code', 'message'])
      .where('kind', '=', 'missing-pharmacy')
      .executeTakeFirst()
    assert.deepEqual(request, { ods_code: '', message: 'Hill North, M33 7AB' })
  })

  /** Every route of a pharmacy, and what one must be allowed for it. */
  const ROUTES: readonly (readonly ['GET' | 'POST', string, PharmacyAction])[] = [
    ['GET', HUB, 'view-profile'],
    ['GET', `${HUB}/contact-details`, 'view-profile'],
    ['GET', `${HUB}/opening-times`, 'view-profile'],
    ['GET', `${HUB}/bank-holidays`, 'view-profile'],
    ['GET', `${HUB}/closures-and-changes`, 'view-profile'],
    ...(
      [
        ['contact-details/change', 'edit-contact'],
        ['opening-times/change', 'edit-hours'],
        ['bank-holidays/change', 'edit-holidays'],
        ['closures-and-changes/add', 'edit-changes'],
        ['closures-and-changes/none/edit', 'edit-changes'],
      ] as const
    ).flatMap(([path, action]): (readonly ['GET' | 'POST', string, PharmacyAction])[] => [
      ['GET', `${HUB}/${path}`, action],
      ['POST', `${HUB}/${path}`, action],
      ['GET', `${HUB}/${path}/check`, action],
      ['POST', `${HUB}/${path}/check`, action],
      ['GET', `${HUB}/${path}/conflict`, action],
      ['POST', `${HUB}/${path}/conflict`, action],
      ['POST', `${HUB}/${path}/discard`, action],
    ]),
    ['GET', `${HUB}/closures-and-changes/none/cancel`, 'edit-changes'],
    ['POST', `${HUB}/closures-and-changes/none/cancel`, 'edit-changes'],
    ['POST', `${HUB}/contact-details/confirm`, 'confirm-section'],
    ['POST', `${HUB}/opening-times/confirm`, 'confirm-section'],
    ['POST', `${HUB}/bank-holidays/confirm`, 'confirm-section'],
    ['POST', `${HUB}/closures-and-changes/confirm`, 'confirm-section'],
    ['GET', `${HUB}/missing-service`, 'request-service'],
    ['POST', `${HUB}/missing-service`, 'request-service'],
  ]
  const SCOPES = {
    ods: ['ods:FX123', 'ods:FX200'],
    group: ['group:PX1', 'group:PX2'],
    area: ['area:QX1', 'area:QX2'],
    everywhere: [''],
  }

  for (const role of ROLES) {
    for (const scope of SCOPES[PERMISSIONS[role].scope]) {
      test(`${role} of ${scope || 'everywhere'} reaches the routes of FX123 that the table grants, and no other`, async () => {
        const grants = [{ role, scope }]
        const person = { email: `${role}${scope.replace(':', '-')}@nhs.example`.toLowerCase(), grants }
        const browser = await manager.as(person)
        const csrf = /name="_csrf" value="([^"]*)"/.exec((await browser.open('/manage')).body)?.[1] ?? ''
        for (const [method, url, action] of ROUTES) {
          const page = await browser.ask(url, method === 'POST' ? { _csrf: csrf } : undefined)
          const allowed = can({ personId: 0, name: '', email: '', grants }, action, {
            odsCode: 'FX123',
            ...COMMISSIONED,
          })
          assert.equal(page.status === 403, !allowed, `${method} ${url}: ${page.status}`)
        }
      })
    }
  }
})
