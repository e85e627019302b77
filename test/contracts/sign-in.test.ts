/** Sign-in from the first page to the session and out again, through a real provider on a port of its own. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sweepSessions } from '#src/accounts/sessions.ts'
import { startNhsmail } from '#src/demo/nhsmail.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { openIdProvider } from '#src/platform/identity/open-id.ts'
import { createLog } from '#src/platform/log.ts'
import { type Browser, openBrowser, type Page, signInAs } from '#test/support/browser.ts'
import { freshDatabase, onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { startApp } from '#test/support/start-app.ts'
import { startTinyIssuer } from '#test/support/tiny-issuer.ts'

const BASE_URL = 'http://localhost:3000'
const AMINA = { email: 'amina.khan@nhsmail.example', name: 'Amina Khan', about: 'Owns one pharmacy' }
const SESSION = 'signpost-session'
const CLIENT = { clientId: 'signpost', clientSecret: 'a-secret-of-32-characters-or-more' }

/** Refused sign-ins are warnings; only errors are news here. */
const log = createLog('error')

type Started = Awaited<ReturnType<typeof startEverything>>

async function startEverything(db: OpenDb, settings: Readonly<Record<string, string>> = {}) {
  const nhsmail = await startNhsmail({ port: 0, baseUrl: BASE_URL, people: [AMINA], production: false, log })
  const clock = fixedClock()
  const identity = openIdProvider({ ...nhsmail, retryWaitsMs: [] }, log)
  const started = await startApp(db, { clock, identity, settings })
  const close = async () => {
    await started.close()
    await nhsmail.close()
  }
  return { ...started, db, nhsmail, clock, browser: openBrowser(started.app, BASE_URL), close }
}

/** From the sign-in page to whatever page comes at the end. */
async function signIn(browser: Browser, options: { email?: string; returnTo?: string } = {}): Promise<Page> {
  const query = options.returnTo ? `?return=${encodeURIComponent(options.returnTo)}` : ''
  const start = await browser.open(`/sign-in${query}`)
  const link = /href="(\/sign-in\/nhsmail[^"]*)"/.exec(start.body)?.[1] ?? assert.fail('the page has no button')
  const choice = await browser.open(link)
  assert.match(choice.body, /Who do you want to be/)
  return await browser.submit(choice, '/interaction/', { email: options.email ?? AMINA.email })
}

/** The address that the provider sends the browser back to, not opened yet. */
async function callbackAddress(browser: Browser): Promise<URL> {
  const choice = await browser.open('/sign-in/nhsmail')
  let page = await browser.ask(choice.url.href, { email: AMINA.email })
  for (;;) {
    const next = new URL(page.headers.get('location') ?? assert.fail('no redirect'), page.url)
    if (next.pathname === '/sign-in/callback') return next
    page = await browser.ask(next.href)
  }
}

const cookieLine = (page: Page, name: string) =>
  page.headers.getSetCookie().find((line) => line.startsWith(`${name}=`)) ?? ''

onBothDatabases((_kind, open) => {
  let running: Started | undefined
  const started = async () => {
    running ??= await startEverything(await open())
    return { ...running, browser: openBrowser(running.app, BASE_URL) }
  }
  after(async () => await running?.close())

  test('signs in, shows who is signed in, and signs out for good', async () => {
    const { browser } = await started()
    const arrived = await signIn(browser, { returnTo: '/about' })
    assert.equal(arrived.url.href, `${BASE_URL}/about`)
    assert.match(arrived.body, /Amina Khan/)
    const stolen = browser.copy()
    const end = await browser.submit(arrived, '/sign-out')
    assert.equal(end.url.href, `${BASE_URL}/signed-out`)
    assert.equal(browser.cookie(SESSION), undefined)
    assert.doesNotMatch((await stolen.open('/about')).body, /Amina Khan/, 'the old cookie opens nothing')
  })

  test('signing out passes by the provider, which forgets the person too', async () => {
    const { browser, nhsmail } = await started()
    const arrived = await signIn(browser, { returnTo: '/about' })
    const token = /name="_csrf" value="([^"]+)"/.exec(arrived.body)?.[1] ?? ''
    const sent = await browser.ask('/sign-out', { _csrf: token })
    const provider = new URL(sent.headers.get('location') ?? '')
    assert.equal(provider.origin, nhsmail.issuer)
    assert.ok(provider.searchParams.get('id_token_hint'))
    const back = await browser.ask(provider.href)
    assert.equal(back.headers.get('location'), `${BASE_URL}/signed-out`)
  })

  test('creates the person once, with the address in lower case, and writes the audit', async () => {
    const { app, db } = await started()
    await signIn(openBrowser(app, BASE_URL), { email: 'New.Person@NHSmail.example' })
    await signIn(openBrowser(app, BASE_URL), { email: 'new.person@nhsmail.example' })
    const people = await db.pool.selectFrom('person').selectAll().where('email', 'like', 'new.person%').execute()
    assert.deepEqual(
      people.map(({ email, name }) => ({ email, name })),
      [{ email: 'new.person@nhsmail.example', name: 'New Person' }],
    )
    const audit = await db.pool
      .selectFrom('audit')
      .select(['action', 'detail'])
      .where('target', '=', 'person:new.person@nhsmail.example')
      .orderBy('seq')
      .execute()
    assert.deepEqual(
      audit.map(({ action, detail }) => [action, JSON.parse(detail).firstTime]),
      [
        ['sign-in', true],
        ['sign-in', false],
      ],
    )
  })

  test('never takes over a session that the browser had before', async () => {
    const { browser } = await started()
    browser.setCookie(SESSION, 'x'.repeat(43))
    await signIn(browser, { returnTo: '/about' })
    const first = browser.cookie(SESSION)
    assert.notEqual(first, 'x'.repeat(43))
    const old = browser.copy()
    const callback = await callbackAddress(browser)
    await browser.open(callback.href)
    assert.notEqual(browser.cookie(SESSION), first, 'every sign-in has a new token')
    assert.doesNotMatch((await old.open('/about')).body, /Amina Khan/, 'and ends the one before')
  })

  test('keeps only a hash of the token', async () => {
    const { browser, db } = await started()
    await signIn(browser)
    const token = browser.cookie(SESSION) ?? ''
    assert.equal(Buffer.from(token, 'base64url').length, 32)
    const rows = await db.pool.selectFrom('session').selectAll().execute()
    assert.ok(rows.length > 0)
    assert.ok(rows.every((row) => !JSON.stringify(row).includes(token)))
  })

  test('ends a session after 30 minutes without a request, and after 12 hours whatever happens', async () => {
    const { browser, db, clock } = await started()
    const person = { email: 'idle@nhsmail.example', name: 'Idle Person', grants: [] }
    const isIn = async () => (await browser.open('/about')).body.includes('Idle Person')
    clock.set('2026-12-11T10:00:00Z')
    await signInAs(browser, person, { db, clock })
    clock.set('2026-12-11T10:29:59Z')
    assert.equal(await isIn(), true)
    clock.set('2026-12-11T10:59:58Z')
    assert.equal(await isIn(), true, 'the request before counted')
    clock.set('2026-12-11T11:30:00Z')
    assert.equal(await isIn(), false)
    clock.set('2026-12-11T08:00:00Z')
    await signInAs(browser, person, { db, clock })
    for (let minute = 20; minute < 12 * 60; minute += 20) {
      clock.set(new Date(Date.parse('2026-12-11T08:00:00Z') + minute * 60_000).toISOString())
      assert.equal(await isIn(), true, `after ${minute} minutes`)
    }
    clock.set('2026-12-11T20:00:00Z')
    assert.equal(await isIn(), false)
    await sweepSessions(db.pool, clock.now())
    const left = await db.pool.selectFrom('session').select('token_hash').execute()
    assert.deepEqual(left, [])
    clock.set('2026-12-11T10:34:00Z')
  })

  test('writes that a session was seen at most once a minute', async () => {
    const { browser, db, clock } = await started()
    clock.set('2026-12-11T10:34:00Z')
    await signInAs(browser, { email: 'seen@nhsmail.example', grants: [] }, { db, clock })
    const seenAt = async () =>
      (await db.pool.selectFrom('session').select('last_seen_at').orderBy('created_at', 'desc').executeTakeFirst())
        ?.last_seen_at
    const before = await seenAt()
    clock.set('2026-12-11T10:34:59Z')
    await browser.open('/about')
    assert.equal(await seenAt(), before)
    clock.set('2026-12-11T10:35:00Z')
    await browser.open('/about')
    assert.notEqual(await seenAt(), before)
    clock.set('2026-12-11T10:34:00Z')
  })

  describe('refuses, with a page that says what to do,', () => {
    test('a state it did not give out', async () => {
      const { browser } = await started()
      const callback = await callbackAddress(browser)
      callback.searchParams.set('state', 'somebody-elses')
      await expectProblem(browser, callback, 400, /Start signing in again/)
    })
    test('an answer that was used before', async () => {
      const { browser } = await started()
      const callback = await callbackAddress(browser)
      const other = browser.copy()
      await browser.open(callback.href)
      await expectProblem(other, callback, 400, /Start signing in again/)
    })
    test('an answer in another browser than the one that asked', async () => {
      const { browser, app } = await started()
      const callback = await callbackAddress(browser)
      await expectProblem(openBrowser(app, BASE_URL), callback, 400, /Start signing in again/)
      const busy = openBrowser(app, BASE_URL)
      await busy.ask('/sign-in/nhsmail')
      await expectProblem(busy, callback, 400, /Start signing in again/)
      const forged = openBrowser(app, BASE_URL)
      forged.setCookie('signpost-sign-in', `${'A'.repeat(22)}.${'B'.repeat(43)}`)
      await expectProblem(forged, callback, 400, /Start signing in again/)
    })
    test('an answer after ten minutes', async () => {
      const { browser, clock } = await started()
      clock.set('2026-12-11T10:34:00Z')
      const callback = await callbackAddress(browser)
      clock.set('2026-12-11T10:44:01Z')
      await expectProblem(browser, callback, 400, /within 10 minutes/)
      clock.set('2026-12-11T10:34:00Z')
    })
    test('a code that the provider does not know', async () => {
      const { browser } = await started()
      const callback = await callbackAddress(browser)
      callback.searchParams.set('code', 'made-up')
      await expectProblem(browser, callback, 400, /could not check that it was you/)
    })
    test('an answer from another issuer', async () => {
      const { browser } = await started()
      const callback = await callbackAddress(browser)
      callback.searchParams.set('iss', 'https://evil.example')
      await expectProblem(browser, callback, 400, /could not check that it was you/)
    })
    test('a sign-in that was cancelled', async () => {
      const { browser, nhsmail } = await started()
      const { searchParams } = await callbackAddress(browser)
      const state = searchParams.get('state') ?? ''
      const callback = new URL(
        `${BASE_URL}/sign-in/callback?${new URLSearchParams({ error: 'access_denied', state, iss: nhsmail.issuer })}`,
      )
      await expectProblem(browser, callback, 403, /signing in was cancelled/)
    })
    test('a callback with nothing in it', async () => {
      const { browser } = await started()
      await expectProblem(browser, new URL(`${BASE_URL}/sign-in/callback`), 400, /Start signing in again/)
      await expectProblem(browser, new URL(`${BASE_URL}/sign-in/callback?state=a&state=b`), 400, /Start signing in/)
    })
  })

  test('two tabs can sign in at the same time', async () => {
    const { browser } = await started()
    const first = await callbackAddress(browser)
    const second = await callbackAddress(browser)
    assert.equal((await browser.ask(first.href)).status, 303)
    assert.equal((await browser.ask(second.href)).status, 303)
  })

  test('goes to the host that the provider knows first, once', async () => {
    const { app } = await started()
    for (const path of ['/sign-in?return=%2Fabout', '/sign-in/nhsmail?return=%2Fabout']) {
      const there = await app.inject({ url: path, headers: { host: '127.0.0.1:3000' } })
      assert.equal(there.headers.location, `${BASE_URL}${path}&moved=yes`)
      assert.equal(there.headers['set-cookie'], undefined)
    }
    const hidden = await app.inject({ url: '/sign-in?moved=yes', headers: { host: 'internal:8080' } })
    assert.equal(hidden.statusCode, 200, 'a proxy that hides the host does not send us round in circles')
  })

  test('cookies cannot be read by scripts or sent by other sites’ forms', async () => {
    const { browser } = await started()
    const begun = await browser.ask('/sign-in/nhsmail')
    assert.match(
      cookieLine(begun, 'signpost-sign-in'),
      /^signpost-sign-in=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    const arrived = await browser.ask((await callbackAddress(browser)).href)
    assert.match(cookieLine(arrived, SESSION), /^signpost-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  test('returns only to pages of its own', async () => {
    const { browser } = await started()
    for (const elsewhere of ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example']) {
      const arrived = await signIn(browser, { returnTo: elsewhere })
      assert.equal(arrived.url.origin, BASE_URL)
      assert.equal(arrived.url.pathname, '/manage')
      const again = await browser.ask(`/sign-in?return=${encodeURIComponent(elsewhere)}`)
      assert.equal(again.headers.get('location'), `${BASE_URL}/manage`, 'signed in already')
      await browser.submit(await browser.open('/about'), '/sign-out')
    }
  })

  test('signing out needs the token of its form', async () => {
    const { browser, db, clock } = await started()
    await signInAs(browser, { email: 'csrf@nhsmail.example', name: 'Still Here', grants: [] }, { db, clock })
    for (const form of [{}, { _csrf: 'guessed' }]) {
      const refused = await browser.ask('/sign-out', form)
      assert.equal(refused.status, 403)
    }
    assert.match((await browser.open('/about')).body, /Still Here/)
  })
})

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

async function expectProblem(browser: Browser, callback: URL, status: number, words: RegExp): Promise<void> {
  const before = browser.cookie(SESSION)
  const page = await browser.ask(callback.href)
  assert.equal(page.status, status)
  assert.match(page.body, words)
  assert.match(page.body, /href="\/sign-in"/, 'the page says how to start again')
  assert.equal(browser.cookie(SESSION), before, 'nobody is signed in by it')
}
