import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { EVERYWHERE, icbsOf, isKnownArea, type Reach } from '#src/directory/area.ts'
import { saveServices } from '#src/directory/save-services.ts'
import { type QuarterClosed, writeQuarterClosed } from '#src/emails/quarter-closed.ts'
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
import { completeByDay } from './by-day.ts'
import { dailyChanges } from './daily-changes.ts'
import { freezeLastQuarter, lateSince, loadFrozenQuarter, rootHashOf } from './frozen-quarters.ts'
import { loadLastContacts } from './last-contact.ts'
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
    // Counted once more, row by row, by the database alone: each weekday and date of a change is a line, and each other field.
    const { rows } = await sql<{ row: string }>`
      select concat_ws(' ', change.seq, change.ods_code, field, count(*)) as row
      from service_change change cross join unnest(change.fields) field
      cross join lateral (
        select key from jsonb_each(case jsonb_typeof(change.after -> field) when 'object' then change.after -> field else '{}' end)
        union select key from jsonb_each(case jsonb_typeof(change.before -> field) when 'object' then change.before -> field else '{}' end)
        union select day::text from generate_series(0, 6) day where field = 'weekly'
        union select 'whole' where field not in ('weekly', 'specified')
      ) part
      where (change.recorded_at at time zone 'Europe/London')::date = ${DAY} and change.before is not null
        and case field
          when 'weekly' then change.before -> field -> key::integer is distinct from change.after -> field -> key::integer
          when 'specified' then change.before -> field -> key is distinct from change.after -> field -> key
          else change.before -> field is distinct from change.after -> field end
      group by change.seq, change.ods_code, field order by change.seq, field`.execute(db.pool)
    const lines = []
    for await (const page of dailyChanges(db.pool, { date: DAY, reach: EVERYWHERE, withNoise: true }))
      lines.push(...page)
    const reported = Map.groupBy(lines, ({ seq, odsCode, field }) => `${seq} ${odsCode} ${field}`)
    assert.deepEqual(
      [...reported].map(([row, theirs]) => `${row} ${theirs.length}`).sort(),
      rows.map(({ row }) => row).sort(),
    )
    assert.equal(rows.length, 1 + 2 + 1)
  })

  test(`${kind}: a pharmacy was last heard of when it changed or checked something, with a receipt or without`, async () => {
    const db = await open()
    await twoAreas(db)
    const heard = async () =>
      [...(await loadLastContacts(db.pool, quarter, ['FX123', 'FX999']))].map(([, { heardAt }]) => heardAt).sort()
    assert.deepEqual(await heard(), [null, null])
    const attested_at = '2026-10-26T10:00:00.000Z'
    const check = { section: 'contact', attested_at, person: AMINA, quarter: quarter.id, profile_version: 1 }
    const before = { ...check, ods_code: 'FX999', content_hash: '0', audit_seq: 1, submission_id: null }
    await db.pool.insertInto('attestation').values(before).execute()
    assert.deepEqual(await heard(), [attested_at, null], 'checked before receipts existed')
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
      verificationLine(quarter, first, { frozenAt: null, rootHash: null }),
      '2026-27-Q3,FX123,Hill & Sons,QOP,,community,open,yes,5,6,2026-11-25T10:00:00.000Z,2026-11-21T10:00:00.000Z,' +
        '2026-11-21T10:00:00.000Z,,2026-11-21T10:00:00.000Z,2026-11-21T10:00:00.000Z,2026-11-25T10:00:00.000Z,' +
        '2026-11-21T10:00:00.000Z,,\n',
    )
    // Counted once more, pharmacy by pharmacy and section by section, from the ledger of attestations alone: by the day
    // on which they were made, and not by the quarter that is written beside them.
    const { rows } = await sql<{ row: string }>`
      select concat_ws(' ', ods_code, section, count(*), to_char(max(attested_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as row
      from attestation
      where (attested_at at time zone 'Europe/London')::date between ${quarter.starts}::date and ${quarter.ends}::date
      group by ods_code, section order by 1`.execute(db.pool)
    const byLedger = rows.map(({ row }) => row)
    const { rows: whole } = await sql<{ code: string }>`
      select ods_code as code from attestation
      where (attested_at at time zone 'Europe/London')::date between ${quarter.starts}::date and ${quarter.ends}::date
        and section in ('contact', 'hours', 'holidays', 'services', 'facilities')
      group by ods_code having count(distinct section) = 5`.execute(db.pool)
    const sectionsOf = (code: string) => byLedger.filter((row) => row.startsWith(`${code} `))
    for (const { odsCode, checkedAt, checks, isComplete } of report) {
      assert.deepEqual(
        Object.entries(checkedAt)
          .map(([section, at]) => `${section} ${at}`)
          .sort(),
        sectionsOf(odsCode)
          .map((row) => row.split(' '))
          .map(([, section, , at]) => `${section} ${at}`)
          .sort(),
      )
      assert.equal(
        checks,
        sectionsOf(odsCode).reduce((sum, row) => sum + Number(row.split(' ')[2]), 0),
      )
      assert.equal(
        isComplete,
        whole.some(({ code }) => code === odsCode),
      )
    }
    assert.deepEqual(
      [...new Set(byLedger.map((row) => row.slice(0, 5)))],
      report.filter(({ checks }) => checks > 0).map(({ odsCode }) => odsCode),
      'and nobody else attested anything',
    )
    const days = completeByDay(quarter, report, '2026-11-30')
    assert.deepEqual(
      [days.length, days.at(-1)?.complete, days.find(({ complete }) => complete > 0)?.date],
      [61, 1, '2026-11-21'],
      'the second check of the contact details does not make it later',
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
    const right = { granted_at: '2026-11-01T00:00:00Z', granted_by: 'command:test', expires_at: null }
    await db.pool
      .insertInto('role_grant')
      .values([
        { ...right, email: 'lea@nhs.example', role: 'lead', scope: 'area:QOP' },
        { ...right, email: 'own@nhs.example', role: 'owner', scope: 'ods:FX999' },
        { ...right, email: 'view@nhs.example', role: 'viewer', scope: 'ods:FX999' },
      ])
      .execute()
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
    const emails = await db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').execute()
    const told = emails
      .map(({ payload }) => payload as QuarterClosed)
      .filter((email) => email.kind === 'quarter-closed')
    assert.deepEqual(
      told.map(({ recipient, areas, pharmacies }) => [recipient, areas, pharmacies.map((each) => each.missing.length)]),
      [
        ['lea@nhs.example', [{ area: 'QOP', pharmacies: 1, complete: 0 }], []],
        ['own@nhs.example', [], [4]],
      ],
      'the lead of the area, and the owner of the pharmacy',
    )
    const { text } = writeQuarterClosed(told[1] as QuarterClosed, 'https://signpost.example')
    assert.match(text, /0 of 1 pharmacy of yours checked everything.*FX999\): not checked: Standard opening times, /s)
    const all = await loadFrozenQuarter(db.pool, { quarter, reach: EVERYWHERE })
    assert.deepEqual(await lateSince(db.pool, quarter, all?.pharmacies ?? []), [], 'nobody is late yet')
    await edit(db, 'FX999', '2027-01-03T09:00:00.000Z', {
      weekly: Array.from({ length: 7 }, () => NINE_TO_FIVE),
      holidays: Object.fromEntries(
        ['2026-12-25', '2026-12-28', '2027-01-01', '2027-03-26', '2027-03-28', '2027-03-29'].map((date) => [
          date,
          { answer: 'closed' },
        ]),
      ),
      services: {
        SRV0559: { offered: false, hours: null, byAppointment: false, bookingLink: null, from: null, to: null },
      },
      facilities: { ramp: { has: true } },
      commissioning: ours,
    })
    const lately = await confirmSections(
      { ...at('2027-01-04T10:00:00.000Z'), holidays: () => holidayCalendar([]), issueReceipts },
      { odsCode: 'FX999', sections: ['hours', 'services', 'facilities', 'holidays'], expectedVersion: 2, actor: AMINA },
    )
    assert.equal(lately.outcome, 'confirmed', JSON.stringify(lately))
    const of = async (icb: string) => {
      const reach: Reach = { everywhere: false, icbCodes: [icb] }
      const then = await loadFrozenQuarter(db.pool, { quarter, reach })
      return (await lateSince(db.pool, quarter, then?.pharmacies ?? [])).map(({ odsCode, lateAt }) => [odsCode, lateAt])
    }
    assert.deepEqual(
      [await of('QHL'), await of('QOP')],
      [[['FX999', '2027-01-04T10:00:00.000Z']], []],
      'what was missing has come late, and is shown where the pharmacy was when it was frozen',
    )
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
