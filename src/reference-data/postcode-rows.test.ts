import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inputFile } from '#test/support/input-files.ts'
import { openCsv } from './csv-table.ts'
import { GPS_LAYOUT, GRID_LAYOUT, type PostcodeReading, parsePostcodeRow } from './postcode-rows.ts'

async function readOne(header: string, row: string): Promise<PostcodeReading> {
  const path = inputFile('postcodes.csv', `${header}\n${row}\n`)
  const table = await openCsv(path, [GPS_LAYOUT, GRID_LAYOUT], { maxLineBytes: 10_000 })
  for await (const found of table.rows()) return parsePostcodeRow(found, table.layout, 'onspd')
  throw new Error('no row')
}

test('reads our own extract', async () => {
  const reading = await readOne(
    'postcode,latitude,longitude,icb_code,nhs_region_code,source',
    'AL1 2QU,51.744212,-0.342275,E54000065,Y61,nhschoices2014',
  )
  assert.deepEqual(reading, {
    outcome: 'row',
    row: {
      postcode_key: 'AL12QU',
      latitude: 51.744212,
      longitude: -0.342275,
      icb_code: 'E54000065',
      region_code: 'Y61',
      local_authority_code: null,
      terminated: false,
      terminated_in: null,
      source: 'nhschoices2014',
      easting: null,
      northing: null,
    },
  })
})

const onsHeaders: [header: string, row: string][] = [
  [
    'pcd,pcd2,pcds,dointr,doterm,oslaua,oseast1m,lat,long,nhser,icb',
    '"M33 7AB","M33  7AB","M33 7AB",198001,199606,E08000009,379000,53.42,-2.32,E40000014,E54000057',
  ],
  [
    'pcd7,pcd8,pcds,doterm,lad25cd,lat,long,nhser24cd,icb25cd',
    'M33 7AB,M33  7AB,M33 7AB,199606,E08000009,53.42,-2.32,E40000014,E54000057',
  ],
]
for (const [header, row] of onsHeaders) {
  test(`reads the ONS directory with the header ${header}`, async () => {
    const reading = await readOne(header, row)
    assert.ok(reading.outcome === 'row')
    const { postcode_key, latitude, terminated_in, icb_code, local_authority_code, region_code } = reading.row
    assert.ok(reading.row.terminated)
    assert.deepEqual(
      [postcode_key, latitude, terminated_in, icb_code, local_authority_code, region_code],
      ['M337AB', 53.42, 199606, 'E54000057', 'E08000009', 'E40000014'],
    )
  })
}

test('computes the point of a postcode that comes with a grid reference only', async () => {
  const reading = await readOne('postcode,easting,northing', 'B7 5PR,409060,288930')
  assert.ok(reading.outcome === 'row')
  assert.ok(Math.abs(reading.row.latitude - 52.498198) < 0.0001)
})

const ended: readonly (readonly [text: string, terminated: boolean, month: number | null])[] = [
  ['', false, null],
  ['false', false, null],
  ['true', true, null],
  ['199613', true, null],
  [' 202502 ', true, 202502],
]
for (const [text, terminated, month] of ended) {
  test(`“${text}” means ${terminated ? 'withdrawn' : 'in use'}, since ${month}`, async () => {
    const reading = await readOne('pcds,lat,long,doterm', `M33 7AB,53.42,-2.32,${text}`)
    assert.ok(reading.outcome === 'row')
    assert.deepEqual([reading.row.terminated, reading.row.terminated_in], [terminated, month])
  })
}

const EMPTY_COLUMNS = 'postcode,easting,northing,latitude,longitude'

test('computes the point where the columns of latitude and longitude are empty', async () => {
  const reading = await readOne(EMPTY_COLUMNS, 'B7 5PR,409060,288930,,')
  assert.ok(reading.outcome === 'row')
  const { latitude, longitude, easting, northing } = reading.row
  assert.ok(Math.abs(latitude - 52.498198) < 0.0001 && Math.abs(longitude + 1.867906) < 0.0001)
  assert.deepEqual([easting, northing], [409060, 288930])
})

test('computes no point from a grid reference that is none of Great Britain', async () => {
  assert.equal((await readOne(EMPTY_COLUMNS, 'JE2 3AB,0,0,99.999999,0')).outcome, 'no-position')
  assert.equal((await readOne(EMPTY_COLUMNS, 'BT1 1AA,333900,374500,,')).outcome, 'no-position')
})

const others: [row: string, outcome: string, because: string][] = [
  ['JE2 3AB,99.999999,0.000000', 'no-position', 'the ONS has no point for Jersey'],
  ['GY1 1AA,,', 'no-position', 'blank is no point'],
  ['NOT ONE,53.1,-2.1', 'refused', 'it is no postcode'],
  ['M33 7AB,53.1,', 'refused', 'half a point'],
  ['M33 7AB,fifty,-2', 'refused', 'words are no numbers'],
  ['M33 7AB,-2.32,53.42', 'refused', 'the other way round is in the Indian Ocean'],
]
for (const [row, outcome, because] of others) {
  test(`${row} is ${outcome}: ${because}`, async () => {
    assert.equal((await readOne('postcode,latitude,longitude', row)).outcome, outcome)
  })
}

const grids: [header: string, row: string, grid: readonly [number, number] | null, because: string][] = [
  ['pcds,lat,long,oseast1m,osnrth1m', 'M33 7AB,53.42,-2.32,378811,391535', [378811, 391535], 'as the file gives it'],
  [
    'postcode,easting,northing',
    'M33 7AB,378811,391535',
    [378811, 391535],
    'though latitude and longitude are computed',
  ],
  [
    'postcode,easting,northing,latitude,longitude',
    'M33 7AB,378811.4,391534.6,53.42,-2.32',
    [378811, 391535],
    'whole metres',
  ],
  ['postcode,latitude,longitude', 'M33 7AB,53.42,-2.32', null, 'the file gives none'],
  ['pcds,lat,long,oseast1m,osnrth1m', 'M33 7AB,53.42,-2.32,,', null, 'it is empty here'],
  ['pcds,lat,long,oseast1m,osnrth1m', 'M33 7AB,53.42,-2.32,378811,', null, 'half of one is none'],
  ['pcds,lat,long,oseast1m,osnrth1m', 'M33 7AB,53.42,-2.32,0,0', null, 'the corner of the grid lies in the sea'],
  ['pcds,lat,long,oseast1m,osnrth1m', 'M33 7AB,53.42,-2.32,9378811,391535', null, 'not on the grid'],
  ['pcds,lat,long,oseast1m,osnrth1m', 'BT1 1AA,54.6,-5.93,333900,374500', null, 'this is the Irish Grid'],
]
for (const [header, row, grid, because] of grids) {
  test(`the grid reference of “${row}” is ${grid ? grid.join(' ') : 'not given'}: ${because}`, async () => {
    const reading = await readOne(header, row)
    assert.ok(reading.outcome === 'row')
    const { easting, northing } = reading.row
    assert.deepEqual([easting, northing], grid ?? [null, null])
  })
}
