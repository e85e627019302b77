import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Db } from '#src/platform/db/db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { aProfile, aService, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { EVERYWHERE, icbsOf, pharmacyCounts, serviceCounts, type Where } from './area.ts'
import { refreshIcbAreas } from './icb-areas.ts'
import { saveServices } from './save-services.ts'

const importing = { actor: 'command:import', action: 'import', recordedAt: '2026-11-01T09:00:00.000Z' } as const
const PLACES = { 'M1 1AA': 'E54000057', 'OL1 1AA': 'E54000057', 'LS1 1AA': 'E54000054', 'B1 1AA': null }

/** Two old ICBs, QOP and QHL, lie in one new one; a pharmacy of QOP stands over the border of it, among those of QWO. */
async function areas(db: Db): Promise<void> {
  const icbOf = { FA001: ['QHL', 'OL1 1AA'], FA002: ['QWO', 'LS1 1AA'], FA003: ['QOP', 'LS1 1AA'] } as const
  const many = Array.from({ length: 10 }, (_, index) => [`FB0${index + 10}`, ['QOP', 'M1 1AA']] as const)
  const profiles = [...Object.entries(icbOf), ...many].map(([odsCode, [icbCode, postcode]]) =>
    aProfile({
      odsCode,
      address: { lines: [], postcode, position: null },
      commissioning: { parentCode: null, icbCode, healthAndWellbeingBoard: null },
    }),
  )
  const places = Object.entries(PLACES).map(([postcode, icb_code]) => ({
    ...{ postcode_key: postcode.replace(' ', ''), latitude: 53, longitude: -2, source: 'onspd' },
    ...{ icb_code, region_code: 'Y62', local_authority_code: null },
  }))
  await db.pool.insertInto('postcode').values(places).execute()
  const services = [
    aService({ uid: 1, odsCode: 'FA003', postcode: 'LS1 1AA' }),
    aService({ uid: 2, odsCode: null, postcode: 'M1 1AA' }),
    aService({ uid: 3, odsCode: 'RXX01', postcode: 'ls11aa' }),
    aService({ uid: 4, odsCode: null, postcode: 'B1 1AA' }),
    aService({ uid: 5, odsCode: null, postcode: null }),
  ]
  await db.transact((tx) => saveServices(tx, services, importing))
  const writes = profiles.map((profile) => ({ before: undefined, profile, sections: UNCHECKED }))
  await db.transact((tx) => commitProfiles(tx, writes, { ...importing, decides: false, onMeeting: 'keep' }))
  await refreshIcbAreas(db)
}

const of = (...icbCodes: string[]): Where => ({ reach: { everywhere: false, icbCodes } })

onBothDatabases((kind, open) => {
  test(`${kind}: a service is of its pharmacy's area; one without a pharmacy, of the ICBs around its postcode`, async () => {
    const db = await open()
    await areas(db)
    const { rows } = await sql<{ pair: string }>`
      select icb_ods_code || ' ' || icb_code || ' ' || pharmacies as pair from icb_area order by 1`.execute(db.pool)
    assert.deepEqual(
      rows.map(({ pair }) => pair),
      ['QHL E54000057 1', 'QOP E54000057 10', 'QWO E54000054 1'],
      'one pharmacy in eleven over the border is a stray',
    )
    const cases: readonly (readonly [string, Where, readonly number[]])[] = [
      ['everywhere is everything', { reach: EVERYWHERE }, [1, 2, 3, 4, 5]],
      ['the pharmacy says where its service is, whatever the postcode', of('QOP'), [1, 2]],
      ['two ICBs in one see the same hospital', of('QHL'), [2]],
      ['a hospital with an ODS code of its own is by its postcode', of('QWO'), [3]],
      ['of several areas, all', of('QHL', 'QWO'), [2, 3]],
      ['no area, nothing', of(), []],
      ['an area that was chosen is within the reach', { ...of('QOP'), area: 'QHL' }, [2]],
      ['an ICB by the code of the postcodes', { reach: EVERYWHERE, area: 'E54000054' }, [1, 3]],
      ['an ICB by its ODS code', { reach: EVERYWHERE, area: 'QWO' }, [3]],
      ['a region', { reach: EVERYWHERE, area: 'Y62' }, [1, 2, 3, 4]],
      ['an unknown area', { reach: EVERYWHERE, area: 'E00' }, []],
    ]
    for (const [because, where, expected] of cases) {
      const found = await sql<{ uid: number }>`
        select uid from service where ${serviceCounts(where)} order by uid`.execute(db.pool)
      assert.deepEqual(
        found.rows.map(({ uid }) => uid),
        expected,
        because,
      )
    }
    const pharmacies = await sql<{ code: string }>`
      select ods_code as code from profile pharmacy where ${pharmacyCounts({ ...of('QOP', 'QWO'), area: 'E54000054' })} order by 1`.execute(
      db.pool,
    )
    assert.deepEqual(
      pharmacies.rows.map(({ code }) => code),
      ['FA002', 'FA003'],
    )
    assert.deepEqual(await icbsOf(db.pool, EVERYWHERE), ['QHL', 'QOP', 'QWO'])
    assert.deepEqual(await icbsOf(db.pool, { everywhere: false, icbCodes: ['QOP', 'Q00'] }), ['QOP'])
    await sql`update postcode set icb_code = 'E54000054' where postcode_key = 'M11AA'`.execute(db.pool)
    await refreshIcbAreas(db)
    const moved = await sql<{ codes: string[] }>`
      select array_agg(icb_code) as codes from icb_area where icb_ods_code = 'QOP'`.execute(db.pool)
    assert.deepEqual(moved.rows[0]?.codes, ['E54000054'], 'what an import moves is known once it is over')
  })
})
