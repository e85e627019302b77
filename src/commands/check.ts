import { indexMatchesDatabase } from '#src/directory/compare-with-database.ts'
import type { IndexDigest } from '#src/directory/directory-digest.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { CommandDb } from '#src/platform/db/command-db.ts'
import { verifyLedger } from '#src/platform/db/verify-ledger.ts'
import { checkProjection, type Disagreement } from '#src/profiles/check-projection.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { checkReceipts } from '#src/verification/check-receipts.ts'
import type { Command } from './command.ts'

const SHOWN = 20

/** Whether everything stored is as it must be. */
export const checkCommand: Command = {
  name: 'check',
  usage: '',
  description:
    'proves the audit chain, every receipt, every projection, and that the running index equals the database',
  values: { least: 0, most: 0 },
  options: [],
  async run({ withDb, clock, print }) {
    const findings = await withDb(async (db) => [
      await ledger(db),
      await receipts(db),
      await projection(db, clock),
      await index(db),
    ])
    for (const { lines } of findings) for (const line of lines) print(line)
    return findings.every(({ ok }) => ok) ? 0 : 1
  },
}

type Finding = { readonly ok: boolean; readonly lines: readonly string[] }

async function ledger(db: CommandDb): Promise<Finding> {
  const report = await verifyLedger(db.pool)
  const line = report.ok
    ? `audit       unbroken: ${report.entries} entries, ${report.changes} service changes`
    : `audit       BROKEN: ${report.problem}`
  return { ok: report.ok, lines: [line] }
}

async function receipts(db: CommandDb): Promise<Finding> {
  const report = await checkReceipts(db.pool)
  const line = report.ok
    ? `receipts    genuine and unbroken: ${report.receipts} of ${report.pharmacies} pharmacies`
    : `receipts    BROKEN: ${report.problem}`
  return { ok: report.ok, lines: [line] }
}

/** Saves go on meanwhile and may be seen half read, so only what is wrong twice is wrong. */
async function projection(db: CommandDb, clock: Clock): Promise<Finding> {
  const agreement = () => checkProjection(db.pool, londonDateOf(clock.now()))
  const first = await agreement()
  const wrong = first.disagreements.length === 0 ? [] : wrongTwice(first.disagreements, await agreement())
  const sum = `${first.profiles} profiles, ${first.services} matched services`
  if (wrong.length === 0) return { ok: true, lines: [`projection  every service as its profile says: ${sum}`] }
  const more = wrong.length > SHOWN ? [`            and ${wrong.length - SHOWN} more`] : []
  return {
    ok: false,
    lines: [
      `projection  ${wrong.length} services NOT as their profile says, of ${sum}`,
      ...wrong.slice(0, SHOWN).map(describe),
      ...more,
    ],
  }
}

function wrongTwice(
  first: readonly Disagreement[],
  again: { readonly disagreements: readonly Disagreement[] },
): readonly Disagreement[] {
  const before = new Set(first.map(({ uid, because }) => `${uid} ${because}`))
  return again.disagreements.filter(({ uid, because }) => before.has(`${uid} ${because}`))
}

const describe = ({ odsCode, uid, because, fields }: Disagreement): string =>
  `            ${odsCode} service ${uid} ${because}${fields.length > 0 ? `: ${fields.join(', ')}` : ''}`

async function index(db: CommandDb): Promise<Finding> {
  if (!db.serverRunning) return { ok: true, lines: ['index       not compared: no server is running here'] }
  const {
    matches,
    index: held,
    database,
  } = await indexMatchesDatabase(db.pool, async () => (await db.askServer('index-digest')) as IndexDigest)
  if (matches) return { ok: true, lines: [`index       equals the database: ${held.services} services`] }
  return {
    ok: false,
    lines: [`index       DIFFERS from the database: ${held.services} services in memory, ${database.services} stored`],
  }
}
