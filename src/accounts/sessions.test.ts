import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Db } from '#src/platform/db/db.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { savePerson } from './people.ts'
import { createSession, endSession, hashOf, loadSession, personOfEndedSession, sweepSessions } from './sessions.ts'

const AT = '2026-12-11T10:34:00.000Z'
const NOW = new Date(AT)
const minutesLater = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)

async function session(db: Db): Promise<string> {
  const person = { issuer: 'https://nhsmail.example', subject: 's1', email: 'a@nhs.net', name: 'Ann Bell' }
  return await db.transact(async (tx) => {
    const { personId } = await savePerson(tx, person, NOW)
    return await createSession(tx, { personId, now: NOW })
  })
}

onBothDatabases((_kind, open) => {
  test('a session comes with the rights held now: not those that ended, nor roles this version does not know', async () => {
    const db = await open()
    const token = await session(db)
    const grant = {
      email: 'a@nhs.net',
      scope: 'ods:FA002',
      granted_at: AT,
      granted_by: 'command:user',
      expires_at: null,
    }
    const rows = [
      { ...grant, role: 'viewer' },
      { ...grant, role: 'editor', expires_at: minutesLater(10).toISOString() },
      { ...grant, role: 'from-another-version' },
      { ...grant, role: 'owner', email: 'b@nhs.net' },
    ]
    await db.pool.insertInto('role_grant').values(rows).execute()
    const rolesAt = async (minutes: number) => {
      const loaded = await loadSession(db.pool, token, minutesLater(minutes))
      return loaded?.actor.grants.map(({ role }) => role).sort()
    }
    assert.deepEqual(await rolesAt(9), ['editor', 'viewer'])
    assert.deepEqual(await rolesAt(10), ['viewer'])
    await db.pool.deleteFrom('role_grant').execute()
    assert.deepEqual(await rolesAt(11), [], 'taking a right away holds from the next request')
  })

  test('a token opens one session, and nothing that looks like it does', async () => {
    const db = await open()
    const token = await session(db)
    assert.equal((await loadSession(db.pool, token, NOW))?.actor.name, 'Ann Bell')
    const changed = token.startsWith('A') ? `B${token.slice(1)}` : `A${token.slice(1)}`
    for (const wrong of ['', changed, token.slice(1), `${token}=`, ` ${token}`, hashOf(token), "' or 1=1 --"]) {
      assert.equal(await loadSession(db.pool, wrong, NOW), undefined, JSON.stringify(wrong))
    }
    await endSession(db.pool, hashOf(token))
    assert.equal(await loadSession(db.pool, token, NOW), undefined)
  })

  test('a session that ended by itself says for a day whose it was, and opens nothing', async () => {
    const db = await open()
    const token = await session(db)
    assert.equal(await loadSession(db.pool, token, minutesLater(31)), undefined)
    assert.equal(typeof (await personOfEndedSession(db.pool, token, minutesLater(31))), 'number')
    assert.equal(await personOfEndedSession(db.pool, token.slice(1), minutesLater(31)), undefined)
    assert.equal(await personOfEndedSession(db.pool, token, minutesLater(24 * 60)), undefined)
    await endSession(db.pool, hashOf(token))
    assert.equal(await personOfEndedSession(db.pool, token, minutesLater(1)), undefined, 'whoever signed out is gone')
  })

  test('sweeping takes what nobody can use any more, and leaves the rest', async () => {
    const db = await open()
    const token = await session(db)
    await loadSession(db.pool, token, minutesLater(29))
    assert.equal(await sweepSessions(db.pool, minutesLater(24 * 60)), 0, 'it was seen after 29 minutes')
    assert.equal(await sweepSessions(db.pool, minutesLater(24 * 60 + 29)), 1)
  })
})
