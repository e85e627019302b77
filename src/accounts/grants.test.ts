import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onBothDatabases } from '#test/support/databases.ts'
import { grantRole, parseGrant, revokeRole } from './grants.ts'
import { grantsOf } from './sessions.ts'

const NOW = new Date('2026-12-11T10:34:00Z')
const BY = { by: 'command:user', now: NOW }

const read: [role: string, scope: string | undefined, stored: string, because: string][] = [
  ['owner', 'ods:FA002', 'owner ods:FA002', 'as documented'],
  ['Owner', ' ODS : fa002 ', 'owner ods:FA002', 'case and spaces do not matter'],
  ['group', 'group:pnn00', 'group group:PNN00', 'a head office'],
  ['lead', 'area:QOP', 'lead area:QOP', 'an ICB'],
  ['national', undefined, 'national ', 'everywhere'],
  ['on-call', '', 'on-call ', 'everywhere'],
]
for (const [role, scope, stored, because] of read) {
  test(`reads "${role} ${scope ?? ''}": ${because}`, () => {
    const grant = parseGrant({ email: ' Amina.Khan@NHS.net ', role, scope })
    assert.ok(grant.ok)
    assert.equal(grant.value.email, 'amina.khan@nhs.net')
    assert.equal(`${grant.value.role} ${grant.value.scope}`, stored)
  })
}

const refusedGrants: [email: string, role: string, scope: string | undefined, message: RegExp][] = [
  ['amina', 'owner', 'ods:FA002', /"amina" is not an email address/],
  ['a@b', 'owner', 'ods:FA002', /is not an email address/],
  ['a@nhs.net, b@nhs.net', 'owner', 'ods:FA002', /is not an email address/],
  ['a@nhs.net', 'king', 'ods:FA002', /"king" is not a role: choose one of owner, editor, closure-only/],
  ['a@nhs.net', 'owner', undefined, /owner is for one pharmacy: give ods: and its five-character ODS code/],
  ['a@nhs.net', 'owner', 'FA002', /owner is for one pharmacy/],
  ['a@nhs.net', 'owner', 'ods:FA0021', /owner is for one pharmacy/],
  ['a@nhs.net', 'owner', 'ods:FA002:FA003', /owner is for one pharmacy/],
  ['a@nhs.net', 'owner', 'group:PNN00', /owner is for one pharmacy/],
  ['a@nhs.net', 'group', 'ods:FA002', /group is for the branches of a head office/],
  ['a@nhs.net', 'lead', 'area:', /lead is for an area/],
  ['a@nhs.net', 'admin', 'ods:FA002', /admin holds everywhere: leave the scope out/],
]
for (const [email, role, scope, message] of refusedGrants) {
  test(`refuses ${email} ${role} ${scope ?? ''}`, () => {
    const grant = parseGrant({ email, role, scope })
    assert.ok(!grant.ok)
    assert.match(grant.problems[0]?.message ?? '', message)
  })
}

onBothDatabases((_kind, open) => {
  test('gives a right once, takes it back once, and the audit tells of both', async () => {
    const db = await open()
    const asked = { email: 'Amina.Khan@nhs.net', role: 'owner', scope: 'ods:fa002' }
    const stored = { email: 'amina.khan@nhs.net', role: 'owner', scope: 'ods:FA002' }
    assert.deepEqual(await grantRole(db, asked, BY), { ok: true, value: { ...stored, changed: true } })
    assert.deepEqual(await grantRole(db, asked, BY), { ok: true, value: { ...stored, changed: false } })
    assert.deepEqual(await grantsOf(db.pool, 'AMINA.KHAN@nhs.net', NOW), [{ role: 'owner', scope: 'ods:FA002' }])
    assert.deepEqual(await revokeRole(db, asked, BY), { ok: true, value: { ...stored, changed: true } })
    assert.deepEqual(await revokeRole(db, asked, BY), { ok: true, value: { ...stored, changed: false } })
    assert.deepEqual(await grantsOf(db.pool, stored.email, NOW), [])
    const audit = await db.pool.selectFrom('audit').select(['actor', 'action', 'target']).orderBy('seq').execute()
    assert.deepEqual(audit, [
      { actor: 'command:user', action: 'grant-role', target: 'person:amina.khan@nhs.net' },
      { actor: 'command:user', action: 'revoke-role', target: 'person:amina.khan@nhs.net' },
    ])
  })

  test('a right ends at its end, and a new end replaces the old one', async () => {
    const db = await open()
    const asked = { email: 'locum@nhs.net', role: 'closure-only', scope: 'ods:FA002' }
    const expiresAt = new Date('2026-12-12T18:00:00Z')
    const held = async (at: string) => (await grantsOf(db.pool, asked.email, new Date(at))).length
    await grantRole(db, asked, { ...BY, expiresAt })
    assert.equal(await held('2026-12-12T17:59:59Z'), 1)
    assert.equal(await held('2026-12-12T18:00:00Z'), 0)
    const longer = await grantRole(db, asked, BY)
    assert.ok(longer.ok && longer.value.changed)
    assert.equal(await held('2030-01-01T00:00:00Z'), 1)
  })
})
