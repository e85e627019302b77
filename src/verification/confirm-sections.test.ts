import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Db } from '#src/platform/db/db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { accepted } from '#src/rules/problems.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { confirmSections, contentHash } from './confirm-sections.ts'

const clock = { now: () => new Date('2026-11-21T10:00:00Z') }
const holidays = () => holidayCalendar([])
const actor = 'person:amina@nhs.example'

async function withPharmacy(db: Db, profile: Profile = aProfile()): Promise<void> {
  await db.transact((tx) =>
    commitProfiles(tx, [{ before: undefined, profile, sections: UNCHECKED }], {
      actor: 'command:import',
      action: 'import',
      recordedAt: '2026-11-01T09:00:00.000Z',
      decides: false,
      onMeeting: 'keep',
    }),
  )
}
const confirm = (db: Db, given: Partial<Parameters<typeof confirmSections>[1]> = {}) =>
  confirmSections(
    { db, clock, holidays, issueReceipts },
    { odsCode: 'FX123', sections: ['contact'], expectedVersion: 1, actor, ...given },
  )

onBothDatabases((kind, open) => {
  test(`${kind}: confirming dates the section, records what was read, and changes no word`, async () => {
    const db = await open()
    await withPharmacy(db)
    assert.equal((await confirm(db)).outcome, 'confirmed')
    const stored = await loadProfile(db.pool, 'FX123')
    assert.equal(stored?.version, 1)
    assert.deepEqual(stored?.profile, aProfile())
    assert.equal(stored?.sections.contact.checkedAt, '2026-11-21T10:00:00.000Z')
    assert.equal(stored?.sections.contact.checkedBy, actor)
    assert.equal(stored?.sections.contact.changedAt, UNCHECKED.contact.changedAt)
    assert.equal(stored?.sections.hours.checkedAt, null)
    const [attestation] = await db.pool.selectFrom('attestation').selectAll().execute()
    assert.equal(attestation?.quarter, '2026-27-Q3')
    assert.equal(attestation?.content_hash, contentHash(aProfile(), 'contact'))
  })

  test(`${kind}: what was not read is not confirmed`, async () => {
    const db = await open()
    await withPharmacy(db)
    await saveProfileChange(
      { db, clock, issueReceipts },
      {
        odsCode: 'FX123',
        section: 'contact',
        expectedVersion: 1,
        actor,
        action: 'set-contact',
        decide: (profile) => accepted({ ...profile, contact: { phone: '01632 960002' } }),
      },
    )
    assert.equal((await confirm(db)).outcome, 'stale')
    assert.equal(
      (await confirm(db, { sections: ['hours'] })).outcome,
      'confirmed',
      'the hours are still as they were read',
    )
    assert.equal((await confirm(db, { expectedVersion: 2 })).outcome, 'confirmed')
    assert.equal((await confirm(db, { expectedVersion: 99 })).outcome, 'stale')
  })

  test(`${kind}: holidays are confirmed when every one up to the quarter's end is answered`, async () => {
    const db = await open()
    await withPharmacy(db)
    const early = await confirm(db, { sections: ['holidays'] })
    assert.deepEqual(
      early.outcome === 'refused' && early.problems.map(({ field }) => field),
      ['holiday-2026-12-25', 'holiday-2026-12-28'],
      'Christmas Day, and Monday 28 December because Boxing Day is a Saturday',
    )
    await saveProfileChange(
      { db, clock, issueReceipts },
      {
        odsCode: 'FX123',
        section: 'holidays',
        expectedVersion: 1,
        actor,
        action: 'answer-holidays',
        decide: (profile) =>
          accepted({
            ...profile,
            holidays: { '2026-12-25': { answer: 'closed' }, '2026-12-28': { answer: 'closed' } },
          }),
      },
    )
    assert.equal((await confirm(db, { sections: ['holidays'], expectedVersion: 2 })).outcome, 'confirmed')
  })

  test(`${kind}: hours with an unknown day, and services and facilities of which nothing was said, are not confirmed`, async () => {
    const db = await open()
    await withPharmacy(db, aProfile({ weekly: [null, [], [], [], [], [], []] }))
    for (const section of ['hours', 'services', 'facilities'] as const) {
      assert.equal((await confirm(db, { sections: [section] })).outcome, 'refused', section)
    }
    assert.equal((await db.pool.selectFrom('attestation').selectAll().execute()).length, 0)
  })

  const lastMinutes: readonly (readonly [instant: string, quarter: string, because: string])[] = [
    ['2026-12-31T23:59:59.999Z', '2026-27-Q3', '11:59pm on the last day, in winter'],
    ['2027-01-01T00:00:00.000Z', '2026-27-Q4', 'midnight'],
    ['2026-06-30T22:59:59.999Z', '2026-27-Q1', '11:59pm on the last day, in summer: an hour ahead of UTC'],
    ['2026-06-30T23:00:00.000Z', '2026-27-Q2', 'midnight in London'],
  ]
  test(`${kind}: a check counts for the quarter of its minute in London`, async () => {
    const db = await open()
    await withPharmacy(db)
    for (const [instant, quarter, because] of lastMinutes) {
      const now = { now: () => new Date(instant) }
      const asked = { odsCode: 'FX123', sections: ['contact'], expectedVersion: 1, actor } as const
      const outcome = await confirmSections({ db, clock: now, holidays, issueReceipts }, asked)
      assert.match(outcome.outcome === 'confirmed' ? outcome.reference : '', new RegExp(`^SP-${quarter}-`), because)
    }
    const rows = await db.pool.selectFrom('attestation').select(['quarter']).orderBy('id').execute()
    assert.deepEqual(
      rows.map(({ quarter }) => quarter),
      lastMinutes.map(([, quarter]) => quarter),
      'a second earlier and later are two checks, of two quarters',
    )
  })

  test(`${kind}: the same check by the same person minutes later is a second click, not by another or of more`, async () => {
    const db = await open()
    await withPharmacy(db)
    const at = (minute: string) => ({ now: () => new Date(`2026-11-21T10:${minute}:00Z`) })
    const check = async (minute: string, given: Partial<Parameters<typeof confirmSections>[1]> = {}) => {
      const deps = { db, clock: at(minute), holidays, issueReceipts }
      const asked = { odsCode: 'FX123', sections: ['contact'] as const, expectedVersion: 1, actor, ...given }
      const outcome = await confirmSections(deps, asked)
      return outcome.outcome === 'confirmed' ? Number(outcome.reference.slice(-4)) : outcome.outcome
    }
    assert.deepEqual(
      [
        await check('00'),
        await check('09'),
        await check('09', { actor: 'person:ben@nhs.example' }),
        await check('09', { sections: ['contact', 'hours'] }),
        await check('11'),
      ],
      [1, 1, 2, 3, 4],
    )
  })

  test(`${kind}: many who check at once each get their place in the chain`, async () => {
    const db = await open()
    await withPharmacy(db)
    const people = Array.from({ length: 8 }, (_, index) => `person:p${index}@nhs.example`)
    await Promise.all(people.map((person) => confirm(db, { actor: person })))
    const rows = await db.pool
      .selectFrom('receipt')
      .select(['number', 'hash', 'previous_hash'])
      .orderBy('number')
      .execute()
    assert.deepEqual(
      rows.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7, 8],
    )
    for (const [index, row] of rows.entries()) assert.equal(row.previous_hash, rows[index - 1]?.hash ?? null)
  })
})
