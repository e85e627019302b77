import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saveServices } from '#src/directory/save-services.ts'
import type { Db } from '#src/platform/db/db.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { aProfile, aService, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { applyServiceDates } from './apply-service-dates.ts'
import { checkProjection } from './check-projection.ts'
import { commitProfiles } from './commit-profiles.ts'
import { NOT_OFFERED } from './decide-services.ts'
import { loadProfile, loadServicesOf } from './load-profiles.ts'
import type { Profile } from './profile.ts'

const yes = { ...NOT_OFFERED, offered: true }
const MORNINGS = [...Array.from({ length: 5 }, () => [{ opens: 540, closes: 720 }]), [], []]

/** Blood pressure checks in January only, and Pharmacy First in the mornings from February. */
const seasonal = aProfile({
  services: {
    SRV0560: { ...yes, from: '2027-01-01', to: '2027-01-31' },
    'OWN-PHARMACY-FIRST': { ...yes, hours: MORNINGS, from: '2027-02-01' },
  },
})
const steady = aProfile({ odsCode: 'FX124', services: { SRV0560: yes, SRV0277: { ...yes, to: '2027-03-31' } } })

const services = [
  aService(),
  aService({ uid: 2_000_000_002, typeId: 132, odsCode: 'FX123PF1' }),
  aService({ uid: 2_000_000_003, typeId: 148, odsCode: 'FX123BPS' }),
  aService({ uid: 2_000_000_004, odsCode: 'FX124' }),
]

async function stored(db: Db, profiles: readonly Profile[], recordedAt: string): Promise<void> {
  const save = { actor: 'command:import', action: 'import', recordedAt }
  await db.transact((tx) => saveServices(tx, services, save))
  const writes = profiles.map((profile) => ({ before: undefined, profile, sections: UNCHECKED }))
  await db.transact((tx) => commitProfiles(tx, writes, { ...save, decides: false, onMeeting: 'take' }))
}

const standing = async (db: Db) =>
  (await loadServicesOf(db.pool, 'FX123'))
    .slice(1)
    .map(({ record: { status, hours } }) => [
      status,
      hours.weekly[0]?.map(({ opens, closes }) => `${opens / 60}-${closes / 60}`).join() ?? 'unknown',
    ])

onBothDatabases((kind, open) => {
  test(`${kind}: services begin and end on their days, without anybody saving anything`, async () => {
    const db = await open()
    const clock = fixedClock('2026-12-31T10:00:00Z')
    await stored(db, [seasonal, steady], clock.now().toISOString())
    assert.deepEqual(await standing(db), [
      ['ACTIVE', ''],
      ['CLOSED', '9-17'],
    ])
    const nights: readonly (readonly [at: string, changed: number, standing: unknown])[] = [
      [
        '2027-01-01T00:05:00Z',
        1,
        [
          ['ACTIVE', ''],
          ['ACTIVE', '9-17'],
        ],
      ],
      [
        '2027-01-02T00:05:00Z',
        0,
        [
          ['ACTIVE', ''],
          ['ACTIVE', '9-17'],
        ],
      ],
      [
        '2027-02-03T00:05:00Z',
        1,
        [
          ['ACTIVE', '9-12'],
          ['CLOSED', '9-17'],
        ],
      ],
    ]
    for (const [at, changed, expected] of nights) {
      clock.set(at)
      assert.deepEqual(await applyServiceDates({ db, clock }), { changed }, at)
      assert.deepEqual(await standing(db), expected, at)
      assert.deepEqual((await checkProjection(db.pool, londonDateOf(clock.now()))).disagreements, [], at)
    }
    const profile = await loadProfile(db.pool, 'FX123')
    assert.equal(profile?.version, 1, 'the pharmacy said nothing new')
    assert.deepEqual(profile?.sections, UNCHECKED)
    const audit = await db.pool
      .selectFrom('audit')
      .select(['actor', 'action', 'target'])
      .orderBy('seq', 'desc')
      .execute()
    assert.deepEqual(audit[0], {
      actor: 'system:service-dates',
      action: 'apply-service-dates',
      target: 'pharmacy:FX123',
    })
  })

  test(`${kind}: check waits one night for services that begin today, and no longer`, async () => {
    const db = await open()
    await stored(db, [seasonal], '2026-12-31T10:00:00Z')
    const wrong = async (date: '2026-12-31' | '2027-01-01' | '2027-01-02') =>
      (await checkProjection(db.pool, date)).disagreements.map(({ uid, because }) => [uid, because])
    assert.deepEqual(await wrong('2026-12-31'), [])
    assert.deepEqual(await wrong('2027-01-01'), [])
    assert.deepEqual(await wrong('2027-01-02'), [[2_000_000_003, 'not-projected']])
  })
})
