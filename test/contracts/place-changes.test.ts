/** Requests for another name, address or pin on both databases, and that no import undoes what was approved. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '#src/accounts/actor.ts'
import type { Db } from '#src/platform/db/db.ts'
import { checkProjection } from '#src/profiles/check-projection.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { AskedPlace } from '#src/profiles/place-change.ts'
import { loadWaitingPlaceChanges } from '#src/profiles/place-changes.ts'
import type { Profile } from '#src/profiles/profile.ts'
import {
  answerRequest,
  askPlaceChange,
  type PlaceChangeDeps,
  withdrawPlaceChange,
} from '#src/profiles/save-place-change.ts'
import { importPharmaceuticalList } from '#src/reference-data/import-pharmaceutical-list.ts'
import { importServices } from '#src/reference-data/import-services.ts'
import { parseMapPoint } from '#src/rules/map-point.ts'
import type { Postcode } from '#src/rules/postcode.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { inputFile, type ListedRow, listCsv } from '#test/support/input-files.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { aServiceLine, REFERENCE_JSON, servicesJsonl } from '#test/support/service-lines.ts'

const clock = fixedClock()
const progress = () => {}
const AMINA: Actor = { personId: 1, email: 'amina@nhs.example', name: 'Amina', grants: [] }
const LENA: Actor = { personId: 2, email: 'lena@icb.example', name: 'Lena', grants: [] }
const EVERYWHERE = { everywhere: true, odsCodes: [], parentCodes: [], icbCodes: [] }
const point = (text: string) => parseMapPoint(text) ?? assert.fail(text)
const NEAR = point('429167, 433934')

const depsFor = (db: Db): PlaceChangeDeps => ({
  db,
  clock,
  issueReceipts,
  centreOf: (postcode) => (postcode === 'ZZ1 1AA' ? point('429067, 433934') : undefined),
  sharedMailboxOf: () => null,
})

async function approved(db: Db, asked: AskedPlace): Promise<void> {
  const deps = depsFor(db)
  const outcome = await askPlaceChange(deps, AMINA, { odsCode: 'FZ001', asked, evidence: 'PCSE 1' })
  if (outcome.outcome === 'applied') return
  assert.ok(outcome.outcome === 'waiting', JSON.stringify(outcome))
  const expectedVersion = (await loadProfile(db.pool, 'FZ001'))?.version ?? 0
  const answer = await answerRequest(deps, LENA, { id: outcome.id, approve: true, reason: null, expectedVersion })
  assert.equal(answer.outcome, 'decided')
}

const importList = (db: Db, rows: readonly ListedRow[]) =>
  importPharmaceuticalList(inputFile('list.csv', listCsv(rows)), { db, clock, progress })
const importLines = (db: Db, lines: readonly object[]) =>
  importServices(
    {
      path: inputFile('services.jsonl', servicesJsonl(lines)),
      referencePath: inputFile('reference.json', REFERENCE_JSON),
    },
    { db, clock, progress },
  )
const profileOf = async (db: Db): Promise<Profile> =>
  (await loadProfile(db.pool, 'FZ001'))?.profile ?? assert.fail('none')

onBothDatabases((kind, open) => {
  test(`${kind}: a list does not undo an approved name and address, and is followed again once it says the same`, async () => {
    const db = await open()
    await importList(db, [{ code: 'FZ001' }])
    await approved(db, { kind: 'name', name: 'Dale Pharmacy' })
    const moved = { lines: ['1 High Street', 'Leeds'], postcode: 'ZZ1 1AB' as Postcode }
    await approved(db, { kind: 'address', ...moved, position: NEAR })
    const summary = await importList(db, [{ code: 'FZ001' }])
    assert.equal(summary.kept, 1)
    const told = summary.notes.find(({ subject }) => subject === 'FZ001')?.message ?? ''
    assert.match(told, /name: “Dale Pharmacy”; the list says “Hill Pharmacy”/)
    assert.match(told, /address: “1 High Street, Leeds, ZZ1 1AB”; the list says “1 High Street, Leeds, ZZ1 1AA”/)
    const kept = await profileOf(db)
    assert.deepEqual(
      [kept.name, kept.address.postcode, kept.approved],
      ['Dale Pharmacy', 'ZZ1 1AB', ['name', 'address', 'position']],
    )
    assert.equal(kept.address.position?.easting, NEAR.easting)

    const agrees = { code: 'FZ001', name: 'DALE PHARMACY', postcode: 'ZZ1 1AB' }
    assert.equal((await importList(db, [agrees])).kept, 0)
    assert.deepEqual((await profileOf(db)).approved, ['position'], 'the list agrees: it is followed from now on')
    await importList(db, [{ ...agrees, name: 'MOSS PHARMACY' }])
    assert.equal((await profileOf(db)).name, 'Moss Pharmacy')
    assert.deepEqual((await checkProjection(db.pool, '2026-12-11')).disagreements, [])
  })

  test(`${kind}: the directory of services does not undo an approved place, on the services neither`, async () => {
    const db = await open()
    const lines = [
      aServiceLine({ uid: 11 }),
      aServiceLine({ uid: 12, odsCode: 'FZ001UMS', typeId: 131, address: ['Back door', 'Leeds'] }),
    ]
    await importLines(db, lines)
    await approved(db, { kind: 'pin', position: NEAR })
    await approved(db, {
      kind: 'address',
      lines: ['9 New Road', 'Leeds'],
      postcode: 'ZZ1 1AA' as Postcode,
      position: NEAR,
    })
    const summary = await importLines(db, lines)
    assert.match(
      summary.notes.find(({ subject }) => subject === 'FZ001')?.message ?? '',
      /address: corrected on request; service 11 says otherwise/,
    )
    const { address } = await profileOf(db)
    assert.deepEqual([address.lines, address.position?.easting], [['9 New Road', 'Leeds'], NEAR.easting])
    for (const { record } of await loadServicesOf(db.pool, 'FZ001')) {
      assert.deepEqual([record.address, record.easting], [['9 New Road', 'Leeds'], NEAR.easting], String(record.uid))
    }
    assert.deepEqual((await checkProjection(db.pool, '2026-12-11')).disagreements, [])
  })

  test(`${kind}: two deciders, one decision; asking twice, one request; the queue shows what waits in a scope`, async () => {
    const db = await open()
    await importList(db, [{ code: 'FZ001' }, { code: 'FZ002' }])
    const deps = depsFor(db)
    const asked: AskedPlace = { kind: 'name', name: 'Dale Pharmacy' }
    const asks = await Promise.all(
      [1, 2].map(() => askPlaceChange(deps, AMINA, { odsCode: 'FZ001', asked, evidence: 'x' })),
    )
    assert.deepEqual(asks.map(({ outcome }) => outcome).sort(), ['already-waiting', 'waiting'])
    const { waiting, total } = await loadWaitingPlaceChanges(db.pool, EVERYWHERE)
    assert.deepEqual([total, waiting[0]?.odsCode, waiting[0]?.asked], [1, 'FZ001', asked])
    const nowhere = { ...EVERYWHERE, everywhere: false, odsCodes: ['FZ002'] }
    assert.equal((await loadWaitingPlaceChanges(db.pool, nowhere)).total, 0)
    const id = waiting[0]?.id ?? 0
    const answers = await Promise.all([
      answerRequest(deps, LENA, { id, approve: true, reason: null, expectedVersion: 1 }),
      answerRequest(deps, LENA, { id, approve: false, reason: 'no', expectedVersion: 1 }),
      withdrawPlaceChange(deps, AMINA, { odsCode: 'FZ001', id }),
    ])
    const decided = [answers[0].outcome === 'decided', answers[1].outcome === 'decided', answers[2]]
    assert.equal(decided.filter(Boolean).length, 1)
    const { status } = await db.pool.selectFrom('place_change').select('status').executeTakeFirstOrThrow()
    assert.notEqual(status, 'waiting')
    assert.equal((await profileOf(db)).name === 'Dale Pharmacy', status === 'approved')
  })

  test(`${kind}: a pin within 250 metres is set at once, a metre further it waits, and so does one of an unknown postcode`, async () => {
    const db = await open()
    await importList(db, [
      { code: 'FZ001', postcode: 'ZZ1 1AA' },
      { code: 'FZ002', postcode: 'ZZ9 9ZZ' },
    ])
    const ask = async (odsCode: string, text: string) =>
      (
        await askPlaceChange(depsFor(db), AMINA, {
          odsCode,
          asked: { kind: 'pin', position: point(text) },
          evidence: 'x',
        })
      ).outcome
    assert.equal(await ask('FZ001', '429067, 434183'), 'applied')
    assert.equal(await ask('FZ001', '429067, 434190'), 'waiting')
    assert.equal(await ask('FZ002', '429067, 434183'), 'waiting')
    await approved(db, { kind: 'pin', position: null })
    assert.equal((await profileOf(db)).approved, undefined, 'a pin in the middle of the postcode moves along with it')
  })
})
