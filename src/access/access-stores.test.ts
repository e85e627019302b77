import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '#src/accounts/actor.ts'
import { grantRole } from '#src/accounts/grants.ts'
import { grantsOf } from '#src/accounts/sessions.ts'
import type { Db } from '#src/platform/db/db.ts'
import { verifyLedger } from '#src/platform/db/verify-ledger.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { aProfile } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { storePharmacy } from '#test/support/manage.ts'
import type { AccessDeps } from './access-deps.ts'
import { loadAccessQueue } from './access-queue.ts'
import { type Ask, saveAsk } from './ask-access.ts'
import { removeMember } from './change-members.ts'
import { decideAsPerson } from './decide-request.ts'
import { acceptInvitation, saveInvitation } from './invitations.ts'
import { inviteToLaunch } from './launch-invitations.ts'
import { loadOwners } from './members.ts'
import { tidyAccess } from './tidy-access.ts'

const HOLIDAYS = holidayCalendar([])
const MAILBOX = { phone: '01632 960001', professionalEmail: 'pharmacy.fx123@nhs.net' }
const PLACED = { parentCode: null, icbCode: 'QX1', healthAndWellbeingBoard: null }

onBothDatabases((_kind, open) => {
  const started = async (profiles: readonly Partial<Profile>[] = [{}]) => {
    const db = await open()
    for (const profile of profiles) await storePharmacy(db, aProfile({ commissioning: PLACED, ...profile }))
    const clock = fixedClock()
    const pepper = 'p'.repeat(32)
    const domains = { sharedMailboxDomains: ['nhs.net'], mailboxHref: null }
    const deps: AccessDeps = {
      db,
      clock,
      holidays: () => HOLIDAYS,
      baseUrl: 'http://localhost:3000',
      pepper,
      ...domains,
    }
    return { db, clock, deps }
  }
  const person = async (
    db: Db,
    email: string,
    ...granted: readonly [role: string, scope: string][]
  ): Promise<Actor> => {
    const now = new Date('2026-12-01T09:00:00Z')
    for (const [role, scope] of granted) await grantRole(db, { email, role, scope }, { by: 'command:test', now })
    const row = await db.pool
      .insertInto('person')
      .values({ email, name: email, created_at: now.toISOString() })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { personId: row.id, email, name: email, grants: await grantsOf(db.pool, email, now) }
  }
  const ASK: Ask = { name: 'Gus Newman', jobRole: 'Pharmacist', role: 'editor', odsCodes: ['FX123'] }
  const emailsOf = async (db: Db) =>
    (await db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').orderBy('id').execute()).map(
      ({ payload }) => payload as { kind: string; recipient: string; what?: string; outcome?: string },
    )

  test('eight people decide about one request at once: one decision, one email, one right', async () => {
    const { db, deps } = await started()
    const asker = await person(db, 'gus@nhs.net')
    const asked = await saveAsk(deps, asker, ASK)
    assert.ok(asked.ok)
    const leads = await Promise.all(
      Array.from({ length: 8 }, (_, index) => person(db, `lead${index}@nhs.net`, ['lead', 'area:QX1'])),
    )
    const [id = 0] = asked.value
    const decided = await Promise.all(
      leads.map((lead, index) =>
        decideAsPerson(deps, lead, id, index % 2 ? { approve: true } : { approve: false, reason: 'No' }),
      ),
    )
    const first = decided.filter((each) => each?.outcome === 'approved' || each?.outcome === 'refused')
    assert.equal(first.length, 1)
    assert.equal(decided.filter((each) => each?.outcome === 'decided-before').length, 7)
    const told = (await emailsOf(db)).filter(({ kind }) => kind === 'your-access')
    assert.equal(told.length, 1)
    const rights = await grantsOf(db.pool, asker.email, deps.clock.now())
    assert.equal(rights.length, first[0]?.outcome === 'approved' ? 1 : 0)
    assert.equal((await verifyLedger(db.pool)).ok, true)
  })

  test('however many owners leave at once, one stays', async () => {
    const { db, deps } = await started()
    const owners = await Promise.all(
      Array.from({ length: 6 }, (_, index) => person(db, `owner${index}@nhs.net`, ['owner', 'ods:FX123'])),
    )
    const outcomes = await Promise.all(
      owners.map((owner) => removeMember(deps, owner, { odsCode: 'FX123', email: owner.email })),
    )
    assert.equal(outcomes.filter((outcome) => outcome === 'last-owner').length, 1)
    assert.equal((await loadOwners(db.pool, 'FX123', deps.clock.now())).length, 1)
  })

  test('the same pharmacy asked for twice at once is one request; the same invitation accepted twice is one right', async () => {
    const { db, deps } = await started()
    const asker = await person(db, 'gus@nhs.net')
    const asked = await Promise.all([saveAsk(deps, asker, ASK), saveAsk(deps, asker, ASK)])
    assert.deepEqual(asked[0], asked[1])
    const owner = await person(db, 'owner@nhs.net', ['owner', 'ods:FX123'])
    const invite = { email: 'new@nhs.net', role: 'viewer', lastDay: null } as const
    const [one, two] = await Promise.all([1, 2].map(() => saveInvitation(deps, owner, 'FX123', invite)))
    assert.ok(one?.ok && two?.ok && one.value === two.value)
    const invited = await person(db, 'new@nhs.net')
    const accepted = await Promise.all([1, 2].map(() => acceptInvitation(deps, invited, one.value)))
    assert.deepEqual(accepted.sort(), ['accepted', 'accepted-before'])
    assert.deepEqual(await grantsOf(db.pool, 'new@nhs.net', deps.clock.now()), [{ role: 'viewer', scope: 'ods:FX123' }])
  })

  test('a viewer who stands in as a locum is a viewer again afterwards; an editor is no longer a viewer', async () => {
    const { db, deps } = await started()
    const lead = await person(db, 'lead@nhs.net', ['lead', 'area:QX1'])
    const viewer = await person(db, 'viewer@nhs.net', ['viewer', 'ods:FX123'])
    for (const role of ['closure-only', 'editor'] as const) {
      const asked = await saveAsk(deps, viewer, { ...ASK, role })
      assert.ok(asked.ok, JSON.stringify(asked))
      await decideAsPerson(deps, lead, asked.value[0] ?? 0, { approve: true })
      const roles = (await grantsOf(db.pool, viewer.email, deps.clock.now())).map((grant) => grant.role)
      assert.deepEqual(roles, role === 'editor' ? ['editor'] : ['closure-only', 'viewer'])
    }
  })

  test('the queue holds what no mailbox can decide at once, and the rest after a working day, each in its own area', async () => {
    const { db, clock, deps } = await started([
      { odsCode: 'FX123', contact: MAILBOX },
      { odsCode: 'FX200' },
      { odsCode: 'FX300', commissioning: { ...PLACED, icbCode: 'QX2' } },
    ])
    const asker = await person(db, 'gus@nhs.net')
    assert.ok((await saveAsk(deps, asker, { ...ASK, odsCodes: ['FX123', 'FX200', 'FX300'] })).ok)
    const scope = { everywhere: false, odsCodes: [], parentCodes: [], icbCodes: ['QX1'] }
    const queueAt = async (instant: string, area = scope) => {
      const asked = { scope: area, now: new Date(instant), holidays: HOLIDAYS, page: 1, atMailbox: false }
      const { requests, waiting, late, atMailbox } = await loadAccessQueue(db.pool, asked)
      const codes = requests.map(({ odsCode, isLate }) => `${odsCode}${isLate ? ' late' : ''}`)
      assert.equal(codes.length, waiting)
      return `${codes.join(', ')} | ${late} late, ${atMailbox} at the mailbox`
    }
    // Friday 11 December 2026, 10:34.
    assert.equal(await queueAt('2026-12-11T10:35:00Z'), 'FX200 | 0 late, 1 at the mailbox')
    assert.equal(await queueAt('2026-12-14T10:33:00Z'), 'FX200 | 0 late, 1 at the mailbox')
    assert.equal(await queueAt('2026-12-14T10:34:00Z'), 'FX123, FX200 late | 1 late, 0 at the mailbox')
    assert.equal(await queueAt('2026-12-15T10:34:00Z'), 'FX123 late, FX200 late | 2 late, 0 at the mailbox')
    const everywhere = { ...scope, everywhere: true }
    assert.equal(await queueAt('2026-12-11T10:35:00Z', everywhere), 'FX200, FX300 | 0 late, 1 at the mailbox')
    const nowhere = { ...scope, icbCodes: [] }
    assert.equal(await queueAt('2026-12-15T10:35:00Z', nowhere), ' | 0 late, 0 at the mailbox')
    clock.set('2026-12-14T10:34:00Z')
    const asked = { scope, now: clock.now(), holidays: HOLIDAYS, page: 1, atMailbox: false }
    const due = (await loadAccessQueue(db.pool, asked)).requests.map(({ dueAt }) => dueAt.toISOString())
    assert.deepEqual(due, ['2026-12-15T10:34:00.000Z', '2026-12-14T10:34:00.000Z'])
  })

  test('at night ended rights go, rights that end within a week are announced once, and invitations lapse', async () => {
    const { db, clock, deps } = await started()
    const owner = await person(db, 'owner@nhs.net', ['owner', 'ods:FX123'])
    const until = async (email: string, expires: string, granted = '2026-12-01T09:00:00Z') => {
      const by = { by: 'command:test', now: new Date(granted), expiresAt: new Date(expires) }
      await grantRole(db, { email, role: 'editor', scope: 'ods:FX123' }, by)
    }
    await until('over@nhs.net', '2026-12-11T00:00:00Z')
    await until('soon@nhs.net', '2026-12-18T00:00:00Z')
    await until('week@nhs.net', '2026-12-18T00:00:00Z', '2026-12-10T09:00:00Z')
    await until('later@nhs.net', '2027-01-18T00:00:00Z')
    await saveInvitation(deps, owner, 'FX123', { email: 'never@nhs.net', role: 'viewer', lastDay: null })
    const before = (await emailsOf(db)).length
    assert.deepEqual(await tidyAccess(db, clock.now()), { ended: 1, noticed: 1, lapsed: 0 })
    assert.deepEqual(await tidyAccess(db, clock.now()), { ended: 0, noticed: 0, lapsed: 0 })
    const told = (await emailsOf(db))
      .slice(before)
      .map(({ recipient, what, outcome }) => `${recipient} ${what ?? outcome}`)
    assert.deepEqual(told.sort(), [
      'over@nhs.net ended',
      'owner@nhs.net ended',
      'owner@nhs.net ending',
      'soon@nhs.net ending',
    ])
    const left = await db.pool.selectFrom('role_grant').select('email').orderBy('email').execute()
    assert.deepEqual(
      left.map(({ email }) => email),
      ['later@nhs.net', 'owner@nhs.net', 'soon@nhs.net', 'week@nhs.net'],
    )
    clock.set('2026-12-25T10:34:00Z')
    assert.deepEqual(await tidyAccess(db, clock.now()), { ended: 2, noticed: 0, lapsed: 1 })
  })

  test('pharmacies are told of the start once each, in the area that is named, as many as are asked for', async () => {
    const mailboxOf = (odsCode: string) => ({
      ...MAILBOX,
      professionalEmail: `pharmacy.${odsCode.toLowerCase()}@nhs.net`,
    })
    const { db, clock } = await started([
      ...['FX123', 'FX124', 'FX125'].map((odsCode) => ({ odsCode, contact: mailboxOf(odsCode) })),
      { odsCode: 'FX126', contact: { phone: '01632 960001', professionalEmail: 'hill@hill.example' } },
      { odsCode: 'FX127', contact: mailboxOf('FX127'), status: 'closed' },
      { odsCode: 'FX128', contact: mailboxOf('FX128'), commissioning: { ...PLACED, icbCode: 'QX2' } },
    ])
    const run = async (area: string | undefined, limit: number) => {
      const asked = { db, clock, domains: ['nhs.net'], area, limit, actor: 'command:test', progress: () => {} }
      return await inviteToLaunch(asked)
    }
    assert.deepEqual(await run('QX1', 2), { read: 4, queued: 2, before: 0, noMailbox: 1, left: 1 })
    assert.deepEqual(await run('QX1', Number.POSITIVE_INFINITY), {
      read: 4,
      queued: 1,
      before: 2,
      noMailbox: 1,
      left: 0,
    })
    assert.deepEqual(await run(undefined, Number.POSITIVE_INFINITY), {
      read: 5,
      queued: 1,
      before: 3,
      noMailbox: 1,
      left: 0,
    })
    assert.deepEqual(await run(undefined, Number.POSITIVE_INFINITY), {
      read: 5,
      queued: 0,
      before: 4,
      noMailbox: 1,
      left: 0,
    })
    const recipients = (await emailsOf(db)).map(({ recipient }) => recipient)
    assert.deepEqual(
      recipients,
      ['fx123', 'fx124', 'fx125', 'fx128'].map((code) => `pharmacy.${code}@nhs.net`),
    )
  })

  test('whoever looked after a pharmacy has nothing at the one that takes its place', async () => {
    const { db, deps } = await started([{ odsCode: 'FX123', status: 'closed' }, { odsCode: 'FX777' }])
    await person(db, 'owner@nhs.net', ['owner', 'ods:FX123'])
    assert.deepEqual(await loadOwners(db.pool, 'FX777', deps.clock.now()), [])
  })
})
