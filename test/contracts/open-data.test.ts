/** The open-data API as others meet it: the real app and its answers. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { pharmacyAnswerForm, problemForm, servicesAnswerForm } from '#src/apis/open-data/answers.ts'
import { offeredServiceKind } from '#src/rules/offered-services.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fillOpenDirectory, NOW, read } from '#test/support/open-directory.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'

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
      await fillOpenDirectory(db)
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

      test('does not know every postcode', async () => {
        const answer = await get('/api/v1/services?postcode=ZZ1%201ZZ')
        assert.equal(answer.statusCode, 404)
        assert.match(read(problemForm, answer).detail, /ZZ1 1ZZ/)
      })
    })

    describe('GET /api/v1/pharmacies/{odsCode}', () => {
      test('gives the services that the pharmacy says it offers, and its facilities', async () => {
        const { offeredServices, facilities } = read(pharmacyAnswerForm, await get('/api/v1/pharmacies/FZ001'))
        assert.deepEqual(
          offeredServices?.map(({ code, offered, from }) => [code, offered, from]),
          [
            ['OWN-PHARMACY-FIRST', true, null],
            ['SRV0277', false, '2027-09-01'],
            ['SRV0559', true, null],
            ['SRV0514', false, null],
          ],
          'in the order of the list; flu vaccination has not begun',
        )
        assert.deepEqual(offeredServices?.[0], {
          code: 'OWN-PHARMACY-FIRST',
          codeIsProvisional: true,
          name: 'Pharmacy First',
          description: offeredServiceKind('OWN-PHARMACY-FIRST')?.line,
          group: 'nhs-clinical',
          paidFor: false,
          who: offeredServiceKind('OWN-PHARMACY-FIRST')?.who,
          offered: true,
          from: null,
          to: null,
          weekly: [...Array.from({ length: 5 }, () => [['09:00', '12:00']]), [], []],
          byAppointment: false,
          bookingLink: 'https://fz001.example/book',
        })
        assert.deepEqual(
          facilities?.map(({ id, has, measure, note }) => [id, has, measure, note]),
          [
            ['28', false, null, null],
            ['wide-door', true, { value: 900, unit: 'millimetres' }, null],
            ['languages', true, null, 'Urdu and Polish'],
          ],
        )
      })

      test('says nothing of services and facilities while the pharmacy has said nothing', async () => {
        const { offeredServices, facilities } = read(pharmacyAnswerForm, await get('/api/v1/pharmacies/FZ008'))
        assert.deepEqual([offeredServices, facilities], [null, null])
      })

      test('gives what the pharmacy says, and its services', async () => {
        const answer = read(pharmacyAnswerForm, await get('/api/v1/pharmacies/fz001'))
        const { openState, weekly, bankHolidays, specified, services, sections: standings, ...rest } = answer
        const { offeredServices: _, facilities: __, ...plain } = rest
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
          delivery: null,
          closures: [],
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
})
