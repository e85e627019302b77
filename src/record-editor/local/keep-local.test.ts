/** The write path of the local catalogue on both databases: all of it or nothing, and two people at once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '#src/accounts/actor.ts'
import { buildTriageReference } from '#src/directory/triage/triage-reference.ts'
import { verifyLedger } from '#src/platform/db/verify-ledger.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { makeLocalService, nameOwner, reviewLocal } from './keep-local.ts'
import { countLocal, loadLocalServices } from './local-records.ts'
import { queueLocalReviews } from './remind-owners.ts'

const reference = buildTriageReference({ pairs: { 360: [14_207, 14_500] } })
const NATIONAL: Actor = {
  personId: 1,
  email: 'nat@nhs.example',
  name: 'Nat',
  grants: [{ role: 'national', scope: '' }],
}
const OTHER: Actor = { ...NATIONAL, personId: 2, email: 'oth@nhs.example' }
const ELSEWHERE: Actor = { ...OTHER, grants: [{ role: 'lead', scope: 'area:QX9' }] }
const OWNER = { kind: 'team', name: 'North team', mailbox: 'north@icb.example', months: 6 } as const
const PLACE = { postcode: 'ZZ9 9AA', easting: 378_900, northing: 391_900, latitude: 53.4, longitude: -2.3 }
const EVERYWHERE = { reach: { everywhere: true } } as const

onBothDatabases((_kind, open) => {
  test('a local service is made whole or not at all, and its owner is written once by whoever comes first', async () => {
    const db = await open()
    const clock = fixedClock('2026-12-11T10:00:00Z')
    const deps = { db, clock, reference: () => reference }
    const make = (typeId: number, code: number, actor = NATIONAL) =>
      makeLocalService(deps, actor, {
        patch: { name: 'Falls helpline', typeId, status: 'COMMISSIONING', ...PLACE },
        clinical: { sgsd: { 360: [code] } },
        owner: OWNER,
      })
    for (const refused of [make(148, 14_210), make(20, 14_999), make(20, 14_500, ELSEWHERE)]) {
      assert.equal((await refused).outcome, 'refused')
    }
    assert.deepEqual(await db.pool.selectFrom('service_edit').select('id').execute(), [])
    const [first, second] = await Promise.all([make(20, 14_500), make(20, 14_500, OTHER)])
    assert.deepEqual(
      [first, second].map((made) => made?.outcome === 'made' && made.uid).sort(),
      [2_140_000_001, 2_140_000_002],
    )
    const drafts = await db.pool
      .selectFrom('service_edit')
      .select(['uid', 'proposed'])
      .where('state', '=', 'draft')
      .orderBy('uid')
      .execute()
    assert.deepEqual(
      drafts,
      [2_140_000_001, 2_140_000_002].map((uid) => ({ uid, proposed: { sgsd: { 360: [14_500] } } })),
    )

    const read = { uid: 2_140_000_001, expectedVersion: 1 }
    const renamed = { ...OWNER, name: 'South team', months: 3 }
    const both = await Promise.all([nameOwner(deps, NATIONAL, read, renamed), reviewLocal(deps, OTHER, read)])
    assert.deepEqual(both.toSorted(), ['changed', 'saved'])
    await assert.rejects(nameOwner(deps, ELSEWHERE, { ...read, expectedVersion: 2 }, OWNER), /within reach/)
    const question = { where: EVERYWHERE, state: 'all', text: 'falls', today: '2026-12-11', page: 1 } as const
    assert.deepEqual(
      (await loadLocalServices(db.pool, question)).services.map(({ uid, version }) => [uid, version]).sort(),
      [
        [2_140_000_001, 2],
        [2_140_000_002, 1],
      ],
    )
    const later = new Date('2027-06-11T07:10:00Z')
    assert.deepEqual(await countLocal(db.pool, EVERYWHERE, '2027-06-11'), { due: 2, unowned: 0 })
    assert.deepEqual(
      (await Promise.all([queueLocalReviews(db, later), queueLocalReviews(db, later)])).toSorted(),
      [0, 2],
    )
    assert.ok((await verifyLedger(db.pool)).ok)
  })
})
