import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvLine } from './csv-line.ts'

const cases: [cells: string[], line: string, because: string][] = [
  [['FA002', 'Hill'], 'FA002,Hill\n', 'plain text stays'],
  [['Hill, Ltd', 'say "no"', 'two\nlines'], '"Hill, Ltd","say ""no""","two\nlines"\n', 'separators are quoted'],
  [['=1+1', '@x', '+44 161', '-cmd'], "'=1+1,'@x,'+44 161,'-cmd\n", 'a spreadsheet must not run it'],
  [['-1.5', '+3', '8'], '-1.5,+3,8\n', 'numbers are numbers'],
]
for (const [cells, line, because] of cases) {
  test(`writes ${JSON.stringify(cells)}: ${because}`, () => assert.equal(csvLine(cells), line))
}
