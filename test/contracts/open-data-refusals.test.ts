/** Every parameter of the search for services with values that are no good, through the real app. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { problemForm } from '#src/apis/open-data/answers.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { fillOpenDirectory, read } from '#test/support/open-directory.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'

describe('GET /api/v1/services refuses, and says what to do', () => {
  let started: StartedApp
  const get = (url: string) => started.app.inject({ url })
  before(async () => {
    const db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    await fillOpenDirectory(db)
    const app = await startApp(db)
    started = { ...app, close: () => app.close().finally(() => db.close()) }
  })
  after(() => started.close())

  const refusals: readonly (readonly [query: string, field: string, says: RegExp])[] = [
    ['', 'postcode', /postcode, or latitude and longitude/],
    ['postcode=', 'postcode', /full postcode/],
    ['postcode=M33', 'postcode', /full postcode/],
    ['postcode=%3Cscript%3E', 'postcode', /full postcode/],
    ['postcode=ZZ337AB&postcode=ZZ337AB', 'postcode', /once/],
    ['postcode=%ZZ', 'postcode', /full postcode/],
    [`postcode=${'A'.repeat(5000)}`, 'postcode', /full postcode/],
    ['postcode=%D0%9C33%207AB', 'postcode', /full postcode/],
    ['postcode=ZZ337AB&latitude=1&longitude=2', 'postcode', /not both/],
    ['postcode=ZZ337AB&longitude=2', 'postcode', /not both/],
    ['latitude=53', 'longitude', /as well as latitude/],
    ['longitude=-2', 'latitude', /as well as longitude/],
    ['latitude=91&longitude=0', 'latitude', /-90 to 90/],
    ['latitude=0&longitude=-180.01', 'longitude', /-180 to 180/],
    ['latitude=abc&longitude=0', 'latitude', /decimal degrees/],
    ['latitude=NaN&longitude=0', 'latitude', /decimal degrees/],
    ['latitude=Infinity&longitude=0', 'latitude', /decimal degrees/],
    ['latitude=5e1&longitude=0', 'latitude', /decimal degrees/],
    ['latitude=%D9%A5%D9%A3&longitude=0', 'latitude', /decimal degrees/],
    ['latitude=53&longitude=', 'longitude', /degrees/],
    ['latitude=53&longitude=0&longitude=1', 'longitude', /once/],
    ['type=abc', 'type', /type numbers/],
    ['type=', 'type', /type numbers/],
    ['type=13,', 'type', /type numbers/],
    ['type=13&type=134', 'type', /once/],
    ['type=-13', 'type', /type numbers/],
    ['type=13.5', 'type', /type numbers/],
    ['type=99999999999999999999', 'type', /type numbers/],
    [`type=${Array(51).fill(13).join(',')}`, 'type', /up to 50 type numbers/],
    ['open-at=2026-12-11T10:34Z', 'open-at', /without|zone/],
    ['open-at=2026-12-11T10:34%2B00:00', 'open-at', /zone/],
    ['open-at=2026-12-11T10:34+01:00', 'open-at', /zone/],
    ['open-at=2026-12-11T10:34:00', 'open-at', /to the minute/],
    ['open-at=2026-12-11T24:00', 'open-at', /00:00 of the next day/],
    ['open-at=2026-12-11T25:00', 'open-at', /such as/],
    ['open-at=2026-12-11T10:60', 'open-at', /such as/],
    ['open-at=2027-02-29T10:00', 'open-at', /no 2027-02-29/],
    ['open-at=2026-13-01T10:00', 'open-at', /no 2026-13-01/],
    ['open-at=2027-03-28T01:30', 'open-at', /skip 01:30 on 2027-03-28/],
    ['open-at=2026-12-11', 'open-at', /such as/],
    ['open-at=now', 'open-at', /such as/],
    ['open-at=', 'open-at', /London time/],
    ['open-at=2026-12-11T10:34&open-at=2026-12-11T10:35', 'open-at', /once/],
    ['status=closed', 'status', /open/],
    ['status=OPEN', 'status', /open/],
    ['status=', 'status', /open/],
    ['limit=0', 'limit', /1 to 50/],
    ['limit=51', 'limit', /1 to 50/],
    ['limit=-1', 'limit', /1 to 50/],
    ['limit=1.5', 'limit', /1 to 50/],
    ['limit=ten', 'limit', /1 to 50/],
    ['limit=', 'limit', /1 to 50/],
    ['limit=10&limit=10', 'limit', /once/],
    ['openat=2026-12-11T10:34', 'openat', /no such parameter.*open-at/],
    ['Postcode=ZZ337AB', 'Postcode', /no such parameter/],
    ['__proto__=1', '__proto__', /no such parameter/],
    ['constructor=1', 'constructor', /no such parameter/],
  ]
  for (const [query, field, says] of refusals) {
    const shown = query.length > 60 ? `${query.slice(0, 60)}…` : query
    test(`refuses "${shown}" and says what to do about ${field}`, async () => {
      const place = /postcode|latitude|longitude/i.test(query) || query === '' ? '' : 'postcode=ZZ337AB&'
      const answer = await get(`/api/v1/services?${place}${query}`)
      assert.equal(answer.statusCode, 400, answer.body)
      assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
      const problem = read(problemForm, answer)
      assert.equal(problem.status, 400)
      const error = problem.errors?.find((one) => one.field === field)
      assert.match(error?.message ?? '', says)
      assert.ok(problem.detail.includes(error?.message ?? '?'))
    })
  }

  test('names everything that is wrong at once', async () => {
    const problem = read(problemForm, await get('/api/v1/services?limit=99&type=x&colour=red'))
    assert.deepEqual(problem.errors?.map(({ field }) => field).sort(), ['colour', 'limit', 'type'])
  })
})
