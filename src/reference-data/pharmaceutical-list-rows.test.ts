import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inputFile, type ListedRow, listCsv } from '#test/support/input-files.ts'
import { openCsv } from './csv-table.ts'
import { type ListRow, NATIONAL_LAYOUT, PARTIAL_LAYOUT, parseListRow } from './pharmaceutical-list-rows.ts'

async function readText(text: string): Promise<ListRow[]> {
  const layouts = [NATIONAL_LAYOUT, PARTIAL_LAYOUT]
  const table = await openCsv(inputFile('list.csv', text), layouts, { maxLineBytes: 10_000 })
  const rows: ListRow[] = []
  for await (const row of table.rows()) rows.push(parseListRow(row, table.layout))
  return rows
}

async function readOne(row: ListedRow): Promise<ListRow> {
  const [read] = await readText(listCsv([row]))
  assert.ok(read)
  return read
}

test('reads a pharmacy with its words made readable', async () => {
  const { pharmacy, reasons } = await readOne({ code: 'fa002 ', name: 'O’BRIEN & CO', postcode: 'sk75ld' })
  assert.deepEqual(reasons, [])
  assert.deepEqual(pharmacy, {
    odsCode: 'FA002',
    name: 'O’Brien & Co',
    ownerName: 'HILL LTD',
    kind: 'community',
    addressLines: ['1 High Street', 'Leeds'],
    postcode: 'SK7 5LD',
    healthAndWellbeingBoard: 'Leeds',
    weekly: Array.from({ length: 7 }, () => [{ opens: 540, closes: 1050 }]),
  })
})

const dayCases: [text: string, because: string][] = [
  ['', 'blank is not closed'],
  ['Closed', 'only CLOSED is'],
  ['08:30-12:30; 14:00-21:00', 'a semicolon'],
  ['09:00-13:00, 14:00-18:30', 'a space after the comma'],
  ['09:00-13:00 14:00-18:00', 'a space instead of one'],
  ['09:00-13:00-14:00-18:00', 'a hyphen instead of one'],
  ['09:00-18.30', 'a dot in a time'],
  ['09:00-1700', 'no colon'],
  ['09:00,18:00', 'a comma instead of a hyphen'],
  ['09:00-25:00', 'no such time'],
  ['09:00-13:00,12:00-18:00', 'an overlap'],
]
for (const [text, because] of dayCases) {
  test(`refuses the one day “${text}” and nothing else: ${because}`, async () => {
    const { pharmacy, reasons, refusedDays } = await readOne({ code: 'FA002', days: ['09:00-17:30', text, 'CLOSED'] })
    assert.equal(refusedDays, 1)
    assert.match(reasons.join(), /^Tuesday: /)
    assert.deepEqual(pharmacy?.weekly.slice(0, 3), [[{ opens: 540, closes: 1050 }], null, []])
  })
}

const rowCases: [row: ListedRow, reason: RegExp, because: string][] = [
  [{ code: 'FA02' }, /“FA02” is not the ODS code/, 'four characters'],
  [{ code: 'FA00!' }, /is not the ODS code/, 'a sign in the code'],
  [{ code: 'FA002', name: ' ' }, /no trading name/, 'no name'],
  [{ code: 'FA002', postcode: '' }, /“” is not a postcode/, 'no postcode'],
  [{ code: 'FA002', contract: 'Wholesale' }, /not a contract type/, 'another kind of contract'],
  [
    { code: '', name: '', postcode: 'X' },
    /ODS code.*; there is no trading name; “X” is not a postcode/,
    'every reason',
  ],
]
for (const [row, reason, because] of rowCases) {
  test(`refuses a whole row: ${because}`, async () => {
    const { pharmacy, reasons } = await readOne(row)
    assert.equal(pharmacy, undefined)
    assert.match(reasons.join('; '), reason)
  })
}

test('an appliance contractor has no public hours, and none of its days is refused', async () => {
  const { pharmacy, reasons } = await readOne({ code: 'FA002', contract: 'DAC', days: ['whatever'] })
  assert.equal(pharmacy?.kind, 'appliance')
  assert.deepEqual(pharmacy?.weekly, [null, null, null, null, null, null, null])
  assert.deepEqual(reasons, [])
})

test('warns of a week that a spreadsheet filled downwards, and stores it', async () => {
  const days = [0, 1, 2, 3, 4].map((minute) => `09:00-18:0${minute}`)
  const { pharmacy, warnings, reasons } = await readOne({ code: 'FTW88', days: [...days, 'CLOSED'] })
  assert.deepEqual(reasons, [])
  assert.equal(warnings.length, 1)
  assert.equal(pharmacy?.weekly[4]?.[0]?.closes, 1084)
})

test('reads the Greater Manchester layout, which states no contract and joins the address', async () => {
  const header =
    'pharmacy_name,address,postcode,opening_hours_monday,opening_hours_tuesday,opening_hours_wednesday,opening_hours_thursday,opening_hours_friday,opening_hours_saturday,opening_hours_sunday,organisation_data_service_code,health_and_wellbeing_board'
  const days = Array.from({ length: 6 }, () => '09:00-00:00')
  const [row] = await readText(
    `${header}\nLo'S Pharmacy,"10, 10A High Street, Bury",BL9 8RS,${days.join(',')},CLOSED,FFJ22,Bury\n`,
  )
  assert.equal(row?.pharmacy?.kind, null)
  assert.equal(row?.pharmacy?.name, "Lo'S Pharmacy")
  assert.deepEqual(row?.pharmacy?.addressLines, ['10', '10A High Street', 'Bury'])
  assert.deepEqual(row?.pharmacy?.weekly[0], [{ opens: 540, closes: 1440 }])
})
