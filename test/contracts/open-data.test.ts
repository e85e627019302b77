/** The open-data API as others meet it: the real app, its answers and its refusals. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { z } from 'zod'
import { changesAnswerForm, pharmacyAnswerForm, problemForm, servicesAnswerForm } from '#src/apis/open-data/answers.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { type Profile, SECTIONS, type Sections } from '#src/profiles/profile.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'
import { storeServices } from '#test/support/stored-services.ts'

const NOW = '2026-12-11T10:34:00.000Z'
/** Stands for every fact that no public answer may hold. */
const SECRET = 'SECRET-MARKER'

const nineToSix = [{ opens: 540, closes: 1080 }]
const week = [nineToSix, nineToSix, nineToSix, nineToSix, nineToSix, [], []]

const service = (uid: number, changes: Partial<ServiceRecord> = {}): ServiceRecord => ({
  uid,
  name: `Service ${uid}`,
  publicName: null,
  typeId: 13,
  odsCode: 'FZ001',
  status: 'ACTIVE',
  address: ['1 High Street', 'Sale'],
  postcode: 'ZZ33 7AB',
  easting: 378_000,
  northing: 392_000,
  latitude: 53.43,
  longitude: -2.32,
  phone: '0161 496 0001',
  web: 'https://fz001.example',
  nonPublicPhone: `${SECRET} phone`,
  email: `${SECRET}@example.nhs.uk`,
  publicInformation: null,
  referralInformation: `${SECRET} referral`,
  hours: { weekly: week, bankHoliday: null, openAllHours: false, specified: {} },
  other: { endpoints: [{ address: SECRET }], [`${SECRET}Key`]: 1 },
  ...changes,
})

const profile = (odsCode: string, changes: Partial<Profile> = {}): Profile => ({
  odsCode,
  name: `Pharmacy ${odsCode}`,
  ownerName: `${SECRET} owner`,
  kind: 'community',
  status: 'open',
  address: {
    lines: ['1 High Street', 'Sale'],
    postcode: 'ZZ33 7AB',
    position: { latitude: 53.43, longitude: -2.32, easting: 378_000, northing: 392_000 },
  },
  contact: {
    phone: '0161 496 0001',
    website: 'https://fz001.example',
    email: 'hello@fz001.example',
    professionalPhone: `${SECRET} other phone`,
    professionalEmail: `${SECRET}@example.nhs.uk`,
  },
  weekly: week,
  holidays: {
    '2026-12-25': { answer: 'closed' },
    '2026-12-28': { answer: 'usual' },
    '2027-01-01': { answer: 'other', sessions: [{ opens: 1320, closes: 1560 }] },
  },
  changes: [{ id: 'a', from: '2026-12-14', to: '2026-12-14', sessions: [], reason: `${SECRET} reason`, note: null }],
  commissioning: { parentCode: null, icbCode: null, healthAndWellbeingBoard: null },
  ...changes,
})

const sections = Object.fromEntries(
  SECTIONS.map((section) => [
    section,
    { source: 'list', changedAt: NOW, changedBy: `person:${SECRET}@example.nhs.uk`, checkedAt: null, checkedBy: null },
  ]),
) as Sections

const saveProfile = (db: Db, one: Profile) =>
  db.transact((tx) =>
    commitProfiles(tx, [{ before: undefined, profile: one, sections }], {
      actor: `person:${SECRET}@example.nhs.uk`,
      action: 'test',
      recordedAt: NOW,
      decides: true,
      onMeeting: 'take',
    }),
  )

async function fill(db: Db): Promise<void> {
  await db.pool
    .insertInto('postcode')
    .values([{ postcode_key: 'ZZ337AB', latitude: 53.43, longitude: -2.32, source: 'test' }])
    .execute()
  await storeServices(db, [
    service(101),
    service(102, { typeId: 131, odsCode: 'FZ001UMS' }),
    service(103, { typeId: 134, odsCode: 'FZ002', latitude: 53.4301 }),
    service(104, { status: 'CLOSED' }),
    service(105, { odsCode: 'FZ003', latitude: null, longitude: null, postcode: 'ZZ99 9ZZ' }),
    service(106, { odsCode: null, typeId: 40, latitude: 53.5, hours: { ...service(0).hours, openAllHours: true } }),
    service(107, { odsCode: 'FZ004', latitude: 53.6, hours: { ...service(0).hours, weekly: Array(7).fill(null) } }),
  ])
  await saveProfile(db, profile('FZ001'))
  await saveProfile(db, profile('FZ009', { status: 'hidden' }))
  await saveProfile(db, profile('FZ008', { status: 'temporarily-closed' }))
}

type Answered = Awaited<ReturnType<StartedApp['app']['inject']>>
const read = <Form extends z.ZodType>(form: Form, answer: Answered): z.infer<Form> => form.parse(answer.json())

onBothDatabases((_kind, open) => {
  describe('with a few services', () => {
    let started: StartedApp
    const get = (url: string, headers: Record<string, string> = {}) => started.app.inject({ url, headers })
    const found = async (query: string) => {
      const answer = await get(`/api/v1/services?${query}`)
      assert.equal(answer.statusCode, 200, answer.body)
      return read(servicesAnswerForm, answer).results
    }
    before(async () => {
      const db = await open()
      await fill(db)
      started = await startApp(db)
    })
    after(() => started.close())

    describe('GET /api/v1/services', () => {
      test('gives the nearest Active services with their open state at a London minute', async () => {
        assert.deepEqual(await found('postcode=zz33%207ab&limit=1'), [
          {
            uid: 101,
            odsCode: 'FZ001',
            name: 'Service 101',
            typeId: 13,
            distanceMetres: 0,
            latitude: 53.43,
            longitude: -2.32,
            openState: { open: true, until: '2026-12-11T18:00', because: 'weekly' },
            phone: '0161 496 0001',
            web: 'https://fz001.example',
            address: '1 High Street, Sale',
            postcode: 'ZZ33 7AB',
          },
        ])
      })

      const cases: readonly (readonly [query: string, uids: readonly number[], because: string])[] = [
        [
          'latitude=53.43&longitude=-2.32',
          [101, 102, 103, 106, 107],
          'nearest first, ties by uid, not the closed or unplaced',
        ],
        ['postcode=ZZ337AB&type=13,134', [101, 103, 107], 'only the types asked for'],
        ['postcode=ZZ337AB&type=13,13,9999', [101, 107], 'a type twice and a type of nobody change nothing'],
        ['postcode=ZZ337AB&status=open', [101, 102, 103, 106], 'not known is not open'],
        ['postcode=ZZ337AB&status=open&open-at=2026-12-11T18:00', [106], 'the closing minute is closed'],
        ['postcode=ZZ337AB&open-at=2026-12-11T18:00', [101, 102, 103, 106, 107], 'open-at alone removes nothing'],
        ['postcode=ZZ337AB&status=open&open-at=2026-12-25T10:00', [106], 'answered as closed, or not answered'],
        [
          'postcode=ZZ337AB&status=open&open-at=2026-12-14T10:00',
          [103, 106],
          'the dated change closes every service of the pharmacy',
        ],
        ['postcode=ZZ337AB&limit=2', [101, 102], 'the tie at the limit goes to the lower uid'],
        ['postcode=ZZ337AB&type=999', [], 'nothing of this type'],
        ['postcode=ZZ337AB&open-at=2026-10-25T01:30&limit=1', [101], 'a minute that occurs twice is taken'],
      ]
      for (const [query, uids, because] of cases) {
        test(`${query} finds ${uids.join(', ') || 'nothing'}: ${because}`, async () => {
          assert.deepEqual(
            (await found(query)).map(({ uid }) => uid),
            uids,
          )
        })
      }

      test('says until when, from when, or that nobody knows', async () => {
        const states = async (query: string) =>
          new Map((await found(`postcode=ZZ337AB&${query}`)).map(({ uid, openState }) => [uid, openState]))
        const friday = await states('open-at=2026-12-11T18:00')
        assert.deepEqual(friday.get(101), { open: false, opensAt: '2026-12-15T09:00', because: 'weekly' })
        assert.deepEqual(friday.get(103), { open: false, opensAt: '2026-12-14T09:00', because: 'weekly' })
        assert.deepEqual(friday.get(106), { open: true, until: null, because: 'openAllHours' })
        assert.deepEqual(friday.get(107), { open: null, opensAt: null, because: 'unknown' })
        const christmas = await states('open-at=2026-12-25T10:00')
        assert.deepEqual(christmas.get(101), { open: false, opensAt: '2026-12-28T09:00', because: 'specified' })
        assert.deepEqual(christmas.get(103), { open: null, opensAt: '2026-12-29T09:00', because: 'unknown' })
        const newYear = await states('open-at=2027-01-02T01:00')
        assert.deepEqual(newYear.get(101), { open: true, until: '2027-01-02T02:00', because: 'specified' })
      })

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
        [`type=${Array(51).fill(13).join(',')}`, 'type', /50 types or fewer/],
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

      test('does not know every postcode', async () => {
        const answer = await get('/api/v1/services?postcode=ZZ1%201ZZ')
        assert.equal(answer.statusCode, 404)
        assert.match(read(problemForm, answer).detail, /ZZ1 1ZZ/)
      })
    })

    describe('GET /api/v1/pharmacies/{odsCode}', () => {
      test('gives what the pharmacy says, and its services', async () => {
        const answer = read(pharmacyAnswerForm, await get('/api/v1/pharmacies/fz001'))
        const { openState, weekly, bankHolidays, specified, services, sections: standings, ...plain } = answer
        assert.deepEqual(plain, {
          odsCode: 'FZ001',
          name: 'Pharmacy FZ001',
          status: 'open',
          kind: 'community',
          address: { lines: ['1 High Street', 'Sale'], postcode: 'ZZ33 7AB' },
          latitude: 53.43,
          longitude: -2.32,
          phone: '0161 496 0001',
          website: 'https://fz001.example',
          email: 'hello@fz001.example',
          facilities: null,
        })
        assert.deepEqual(openState, { open: true, until: '2026-12-11T18:00', because: 'weekly' })
        assert.deepEqual(weekly.slice(4), [[['09:00', '18:00']], [], []])
        assert.deepEqual(specified, {
          '2026-12-14': [],
          '2026-12-25': [],
          '2026-12-28': [['09:00', '18:00']],
          '2027-01-01': [['22:00', '02:00']],
        })
        const holiday = (date: string) => bankHolidays.find((one) => one.date === date)
        assert.deepEqual(holiday('2027-01-01'), {
          date: '2027-01-01',
          name: 'New Year’s Day',
          note: null,
          answer: 'other',
          sessions: [['22:00', '02:00']],
        })
        assert.equal(holiday('2027-03-28')?.answer, null, 'Easter Sunday is asked for and not answered')
        assert.equal(holiday('2027-03-28')?.sessions, null)
        assert.ok(bankHolidays.every(({ date }) => date >= '2026-12-11' && date <= '2028-06-11'))
        assert.deepEqual(
          services.map(({ uid, typeName }) => [uid, typeName]),
          [
            [101, 'Pharmacy'],
            [102, 'Pharmacy Urgent Medicines Supply'],
          ],
        )
        assert.deepEqual(standings['contact'], {
          checkedAt: null,
          changedAt: NOW,
          note: 'From the NHS list, not yet checked by the pharmacy',
        })
      })

      test('says that a temporarily closed pharmacy is closed, whatever its hours', async () => {
        const answer = read(pharmacyAnswerForm, await get('/api/v1/pharmacies/FZ008'))
        assert.equal(answer.status, 'temporarily-closed')
        assert.equal(answer.openState.open, false)
      })

      for (const [code, because] of [
        ['FZ009', 'it is hidden'],
        ['FZ999', 'nobody has it'],
        ['FZ001UMS', 'it is the code of a service'],
        ['FZ0', 'it is too short'],
        ['%3Cscript%3E', 'it is none'],
        ['FZ00%CE%91', 'a look-alike letter is another letter'],
      ] as const) {
        test(`answers 404 to ${code}: ${because}`, async () => {
          const answer = await get(`/api/v1/pharmacies/${code}`)
          assert.equal(answer.statusCode, 404)
          assert.equal(read(problemForm, answer).status, 404)
        })
      }

      test('refuses parameters it does not have', async () => {
        const answer = await get('/api/v1/pharmacies/FZ001?fields=all')
        assert.equal(answer.statusCode, 400)
        assert.equal(read(problemForm, answer).errors?.[0]?.field, 'fields')
      })

      test('need not be sent again while it is the same', async () => {
        const { headers } = await get('/api/v1/pharmacies/FZ001')
        const again = await get('/api/v1/pharmacies/FZ001', { 'if-none-match': String(headers['etag']) })
        assert.equal(again.statusCode, 304)
        assert.equal(again.body, '')
      })
    })

    describe('GET /api/v1/changes', () => {
      test('gives every change once, page by page, without private field names', async () => {
        const whole = read(changesAnswerForm, await get('/api/v1/changes'))
        const seen: string[] = []
        let next = ''
        for (;;) {
          const page = read(changesAnswerForm, await get(`/api/v1/changes?limit=2${next && `&after=${next}`}`))
          next = page.next
          if (page.changes.length === 0) break
          seen.push(...page.changes.map(({ cursor }) => cursor))
        }
        assert.deepEqual(
          seen,
          whole.changes.map(({ cursor }) => cursor),
        )
        assert.deepEqual(seen, seen.toSorted(), 'cursors sort as text')
        assert.equal(new Set(seen).size, seen.length)
        assert.equal(next, whole.next)
        const projected = whole.changes.findLast(({ uid }) => uid === 101)
        assert.deepEqual(projected?.fields, ['specified'], 'its other phone number changed as well')
        assert.equal(projected?.at, NOW)
        assert.equal(projected?.odsCode, 'FZ001')
      })

      const refusals: readonly (readonly [query: string, field: string])[] = [
        ['after=abc', 'after'],
        ['after=', 'after'],
        ['after=5', 'after'],
        ['after=-000000000000001', 'after'],
        ['after=9999999999999999', 'after'],
        ['after=0000000009999999', 'after'],
        ['after=0000000000000000&after=0000000000000000', 'after'],
        ['limit=0', 'limit'],
        ['limit=1001', 'limit'],
        ['limit=x', 'limit'],
        ['since=yesterday', 'since'],
      ]
      for (const [query, field] of refusals) {
        test(`refuses ${query}`, async () => {
          const answer = await get(`/api/v1/changes?${query}`)
          assert.equal(answer.statusCode, 400, answer.body)
          assert.equal(read(problemForm, answer).errors?.[0]?.field, field)
        })
      }
    })

    describe('all of it', () => {
      test('describes itself, every parameter and every answer', async () => {
        const answer = await get('/api/v1/openapi.json')
        const document = answer.json()
        assert.equal(document.openapi, '3.1.0')
        assert.deepEqual(
          document.paths['/api/v1/services'].get.parameters.map(({ name }: { name: string }) => name),
          ['postcode', 'latitude', 'longitude', 'type', 'open-at', 'status', 'limit'],
        )
        assert.deepEqual(document.paths['/api/v1/services'].get.parameters[0].schema.type, 'string')
        assert.deepEqual(Object.keys(document.paths), [
          '/api/v1/services',
          '/api/v1/pharmacies/{odsCode}',
          '/api/v1/changes',
        ])
        for (const [, pointer] of answer.body.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
          assert.ok(document.components.schemas[pointer ?? ''], `${pointer} is described`)
        }
      })

      const addresses = [
        '/api/v1/services?postcode=ZZ337AB',
        '/api/v1/pharmacies/FZ001',
        '/api/v1/changes',
        '/api/v1/openapi.json',
      ]
      for (const address of addresses) {
        test(`${address} may be read by any website, asked by HEAD, and sets no cookie`, async () => {
          const answer = await get(address)
          const head = await started.app.inject({ method: 'HEAD', url: address })
          const options = await started.app.inject({ method: 'OPTIONS', url: address })
          assert.equal(answer.headers['access-control-allow-origin'], '*')
          assert.equal(answer.headers['x-content-type-options'], 'nosniff')
          assert.equal(answer.headers['set-cookie'], undefined)
          assert.ok(answer.headers['cache-control'])
          assert.equal(head.statusCode, 200)
          assert.equal(head.body, '')
          assert.equal(head.headers['content-length'], answer.headers['content-length'])
          assert.equal(options.statusCode, 204)
        })
        test(`${address} cannot be written to`, async () => {
          const answer = await started.app.inject({ method: 'POST', url: address, payload: {} })
          assert.equal(answer.statusCode, 405)
          assert.match(String(answer.headers['allow']), /GET/)
          assert.equal(read(problemForm, answer).status, 405)
        })
      }

      test('an address that is none is a problem, not a page', async () => {
        for (const url of ['/api/v1/nothing', '/api/v1/', '/api/v1/pharmacies/', '/api/v1/pharmacies/%E0%A4%A']) {
          const answer = await get(url)
          assert.ok(answer.statusCode === 404 || answer.statusCode === 400, `${url}: ${answer.statusCode}`)
          assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/, url)
        }
      })

      test('no answer holds a private fact', async () => {
        const walk = [
          ...addresses,
          '/api/v1/services?postcode=ZZ337AB&limit=50&open-at=2026-12-25T10:00',
          '/api/v1/services?latitude=53&longitude=-2&status=open',
          '/api/v1/services?postcode=wrong',
          '/api/v1/pharmacies/FZ008',
          '/api/v1/pharmacies/FZ009',
          '/api/v1/changes?limit=1000',
          '/api/v1/changes?after=abc',
        ]
        for (const address of walk) {
          const { body, headers } = await get(address)
          assert.ok(!`${body}${JSON.stringify(headers)}`.includes('SECRET'), address)
        }
      })
    })
  })

  test('too many requests in a minute are told how long to wait, address by address', async () => {
    const limited = await startApp(await open(), { settings: { RATE_LIMIT_OPEN_DATA: '3' } })
    const ask = (remoteAddress: string) => limited.app.inject({ url: '/api/v1/changes', remoteAddress })
    for (let request = 0; request < 3; request++) assert.equal((await ask('192.0.2.1')).statusCode, 200)
    const refusal = await ask('192.0.2.1')
    assert.equal(refusal.statusCode, 429)
    assert.equal(refusal.headers['retry-after'], '60')
    assert.equal(read(problemForm, refusal).status, 429)
    assert.equal((await ask('192.0.2.2')).statusCode, 200)
    limited.clock.set('2026-12-11T10:35:00Z')
    assert.equal((await ask('192.0.2.1')).statusCode, 200)
    await limited.close()
  })

  test('the feed neither skips nor repeats while others write', async () => {
    const db = await open()
    const reading = await startApp(db)
    const written: number[] = []
    const writer = async (first: number) => {
      for (let round = 0; round < 15; round++) {
        const uids = Array.from({ length: 1 + (round % 4) }, (_, index) => first + 10 * round + index)
        await storeServices(
          db,
          uids.map((uid) => service(uid)),
        )
        written.push(...uids)
      }
    }
    let writing = true
    const writers = Promise.all([1000, 2000, 3000, 4000].map(writer)).finally(() => {
      writing = false
    })
    const seen: number[] = []
    let after = '0000000000000000'
    const readPage = async (): Promise<number> => {
      const answer = await reading.app.inject({ url: `/api/v1/changes?limit=7&after=${after}` })
      const page = read(changesAnswerForm, answer)
      assert.ok(page.next >= after)
      after = page.next
      seen.push(...page.changes.map(({ uid }) => uid))
      return page.changes.length
    }
    while (writing) await readPage()
    await writers
    while ((await readPage()) > 0);
    assert.equal(seen.length, new Set(seen).size, 'nothing twice')
    assert.deepEqual(seen.toSorted(), written.toSorted(), 'nothing missing')
    await reading.close()
  })
})
