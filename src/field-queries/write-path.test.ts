import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenDb } from '#src/platform/db/open-db.ts'
import { loadAskedValue, loadUndecided, withdrawWaiting } from '#src/profiles/asked-values.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile, lockProfiles } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { type ProfileChange, saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { accepted } from '#src/rules/problems.ts'
import { aProfile, UNCHECKED, USUAL_WEEK } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { FIVE_SERVICES, storePharmacy } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { applyEnded } from './field-jobs.ts'
import { holdField, releaseHold } from './holds.ts'
import { type Decision, decideValue, proposeValue } from './values.ts'

const LEAD = { personId: 1, email: 'lead@icb.example', name: 'Lena Lead', grants: [] }
const AMINA = { personId: 2, email: 'amina@nhs.example', name: 'Amina Khan', grants: [] }
const WAS = '01632 960001'
const NEW = '01632 960222'
const OTHER = '01632 960333'

const setPhone = (phone: string) => (profile: Profile) =>
  accepted({ ...profile, contact: { ...profile.contact, phone } })

async function begin(open: () => Promise<OpenDb>) {
  const db = await open()
  const clock = fixedClock('2026-11-22T10:00:00Z')
  const holidays = () => holidayCalendar([])
  await storePharmacy(db, aProfile({ contact: { phone: WAS, website: 'https://www.hill.example' } }), FIVE_SERVICES)
  const deps = { db, clock, holidays, issueReceipts, sharedMailboxOf: () => null }
  const stored = async () => (await loadProfile(db.pool, 'FX123')) ?? assert.fail('there is a pharmacy')
  return {
    ...deps,
    deps,
    phone: async () => (await stored()).profile.contact.phone,
    version: async () => (await stored()).version,
    save: async (decide: ProfileChange['decide'], given: Partial<ProfileChange> = {}) =>
      saveProfileChange(deps, {
        ...{ odsCode: 'FX123', section: 'contact', actor: 'person:amina@nhs.example', action: 'set-contact-details' },
        ...{ expectedVersion: (await stored()).version, decide, ...given },
      }),
    hold: async (days: number) => {
      const endsAt = new Date(clock.now().getTime() + days * 86_400_000)
      const held = await holdField(deps, LEAD, { odsCode: 'FX123', field: 'phone', reason: 'No answer there', endsAt })
      return held.outcome === 'held' ? held.id : assert.fail('it is held')
    },
    undecided: () => loadUndecided(db.pool, ['FX123']),
    decide: (given: Pick<Decision, 'id' | 'choice' | 'state' | 'version'>, actor = AMINA) =>
      decideValue(deps, actor, { odsCode: 'FX123', side: 'pharmacy', words: 'Because it is so', ...given }),
    importPhone: (phone: string) =>
      db.transact(async (tx) => {
        const before = (await lockProfiles(tx, ['FX123'])).get('FX123') ?? assert.fail('there is a pharmacy')
        const profile = { ...before.profile, contact: { ...before.profile.contact, phone } }
        const recordedAt = clock.now().toISOString()
        await commitProfiles(tx, [{ before, profile, sections: UNCHECKED }], {
          ...{ actor: 'command:import', action: 'import', recordedAt, decides: false, onMeeting: 'keep' },
        })
      }),
    history: async () =>
      (await db.pool.selectFrom('profile_version').select(['actor', 'action']).orderBy('version').execute()).slice(1),
  }
}

onBothDatabases((kind, open) => {
  test(`${kind}: what is sent of a held field waits, the rest is saved, and the end of the hold saves it as its sender`, async () => {
    const { deps, hold, save, phone, undecided, history, db, clock } = await begin(open)
    const holdId = await hold(14)
    const saved = await save((profile) =>
      accepted({ ...profile, contact: { ...profile.contact, phone: NEW, website: 'https://www.new.example' } }),
    )
    assert.ok(saved.outcome === 'saved')
    assert.deepEqual(saved.waiting, ['phone'])
    assert.equal(await phone(), WAS, 'the field says what it said')
    assert.equal((await loadProfile(db.pool, 'FX123'))?.profile.contact.website, 'https://www.new.example')
    const [value] = await undecided()
    assert.deepEqual([value?.kind, value?.state, value?.base, value?.asked], ['waiting', 'open', WAS, NEW])
    assert.equal(await applyEnded(deps), 0, 'nothing is applied while the hold is in force')
    clock.set('2026-11-25T10:00:00Z')
    assert.equal(await releaseHold(deps, LEAD, { id: holdId, odsCode: 'FX123' }), true)
    assert.ok((await applyEnded(deps)) > 0)
    assert.equal(await phone(), NEW)
    assert.deepEqual(await undecided(), [])
    assert.deepEqual((await history()).at(-1), { actor: 'person:amina@nhs.example', action: 'set-contact-details' })
    assert.equal(await applyEnded(deps), 0, 'and once')
  })

  test(`${kind}: a hold ends by time, and what is sent last is what waits`, async () => {
    const { deps, hold, save, phone, undecided, version, clock } = await begin(open)
    await hold(3)
    const before = await version()
    const first = await save(setPhone(NEW))
    assert.deepEqual([first.outcome, await version()], ['saved', before], 'all of it waits: no version')
    await save(setPhone(OTHER), { actor: 'person:ben@nhs.example' })
    assert.equal((await undecided()).length, 1, 'what was sent first is replaced, and stays on record')
    clock.set('2026-11-25T10:00:00Z')
    await applyEnded(deps)
    assert.equal(await phone(), OTHER)
  })

  test(`${kind}: what waited and meets another value is a conflict that a person decides once`, async () => {
    const { deps, hold, save, phone, undecided, version, decide, importPhone, clock } = await begin(open)
    await hold(3)
    await save(setPhone(NEW))
    await importPhone(OTHER)
    const [value] = await undecided()
    assert.deepEqual([value?.state, value?.metBy], ['conflict', 'command:import'])
    clock.set('2026-11-26T10:00:00Z')
    await applyEnded(deps)
    assert.equal(await phone(), OTHER, 'nothing is overwritten by itself')
    const seen = { id: value?.id ?? 0, state: 'conflict', version: await version() } as const
    const both = await Promise.all([decide({ ...seen, choice: 'take' }), decide({ ...seen, choice: 'leave' })])
    assert.deepEqual(both.map(({ outcome }) => outcome).toSorted(), ['changed', 'decided'], 'the second is told')
    const taken = both[0].outcome === 'decided'
    assert.equal(await phone(), taken ? NEW : OTHER)
    assert.equal((await loadAskedValue(deps.db.pool, seen.id))?.state, taken ? 'taken' : 'withdrawn')
  })

  test(`${kind}: a pharmacy's own change is saved, and the proposal it meets is kept as a conflict`, async () => {
    const { deps, save, phone, undecided, version, decide } = await begin(open)
    const proposal = { odsCode: 'FX123', field: 'phone', base: WAS, asked: NEW, reason: 'Rang it' } as const
    assert.equal((await proposeValue(deps, LEAD, proposal)).outcome, 'proposed')
    assert.equal((await proposeValue(deps, LEAD, proposal)).outcome, 'proposed-already')
    await save(setPhone(OTHER))
    assert.equal(await phone(), OTHER)
    const [value] = await undecided()
    assert.deepEqual([value?.state, value?.asked, value?.metBy], ['conflict', NEW, 'person:amina@nhs.example'])
    const stale = await decide({ id: value?.id ?? 0, choice: 'take', state: 'conflict', version: 1 })
    assert.equal(stale.outcome, 'changed', 'decided on a page that showed another value')
    const ours = { id: value?.id ?? 0, state: 'conflict', version: await version() } as const
    assert.equal(
      (await decideValue(deps, LEAD, { ...ours, odsCode: 'FX123', side: 'lead', choice: 'take', words: '' })).outcome,
      'changed',
    )
    assert.equal((await decide({ ...ours, choice: 'take' })).outcome, 'decided')
    assert.equal(await phone(), NEW)
  })

  test(`${kind}: a proposal that the pharmacy comes to say itself is settled, and other days of a week fit together`, async () => {
    const { deps, save, undecided, db, version, decide } = await begin(open)
    await proposeValue(deps, LEAD, { odsCode: 'FX123', field: 'phone', base: WAS, asked: NEW, reason: 'Rang it' })
    await save(setPhone(NEW))
    assert.deepEqual(await undecided(), [])
    const weekly = USUAL_WEEK
    const asked = weekly.map((day, index) => (index === 5 ? [{ opens: 600, closes: 720 }] : day))
    await proposeValue(deps, LEAD, { odsCode: 'FX123', field: 'weekly', base: weekly, asked, reason: 'Seen open' })
    const monday = [{ opens: 480, closes: 1020 }]
    await save((profile) => accepted({ ...profile, weekly: [monday, ...profile.weekly.slice(1)] }), {
      section: 'hours',
    })
    const [value] = await undecided()
    assert.equal(value?.state, 'open', 'Monday is not Saturday')
    await decide({ id: value?.id ?? 0, choice: 'take', state: 'open', version: await version() })
    const saved = (await loadProfile(db.pool, 'FX123'))?.profile.weekly
    assert.deepEqual([saved?.[0], saved?.[5]], [monday, [{ opens: 600, closes: 720 }]])
  })

  test(`${kind}: a change of many branches is held too, and what waits of it can be taken back`, async () => {
    const { deps, db, clock, hold, undecided, phone } = await begin(open)
    await hold(3)
    const recordedAt = clock.now().toISOString()
    const person = 'person:office@chain.example'
    const [written] = await db.transact(async (tx) => {
      const before = (await lockProfiles(tx, ['FX123'])).get('FX123') ?? assert.fail('there is a pharmacy')
      const profile = { ...before.profile, contact: { ...before.profile.contact, phone: NEW } }
      const how = { actor: person, action: 'change-branches', recordedAt, decides: true, issueReceipts } as const
      return commitProfiles(tx, [{ before, profile, sections: UNCHECKED }], { ...how, onMeeting: 'take' })
    })
    assert.deepEqual([written?.outcome, written?.waiting], ['unchanged', ['phone']])
    const sent = { person, action: 'change-branches', at: recordedAt }
    await db.transact((tx) => withdrawWaiting(tx, ['FX123'], { ...sent, sentBy: '2026-11-22T09:59:59.000Z' }))
    assert.equal((await undecided()).length, 1, 'what was sent later is another change')
    await db.transact((tx) => withdrawWaiting(tx, ['FX123'], { ...sent, sentBy: recordedAt }))
    clock.set('2026-11-26T10:00:00Z')
    await applyEnded(deps)
    assert.deepEqual([await undecided(), await phone()], [[], WAS])
  })

  test(`${kind}: the profile of a pharmacy that has closed for good does not change by what waited`, async () => {
    const { deps, db, clock, hold, save, undecided, phone, decide, version } = await begin(open)
    await hold(3)
    await save(setPhone(NEW))
    await db.transact(async (tx) => {
      const before = (await lockProfiles(tx, ['FX123'])).get('FX123') ?? assert.fail('there is a pharmacy')
      const profile = { ...before.profile, status: 'closed' } as const
      const how = { actor: 'command:import', action: 'import', recordedAt: clock.now().toISOString() } as const
      await commitProfiles(tx, [{ before, profile, sections: UNCHECKED }], {
        ...how,
        decides: false,
        onMeeting: 'keep',
      })
    })
    clock.set('2026-11-26T10:00:00Z')
    await applyEnded(deps)
    const [value] = await undecided()
    assert.match(value?.problem ?? '', /closed for good/)
    const taken = await decide({ id: value?.id ?? 0, choice: 'take', state: 'conflict', version: await version() })
    assert.deepEqual([taken.outcome, await phone()], ['refused', WAS])
  })
})
