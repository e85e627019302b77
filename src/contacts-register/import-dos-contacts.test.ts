import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Db } from '#src/platform/db/db.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { inputFile } from '#test/support/input-files.ts'
import { confirmContact, loadContact, saveContact } from './contact-records.ts'
import { importDosContacts } from './import-dos-contacts.ts'

const HEADER = 'area_code,level,name,mailbox,phone,phone_out_of_hours,owner,last_confirmed'
const GOOD = 'QX1,,North Shire,DoS@North.example,01632960100,07700900100,The north team,1/12/2026'
const LEA = { actor: 'person:lea@nhs.example', now: new Date('2026-12-05T09:00:00Z') }

async function run(db: Db, rows: readonly string[], header = HEADER) {
  const path = inputFile('contacts.csv', `${[header, ...rows].join('\n')}\n`)
  return await importDosContacts(path, { db, clock: fixedClock(), progress: () => {} })
}

/** A row with one wrong value, and what is said of it. */
const BAD: readonly (readonly [row: string, reason: RegExp])[] = [
  ['??,,A,a@b.example,,,Team,', /“\?\?” is not the ODS code/],
  ['QX3,,,a@b.example,,,Team,', /Enter the name of the area/],
  ['QX3,,A,nobody,,,Team,', /Enter the email address of a role mailbox/],
  ['QX3,,A,a@b.example,12,,Team,', /Phone in hours must be a UK phone number/],
  ['QX3,,A,a@b.example,,12,Team,', /Phone out of hours must be a UK phone number/],
  ['QX3,,A,a@b.example,,,,', /Enter who keeps this right/],
  ['QX3,county,A,a@b.example,,,Team,', /Select whether the team is local or regional/],
  ['QX3,,A,a@b.example,,,Team,soon', /“soon” is not a date in the past/],
  ['QX3,,A,a@b.example,,,Team,2027-01-01', /“2027-01-01” is not a date in the past/],
  ['QX3,,A,a@b.example', /the row has 4 columns, the header 8/],
  ['QX1,,Twice,a@b.example,,,Team,', /the area QX1 is on line 2 already/],
]

onBothDatabases((_kind, open) => {
  test('contacts are stored once, changed when they change, and left alone otherwise', async () => {
    const db = await open()
    const counts = async (row: string) => {
      const { stored, changed, unchanged, kept } = await run(db, [row])
      return { stored, changed, unchanged, kept }
    }
    const none = { stored: 0, changed: 0, unchanged: 0, kept: 0 }
    assert.deepEqual(await counts(GOOD), { ...none, stored: 1 })
    assert.deepEqual(await counts(GOOD), { ...none, unchanged: 1 })
    assert.deepEqual(await counts(GOOD.replace('1/12', '1/11')), { ...none, unchanged: 1 }, 'an older word')
    assert.deepEqual(await counts(GOOD.replace('1/12', '2/12')), { ...none, changed: 1 }, 'a later word')
    assert.deepEqual(await counts(GOOD.replace('01632960100', '')), { ...none, changed: 1 })
    const { version: _version, ...stored } = (await loadContact(db.pool, 'QX1')) ?? assert.fail()
    assert.deepEqual(stored, {
      areaCode: 'QX1',
      level: 'local',
      name: 'North Shire',
      mailbox: 'dos@north.example',
      phone: null,
      nightPhone: '07700 900 100',
      owner: 'The north team',
      confirmedOn: '2026-12-01',
      confirmedBy: 'command:import dos-contacts',
      changedBy: 'command:import dos-contacts',
    })
    await run(db, ['Y62,Region,North West,region@nhs.example,Regional team'], 'icb_code,level,name,email,owner')
    assert.equal((await loadContact(db.pool, 'Y62'))?.level, 'region')
    assert.ok(await loadContact(db.pool, 'QX1'), 'an area that the file does not name keeps its contact')
    const entries = await db.pool.selectFrom('audit').select('action').where('target', '=', 'dos-contact:QX1').execute()
    assert.equal(entries.length, 3)
  })

  test('what a person changed or confirmed stays, and the difference is noted', async () => {
    const db = await open()
    await run(db, [GOOD, GOOD.replace('QX1', 'QX2')])
    await confirmContact(db, 'QX1', LEA)
    const { version, ...second } = (await loadContact(db.pool, 'QX2')) ?? assert.fail()
    const saving = { areaCode: 'QX2', expectedVersion: version, contact: { ...second, owner: 'Lea' } }
    assert.equal(await saveContact(db, saving, LEA), 'saved')
    assert.equal(await saveContact(db, saving, LEA), 'conflict')
    const other = GOOD.replace('North Shire', 'Northshire')
    const { kept, notes } = await run(db, [other, other.replace('QX1', 'QX2')])
    assert.equal(kept, 2)
    assert.deepEqual(
      notes.map(({ subject, message }) => [subject, message.split(':')[0]]),
      [
        ['QX1', 'name'],
        ['QX2', 'name, owner'],
      ],
    )
    assert.equal((await loadContact(db.pool, 'QX1'))?.name, 'North Shire')
    assert.equal((await loadContact(db.pool, 'QX2'))?.owner, 'Lea')
    assert.equal((await run(db, [GOOD.replace('1/12', '6/12')])).unchanged, 1)
    assert.equal((await loadContact(db.pool, 'QX1'))?.confirmedBy, LEA.actor)
  })

  test('a wrong row is refused whole with its reason, and stops no other', async () => {
    const db = await open()
    const summary = await run(db, [GOOD, ...BAD.map(([row]) => row)])
    assert.deepEqual([summary.stored, summary.refused], [1, BAD.length])
    const lines = readFileSync(summary.refusedFile ?? assert.fail(), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
    for (const [index, [row, reason]] of BAD.entries()) assert.match(lines[index] ?? '', reason, row)
    await assert.rejects(run(db, [], HEADER), /has a header and no contacts/)
    await assert.rejects(run(db, ['QX1,A'], 'area_code,name'), /lacks these columns: mailbox, owner/)
  })
})
