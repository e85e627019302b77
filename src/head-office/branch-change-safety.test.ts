import assert from 'node:assert/strict'
import { test } from 'node:test'
import { revokeRole } from '#src/accounts/grants.ts'
import type { Db } from '#src/platform/db/db.ts'
import { NOT_OFFERED } from '#src/profiles/decide-services.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { OFFERED_SERVICES } from '#src/rules/offered-services.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { BRANCH_CODES, CHRISTMAS, HEAD_OFFICE_EMAIL, headOffice } from '#test/support/head-office.ts'
import {
  countBranchRows,
  leaveOutBranches,
  loadBranchChange,
  loadBranchRows,
  rememberSeen,
} from './branch-changes-store.ts'
import type { BranchCommand } from './branch-command.ts'
import { NO_ACCESS, runBranchJob, startBranchChange, startUndo } from './run-branch-change.ts'

const TEN_TO_NOON: BranchCommand = {
  kind: 'holidays',
  answers: { '2026-12-25': { answer: 'other', sessions: [{ opens: 600, closes: 720 }] } },
}

/** A database whose process dies during the `dies`th transaction: its work is done, and never committed. */
function dying(db: Db, dies: number): Db {
  let begun = 0
  const transact: Db['transact'] = (work) =>
    db.transact(async (tx) => {
      const done = await work(tx)
      begun += 1
      if (begun === dies) throw new Error('the process was killed')
      return done
    })
  return { ...db, transact }
}

onBothDatabases((kind, open) => {
  const everythingOnce = async (db: Db, id: number): Promise<void> => {
    assert.equal((await countBranchRows(db.pool, id)).done, BRANCH_CODES.length)
    const versions = await db.pool.selectFrom('profile_version').select('ods_code').where('version', '>', 1).execute()
    assert.deepEqual(versions.map(({ ods_code }) => ods_code).sort(), BRANCH_CODES, 'each has one more version')
    const receipts = await db.pool.selectFrom('receipt').select('ods_code').execute()
    assert.deepEqual(receipts.map(({ ods_code }) => ods_code).sort(), BRANCH_CODES, 'and one receipt')
    assert.equal((await loadBranchChange(db.pool, id))?.state, 'done')
  }

  // The first, one in the middle, and the one that calls it done.
  for (const dies of [1, 4, 10]) {
    test(`${kind}: killed in its transaction ${dies}, it goes on where it stopped: nothing twice, nothing lost`, async () => {
      const db = await open()
      const { deps, clock, draft, emails } = await headOffice(db)
      const id = await draft(CHRISTMAS, BRANCH_CODES)
      await db.transact((tx) => startBranchChange(tx, id, clock.now()))
      const job = { queue: 'branch-change', payload: { id } }
      await assert.rejects(runBranchJob({ ...deps, db: dying(db, dies) }, job), /killed/)
      assert.equal((await loadBranchChange(db.pool, id))?.state, 'running')
      await runBranchJob(deps, job)
      await everythingOnce(db, id)
      assert.equal((await emails()).length, 1)

      const change = await loadBranchChange(db.pool, id)
      assert.ok(change)
      await db.transact((tx) => startUndo(tx, change, clock.now()))
      const undo = { queue: 'undo-branch-change', payload: { id } }
      await assert.rejects(runBranchJob({ ...deps, db: dying(db, dies) }, undo), /killed/)
      await runBranchJob(deps, undo)
      assert.equal((await countBranchRows(db.pool, id)).undone, BRANCH_CODES.length)
      assert.equal((await loadProfile(db.pool, 'FX059'))?.version, 3, 'changed back once')
      assert.equal((await emails()).length, 2)
    })
  }

  test(`${kind}: two workers at the same job share it`, async () => {
    const db = await open()
    const { deps, clock, draft, emails } = await headOffice(db)
    const id = await draft(CHRISTMAS, BRANCH_CODES)
    await db.transact((tx) => startBranchChange(tx, id, clock.now()))
    const job = { queue: 'branch-change', payload: { id } }
    await Promise.all([runBranchJob(deps, job), runBranchJob(deps, job)])
    await everythingOnce(db, id)
    assert.equal((await emails()).length, 1)
  })

  test(`${kind}: a change is started once, and then no branch leaves it`, async () => {
    const db = await open()
    const { clock, draft, work } = await headOffice(db)
    const id = await draft(CHRISTMAS, ['FX001', 'FX002'])
    assert.equal(await db.transact((tx) => startBranchChange(tx, id, clock.now())), true)
    assert.equal(await db.transact((tx) => startBranchChange(tx, id, clock.now())), false, 'pressed twice')
    await leaveOutBranches(db.pool, id, ['FX001'])
    await work()
    assert.equal((await countBranchRows(db.pool, id)).done, 2)
  })

  test(`${kind}: whoever lost their access between the preview and the change changes nothing`, async () => {
    const db = await open()
    const { clock, draft, run } = await headOffice(db)
    const id = await draft(CHRISTMAS, ['FX001', 'FX002'])
    const right = { email: HEAD_OFFICE_EMAIL, role: 'group', scope: 'group:PX001' }
    await revokeRole(db, right, { by: 'command:test', now: clock.now() })
    assert.equal((await run(id)).refused, 2)
    const rows = await loadBranchRows(db.pool, id, {})
    assert.deepEqual(
      rows.map(({ reason }) => reason),
      [NO_ACCESS, NO_ACCESS],
    )
    assert.equal((await loadProfile(db.pool, 'FX001'))?.version, 1)
  })

  test(`${kind}: a value that a branch changed after the preview is left alone, until somebody looks again`, async () => {
    const db = await open()
    const { answer, draft, run } = await headOffice(db)
    const codes = ['FX001', 'FX002', 'FX003']
    const id = await draft(CHRISTMAS, codes)
    await answer('FX001', 1, { '2026-12-25': { answer: 'other', sessions: [{ opens: 600, closes: 720 }] } })
    await answer('FX002', 1, { '2027-01-01': { answer: 'closed' } })
    await answer('FX003', 1, CHRISTMAS.answers)
    await run(id)
    const rows = await loadBranchRows(db.pool, id, {})
    assert.deepEqual(
      rows.map(({ odsCode, state, reason }) => [odsCode, state, reason]),
      [
        ['FX001', 'refused', 'Somebody changed this pharmacy after you looked at it. Look again'],
        ['FX002', 'done', null],
        ['FX003', 'unchanged', null],
      ],
    )
    const again = await draft(CHRISTMAS, ['FX001'])
    await rememberSeen(db.pool, again, new Map([['FX001', 2]]))
    assert.equal((await run(again)).done, 1)
  })

  test(`${kind}: a branch that could not be seen in the preview is not changed by it`, async () => {
    const db = await open()
    const { draft, run } = await headOffice(db)
    const id = await draft(CHRISTMAS, ['FX001'])
    await rememberSeen(db.pool, id, new Map([['FX001', 0]]))
    assert.equal((await run(id)).refused, 1)
  })

  test(`${kind}: of two changes the later is undone first, the earlier as far as the later left it`, async () => {
    const db = await open()
    const { clock, draft, run, work } = await headOffice(db)
    const first = await draft(CHRISTMAS, ['FX001', 'FX002', 'FX003'])
    await run(first)
    const second = await draft(TEN_TO_NOON, ['FX001', 'FX002'])
    await rememberSeen(db.pool, second, new Map(['FX001', 'FX002'].map((code) => [code, 2])))
    assert.equal((await run(second)).done, 2)
    const undo = async (id: number) => {
      const change = await loadBranchChange(db.pool, id)
      assert.ok(change)
      await db.transact((tx) => startUndo(tx, change, clock.now()))
      await work()
      const { undone, 'not-undone': not } = await countBranchRows(db.pool, id)
      return [undone, not]
    }
    assert.deepEqual(await undo(first), [1, 2])
    assert.deepEqual(await undo(second), [2, 0])
    assert.deepEqual((await loadProfile(db.pool, 'FX001'))?.profile.holidays, CHRISTMAS.answers)
    assert.deepEqual((await loadProfile(db.pool, 'FX003'))?.profile.holidays, {})
  })

  test(`${kind}: a branch that has closed for good since is not changed back`, async () => {
    const db = await open()
    const { edit, clock, draft, run, work } = await headOffice(db)
    const id = await draft(CHRISTMAS, ['FX001'])
    await run(id)
    await edit('FX001', 2, 'contact', () => ({ status: 'closed' }))
    const change = await loadBranchChange(db.pool, id)
    assert.ok(change)
    await db.transact((tx) => startUndo(tx, change, clock.now()))
    await work()
    const [row] = await loadBranchRows(db.pool, id, {})
    assert.deepEqual([row?.state, row?.reason], ['not-undone', 'This pharmacy is closed for good'])
  })

  test(`${kind}: a branch that has closed for good since the preview is not confirmed`, async () => {
    const db = await open()
    const { edit, draft, run } = await headOffice(db)
    const everything = { ...CHRISTMAS.answers, '2027-01-01': { answer: 'closed' } } as const
    await run(await draft({ kind: 'holidays', answers: everything }, ['FX001']))
    const services = { [OFFERED_SERVICES[0]?.code ?? '']: { ...NOT_OFFERED, offered: true } }
    await edit('FX001', 2, 'services', () => ({ services }))
    await edit('FX001', 3, 'facilities', () => ({ facilities: { '28': { has: true } } }))
    const id = await draft({ kind: 'check' }, ['FX001'])
    await rememberSeen(db.pool, id, new Map([['FX001', 4]]))
    await edit('FX001', 4, 'contact', () => ({ status: 'closed' }))
    assert.equal((await run(id)).refused, 1)
    const [row] = await loadBranchRows(db.pool, id, {})
    assert.equal(row?.reason, 'This pharmacy is closed for good')
    assert.equal((await loadProfile(db.pool, 'FX001'))?.sections.hours.checkedAt, null)
  })

  test(`${kind}: a dated change that its branch has edited is not taken away`, async () => {
    const db = await open()
    const { edit, clock, draft, run, work } = await headOffice(db)
    const change = { from: '2026-12-24', to: '2026-12-24', sessions: [], reason: 'Staff training', note: null } as const
    const id = await draft({ kind: 'change', change }, ['FX001', 'FX002'])
    await run(id)
    await edit('FX002', 2, 'changes', ({ changes }) => ({
      changes: changes.map((each) => ({ ...each, note: 'Sorry' })),
    }))
    const stored = await loadBranchChange(db.pool, id)
    assert.ok(stored)
    await db.transact((tx) => startUndo(tx, stored, clock.now()))
    await work()
    const rows = await loadBranchRows(db.pool, id, {})
    assert.deepEqual(
      rows.map(({ state }) => state),
      ['undone', 'not-undone'],
    )
  })
})
