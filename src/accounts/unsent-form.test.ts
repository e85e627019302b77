import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { type Browser, signInAs } from '#test/support/browser.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { AMINA, BEN, type Manager, send, startManager, visible } from '#test/support/manage.ts'

const FORM = '/manage/missing-pharmacy'

describe('a form that is sent after its session ended', () => {
  let db: OpenDb
  let manager: Manager
  const clock = fixedClock()
  const requests = async () => (await db.pool.selectFrom('request').selectAll().execute()).length
  /** Fills in a form, waits until the session is over, and sends it: where the browser is led. */
  const sendTooLate = async (browser: Browser, name: string) => {
    const page = await browser.open(FORM)
    clock.set(new Date(clock.now().getTime() + 3_600_000).toISOString())
    const signIn = await send(browser, page, FORM, { 'ods-code': 'FX999', name, postcode: 'M33 7AB', message: name })
    assert.equal(signIn.url.pathname, '/sign-in')
    return signIn.url.searchParams.get('return') ?? ''
  }
  const signInAgain = (browser: Browser, person: typeof AMINA) =>
    signInAs(browser, person as Parameters<typeof signInAs>[1], { db, clock })

  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    manager = await startManager(db, { clock })
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('waits for its person, does nothing by itself, and is sent as it was filled in', async () => {
    const amina = await manager.as(AMINA)
    const address = await sendTooLate(amina, 'Hill & <b>Sons</b>')
    assert.match(address, /^\/account\/unsent\/[0-9a-f]{40}$/)
    assert.equal(await requests(), 0)
    await signInAgain(amina, AMINA)
    const kept = await amina.open(address)
    assert.match(visible(kept), /You were signed out before this was sent/)
    assert.doesNotMatch(kept.body, /<b>Sons/)
    await send(amina, kept, FORM)
    assert.equal(await requests(), 1)
  })

  test('is nobody else’s, and can be thrown away', async () => {
    const amina = await manager.as(AMINA)
    const address = await sendTooLate(amina, 'Another Pharmacy')
    const ben = await manager.as(BEN)
    assert.equal((await ben.open(address)).status, 404)
    await signInAgain(amina, AMINA)
    await send(amina, await amina.open(address), 'discard')
    assert.equal((await amina.open(address)).status, 404)
  })

  test('without the token of its page it is not kept', async () => {
    const amina = await manager.as(AMINA)
    await amina.open(FORM)
    clock.set(new Date(clock.now().getTime() + 3_600_000).toISOString())
    const refused = await amina.open(FORM, { message: 'forged' })
    assert.equal(refused.status, 403)
  })

  test('a browser that was never signed in is sent to sign in, and nothing is kept', async () => {
    const before = await db.pool.selectFrom('draft').selectAll().execute()
    const answer = await manager.app.inject({
      method: 'POST',
      url: FORM,
      payload: 'message=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    assert.equal(answer.statusCode, 303)
    assert.deepEqual(await db.pool.selectFrom('draft').selectAll().execute(), before)
  })
})
