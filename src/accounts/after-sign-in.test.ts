/** Where people come to who sign in: what they asked for, and only on this site; else where they begin. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { type Manager, startManager } from '#test/support/manage.ts'

const PROFESSIONAL = { role: 'professional', scope: '' }
const OWNER = { role: 'owner', scope: 'ods:FX123' }

describe('after signing in', () => {
  let db: OpenDb
  let manager: Manager
  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    manager = await startManager(db)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  const ways: readonly (readonly [grants: readonly object[], asked: string, page: string, because: string])[] = [
    [[PROFESSIONAL], '', '/finder', 'a receptionist has nothing else'],
    [[PROFESSIONAL], '/manage', '/manage', 'what was asked for comes first'],
    [[PROFESSIONAL], '/finder/results?need=a%26e&place=M33', '/finder/results?need=a%26e&place=M33', 'with all of it'],
    [[PROFESSIONAL], '//evil.example', '/finder', 'another site'],
    [[PROFESSIONAL], '/\\evil.example', '/finder', 'another site, as browsers read it'],
    [[PROFESSIONAL, OWNER], '', '/manage', 'an owner who refers patients has a pharmacy'],
    [[], '', '/manage', 'newcomers ask for a pharmacy there'],
  ]
  for (const [index, [grants, asked, page, because]] of ways.entries()) {
    test(`“${asked}” leads to ${page}: ${because}`, async () => {
      const browser = await manager.as({ email: `person${index}@nhs.example`, grants })
      const { headers } = await browser.ask(`/sign-in?return=${encodeURIComponent(asked)}`)
      assert.equal(headers.get('location'), manager.config.baseUrl + page)
    })
  }

  const lost: readonly (readonly [method: 'GET' | 'POST', address: string, page: string | null, because: string])[] = [
    [
      'GET',
      '/finder/results?need=a%26e&place=M33+7AB',
      '/finder/results?need=a%26e&place=M33+7AB',
      'with what was asked',
    ],
    ['POST', '/finder/services/7/professional', '/finder/services/7/professional', 'a page of the same address'],
    ['POST', '/finder/saved/searches/7/remove', '/finder/saved', 'the page that the form stood on'],
    ['POST', '/finder/services/7/problem', '/finder/services/7', 'whatever stands in the address'],
    ['GET', `/finder/results?need=${'x'.repeat(3000)}`, null, 'too long to carry'],
  ]
  for (const [method, address, page, because] of lost) {
    test(`${method} ${address.slice(0, 60)} without a session comes back to ${page}: ${because}`, async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const { headers: answered } = await manager.app.inject({
        method,
        url: address,
        ...(method === 'POST' && { headers, payload: '' }),
      })
      const signIn = new URL(String(answered.location), manager.config.baseUrl)
      assert.deepEqual([signIn.pathname, signIn.searchParams.get('return')], ['/sign-in', page])
    })
  }
})
