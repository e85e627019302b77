/**
 * How long a head office waits for one change of 1,000 branches and for taking it back, how long anybody else's save
 * waits meanwhile, and what memory it takes. Run alone: `node test/bench/branches.bench.ts`
 */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { grantRole } from '#src/accounts/grants.ts'
import { savePerson } from '#src/accounts/people.ts'
import { demoPharmacies } from '#src/demo/pharmacies.ts'
import { countBranchRows, createBranchChange, loadBranchChange } from '#src/head-office/branch-changes-store.ts'
import type { BranchCommand } from '#src/head-office/branch-command.ts'
import { runBranchJob, startBranchChange, startUndo } from '#src/head-office/run-branch-change.ts'
import { loadHolidays } from '#src/memory.ts'
import type { Db } from '#src/platform/db/db.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { accepted } from '#src/rules/problems.ts'
import type { DatabaseAddress } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { startCluster, temporaryFolder } from '#test/support/postgres-cluster.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { type Figure, printFigures } from './figures.ts'

const BRANCHES = 1000
const HEAD_OFFICE = 'PX001'
const EMAIL = 'dev@nhs.example'
const NOW = '2026-12-10T10:34:00.000Z'
const PHARMACIES_A_BATCH = 200
/** Somebody at another pharmacy saves this often. */
const SAVE_EVERY_MS = 50
const CHRISTMAS: BranchCommand = {
  kind: 'holidays',
  answers: {
    '2026-12-25': { answer: 'closed' },
    '2026-12-28': { answer: 'other', sessions: [{ opens: 605, closes: 838 }] },
    '2027-01-01': { answer: 'other', sessions: [{ opens: 605, closes: 838 }] },
  },
}

/** Measures both databases; PostgreSQL writes to disk as in production. */
export async function measureBranches(): Promise<readonly Figure[]> {
  // The cluster does not keep a process alive by itself, not even while it is being stopped.
  const alive = setInterval(() => {}, 1000)
  const cluster = await startCluster({ durable: true })
  try {
    return [
      ...(await measureOn('embedded', { databaseUrl: undefined, dataDir: temporaryFolder('bench') })),
      ...(await measureOn('PostgreSQL', { databaseUrl: cluster.url, dataDir: temporaryFolder('bench') })),
    ]
  } finally {
    await cluster.stop()
    clearInterval(alive)
  }
}

async function measureOn(name: string, address: DatabaseAddress): Promise<readonly Figure[]> {
  const db = await openDb({ ...address, log: createLog('warn') })
  const clock = fixedClock(NOW)
  const calendar = await loadHolidays(db.pool)
  const holidays = () => calendar
  const [other = '', ...branches] = await fill(db, calendar)
  const deps = { db, clock, holidays, issueReceipts }
  const id = await draft(db, branches)
  await db.transact((tx) => startBranchChange(tx, id, clock.now()))
  const made = await whileOthersSave(db, other, () => runBranchJob(deps, { queue: 'branch-change', payload: { id } }))
  assert.equal((await countBranchRows(db.pool, id)).done, BRANCHES)
  const change = (await loadBranchChange(db.pool, id)) ?? assert.fail()
  await db.transact((tx) => startUndo(tx, change, clock.now()))
  const undone = await whileOthersSave(db, other, () =>
    runBranchJob(deps, { queue: 'undo-branch-change', payload: { id } }),
  )
  assert.equal((await countBranchRows(db.pool, id)).undone, BRANCHES)
  await db.close()
  const figures = (what: string, { seconds, longestSaveMs, mebibytes }: Measured): readonly Figure[] => [
    { what: `branches: ${what} ${BRANCHES}, ${name}`, figure: seconds, unit: 's', wanted: 'below 60' },
    { what: `branches: longest save of somebody else during it, ${name}, ${what}`, figure: longestSaveMs, unit: 'ms' },
    { what: `branches: memory that it adds, ${name}, ${what}`, figure: mebibytes, unit: 'MB' },
  ]
  return [...figures('change', made), ...figures('undo', undone)]
}

/** Stores the branches, with their DoS services, and one pharmacy more that is not theirs; their codes, that one first. */
async function fill(db: Db, holidays: Parameters<typeof demoPharmacies>[0]['holidays']): Promise<readonly string[]> {
  const pharmacies = demoPharmacies({ pharmacies: BRANCHES + 1, today: '2026-12-10', holidays })
  const writes = pharmacies.map(({ profile, sections, services }, index) => ({
    before: undefined,
    profile: {
      ...profile,
      status: 'open' as const,
      commissioning: { ...profile.commissioning, parentCode: index === 0 ? null : HEAD_OFFICE },
    },
    sections,
    newServices: services,
  }))
  for (let start = 0; start < writes.length; start += PHARMACIES_A_BATCH) {
    const context = {
      actor: 'system:bench',
      action: 'fill',
      recordedAt: '2026-12-01T09:00:00.000Z',
      decides: false as const,
      onMeeting: 'take' as const,
    }
    await db.transact((tx) => commitProfiles(tx, writes.slice(start, start + PHARMACIES_A_BATCH), context))
  }
  return writes.map(({ profile }) => profile.odsCode)
}

async function draft(db: Db, branches: readonly string[]): Promise<number> {
  const now = new Date(NOW)
  const personId = await db.transact(async (tx) => {
    const { personId } = await savePerson(tx, { issuer: 'x', subject: 'dev', email: EMAIL, name: 'Dev' }, now)
    return personId
  })
  await grantRole(db, { email: EMAIL, role: 'group', scope: `group:${HEAD_OFFICE}` }, { by: 'system:bench', now })
  return db.transact((tx) =>
    createBranchChange(tx, {
      personId,
      actor: `person:${EMAIL}`,
      kind: 'holidays',
      title: 'Christmas 2026',
      source: null,
      unread: [],
      now,
      rows: branches.map((odsCode, place) => ({ odsCode, place, command: CHRISTMAS, versionBefore: 1 })),
    }),
  )
}

type Measured = { readonly seconds: number; readonly longestSaveMs: number; readonly mebibytes: number }

/** Times the work while somebody saves another pharmacy again and again. */
async function whileOthersSave(db: Db, odsCode: string, work: () => Promise<void>): Promise<Measured> {
  const rss = () => process.memoryUsage().rss
  const [before, started] = [rss(), performance.now()]
  let [most, longestSaveMs, isOver] = [before, 0, false]
  const others = (async () => {
    for (let save = 0; !isOver; save++) {
      const began = performance.now()
      await saveOther(db, odsCode, `01632 ${960_000 + (save % 1000)}`)
      longestSaveMs = Math.max(longestSaveMs, performance.now() - began)
      most = Math.max(most, rss())
      await pause(SAVE_EVERY_MS)
    }
  })()
  await work()
  const seconds = (performance.now() - started) / 1000
  isOver = true
  await others
  return { seconds, longestSaveMs, mebibytes: (most - before) / 2 ** 20 }
}

async function saveOther(db: Db, odsCode: string, phone: string): Promise<void> {
  const row = await db.pool.selectFrom('profile').select('version').where('ods_code', '=', odsCode).executeTakeFirst()
  await saveProfileChange(
    { db, clock: fixedClock(NOW), issueReceipts },
    {
      odsCode,
      section: 'contact',
      expectedVersion: row?.version ?? 0,
      actor: 'person:amina@nhs.example',
      action: 'set-contact',
      decide: (profile) => accepted({ ...profile, contact: { ...profile.contact, phone } }),
    },
  )
}

if (import.meta.main) printFigures(await measureBranches())
