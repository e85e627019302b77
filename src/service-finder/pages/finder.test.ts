/** The Service Finder as a professional uses it: the real app, its answers, its refusals, and what it writes down. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { loadPharmacyQuality } from '#src/data-quality/scores.ts'
import { saveServices } from '#src/directory/save-services.ts'
import { type ReferralProblems, writeReferralProblems } from '#src/emails/referral-problems.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, startManager, storePharmacy, visible } from '#test/support/manage.ts'
import { LOOK } from '../reveal-limit.ts'
import { tellPharmacies } from '../tell-pharmacies.ts'

const CLINICAL = {
  genders: ['M', 'F'],
  ages: [[5844, 47_481.5]],
  sgsd: {},
  dispositions: [],
  roles: [1, 2],
  restricted: false,
  referrals: [],
}
const IMPORT = {
  actor: 'command:test',
  action: 'import',
  recordedAt: '2026-11-01T09:00:00.000Z',
  decides: false,
  onMeeting: 'keep',
} as const
const NORTH = { latitude: 53.43, longitude: -2.32, easting: 378_750, northing: 392_700 }

describe('the Service Finder', () => {
  let db: OpenDb
  let manager: Manager
  let browser: Browser
  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    await db.pool
      .insertInto('postcode')
      .values([
        { postcode_key: 'M337AB', latitude: 53.42, longitude: -2.32, source: 'test' },
        {
          ...{ postcode_key: 'M331ZZ', latitude: 53.42, longitude: -2.32, source: 'test' },
          ...{ terminated: true, terminated_in: 199_606 },
        },
      ])
      .execute()
    const reference = { roles: [1, { id: 2, name: 'HCP Registered' }] }
    await db.pool
      .insertInto('catalogue')
      .values({ id: 1, reference: JSON.stringify(reference) })
      .execute()
    manager = await startManager(db)
    const facilities = { '35': { has: true }, '28': { has: false } }
    const second = aProfile({ odsCode: 'FX200', name: 'North Pharmacy', facilities })
    await storePharmacy(db, second, [
      aService({
        uid: 2_000_000_200,
        odsCode: 'FX200',
        name: 'North Pharmacy',
        nonPublicPhone: '01632 960999',
        referralInformation: 'Ring <first>',
        publicInformation: 'Ask at the counter',
        other: { ...CLINICAL, endpoints: [{ order: 1, transport: 'email', address: 'refer@north.example' }] },
        ...NORTH,
      }),
    ])
    const shut = {
      from: '2026-12-01T08:00',
      until: null,
      writtenTo: '2027-01-31',
      statutory: [],
      ended: false,
    } as const
    const red = { ...NORTH, odsCode: null, other: { ...CLINICAL, capacity: { status: 'RED', resetAt: null } } }
    const practice = (uid: number, name: string, odsCode: string) => aService({ uid, name, odsCode, typeId: 100 })
    await db.transact((tx) =>
      saveServices(
        tx,
        [
          aService({ ...red, uid: 2_000_000_211, name: 'Full Pharmacy' }),
          aService({
            ...NORTH,
            uid: 2_000_000_212,
            name: 'Shut Pharmacy',
            odsCode: null,
            other: CLINICAL,
            closures: [shut],
          }),
          { ...practice(2_000_000_301, 'Brook Lane Surgery', 'P91001'), ...NORTH },
          practice(2_000_000_302, 'Brook Street Surgery', 'P91002'),
          practice(2_000_000_303, 'Elm Medical Centre', 'P91003'),
        ],
        IMPORT,
      ),
    )
    browser = await manager.as({ email: 'viewer@nhs.example', grants: [{ role: 'lpc', scope: 'area:QOP' }] })
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('a word of everyday and a postcode find the nearest', async () => {
    const page = await browser.open('/finder/results?need=chemist&place=M33+7AB')
    assert.match(
      visible(page),
      /Pharmacy near M33 7AB[\s\S]*within 12 miles \(20 km\), nearest first[\s\S]*North Pharmacy/,
    )
    assert.doesNotMatch(page.body, /01632 960999|Ring/)
  })

  test('a postcode that is no longer in use is searched where it was, and said to be', async () => {
    const page = visible(await browser.open('/finder/results?need=chemist&place=M33+1ZZ'))
    assert.match(
      page,
      /M33 1ZZ is no longer in use: Royal Mail withdrew it in June 1996\. This is around where it was\./,
    )
    assert.match(page, /North Pharmacy/)
  })

  test('those that are Red are shown, with why: because somebody set it, and because it is closed', async () => {
    const page = visible(await browser.open('/finder/results?need=pharmacy&place=M33+7AB&age=43'))
    assert.match(page, /Full Pharmacy[^.]*\. [^C]*?(Open|Closed)[\s\S]*?Red: no capacity until somebody changes it/)
    assert.match(
      page,
      /Shut Pharmacy[\s\S]*?Red: no capacity The pharmacy has said that it is closed, until somebody changes it/,
    )
  })

  test('one whose patients are older is shown apart, with why', async () => {
    const page = visible(await browser.open('/finder/results?need=pharmacy&place=M33+7AB&age=6'))
    assert.match(page, /not for this patient[\s\S]*North Pharmacy[\s\S]*Not for this age/)
  })

  const wrong: readonly (readonly [query: string, errors: RegExp, because: string])[] = [
    ['', /Enter the kind of service you need[\s\S]*Enter a postcode or town/, 'nothing is given'],
    ['need=zzzzz&place=M33', /do not know a type of service like “zzzzz”/, 'a need that nobody knows'],
    ['need=pharmacy&place=EH1+1AA', /EH1 1AA is in Scotland/, 'a place outside England'],
    ['need=pharmacy&place=M33&open=at&open-time=noonish', /Enter a time, for example/, 'a time that is none'],
    ['need=pharmacy&place=M33&open=2020-01-01T10:00', /Enter today or a later day/, 'an address of a day that is over'],
    ['need=pharmacy&place=M33&age=200', /Enter the age as a whole number/, 'nobody is that old'],
    ['need=pharmacy&place=M33&role=99', /Select who refers. We do not know the role “99”/, 'a role that nobody has'],
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

  test('several types can be searched for at once', async () => {
    const both = await browser.open('/finder/results?need=a%26e&place=M33+7AB')
    const all = /href="([^"]+)">(?:Both|All \d+) of these/.exec(both.body)?.[1]
    assert.match(all ?? '', /type=\d+(,\d+)+/)
    const found = await browser.open((all ?? '').replaceAll('&amp;', '&'))
    assert.deepEqual(errorsOf(found), {})
    assert.match(
      visible(found),
      /\d types of service near M33 7AB Emergency Department[^.]+, [^.]+\. Change your search/,
    )
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

  test('the page of a service says whom it takes, how fresh it is, and what anyone may know', async () => {
    const page = visible(await browser.open('/finder/services/2000000200'))
    assert.match(page, /Age 16 years and over Sex Female and male GP practice Any surgery Area Any area/)
    assert.match(page, /Ask at the counter[\s\S]*Opening times From the NHS list. The pharmacy has not checked it/)
    assert.match(page, /who it is for, and how to refer Last changed on 1 November 2026/i)
  })

  const practices: readonly (readonly [typed: string, page: RegExp, because: string])[] = [
    ['elm', /patient of Elm Medical Centre \(P91003\)/, 'one practice is called so'],
    ['medcal', /patient of Elm Medical Centre/, 'a word in the middle, misspelt'],
    ['med+cen', /patient of Elm Medical Centre/, 'words that are begun'],
    ['Brook', /Which GP practice[\s\S]*Brook Street Surgery[\s\S]*Brook Lane Surgery/, 'two are, the nearest first'],
    ['p91002', /patient of Brook Street Surgery \(P91002\)/, 'a code'],
    ['Elm+(P91003)', /patient of Elm Medical Centre \(P91003\)/, 'as it was suggested'],
    ['p91007', /do not know a GP practice like “p91007”/, 'a code that nobody has is no filter'],
    ['FX200', /do not know a GP practice like “FX200”/, 'nor is that of a pharmacy'],
    ['Atlantis', /do not know a GP practice like “Atlantis”/, 'none is called so'],
  ]
  for (const [typed, expected, because] of practices) {
    test(`a GP practice is found by its name: ${because}`, async () => {
      const page = await browser.open(`/finder/results?need=pharmacy&place=M33+7AB&surgery=${typed}`)
      assert.match(visible(page), expected)
    })
  }

  test('GP practices are suggested while somebody types, the nearest first', async () => {
    const { body } = await browser.open('/finder/practices.json?surgery=surg&place=M33+7AB')
    const { practices } = JSON.parse(body) as { practices: { code: string }[] }
    assert.deepEqual(
      practices.map(({ code }) => code),
      ['P91002', 'P91001'],
    )
    assert.deepEqual(JSON.parse((await browser.open('/finder/practices.json?surgery=zzz')).body), { practices: [] })
  })

  test('access is asked of profiles, and what nobody said is shown apart', async () => {
    const page = visible(await browser.open('/finder/results?need=pharmacy&place=M33+7AB&access=step-free'))
    assert.match(
      page,
      /1 within 12 miles [\s\S]*North Pharmacy[\s\S]*not for this patient[\s\S]*Does not say if it has: step-free/,
    )
    const none = visible(await browser.open('/finder/results?need=pharmacy&place=M33+7AB&access=parking'))
    assert.match(none, /Nothing fits[\s\S]*Does not have: car parking/)
  })

  test('where somebody is will do for a place, and is not kept', async () => {
    const near = await browser.open('/finder/results?need=pharmacy&latitude=53.4249&longitude=-2.3201')
    assert.match(visible(near), /Pharmacy near your location[\s\S]*North Pharmacy/)
    assert.doesNotMatch(visible(near), /Keep this search/)
    assert.match(
      visible(await browser.open('/finder/results?need=pharmacy&latitude=1&longitude=x')),
      /Enter a postcode/,
    )
  })

  test('a filter for a day and a time is an address, and is kept by the form', async () => {
    const query =
      'need=pharmacy&place=M33+7AB&open=at&open-day=14&open-month=12&open-year=2026&open-time=3pm&km=5&role=any'
    const page = await browser.open(`/finder/results?${query}`)
    assert.match(visible(page), /Open on Monday 14 December 2026 at 3pm/)
    assert.match(page.body, /open=2026-12-14T15:00/)
    const night = await browser.open('/finder/results?need=pharmacy&place=M33+7AB&open=2026-12-14T03:00')
    assert.match(visible(night), /Nothing found[\s\S]*Look at any time/)
  })

  test('two services are compared, with how far and whether they fit', async () => {
    const back = encodeURIComponent('/finder/results?need=pharmacy&place=M33+7AB&age=6')
    const page = await browser.open(`/finder/compare?uid=2000000200&uid=2000000001&uid=x&back=${back}`)
    assert.match(visible(page), /North Pharmacy[\s\S]*0\.\d miles in a straight line[\s\S]*Not for this age/)
    assert.match(
      visible(page),
      /Thick bar: open\. Thin line: closed\. The upright line is now\.[\s\S]*Capacity Nobody has said/,
    )
    assert.match(page.body, /<svg class="signpost-axis"[\s\S]*signpost-axis__open/)
    assert.match(page.body, /<a href="tel:\d+">/, 'a number is rung from here, too')
    assert.doesNotMatch(page.body, /01632 960999/)
    assert.match(visible(await browser.open('/finder/compare')), /Tick the services/)
  })

  test('a search and a service are kept for their person alone, and removed', async () => {
    const results = await browser.open('/finder/results?need=pharmacy&place=M33+7AB&age=43&surgery=elm&role=2')
    await browser.submit(results, '/finder/saved/searches')
    await browser.submit(await browser.open('/finder/services/2000000200'), '/finder/saved/services/2000000200')
    await browser.submit(results, '/finder/saved/choice', { role: '2' })
    const rows = await db.pool.selectFrom('finder_search').select(['address', 'title']).execute()
    assert.doesNotMatch(JSON.stringify(rows), /43|P9|elm|7AB/i)
    const page = await browser.open('/finder/saved')
    assert.match(
      visible(page),
      /Pharmacy within 12 miles \(20 km\) of M33, referrals from HCP Registered[\s\S]*North Pharmacy/,
    )
    assert.match((await browser.open('/finder')).body, /<option value="2" selected>/)
    const other = await manager.as({ email: 'other@nhs.example', grants: [{ role: 'professional', scope: '' }] })
    assert.match(visible(await other.open('/finder/saved')), /Searches None yet[\s\S]*Services None yet/)
    const removed = await browser.submit(page, '/remove')
    assert.match(visible(removed), /The search is removed[\s\S]*Searches None yet/)
    const back = '/finder/results?need=pharmacy&place=M33'
    const service = await browser.open(`/finder/services/2000000200?back=${encodeURIComponent(back)}`)
    const dropped = await browser.submit(service, '/remove')
    assert.match(visible(dropped), /The service is removed from those you saved[\s\S]*Save this service/)
    assert.equal(dropped.url.searchParams.get('back'), back, 'the results are still a step away')
    const wrong = await browser.submit(removed, '/finder/saved/choice', { place: 'Atlantis' })
    assert.equal(errorsOf(wrong)['place'], 'Enter the first half of a postcode, or a town that there is once')
    const kept = await browser.submit(wrong, '/finder/saved/choice', { place: 'M33 7AB', role: '2' })
    assert.match(kept.body, /value="M33"/)
  })

  test('one press tells the pharmacy that it could not help, once an hour, and in one email the next morning', async () => {
    const page = await browser.open('/finder/services/2000000001')
    for (let press = 0; press < 2; press++) {
      const told = await browser.submit(page, '/problem', { reason: 'closed' })
      assert.match(visible(told), /Thank you. It is written down/)
    }
    await browser.submit(page, '/problem', { reason: 'no-answer' })
    const owner = await manager.as(AMINA)
    const seen = visible(await owner.open('/manage/FX123/referral-problems'))
    assert.match(seen, /It was closed when a patient was sent ?: once[\s\S]*Nobody answered ?: once/)
    assert.doesNotMatch(seen, /viewer@/)
    const tomorrow = new Date(manager.clock.now().getTime() + 86_400_000)
    const telling = { db, sharedMailboxDomains: ['nhs.net'] }
    assert.deepEqual([await tellPharmacies(telling, tomorrow), await tellPharmacies(telling, tomorrow)], [1, 0])
    const { payload } = await db.pool
      .selectFrom('job')
      .select('payload')
      .where('unique_key', 'like', 'referral-problems FX123%')
      .executeTakeFirstOrThrow()
    const { text } = writeReferralProblems(payload as ReferralProblems, 'https://x.example')
    assert.match(text, /It was closed when a patient was sent: once[\s\S]*x\.example\/manage\/FX123\/referral-problems/)
    assert.doesNotMatch(text, /viewer/)
  })

  test('what three different people told lowers the score of the pharmacy', async () => {
    const { clock } = manager
    const rulesNow = async () => {
      const day = { today: londonDateOf(clock.now()), holidays: holidayCalendar([]) }
      const { found } = await loadPharmacyQuality(db.pool, 'FX123', day)
      return found.map(({ rule }) => rule)
    }
    const told = (told_by: string) => ({
      ...{ uid: 2_000_000_001, ods_code: 'FX123', reason: 'refused', told_at: clock.now().toISOString(), told_by },
    })
    await db.pool
      .insertInto('referral_problem')
      .values([told('person:a'), told('person:a')])
      .execute()
    assert.ok(!(await rulesNow()).includes('could-not-help'), 'one of them twice, and one')
    await db.pool.insertInto('referral_problem').values(told('person:b')).execute()
    assert.ok((await rulesNow()).includes('could-not-help'))
  })

  test('nobody looks at more professional details in an hour than the setting says', async () => {
    const { clock, config } = manager
    await db.transact(async (tx) => {
      const looks = Array.from({ length: config.rateLimits.finderLooksPerHour }, () => ({
        ...{ actor: 'person:busy@nhs.example', action: LOOK, target: 'service:1', detail: {}, changes: [] },
      }))
      await appendToLedger(tx, clock.now().toISOString(), looks)
    })
    const busy = await manager.as({ email: 'busy@nhs.example', grants: [{ role: 'professional', scope: '' }] })
    const refused = await busy.submit(await busy.open('/finder/services/2000000200'), '/professional')
    assert.equal(refused.status, 429)
    assert.match(errorsOf(refused)['show-professional'] ?? '', /professional details 120 times within an hour/)
    assert.doesNotMatch(refused.body, /01632 960999/)
  })

  test('the way to a service is said from the place that was searched, and from nowhere else', async () => {
    const back = encodeURIComponent('/finder/results?need=Pharmacy&place=M33+7AB')
    const found = visible(await browser.open(`/finder/services/2000000200?back=${back}`))
    assert.match(
      found,
      /Getting there 0\.7 miles \(1\.1 km\) north of M33 7AB in a straight line\. About 20 minutes on foot, as we estimate\./,
    )
    assert.doesNotMatch(visible(await browser.open('/finder/services/2000000200')), /of M33 7AB in a straight line/)
  })

  test('alternatives are open, not full, and for the patient of the search', async () => {
    const alternativesIn = (page: Page) => /<h2[^>]*>Nearby alternatives[\s\S]*?<\/ul>/.exec(page.body)?.[0] ?? ''
    const open = alternativesIn(await browser.open('/finder/services/2000000001'))
    assert.match(open, /North Pharmacy/)
    assert.doesNotMatch(open, /Full Pharmacy|Shut Pharmacy/)
    const back = encodeURIComponent('/finder/results?need=pharmacy&place=M33+7AB&age=6')
    assert.equal(alternativesIn(await browser.open(`/finder/services/2000000001?back=${back}`)), '')
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
