import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSheet } from 'read-excel-file/node'
import { type FinancialQuarter, parseQuarter } from '#src/rules/financial-quarter.ts'
import { type LetterFacts, letterText } from './letter-words.ts'
import type { VerifiedPharmacy } from './verification.ts'
import { verificationLine } from './verification.ts'
import { type VerificationFile, verificationBook } from './verification-book.ts'
import { verificationPdf } from './verification-pdf.ts'

const quarter = parseQuarter('2026-27-Q3') as FinancialQuarter
const pharmacy: VerifiedPharmacy = {
  ...{ odsCode: 'FX123', name: '=HYPERLINK("https://evil.example")', icb: 'QOP', parentCode: null, kind: 'community' },
  ...{ status: 'open', checkedAt: { contact: '2026-11-21T10:00:00.000Z' }, checks: 1, isComplete: false },
  ...{ lastCheckAt: '2026-11-21T10:00:00.000Z', completeAt: null, areas: ['QOP'] },
}
const seal = { frozenAt: '2027-01-01T00:40:00.000Z', rootHash: 'ab'.repeat(32) }
const file: VerificationFile = {
  ...{ quarter, area: 'Greater Manchester (QOP)', madeAt: '2027-01-05T09:00:00.000Z', pharmacies: [pharmacy], seal },
  days: [
    { date: '2026-10-01', complete: 0, percent: 0 },
    { date: '2026-10-02', complete: 1, percent: 100 },
  ],
  late: [{ ...pharmacy, lateAt: '2027-01-04T10:00:00.000Z' }],
}

test('the spreadsheet has what the CSV has, a name like a formula as text, and its proof', async () => {
  const book = await verificationBook(file)
  const rows = await readSheet(book, 'Pharmacies')
  assert.equal(rows[1]?.[2], pharmacy.name)
  assert.match(verificationLine(quarter, pharmacy, seal), /,"'=HYPERLINK\(""https/, 'the CSV says that it is text')
  assert.equal(rows[1]?.at(-1), seal.rootHash)
  const csv = verificationLine({ ...quarter }, { ...pharmacy, name: 'Hill' }, seal)
    .trim()
    .split(',')
  assert.deepEqual(rows[1]?.map((cell) => String(cell ?? '')).toSpliced(2, 1, 'Hill'), csv)
  assert.deepEqual((await readSheet(book, 'Late'))[1]?.at(-1), '2027-01-04T10:00:00.000Z')
  assert.deepEqual((await readSheet(book, 'By day'))[2], ['2026-10-02', 1, 100])
})

test('the PDF is tagged, says what the page says, and carries the root hash', async () => {
  const text = (await verificationPdf(file, { compress: false })).toString('latin1')
  for (const part of ['/StructTreeRoot', '/Lang (en-GB)', '/S /Figure', '/S /H2', '/Alt (0% on 1 October 2026'])
    assert.ok(text.includes(part), part)
  const hex = [...text.matchAll(/<([0-9a-f]+)>/g)]
    .map(([, code = '']) => Buffer.from(code, 'hex').toString('latin1'))
    .join('')
  assert.ok(hex.includes(seal.rootHash.slice(0, 20)), 'the root hash')
  assert.ok(hex.includes('Late: 1 checked'), 'what came late')
})

test('letters name what is missing, and a draft of a notice says that it is one', () => {
  const facts: LetterFacts = {
    ...{ quarter, today: '2027-01-05', odsCode: 'FX123', name: 'Hill & Sons', address: ['1 High Street', 'M33 7AB'] },
    ...{ icb: 'QOP', missing: ['Services', 'Facilities'], heardOn: '21 November 2026', remindedOn: null, lateOn: null },
    ...{ frozenOn: '1 January 2027 at 12:40am', rootHash: 'ab', checkAddress: 'https://signpost.example/manage/FX123' },
  }
  const reminder = letterText('reminder', facts)
  assert.match(
    reminder,
    /The quarter ended on 31 December 2026\. In it these parts were not checked:\n- Services\n- Facilities/,
  )
  assert.match(reminder, /The last reminder by email in this quarter was sent on: none was sent/)
  assert.match(letterText('reminder', { ...facts, today: '2026-12-20' }), /Please check them by 31 December 2026/)
  const remedial = letterText('remedial', facts)
  assert.match(remedial, /^DRAFT\. This is no notice until/)
  assert.match(remedial, /root hash ab\./)
  assert.match(
    letterText('remedial', { ...facts, lateOn: '4 January 2027' }),
    /on 4 January 2027.*Is a notice still right/s,
  )
})
