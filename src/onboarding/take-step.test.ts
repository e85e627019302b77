import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { OpenDb } from '#src/platform/db/open-db.ts'
import { NotFound } from '#src/platform/errors.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { lockSurroundings, publishPatch } from '#src/record-editor/publish-edit.ts'
import type { OnboardingStep, Side } from '#src/rules/onboarding-steps.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { storePharmacy } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { loadOnboarding } from './onboarding-records.ts'
import { signUp } from './sign-up.ts'
import { takeStep } from './take-step.ts'

const AMINA = { personId: 1, email: 'amina@nhs.example', name: 'Amina', grants: [] }
const LEE = { personId: 2, email: 'lee@nhs.example', name: 'Lee', grants: [] }
const EVERYWHERE = { reach: { everywhere: true } } as const
const FIRST = 'OWN-PHARMACY-FIRST'
const PRESSURE = 'SRV0560'
const ANYBODY = {
  sgsd: { 1110: [4003] },
  dispositions: [1],
  ages: [[0, 47481.5]],
  genders: ['M', 'F', 'I'],
  roles: [1],
} as const
const AGAIN = [
  ['pharmacy', 'agree'],
  ['team', 'send-test'],
  ['team', 'pass-test'],
  ['team', 'go-live'],
] as const
const OFFERED = { hours: null, byAppointment: false, bookingLink: null, from: null, to: null }

onBothDatabases((_kind, open) => {
  let db: OpenDb
  const clock = fixedClock()
  const deps = () => ({ db, clock, sharedMailboxOf: () => 'pharmacy.fx123@nhs.example' })

  before(async () => {
    db = await open()
    for (const odsCode of ['FX123', 'FX124', 'FX125', 'FX126']) {
      const uid = 2_000_000_000 + Number(odsCode.slice(2)) * 10
      await storePharmacy(db, aProfile({ odsCode }), [
        aService({ uid, odsCode }),
        aService({
          uid: uid + 1,
          odsCode: `${odsCode}PF`,
          typeId: 132,
          status: 'COMMISSIONING',
          phone: '01632 960 777',
          other: ANYBODY,
        }),
      ])
    }
  })

  const started = async (odsCode: string, serviceCode = FIRST): Promise<number> => {
    const outcome = await signUp(deps(), AMINA as never, { odsCode, serviceCode })
    assert.ok(outcome.outcome === 'signed-up', outcome.outcome)
    return outcome.id
  }
  const step = async (id: number, side: Side, taken: OnboardingStep, given: object = {}) => {
    const row = await loadOnboarding(db.pool, id, EVERYWHERE)
    const whose = side === 'team' ? EVERYWHERE : { odsCode: row?.odsCode ?? '' }
    const asked = { id, whose, side, step: taken, expectedVersion: row?.version ?? 0, words: 'words', ...given }
    return takeStep(deps(), (side === 'team' ? LEE : AMINA) as never, asked)
  }
  const recordOf = async (uid: number) => {
    const row = await db.pool
      .selectFrom('service')
      .select(['record', 'profile_ods'])
      .where('uid', '=', uid)
      .executeTakeFirstOrThrow()
    return { record: row.record as ServiceRecord, profileOds: row.profile_ods }
  }
  const fillIn = (uid: number) =>
    db.transact(async (tx) => {
      const surroundings = (await lockSurroundings(tx, { uid, proposed: {} })) ?? assert.fail()
      const context = { actor: 'person:lee@nhs.example', recordedAt: clock.now().toISOString(), about: {} }
      await publishPatch(tx, surroundings, { ...ANYBODY }, context)
    })
  const say = (odsCode: string, given: Partial<Profile>) =>
    db.transact(async (tx) => {
      const stored = await loadProfile(tx, odsCode)
      assert.ok(stored)
      const write = { before: stored, profile: { ...stored.profile, ...given }, sections: stored.sections }
      const at = clock.now().toISOString()
      const context = {
        actor: 'person:amina@nhs.example',
        action: 'set-services',
        recordedAt: at,
        decides: true as const,
      }
      await commitProfiles(tx, [write], { ...context, issueReceipts, onMeeting: 'take' })
    })

  test('from sign-up to live: told at each step, and the profile is laid over the service in the same commit', async () => {
    const id = await started('FX123')
    const uid = 2_000_001_231
    assert.equal((await step(id, 'team', 'profile', { entry: uid })).outcome, 'taken')
    assert.equal((await step(id, 'pharmacy', 'dispute')).outcome, 'taken')
    assert.equal((await step(id, 'team', 'profile', { entry: uid })).outcome, 'taken')
    assert.equal((await step(id, 'pharmacy', 'agree')).outcome, 'taken')
    await say('FX123', { contact: { phone: '01632 960 888' } })
    assert.equal((await recordOf(uid)).record.phone, '01632 960 777', 'nothing reaches it before it is live')
    assert.equal((await step(id, 'team', 'send-test')).outcome, 'taken')
    assert.equal((await step(id, 'pharmacy', 'fail-test')).outcome, 'taken')
    assert.equal((await step(id, 'team', 'send-test')).outcome, 'taken')
    assert.equal((await step(id, 'team', 'pass-test')).outcome, 'taken')
    const live = await step(id, 'team', 'go-live')
    assert.ok(live.outcome === 'taken' && live.seq > 0)
    const { record, profileOds } = await recordOf(uid)
    assert.deepEqual([record.status, record.phone, profileOds], ['ACTIVE', '01632 960 888', 'FX123'])
    const row = await loadOnboarding(db.pool, id, EVERYWHERE)
    assert.equal(row?.state, 'live')
    const emails = await db.pool
      .selectFrom('job')
      .select('unique_key')
      .where('unique_key', 'like', `onboarding ${id} %`)
      .execute()
    assert.equal(emails.length, 2 * 10, 'each step to whoever signed up and to the shared mailbox')
    const audits = await db.pool
      .selectFrom('audit')
      .select('seq')
      .where('detail', 'like', `%"onboarding":${id},%`)
      .execute()
    assert.equal(audits.length, 10, 'each step once')
  })

  test('a new entry is prepared from the profile, numbered, and in no search until it is live', async () => {
    const id = await started('FX124')
    const made = await step(id, 'team', 'profile', { entry: 'new' })
    assert.ok(made.outcome === 'taken' && made.uid)
    const { record } = await recordOf(made.uid)
    assert.deepEqual([record.status, record.typeId, record.odsCode], ['COMMISSIONING', 132, 'FX124'])
    for (const [side, next] of [
      ['pharmacy', 'agree'],
      ['team', 'send-test'],
      ['pharmacy', 'pass-test'],
    ] as const) {
      assert.equal((await step(id, side, next)).outcome, 'taken', next)
    }
    assert.deepEqual(await step(id, 'team', 'go-live'), {
      outcome: 'refused',
      message:
        'No search would return it: its clinical profile has no symptom group and discriminator, no disposition, no gender, no ages and no referral role. Open its record and add them first',
    })
    await fillIn(made.uid)
    const changed = await step(id, 'team', 'go-live')
    assert.ok(changed.outcome === 'refused' && /has changed since the pharmacy agreed/.test(changed.message))
    assert.equal((await step(id, 'team', 'profile', { entry: made.uid })).outcome, 'taken')
    assert.equal((await step(id, 'pharmacy', 'agree', { seen: 'what it said before' })).outcome, 'stale')
    for (const [side, next] of AGAIN) assert.equal((await step(id, side, next)).outcome, 'taken', next)
    const live = await recordOf(made.uid)
    assert.deepEqual(
      [live.record.status, live.record.hours.weekly, live.profileOds],
      ['ACTIVE', aProfile().weekly, 'FX124'],
    )
  })

  test('of two leads at once one acts, and the other is told; nothing is taken twice', async () => {
    const id = await started('FX125')
    const both = await Promise.all([
      step(id, 'team', 'profile', { entry: 'new', expectedVersion: 1 }),
      step(id, 'team', 'profile', { entry: 'new', expectedVersion: 1 }),
    ])
    assert.deepEqual(both.map(({ outcome }) => outcome).sort(), ['stale', 'taken'])
    const made = await db.pool
      .selectFrom('service')
      .select('uid')
      .where('ods_five', '=', 'FX125')
      .where('uid', '>', 2_140_000_000)
      .execute()
    assert.equal(made.length, 1)
    assert.equal(
      (await signUp(deps(), AMINA as never, { odsCode: 'FX125', serviceCode: FIRST })).outcome,
      'there-already',
    )
  })

  test('out of turn, of another pharmacy, paused and withdrawn: refused, or not found', async () => {
    const id = (
      await db.pool.selectFrom('onboarding').select('id').where('ods_code', '=', 'FX125').executeTakeFirstOrThrow()
    ).id
    assert.equal((await step(id, 'team', 'go-live')).outcome, 'refused', 'not agreed and tested')
    assert.equal((await step(id, 'team', 'profile', { entry: 2_000_001_241 })).outcome, 'refused', 'another pharmacy’s')
    assert.equal((await step(id, 'team', 'profile', { entry: 2_000_001_250 })).outcome, 'refused', 'another kind')
    await assert.rejects(step(id, 'team', 'profile', { entry: 1 }), NotFound)
    await assert.rejects(step(id, 'pharmacy', 'agree', { whose: { odsCode: 'FX123' } }), NotFound)
    await assert.rejects(
      step(id, 'team', 'pause', { whose: { reach: { everywhere: false, icbCodes: ['QOP'] } } }),
      NotFound,
    )
    assert.equal((await step(id, 'pharmacy', 'pause')).outcome, 'taken')
    assert.equal((await step(id, 'pharmacy', 'agree')).outcome, 'refused')
    assert.equal((await step(id, 'team', 'resume')).outcome, 'taken')
    assert.equal((await step(id, 'pharmacy', 'withdraw')).outcome, 'taken')
    assert.equal((await step(id, 'team', 'resume')).outcome, 'refused')
    assert.equal(
      (await signUp(deps(), AMINA as never, { odsCode: 'FX125', serviceCode: FIRST })).outcome,
      'signed-up',
      'again',
    )
  })

  test('what the pharmacy offers does not make an entry live before its test, nor an entry live that it does not offer', async () => {
    await say('FX126', { services: { [PRESSURE]: { offered: true, ...OFFERED } } })
    const id = await started('FX126', PRESSURE)
    const made = await step(id, 'team', 'profile', { entry: 'new' })
    assert.ok(made.outcome === 'taken' && made.uid)
    await say('FX126', { contact: { phone: '01632 960 999' } })
    assert.equal((await recordOf(made.uid)).record.status, 'SUSPENDED', 'a save of the profile wakes nothing')
    await fillIn(made.uid)
    for (const [side, next] of [
      ['pharmacy', 'agree'],
      ['team', 'send-test'],
      ['team', 'pass-test'],
    ] as const) {
      assert.equal((await step(id, side, next)).outcome, 'taken', next)
    }
    await say('FX126', { services: { [PRESSURE]: { ...OFFERED, offered: false } } })
    assert.equal((await step(id, 'team', 'go-live')).outcome, 'refused')
    await say('FX126', { services: { [PRESSURE]: { ...OFFERED, offered: true } } })
    assert.equal((await step(id, 'team', 'go-live')).outcome, 'taken')
    assert.equal((await recordOf(made.uid)).record.status, 'ACTIVE')
    assert.equal(
      (await signUp(deps(), AMINA as never, { odsCode: 'FX126', serviceCode: PRESSURE })).outcome,
      'there-already',
    )
  })
})
