/** Files of more than 10,000 rows: whole, safe to open, and read from the database only as fast as somebody takes them. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type KyselyPlugin, sql } from 'kysely'
import { findingsCsv } from '#src/data-quality/finding-csv.ts'
import { EVERYWHERE } from '#src/directory/area.ts'
import type { Db } from '#src/platform/db/db.ts'
import { DAILY_CHANGES_HEAD, dailyChangeLine, dailyChanges } from '#src/reports/daily-changes.ts'
import { freezeLastQuarter, lateCsv, quarterReportInPieces } from '#src/reports/frozen-quarters.ts'
import { gapReportCsv } from '#src/reports/gaps.ts'
import { verificationCsv } from '#src/reports/verification.ts'
import { type FinancialQuarter, parseQuarter } from '#src/rules/financial-quarter.ts'
import { aProfile, aService } from './support/builders.ts'
import { onDatabases } from './support/databases.ts'
import { fixedClock } from './support/fixed-clock.ts'
import { storePharmacy } from './support/manage.ts'

const ROWS = 10_500
const FORMULA = '=HYPERLINK("https://evil.example")'
const DAY = '2026-11-21'
/** No piece of a file is larger, and none costs more than this many questions. */
const MOST_LINES = 1000
const MOST_QUESTIONS = 2
const at = { reach: EVERYWHERE }
const openQuarter = parseQuarter('2026-27-Q3') as FinancialQuarter
const frozenQuarter = parseQuarter('2026-27-Q2') as FinancialQuarter

async function* dailyCsv(db: Db): AsyncGenerator<string> {
  yield DAILY_CHANGES_HEAD
  for await (const lines of dailyChanges(db.pool, { ...at, date: DAY, withNoise: false }))
    yield lines.map(dailyChangeLine).join('')
}

async function* verification(db: Db, quarter: FinancialQuarter): AsyncGenerator<string> {
  const { pieces, seal } = await quarterReportInPieces(db.pool, { ...at, quarter })
  yield* verificationCsv(quarter, pieces, seal)
}

const FILES: readonly (readonly [name: string, csv: (db: Db) => AsyncIterable<string>])[] = [
  ['daily changes', dailyCsv],
  ['verification of this quarter', (db) => verification(db, openQuarter)],
  ['verification of a frozen quarter', (db) => verification(db, frozenQuarter)],
  ['who verified late', (db) => lateCsv(db.pool, { ...at, quarter: frozenQuarter })],
  ['near misses', (db) => gapReportCsv(db, { ...at, from: DAY, to: DAY })],
  [
    'quality findings',
    (db) => findingsCsv(db.pool, { where: at, today: DAY, show: 'open', rules: ['duplicate-service'] }),
  ],
]

onDatabases(['embedded'], (_kind, open) => {
  describe(`files of ${ROWS} rows`, () => {
    let db: Db
    let questions = 0
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => {
        questions += 1
        return node
      },
      transformResult: async ({ result }) => result,
    }
    before(async () => {
      const opened = await open()
      await fill(opened)
      await freezeLastQuarter({ db: opened, clock: fixedClock('2026-10-01T02:00:00Z') })
      db = { ...opened, pool: opened.pool.withPlugin(counting) }
    })

    for (const [name, csv] of FILES) {
      test(`${name}: every row once, no formula, and nothing is read before it is wanted`, async () => {
        const rows = new Set<string>()
        let [lines, pieces, asked] = [0, 0, questions]
        for await (const piece of csv(db)) {
          const those = piece.trimEnd().split('\n')
          assert.ok(those.length <= MOST_LINES, `a piece of ${those.length} lines`)
          assert.ok(questions - asked <= MOST_QUESTIONS, `${questions - asked} questions for a piece`)
          for (const line of those) rows.add(line)
          lines += those.length
          pieces += 1
          asked = questions
        }
        assert.deepEqual([lines, rows.size], [ROWS + 1, ROWS + 1], 'the head and every row')
        assert.ok(pieces > ROWS / MOST_LINES, `${pieces} pieces`)
        const isSafe = (line: string) => line.includes(`"'=HYPERLINK(""`) && !/(^|,)"?=/.test(line)
        assert.deepEqual(
          [...rows].slice(1).find((line) => !isSafe(line)),
          undefined,
        )
      })
    }
  })
})

/** As many pharmacies, changes, near misses and findings as rows, all with a name that a spreadsheet would run. */
async function fill(db: Db): Promise<void> {
  await storePharmacy(db, aProfile({ name: FORMULA }), [aService({ name: FORMULA })])
  await sql`
    insert into profile (ods_code, name, status, version, document, sections, seq)
    select 'G' || lpad(number::text, 5, '0'), name, status, version, document, sections, seq
    from profile cross join generate_series(1, ${ROWS}::integer) number`.execute(db.pool)
  await sql`update profile set status = 'hidden' where ods_code = 'FX123'`.execute(db.pool)
  await sql`
    insert into profile_version (ods_code, version, recorded_at, actor, action, document, audit_seq)
    select profile.ods_code, 1, '2026-08-01T09:00:00Z', 'system:test', 'test', '{}', 1
    from profile where ods_code like 'G%'`.execute(db.pool)
  await sql`
    insert into attestation (ods_code, section, attested_at, person, quarter, profile_version, content_hash, audit_seq)
    select ods_code, section, '2026-11-02T10:00:00Z', 'person:test', ${openQuarter.id}, 1, '', 1
    from profile cross join unnest(array['contact', 'hours', 'holidays', 'services', 'facilities']) section
    where ods_code like 'G%'`.execute(db.pool)
  await sql`
    insert into service_change (seq, recorded_at, uid, ods_code, fields, before, after, audit_seq)
    select 1000 + number, ${`${DAY}T10:00:00Z`}, 2000000001, 'FX123', array['phone'],
      jsonb_build_object('phone', '01632 960000'), jsonb_build_object('phone', '01632 9' || number), 1
    from generate_series(1, ${ROWS}::integer) number`.execute(db.pool)
  await sql`
    insert into search_gap (day, uid, test, symptom_group, searches)
    select ${DAY}::date, 2000000001, 'age', number, 1 from generate_series(1, ${ROWS}::integer) number`.execute(db.pool)
  await sql`
    insert into quality_finding (rule, rule_version, subject, place, ods_code, uid, detail, is_first, opened_on)
    select 'duplicate-service', 1, ods_code, ods_code, ods_code, 2000000001, 'Twice', false, ${DAY}::date
    from profile where ods_code like 'G%'`.execute(db.pool)
  await sql`analyze`.execute(db.pool)
}
