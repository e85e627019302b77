/** `import pharmaceutical-list`, on both databases: made-up lists for the rules, the published ones for the figures. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import { verifyLedger } from '#src/platform/db/verify-ledger.ts'
import { checkProjection } from '#src/profiles/check-projection.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { importOds } from '#src/reference-data/import-ods.ts'
import { importPharmaceuticalList } from '#src/reference-data/import-pharmaceutical-list.ts'
import { importPostcodes } from '#src/reference-data/import-postcodes.ts'
import type { ImportSummary } from '#src/reference-data/import-summary.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { inputFile, type ListedRow, listCsv, POSTCODES_CSV, sharedInput } from '#test/support/input-files.ts'
import { issueReceipts } from '#test/support/receipts.ts'

const clock = fixedClock()
const progress = () => {}
const counts = ({ read, stored, changed, unchanged, kept, refused }: ImportSummary) => ({
  read,
  stored,
  changed,
  unchanged,
  kept,
  refused,
})
const importRows = (db: Db, rows: readonly ListedRow[]) =>
  importPharmaceuticalList(inputFile('list.csv', listCsv(rows)), { db, clock, progress })

async function serviceOf(db: Db, odsCode: string): Promise<ServiceRecord> {
  const [service] = await loadServicesOf(db.pool, odsCode)
  assert.ok(service)
  return service.record
}

async function ledgerLength(db: Db): Promise<number> {
  const { rows } = { rows: await db.pool.selectFrom('ledger_head').select('audit_seq').execute() }
  return rows[0]?.audit_seq ?? 0
}

onBothDatabases((kind, open) => {
  test('a pharmacy of the list becomes a profile and a type 13 service, numbered in file order', async () => {
    const db = await open()
    await importPostcodes(inputFile('postcodes.csv', POSTCODES_CSV), { db, clock, progress })
    const rows = [{ code: 'FZ002' }, { code: 'FZ001', name: 'DALE CHEMIST', postcode: 'ZZ9 9ZZ' }]
    const summary = await importRows(db, rows)
    assert.deepEqual(counts(summary), { read: 2, stored: 2, changed: 0, unchanged: 0, kept: 0, refused: 0 })

    const service = await serviceOf(db, 'FZ002')
    assert.deepEqual(
      [service.uid, service.typeId, service.status, service.postcode, service.latitude, service.hours.bankHoliday],
      [2140000001, 13, 'ACTIVE', 'ZZ1 1AA', 53.8, null],
    )
    const unplaced = await serviceOf(db, 'FZ001')
    assert.deepEqual([unplaced.uid, unplaced.latitude], [2140000002, null], 'an unknown postcode is stored, not placed')
    const profile = await loadProfile(db.pool, 'FZ001')
    assert.equal(profile?.profile.name, 'Dale Chemist')
    assert.equal(profile?.sections.hours.source, 'list')
    assert.equal(profile?.sections.hours.checkedAt, null)
  })

  test('a second run of the same list changes nothing and enters nothing in the ledger', async () => {
    const db = await open()
    const rows = [{ code: 'FZ001' }, { code: 'FZ002', days: ['09:00-13:00', 'nonsense'] }]
    await importRows(db, rows)
    const before = await ledgerLength(db)
    const again = await importRows(db, rows)
    assert.deepEqual(counts(again), { read: 2, stored: 0, changed: 0, unchanged: 2, kept: 0, refused: 1 })
    assert.equal(await ledgerLength(db), before)
  })

  test('the refused rows are written beside the list as they were, with every reason', async () => {
    const db = await open()
    const rows = [
      { code: 'FZ001', days: ['09:00-17:00', '9-5', '', 'CLOSED'] },
      { code: 'FZ1', name: '' },
      { code: 'FZ002' },
      { code: 'FZ002', name: 'TWICE' },
    ]
    const summary = await importRows(db, rows)
    assert.deepEqual(counts(summary), { read: 4, stored: 2, changed: 0, unchanged: 0, kept: 0, refused: 3 })
    assert.equal(summary.details['days refused, now unknown'], 2)
    const refusedFile = summary.refusedFile ?? ''
    assert.ok(refusedFile.endsWith('list.refused.csv'))
    const [header, ...refused] = readFileSync(refusedFile, 'utf8').trim().split('\n')
    assert.match(header ?? '', /^PHARMACY_ODS_CODE_F_CODE,.*,CONTRACT_TYPE,LINE,REASONS$/)
    assert.match(refused[0] ?? '', /^FZ001,.*,2,.*Tuesday: .*; Wednesday: .*blank/)
    assert.match(refused[1] ?? '', /FZ1.*no trading name/)
    assert.match(refused[2] ?? '', /FZ002 is on line 4 already/)
    assert.deepEqual((await serviceOf(db, 'FZ001')).hours.weekly.slice(0, 4), [
      [{ opens: 540, closes: 1020 }],
      null,
      null,
      [],
    ])
  })

  test('a list that is broken is refused as a whole and leaves the directory as it was', async () => {
    const db = await open()
    const good = listCsv([{ code: 'FZ001' }, { code: 'FZ002' }])
    const broken: [content: string | Uint8Array, message: RegExp][] = [
      [good.slice(0, -30), /cut off/],
      [good.slice(0, -3), /cut off/],
      [good.replaceAll(',', ';'), /semicolons/],
      [good.replace('POST_CODE', 'PLACE'), /lacks the column: POST_CODE/],
      [Buffer.from(good.replace('HILL', 'CAF\xc9'), 'latin1'), /UTF-8/],
      [`${good.split('\n')[0]}\n`, /no pharmacies/],
      [good.replace('HILL', 'H'.repeat(70_000)), /longer than 64 KB/],
      [good + `${' '.repeat(50)}\n`.repeat(1_000_000), /larger than 50 MB/],
    ]
    for (const [content, message] of broken) {
      const file = inputFile('list.csv', content)
      await assert.rejects(importPharmaceuticalList(file, { db, clock, progress }), message)
    }
    assert.equal(await ledgerLength(db), 0)
  })

  test('what a pharmacy edited or confirmed is kept and told, section by section', async () => {
    const db = await open()
    await importRows(db, [{ code: 'FZ001' }, { code: 'FZ002' }])
    const saved = await saveProfileChange(
      { db, clock, issueReceipts },
      {
        odsCode: 'FZ001',
        section: 'hours',
        expectedVersion: 1,
        actor: 'person:amina@example.nhs.uk',
        action: 'set-opening-times',
        decide: (profile) => ({ ok: true, value: { ...profile, weekly: profile.weekly.map(() => []) } }),
      },
    )
    assert.equal(saved.outcome, 'saved')
    const later = [
      { code: 'FZ001', name: 'NEW NAME', days: ['08:00-20:00'] },
      { code: 'FZ002', days: ['08:00-20:00'] },
    ]
    const summary = await importRows(db, later)
    assert.deepEqual(counts(summary), { read: 2, stored: 0, changed: 2, unchanged: 0, kept: 1, refused: 0 })
    assert.match(
      summary.notes.find(({ subject }) => subject === 'FZ001')?.message ?? '',
      /monday: CLOSED; the list says 08:00/,
    )
    const edited = await loadProfile(db.pool, 'FZ001')
    assert.deepEqual([edited?.profile.name, edited?.profile.weekly[0]], ['New Name', []])
    assert.deepEqual((await serviceOf(db, 'FZ002')).hours.weekly[0], [{ opens: 480, closes: 1200 }])
    const again = await importRows(db, later)
    assert.deepEqual(counts(again), { read: 2, stored: 0, changed: 0, unchanged: 1, kept: 1, refused: 0 })
    assert.deepEqual((await checkProjection(db.pool, londonDateOf(clock.now()))).disagreements, [])
  })

  test('a day that a later list garbles becomes unknown, on the service we made too', async () => {
    const db = await open()
    await importRows(db, [{ code: 'FZ001' }])
    await importRows(db, [{ code: 'FZ001', days: ['nonsense', '09:00-17:30'] }])
    assert.equal((await loadProfile(db.pool, 'FZ001'))?.profile.weekly[0], null)
    assert.equal((await serviceOf(db, 'FZ001')).hours.weekly[0], null)
  })

  test('a pharmacy absent from a later list is told of and left as it is', async () => {
    const db = await open()
    await importRows(db, [{ code: 'FZ001' }, { code: 'FZ002' }])
    const summary = await importRows(db, [{ code: 'FZ002' }])
    assert.deepEqual(
      summary.notes.filter(({ kind: about }) => about.startsWith('absent')).map(({ subject }) => subject),
      ['FZ001'],
    )
    assert.equal((await loadProfile(db.pool, 'FZ001'))?.profile.status, 'open')
  })

  test('an interrupted import is finished by running it again', async () => {
    const db = await open()
    const rows = Array.from({ length: 400 }, (_, index) => ({ code: `F${String(index).padStart(4, '0')}` }))
    const file = inputFile('list.csv', listCsv(rows))
    const interrupted = importPharmaceuticalList(file, {
      db,
      clock,
      progress: () => {
        throw new Error('pulled the plug')
      },
    })
    await assert.rejects(interrupted, /pulled the plug/)
    const summary = await importPharmaceuticalList(file, { db, clock, progress })
    assert.deepEqual([summary.stored + summary.unchanged, summary.changed], [400, 0])
    assert.ok(summary.unchanged > 0)
    assert.equal((await serviceOf(db, 'F0399')).uid, 2140000400, 'numbers go on in file order')
  })

  test('an appliance contractor has no public hours', async () => {
    const db = await open()
    const summary = await importRows(db, [{ code: 'FZ001', contract: 'DAC', days: ['nonsense'] }])
    assert.equal(summary.refused, 0)
    assert.deepEqual(new Set((await serviceOf(db, 'FZ001')).hours.weekly), new Set([null]))
  })

  test('the published list of England: every pharmacy, 47 refused days on 15 of them, and one warning', async (t) => {
    const file = sharedInput(t, 'pharmacies.csv')
    if (file === undefined) return
    const db = await open()
    const summary = await importPharmaceuticalList(file, { db, clock, progress })
    assert.deepEqual(counts(summary), { read: 8648, stored: 8648, changed: 0, unchanged: 0, kept: 0, refused: 15 })
    assert.equal(summary.details['days refused, now unknown'], 47)
    const strange = summary.notes.filter(({ kind: about }) => about === 'hours look wrong')
    assert.deepEqual(
      strange.map(({ subject }) => subject),
      ['FTW88'],
    )
    assert.equal((await serviceOf(db, 'FA002')).uid, 2140000001)
    assert.deepEqual((await serviceOf(db, 'FGT70')).hours.weekly.slice(5), [null, null], 'blank is unknown')
    assert.deepEqual((await serviceOf(db, 'FFG50')).hours.weekly[0], [{ opens: 480, closes: 1440 }], '24:00')
    const { profiles, services, disagreements } = await checkProjection(db.pool, londonDateOf(clock.now()))
    assert.deepEqual([profiles, services, disagreements], [8648, 8648, []])

    const oldHeader = sharedInput(t, 'pharmacies-quirks-oldheader.csv')
    if (oldHeader === undefined) return
    const again = await importPharmaceuticalList(oldHeader, { db, clock, progress })
    assert.deepEqual([again.read, again.unchanged, again.stored + again.changed], [42, 42, 0])
    if (kind === 'embedded') return
    await laterFilesOfEngland(db, t)
  })
})

/** The rest of the published files, on one database: they take half a minute. */
async function laterFilesOfEngland(db: Db, t: Parameters<typeof sharedInput>[0]): Promise<void> {
  const [ods, postcodes, manchester] = ['ods-dispensaries.csv', 'postcodes.csv', 'pharmacies-gm-202425q4.csv'].map(
    (name) => sharedInput(t, name),
  )
  if (ods === undefined || postcodes === undefined || manchester === undefined) return
  const placed = await importPostcodes(postcodes, { db, clock, progress })
  assert.deepEqual([placed.read, placed.stored, placed.details['pharmacies placed']], [11164, 11164, 8636])
  const closed = await importOds(ods, { db, clock, progress })
  assert.deepEqual(
    [closed.read, closed.stored, closed.refused, closed.details['pharmacies closed for good']],
    [9273, 9273, 0, 645],
  )
  assert.equal(closed.notes.filter(({ kind }) => kind.startsWith('has a close date')).length, 8)
  const part = await importPharmaceuticalList(manchester, { db, clock, progress })
  assert.deepEqual([part.read, part.stored, part.refused], [465, 21, 0])
  assert.equal(part.details['of an earlier list and absent from this one'], undefined, 'it is a part of England only')
  assert.deepEqual((await checkProjection(db.pool, londonDateOf(clock.now()))).disagreements, [])
  assert.equal((await verifyLedger(db.pool)).ok, true)
}
