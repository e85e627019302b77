/** Sign-in with a code, from the choice to the session, with emails that arrive at a real mail server. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { codeDigits, issueCode } from '#src/accounts/one-time-codes.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import type { Mailer } from '#src/platform/mail/mail.ts'
import { smtpMailer } from '#src/platform/mail/smtp.ts'
import { type Browser, openBrowser, type Page, signInAs } from '#test/support/browser.ts'
import { freshDatabase } from '#test/support/databases.ts'
import { type MailServer, startMailServer } from '#test/support/mail-server.ts'
import { errorsOf, visible } from '#test/support/manage.ts'
import { BASE_URL, cookieLine, SESSION } from '#test/support/sign-in-steps.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'

const NOW = '2026-12-11T10:34:00.000Z'
const CODE_COOKIE = 'signpost-code'
const silent = createLog('silent')

let db: OpenDb
let started: StartedApp
let server: MailServer
let mailer: Mailer
const others: StartedApp[] = []

before(async () => {
  db = await openDb({ ...(await freshDatabase('embedded')), log: createLog('error') })
  started = await startApp(db)
  server = await startMailServer()
  mailer = smtpMailer(server.url, 'Signpost <no-reply@signpost.example>')
})
after(async () => {
  for (const each of [...others, started]) await each.close()
  await mailer.close()
  await server.close()
  await db.close()
})

let people = 0
/** Each case has an address of its own, so that their limits do not meet. */
const anew = (): string => {
  people += 1
  return `person-${people}@chemist.example`
}

const browser = (headers: Record<string, string> = {}): Browser =>
  openBrowser(started.app, BASE_URL, new Map(), { 'user-agent': 'Firefox/145.0 (Linux)', ...headers })

const at = (minutes: number): void => started.clock.set(new Date(Date.parse(NOW) + minutes * 60_000).toISOString())

/** Does what the worker does, and says what arrived for this address. */
async function mailTo(address: string) {
  const secrets = {
    codeOf: (codeId: string) => codeDigits(codeId, started.config.secretsPepper),
    linkKeyOf: () => assert.fail('no link is asked for'),
  }
  const { clock } = started
  await doReadyJobs(db, emailJobs({ db, clock, mailer, baseUrl: BASE_URL, secrets }), { log: silent, clock })
  return server.arrived.filter(({ to }) => to.includes(address)).map(({ mail }) => mail)
}

async function codeSentTo(address: string): Promise<string> {
  const mail = (await mailTo(address)).findLast(({ subject }) => subject === 'Your code to sign in to Signpost')
  return /^(\d{6})$/m.exec(mail?.text ?? '')?.[1] ?? assert.fail(`no code arrived for ${address}`)
}

const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

/** From the choice to the page that asks for the code. */
async function askForCode(from: Browser, email: string, returnTo = '/about'): Promise<Page> {
  const choice = await from.open(`/sign-in?return=${encodeURIComponent(returnTo)}`)
  const address = await from.submit(choice, '/sign-in', { way: 'email' })
  return await from.submit(address, '/sign-in/email', { email })
}

async function signInWithCode(from: Browser, email: string, returnTo?: string): Promise<Page> {
  const page = await askForCode(from, email, returnTo)
  return await from.submit(page, '/sign-in/email/code', { code: await codeSentTo(email) })
}

/** Somebody who has signed in before and said who they are. */
async function aRegular(from: Browser): Promise<string> {
  const email = anew()
  const details = await signInWithCode(from, email)
  await from.submit(details, '/account/details', { name: 'Hana Brown', 'job-role': 'Dispenser' })
  await from.submit(await from.open('/about'), '/sign-out')
  return email
}

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

describe('a sign-in on a new device', () => {
  const notices = async (email: string) =>
    (await mailTo(email)).filter(({ subject }) => subject === 'New sign-in to your Signpost account')

  test('is told by email: not the first ever, not the same again, but another browser and another kind', async () => {
    at(0)
    const phone = browser({ 'user-agent': 'Mozilla/5.0 (iPhone) Version/26.0 Mobile Safari/604.1' })
    const email = await aRegular(phone)
    await signInWithCode(phone, email)
    assert.deepEqual(await notices(email), [], 'the first ever, and the same again')
    at(61)
    const other = browser({ 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/142.0.0.0 Safari/537.36' })
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
    const copied = browser({ 'user-agent': 'curl/8' })
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
    const here = browser({ 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/142.0.0.0 Safari/537.36' })
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

const tokenIn = (page: Page): string =>
  /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? assert.fail(`${page.url} has no form`)
