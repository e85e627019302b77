import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scope } from '#src/accounts/can.ts'
import { saveServices } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { storePharmacy } from '#test/support/manage.ts'
import { loadCapacities } from '../capacity-records.ts'
import { isInSight, loadBoard } from './board-rows.ts'

/** 10:34 in London. */
const NOW = new Date('2026-12-11T10:34:27Z')
const NOWHERE: Scope = { everywhere: false, odsCodes: [], parentCodes: [], icbCodes: [] }
const EVERYWHERE = { ...NOWHERE, everywhere: true }
const IMPORT = {
  actor: 'command:import services',
  action: 'import',
  recordedAt: '2026-12-11T06:00:00.000Z',
  decides: false,
  onMeeting: 'keep',
} as const

const red = (resetAt?: string) => ({ other: { capacity: { status: 'RED', ...(resetAt && { resetAt }) } } })
const shut = (from: string, until: string | null) => ({
  closures: [{ from, until, writtenTo: '2026-12-24', statutory: [], ended: false }] as const,
})
const CASES: readonly (readonly [Partial<ServiceRecord>, string, string])[] = [
  [{}, 'GREEN', 'nobody ever said anything'],
  [red(), 'RED', 'it has no end'],
  [red('2026-12-11T10:35'), 'RED', 'it ends in the next minute'],
  [red('2026-12-11T10:34'), 'GREEN', 'it ended in this minute'],
  [red('2026-12-10T23:59'), 'GREEN', 'it ended yesterday'],
  [{ other: { capacity: { status: 'AMBER', resetAt: '2027-01-01T00:00' } } }, 'AMBER', 'it ends next year'],
  [{ other: { capacity: { status: 'GREEN' } } }, 'GREEN', 'somebody said so'],
  [shut('2026-12-11T10:34', null), 'CLOSED', 'it began in this minute'],
  [shut('2026-12-11T10:35', null), 'GREEN', 'it has not begun'],
  [shut('2026-12-11T08:00', '2026-12-11T10:34'), 'GREEN', 'it opened in this minute'],
  [shut('2026-12-11T08:00', '2026-12-11T10:35'), 'CLOSED', 'it opens in the next minute'],
  [{ ...red(), ...shut('2026-12-11T08:00', null) }, 'CLOSED', 'a closure is told apart from Red'],
  [{ ...red(), ...shut('2026-12-12T08:00', null) }, 'RED', 'the closure is to come'],
]

onBothDatabases((_kind, open) => {
  test('the board calls every service what everybody else calls it', async () => {
    const db = await open()
    const services = CASES.map(([given], index) =>
      aService({ ...given, uid: 2_000_000_001 + index, odsCode: 'RX1', typeId: 105 }),
    )
    await db.transact((tx) => saveServices(tx, services, IMPORT))
    const asked = { scope: EVERYWHERE, area: null, text: '', page: 1, now: NOW } as const
    const { rows, counts, alerts, services: all } = await loadBoard(db.pool, { ...asked, show: 'all' })
    const capacities = await loadCapacities(
      db.pool,
      rows.map(({ uid }) => uid),
      NOW,
    )
    for (const [index, [, expected, because]] of CASES.entries()) {
      const uid = 2_000_000_001 + index
      assert.equal(rows.find((row) => row.uid === uid)?.state, expected, because)
      const capacity = capacities.get(uid)
      assert.equal(capacity?.because === 'closure' ? 'CLOSED' : capacity?.status, expected, because)
    }
    assert.equal(all, CASES.length)
    const countOf = (state: string) => CASES.filter(([, expected]) => expected === state).length
    assert.deepEqual(counts, {
      RED: countOf('RED'),
      AMBER: countOf('AMBER'),
      CLOSED: countOf('CLOSED'),
      GREEN: countOf('GREEN'),
    })
    assert.equal(alerts, countOf('RED'), 'they came with an import at 6am')
    const attention = await loadBoard(db.pool, { ...asked, show: 'attention' })
    assert.deepEqual(
      attention.rows.map(({ state }) => state),
      ['RED', 'RED', 'RED', 'CLOSED', 'CLOSED', 'CLOSED', 'AMBER'],
      'the worst first',
    )
  })

  test('a scope ends at its pharmacies, its area, and the services below', async () => {
    const db = await open()
    const place = (icbCode: string) => ({
      commissioning: { parentCode: 'PNN00', icbCode, healthAndWellbeingBoard: null },
    })
    await storePharmacy(db, aProfile({ odsCode: 'FA001', ...place('QA1') }), [
      aService({ uid: 11, odsCode: 'FA001' }),
      aService({ uid: 12, odsCode: 'RX1', typeId: 105, other: { parentUid: 11 } }),
    ])
    await storePharmacy(db, aProfile({ odsCode: 'FB002', ...place('QB2') }), [
      aService({ uid: 21, odsCode: 'FB002' }),
      aService({ uid: 22, odsCode: 'FB002CLO', status: 'CLOSED' }),
    ])
    const uids = async (scope: Scope, area: string | null = null, text = '') =>
      (await loadBoard(db.pool, { scope, area, text, show: 'all', page: 1, now: NOW })).rows.map(({ uid }) => uid)
    assert.deepEqual(await uids(NOWHERE), [])
    assert.deepEqual(await uids({ ...NOWHERE, odsCodes: ['FA001'] }), [11, 12])
    assert.deepEqual(await uids({ ...NOWHERE, icbCodes: ['QB2'] }), [21])
    assert.deepEqual(await uids({ ...NOWHERE, parentCodes: ['PNN00'] }), [11, 21])
    assert.deepEqual(await uids({ ...NOWHERE, parentCodes: ['PNN00'] }, 'QB2'), [21])
    assert.deepEqual(await uids(EVERYWHERE), [11, 21, 12], 'pharmacies first')
    assert.deepEqual(await uids(EVERYWHERE, 'QA1'), [11])
    assert.deepEqual(await uids(EVERYWHERE, null, 'fb 002'), [21], 'a pharmacy that is meant')
    assert.deepEqual(await uids({ ...NOWHERE, icbCodes: ['QA1'] }, null, 'FB002'), [], 'not theirs')
    const sees = (uid: number) => isInSight(db.pool, { ...NOWHERE, odsCodes: ['FA001'] }, uid)
    assert.deepEqual([await sees(11), await sees(12), await sees(21), await sees(99)], [true, true, false, false])
  })
})
