/** Prompts before a lapse, Red and Amber that begin later, and the sweep: what a worker does with capacities. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { disableApiAccount, saveApiAccount } from '#src/accounts/save-api-account.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import type { Db } from '#src/platform/db/db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { noMailer } from '#src/platform/mail/mail.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { testLog as log, onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { storePharmacy } from '#test/support/manage.ts'
import { capacityJobs } from './capacity-jobs.ts'
import { loadCapacities, loadCapacityHistory } from './capacity-records.ts'
import { loadScheduled, scheduleCapacity } from './scheduled-capacity.ts'
import { type ServiceCapacity, setCapacity } from './set-capacity.ts'

const UID = 2_000_000_001
const OTHER = 2_000_000_002
const AMINA = { actor: 'person:amina@nhs.example', via: 'page' } as const
const CCS = { actor: 'account:ccs', via: 'api' } as const
const PEPPER = 'pepper-pepper-pepper-pepper-pepper'

async function worker(db: Db) {
  const clock = fixedClock('2026-12-11T10:00:00.000Z')
  await storePharmacy(db, aProfile(), [aService(), aService({ uid: OTHER, odsCode: 'FX123B', name: 'Flu & more' })])
  const made = { by: 'command:test', now: clock.now(), pepper: PEPPER }
  await saveApiAccount(db, { api: 'capacity', username: 'ccs', services: [String(UID)] }, made)
  const handlers = {
    ...capacityJobs({ db, clock }),
    ...emailJobs({ db, clock, mailer: noMailer, baseUrl: 'http://x' }),
  }
  return {
    deps: { db, clock },
    clock,
    at: async (instant: string) => {
      clock.set(instant)
      await doReadyJobs(db, handlers, { log, clock })
    },
    set: (given: Partial<ServiceCapacity>, by: Parameters<typeof setCapacity>[2] = AMINA) =>
      setCapacity({ db, clock }, [{ uid: UID, status: 'RED', ...given }], by),
    now: async (uid = UID) => (await loadCapacities(db.pool, [uid], clock.now())).get(uid),
    emails: () => db.pool.selectFrom('email_sent').selectAll().orderBy('sent_at').execute(),
    dead: () => db.pool.selectFrom('job').select('queue').where('dead_at', 'is not', null).execute(),
  }
}

onBothDatabases((_kind, open) => {
  test('half an hour before a long Red or Amber ends, whoever set it is told once, of all services together', async () => {
    const db = await open()
    const { deps, at, emails } = await worker(db)
    const both = [UID, OTHER].map((uid) => ({ uid, status: 'AMBER', resetInMinutes: 90 }))
    assert.ok((await setCapacity(deps, both, AMINA)).ok)
    await at('2026-12-11T10:59:59.000Z')
    assert.deepEqual(await emails(), [])
    await at('2026-12-11T11:00:00.000Z')
    await at('2026-12-11T11:05:00.000Z')
    const [email = assert.fail(), ...more] = await emails()
    assert.deepEqual(more, [])
    assert.deepEqual([email.recipient, email.subject], ['amina@nhs.example', '2 services turn Green at 11:30am'])
    assert.match(email.body, /Green again at 11:30am on 11 December 2026/)
    assert.match(email.body, /Flu & more: Amber/)
    assert.match(email.body, /http:\/\/x\/capacity/)
  })

  const quiet: readonly (readonly [
    because: string,
    first: Partial<ServiceCapacity>,
    by: typeof AMINA | typeof CCS,
    then?: string,
  ])[] = [
    ['an hour is not long', { resetInMinutes: 60 }, AMINA],
    ['Green has no end', { status: 'GREEN', resetInMinutes: 90 }, AMINA],
    ['a program reads no email', { resetInMinutes: 90 }, CCS],
    ['it was changed since', { resetInMinutes: 90 }, AMINA, 'GREEN'],
  ]
  for (const [because, first, by, then] of quiet) {
    test(`nobody is told that it lapses: ${because}`, async () => {
      const { at, set, emails } = await worker(await open())
      await set(first, by)
      await at('2026-12-11T10:20:00.000Z')
      if (then) await set({ status: then })
      await at('2026-12-11T11:20:00.000Z')
      assert.deepEqual(await emails(), [])
    })
  }

  test('a prompt that comes when it has lapsed already is not sent', async () => {
    const { at, set, emails } = await worker(await open())
    await set({ resetInMinutes: 90 })
    await at('2026-12-11T11:30:00.000Z')
    assert.deepEqual(await emails(), [])
  })

  test('Red that is asked for later begins then, and its minutes count from then', async () => {
    const db = await open()
    const { deps, at, now } = await worker(db)
    const startsAt = new Date('2026-12-11T12:00:00.000Z')
    const asked = { uid: UID, status: 'RED', resetInMinutes: 30, note: 'Training', startsAt }
    assert.ok((await scheduleCapacity(deps, asked, CCS)).ok)
    assert.equal((await loadScheduled(db.pool, [UID])).get(UID)?.startsAt, startsAt.toISOString())
    await at('2026-12-11T11:59:59.000Z')
    assert.equal((await now())?.because, 'never')
    await at('2026-12-11T12:00:01.000Z')
    const { status, resetAt, note, setByName } = (await now()) ?? assert.fail()
    assert.deepEqual([status, note, setByName], ['RED', 'Training', 'ccs'])
    assert.equal(resetAt, '2026-12-11T12:30:01.000Z')
    assert.equal((await loadScheduled(db.pool, [UID])).size, 0)
    await at('2026-12-11T12:10:00.000Z')
    assert.equal((await loadCapacityHistory(db.pool, UID, 5)).length, 1)
  })

  const cancelled: readonly (readonly [
    because: string,
    meanwhile: (db: Db, started: Awaited<ReturnType<typeof worker>>) => Promise<unknown>,
    outcome: string,
  ])[] = [
    ['it was set meanwhile', (_db, { set }) => set({ status: 'GREEN' }), 'cancelled'],
    [
      'the program was shut out',
      (db, { clock }) => disableApiAccount(db, 'ccs', { by: 'command:test', now: clock.now() }),
      'refused',
    ],
    [
      'the service closed',
      (db) =>
        db.pool
          .updateTable('service')
          .set({ status: 'CLOSED', record: JSON.stringify(aService({ status: 'CLOSED' })) })
          .where('uid', '=', UID)
          .execute(),
      'refused',
    ],
    [
      'we come when it would be over',
      (_db, { clock }) => Promise.resolve(clock.set('2026-12-11T12:30:00.000Z')),
      'refused',
    ],
  ]
  for (const [because, meanwhile, outcome] of cancelled) {
    test(`what was asked for later does not begin: ${because}`, async () => {
      const db = await open()
      const started = await worker(db)
      const { deps, at, now, clock, dead } = started
      const startsAt = new Date('2026-12-11T12:00:00.000Z')
      await scheduleCapacity(deps, { uid: UID, status: 'RED', resetInMinutes: 30, startsAt }, CCS)
      await meanwhile(db, started)
      await at(clock.now() > startsAt ? clock.now().toISOString() : '2026-12-11T12:00:00.000Z')
      assert.notEqual((await now())?.status, 'RED')
      const row = await db.pool.selectFrom('capacity_schedule').select('outcome').executeTakeFirstOrThrow()
      assert.equal(row.outcome, outcome)
      assert.deepEqual(await dead(), [])
    })
  }

  test('only Red and Amber, and only the next four weeks, can be asked for later; the last one asked for counts', async () => {
    const db = await open()
    const { deps } = await worker(db)
    const ask = async (status: string, startsAt: string) => {
      const result = await scheduleCapacity(deps, { uid: UID, status, startsAt: new Date(startsAt) }, CCS)
      return result.ok ? 'ok' : `${result.problems[0]?.field} ${result.problems[0]?.code}`
    }
    assert.equal(await ask('GREEN', '2026-12-11T12:00:00Z'), 'startsAt green')
    assert.equal(await ask('RED', '2026-12-11T10:00:00Z'), 'startsAt invalid')
    assert.equal(await ask('RED', '2027-01-08T10:00:01Z'), 'startsAt invalid')
    assert.equal(await ask('PURPLE', '2026-12-11T12:00:00Z'), 'status invalid')
    assert.equal(await ask('RED', '2027-01-08T10:00:00Z'), 'ok')
    assert.equal(await ask('AMBER', '2026-12-11T12:00:00Z'), 'ok')
    assert.equal((await loadScheduled(db.pool, [UID])).get(UID)?.status, 'AMBER')
  })
})
