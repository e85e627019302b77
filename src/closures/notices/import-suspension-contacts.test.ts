import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Db } from '#src/platform/db/db.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { inputFile } from '#test/support/input-files.ts'
import { importSuspensionContacts } from './import-suspension-contacts.ts'
import { loadPolicy } from './notice-records.ts'

const HEADER = 'icb_code,name,email,phone,tell_within_minutes,phone_over_hours,edit_days,note'
const GOOD = 'QOP,Greater Manchester ICB,Closures@ICB.example,01632960500,60,24,14,"South: form within 2 days, please"'

const run = (db: Db, rows: readonly string[], header = HEADER) =>
  importSuspensionContacts(inputFile('contacts.csv', `${[header, ...rows].join('\n')}\n`), {
    db,
    clock: fixedClock(),
    progress: () => {},
  })

/** A row with one wrong value, and what is said of it. */
const BAD: readonly (readonly [row: string, reason: RegExp])[] = [
  ['??,A,a@b.example,,,,,', /“\?\?” is not the ODS code of an ICB/],
  ['QT1,,a@b.example,,,,,', /there is no name/],
  ['QT1,A,nobody,,,,,', /“nobody” is not an email address/],
  ['QT1,A,a@b.example,12,,,,', /“12” is not a UK phone number/],
  ['QT1,A,a@b.example,,soon,,,', /tell_within_minutes is not a whole number from 0 to 43200/],
  ['QT1,A,a@b.example,,,-1,,', /phone_over_hours is not a whole number from 0 to 2160/],
  ['QT1,A,a@b.example,,,,1e3,', /edit_days is not a whole number from 0 to 366/],
  [`QT1,A,a@b.example,,,,,${'x'.repeat(501)}`, /the note is longer than 500 characters/],
  ['QT1,A,a@b.example', /the row has 3 columns, the header 8/],
  ['QOP,Twice,a@b.example,,,,,', /the area QOP is on line 2 already/],
]

onBothDatabases((_kind, open) => {
  test('contacts are stored once, changed when they change, and left alone otherwise', async () => {
    const db = await open()
    const counts = async (row: string) => {
      const { read, stored, changed, unchanged, refused } = await run(db, [row])
      return { read, stored, changed, unchanged, refused }
    }
    const none = { read: 1, stored: 0, changed: 0, unchanged: 0, refused: 0 }
    assert.deepEqual(await counts(GOOD), { ...none, stored: 1 })
    assert.deepEqual(await counts(GOOD), { ...none, unchanged: 1 })
    assert.deepEqual(await counts(GOOD.replace(',60,', ',30,')), { ...none, changed: 1 })
    assert.deepEqual(await loadPolicy(db.pool, 'QOP'), {
      name: 'Greater Manchester ICB',
      email: 'closures@icb.example',
      phone: '01632 960 500',
      tellWithinMinutes: 30,
      phoneOverHours: 24,
      editDays: 14,
      note: 'South: form within 2 days, please',
    })
    await run(db, ['QT1,Only what is needed,a@b.example'], 'icb_code,name,email')
    const { name: _name, email: _email, ...usual } = (await loadPolicy(db.pool, 'QT1')) ?? assert.fail()
    assert.deepEqual(usual, { phone: null, tellWithinMinutes: 0, phoneOverHours: null, editDays: 7, note: null })
    assert.ok(await loadPolicy(db.pool, 'QOP'), 'an area that the file does not name keeps its contact')
    assert.equal(await loadPolicy(db.pool, null), undefined)
  })

  test('a wrong row is refused whole with every reason, and stops no other', async () => {
    const db = await open()
    const summary = await run(db, [GOOD, ...BAD.map(([row]) => row)])
    assert.equal(summary.stored, 1)
    assert.equal(summary.refused, BAD.length)
    assert.equal(await loadPolicy(db.pool, 'QT1'), undefined)
    const lines = readFileSync(summary.refusedFile ?? assert.fail(), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
    for (const [index, [row, reason]] of BAD.entries()) assert.match(lines[index] ?? '', reason, row)
    assert.deepEqual(
      summary.notes.map(({ kind, subject }) => [kind, subject]),
      [['area without a pharmacy', 'QOP']],
    )
  })

  test('a file that is none is refused before anything is written', async () => {
    const db = await open()
    for (const [header, rows, reason] of [
      ['icb_code,name', ['QOP,A'], /lacks the column: email/],
      [HEADER, [], /has a header and no contacts/],
      [HEADER.replaceAll(',', ';'), [GOOD], /separated by semicolons/],
      [HEADER, [GOOD, 'QT1,"never closed'], /is cut off|quotation mark/],
    ] as const) {
      await assert.rejects(run(db, rows, header), reason)
    }
    assert.equal(await loadPolicy(db.pool, 'QOP'), undefined)
  })
})
