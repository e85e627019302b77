import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { EVERYWHERE, type Reach } from '#src/directory/area.ts'
import { refreshIcbAreas } from '#src/directory/icb-areas.ts'
import { saveServices } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { OpenDb } from '#src/platform/db/open-db.ts'
import { NotFound } from '#src/platform/errors.ts'
import { markAbsent, storeListed } from '#src/reference-data/listed-pharmacies.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import type { Postcode } from '#src/rules/postcode.ts'
import { qualityScore } from '#src/rules/quality-score.ts'
import { aProfile, aService, USUAL_WEEK } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { type FixedClock, fixedClock } from '#test/support/fixed-clock.ts'
import { storePharmacy } from '#test/support/manage.ts'
import { checkEverything } from './check-everything.ts'
import { endExemption, exempt } from './exemptions.ts'
import { countByRule, countFlags, FINDING_SHOWS, findingsInPieces, loadFindings } from './findings.ts'
import { loadOwners, ownerIn, saveOwner } from './owners.ts'
import { loadTrends } from './quality-days.ts'
import { loadAreaScores, loadLowest, loadPharmacyQuality } from './scores.ts'

const TODAY = '2026-12-11'
const SAVE = { actor: 'system:test', action: 'test', recordedAt: '2026-12-11T10:00:00.000Z' }
const LEAD = 'person:lead@nhs.example'
const holidays = holidayCalendar([])
const inIcb = (icbCode: string) => ({ parentCode: null, icbCode, healthAndWellbeingBoard: null })
const only = (icb: string): Reach => ({ everywhere: false, icbCodes: [icb] })

onBothDatabases((_kind, open) => {
  describe('the quality check', () => {
    let db: OpenDb
    let clock: FixedClock
    const check = () => checkEverything({ db, clock, holidays })
    const save = (...services: ServiceRecord[]) => db.transact((tx) => saveServices(tx, services, SAVE))
    const rows = async (rule: string) =>
      (
        await db.pool
          .selectFrom('quality_finding')
          .select(['subject', 'opened_on', 'closed_on', 'last_seen_on', 'is_first'])
          .where('rule', '=', rule)
          .orderBy('id')
          .execute()
      ).map((row) => [row.subject, row.opened_on, row.closed_on, row.last_seen_on, row.is_first])

    before(async () => {
      db = await open()
      clock = fixedClock('2026-12-11T10:34:00Z')
      await db.pool
        .insertInto('postcode')
        .values([
          {
            ...{ postcode_key: 'M337AB', latitude: 53.424, longitude: -2.318, icb_code: 'E54000001', source: 'test' },
            ...{ region_code: 'Y62', local_authority_code: 'E08000009' },
          },
          {
            ...{ postcode_key: 'ZZ11AA', latitude: 52.1, longitude: -1.5, icb_code: 'E54000002', source: 'test' },
            ...{ region_code: 'Y60', local_authority_code: 'E07000221' },
          },
        ])
        .execute()
      await storePharmacy(db, aProfile({ odsCode: 'FA002', commissioning: inIcb('QX1') }), [
        aService({ uid: 1, odsCode: 'FA002' }),
        aService({ uid: 2, odsCode: 'FA002D' }),
      ])
      const far = { ...aProfile().address, postcode: 'ZZ1 1AA', position: null }
      await storePharmacy(db, aProfile({ odsCode: 'FB003', address: far, commissioning: inIcb('QX2') }))
      await save(
        aService({ uid: 3, odsCode: null, name: 'Lost pharmacy' }),
        aService({ uid: 4, odsCode: 'FC004', postcode: 'ZZ1 1AA', latitude: 52.1, longitude: -1.5 }),
        aService({ uid: 5, odsCode: null, typeId: 100, postcode: 'ZZ9 9ZZ' }),
      )
      await refreshIcbAreas(db)
    })

    test('finds what is wrong once, however often and by however many nodes it runs', async () => {
      const first = await check()
      assert.equal(first.opened, first.found)
      assert.deepEqual(await rows('duplicate-service'), [['uid:2', TODAY, null, null, false]])
      assert.deepEqual(
        (await rows('unmatched-service')).map(([subject]) => subject),
        ['uid:4', 'uid:3'],
      )
      assert.deepEqual(
        (await rows('not-placed')).map(([subject]) => subject),
        ['FB003'],
      )
      const days = () => db.pool.selectFrom('quality_day').selectAll().orderBy('area_code').orderBy('rule').execute()
      const counted = await days()
      const [again, besides] = await Promise.all([check(), check()])
      for (const run of [again, besides]) assert.deepEqual([run.found, run.opened, run.closed], [first.found, 0, 0])
      assert.deepEqual(await days(), counted)
    })

    test('what is put right is closed, and what comes back is a finding of its own', async () => {
      clock.set('2026-12-12T10:34:00Z')
      await save(aService({ uid: 2, odsCode: 'FA002D', status: 'CLOSED' }))
      assert.equal((await check()).closed > 0, true)
      assert.deepEqual(await rows('duplicate-service'), [['uid:2', TODAY, '2026-12-12', TODAY, false]])
      clock.set('2026-12-13T10:34:00Z')
      await save(aService({ uid: 2, odsCode: 'FA002D' }))
      await check()
      assert.deepEqual(await rows('duplicate-service'), [
        ['uid:2', TODAY, '2026-12-12', TODAY, false],
        ['uid:2', '2026-12-13', null, null, false],
      ])
      const trend = (await loadTrends(db.pool, { reach: only('QX1'), area: undefined, since: TODAY })).get(
        'duplicate-service',
      )
      assert.deepEqual(
        trend?.map(({ day, open: still, opened, closed }) => [day, still, opened, closed]),
        [
          [TODAY, 1, 1, 0],
          ['2026-12-12', 0, 0, 1],
          ['2026-12-13', 1, 1, 0],
        ],
      )
      assert.equal(trend?.[0]?.ruleVersion, 1)
    })

    test('a trend ends with what the list of its region, ICB or local authority counts, rule by rule', async () => {
      const today = '2026-12-13'
      for (const area of ['Y62', 'Y60', 'QX1', 'QX2', 'E08000009', 'E07000221', undefined]) {
        const where = { reach: EVERYWHERE, area }
        const counts = await countByRule(db.pool, { where, today })
        const trends = await loadTrends(db.pool, { ...where, since: today })
        const listed = [...counts].filter(([, { open: still }]) => still > 0).map(([rule, { open: n }]) => [rule, n])
        const drawn = [...trends].map(([rule, days]) => [rule, days.at(-1)?.open]).filter(([, still]) => still !== 0)
        assert.deepEqual(drawn.toSorted(), listed.toSorted(), area)
        assert.ok(listed.length > 0, area)
      }
    })

    test('a service that gets another code takes its finding along, and one that is gone leaves none', async () => {
      await save(aService({ uid: 4, odsCode: 'FD005', postcode: 'ZZ1 1AA' }))
      await check()
      const open = async () =>
        (
          await db.pool
            .selectFrom('quality_finding')
            .select('place')
            .where('rule', '=', 'unmatched-service')
            .where('closed_on', 'is', null)
            .orderBy('id')
            .execute()
        ).map(({ place }) => place)
      assert.deepEqual(await open(), ['FD005', 'uid:3'])
      await sql`delete from service where uid = 3`.execute(db.pool)
      await check()
      assert.deepEqual(await open(), ['FD005'])
    })

    test('drift from before the first comparison is set apart; what comes later is not', async () => {
      const listed = (odsCode: string, name: string) => ({
        ...{ odsCode, name, ownerName: null, kind: null, addressLines: ['1 High Street', 'Sale'] },
        ...{ postcode: 'M33 7AB' as Postcode, healthAndWellbeingBoard: null, weekly: USUAL_WEEK },
      })
      await db.transact((tx) => storeListed(tx, [listed('FA002', 'Vale Chemist'), listed('FB003', 'Hill and Sons')]))
      await check()
      assert.deepEqual(
        (await rows('differs-from-list')).map(([subject, , , , isFirst]) => [subject, isFirst]),
        [
          ['FA002 name', true],
          ['FB003 postcode', true],
        ],
      )
      const flags = await countFlags(db.pool, { reach: EVERYWHERE }, '2026-12-13')
      await markAbsent(db, [listed('FB003', '')], '2026-12-13')
      await db.transact((tx) => storeListed(tx, [{ ...listed('FB003', 'Other'), postcode: 'ZZ1 1AA' as Postcode }]))
      await check()
      assert.deepEqual(
        (await rows('absent-from-list')).map(([subject, , , , isFirst]) => [subject, isFirst]),
        [['FA002 absent', false]],
      )
      assert.deepEqual((await rows('differs-from-list')).at(-1), ['FB003 name', '2026-12-13', null, null, false])
      assert.equal(await countFlags(db.pool, { reach: EVERYWHERE }, '2026-12-13'), flags + 2)
    })

    test('everybody sees the findings of their own area, in lists, counts, files and the league', async () => {
      const today = '2026-12-13'
      const rules = ['duplicate-service', 'unmatched-service', 'not-placed', 'unknown-postcode']
      const subjects = async (reach: Reach) => {
        const question = { where: { reach }, today, show: 'open', rules } as const
        const listed = (await loadFindings(db.pool, { ...question, page: 1 })).map(({ subject }) => subject).sort()
        const streamed: string[] = []
        for await (const piece of findingsInPieces(db.pool, question, 1))
          streamed.push(...piece.map(({ subject }) => subject))
        assert.deepEqual(streamed.sort(), listed)
        const counts = await countByRule(db.pool, { where: { reach }, today })
        assert.equal(
          rules.reduce((sum, rule) => sum + (counts.get(rule)?.open ?? 0), 0),
          listed.length,
        )
        return listed
      }
      assert.deepEqual(await subjects(EVERYWHERE), ['FB003', 'uid:2', 'uid:4', 'uid:5'])
      assert.deepEqual(await subjects(only('QX1')), ['uid:2'])
      assert.deepEqual(await subjects(only('QX2')), ['FB003', 'uid:4'])
      assert.deepEqual(await subjects(only('QX3')), [])
      for (const show of FINDING_SHOWS) {
        const question = { where: { reach: EVERYWHERE }, today, show, rules: ['duplicate-service'], page: 1 } as const
        const counts = await countByRule(db.pool, question)
        assert.equal((await loadFindings(db.pool, question)).length, counts.get('duplicate-service')?.[show])
      }
      const areas = await loadAreaScores(db.pool, { reach: only('QX2') })
      assert.deepEqual(
        areas.map(({ icb, pharmacies }) => [icb, pharmacies]),
        [['QX2', 1]],
      )
    })

    test('the score that SQL counts is the score of the rules', async () => {
      const today = '2026-12-13'
      const { pharmacies, total } = await loadLowest(db.pool, { where: { reach: EVERYWHERE }, page: 1 })
      assert.equal(total, 2)
      for (const { odsCode, score } of pharmacies) {
        const { score: now, found } = await loadPharmacyQuality(db.pool, odsCode, { today, holidays })
        assert.equal(score, now.score, odsCode)
        assert.equal(score, qualityScore(found.map(({ rule }) => rule)).score)
        assert.ok(score < 100)
      }
    })

    test('a finding is exempt for a time, decided once and by those who reach it', async () => {
      const today = '2026-12-13'
      const question = { where: { reach: only('QX1') }, today, rules: ['duplicate-service'], page: 1 } as const
      const [found] = await loadFindings(db.pool, { ...question, show: 'open' })
      assert.ok(found)
      const deciding = { actor: LEAD, now: clock.now(), where: { reach: only('QX1') } }
      const exempting = { findingId: found.id, expected: null, reason: 'Two counters', endsOn: '2026-12-31' } as const
      await assert.rejects(exempt(db, exempting, { ...deciding, where: { reach: only('QX2') } }), NotFound)
      const both = await Promise.all([exempt(db, exempting, deciding), exempt(db, exempting, deciding)])
      assert.deepEqual([...both].sort(), ['done', 'meanwhile'])
      assert.equal((await loadFindings(db.pool, { ...question, show: 'open' })).length, 0)
      const [shown] = await loadFindings(db.pool, { ...question, show: 'exempt' })
      assert.deepEqual([shown?.exemption?.reason, shown?.exemption?.endsOn], ['Two counters', '2026-12-31'])
      const { accepted, found: left } = await loadPharmacyQuality(db.pool, 'FA002', { today, holidays })
      assert.deepEqual(
        accepted.map(({ rule, reason }) => [rule, reason]),
        [['duplicate-service', 'Two counters']],
      )
      assert.ok(!left.some(({ rule }) => rule === 'duplicate-service'))
      const later = await loadFindings(db.pool, { ...question, today: '2027-01-01', show: 'open' })
      assert.deepEqual(
        later.map(({ subject }) => subject),
        ['uid:2'],
        'its last day is over',
      )
      const expected = shown?.exemption?.id ?? 0
      assert.equal(await endExemption(db, { findingId: found.id, expected: expected + 1 }, deciding), 'meanwhile')
      assert.equal(await endExemption(db, { findingId: found.id, expected }, deciding), 'done')
      assert.equal((await loadFindings(db.pool, { ...question, show: 'open' })).length, 1)
      const audit = await db.pool
        .selectFrom('audit')
        .select('action')
        .where('target', '=', 'service:2')
        .where('actor', '=', LEAD)
        .orderBy('seq')
        .execute()
      assert.deepEqual(
        audit.map(({ action }) => action),
        ['exempt-finding', 'end-exemption'],
      )
    })

    test('each rule has an owner in an area, or else that of England, and two people do not overwrite each other', async () => {
      const naming = { rule: 'not-placed', areaCode: '', owner: 'Data team', expectedVersion: 0 }
      const by = { actor: LEAD, now: clock.now() }
      const both = await Promise.all([saveOwner(db, naming, by), saveOwner(db, { ...naming, owner: 'Desk' }, by)])
      assert.deepEqual([...both].sort(), ['conflict', 'saved'])
      assert.equal(await saveOwner(db, { ...naming, areaCode: 'QX1', owner: 'Lea Dowd' }, by), 'saved')
      const owners = await loadOwners(db.pool, { areaCodes: ['QX1', 'QX2'] })
      assert.equal(ownerIn(owners, 'not-placed', 'QX1'), 'Lea Dowd')
      assert.match(ownerIn(owners, 'not-placed', 'QX2') ?? '', /Data team|Desk/)
      assert.equal(ownerIn(owners, 'pin-far', 'QX1'), null)
    })
  })
})
