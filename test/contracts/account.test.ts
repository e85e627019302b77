/** The account page, and the notice of a sign-in on a new device. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { signInAs } from '#test/support/browser.ts'
import { startCodeSteps } from '#test/support/code-steps.ts'
import { visible } from '#test/support/manage.ts'

const steps = await startCodeSteps()
const { db, started, anew, at, browser, mailTo, signInWithCode, aRegular } = steps
after(() => steps.close())

describe('a sign-in on a new device', () => {
  const notices = async (email: string) =>
    (await mailTo(email)).filter(({ subject }) => subject === 'New sign-in to your Signpost account')

  test('is told by email: not the first ever, not the same again, but another browser and another kind', async () => {
    at(0)
    const phone = browser('Mozilla/5.0 (iPhone) Version/26.0 Mobile Safari/604.1')
    const email = await aRegular(phone)
    await signInWithCode(phone, email)
    assert.deepEqual(await notices(email), [], 'the first ever, and the same again')
    at(61)
    const other = browser('Mozilla/5.0 (Windows NT 10.0) Chrome/142.0.0.0 Safari/537.36')
    await signInWithCode(other, email)
    const [notice = assert.fail('no notice came'), ...more] = await notices(email)
    assert.deepEqual(more, [])
    await other.submit(await other.open('/about'), '/sign-out')
    assert.match(notice.text ?? '', /^Hello Hana Brown$/m)
    assert.match(notice.text ?? '', /^Device: Chrome on Windows$/m)
    assert.match(notice.text ?? '', /^Time: Friday 11 December 2026 at 11:35am$/m)
    assert.match(notice.text ?? '', /If this was not you[\s\S]*^http:\/\/localhost:3000\/account$/m)
    await signInWithCode(other, email)
    assert.equal((await notices(email)).length, 1, 'it is known now')
    const copied = browser('curl/8')
    copied.setCookie('signpost-device', phone.cookie('signpost-device') ?? assert.fail('no device cookie'))
    await signInWithCode(copied, email)
    assert.equal((await notices(email)).length, 2, 'a copied cookie in another kind of browser is new')
    at(0)
  })

  test('of somebody else on the same browser is their own affair', async () => {
    at(0)
    const shared = browser()
    const first = await aRegular(shared)
    const second = await aRegular(shared)
    assert.deepEqual([...(await notices(first)), ...(await notices(second))], [])
  })
})

describe('the account page', () => {
  test('shows where one is signed in, and signs out everywhere else', async () => {
    at(0)
    const here = browser('Mozilla/5.0 (Windows NT 10.0) Chrome/142.0.0.0 Safari/537.36')
    const email = await aRegular(here)
    const there = browser()
    await signInWithCode(there, email)
    at(5)
    await signInWithCode(here, email)
    const page = await here.open('/account')
    const text = visible(page)
    assert.match(text, new RegExp(`Hana Brown.*${email}.*Dispenser.*With a code that we email to you`))
    assert.match(text, /Chrome on Windows This one Since Friday 11 December 2026, 10:39am/)
    assert.match(text, /Firefox on Linux Since Friday 11 December 2026, 10:34am/)
    const done = await here.submit(page, '/account/sign-out-elsewhere')
    assert.match(visible(done), /You are signed out everywhere else/)
    assert.doesNotMatch(visible(done), /Firefox|Sign out everywhere else/)
    assert.match((await there.open('/account')).url.href, /\/sign-in\?return=%2Faccount&ended=yes$/)
    assert.equal((await here.open('/account')).status, 200)
    at(0)
  })

  test('signs out everywhere, this browser too, and tells nobody else’s', async () => {
    at(0)
    const here = browser()
    const email = await aRegular(here)
    await signInWithCode(here, email)
    const there = browser()
    await signInWithCode(there, email)
    const stranger = browser()
    await signInAs(stranger, { email: anew(), grants: [] }, { db, clock: started.clock })
    const end = await here.submit(await here.open('/account'), '/account/sign-out-everywhere')
    assert.match(end.body, /You have signed out/)
    for (const out of [here, there]) assert.equal((await out.ask('/account')).status, 303)
    assert.equal((await stranger.ask('/account')).status, 200)
    const audit = await db.pool
      .selectFrom('audit')
      .select('detail')
      .where('target', '=', `person:${email}`)
      .where('action', '=', 'sign-out-everywhere')
      .execute()
    assert.deepEqual(
      audit.map(({ detail }) => JSON.parse(detail)),
      [{ ended: 2 }],
    )
  })

  test('leaves a name that NHSmail gave to NHSmail', async () => {
    at(0)
    const visitor = browser()
    await signInAs(visitor, { email: 'a@nhs.net', name: 'Ann Bell', grants: [] }, { db, clock: started.clock })
    const page = await visitor.open('/account/details')
    assert.match(visible(page), /Your name, Ann Bell, comes from NHSmail/)
    const done = await visitor.submit(page, '/account/details', { name: 'Queen Ann', 'job-role': 'Pharmacist' })
    assert.match(visible(done), /Ann Bell.*Pharmacist.*With NHSmail/)
    assert.doesNotMatch(done.body, /Queen/)
  })
})
