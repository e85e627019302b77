import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveServices } from '#src/directory/save-services.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { storeCatalogue } from '#src/reference-data/reference-file.ts'
import type { Browser } from '#test/support/browser.ts'
import { aService, USUAL_WEEK } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { errorsOf, type Manager, startManager, visible } from '#test/support/manage.ts'

const AT = '2026-12-01T09:00:00.000Z'
const CLINICAL = {
  ...{ sgsd: { 1011: [4003] }, genders: ['F', 'M'], ages: [[0, 50_000]], dispositions: [1008], roles: [4] },
  ...{ restricted: false, referrals: ['P84016'] },
}
const SHUT = { weekly: USUAL_WEEK.map(() => []), bankHoliday: null, openAllHours: false, specified: {} }
const HERE = { easting: 378_940, northing: 391_980 }
const at = (uid: number, name: string, km: number, given: object = {}, other: object = {}) =>
  aService({
    ...{ uid, name, typeId: 132, odsCode: `FY${uid}`, ...HERE, easting: HERE.easting + km * 1000 },
    ...given,
    other: { ...CLINICAL, ...other },
  })
const SERVICES = [
  at(901, 'Nearest', 1),
  at(902, 'Further', 2),
  at(903, 'Better type', 5, { typeId: 131 }),
  at(904, 'Shut today', 1, { hours: SHUT }),
  at(905, 'Red', 3, {}, { capacity: { status: 'RED', resetAt: null } }),
  at(906, 'Shut and for others', 3, { hours: SHUT }, { roles: [5] }),
  at(907, 'Elsewhere', 50),
  at(908, 'Closed for good', 1, { status: 'CLOSED' }),
]
const CALL = { postcode: 'M33 7AB', age: '34', gender: 'F', symptom: '1011', discriminators: '4003', role: '4' }
const address = (given: Record<string, string>) => `/workspace/search-tester?${new URLSearchParams(given)}`

describe('the search tester', () => {
  let db: OpenDb
  let manager: Manager
  let lead: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    await db.pool
      .insertInto('postcode')
      .values({ postcode_key: 'M337AB', latitude: 53.424, longitude: -2.318, ...HERE, source: 'test' })
      .execute()
    await db.transact(async (tx) => {
      const catalogue = {
        types: [
          { id: 131, name: 'Urgent medicines', rank: 2 },
          { id: 132, name: 'Minor illness', rank: 3 },
        ],
        pairs: { 1011: [4003, 4004] },
        symptomGroups: [{ id: 1011, name: 'Sore throat' }],
        discriminators: [{ id: 4003, name: 'For a week' }],
        dispositions: [{ id: 1008, timeframe: 60, name: 'Within an hour' }],
        roles: [{ id: 4, name: 'NHS 111' }, { id: 5 }],
        searchDistances: { M33: 20 },
      }
      await storeCatalogue(tx, catalogue, { actor: 'command:test', action: 'test', at: AT })
      const saved = {
        actor: 'command:test',
        action: 'test',
        recordedAt: AT,
        decides: false,
        onMeeting: 'keep',
      } as const
      await saveServices(tx, SERVICES, saved)
    })
    manager = await startManager(db)
    lead = await manager.as({ email: 'lee@nhs.example', grants: [{ role: 'lead', scope: 'area:QOP' }] })
  })
  after(async () => {
    await manager.close()
    await db.close()
  })
  const ask = async (given: Record<string, string>) => visible(await lead.open(address(given)))

  test('returns what a program would be told, in its order, with the reason of each place', async () => {
    const page = await ask(CALL)
    assert.match(page, /3 services In the order .* up to 20 km .* of M33 7AB/)
    assert.match(page, /Better type Urgent medicines, .* UID 903 Its type has rank 2 of 10 here Nearest/)
    assert.match(
      page,
      /Nearest Minor illness, 0\.6 miles Green Open until .* UID 901 Its type has rank 3 of 10 here Further/,
    )
    assert.match(page, /UID 902 Its type has rank 3 of 10 here, further away than the one above/)
  })

  test('says the first rule that each of the others failed, and marks who failed nothing else', async () => {
    const page = await ask(CALL)
    assert.match(page, /They are not open when it is needed: 1 service Shut today, UID 904, 0\.6 miles Near miss/)
    assert.match(page, /Red: they cannot take anybody now: 1 service Red, UID 905, [\d.]+ miles Near miss/i)
    assert.match(page, /this kind of caller: 1 service Shut and for others, UID 906, [\d.]+ miles (?!Near miss)/)
  })

  test('a surgery, an hour and a distance change the answer as they do for a program', async () => {
    assert.match(
      await ask({ ...CALL, surgery: 'p84016', time: '3pm' }),
      /When 3pm on Friday 11 December 2026 .* commissioned by the patient’s surgery/,
    )
    assert.match(await ask({ ...CALL, distance: '60' }), /others of their type come first: 1 service Elsewhere/)
    assert.match(
      await ask({ ...CALL, 'date-day': '13', 'date-month': 'dec', 'date-year': '2026', time: '3am' }),
      /No services Nobody up to 20 km/,
    )
  })

  test('says what was asked, with the names of the catalogue', async () => {
    const page = await ask({ ...CALL, disposition: '1008' })
    assert.match(
      page,
      /Where M33 7AB, 20 km \(kept for its district\) .*Patient Female, 34 years .*Symptom group 1011 Sore throat Discriminators 4003 For a week Disposition 1008 Within an hour Referral role 4 NHS 111/,
    )
    assert.match(page, /Discriminators that go with symptom group 1011 4003 For a week 4004/)
  })

  const wanted: readonly (readonly [service: string, words: RegExp, because: string])[] = [
    ['902', /Further, UID 902 Returned Returned as number 3 of 3\./, 'it was returned'],
    ['fy904', /Shut today, UID 904 Not returned They are not open when it is needed\./, 'by its ODS code'],
    [
      '906',
      /Not returned They do not take people from this kind of caller\. It would then fail these as well: They are not open/,
      'two rules stand in its way',
    ],
    ['907', /Not returned They are too far away\./, 'it lies outside the box'],
    ['908', /Not returned They are not active\./, 'it has closed for good'],
  ]
  for (const [service, words, because] of wanted) {
    test(`says of a service that somebody looks for what became of it: ${because}`, async () => {
      assert.match(await ask({ ...CALL, service }), words)
    })
  }

  const wrong: readonly (readonly [given: Record<string, string>, errors: Record<string, string>])[] = [
    [
      { postcode: '', age: '', symptom: '', discriminators: '' },
      {
        postcode: 'Enter the postcode of the caller',
        age: 'Enter an age, or choose an age group',
        symptom: 'Enter a symptom group',
        discriminators: 'Enter at least one symptom discriminator',
      },
    ],
    [{ age: '1' }, { age: 'Age in years must be from 2 to 129. For a younger child use months or days' }],
    [{ age: '24', unit: 'months' }, { age: 'Age in months must be from 1 to 23' }],
    [{ age: '4', unit: 'weeks' }, { unit: 'Choose years, months or days' }],
    [{ group: '1' }, { age: 'Enter an age or choose an age group, not both' }],
    [{ age: '', group: '8' }, { group: 'Choose an age group' }],
    [{ postcode: 'ZZ99 9ZZ' }, { postcode: 'Enter a postcode of England that the directory knows, such as M33 7AB' }],
    [{ symptom: '77' }, { symptom: 'Enter the number of a symptom group that is in the catalogue' }],
    [
      { discriminators: '9999 x' },
      { discriminators: 'Enter the number of a discriminator that goes with this symptom group' },
    ],
    [{ disposition: '1' }, { disposition: 'Choose a disposition' }],
    [{ distance: '100' }, { distance: 'Distance must be a whole number from 1 to 99' }],
    [{ time: 'soon' }, { time: 'Time must be a time, such as 7:10pm' }],
    [{ time: '1am' }, { 'date-day': 'Date and time must be in the future. Leave them empty for now' }],
    [{ 'date-day': '12' }, { 'date-month': 'The date must include a month and a year' }],
    [{ role: 'x' }, { role: 'Choose a referral role' }],
    [{ service: 'NOBODY' }, { service: 'No active service has this UID or ODS code' }],
    [{ gender: 'X' }, { gender: 'Choose a sex' }],
  ]
  for (const [given, errors] of wrong) {
    test(`names what to put right: ${JSON.stringify(given)}`, async () => {
      const page = await lead.open(address({ ...CALL, ...given }))
      assert.deepEqual(errorsOf(page), errors)
      assert.match(page.body, /<title>Error: Search tester/)
      assert.doesNotMatch(visible(page), /What was asked/)
    })
  }

  test('a baby is asked for in months, an adult by their group', async () => {
    assert.match(await ask({ ...CALL, age: '8', unit: 'months' }), /3 services/)
    assert.match(await ask({ ...CALL, age: '', group: '1' }), /3 services/)
  })

  test('names sent twice, and characters that nobody types, harm nothing', async () => {
    for (const query of ['postcode=a&postcode=b', 'symptom=%00', `age=${'9'.repeat(9000)}`, 'toString=1&__proto__=2']) {
      assert.ok([200, 414].includes((await lead.ask(`/workspace/search-tester?${query}`)).status), query)
    }
  })

  test('nothing is recorded or counted', async () => {
    await ask(CALL)
    for (const table of ['search_audit', 'search_gap'] as const) {
      assert.deepEqual(await db.pool.selectFrom(table).selectAll().execute(), [], table)
    }
  })
})
