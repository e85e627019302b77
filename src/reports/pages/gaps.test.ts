import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import type { Browser } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { errorsOf, type Manager, startManager, storePharmacy, visible } from '#test/support/manage.ts'

const inIcb = (icbCode: string) => ({ parentCode: null, icbCode, healthAndWellbeingBoard: null })
const PATH = '/reports/gaps'

describe('near misses', () => {
  let db: OpenDb
  let manager: Manager
  let lead: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db, { profile: { commissioning: inIcb('QOP') } })
    const theirs = aProfile({ odsCode: 'FX999', name: 'Elsewhere Pharmacy', commissioning: inIcb('QHL') })
    await storePharmacy(db, theirs, [aService({ uid: 2_000_000_099, odsCode: 'FX999', name: '=Elsewhere' })])
    const gap = (day: string, uid: number, rule: string, searches: number) => ({
      ...{ day, uid, test: rule, symptom_group: 1011, searches },
    })
    await db.pool
      .insertInto('search_gap')
      .values([
        gap('2026-12-10', 2_000_000_001, 'session', 3),
        gap('2026-12-11', 2_000_000_001, 'session', 4),
        gap('2026-12-11', 2_000_000_002, 'capacity', 1),
        gap('2026-11-01', 2_000_000_003, 'age', 50),
        gap('2026-12-11', 2_000_000_099, 'session', 9),
      ])
      .execute()
    lead = await as('lead', 'area:QOP')
  })
  after(async () => {
    await manager.close()
    await db.close()
  })
  const as = (role: string, scope: string) =>
    manager.as({ email: `${role}-${scope.slice(5)}@nhs.example`, grants: [{ role, scope }] })

  test('are added up by rule and by service, the most frequent first, of one’s own area alone', async () => {
    for (const address of [PATH, `${PATH}?area=QHL`]) {
      const page = visible(await lead.open(address))
      assert.match(page, /Near misses 14 November 2026 to 11 December 2026/)
      assert.match(
        page,
        /By rule They are not open when it is needed 7 times, 1 service They are Red: they cannot take anybody now 1 time, 1 service/,
      )
      assert.match(
        page,
        /Missed most often Pharmacy: Hill & Sons, Sale They are not open when it is needed: 7 searches for symptom group 1011 FX123, UID 2000000001 Urgent medicines/,
      )
      assert.doesNotMatch(page, /Elsewhere|Minor illness/)
    }
  })

  test('are those of everywhere for the national team, or of the area they choose', async () => {
    const national = await as('national', '')
    assert.match(visible(await national.open(PATH)), /not open when it is needed 16 times, 2 services/)
    const theirs = visible(await national.open(`${PATH}?area=QHL`))
    assert.match(theirs, /not open when it is needed 9 times, 1 service/)
    assert.doesNotMatch(theirs, /Hill/)
  })

  test('are none for the lead of an area in which nothing was missed', async () => {
    const other = await as('lead', 'area:QXX')
    assert.match(visible(await other.open(PATH)), /No near misses were counted on these days/)
    assert.equal((await other.open(`${PATH}.csv`)).body, '\uFEFFday,uid,name,rule,symptomGroup,searches\n')
  })

  test('come as CSV, day by day, without a formula in it', async () => {
    assert.equal((await lead.ask(`${PATH}.csv?area=QHL`)).status, 400, 'of another area there is no file')
    const { body, headers } = await lead.open(`${PATH}.csv`)
    assert.match(headers.get('content-type') ?? '', /^text\/csv/)
    assert.deepEqual(body.slice(1).trim().split('\n'), [
      'day,uid,name,rule,symptomGroup,searches',
      '2026-12-10,2000000001,"Pharmacy: Hill & Sons, Sale",session,1011,3',
      '2026-12-11,2000000001,"Pharmacy: Hill & Sons, Sale",session,1011,4',
      '2026-12-11,2000000002,Urgent medicines,capacity,1011,1',
    ])
    const commissioner = await as('commissioner', 'area:QHL')
    assert.match((await commissioner.open(`${PATH}.csv`)).body, /,2000000099,'=Elsewhere,session,1011,9/)
  })

  test('are shown for the days that are asked for', async () => {
    const days = 'from-day=1&from-month=11&from-year=2026&to-day=1&to-month=nov&to-year=2026'
    assert.match(visible(await lead.open(`${PATH}?${days}`)), /1 November 2026 to 1 November 2026 .* 50 times/)
  })

  const wrong: readonly (readonly [query: string, errors: Record<string, string>])[] = [
    ['to-day=12&to-month=12&to-year=2026', { 'to-day': 'The last day must be today or in the past' }],
    ['from-day=11', { 'from-month': 'The first day must include a month and a year' }],
    [
      'from-day=9&from-month=12&from-year=2026&to-day=8&to-month=12&to-year=2026',
      { 'from-day': 'The first day must be before the last day' },
    ],
    ['from-day=1&from-month=1&from-year=2026', { 'from-day': 'Choose 120 days or fewer' }],
  ]
  for (const [query, errors] of wrong) {
    test(`days that cannot be are named: ${query}`, async () => {
      const page = await lead.open(`${PATH}?${query}`)
      assert.deepEqual(errorsOf(page), errors)
      assert.match(visible(page), /14 November 2026 to 11 December 2026/)
      assert.equal((await lead.open(`${PATH}.csv?${query}`)).status, 200)
    })
  }
})
