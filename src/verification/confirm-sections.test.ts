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
})
