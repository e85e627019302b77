/** Postcodes, ODS records and bank holidays, on both databases; and that the order of imports does not matter. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Db } from '#src/platform/db/db.ts'
import { checkProjection } from '#src/profiles/check-projection.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { loadGazetteer } from '#src/reference-data/gazetteer.ts'
import { importBankHolidays } from '#src/reference-data/import-bank-holidays.ts'
import { importOds } from '#src/reference-data/import-ods.ts'
import { importPharmaceuticalList } from '#src/reference-data/import-pharmaceutical-list.ts'
import { importPostcodes } from '#src/reference-data/import-postcodes.ts'
import { importServices } from '#src/reference-data/import-services.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { toGrid } from '#src/rules/national-grid.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { inputFile, listCsv, odsCsv, POSTCODES_CSV, sharedInput } from '#test/support/input-files.ts'
import { aServiceLine, REFERENCE_JSON, servicesJsonl } from '#test/support/service-lines.ts'

const clock = fixedClock()
const progress = () => {}

const LIST = listCsv([
  { code: 'FZ001', name: 'HILL PHARMACY' },
  { code: 'FZ002', name: 'DALE CHEMIST', postcode: 'ZZ1 1AB', days: ['08:00-20:00', 'nonsense'] },
  { code: 'FZ003', name: 'GONE PHARMACY' },
])
const ODS = odsCsv([
  'FZ001,HILL,ZZ1 1AA,0113 4960001,A,2006-06-01,,1,P79D,QOP,Y62',
  'FZ003,GONE,ZZ1 1AA,0113 4960003,C,2006-06-01,2026-11-30,1,P79D,QOP,Y62',
  'FZ004,NEXT,ZZ1 1AA,,P,2026-12-01,,1,P79D,QOP,Y62',
  'FZ005,SOON,ZZ1 1AA,,C,2006-06-01,2026-12-31,1,P79D,QOP,Y62',
])
const SERVICES = servicesJsonl([
  aServiceLine({ uid: 11, odsCode: 'FZ002', phone: '0113 496 0102', bankHoliday: [['10:00', '16:00']] }),
  aServiceLine({ uid: 12, odsCode: 'FZ002A', typeId: 131, phone: '0113 496 0199' }),
  aServiceLine({ uid: 13, odsCode: 'FZ003', phone: '0113 496 0103' }),
  aServiceLine({ uid: 14, odsCode: 'RX1', typeId: 40, name: 'Emergency Department' }),
])

const IMPORTS = {
  list: (db: Db) => importPharmaceuticalList(inputFile('list.csv', LIST), { db, clock, progress }),
  ods: (db: Db) => importOds(inputFile('ods.csv', ODS), { db, clock, progress }),
  postcodes: (db: Db) => importPostcodes(inputFile('postcodes.csv', POSTCODES_CSV), { db, clock, progress }),
  services: (db: Db) =>
    importServices(
      { path: inputFile('services.jsonl', SERVICES), referencePath: inputFile('reference.json', REFERENCE_JSON) },
      { db, clock, progress },
    ),
}
type Kind = keyof typeof IMPORTS

/**
 * What people would see: every profile, and every service that has not been replaced, whatever its number. A service
 * that closed keeps what it said at that moment, which nobody sees.
 */
async function directoryAfter(db: Db, order: readonly Kind[]): Promise<unknown> {
  for (const kind of order) await IMPORTS[kind](db)
  assert.deepEqual((await checkProjection(db.pool, londonDateOf(clock.now()))).disagreements, [], order.join())
  const profiles = await db.pool.selectFrom('profile').select(['ods_code', 'document']).orderBy('ods_code').execute()
  const services = await db.pool
    .selectFrom('service')
    .select(['ods_code', 'type_id', 'status', 'record', 'overrides', 'profile_ods'])
    .where('status', '<>', 'RETIRED')
    .orderBy('ods_code')
    .orderBy('type_id')
    .execute()
  return { profiles, services: services.map(withoutNumber) }
}

function withoutNumber({
  record,
  overrides,
  ...rest
}: {
  status: string
  record: unknown
  overrides: unknown
}): object {
  return rest.status === 'CLOSED' ? rest : { ...rest, overrides, record: { ...(record as object), uid: 0 } }
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
}

onBothDatabases((kind, open) => {
  test('imports may come in any order, with the same result', async () => {
    const all = permutations<Kind>(['list', 'ods', 'postcodes', 'services'])
    // Every order on PostgreSQL, where a database costs little; the two extremes on the embedded one.
    const orders = kind === 'postgres' ? all : [all[0], all.at(-1)].filter((order) => order !== undefined)
    const [first = [], ...others] = orders
    const expected = await directoryAfter(await open(), first)
    for (const order of others) assert.deepEqual(await directoryAfter(await open(), order), expected, order.join())
  })

  test('every import run again changes nothing and enters nothing in the ledger', async () => {
    const db = await open()
    for (const kinds of [['list', 'ods', 'postcodes', 'services']] as const)
      for (const each of kinds) await IMPORTS[each](db)
    const head = await db.pool.selectFrom('ledger_head').selectAll().execute()
    for (const each of ['services', 'postcodes', 'list', 'ods'] as const) {
      const { stored, changed } = await IMPORTS[each](db)
      assert.deepEqual([each, stored, changed], [each, 0, 0])
    }
    assert.deepEqual(await db.pool.selectFrom('ledger_head').selectAll().execute(), head)
  })

  test('ODS gives a phone number where there is none, the parent and the ICB, and closes what has closed', async () => {
    const db = await open()
    await IMPORTS.list(db)
    const summary = await IMPORTS.ods(db)
    assert.equal(summary.details['pharmacies closed for good'], 1)
    const hill = await loadProfile(db.pool, 'FZ001')
    assert.deepEqual(hill?.profile.contact, { phone: '0113 496 0001' })
    assert.deepEqual([hill?.profile.commissioning.parentCode, hill?.profile.commissioning.icbCode], ['P79D', 'QOP'])
    assert.equal((await loadProfile(db.pool, 'FZ003'))?.profile.status, 'closed')
    const [service] = await loadServicesOf(db.pool, 'FZ003')
    assert.deepEqual([service?.record.status, service?.profileOds], ['CLOSED', null])
    const about = summary.notes.map(({ kind: what, subject }) => `${subject} ${what}`)
    assert.ok(about.includes('FZ003 closed, with a successor at the same postcode'))
    assert.ok(about.includes('FZ005 has a close date and is not closed yet'))
  })

  test('the gazetteer finds what was imported, however it is typed, and notices later imports', async () => {
    const db = await open()
    const gazetteer = await loadGazetteer(db)
    assert.equal(gazetteer.find('ZZ1 1AA'), undefined)
    await IMPORTS.postcodes(db)
    await gazetteer.refresh()
    assert.equal(gazetteer.size, 2)
    assert.deepEqual(gazetteer.find(' zz11aa'), {
      postcode: 'ZZ1 1AA',
      latitude: 53.8,
      longitude: -1.55,
      ...toGrid({ latitude: 53.8, longitude: -1.55 }),
      icbCode: null,
      localAuthorityCode: null,
      termination: null,
    })
    assert.equal(gazetteer.find('ZZ1 1AC'), undefined)
    assert.equal(gazetteer.find('not a postcode'), undefined)
    const moved = POSTCODES_CSV.replace('53.8,', '53.9,')
    await importPostcodes(inputFile('postcodes.csv', moved), { db, clock, progress })
    await gazetteer.refresh()
    assert.equal(gazetteer.find('ZZ1 1AA')?.latitude, 53.9)
  })

  test('a postcode has the grid reference that was given for its place, whichever file came first', async () => {
    const GPS = ['postcode,latitude,longitude', 'ZZ1 1AA,53.8,-1.55'] as const
    const MOVED = ['postcode,latitude,longitude', 'ZZ1 1AA,53.9,-1.55'] as const
    const BOTH = ['postcode,latitude,longitude,easting,northing', 'ZZ1 1AA,53.8001,-1.5501,429700,433900'] as const
    const OTHER = ['postcode,latitude,longitude,easting,northing', 'ZZ1 1AA,53.8,-1.55,429800,433900'] as const
    const computed = toGrid({ latitude: 53.8, longitude: -1.55 })
    const given = { easting: 429_700, northing: 433_900 }
    const other = { easting: 429_800, northing: 433_900 }
    type File = readonly [role: 'postcodes' | 'gazetteer', lines: readonly string[]]
    const cases: readonly (readonly [files: readonly File[], grid: object, latitude: number, because: string])[] = [
      [[['postcodes', GPS]], computed, 53.8, 'nobody gave one'],
      [
        [
          ['postcodes', GPS],
          ['gazetteer', BOTH],
        ],
        given,
        53.8,
        'a gazetteer fills the gap and nothing else',
      ],
      [
        [
          ['gazetteer', BOTH],
          ['postcodes', GPS],
        ],
        given,
        53.8,
        'the same in the other order',
      ],
      [
        [
          ['postcodes', OTHER],
          ['gazetteer', BOTH],
        ],
        other,
        53.8,
        'there is no gap',
      ],
      [
        [
          ['gazetteer', BOTH],
          ['postcodes', OTHER],
        ],
        other,
        53.8,
        'a postcode file goes before a gazetteer',
      ],
      [
        [
          ['postcodes', BOTH],
          ['postcodes', MOVED],
        ],
        toGrid({ latitude: 53.9, longitude: -1.55 }),
        53.9,
        'it has moved',
      ],
      [
        [
          ['postcodes', MOVED],
          ['gazetteer', BOTH],
        ],
        toGrid({ latitude: 53.9, longitude: -1.55 }),
        53.9,
        'another place',
      ],
    ]
    const db = await open()
    for (const [files, grid, latitude, because] of cases) {
      await db.pool.deleteFrom('postcode').execute()
      for (const [role, lines] of files) {
        const path = inputFile('postcodes.csv', `${lines.join('\n')}\n`)
        await importPostcodes(path, { db, clock, progress }, role)
        const again = await importPostcodes(path, { db, clock, progress }, role)
        assert.deepEqual([again.stored, again.changed], [0, 0], because)
      }
      const found = (await loadGazetteer(db)).find('ZZ1 1AA')
      const { easting, northing } = found ?? {}
      assert.deepEqual([{ easting, northing }, found?.latitude], [grid, latitude], because)
    }
  })

  test('the gazetteer knows the board and the authority of each postcode, ended or not', async () => {
    const db = await open()
    const lines = ['pcds,lat,long,doterm,oslaua,icb25cd', 'ZZ1 1AA,53.8,-1.55,,E08000035,E54000054']
    const file = [
      ...lines,
      'ZZ1 1AB,53.8,-1.55,199606,E08000035,',
      'ZZ1 1AC,53.8,-1.55,,,',
      'ZZ1 1AD,53.8,-1.55,,E08000035,E54000054',
    ]
    await importPostcodes(inputFile('onspd.csv', `${file.join('\n')}\n`), { db, clock, progress })
    const gazetteer = await loadGazetteer(db)
    const codesOf = (postcode: string) => {
      const { icbCode, localAuthorityCode } = gazetteer.find(postcode) ?? {}
      return [icbCode, localAuthorityCode]
    }
    assert.deepEqual(codesOf('ZZ1 1AA'), ['E54000054', 'E08000035'])
    assert.deepEqual(codesOf('ZZ1 1AB'), [null, 'E08000035'])
    assert.deepEqual(codesOf('ZZ1 1AC'), [null, null])
    assert.deepEqual(codesOf('ZZ1 1AD'), ['E54000054', 'E08000035'])
  })

  test('a pharmacy moves with its postcode, and a code that a file lacks stays', async () => {
    const db = await open()
    const full = 'pcds,lat,long,icb,doterm\nZZ1 1AA,53.8,-1.55,E54000054,199606\n'
    await importPostcodes(inputFile('onspd.csv', full), { db, clock, progress })
    await IMPORTS.list(db)
    const summary = await importPostcodes(inputFile('p.csv', POSTCODES_CSV.replace('53.8,', '53.9,')), {
      db,
      clock,
      progress,
    })
    assert.deepEqual([summary.stored, summary.changed], [1, 1])
    assert.equal((await loadProfile(db.pool, 'FZ001'))?.profile.address.position?.latitude, 53.9)
    const row = await db.pool.selectFrom('postcode').selectAll().where('postcode_key', '=', 'ZZ11AA').executeTakeFirst()
    assert.deepEqual([row?.icb_code, row?.terminated, row?.terminated_in], ['E54000054', true, 199606])
  })

  test('a postcode says since when it is no longer in use, and comes back into use', async () => {
    const db = await open()
    const gazetteer = await loadGazetteer(db)
    const cases = [
      ['doterm', '', null, 'in use'],
      ['doterm', 'true', { since: null }, 'a file that only says that it ended'],
      ['doterm', '199606', { since: '1996-06' }, 'the month, though all else is as it was'],
      ['doterm', 'true', { since: '1996-06' }, 'the month is not forgotten'],
      ['other', '', { since: '1996-06' }, 'a file that does not say'],
      ['doterm', '', null, 'in use again'],
    ] as const
    for (const [column, text, termination, because] of cases) {
      for (const grid of ['', '429800,432000']) {
        const [header, row] = [grid && ',oseast1m,osnrth1m', grid && `,${grid}`]
        const file = `pcds,lat,long,${column}${header}\nZZ1 1AA,53.8,-1.55,${text}${row}\n`
        await importPostcodes(inputFile('onspd.csv', file), { db, clock, progress })
        await gazetteer.refresh()
        assert.deepEqual(gazetteer.find('ZZ1 1AA')?.termination, termination, because)
      }
    }
  })

  test('of a postcode that occurs twice the first row counts', async () => {
    const db = await open()
    const twice = `${POSTCODES_CSV}zz11aa,53.7,-1.5\nJE2 3AB,99.999999,0\nX,1,2\n`
    const summary = await importPostcodes(inputFile('postcodes.csv', twice), { db, clock, progress })
    assert.deepEqual([summary.read, summary.stored, summary.refused], [5, 2, 2])
    assert.equal(summary.details['without a position, left out'], 1)
    assert.equal((await loadGazetteer(db)).find('ZZ1 1AA')?.latitude, 53.8)
  })

  test('the bank holidays of a year are replaced as a whole, because a holiday may be moved', async () => {
    const db = await open()
    const file = (events: object[]) =>
      inputFile('bank-holidays.json', JSON.stringify({ 'england-and-wales': { division: 'x', events } }))
    const may = { title: 'Spring bank holiday', date: '2022-05-30', notes: '', bunting: true }
    const first = await importBankHolidays(file([may, { title: '', date: '2022-02-30' }]), { db, clock, progress })
    assert.deepEqual([first.read, first.stored, first.refused], [2, 1, 1])
    const moved = await importBankHolidays(file([{ ...may, date: '2022-06-02' }]), { db, clock, progress })
    assert.deepEqual([moved.stored, moved.details['no longer bank holidays']], [1, 1])
    const rows = await db.pool.selectFrom('bank_holiday').select(['held_on', 'title']).execute()
    assert.deepEqual(rows, [{ held_on: '2022-06-02', title: 'Spring bank holiday' }])
    for (const wrong of ['[]', '{"scotland":{}}', '{"england-and-wales":{"events":[]}}', '{']) {
      const path = inputFile('wrong.json', wrong)
      await assert.rejects(importBankHolidays(path, { db, clock, progress }), /layout of GOV.UK|not JSON/)
    }
  })

  test('the published bank holidays are read whole', async (t) => {
    const file = sharedInput(t, 'bank-holidays.json')
    if (file === undefined) return
    const { read, stored, refused } = await importBankHolidays(file, { db: await open(), clock, progress })
    assert.deepEqual([read, stored, refused], [59, 59, 0])
  })
})
