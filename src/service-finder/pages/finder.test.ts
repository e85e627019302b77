/** The Service Finder as a professional uses it: the real app, its answers, its refusals, and what it writes down. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import type { Browser } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { errorsOf, type Manager, startManager, storePharmacy, visible } from '#test/support/manage.ts'

const CLINICAL = {
  genders: ['M', 'F'],
  ages: [[5844, 47_481.5]],
  sgsd: {},
  dispositions: [],
  roles: [1, 2],
  restricted: false,
  referrals: [],
}
const NORTH = { latitude: 53.43, longitude: -2.32, easting: 378_750, northing: 392_700 }

describe('the Service Finder', () => {
  let db: OpenDb
  let manager: Manager
  let browser: Browser
  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    await db.pool
      .insertInto('postcode')
      .values({ postcode_key: 'M337AB', latitude: 53.42, longitude: -2.32, source: 'test' })
      .execute()
    manager = await startManager(db)
    const second = aProfile({ odsCode: 'FX200', name: 'North Pharmacy' })
    await storePharmacy(db, second, [
      aService({
        uid: 2_000_000_200,
        odsCode: 'FX200',
        name: 'North Pharmacy',
        nonPublicPhone: '01632 960999',
        referralInformation: 'Ring <first>',
        other: CLINICAL,
        ...NORTH,
      }),
    ])
    browser = await manager.as({ email: 'viewer@nhs.example', grants: [{ role: 'lpc', scope: 'area:QOP' }] })
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('a word of everyday and a postcode find the nearest', async () => {
    const page = await browser.open('/finder/results?need=chemist&place=M33+7AB')
    assert.match(visible(page), /Pharmacy near M33 7AB[\s\S]*within 20 km, nearest first[\s\S]*North Pharmacy/)
    assert.doesNotMatch(page.body, /01632 960999|Ring/)
  })

  test('one whose patients are older is shown apart, with why', async () => {
    const page = visible(await browser.open('/finder/results?need=pharmacy&place=M33+7AB&age=6'))
    assert.match(page, /not for this patient[\s\S]*North Pharmacy[\s\S]*Not for this age/)
  })

  const wrong: readonly (readonly [query: string, errors: RegExp, because: string])[] = [
    ['', /Enter the kind of service you need[\s\S]*Enter a postcode or town/, 'nothing is given'],
    ['need=zzzzz&place=M33', /do not know a type of service like “zzzzz”/, 'a need that nobody knows'],
    ['need=pharmacy&place=EH1+1AA', /EH1 1AA is in Scotland/, 'a place outside England'],
    ['need=pharmacy&place=M33&age=200', /Enter the age as a whole number/, 'nobody is that old'],
    [`need=${'x'.repeat(10_000)}&place=%00`, /There is a problem/, 'a search without end'],
  ]
  for (const [query, errors, because] of wrong) {
    test(`says what is wrong: ${because}`, async () => {
      const page = await browser.open(`/finder/results?${query}`)
      assert.match(visible(page), errors)
      assert.ok(Object.keys(errorsOf(page)).length > 0)
    })
  }

  test('a need of several types asks which', async () => {
    const page = visible(await browser.open('/finder/results?need=a%26e&place=M33'))
    assert.match(page, /Which of these do you mean by “a&e”\? Emergency Department/)
  })

  test('what is not public is shown on a press alone, and that somebody looked is written down', async () => {
    const page = await browser.open('/finder/services/2000000200')
    assert.doesNotMatch(page.body, /01632 960999|Ring/)
    const shown = await browser.submit(page, '/professional', {})
    assert.match(visible(shown), /Professional phone 01632 960999[\s\S]*How to refer Ring <first>[\s\S]*HCP Registered/)
    const looks = await db.pool
      .selectFrom('audit')
      .select(['actor', 'target'])
      .where('action', '=', 'look at professional details')
      .execute()
    assert.deepEqual(looks, [{ actor: 'person:viewer@nhs.example', target: 'service:2000000200' }])
  })

  test('strangers and unknown services are refused', async () => {
    const nobody = await manager.as({ email: 'new@nhs.example', grants: [] })
    assert.match(visible(await nobody.open('/finder')), /cannot see this page/)
    for (const uid of ['9', 'x', '%00', '99999999999999']) {
      assert.match(visible(await browser.open(`/finder/services/${uid}`)), /Page not found/)
    }
    const page = await browser.open('/finder/services/2000000200?back=https%3A%2F%2Fevil.example')
    assert.doesNotMatch(page.body, /evil/)
  })
})
