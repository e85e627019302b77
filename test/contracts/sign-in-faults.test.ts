/** Sign-in where something around it is wrong: the provider lies, is down or new; too many ask; or it is production. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startNhsmail } from '#src/demo/nhsmail.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { openIdProvider } from '#src/platform/identity/open-id.ts'
import { createLog } from '#src/platform/log.ts'
import { openBrowser, signInAs } from '#test/support/browser.ts'
import { freshDatabase } from '#test/support/databases.ts'
import { AMINA, BASE_URL, cookieLine, expectProblem, signIn } from '#test/support/sign-in-steps.ts'
import { startApp } from '#test/support/start-app.ts'
import { startTinyIssuer } from '#test/support/tiny-issuer.ts'

const CLIENT = { clientId: 'signpost', clientSecret: 'a-secret-of-32-characters-or-more' }
/** Refused sign-ins are warnings; only errors are news here. */
const log = createLog('error')

describe('around a provider that misbehaves,', () => {
  let db: OpenDb
  const opened: { close(): Promise<void> }[] = []
  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log })
  })
  after(async () => {
    for (const each of opened.reverse()) await each.close()
    await db.close()
  })

  const said: [claims: Readonly<Record<string, unknown>>, status: number, words: RegExp, because: string][] = [
    [{}, 403, /did not tell us your email address/, 'without an address we know nobody'],
    [{ email: 'not an address' }, 403, /did not tell us your email address/, 'that is no address'],
    [{ email: 'a@nhs.net', email_verified: false }, 403, /Confirm your email address/, 'the address may be anybody’s'],
    [{ email: 'a@nhs.net', exp: 1_000_000_000 }, 503, /clock of NHSmail/, 'the answer ran out long ago'],
    [{ email: 'a@nhs.net', nonce: 'another' }, 400, /could not check that it was you/, 'it answers another question'],
  ]
  for (const [claims, status, words, because] of said) {
    test(`${JSON.stringify(claims)} signs nobody in: ${because}`, async () => {
      const issuer = await startTinyIssuer()
      const identity = openIdProvider({ ...CLIENT, issuer: issuer.issuer }, log)
      const { app, close } = await startApp(db, { identity })
      opened.push(issuer, { close })
      const browser = openBrowser(app, BASE_URL)
      const { searchParams } = new URL((await browser.ask('/sign-in/nhsmail')).headers.get('location') ?? '')
      issuer.say({ nonce: searchParams.get('nonce'), ...claims })
      const query = { code: 'a-code', state: searchParams.get('state') ?? '', iss: issuer.issuer }
      await expectProblem(browser, new URL(`${BASE_URL}/sign-in/callback?${new URLSearchParams(query)}`), status, words)
    })
  }

  test('while it is down people read so, and after its restart with new keys they sign in', async () => {
    const first = await startNhsmail({ port: 0, baseUrl: BASE_URL, people: [AMINA], production: false, log })
    const identity = openIdProvider({ ...first, retryWaitsMs: [] }, log)
    const { app, close } = await startApp(db, { identity })
    opened.push({ close })
    await first.close()
    const down = await app.inject({ url: '/sign-in/nhsmail', headers: { host: 'localhost:3000' } })
    assert.equal(down.statusCode, 503)
    assert.equal(down.headers['retry-after'], '30')
    assert.match(down.body, /NHSmail sign-in is not answering/)
    const port = Number(new URL(first.issuer).port)
    for (let start = 0; start < 2; start += 1) {
      const again = await startNhsmail({
        port,
        baseUrl: BASE_URL,
        people: [AMINA],
        production: false,
        log,
        clientSecret: first.clientSecret,
      })
      const arrived = await signIn(openBrowser(app, BASE_URL), { returnTo: '/about' })
      assert.match(arrived.body, /Amina Khan/)
      await again.close()
    }
  })

  test('a person may sign out while it is down', async () => {
    const identity = openIdProvider({ ...CLIENT, issuer: 'http://127.0.0.1:9', retryWaitsMs: [] }, log)
    const { app, clock, close } = await startApp(db, { identity })
    opened.push({ close })
    const browser = openBrowser(app, BASE_URL)
    await signInAs(browser, { email: 'leaving@nhsmail.example', name: 'Leaving', grants: [] }, { db, clock })
    const end = await browser.submit(await browser.open('/about'), '/sign-out')
    assert.match(end.body, /You have signed out/)
  })

  test('too many sign-ins from one address are told to wait', async () => {
    const issuer = await startTinyIssuer()
    const identity = openIdProvider({ ...CLIENT, issuer: issuer.issuer }, log)
    const { app, close } = await startApp(db, { identity, settings: { RATE_LIMIT_SIGN_IN: '3' } })
    opened.push(issuer, { close })
    const browser = openBrowser(app, BASE_URL)
    for (let times = 0; times < 3; times += 1) assert.equal((await browser.ask('/sign-in/nhsmail')).status, 302)
    const fourth = await browser.ask('/sign-in/nhsmail')
    assert.equal(fourth.status, 429)
    assert.ok(Number(fourth.headers.get('retry-after')) > 0)
    assert.match(fourth.body, /Wait a minute/)
    assert.equal((await browser.ask('/sign-in')).status, 200, 'the page itself can be read')
  })

  test('over https the cookies belong to this host alone', async () => {
    const baseUrl = 'https://signpost.example'
    const issuer = await startTinyIssuer()
    const identity = openIdProvider({ ...CLIENT, issuer: issuer.issuer }, log)
    const { app, close } = await startApp(db, { identity, settings: { BASE_URL: baseUrl } })
    opened.push(issuer, { close })
    const browser = openBrowser(app, baseUrl)
    const begun = await browser.ask('/sign-in/nhsmail')
    assert.match(cookieLine(begun, '__Host-signpost-sign-in'), /; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    const { searchParams } = new URL(begun.headers.get('location') ?? '')
    assert.equal(searchParams.get('redirect_uri'), `${baseUrl}/sign-in/callback`)
    issuer.say({ nonce: searchParams.get('nonce'), email: 'a@nhs.net' })
    const query = { code: 'a-code', state: searchParams.get('state') ?? '', iss: issuer.issuer }
    const arrived = await browser.ask(`/sign-in/callback?${new URLSearchParams(query)}`)
    assert.match(
      cookieLine(arrived, '__Host-signpost-session'),
      /^__Host-signpost-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })
})

test('the demo’s NHSmail does not exist in production, and says when its port is taken', async () => {
  const settings = { port: 0, baseUrl: BASE_URL, people: [AMINA], log }
  await assert.rejects(startNhsmail({ ...settings, production: true }), /does not run in production/)
  const first = await startNhsmail({ ...settings, production: false })
  const port = Number(new URL(first.issuer).port)
  await assert.rejects(startNhsmail({ ...settings, port, production: false }), /cannot use port \d+/)
  await first.close()
})
