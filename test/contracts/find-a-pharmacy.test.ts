/** The public pages as anyone meets them: the real app, its pages, its refusals, and what must never be on them. */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { commitProfiles, type ProfileWrite } from '#src/profiles/commit-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { aProfile, aService, UNCHECKED, USUAL_WEEK } from '#test/support/builders.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'

/** A Friday, 10:34 in London. */
const NOW = '2026-12-11T10:34:00.000Z'
/** Stands for every fact that no public page may hold. */
const SECRET = 'SECRET-MARKER'
const LATE = [{ opens: 1320, closes: 1560 }]

const at = (latitude: number) => ({ latitude, longitude: -2.32, easting: 378_000, northing: 392_000 })

function pharmacy(odsCode: string, given: Partial<Profile> = {}, service: Partial<ServiceRecord> = {}): ProfileWrite {
  const profile = aProfile({
    odsCode,
    name: `Pharmacy ${odsCode}`,
    ownerName: `${SECRET} owner`,
    contact: {
      phone: '01632 960001',
      website: 'https://www.example.org/shop',
      professionalPhone: `${SECRET} phone`,
      professionalEmail: `${SECRET}@example.nhs.uk`,
    },
    changes: [
      { id: 'a', from: '2026-12-14', to: '2026-12-14', sessions: [], reason: `${SECRET} reason`, note: 'Stock count' },
    ],
    ...given,
  })
  const { address } = profile
  const place = { address: address.lines, postcode: address.postcode, ...(address.position ?? {}) }
  const { uid: _uid, ...main } = aService({
    odsCode,
    nonPublicPhone: `${SECRET} service phone`,
    email: `${SECRET}@example.nhs.uk`,
    referralInformation: `${SECRET} referral`,
    other: { endpoints: [{ address: SECRET }] },
    hours: { weekly: profile.weekly, bankHoliday: null, openAllHours: false, specified: {} },
    ...place,
    ...service,
  })
  const sections = { ...UNCHECKED, contact: { ...UNCHECKED.contact, changedBy: `person:${SECRET}@example.nhs.uk` } }
  const further = { ...main, typeId: 131, odsCode: `${odsCode}UMS` }
  return { before: undefined, profile, sections, newServices: [main, further] }
}

const address = (latitude: number, postcode = 'M33 7AB', ...lines: readonly string[]) => ({
  address: {
    lines: lines.length > 0 ? lines : ['1 High Street', 'Sale', 'Cheshire'],
    postcode,
    position: at(latitude),
  },
})

const GIVEN = { offered: true, hours: null, byAppointment: false, bookingLink: null, from: null, to: null }

const PHARMACIES: readonly ProfileWrite[] = [
  pharmacy('FX001', { ...address(53.42), facilities: { '35': { has: true } } }),
  pharmacy('FX002', { ...address(53.421), weekly: [LATE, LATE, LATE, LATE, LATE, LATE, LATE] }),
  pharmacy('FX003', { ...address(53.422), status: 'hidden' }),
  pharmacy('FX004', { ...address(53.423), status: 'temporarily-closed' }),
  pharmacy('FX005', { ...address(53.424), kind: 'appliance', weekly: Array(7).fill(null) }),
  pharmacy('FX006', { ...address(53.425), kind: 'distance-selling' }, { typeId: 134 }),
  pharmacy('FX007', {
    ...address(53.426),
    name: '<script>alert("x")</script> & Sons',
    weekly: [...USUAL_WEEK.slice(0, 4), null, [], []],
  }),
  pharmacy('FX008', { ...address(53.427), status: 'closed' }, { status: 'CLOSED' }),
  pharmacy('FX009', address(50.7, 'PO30 1AA', '1 High Street', 'Newport', 'Isle of Wight')),
  pharmacy('FX010', {
    ...address(52.77, 'TF10 7AA', '1 High Street', 'Newport', 'Shropshire'),
    facilities: { '35': { has: true }, '28': { has: true } },
    services: { SRV0277: GIVEN, SRV0522: GIVEN },
  }),
]

describe('the public pages', () => {
  let started: StartedApp
  let closeDb: () => Promise<void>
  const get = (url: string, headers: Record<string, string> = {}) => started.app.inject({ url, headers })
  const page = async (url: string, status = 200): Promise<string> => {
    const answer = await get(url)
    assert.equal(answer.statusCode, status, `${url}: ${answer.body.slice(0, 300)}`)
    assert.match(String(answer.headers['content-type']), /^text\/html/)
    assert.equal(answer.headers['set-cookie'], undefined, `${url} sets a cookie`)
    return answer.body
  }
  const rows = (html: string) =>
    [...html.matchAll(/href="\/pharmacies\/(\w+)(?:\?from=[^"]*)?"/g)].map(([, code]) => code)

  before(async () => {
    const db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    await db.pool
      .insertInto('postcode')
      .values([
        { postcode_key: 'M337AB', latitude: 53.42, longitude: -2.32, source: 'test' },
        {
          ...{ postcode_key: 'M331ZZ', latitude: 53.42, longitude: -2.32, source: 'test' },
          ...{ terminated: true, terminated_in: 199606 },
        },
        // Invented: a Welsh council beside Sale, and a Scottish postcode far from all pharmacies.
        {
          ...{ postcode_key: 'LL130AA', latitude: 53.43, longitude: -2.33, source: 'test' },
          local_authority_code: 'W06000006',
        },
        { postcode_key: 'EH11AB', latitude: 55.95, longitude: -3.19, source: 'test' },
      ])
      .execute()
    const context = {
      actor: 'command:test',
      action: 'test',
      recordedAt: NOW,
      decides: true,
      issueReceipts,
      onMeeting: 'take',
    } as const
    await db.transact((tx) => commitProfiles(tx, PHARMACIES, context))
    closeDb = () => db.close()
    started = await startApp(db, { clock: fixedClock(NOW), settings: { BASE_URL: 'https://signpost.example' } })
  })
  after(async () => {
    await started.close()
    await closeDb()
  })

  describe('searching', () => {
    const searches: readonly (readonly [query: string, codes: readonly string[], because: string])[] = [
      [
        'postcode=M33+7AB',
        ['FX001', 'FX002', 'FX004', 'FX007', 'FX010', 'FX009', 'FX006'],
        'nearest first, one row each; online last; no hidden, closed or appliance ones',
      ],
      ['postcode=M33+7AB&open=now', ['FX001', 'FX010', 'FX009', 'FX006'], 'only those known to be open'],
      ['place=Sale&open=2026-12-11T23:00', ['FX002'], 'a late one'],
      ['place=Sale&open=2026-12-12T01:00', ['FX002'], 'whose session passes midnight'],
      ['place=Sale&open=2026-12-14T10:00', [], 'a dated change closes all'],
      [
        'postcode=M33+9ZZ&open=now',
        ['FX001', 'FX010', 'FX009', 'FX006'],
        'a postcode that we lack is answered near M33',
      ],
      [
        'postcode=M33+1ZZ&open=now',
        ['FX001', 'FX010', 'FX009', 'FX006'],
        'a postcode that is no longer used still has a place',
      ],
      ['place=M33&open=now', ['FX001', 'FX010', 'FX009', 'FX006'], 'an outcode'],
      ['place=M33&access=step-free', ['FX001', 'FX010', 'FX006'], 'those that say so, and nobody goes to the last'],
      ['place=M33&access=step-free&access=parking', ['FX010', 'FX006'], 'both'],
      ['place=M33&service=flu', ['FX010'], 'the only one that says so'],
      ['place=M33&service=flu&open=2026-12-12T12:00', [], 'it is shut then'],
      ['place=M33&service=flu+jab&access=parking&open=now', ['FX010'], 'everything at once, by an old name'],
      ['place=M33&delivery=yes', ['FX010', 'FX006'], 'who brings medicines, and who sends them'],
      ['latitude=52.770&longitude=-2.320&open=now', ['FX010', 'FX001', 'FX009', 'FX006'], 'where somebody is'],
      ['place=Newport,+Shropshire&open=now', ['FX010', 'FX001', 'FX009', 'FX006'], 'one of two towns'],
    ]
    for (const [query, codes, because] of searches) {
      test(`${query} finds ${codes.join(', ') || 'none'}: ${because}`, async () => {
        const html = await page(`/pharmacies?${query}`)
        assert.deepEqual(rows(html.replace(/Hours not confirmed[\s\S]*?(?=Online pharmacies|<\/main>)/, '')), codes)
      })
    }

    test('a holiday that nobody answered for lists pharmacies to contact, none as open', async () => {
      const html = await page('/pharmacies?place=Sale&open=2026-12-25T10:00')
      assert.match(html, /No pharmacies found[\s\S]*Hours not confirmed[\s\S]*hours on Christmas Day are not confirmed/)
      assert.doesNotMatch(html, /Open until/)
    })
    test('the postcode we lack is named, and so is what stands in for it', async () => {
      assert.match(
        await page('/pharmacies?postcode=M33+9ZZ'),
        /do not know exactly where M33 9ZZ is, so this page shows pharmacies near M33/,
      )
    })
    test('a postcode that is no longer in use is said to be none, since when, and where the list is', async () => {
      const html = await page('/pharmacies?postcode=M33+1ZZ')
      assert.match(
        html,
        /M33 1ZZ is no longer in use: Royal Mail withdrew it in June 1996\. This page shows pharmacies/,
      )
    })
    test('a place across the border shows pharmacies in England, and whom to ask at home', async () => {
      const html = await page('/pharmacies?postcode=LL13+0AA')
      assert.match(html, /LL13 0AA is in Wales\. This service covers England\. These are the nearest[\s\S]*111\.wales/)
      assert.ok(rows(html).includes('FX001'))
    })
    test('times on foot are said from a postcode, here and on the page of the pharmacy', async () => {
      assert.match(
        await page('/pharmacies?postcode=M33+7AB'),
        /estimates from that line[\s\S]*north, about 2 minutes on foot/,
      )
      assert.doesNotMatch(await page('/pharmacies?place=Sale'), /on foot/)
      assert.match(
        await page('/pharmacies/FX002?from=M33+7AB'),
        /in a straight line\. About 2 minutes on foot: our estimate from the straight line/,
      )
    })
    test('two towns of one name are a choice of links that lead on', async () => {
      const html = await page('/pharmacies?place=newport&open=now')
      assert.match(html, /Which Newport do you mean\?/)
      assert.match(html, /href="\/pharmacies\?place=Newport%2C%20Isle%20of%20Wight&amp;open=now"/)
    })
    test('the form leads to the short address', async () => {
      const form = 'place=Sale&open=at&open-day=12&open-month=December&open-year=2026&open-time=3pm'
      const { statusCode, headers } = await get(`/pharmacies?${form}`)
      assert.deepEqual([statusCode, headers.location], [302, '/pharmacies?place=Sale&open=2026-12-12T15:00'])
    })
    test('the results page without a search leads to the search', async () => {
      assert.equal((await get('/pharmacies')).headers.location, '/')
    })
  })

  describe('bad input is answered with a page that says what to do', () => {
    const long = 'x'.repeat(10_000)
    const bad: readonly (readonly [query: string, status: number, message: RegExp])[] = [
      [`place=${long}`, 400, /of 100 characters or fewer/],
      [`place=${encodeURIComponent('é'.repeat(10_000))}`, 400, /of 100 characters or fewer/],
      [`postcode=${long}&open=${long}`, 400, /Choose when the pharmacy should be open/],
      ['place=', 400, /Enter a postcode, town or area/],
      ['place=%00%01%7F', 400, /Enter a postcode, town or area/],
      ['place=%3Cscript%3Ealert(1)%3C/script%3E', 404, /“&lt;script&gt;alert\(1\)&lt;\/script&gt;”/],
      ['place=%D0%9C33+7%D0%90%D0%92', 400, /letters of the English alphabet/],
      ['postcode=CF10+1AA', 404, /CF10 1AA is in Wales/],
      ['postcode=EH1+1AA', 404, /EH1 1AA is in Scotland[\s\S]*call NHS 24 on 111/],
      ['postcode=EH1+1AB', 404, /EH1 1AB is in Scotland[\s\S]*href="https:\/\/www\.nhsinform\.scot\/"/],
      ['postcode=BT1+1AA', 404, /BT1 1AA is in Northern Ireland[\s\S]*Health and Social Care/],
      ['postcode=M33+7A8', 400, /“M33 7A8” is not a postcode[\s\S]*href="\/pharmacies\?place=M33%207AB"/],
      ['postcode=QM33+7AB', 404, /choose the one that we suggest[\s\S]*href="\/pharmacies\?place=M33%207AB"/],
      ['postcode=QQ1+1AA', 404, /do not know the postcode QQ1 1AA/],
      ['postcode=M3333+7AB', 400, /Enter a full postcode, like M33 7AB/],
      ['place=Atlantis', 404, /do not know a place called “Atlantis”/],
      ['place=Sael', 404, /Check the spelling/],
      ['place=Sale&place=Leeds', 400, /one postcode or place at a time/],
      ['place=Sale&open=yes', 400, /Choose when the pharmacy should be open/],
      ['place=Sale&open=2026-12-11T10:34Z', 400, /Choose when the pharmacy should be open/],
      ['place=Sale&open=2027-02-29T10:00', 400, /The date must be a real date/],
      ['place=Sale&open=2020-01-01T10:00', 400, /id="open-date-error"[\s\S]*The date must be today or in the future/],
      ['place=Sale&open=2999-01-01T10:00', 400, /The date must be before 2029/],
      ['place=Sale&open=2027-03-28T01:30', 400, /clocks go forward from 1am to 2am/],
      ['place=Sale&open=at&open-time=25:00', 400, /Enter a time that we can read/],
      ['place=Sale&open=at&open-day=29&open-month=2&open-year=2027&open-time=9', 400, /The date must be a real date/],
    ]
    for (const [query, status, message] of bad) {
      test(`${query.slice(0, 70)} is ${status}`, async () => {
        const html = await page(`/pharmacies?${query}`, status)
        assert.match(html, message)
        assert.match(html, /<title>Error: Find a pharmacy/)
        assert.doesNotMatch(html, /<script>alert/)
      })
    }
    const odd: readonly (readonly [query: string, because: RegExp])[] = [
      ['postcode=M33+7AB&place=Newport', /Search near Newport instead/],
      ['place=Sale&open=now&open=now', /Pharmacies open now near Sale/],
      ['place=Sale&show=99999', /Pharmacies near Sale/],
      ['place=Sale&open=2026-12-11T09:00', /9am today has passed/],
      ['place=Sale&unknown=1&__proto__=2', /Pharmacies near Sale/],
    ]
    for (const [query, words] of odd) {
      test(`${query} is answered`, async () => assert.match(await page(`/pharmacies?${query}`), words))
    }
    for (const path of [
      '/pharmacies?place=%E0%A4%A',
      '/pharmacies?%FF=1',
      '/pharmacies/%E0%A4%A',
      `/pharmacies/${'F'.repeat(5000)}`,
    ]) {
      test(`${path.slice(0, 40)} is a page with a status below 500`, async () => {
        const { statusCode, headers } = await get(path)
        assert.ok(statusCode >= 300 && statusCode < 500, String(statusCode))
        assert.match(String(headers['content-type'] ?? 'text/html'), /^text\/html/)
      })
    }
  })

  describe('the page of a pharmacy', () => {
    const said: readonly (readonly [code: string, words: readonly RegExp[]])[] = [
      [
        'FX001',
        [
          /Open until 5pm/,
          /Friday \(today\)/,
          /Not confirmed: check before you travel/,
          /Stock count/,
          /Pharmacy Urgent Medicines Supply/,
          /from the NHS list, not yet checked/,
        ],
      ],
      ['FX002', [/Closed\. Opens today at 10pm/, /10pm to 2am the next day/]],
      ['FX004', [/temporarily closed/, /Pharmacies nearby/, /Usual opening times/]],
      ['FX005', [/appliance contractor/]],
      ['FX006', [/online pharmacy/, />Staffed hours</]],
      ['FX007', [/Check before you travel/, /&lt;script&gt;alert\(&quot;x&quot;\)/]],
      ['FX008', [/closed for good/, /Pharmacies nearby/]],
    ]
    for (const [code, words] of said) {
      test(`${code} says ${words.join(' and ')}`, async () => {
        const html = await page(`/pharmacies/${code}`)
        for (const pattern of words) assert.match(html, pattern)
      })
    }

    test('hidden and unknown pharmacies are not found, on a page that helps', async () => {
      for (const code of ['FX003', 'ZZ999', 'FX0011', '<b>', 'FX001.xyz']) {
        const html = await page(`/pharmacies/${encodeURIComponent(code)}`, 404)
        assert.match(html, /We cannot find that pharmacy[\s\S]*name="place"/)
      }
    })
    test('a code in small letters or with blanks leads to the one address', async () => {
      for (const code of ['fx001', 'Fx001', 'fx%20001']) {
        const { statusCode, headers } = await get(`/pharmacies/${code}`)
        assert.deepEqual([statusCode, headers.location], [301, '/pharmacies/FX001'])
      }
      assert.equal((await get('/pharmacies/fx003')).statusCode, 404)
    })
    test('search engines read the opening times', async () => {
      const html = await page('/pharmacies/FX001')
      const [, json = ''] = /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(html) ?? []
      const data = JSON.parse(json) as Record<string, unknown>
      assert.equal(data['url'], 'https://signpost.example/pharmacies/FX001')
      assert.equal((data['openingHoursSpecification'] as unknown[]).length, 5)
    })
    test('the way is said from the place that was searched; a place that nobody knows is nowhere', async () => {
      const start = (from: string) => page(`/pharmacies/FX010?from=${encodeURIComponent(from)}`)
      assert.match(await start('M33 7AB'), /<p>45 miles \(72 km\) south of M33 7AB in a straight line\.<\/p>/)
      assert.match(
        await start('53.420,-2.320'),
        /<p>45 miles \(72 km\) south of your location in a straight line\.<\/p>/,
      )
      for (const nowhere of ['', 'Nowhere-on-Sea', '99,99', '"><script>']) {
        assert.doesNotMatch(await start(nowhere), /in a straight line|"><script>/)
      }
    })
    test('the website opens without telling it who sent the visitor', async () => {
      assert.match(
        await page('/pharmacies/FX001'),
        /href="https:\/\/www.example.org\/shop" rel="noopener[^"]*">example.org\/shop</,
      )
    })
  })

  describe('calendars and feeds', () => {
    const answers: readonly (readonly [url: string, status: number, type: RegExp, because: string])[] = [
      ['/pharmacies/FX001.ics', 200, /^text\/calendar/, 'the hours of a pharmacy'],
      ['/pharmacies/fx001.rss', 200, /^application\/rss\+xml/, 'its news, in any case'],
      ['/pharmacies/FX001.json', 200, /^application\/feed\+json/, 'the same as JSON'],
      ['/pharmacies/FX003.ics', 404, /^text\/html/, 'nothing of one that is hidden'],
      ['/pharmacies/FX005.ics', 404, /^text\/html/, 'an appliance contractor has no hours'],
      ['/pharmacies/FX999.rss', 404, /^text\/html/, 'nobody'],
      ['/areas/QQQ', 404, /^text\/html/, 'no such area'],
      ['/areas/QQQ.ics', 404, /^text\/html/, 'nor its calendar'],
    ]
    for (const [url, status, type, because] of answers) {
      test(`${url} is ${status}: ${because}`, async () => {
        const answer = await get(url)
        assert.equal(answer.statusCode, status)
        assert.match(String(answer.headers['content-type']), type)
        const etag = answer.headers['etag']
        if (status === 200) assert.equal((await get(url, { 'if-none-match': String(etag) })).statusCode, 304)
      })
    }
  })

  test('nothing private is on any page', async () => {
    const pages = [
      '/',
      '/pharmacies?place=Sale',
      '/pharmacies?place=Sale&open=now',
      '/pharmacies?place=Sale&open=2026-12-25T10:00',
    ]
    const codes = PHARMACIES.map(({ profile }) => `/pharmacies/${profile.odsCode}`)
    const feeds = [...codes, '/areas/QOP'].flatMap((url) => [`${url}.ics`, `${url}.rss`, `${url}.json`])
    for (const url of [...pages, ...codes, ...feeds, '/areas/QOP'])
      assert.doesNotMatch((await get(url)).body, new RegExp(SECRET), url)
  })

  describe('caching', () => {
    test('a page that has not changed is not sent again, and one that has is', async () => {
      const first = await get('/pharmacies/FX001')
      const etag = String(first.headers.etag)
      assert.match(String(first.headers['cache-control']), /max-age=0.*must-revalidate/)
      const again = await get('/pharmacies/FX001', { 'if-none-match': etag })
      assert.deepEqual([again.statusCode, again.body, again.headers['content-security-policy']], [304, '', undefined])
      assert.equal((await get('/pharmacies/FX001', { 'if-none-match': 'W/"other", "another"' })).statusCode, 200)
      started.clock.set('2026-12-11T17:34:00Z')
      const later = await get('/pharmacies/FX001', { 'if-none-match': etag })
      assert.equal(later.statusCode, 200)
      assert.match(later.body, /Closed/)
      started.clock.set(NOW)
    })
    test('HEAD is answered like GET, without the page', async () => {
      for (const url of ['/', '/pharmacies?place=Sale', '/pharmacies/FX001']) {
        const answer = await started.app.inject({ method: 'HEAD', url })
        assert.deepEqual([answer.statusCode, answer.body], [200, ''])
        assert.ok(answer.headers.etag)
      }
    })
  })
})
