import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inputFile } from '#test/support/input-files.ts'
import { type CsvLayout, openCsv } from './csv-table.ts'
import { InputRefused } from './input-file.ts'

const LAYOUT: CsvLayout<'code' | 'name' | 'note'> = {
  name: 'the register',
  columns: { code: ['ODS_CODE_F_CODE'], name: ['NAME', 'TRADING_NAME'], note: ['NOTE'] },
  required: ['code', 'name'],
}
const LIMITS = { maxFileBytes: 2000, maxLineBytes: 200 }

async function read(content: string | Uint8Array, limits = LIMITS): Promise<string[][]> {
  const table = await openCsv(inputFile('register.csv', content), [LAYOUT], limits)
  const rows: string[][] = []
  for await (const row of table.rows())
    rows.push([String(row.line), row.text('code'), row.text('name'), row.damage ?? ''])
  return rows
}

const readable: [content: string, rows: string[][], because: string][] = [
  ['ODS_CODE_F_CODE,NAME\nFA1,Hill\n', [['2', 'FA1', 'Hill', '']], 'the published names'],
  [
    '\uFEFFods code (f-code),trading name\r\nFA1,Hill\r\n',
    [['2', 'FA1', 'Hill', '']],
    'a mark, spaces and brackets in names',
  ],
  ['NAME,ODS_CODE__F_CODE_\nHill,FA1', [['2', 'FA1', 'Hill', '']], 'columns in any order, no final line end'],
  ['ODS_CODE_F_CODE,NAME\n\nFA1,"Hill, Ltd"\n', [['3', 'FA1', 'Hill, Ltd', '']], 'blank lines and quoted commas'],
  ['ODS_CODE_F_CODE,NAME\nFA1,The "Old" Shop\n', [['2', 'FA1', 'The "Old" Shop', '']], 'a stray quotation mark'],
  [
    'ODS_CODE_F_CODE,NAME\nFA1,Hill,Ltd\nFA2,Dale\n',
    [
      ['2', 'FA1', 'Hill', 'the row has 3 columns, the header 2'],
      ['3', 'FA2', 'Dale', ''],
    ],
    'a row of another width is that row’s fault alone',
  ],
]
for (const [content, rows, because] of readable) {
  test(`reads a table: ${because}`, async () => assert.deepEqual(await read(content), rows))
}

const refused: [content: string | Uint8Array, message: RegExp, because: string][] = [
  ['', /is empty/, 'nothing in it'],
  ['\n\n', /no header row/, 'only line ends'],
  ['ODS_CODE_F_CODE;NAME;NOTE\nFA1;Hill;\n', /separated by semicolons/, 'semicolons'],
  ['ODS_CODE_F_CODE\tNAME\nFA1\tHill\n', /separated by tabs/, 'tabs'],
  ['ODS_CODE_F_CODE,NOTE\nFA1,x\n', /lacks the column: NAME/, 'a column missing'],
  ['one,two\n1,2\n', /does not begin with the header of the register/, 'another file altogether'],
  ['ODS_CODE_F_CODE,NAME,NAME\nFA1,Hill,Hill\n', /NAME more than once/, 'a column twice'],
  ['ODS_CODE_F_CODE,NAME\nFA1,Hill\nFA2', /cut off: its last row, line 3/, 'the last row cut'],
  ['ODS_CODE_F_CODE,NAME\nFA1,"Hill\nFA2,Dale\n', /cut off: a quotation mark/, 'an open quotation mark'],
  [
    'ODS_CODE_F_CODE,NAME\nFA1,"Hill\nFA2,"Dale"\nFA3,Vale\n',
    /Line 2 of register.csv opens a quotation mark/,
    'a quotation mark that swallows rows',
  ],
  [Buffer.from('ODS_CODE_F_CODE,NAME\nFA1,Caf\xe9\n', 'latin1'), /is not UTF-8/, 'Latin-1'],
  [Buffer.from('ODS_CODE_F_CODE,NAME\nFA1,Hill\n', 'utf16le'), /NUL characters|not UTF-8/, 'UTF-16'],
  ['ODS_CODE_F_CODE,NAME\nFA1,Hi\0ll\n', /NUL characters/, 'a NUL'],
  [`ODS_CODE_F_CODE,NAME\nFA1,${'x'.repeat(300)}\n`, /Line 2 of register.csv is longer/, 'an endless line'],
  [`ODS_CODE_F_CODE,NAME\n${'FA1,Hill\n'.repeat(300)}`, /is larger than 0.002 MB/, 'too large a file'],
]
for (const [content, message, because] of refused) {
  test(`refuses a file as a whole: ${because}`, async () => {
    await assert.rejects(read(content), (error) => error instanceof InputRefused && message.test(error.message))
  })
}

test('refuses a folder and a file that is not there', async () => {
  await assert.rejects(openCsv('/', [LAYOUT], LIMITS), /it is a folder/)
  await assert.rejects(openCsv('/no/such.csv', [LAYOUT], LIMITS), /there is no such file/)
})

test('reads the first of several spellings that a file has', async () => {
  const path = inputFile('register.csv', 'ODS_CODE_F_CODE,TRADING_NAME,NAME\nFA1,Second,First\n')
  const table = await openCsv(path, [LAYOUT], LIMITS)
  for await (const row of table.rows()) assert.equal(row.text('name'), 'First')
})
