/** How an edit becomes the record, on both databases: who may, who was faster, who changed the same, and all or nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Actor, Grant } from '#src/accounts/actor.ts'
import { saveServices } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { buildTriageReference } from '#src/directory/triage/triage-reference.ts'
import type { Db } from '#src/platform/db/db.ts'
import { verifyLedger } from '#src/platform/db/verify-ledger.ts'
import { checkProjection } from '#src/profiles/check-projection.ts'
import { parseServiceLine, writeServiceLine } from '#src/reference-data/service-lines.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { FIVE_SERVICES, storePharmacy } from '#test/support/manage.ts'
import { type Amended, amendEdit, discardEdit } from './amend-edit.ts'
import { approveEdit, declineEdit, settleConflict, submitEdit, withdrawEdit } from './decide-edit.ts'
import type { EditDeps } from './edit-deps.ts'
import { type ServiceEdit, type ServicePatch, withPatch } from './service-edit.ts'

/** Each test has a service of its own. */
const UIDS = Array.from({ length: 12 }, (_, index) => 901 + index)
const OLD_SERVICE = 2_000_000_005
const CLINICAL = { sgsd: { 1011: [4003] }, dispositions: [1008], genders: ['F'], ages: [[0, 47_481]], roles: [4] }
const recordOf = (uid: number) =>
  aService({ uid, name: 'Walk-in', typeId: 46, odsCode: null, phone: null, other: CLINICAL })

const person = (name: string, role: Grant['role'], scope: string): Actor => ({
  ...{ personId: 1, email: `${name.toLowerCase()}@nhs.example`, name },
  grants: [{ role, scope }],
})
const ANN = person('Ann', 'national', '')
const BOB = person('Bob', 'national', '')
const CAT = person('Cat', 'desk', '')
const ELSEWHERE = person('Eve', 'lead', 'area:QX9')

const reference = buildTriageReference({
  types: [13, 46, 131, 132, 134, 137, 148, 149].map((id) => ({ id, name: `Type ${id}` })),
  pairs: { 1011: [4003, 4004] },
  dispositions: [{ id: 1008, timeframe: 60 }],
  roles: [{ id: 4 }],
})

type Started = EditDeps & { readonly uid: number }

onBothDatabases((kind, open) => {
  let started: Promise<EditDeps & { readonly db: Db }> | undefined
  const uids = [...UIDS]
  const make = async () => {
    const db = await open()
    await storePharmacy(db, aProfile({ contact: { phone: '01632 960111' } }), [...FIVE_SERVICES, ...UIDS.map(recordOf)])
    return { db, clock: fixedClock(), reference: () => reference }
  }
  const start = async () => {
    started ??= make()
    return { ...(await started), uid: uids.shift() ?? assert.fail('Add a uid') }
  }
  const begin = async (deps: EditDeps, actor: Actor, of: Amended, patch: ServicePatch): Promise<ServiceEdit> => {
    const begun = await amendEdit(deps, actor, { of, patch })
    return begun.outcome === 'saved' ? begun.edit : assert.fail(JSON.stringify(begun))
  }
  const read = ({ id, version }: ServiceEdit) => ({ id, expectedVersion: version })
  const send = async (deps: EditDeps, actor: Actor, edit: ServiceEdit) =>
    submitEdit(deps, actor, { ...read(edit), reason: 'It moved' })
  const sent = async (deps: Started, actor: Actor, patch: ServicePatch): Promise<ServiceEdit> => {
    const waiting = await send(deps, actor, await begin(deps, actor, { uid: deps.uid }, patch))
    return waiting.outcome === 'waiting' ? waiting.edit : assert.fail(JSON.stringify(waiting))
  }
  const serviceOf = async ({ db }: EditDeps, uid: number) => {
    const row = await db.pool.selectFrom('service').selectAll().where('uid', '=', uid).executeTakeFirstOrThrow()
    return { record: row.record as ServiceRecord, profileOds: row.profile_ods }
  }
  const changesOf = async ({ db }: EditDeps, uid: number) =>
    await db.pool.selectFrom('service_change').select(['fields']).where('uid', '=', uid).orderBy('seq').execute()
  const told = async ({ db, uid }: Started) =>
    (await db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').execute())
      .map(({ payload }) => payload as { readonly uid: number; readonly what: string; readonly recipient: string })
      .filter((email) => email.uid === uid)
      .map(({ what, recipient }) => `${what} ${recipient}`)
      .sort()

  const fieldsToldOf = async ({ db, uid }: Started) =>
    (await db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').execute())
      .map(({ payload }) => payload as { readonly uid: number; readonly fields: readonly object[] })
      .find((email) => email.uid === uid)?.fields

  test(`${kind}: what is not clinical is published at once, with why and by whom, in a chain that holds`, async () => {
    const deps = await start()
    const edit = await begin(deps, ANN, { uid: deps.uid }, { publicName: 'Walk-in centre', phone: '01632 960222' })
    const published = await send(deps, ANN, edit)
    assert.equal(published.outcome, 'published')
    assert.deepEqual((await send(deps, ANN, edit)).outcome, 'stale', 'a second click does nothing')
    const { record } = await serviceOf(deps, deps.uid)
    assert.deepEqual(record, withPatch(recordOf(deps.uid), { publicName: 'Walk-in centre', phone: '01632 960222' }))
    const target = `service:${deps.uid}`
    const audit = await deps.db.pool.selectFrom('audit').selectAll().where('target', '=', target).execute()
    assert.deepEqual(
      audit.map(({ actor, detail }) => [actor, JSON.parse(detail).reason, JSON.parse(detail).edit]),
      [['person:ann@nhs.example', 'It moved', edit.id]],
    )
    assert.equal((await verifyLedger(deps.db.pool)).ok, true)
  })

  test(`${kind}: a clinical change waits for somebody else within reach, and the faster of two decides`, async () => {
    const deps = await start()
    const waiting = await sent(deps, ANN, { roles: [4], sgsd: { 1011: [4003, 4004] }, name: 'Walk-in 2' })
    assert.deepEqual((await serviceOf(deps, deps.uid)).record, recordOf(deps.uid), 'nothing is published yet')
    const asAuthor = await approveEdit(deps, ANN, { ...read(waiting), note: null })
    assert.deepEqual(asAuthor, { outcome: 'own' })
    assert.deepEqual(await declineEdit(deps, ANN, { ...read(waiting), note: 'No' }), { outcome: 'own' })
    await assert.rejects(approveEdit(deps, ELSEWHERE, { ...read(waiting), note: null }), { name: 'NotFound' })
    const outcomes = await Promise.all([
      approveEdit(deps, BOB, { ...read(waiting), note: 'Yes' }),
      declineEdit(deps, CAT, { ...read(waiting), note: 'No' }),
    ])
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'stale').length, 1)
    const isPublished = outcomes[0].outcome === 'published'
    assert.equal((await changesOf(deps, deps.uid)).length, isPublished ? 2 : 1)
    assert.deepEqual(
      await told(deps),
      isPublished
        ? ['approved ann@nhs.example', 'approved bob@nhs.example']
        : ['declined ann@nhs.example', 'declined cat@nhs.example'],
    )
  })

  test(`${kind}: those who can agree are told that a change waits: other leads, else the desk, and never its author`, async () => {
    const deps = await start()
    const grant = { granted_by: 'system:test', granted_at: '2026-01-01T00:00:00Z' }
    const grants = [
      { ...grant, email: 'cat@nhs.example', role: 'desk', scope: '' },
      { ...grant, email: 'gus@nhs.example', role: 'lead', scope: 'area:QX8' },
    ]
    await deps.db.pool.insertInto('role_grant').values(grants).execute()
    await sent(deps, ANN, { sgsd: { 1011: [4003, 4004] } })
    assert.deepEqual(await told(deps), ['waiting cat@nhs.example'], 'nobody leads where it is')
    const placed = { postcode_key: 'M337AB', latitude: 53.4, longitude: -2.3, icb_code: 'E54000008', source: 'test' }
    await deps.db.pool.insertInto('postcode').values(placed).execute()
    await sql`insert into icb_area (icb_ods_code, icb_code, pharmacies) values ('QX8', 'E54000008', 9)`.execute(
      deps.db.pool,
    )
    const gus = await start()
    await sent(gus, person('Gus', 'national', ''), { sgsd: { 1011: [4003, 4004] } })
    assert.deepEqual(await told(gus), ['waiting cat@nhs.example'], 'the only lead has sent it')
    const led = await start()
    await sent(led, ANN, { sgsd: { 1011: [4003, 4004] } })
    assert.deepEqual(await told(led), ['waiting gus@nhs.example'])
    await deps.db.pool.deleteFrom('role_grant').execute()
  })

  test(`${kind}: two who approve at once publish once`, async () => {
    const deps = await start()
    const waiting = await sent(deps, ANN, { sgsd: { 1011: [4003, 4004] } })
    const both = await Promise.all(
      [BOB, CAT].map((actor) => approveEdit(deps, actor, { ...read(waiting), note: null })),
    )
    assert.deepEqual(both.map(({ outcome }) => outcome).sort(), ['published', 'stale'])
    assert.deepEqual(
      (await changesOf(deps, deps.uid)).map(({ fields }) => fields),
      [['created'], ['sgsd']],
    )
  })

  test(`${kind}: who sent a change may take it back, and what was approved meanwhile stays`, async () => {
    const deps = await start()
    const waiting = await sent(deps, ANN, { genders: ['F', 'M'] })
    await assert.rejects(withdrawEdit(deps, BOB, read(waiting)), { name: 'NotFound' })
    const back = await withdrawEdit(deps, ANN, read(waiting))
    assert.equal(back.outcome, 'draft')
    assert.equal((await approveEdit(deps, BOB, { ...read(waiting), note: null })).outcome, 'stale')
    const draft = back.outcome === 'draft' ? back.edit : assert.fail()
    assert.equal(await discardEdit(deps, ANN, read(waiting)), false, 'an old page throws nothing away')
    assert.equal(await discardEdit(deps, ANN, read(draft)), true)
  })

  test(`${kind}: fields that somebody else changed are a conflict, both are told, and a person chooses`, async () => {
    const deps = await start()
    const anns = await begin(deps, ANN, { uid: deps.uid }, { name: 'Ann’s name', web: 'https://ann.example' })
    await send(deps, BOB, await begin(deps, BOB, { uid: deps.uid }, { name: 'Bob’s name', publicName: 'Bob' }))
    const met = await send(deps, ANN, anns)
    assert.equal(met.outcome, 'conflict')
    assert.deepEqual((await serviceOf(deps, deps.uid)).record.name, 'Bob’s name', 'nobody’s word is overwritten')
    assert.deepEqual(await told(deps), ['conflict ann@nhs.example', 'conflict bob@nhs.example'])
    const edit = met.outcome === 'conflict' ? met.edit : assert.fail()
    assert.equal((await settleConflict(deps, ANN, { ...read(edit), choices: {} })).outcome, 'refused')
    const settled = await settleConflict(deps, BOB, { ...read(edit), choices: { name: 'ours' } })
    const draft = settled.outcome === 'draft' ? settled.edit : assert.fail(JSON.stringify(settled))
    assert.deepEqual([draft.base.name, draft.proposed.name], ['Bob’s name', 'Ann’s name'])
    assert.equal((await send(deps, ANN, draft)).outcome, 'published')
    const { name, web, publicName } = (await serviceOf(deps, deps.uid)).record
    assert.deepEqual([name, web, publicName], ['Ann’s name', 'https://ann.example', 'Bob'], 'the rest of both is kept')
  })

  test(`${kind}: an import between beginning and approving is somebody else's change as any other`, async () => {
    const deps = await start()
    const waiting = await sent(deps, ANN, { genders: ['F', 'M'] })
    const imported = { ...recordOf(deps.uid), other: { ...CLINICAL, genders: ['I'] } }
    const as = { actor: 'command:import services', action: 'import-services', recordedAt: '2026-12-11T11:00:00.000Z' }
    await deps.db.transact((tx) => saveServices(tx, [imported], as))
    const met = await approveEdit(deps, BOB, { ...read(waiting), note: null })
    assert.equal(met.outcome, 'conflict')
    assert.deepEqual(await told(deps), ['conflict ann@nhs.example'])
    assert.deepEqual(
      await fieldsToldOf(deps),
      [{ field: 'Genders', values: null }],
      'what is not public stays on the page',
    )
  })

  test(`${kind}: a process that dies before the end of a commit has published nothing`, async () => {
    const deps = await start()
    const edit = await begin(deps, ANN, { uid: deps.uid }, { name: 'Half' })
    const cut: Db = {
      ...deps.db,
      transact: (work) =>
        deps.db.transact(async (tx) => {
          await work(tx)
          throw new Error('cut off')
        }),
    }
    await assert.rejects(send({ ...deps, db: cut }, ANN, edit), /cut off/)
    assert.deepEqual((await serviceOf(deps, deps.uid)).record, recordOf(deps.uid))
    assert.equal((await changesOf(deps, deps.uid)).length, 1)
    assert.equal((await send(deps, ANN, edit)).outcome, 'published', 'the draft is as it was')
  })

  test(`${kind}: a service that becomes active takes its pharmacy's word in the same commit`, async () => {
    const deps = await start()
    for (const status of ['COMMISSIONING', 'ACTIVE'] as const) {
      const edit = await begin(deps, ANN, { uid: OLD_SERVICE }, { status })
      assert.equal((await send(deps, ANN, edit)).outcome, 'published', status)
    }
    const { record, profileOds } = await serviceOf(deps, OLD_SERVICE)
    assert.deepEqual([record.phone, profileOds], ['01632 960111', 'FX123'])
    assert.deepEqual((await checkProjection(deps.db.pool, '2026-12-11')).disagreements, [])
    const owned = await amendEdit(deps, ANN, { of: { uid: OLD_SERVICE }, patch: { phone: '01632 960999' } })
    assert.deepEqual(owned.outcome === 'refused' && owned.problems.map(({ code }) => code), ['owned-by-pharmacy'])
    const back = await amendEdit(deps, ANN, { of: { uid: OLD_SERVICE }, patch: { status: 'COMMISSIONING' } })
    assert.deepEqual(back.outcome === 'refused' && back.problems.map(({ code }) => code), ['no-way'])
  })

  test(`${kind}: a new service gets the next number, and what was said of it is exported as it was said`, async () => {
    const deps = await start()
    const endpoints = [
      { order: 1, transport: 'email', format: 'PDF', interaction: null, scenario: 'Primary', address: 'a@nhs.example' },
    ]
    const patch = {
      name: 'New',
      typeId: 46,
      address: ['1 Road'],
      postcode: 'ZZ1 1AA',
      status: 'ACTIVE',
      endpoints,
    } as const
    const edit = await begin(deps, ANN, 'new', patch)
    const elsewhere = await begin(deps, ELSEWHERE, 'new', patch)
    const refusal = await send(deps, ELSEWHERE, elsewhere)
    assert.deepEqual(refusal.outcome === 'refused' && refusal.problems.map(({ code }) => code), ['out-of-reach'])
    const missing = await send(deps, ANN, await begin(deps, ANN, 'new', { publicName: 'Nameless' }))
    assert.deepEqual(missing.outcome === 'refused' && missing.problems.map(({ field }) => field), [
      'name',
      'typeId',
      'postcode',
    ])
    const made = await send(deps, ANN, edit)
    assert.ok(made.outcome === 'published' && made.uid === 2_140_000_001, JSON.stringify(made))
    const { record } = await serviceOf(deps, 2_140_000_001)
    const line = writeServiceLine(record)
    const again = parseServiceLine(JSON.stringify(line), () => true)
    assert.deepEqual(again.ok && writeServiceLine(again.record), line)
    assert.deepEqual(line['endpoints'], endpoints)
  })
})
