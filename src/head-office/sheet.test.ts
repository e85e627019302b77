import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import writeExcelFile from 'write-excel-file/node'
import type { BranchKind } from './branch-command.ts'
import { LARGEST_FILE, MOST_ROWS, readSheetRows } from './sheet.ts'
import { readSheetCommands, SHEET_COLUMNS, SHEET_EXAMPLES } from './sheet-commands.ts'

const rowsOf = async (file: Buffer) => {
  const read = await readSheetRows(file)
  assert.ok(read.ok, JSON.stringify(read))
  return read.value
}
const whyNot = async (file: Buffer) => {
  const read = await readSheetRows(file)
  return read.ok ? 'read' : read.problems[0]?.code
}
const csv = (text: string) => Buffer.from(text)

/** A zip file of one part, `claimed` bytes large as it says. */
function zipOf(content: Buffer, claimed = content.length): Buffer {
  const packed = deflateRawSync(content)
  const name = Buffer.from('xl/worksheets/sheet1.xml')
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(claimed, 22)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt32LE(claimed, 24)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length + name.length, 12)
  end.writeUInt32LE(local.length + name.length + packed.length, 16)
  return Buffer.concat([local, name, packed, entry, name, end])
}

test('CSV with a byte order mark, semicolons and empty lines is read with the lines it stands on', async () => {
  const rows = await rowsOf(csv('\uFEFFODS code;Date;Answer\r\n\r\nFA002;25/12/2026;closed\r\n'))
  assert.deepEqual(rows, [
    { line: 1, cells: ['ODS code', 'Date', 'Answer'] },
    { line: 3, cells: ['FA002', '25/12/2026', 'closed'] },
  ])
})

test('XLSX with real dates and numbers is read as CSV would be', async () => {
  const data = [
    [{ value: 'ODS code' }, { value: 'Date' }, { value: 'Offered' }],
    [{ value: 'FA002' }, { value: new Date('2026-12-25T00:00:00Z'), type: Date, format: 'dd/mm/yyyy' }, { value: 1 }],
  ]
  const file = await writeExcelFile(data as never).toBuffer()
  assert.deepEqual(await rowsOf(file), [
    { line: 1, cells: ['ODS code', 'Date', 'Offered'] },
    { line: 2, cells: ['FA002', '2026-12-25', '1'] },
  ])
})

const bad: [file: () => Buffer, code: string, because: string][] = [
  [() => Buffer.alloc(0), 'empty', 'nothing was sent'],
  [() => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), 'not-text', 'a picture'],
  [() => csv('ODS code\n"FA002'), 'broken', 'a quotation mark stays open'],
  [() => Buffer.from('PK\u0003\u0004 and no more'), 'broken', 'a zip file that ends where it begins'],
  [
    () => Buffer.concat([zipOf(Buffer.from('a')).subarray(0, 40), zipOf(Buffer.alloc(60_000_000))]),
    'too-large',
    'behind a part that is broken',
  ],
  [() => zipOf(Buffer.alloc(60_000_000)), 'too-large', '60 MB in 60 KB'],
  [() => zipOf(Buffer.alloc(60_000_000), 10), 'too-large', '60 MB that say they are 10 bytes'],
  [() => zipOf(Buffer.from('<xml/>')), 'broken', 'a zip file that is no spreadsheet'],
  [() => csv(`ODS code\n${'FA002\n'.repeat(MOST_ROWS + 1)}`), 'too-many', 'one row too many'],
  [() => csv(`ODS code\n${'x'.repeat(1001)}`), 'too-wide', 'a cell that no template has'],
]
for (const [file, code, because] of bad) {
  test(`a file is refused as ${code}: ${because}`, async () => assert.equal(await whyNot(file()), code))
}

test('a file may be as large as the limit says', () => assert.ok(LARGEST_FILE < 10_000_000))

const read = async (kind: BranchKind, text: string) => {
  const result = readSheetCommands(kind, await rowsOf(csv(text)))
  return result.ok ? result.value : result.problems.map(({ message }) => message)
}

for (const kind of Object.keys(SHEET_COLUMNS) as BranchKind[]) {
  test(`the template of ${kind} is a file that can be sent`, async () => {
    const line = (cells: readonly string[]) => cells.map((cell) => `"${cell}"`).join(',')
    const reading = await read(kind, `${line(SHEET_COLUMNS[kind])}\n${line(SHEET_EXAMPLES[kind])}`)
    assert.ok('commands' in reading)
    assert.deepEqual([reading.commands.length, reading.refused], [1, []])
  })
}

test('rows of one branch are joined, and a row that contradicts another is refused alone', async () => {
  const reading = await read(
    'holidays',
    'ODS code,Date,Answer\nfa002,25/12/2026,closed\nFB003,25/12/2026,usual\nFA002,28/12/2026,10am to 2pm\nFA002,25/12/2026,usual\n',
  )
  assert.deepEqual(reading, {
    commands: [
      {
        odsCode: 'FA002',
        line: 2,
        command: {
          kind: 'holidays',
          answers: {
            '2026-12-25': { answer: 'closed' },
            '2026-12-28': { answer: 'other', sessions: [{ opens: 600, closes: 840 }] },
          },
        },
      },
      { odsCode: 'FB003', line: 3, command: { kind: 'holidays', answers: { '2026-12-25': { answer: 'usual' } } } },
    ],
    refused: [{ line: 5, odsCode: 'FA002', reason: 'Another row says something else about this branch' }],
  })
})

const badRows: [kind: BranchKind, text: string, reason: RegExp, because: string][] = [
  ['holidays', 'ODS code,Date,Answer\nFA00,25/12/2026,closed', /“FA00” is not the ODS code/, 'a code too short'],
  ['holidays', 'ODS code,Date,Answer\nFA002,soon,closed', /“soon” is not a date/, 'a date that is none'],
  ['holidays', 'ODS code,Date,Answer\nFA002,25/12/2026,maybe', /“maybe” is no answer/, 'an answer that is none'],
  ['change', 'ODS code,First day,Hours,Reason\nFA002,24/12/2026,noonish,x', /not hours/, 'hours that are none'],
  ['services', 'ODS code,Service,Offered\nFA002,Haircuts,yes', /“Haircuts” is not a service/, 'a service of no list'],
  ['services', 'ODS code,Service,Offered\nFA002,Flu,perhaps', /is not a service|Write yes or no/, 'neither yes nor no'],
  ['contact', 'ODS code,Phone\nFA002,call us', /^Phone: /, 'a number that is none'],
  ['contact', 'ODS code,Phone\nFA002,', /says nothing to change/, 'an empty row'],
]
for (const [kind, text, reason, because] of badRows) {
  test(`a row of ${kind} is refused with its reason: ${because}`, async () => {
    const reading = await read(kind, text)
    assert.ok('commands' in reading)
    assert.equal(reading.commands.length, 0)
    assert.match(reading.refused[0]?.reason ?? '', reason)
  })
}

test('a file without its columns is refused as a whole, naming them', async () => {
  assert.deepEqual(await read('holidays', 'Code,Date\nFA002,x'), [
    'The file lacks the columns ODS code, Answer. Use our template',
  ])
  assert.deepEqual(await read('check', 'ODS code'), ['The file has a header and no rows'])
})
