/** Sign-in with a code, from the choice to the session, with emails that arrive at a real mail server. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { issueCode } from '#src/accounts/one-time-codes.ts'
import { type Browser, openBrowser, type Page } from '#test/support/browser.ts'
import { startCodeSteps } from '#test/support/code-steps.ts'
import { errorsOf, visible } from '#test/support/manage.ts'
import { BASE_URL, cookieLine, SESSION } from '#test/support/sign-in-steps.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'

const CODE_COOKIE = 'signpost-code'

const steps = await startCodeSteps()
const { db, started, anew, at, browser, mailTo, codeSentTo, askForCode, signInWithCode, aRegular } = steps
const others: StartedApp[] = []
after(async () => {
  for (const each of others) await each.close()
  await steps.close()
})

const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

describe('the choice', () => {
  test('leads to NHSmail or to a code, keeps where one was going, and is remembered', async () => {
    const visitor = browser()
    const page = await visitor.open('/sign-in?return=%2Fmanage%2FFA002')
    assert.doesNotMatch(page.body, /\schecked/)
    const nothing = await visitor.submit(page, '/sign-in')
    assert.equal(nothing.status, 422)
    assert.deepEqual(errorsOf(nothing), { way: 'Select how you sign in' })
    assert.match(nothing.body, /<title>\s*Error: Sign in/)
    const strange = await visitor.submit(nothing, '/sign-in', { way: 'carrier-pigeon' })
    assert.equal(strange.status, 422)
    const chosen = await visitor.submit(nothing, '/sign-in', { way: 'email' })
    assert.equal(chosen.url.href, `${BASE_URL}/sign-in/email?return=%2Fmanage%2FFA002`)
    assert.match((await visitor.open('/sign-in')).body, /value="email"[^>]*checked/)
    const nhsmail = await visitor.ask('/sign-in', { _csrf: tokenIn(page), way: 'nhsmail', return: '/about' })
    assert.equal(nhsmail.headers.get('location'), '/sign-in/nhsmail?return=%2Fabout')
    assert.match(
      cookieLine(nhsmail, 'signpost-sign-in-way'),
      /^[^;]+; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/,
    )
  })
})

describe('a newcomer', () => {
  test('signs in with the code from the email, says who they are, and goes on to where they were going', async () => {
    at(0)
    const email = anew()
    const visitor = browser()
    const asked = await askForCode(visitor, ` ${email.toUpperCase()} `, '/contact')
    assert.match(visible(asked), new RegExp(`We sent a code to ${email}`))
    const details = await visitor.submit(asked, '/sign-in/email/code', { code: await codeSentTo(email) })
    assert.equal(details.url.href, `${BASE_URL}/account/details?return=%2Fcontact`)
    const none = await visitor.submit(details, '/account/details', { name: ' ', 'job-role': '-' })
    assert.equal(none.status, 422)
    assert.deepEqual(errorsOf(none), { name: 'Enter a full name', 'job-role': 'Enter your job role' })
    const given = { name: ' Hana <b>Brown</b> ', 'job-role': 'x'.repeat(101) }
    const tooLong = await visitor.submit(none, '/account/details', given)
    assert.deepEqual(errorsOf(tooLong), { 'job-role': 'Job role must be 100 characters or fewer' })
    assert.match(tooLong.body, /value=" Hana &lt;b&gt;Brown&lt;\/b&gt; "/, 'nothing typed is lost')
    const arrived = await visitor.submit(tooLong, '/account/details', { ...given, 'job-role': 'Dispenser' })
    assert.equal(arrived.url.href, `${BASE_URL}/contact`)
    assert.match(arrived.body, /Hana &lt;b&gt;Brown/)
    const person = await db.pool.selectFrom('person').selectAll().where('email', '=', email).executeTakeFirstOrThrow()
    assert.deepEqual([person.name, person.job_role], ['Hana <b>Brown</b>', 'Dispenser'])
    const identity = await db.pool.selectFrom('identity').selectAll().where('person_id', '=', person.id).execute()
    assert.deepEqual(identity, [{ issuer: 'signpost:email', subject: email, person_id: person.id }])
    const audit = await db.pool.selectFrom('audit').select('action').where('target', '=', `person:${email}`).execute()
    assert.deepEqual(
      audit.map(({ action }) => action),
      ['sign-in', 'change-details'],
    )
  })

  test('gets an email that says what the code is for, and nothing keeps the code', async () => {
    at(0)
    const email = anew()
    await askForCode(browser(), email)
    const code = await codeSentTo(email)
    const [mail = assert.fail('nothing arrived')] = await mailTo(email)
    assert.doesNotMatch(mail.subject ?? '', /\d/, 'a locked screen shows the subject')
    assert.match(mail.text ?? '', /^http:\/\/localhost:3000\/sign-in\/email\/code$/m)
    assert.match(mail.text ?? '', /If this was not you/)
    assert.match(mail.html ?? '', new RegExp(`<p>${code}</p>`))
    const kept = await db.pool.selectFrom('email_sent').selectAll().where('recipient', '=', email).execute()
    const jobs = await db.pool.selectFrom('job').selectAll().where('queue', '=', 'email').execute()
    assert.equal(kept.length, 1)
    assert.doesNotMatch(JSON.stringify([kept, jobs]), new RegExp(code))
  })

  test('is answered as somebody is who has been here', async () => {
    at(0)
    const known = await aRegular(browser())
    const unknown = anew()
    const [one, other] = await Promise.all([askForCode(browser(), known), askForCode(browser(), unknown)])
    const anonymous = (page: Page, email: string) =>
      page.body.replaceAll(email, 'EMAIL').replaceAll(/nonce="[^"]+"|name="_csrf" value="[^"]+"/g, '')
    assert.equal(anonymous(one, known), anonymous(other, unknown))
    assert.deepEqual([one.status, one.url.href], [other.status, other.url.href])
  })
})

test('somebody who has been here goes straight on, under the name they gave', async () => {
  at(0)
  const visitor = browser()
  const email = await aRegular(visitor)
  const arrived = await signInWithCode(visitor, email, '/help')
  assert.equal(arrived.url.pathname, '/help')
  assert.match(arrived.body, /Hana Brown/)
  const end = await visitor.submit(arrived, '/sign-out')
  assert.equal(end.url.href, `${BASE_URL}/signed-out`, 'no provider is asked')
})

const addresses: [email: string, message: string][] = [
  ['', 'Enter your email address'],
  ['hana', 'Enter an email address in the correct format, like name@example.com'],
  ['hana@chemist', 'Enter an email address in the correct format, like name@example.com'],
  ['a@b.example, c@d.example', 'Enter an email address in the correct format, like name@example.com'],
  ['a@b.example\r\nBcc: c@d.example', 'Enter an email address in the correct format, like name@example.com'],
  ['amina.khan@nhs.net', 'This is an NHSmail address. Sign in with NHSmail instead'],
  ['Amina.Khan@NHS.net', 'This is an NHSmail address. Sign in with NHSmail instead'],
  ['amina.khan@trust.nhs.net', 'This is an NHSmail address. Sign in with NHSmail instead'],
]
for (const [email, message] of addresses) {
  test(`the address ${JSON.stringify(email)} gets no code: ${message}`, async () => {
    const visitor = browser()
    const form = await visitor.open('/sign-in/email?return=%2Fabout')
    const page = await visitor.submit(form, '/sign-in/email', { email })
    assert.equal(page.status, 422)
    assert.deepEqual(errorsOf(page), { email: message })
    assert.equal(page.body.includes('href="/sign-in/nhsmail?return=%2Fabout"'), message.includes('NHSmail'))
    assert.equal(visitor.cookie(CODE_COOKIE), undefined)
  })
}

test('an address that only looks like one of NHSmail gets a code', async () => {
  for (const email of ['amina@nhs.net.example', 'amina@notnhs.net']) {
    assert.equal((await askForCode(browser(), email)).url.pathname, '/sign-in/email/code')
  }
})

describe('a code', () => {
  const isIn = async (visitor: Browser) =>
    visitor.cookie(SESSION) !== undefined && (await visitor.ask('/account')).status === 200
  const enter = (visitor: Browser, page: Page, code: string) => visitor.submit(page, '/sign-in/email/code', { code })

  const mistyped: [code: string, message: string][] = [
    ['', 'Enter the code from the email'],
    ['12345', 'Code must be 6 numbers'],
    ['abcdef', 'Code must be 6 numbers'],
    ['1234567', 'Code must be 6 numbers'],
  ]
  test('that cannot be one is no guess', async () => {
    at(0)
    const [email, visitor] = [anew(), browser()]
    const page = await askForCode(visitor, email)
    for (const [code, message] of mistyped)
      assert.deepEqual(errorsOf(await enter(visitor, page, code)), { code: message })
    for (let times = 0; times < 6; times += 1) await enter(visitor, page, '1')
    const code = await codeSentTo(email)
    assert.equal((await enter(visitor, page, `${code.slice(0, 3)} ${code.slice(3)}`)).status, 200)
    assert.equal(await isIn(visitor), true)
  })

  test('guessed five times is dead: the sixth is refused, even if right', async () => {
    at(0)
    const [email, visitor] = [anew(), browser()]
    const page = await askForCode(visitor, email)
    const code = await codeSentTo(email)
    for (const left of ['4 tries', '3 tries', '2 tries', '1 try']) {
      const again = await enter(visitor, page, wrong(code))
      assert.match(errorsOf(again)['code'] ?? '', new RegExp(`you have ${left} left`))
    }
    assert.match(visible(await enter(visitor, page, wrong(code))), /You entered a wrong code 5 times/)
    const sixth = await enter(visitor, page, code)
    assert.equal(sixth.status, 422)
    assert.match(visible(sixth), /You entered a wrong code 5 times.*Send a new code/)
    assert.equal(await isIn(visitor), false)
    const anewPage = await visitor.submit(sixth, '/sign-in/email/new-code')
    assert.match(visible(anewPage), /We sent you a new code/)
    await enter(visitor, anewPage, await codeSentTo(email))
    assert.equal(await isIn(visitor), true)
  })

  const refused: [
    what: string,
    words: RegExp,
    attempt: (given: { visitor: Browser; page: Page; email: string; code: string }) => Promise<Page>,
  ][] = [
    [
      'used before',
      /This code was used before/,
      async ({ visitor, page, code }) => {
        const other = visitor.copy()
        await enter(other, page, code)
        return await enter(visitor, page, code)
      },
    ],
    [
      'of ten minutes ago',
      /This code has run out/,
      async ({ visitor, page, code }) => {
        at(10)
        return await enter(visitor, page, code)
      },
    ],
    [
      'replaced by a later one',
      /This is not the code we sent/,
      async ({ visitor, page, code }) => {
        const later = await visitor.submit(page, '/sign-in/email/new-code')
        return await enter(visitor, later, code)
      },
    ],
    [
      'replaced from another browser',
      /This code has run out/,
      async ({ visitor, page, email, code }) => {
        await askForCode(browser(), email)
        return await enter(visitor, page, code)
      },
    ],
    [
      'entered in another browser, which asked for none',
      /Use the browser where you asked for the code/,
      async ({ code }) => {
        const other = browser()
        const token = tokenIn(await other.open('/sign-in/email'))
        return await other.open('/sign-in/email/code', { _csrf: token, code })
      },
    ],
    [
      'entered in another browser, which asked for one of its own',
      /This is not the code we sent/,
      async ({ code }) => {
        const other = browser()
        return await enter(other, await askForCode(other, anew()), code)
      },
    ],
    [
      'under an id that nobody gave out',
      /Use the browser where you asked for the code/,
      async ({ visitor, page, code }) => {
        visitor.setCookie(CODE_COOKIE, 'A'.repeat(22))
        return await enter(visitor, page, code)
      },
    ],
    [
      'meant for something else',
      /Use the browser where you asked for the code/,
      async ({ visitor, page, email }) => {
        const pepper = started.config.secretsPepper
        const other = await db.transact((tx) =>
          issueCode(tx, { purpose: 'shared-mailbox', subject: email, now: started.clock.now(), pepper }),
        )
        visitor.setCookie(CODE_COOKIE, other?.codeId ?? '')
        return await enter(visitor, page, other?.code ?? '')
      },
    ],
  ]
  for (const [what, words, attempt] of refused) {
    test(`${what} signs nobody in`, async () => {
      at(0)
      const [email, visitor] = [anew(), browser()]
      const page = await askForCode(visitor, email)
      const answer = await attempt({ visitor, page, email, code: await codeSentTo(email) })
      assert.match(visible(answer), words)
      assert.ok([400, 422].includes(answer.status))
      assert.equal(await isIn(visitor), false)
      at(0)
    })
  }

  test('sent twice at once signs in once', async () => {
    at(0)
    const [email, visitor] = [anew(), browser()]
    const page = await askForCode(visitor, email)
    const fields = { _csrf: tokenIn(page), code: await codeSentTo(email) }
    const twice = [visitor.copy(), visitor.copy()]
    const answers = await Promise.all(twice.map((each) => each.ask('/sign-in/email/code', fields)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 422])
    const sessions = await db.pool
      .selectFrom('session')
      .innerJoin('person', 'person.id', 'session.person_id')
      .select('token_hash')
      .where('email', '=', email)
      .execute()
    assert.equal(sessions.length, 1)
  })

  test('in an address that is opened does nothing', async () => {
    at(0)
    const [email, visitor] = [anew(), browser()]
    await askForCode(visitor, email)
    const code = await codeSentTo(email)
    for (const path of ['/sign-in/email/code', '/sign-in/email', '/sign-in']) {
      await visitor.open(`${path}?code=${code}&email=${encodeURIComponent(email)}`)
      assert.equal(visitor.cookie(SESSION), undefined)
    }
    assert.equal((await mailTo(email)).length, 1, 'and sends none')
  })

  test('ends the session that the browser had before, and gives a new token', async () => {
    at(0)
    const visitor = browser()
    visitor.setCookie(SESSION, 'x'.repeat(43))
    await signInWithCode(visitor, anew())
    const first = visitor.cookie(SESSION)
    assert.ok(first && first !== 'x'.repeat(43))
  })
})

describe('too many codes', () => {
  test('for one mailbox are refused, from wherever', async () => {
    at(0)
    const email = anew()
    for (let times = 0; times < 5; times += 1) {
      assert.equal((await askForCode(browser(), email)).url.pathname, '/sign-in/email/code')
    }
    const sixth = await askForCode(browser(), email)
    assert.equal(sixth.status, 429)
    assert.match(visible(sixth), /You cannot have another code yet/)
    assert.equal((await mailTo(email)).length, 5)
    at(60)
    assert.equal((await askForCode(browser(), email)).status, 200)
    at(0)
  })

  test('from one address are refused, for whatever mailboxes', async () => {
    const limited = await startApp(db, { settings: { RATE_LIMIT_SIGN_IN_CODES: '2', RATE_LIMIT_SIGN_IN: '3' } })
    others.push(limited)
    const visitor = openBrowser(limited.app, BASE_URL)
    const form = await visitor.open('/sign-in/email')
    for (let times = 0; times < 2; times += 1) {
      const page = await visitor.submit(form, '/sign-in/email', { email: anew() })
      assert.equal(page.status, 200)
    }
    const third = await visitor.submit(form, '/sign-in/email', { email: anew() })
    assert.equal(third.status, 429)
    assert.match(visible(third), /Wait an hour/)
    const byButton = await visitor.open('/sign-in/email/new-code', { _csrf: tokenIn(form) })
    assert.equal(byButton.status, 429, 'the button counts with the form')
    const page = await visitor.open('/sign-in/email/code')
    for (let times = 0; times < 3; times += 1) await visitor.submit(page, '/sign-in/email/code', { code: '1' })
    const fourth = await visitor.submit(page, '/sign-in/email/code', { code: '1' })
    assert.equal(fourth.status, 429)
    assert.match(visible(fourth), /Wait a minute/)
  })

  test('that the mail server could not take in time are not sent late', async () => {
    at(0)
    const email = anew()
    await askForCode(browser(), email)
    at(10)
    assert.deepEqual(await mailTo(email), [])
    at(0)
  })
})

const elsewhere = ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', '/sign-out']
for (const returnTo of elsewhere) {
  test(`no step leads to ${JSON.stringify(returnTo)}`, async () => {
    at(0)
    const email = anew()
    const visitor = browser()
    const form = await visitor.open(`/sign-in/email?return=${encodeURIComponent(returnTo)}`)
    const fields = { _csrf: tokenIn(form), return: returnTo }
    const steps: [path: string, fields: Record<string, string>][] = [
      ['/sign-in', { way: 'email' }],
      ['/sign-in/email', { email }],
      ['/sign-in/email/new-code', {}],
    ]
    for (const [path, more] of steps) {
      const answer = await visitor.ask(path, { ...fields, ...more })
      assert.equal(answer.status, 303)
      assert.doesNotMatch(answer.headers.get('location') ?? '', /evil|return=/, path)
    }
    const code = await codeSentTo(email)
    const arrived = await visitor.ask('/sign-in/email/code', { ...fields, code })
    assert.equal(arrived.headers.get('location'), '/account/details')
    const details = { name: 'Hana', 'job-role': 'Dispenser', 'first-time': 'yes' }
    const done = await visitor.ask('/account/details', { ...fields, ...details })
    assert.doesNotMatch(done.headers.get('location') ?? assert.fail('no redirect'), /evil|sign-out/)
    const again = await visitor.ask('/sign-in/again', fields)
    assert.doesNotMatch(again.headers.get('location') ?? assert.fail('no redirect'), /evil/)
  })
}

test('no form of sign-in is taken without its token', async () => {
  at(0)
  const visitor = browser()
  const email = anew()
  const page = await askForCode(visitor, email)
  const code = await codeSentTo(email)
  const stolen = tokenIn(await browser().open('/sign-in'))
  for (const path of [
    '/sign-in',
    '/sign-in/email',
    '/sign-in/email/code',
    '/sign-in/email/new-code',
    '/sign-in/again',
  ]) {
    for (const token of [{}, { _csrf: 'guessed' }, { _csrf: stolen }]) {
      const answer = await visitor.ask(path, { ...token, code, email, way: 'email' })
      assert.equal(answer.status, 403, path)
      assert.match(answer.body, /This form is too old/)
    }
  }
  assert.equal((await visitor.submit(page, '/sign-in/email/code', { code })).status, 200, 'and none of them counted')
})

const tokenIn = (page: Page): string =>
  /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? assert.fail(`${page.url} has no form`)
