/** Sign-in from the first page to the session and out again, through a real provider on a port of its own. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { sweepSessions } from '#src/accounts/sessions.ts'
import { startNhsmail } from '#src/demo/nhsmail.ts'
import type { OpenDb } from '#src/platform/db/open-db.ts'
import { openIdProvider } from '#src/platform/identity/open-id.ts'
import { createLog } from '#src/platform/log.ts'
import { type Browser, openBrowser, signInAs } from '#test/support/browser.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { AMINA, BASE_URL, cookieLine, expectProblem, SESSION, signIn } from '#test/support/sign-in-steps.ts'
import { startApp } from '#test/support/start-app.ts'

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
    clock.set('2026-12-12T20:00:00Z')
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
