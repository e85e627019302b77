import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inputFile, odsCsv } from '#test/support/input-files.ts'
import { openCsv } from './csv-table.ts'
import { findSuccessors, ODS_LAYOUT, type OdsReading, parseOdsRow } from './ods-rows.ts'
import type { OdsRecord } from './reference-store.ts'

async function readRows(...rows: string[]): Promise<OdsReading[]> {
  const table = await openCsv(inputFile('ods.csv', odsCsv(rows)), [ODS_LAYOUT], { maxLineBytes: 10_000 })
  const readings: OdsReading[] = []
  for await (const row of table.rows()) readings.push(parseOdsRow(row))
  return readings
}

test('reads a record', async () => {
  const [reading] = await readRows('fa002,HILL,zz11aa,0113 4960001,c,20060601,2024-02-05,1,P79D,QOP,Y62')
  assert.deepEqual(reading, {
    ok: true,
    record: {
      odsCode: 'FA002',
      name: 'HILL',
      postcode: 'ZZ1 1AA',
      phone: '0113 4960001',
      status: 'C',
      openedOn: '2006-06-01',
      closedOn: '2024-02-05',
      subtype: '1',
      parentCode: 'P79D',
      icbOdsCode: 'QOP',
      regionCode: 'Y62',
    },
  })
})

const refused: [row: string, reason: RegExp][] = [
  ['F!,HILL,,,A,,,,,,', /“F!” is not an ODS code/],
  ['FA002,,,,A,,,,,,', /there is no name/],
  ['FA002,HILL,,,X,,,,,,', /status “X” is not A, C or P/],
  ['FA002,HILL,,,A,2023-02-29,,,,,', /open date “2023-02-29” is not a date/],
  ['FA002,HILL,,,A,,yesterday,,,,', /close date “yesterday” is not a date/],
  ['FA002,HILL', /2 columns/],
]
for (const [row, reason] of refused) {
  test(`refuses ${row}`, async () => {
    const [reading] = await readRows(row, 'FA003,DALE,,,A,,,,,,')
    assert.ok(reading && !reading.ok)
    assert.match(reading.reasons.join(), reason)
  })
}

const record = (
  odsCode: string,
  status: 'A' | 'C' | 'P',
  openedOn: string,
  closedOn: string | null,
  postcode = 'ZZ1 1AA',
) => ({ odsCode, status, openedOn, closedOn, postcode, name: odsCode }) as OdsRecord

const successions: [other: OdsRecord, follows: boolean, because: string][] = [
  [record('FA003', 'A', '2024-01-14', null), true, 'it opened the day after'],
  [record('FA003', 'P', '2024-02-13', null), true, 'a month later, proposed'],
  [record('FA003', 'A', '2023-12-13', null), true, 'a month before'],
  [record('FA003', 'A', '2024-02-14', null), false, 'more than a month'],
  [record('FA003', 'A', '2024-01-14', null, 'ZZ1 1AB'), false, 'another postcode'],
  [record('FA003', 'C', '2024-01-14', '2024-03-01'), false, 'it has closed itself'],
]
for (const [other, follows, because] of successions) {
  test(`${follows ? 'names' : 'does not name'} a successor: ${because}`, () => {
    const closed = record('FA002', 'C', '1996-01-15', '2024-01-13')
    assert.deepEqual([...findSuccessors([closed, other]).keys()], follows ? ['FA002'] : [])
  })
}
