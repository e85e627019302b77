/** `import services` and `export services`, on both databases. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Db } from '#src/platform/db/db.ts'
import { checkProjection } from '#src/profiles/check-projection.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { exportServices } from '#src/reference-data/export-services.ts'
import { importPharmaceuticalList } from '#src/reference-data/import-pharmaceutical-list.ts'
import { importServices } from '#src/reference-data/import-services.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { accepted } from '#src/rules/problems.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { inputFile, listCsv } from '#test/support/input-files.ts'
import { temporaryFolder } from '#test/support/postgres-cluster.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { aServiceLine, REFERENCE_JSON, servicesJsonl } from '#test/support/service-lines.ts'

const clock = fixedClock()
const progress = () => {}
const EVENING = [...Array.from({ length: 5 }, () => [['09:00', '21:00']]), [], []]

const importLines = (db: Db, lines: readonly object[] | string, reference = REFERENCE_JSON) =>
  importServices(
    {
      path: inputFile('services.jsonl', typeof lines === 'string' ? lines : servicesJsonl(lines)),
      referencePath: inputFile('reference.json', reference),
    },
    { db, clock, progress },
  )

async function exported(db: Db): Promise<unknown[]> {
  const path = join(temporaryFolder('export'), 'services.jsonl')
  await exportServices(path, db, progress)
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

const FAMILY = [
  aServiceLine({
    uid: 11,
    specified: { '2026-12-25': [], '2026-12-19': [['10:00', '24:00']] },
    bankHoliday: [['10:00', '12:00']],
  }),
  aServiceLine({ uid: 12, odsCode: 'FZ001UMS', typeId: 131 }),
  aServiceLine({
    uid: 13,
    odsCode: 'FZ001MEC',
    typeId: 132,
    phone: '0113 496 0199',
    weekly: EVENING,
    address: ['2 High Street'],
  }),
  aServiceLine({ uid: 14, odsCode: 'FZ001BPS', typeId: 148, status: 'CLOSED', weekly: EVENING }),
  aServiceLine({ uid: 15, odsCode: 'FZ001EXT', typeId: 116, weekly: EVENING, openAllHours: true }),
  aServiceLine({
    uid: 16,
    odsCode: 'RXX01',
    typeId: 40,
    name: 'Emergency Department',
    newKey: { a: [1] },
    email: undefined,
  }),
]

async function closeAt(db: Db, closes: number): Promise<void> {
  const { version } = (await loadProfile(db.pool, 'FZ001')) ?? { version: 0 }
  const saved = await saveProfileChange(
    { db, clock, issueReceipts },
    {
      odsCode: 'FZ001',
      section: 'hours',
      expectedVersion: version,
      actor: 'person:amina@example.nhs.uk',
      action: 'set-opening-times',
      decide: (profile) => accepted({ ...profile, weekly: profile.weekly.map(() => [{ opens: 540, closes }]) }),
    },
  )
  assert.equal(saved.outcome, 'saved')
}

async function mondaysOf(db: Db): Promise<Record<number, number | undefined>> {
  const services = await loadServicesOf(db.pool, 'FZ001')
  return Object.fromEntries(services.map(({ record }) => [record.uid, record.hours.weekly[0]?.[0]?.closes]))
}

onBothDatabases((_kind, open) => {
  test('what is exported is what was imported, and nothing of any sibling changes when a profile is made', async () => {
    const db = await open()
    const summary = await importLines(db, FAMILY)
    assert.deepEqual([summary.read, summary.stored, summary.refused], [6, 6, 0])
    assert.equal(summary.details['profiles created'], 1)
    assert.deepEqual(summary.notes.filter(({ subject }) => subject === 'newKey').length, 1)
    const given = JSON.parse(JSON.stringify(FAMILY).replaceAll('24:00', '23:59')) as unknown
    assert.deepEqual(await exported(db), given)
    assert.deepEqual((await checkProjection(db.pool, londonDateOf(clock.now()))).disagreements, [])

    const services = await loadServicesOf(db.pool, 'FZ001')
    assert.deepEqual(
      services.map(({ record, profileOds }) => [record.uid, profileOds]),
      [
        [11, 'FZ001'],
        [12, 'FZ001'],
        [13, 'FZ001'],
        [14, null],
        [15, null],
      ],
    )
    const profile = (await loadProfile(db.pool, 'FZ001'))?.profile
    assert.deepEqual(profile?.holidays, { '2026-12-25': { answer: 'closed' } })
    assert.deepEqual(
      profile?.changes.map(({ from, sessions }) => [from, sessions]),
      [['2026-12-19', [{ opens: 600, closes: 1440 }]]],
    )
    const again = await importLines(db, FAMILY)
    assert.deepEqual([again.stored, again.changed, again.unchanged], [0, 0, 6])
  })

  test('what the pharmacy decides reaches every sibling, and the next import does not take it back', async () => {
    const db = await open()
    await importLines(db, FAMILY)
    await closeAt(db, 1000)
    const decided = { 11: 1000, 12: 1000, 13: 1000, 14: 1260, 15: 1260 }
    assert.deepEqual(await mondaysOf(db), decided)
    const summary = await importLines(db, [...FAMILY, aServiceLine({ uid: 17, odsCode: 'FZ001CON', typeId: 149 })])
    assert.deepEqual([summary.stored, summary.changed, summary.kept], [1, 0, 1])
    assert.deepEqual(await mondaysOf(db), { ...decided, 17: 1000 })
    assert.deepEqual((await checkProjection(db.pool, londonDateOf(clock.now()))).disagreements, [])
  })

  test('a later file changes the pharmacy that nobody edited, and siblings that differ keep their own', async () => {
    const db = await open()
    await importLines(db, FAMILY)
    const [head, ...siblings] = FAMILY
    const later = [{ ...head, weekly: EVENING.map((day) => day.map(() => ['08:00', '20:00'])) }, ...siblings]
    const summary = await importLines(db, later)
    assert.equal(summary.details['profiles changed'], 1)
    assert.deepEqual(await exported(db), JSON.parse(JSON.stringify(later).replaceAll('24:00', '23:59')))
  })

  test('the service of ours retires when the directory brings the pharmacy’s own', async () => {
    const db = await open()
    const list = () =>
      importPharmaceuticalList(inputFile('list.csv', listCsv([{ code: 'FZ001' }])), { db, clock, progress })
    await list()
    await importLines(db, FAMILY)
    const ours = (await loadServicesOf(db.pool, 'FZ001')).find(({ record }) => record.uid === 2_140_000_001)
    assert.deepEqual([ours?.record.status, ours?.profileOds], ['RETIRED', null])
    const again = await list()
    assert.deepEqual([again.stored, again.changed, again.unchanged], [0, 0, 1], 'and it is not made anew')
  })

  test('a pharmacy without a service of type 13 or 134 gets no profile', async () => {
    const db = await open()
    await importLines(db, FAMILY.slice(1))
    assert.equal(await loadProfile(db.pool, 'FZ001'), undefined)
    await importLines(db, [aServiceLine({ uid: 20, typeId: 134 })])
    assert.equal((await loadProfile(db.pool, 'FZ001'))?.profile.kind, 'distance-selling')
    assert.deepEqual((await exported(db)).slice(0, 2), JSON.parse(JSON.stringify(FAMILY.slice(1, 3))))
  })

  test('lines that break a rule are refused with line, uid and every reason; the others are stored', async () => {
    const db = await open()
    const lines = `${servicesJsonl([aServiceLine({ uid: 1 }), aServiceLine({ uid: 2, typeId: 7, name: '' })])}not json\n\n${servicesJsonl([aServiceLine({ uid: 1 }), aServiceLine({ uid: 3, odsCode: 'FZ003' })])}{"uid":`
    const summary = await importLines(db, lines)
    assert.deepEqual([summary.read, summary.stored, summary.refused], [6, 2, 4])
    const refused = readFileSync(summary.refusedFile ?? '', 'utf8')
    assert.match(refused, /^UID,RECORD,LINE,REASONS\n/)
    assert.match(refused, /\n2,.*,2,name must be text.*; typeId 7 is not a type/)
    assert.match(refused, /\n,not json,3,the line is not JSON\n/)
    assert.match(refused, /\n1,.*,5,uid 1 is on line 1 already\n/)
  })

  test('a file, reference or gazetteer that cannot be used refuses everything and writes nothing', async () => {
    const db = await open()
    const good = servicesJsonl(FAMILY)
    const reference = inputFile('reference.json', REFERENCE_JSON)
    const path = inputFile('services.jsonl', good)
    const cases: [input: Parameters<typeof importServices>[0], message: RegExp][] = [
      [
        { path: inputFile('services.jsonl', 'uid,name\n1,x\n'), referencePath: reference },
        /no line that is a JSON object/,
      ],
      [{ path: inputFile('services.jsonl', ''), referencePath: reference }, /is empty/],
      [{ path, referencePath: inputFile('reference.json', '{"types":[]}') }, /not a reference file: types/],
      [{ path, referencePath: inputFile('reference.json', '{') }, /not JSON/],
      [{ path, referencePath: '/no/reference.json' }, /no such file/],
      [
        { path, referencePath: reference, gazetteerPath: inputFile('g.csv', 'a;b\n1;2\n') },
        /does not begin with the header/,
      ],
    ]
    for (const [input, message] of cases) await assert.rejects(importServices(input, { db, clock, progress }), message)
    const { count } = await db.pool
      .selectFrom('service')
      .select((query) => query.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    assert.equal(Number(count), 0)
    assert.equal((await db.pool.selectFrom('catalogue').selectAll().execute()).length, 0)
  })

  test('a type that only an earlier reference named stays known', async () => {
    const db = await open()
    await importLines(db, FAMILY)
    const other = JSON.stringify({ types: [{ id: 200, name: 'New' }] })
    const summary = await importLines(db, [aServiceLine({ uid: 30, odsCode: 'FZ009' })], other)
    assert.deepEqual([summary.stored, summary.refused], [1, 0])
  })

  test('a ranking that no search would use is noted', async () => {
    const db = await open()
    const areas = { VALLEY: ['ZZ1 1'], TOWN: { kind: 'la', postcodes: ['ZZ2'] } }
    const rankings = { VALLEY: { '13': 2 }, TOWN: { '13': 1 } }
    const reference = JSON.stringify({ ...(JSON.parse(REFERENCE_JSON) as object), areas, rankings })
    const { notes } = await importLines(db, FAMILY, reference)
    const idle = notes.filter(({ kind }) => kind === 'ranking never used').map(({ subject }) => subject)
    assert.deepEqual(idle, ['VALLEY'])
  })

  test('the gazetteer fills gaps and leaves official postcodes alone', async () => {
    const db = await open()
    const gazetteerPath = inputFile(
      'g.csv',
      'postcode,easting,northing,latitude,longitude\nZZ1 1AA,429067,433934,53.8,-1.55\nZZ1 1AB,429067,433934,,\nZZ1 1AD,,,,\n',
    )
    const input = {
      path: inputFile('services.jsonl', servicesJsonl(FAMILY)),
      referencePath: inputFile('r.json', REFERENCE_JSON),
      gazetteerPath,
    }
    const summary = await importServices(input, { db, clock, progress })
    assert.equal(summary.details['postcodes added from the gazetteer'], 2)
    assert.equal(summary.details['postcodes of the gazetteer without a position, left out'], 1)
  })
})
