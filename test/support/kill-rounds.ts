/**
 * The server killed with SIGKILL in the middle of saves, again and again: the real `main.ts` as a process of its own,
 * people saving through the real forms, and afterwards a look at whether everything that was acknowledged is there.
 */
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDb } from '#src/platform/db/open-db.ts'
import { verifyLedger } from '#src/platform/db/verify-ledger.ts'
import { checkProjection } from '#src/profiles/check-projection.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { type Browser, formOf, openBrowser, signInAs } from './browser.ts'
import { aProfile, aService, UNCHECKED } from './builders.ts'
import { startChild } from './child-process.ts'
import { type DatabaseAddress, type DatabaseKind, freshDatabase, testLog } from './databases.ts'

/** What a run showed. `unacknowledged`: saves under way at a kill that turned out to be stored, which is as good. */
export type KillReport = {
  readonly kind: DatabaseKind
  readonly rounds: number
  readonly acknowledged: number
  readonly unacknowledged: number
}

/** One editor of one pharmacy. Saves are numbered; the number is in the phone number that is saved. */
type Editor = { readonly odsCode: string; acknowledged: number; attempted: number; answers: number }

const EDITORS = 3
const phoneOf = (save: number): string => `01632 ${900_000 + save}`
const clock = { now: () => new Date() }

/**
 * Runs `rounds` rounds on a fresh database and throws when a save that was acknowledged is gone, the audit chain is
 * broken, or a service is not as its profile says. `waitMs` says how long a round goes on saving after its first save.
 */
export async function killRounds(
  kind: DatabaseKind,
  rounds: number,
  waitMs: (round: number) => number,
): Promise<KillReport> {
  const address = await freshDatabase(kind)
  const editors: readonly Editor[] = Array.from({ length: EDITORS }, (_, index) => ({
    odsCode: `FK90${index}`,
    acknowledged: 0,
    attempted: 0,
    answers: 0,
  }))
  const cookie = await prepare(address, editors)
  let unacknowledged = 0
  for (let round = 0; round < rounds; round++) {
    await saveUntilKilled(address, cookie, editors, waitMs(round))
    unacknowledged += await countAfterKill(address, editors)
  }
  return { kind, rounds, acknowledged: editors.reduce((sum, { answers }) => sum + answers, 0), unacknowledged }
}

/** Stores a pharmacy with three services for each editor and signs somebody in who may edit them all. */
async function prepare(address: DatabaseAddress, editors: readonly Editor[]): Promise<string> {
  const db = await openDb({ ...address, log: testLog })
  const writes = editors.map(({ odsCode }) => ({
    before: undefined,
    profile: aProfile({ odsCode, contact: { phone: phoneOf(0) } }),
    sections: UNCHECKED,
    newServices: [
      aService({ odsCode, typeId: 13 }),
      aService({ odsCode: `${odsCode}UMS`, typeId: 131 }),
      aService({ odsCode: `${odsCode}BPS`, typeId: 148 }),
    ],
  }))
  const recordedAt = clock.now().toISOString()
  await db.transact((tx) =>
    commitProfiles(tx, writes, {
      actor: 'system:test',
      action: 'prepare',
      recordedAt,
      decides: false,
      onMeeting: 'take',
    }),
  )
  const browser = openBrowser(undefined, 'http://localhost')
  const grants = editors.map(({ odsCode }) => ({ role: 'owner' as const, scope: `ods:${odsCode}` }))
  await signInAs(browser, { email: 'amina@nhs.example', grants }, { db, clock })
  await db.close()
  return browser.cookie('signpost-session') ?? ''
}

async function saveUntilKilled(
  address: DatabaseAddress,
  cookie: string,
  editors: readonly Editor[],
  waitMs: number,
): Promise<void> {
  const port = await freePort()
  const server = startChild('../src/main.ts', [], {
    PORT: String(port),
    DATA_DIR: address.dataDir,
    ...(address.databaseUrl ? { DATABASE_URL: address.databaseUrl } : {}),
    DEMO: 'off',
    DEMO_NHSMAIL_PORT: String(await freePort()),
    LOG_LEVEL: 'error',
  })
  let line = ''
  while (!line.startsWith('Signpost is ready')) line = await server.line()
  const browser = openBrowser(undefined, `http://localhost:${port}`)
  browser.setCookie('signpost-session', cookie)
  const kill = new AbortController()
  const firstSave = Promise.withResolvers<void>()
  const saving = Promise.all(
    editors.map((editor) => saveRepeatedly(browser.copy(), editor, kill.signal, firstSave.resolve)),
  )
  try {
    await Promise.race([saving, firstSave.promise.then(() => sleep(waitMs))])
  } finally {
    kill.abort()
    await server.kill()
  }
  await saving
}

/** Saves one number after another until the server is gone. Only the answer to the last POST acknowledges a save. */
async function saveRepeatedly(
  browser: Browser,
  editor: Editor,
  killed: AbortSignal,
  onSaved: () => void,
): Promise<void> {
  const form = `/manage/${editor.odsCode}/contact-details/change`
  try {
    while (!killed.aborted) {
      editor.attempted = editor.acknowledged + 1
      const check = await browser.submit(await browser.open(form), form, { phone: phoneOf(editor.attempted) })
      const save = formOf(check, `${form}/check`)
      const answer = await browser.ask(save.action, save.hidden)
      assert.equal(answer.status, 303, `a save was answered with ${answer.status}`)
      editor.acknowledged = editor.attempted
      editor.answers += 1
      onSaved()
    }
  } catch (error) {
    if (!killed.aborted) throw error
  }
}

/** Opens what the killed server left behind. Throws when anything acknowledged is missing; counts what was stored besides. */
async function countAfterKill(address: DatabaseAddress, editors: readonly Editor[]): Promise<number> {
  const db = await openDb({ ...address, log: testLog })
  try {
    let besides = 0
    for (const editor of editors) {
      const stored = await loadProfile(db.pool, editor.odsCode)
      const save = Number(stored?.profile.contact.phone?.replaceAll(' ', '').slice(5)) - 900_000
      assert.ok(
        save === editor.acknowledged || save === editor.attempted,
        `${editor.odsCode}: save ${editor.acknowledged} was acknowledged and save ${save} is stored`,
      )
      if (save > editor.acknowledged) besides += 1
      editor.acknowledged = save
    }
    const ledger = await verifyLedger(db.pool)
    assert.ok(ledger.ok, JSON.stringify(ledger))
    assert.deepEqual((await checkProjection(db.pool, londonDateOf(clock.now()))).disagreements, [])
    return besides
  } finally {
    await db.close()
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
