import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { EVERYWHERE, icbsOf, isKnownArea, type Reach } from '#src/directory/area.ts'
import { saveServices } from '#src/directory/save-services.ts'
import type { Db } from '#src/platform/db/db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile, SECTIONS } from '#src/profiles/profile.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { type FinancialQuarter, parseQuarter } from '#src/rules/financial-quarter.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { confirmSections } from '#src/verification/confirm-sections.ts'
import { aProfile, aService, NINE_TO_FIVE, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { dailyChanges } from './daily-changes.ts'
import { freezeLastQuarter, loadFrozenQuarter, rootHashOf } from './frozen-quarters.ts'
import { verificationLine, verifiedPharmacies } from './verification.ts'

const AMINA = 'person:amina@nhs.example'
const DAY = '2026-11-21'
const quarter = parseQuarter('2026-27-Q3') as FinancialQuarter
const ours = { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null }
const theirs = { ...ours, icbCode: 'QHL' }
const importing = { actor: 'command:import', action: 'import', decides: false, onMeeting: 'keep' } as const
const deciding = { actor: AMINA, action: 'edit', decides: true, issueReceipts, onMeeting: 'take' } as const

/** Two pharmacies of two areas with a service each, imported on 1 November; a third that is hidden. */
async function twoAreas(db: Db): Promise<void> {
  const recordedAt = '2026-11-01T09:00:00.000Z'
  const services = [aService(), aService({ uid: 2_000_000_009, odsCode: 'FX999' })]
  const profiles = [
    aProfile({ commissioning: ours }),
    aProfile({ odsCode: 'FX999', commissioning: theirs }),
    aProfile({ odsCode: 'FX900', status: 'hidden', commissioning: ours }),
  ]
  await db.transact((tx) => saveServices(tx, services, { ...importing, recordedAt }))
  const writes = profiles.map((profile) => ({ before: undefined, profile, sections: UNCHECKED }))
  await db.transact((tx) => commitProfiles(tx, writes, { ...importing, recordedAt }))
}

const edit = (db: Db, odsCode: string, recordedAt: string, given: Partial<Profile>) =>
  db.transact(async (tx) => {
    const before = await loadProfile(tx, odsCode)
    assert.ok(before)
    const write = { before, profile: { ...before.profile, ...given }, sections: before.sections }
    await commitProfiles(tx, [write], { ...deciding, recordedAt })
  })

async function reportOf(db: Db, given: { date?: LocalDate; area?: string; withNoise?: boolean; reach?: Reach } = {}) {
  const lines = []
  for await (const page of dailyChanges(db.pool, { date: DAY, reach: EVERYWHERE, withNoise: false, ...given }))
    lines.push(...page)
  return lines.map(({ odsCode, kind, what, before, after }) => [odsCode, kind, what, before, after].join(' | '))
}

onBothDatabases((kind, open) => {
  test(`${kind}: a day's report has every changed field of that London day, of the area asked for`, async () => {
    const db = await open()
    await twoAreas(db)
    await edit(db, 'FX123', '2026-11-20T23:59:59.999Z', { contact: { phone: '01632 960002' } })
    await edit(db, 'FX123', '2026-11-21T00:00:00.000Z', { contact: { phone: '01632960002' } })
    await edit(db, 'FX123', '2026-11-21T10:00:00.000Z', {
      weekly: [[{ opens: 600, closes: 1020 }], ...aProfile().weekly.slice(1)],
      holidays: { '2026-12-25': { answer: 'closed' } },
    })
    await edit(db, 'FX999', '2026-11-21T11:00:00.000Z', { contact: { phone: '01632 960003' } })
    await edit(db, 'FX123', '2026-11-22T00:00:00.000Z', { contact: { phone: '01632 960004' } })

    const hours = [
      'FX123 | change | Monday opening times | 9am to 5pm | 10am to 5pm',
      'FX123 | change | Opening times on Friday 25 December 2026 |  | Closed',
    ]
    const there = 'FX999 | change | Phone | 01632 960001 | 01632 960003'
    const spaces = 'FX123 | format | Phone | 01632 960002 | 01632960002'
    assert.deepEqual(await reportOf(db), [...hours, there])
    assert.deepEqual(await reportOf(db, { area: 'QOP' }), hours)
    assert.deepEqual(await reportOf(db, { area: 'QHL', withNoise: true }), [there])
    const leads: Reach = { everywhere: false, icbCodes: ['QOP'] }
    assert.deepEqual(await reportOf(db, { reach: leads }), hours, 'a lead sees their own area')
    assert.deepEqual(await reportOf(db, { reach: leads, area: 'QHL' }), [], 'and no other, whatever they ask for')
    assert.deepEqual(await icbsOf(db.pool, leads), ['QOP'])
    assert.deepEqual(await reportOf(db, { withNoise: true }), [spaces, ...hours, there])
    assert.deepEqual(await reportOf(db, { date: '2026-11-01' }), [], 'services that came with an import are no news')
    assert.equal((await reportOf(db, { date: '2026-11-01', withNoise: true })).length, 2)
    assert.deepEqual(await reportOf(db, { date: '2026-11-02', withNoise: true }), [])
    assert.deepEqual([await isKnownArea(db.pool, 'QOP'), await isKnownArea(db.pool, 'Q00')], [true, false])
    // Counted once more, by another way: fields of changes, instead of lines.
    const { rows } = await sql<{
      fields: number
    }>`select sum(cardinality(fields))::integer as fields from service_change
      where (recorded_at at time zone 'Europe/London')::date = ${DAY} and before is not null`.execute(db.pool)
    assert.equal(rows[0]?.fields, 1 + 2 + 1)
  })

  test(`${kind}: the verification report agrees with the attestations to the unit`, async () => {
    const db = await open()
    await twoAreas(db)
    await edit(db, 'FX123', '2026-11-02T09:00:00.000Z', {
      weekly: Array.from({ length: 7 }, () => NINE_TO_FIVE),
      holidays: { '2026-12-25': { answer: 'closed' }, '2026-12-28': { answer: 'closed' } },
      services: {
        SRV0559: { offered: false, hours: null, byAppointment: false, bookingLink: null, from: null, to: null },
      },
      facilities: { ramp: { has: true } },
    })
    const confirm = async (
      instant: string,
      odsCode: string,
      version: number,
      sections: readonly (typeof SECTIONS)[number][],
    ) => {
      const deps = { db, clock: { now: () => new Date(instant) }, holidays: () => holidayCalendar([]), issueReceipts }
      const done = await confirmSections(deps, { odsCode, sections, expectedVersion: version, actor: AMINA })
      assert.equal(done.outcome, 'confirmed', JSON.stringify(done))
    }
    await confirm('2026-09-30T22:59:00.000Z', 'FX999', 1, ['contact'])
    await confirm('2026-11-21T10:00:00.000Z', 'FX999', 1, ['contact'])
    await confirm('2026-11-21T10:00:00.000Z', 'FX123', 2, ['contact', 'hours', 'holidays', 'services', 'facilities'])
    await confirm('2026-11-25T10:00:00.000Z', 'FX123', 2, ['contact'])

    const report = await verifiedPharmacies(db.pool, { quarter, reach: EVERYWHERE })
    const facts = report.map(({ odsCode, isComplete, checks, lastCheckAt }) => [
      odsCode,
      isComplete,
      checks,
      lastCheckAt,
    ])
    assert.deepEqual(facts, [
      ['FX123', true, 6, '2026-11-25T10:00:00.000Z'],
      ['FX999', false, 1, '2026-11-21T10:00:00.000Z'],
    ])
    const [first] = report
    assert.ok(first)
    assert.equal(
      verificationLine(quarter, first),
      '2026-27-Q3,FX123,Hill & Sons,QOP,,community,open,yes,5,6,2026-11-25T10:00:00.000Z,2026-11-21T10:00:00.000Z,' +
        '2026-11-21T10:00:00.000Z,,2026-11-21T10:00:00.000Z,2026-11-21T10:00:00.000Z,2026-11-25T10:00:00.000Z\n',
    )
    const { rows } = await sql<{ times: number }>`select count(*)::integer as times from attestation
      where quarter = ${quarter.id}`.execute(db.pool)
    assert.equal(
      rows[0]?.times,
      report.reduce((sum, { checks }) => sum + checks, 0),
    )

    const of = async (id: string, area?: string, reach: Reach = EVERYWHERE) =>
      (await verifiedPharmacies(db.pool, { quarter: parseQuarter(id) as FinancialQuarter, area, reach })).map(
        ({ odsCode }) => odsCode,
      )
    assert.deepEqual(await of('2026-27-Q3', 'QHL'), ['FX999'])
    assert.deepEqual(
      await of('2026-27-Q2'),
      ['FX999'],
      'it came later, and a check of that quarter counts all the same',
    )
  })

  test(`${kind}: a quarter that is over is frozen once, whatever happens afterwards, and comes to its hash`, async () => {
    const db = await open()
    await twoAreas(db)
    const at = (instant: string) => ({ db, clock: { now: () => new Date(instant) } })
    const confirm = (instant: string) =>
      confirmSections(
        { ...at(instant), holidays: () => holidayCalendar([]), issueReceipts },
        { odsCode: 'FX999', sections: ['contact'], expectedVersion: 1, actor: AMINA },
      )
    await confirm('2026-11-21T10:00:00.000Z')
    assert.equal(await freezeLastQuarter(at('2026-12-31T23:59:59.000Z')), false, 'nobody was there a quarter ago')
    assert.equal(await loadFrozenQuarter(db.pool, { quarter, reach: EVERYWHERE }), undefined)
    assert.equal(await freezeLastQuarter(at('2027-01-01T00:40:00.000Z')), true)
    assert.equal(await freezeLastQuarter(at('2027-01-02T00:40:00.000Z')), false)
    await edit(db, 'FX123', '2027-01-02T09:00:00.000Z', { commissioning: theirs })

    const frozen = await loadFrozenQuarter(db.pool, { quarter, reach: EVERYWHERE, area: 'QOP' })
    assert.deepEqual(
      frozen?.pharmacies.map(({ odsCode }) => odsCode),
      ['FX123'],
      'it is where it was then',
    )
    assert.deepEqual([frozen?.isGenuine, frozen?.frozenAt], [true, '2027-01-01T00:40:00.000Z'])
    const { rows } = await sql<{
      lines: string
      root_hash: string
    }>`select lines, root_hash from quarter_report`.execute(db.pool)
    assert.equal(rows[0]?.lines.split('\n').length, 3)
    assert.notEqual(rootHashOf(rows[0]?.lines.replace('FX999', 'FX998') ?? ''), rows[0]?.root_hash)
    await assert.rejects(sql`update quarter_report set complete = 2`.execute(db.pool), /append-only/)
    const forged = rows[0]?.lines.replace('FX999', 'FX998') ?? ''
    await sql`alter table quarter_report disable trigger user`.execute(db.pool)
    await sql`update quarter_report set lines = ${forged}, root_hash = ${rootHashOf(forged)}`.execute(db.pool)
    const changed = await loadFrozenQuarter(db.pool, { quarter, reach: EVERYWHERE })
    assert.equal(changed?.isGenuine, false, 'the ledger knows what was frozen')
  })
})
