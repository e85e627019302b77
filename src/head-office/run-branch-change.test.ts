import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enqueue } from '#src/platform/jobs/outbox.ts'
import { NOT_OFFERED } from '#src/profiles/decide-services.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { OFFERED_SERVICES } from '#src/rules/offered-services.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { BRANCH_CODES, CHRISTMAS, HEAD_OFFICE_EMAIL, headOffice } from '#test/support/head-office.ts'
import { loadBranchChange, loadBranchRows, moveBranchChange, rememberSeen } from './branch-changes-store.ts'
import { NO_ACCESS, startBranchChange, startUndo } from './run-branch-change.ts'

onBothDatabases((kind, open) => {
  test(`${kind}: good branches are changed and bad ones are told, each with its reason`, async () => {
    const db = await open()
    const { draft, run, emails } = await headOffice(db)
    const id = await draft(CHRISTMAS, [...BRANCH_CODES, 'FX900', 'FX901', 'FX902', 'FX903'])
    const counts = await run(id)
    assert.deepEqual([counts.done, counts.refused, counts.waiting], [60, 4, 0])
    const refused = await loadBranchRows(db.pool, id, { state: 'refused' })
    assert.deepEqual(
      refused.map(({ odsCode, reason }) => [odsCode, reason]),
      [
        ['FX900', 'The usual hours of Monday 28 December 2026 are not known'],
        ['FX901', 'This pharmacy is closed for good'],
        ['FX902', NO_ACCESS],
        ['FX903', NO_ACCESS],
      ],
    )
    assert.deepEqual((await loadProfile(db.pool, 'FX059'))?.profile.holidays, CHRISTMAS.answers)
    assert.equal((await loadProfile(db.pool, 'FX059'))?.sections.holidays.changedBy, `person:${HEAD_OFFICE_EMAIL}`)
    assert.deepEqual((await loadProfile(db.pool, 'FX902'))?.profile.holidays, {})
    assert.deepEqual(
      (await emails()).map(({ changed, refused: not }) => [changed, not]),
      [[60, 4]],
      'one email, not sixty',
    )
    const receipts = await db.pool.selectFrom('receipt').select('ods_code').execute()
    assert.equal(receipts.length, 60, 'each branch has its own receipt')
  })

  test(`${kind}: what says so already is left alone, and running again changes nothing`, async () => {
    const db = await open()
    const { draft, run, work } = await headOffice(db)
    await run(await draft(CHRISTMAS, ['FX001']))
    const id = await draft(CHRISTMAS, ['FX001', 'FX002'])
    const counts = await run(id)
    assert.deepEqual([counts.done, counts.unchanged], [1, 1])
    await moveBranchChange(db.pool, id, ['done'], { state: 'running' })
    await db.transact((tx) => enqueue(tx, 'branch-change', { id }))
    await work()
    assert.equal((await loadProfile(db.pool, 'FX002'))?.version, 2)
  })

  test(`${kind}: undone as one, but for the branch that somebody changed since`, async () => {
    const db = await open()
    const { answer, clock, draft, run, work } = await headOffice(db)
    const id = await draft(CHRISTMAS, ['FX001', 'FX002', 'FX003'])
    await run(id)
    await answer('FX002', 2, { '2026-12-25': { answer: 'other', sessions: [{ opens: 600, closes: 720 }] } })
    await answer('FX003', 2, { '2027-01-01': { answer: 'closed' } })
    const change = await loadBranchChange(db.pool, id)
    assert.ok(change)
    assert.equal(await db.transact((tx) => startUndo(tx, change, clock.now())), true)
    await work()
    const rows = await loadBranchRows(db.pool, id, {})
    assert.deepEqual(
      rows.map(({ odsCode, state, reason }) => [odsCode, state, reason]),
      [
        ['FX001', 'undone', null],
        ['FX002', 'not-undone', 'Somebody has changed this since'],
        ['FX003', 'undone', null],
      ],
    )
    assert.deepEqual((await loadProfile(db.pool, 'FX001'))?.profile.holidays, {})
    assert.deepEqual((await loadProfile(db.pool, 'FX003'))?.profile.holidays, { '2027-01-01': { answer: 'closed' } })
    const undone = await loadBranchChange(db.pool, id)
    assert.equal(undone?.state, 'undone')
    assert.equal(undone && (await db.transact((tx) => startUndo(tx, undone, clock.now()))), false, 'only once')
  })

  test(`${kind}: a change cannot be undone after a day, and a change for later waits`, async () => {
    const db = await open()
    const { clock, draft, run, work } = await headOffice(db)
    const id = await draft(CHRISTMAS, ['FX001'])
    await run(id)
    const change = await loadBranchChange(db.pool, id)
    assert.ok(change)
    const later = await draft(CHRISTMAS, ['FX002'])
    await db.transact((tx) => startBranchChange(tx, later, new Date(clock.now().getTime() + 3_600_000)))
    await work()
    assert.equal((await loadBranchChange(db.pool, later))?.state, 'waiting')
    clock.set('2026-11-23T11:00:01Z')
    await work()
    assert.equal((await loadBranchChange(db.pool, later))?.state, 'done')
    assert.equal(await db.transact((tx) => startUndo(tx, change, clock.now())), false)
  })

  test(`${kind}: a dated change is added once and its days from today on are given back`, async () => {
    const db = await open()
    const { clock, draft, run, work } = await headOffice(db)
    const change = { from: '2026-12-24', to: '2026-12-24', sessions: [], reason: 'Staff training', note: null } as const
    const id = await draft({ kind: 'change', change }, ['FX001'])
    await run(id)
    assert.equal((await loadProfile(db.pool, 'FX001'))?.profile.changes.length, 1)
    const stored = await loadBranchChange(db.pool, id)
    assert.ok(stored)
    await db.transact((tx) => startUndo(tx, stored, clock.now()))
    await work()
    assert.deepEqual((await loadProfile(db.pool, 'FX001'))?.profile.changes, [])
  })

  test(`${kind}: a check confirms what the person saw, and no branch that changed since`, async () => {
    const db = await open()
    const { edit, draft, run } = await headOffice(db)
    const everything = { ...CHRISTMAS.answers, '2027-01-01': { answer: 'closed' } } as const
    await run(await draft({ kind: 'holidays', answers: everything }, ['FX001', 'FX002']))
    const services = { [OFFERED_SERVICES[0]?.code ?? '']: { ...NOT_OFFERED, offered: true } }
    for (const code of ['FX001', 'FX002']) {
      await edit(code, 2, 'services', () => ({ services }))
      await edit(code, 3, 'facilities', () => ({ facilities: { '28': { has: true } } }))
    }
    const id = await draft({ kind: 'check' }, ['FX001', 'FX002', 'FX003'])
    await rememberSeen(db.pool, id, new Map([['FX001', 4]]))
    await run(id)
    const rows = await loadBranchRows(db.pool, id, {})
    assert.deepEqual(
      rows.map(({ odsCode, state, reason }) => [odsCode, state, reason?.split(',')[0] ?? null]),
      [
        ['FX001', 'done', null],
        ['FX002', 'refused', 'Somebody changed this pharmacy after you looked at it. Look again'],
        ['FX003', 'refused', 'Tell us if you are open on Christmas Day'],
      ],
    )
    assert.ok((await loadProfile(db.pool, 'FX001'))?.sections.hours.checkedAt)
  })
})
