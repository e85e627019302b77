import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { emailSecrets } from '#src/background.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import type { Mailer } from '#src/platform/mail/mail.ts'
import { smtpMailer } from '#src/platform/mail/smtp.ts'
import { type Browser, openBrowser, type Page, signInAs } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { type MailServer, startMailServer } from '#test/support/mail-server.ts'
import { errorsOf, send, storePharmacy, visible } from '#test/support/manage.ts'
import { BASE_URL } from '#test/support/sign-in-steps.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'
import { forgetRequesters } from './tidy-tickets.ts'

const TOKEN = 'a-secret-of-the-mail-system-that-is-long'
const HELP = 'help@desk.example'
const DESK = { email: 'desk@nhs.example', name: 'Fiona Walsh', grants: [{ role: 'desk', scope: '' }] } as const
const ADMIN = { email: 'admin@nhs.example', name: 'Adi Min', grants: [{ role: 'admin', scope: '' }] } as const
const LEAD = { email: 'lea@nhs.example', name: 'Lea Dowd', grants: [{ role: 'lead', scope: 'area:QX1' }] } as const
const AMINA = {
  email: 'amina@nhs.example',
  name: 'Amina Khan',
  grants: [{ role: 'owner', scope: 'ods:FX123' }],
} as const
const ASKED = {
  category: 'not-published',
  about: 'fx123',
  message: 'The Saturday hours\r\nare old.\r\n\r\n\r\n<b>Since Monday</b>',
  name: 'Rosa Whitlock',
  email: 'rosa@pharmacy.example',
}

describe('the service desk', () => {
  let db: OpenDb
  let started: StartedApp
  let server: MailServer
  let mailer: Mailer
  let desk: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    await storePharmacy(db, aProfile(), [aService()])
    started = await startApp(db, {
      settings: {
        BASE_URL,
        TICKET_ADDRESS: HELP,
        TICKET_MAIL_TOKEN: TOKEN,
        RATE_LIMIT_HELP_ADDRESS_HOUR: '1000',
        RATE_LIMIT_HELP_ADDRESS_DAY: '1000',
        RATE_LIMIT_HELP_MAILBOX_DAY: '4',
      },
    })
    server = await startMailServer()
    mailer = smtpMailer(server.url, 'Signpost <no-reply@signpost.example>')
    desk = await as(DESK)
  })
  after(async () => {
    await started.close()
    await mailer.close()
    await server.close()
    await db.close()
  })

  const visitor = (): Browser => openBrowser(started.app, BASE_URL)
  async function as(person: Parameters<typeof signInAs>[1]): Promise<Browser> {
    const browser = visitor()
    await signInAs(browser, person, { db, clock: started.clock })
    return browser
  }
  const ask = async (browser: Browser, given: Partial<typeof ASKED> = {}): Promise<Page> =>
    send(browser, await browser.open('/help/ask'), '/help/ask', { ...ASKED, ...given })
  const numberOf = (page: Page): number => Number(/Ticket (\d+)/.exec(page.body)?.[1])
  /** Sends a form of the ticket's page at the desk. */
  const act = async (browser: Browser, number: number, fields: Record<string, string>, page?: Page): Promise<Page> => {
    const at = `/workspace/tickets/${number}`
    return send(browser, page ?? (await browser.open(at)), at, fields)
  }
  const mine = (browser: Browser, page: Page, fields: Record<string, string>): Promise<Page> =>
    send(browser, page, page.url.pathname, fields)
  /** Sends what is queued, and says what arrived since. */
  const arrived = async () => {
    const before = server.arrived.length
    const { clock, config } = started
    const secrets = emailSecrets(config.secretsPepper)
    // One after the other: they arrive in the order in which they were sent.
    await doReadyJobs(db, emailJobs({ db, clock, mailer, baseUrl: BASE_URL, secrets }), {
      log: testLog,
      clock,
      concurrency: 1,
    })
    return server.arrived.slice(before)
  }
  const handIn = async (lines: readonly string[], token = TOKEN) => {
    const answer = await started.app.inject({
      method: 'POST',
      url: '/api/help-desk/email',
      headers: { 'content-type': 'message/rfc822', authorization: `Bearer ${token}` },
      payload: lines.join('\r\n'),
    })
    return { status: answer.statusCode, ...answer.json<{ outcome?: string; ticket?: number | null }>() }
  }
  const actions = async (number: number) => {
    const target = `ticket:${number}`
    const rows = await db.pool.selectFrom('audit').selectAll().where('target', '=', target).orderBy('seq').execute()
    return rows
  }

  test('somebody who is not signed in asks, gets a number and a link, is answered, and opens it again', async () => {
    const rosa = visitor()
    const page = await ask(rosa)
    const number = numberOf(page)
    assert.match(visible(page), /We have sent you its number.* Waits for us.*fx123.*Answer due .* at 12:34pm/)
    assert.match(page.body, /are old\.\n\n&lt;b&gt;Since Monday/)
    assert.equal((await rosa.ask(page.url.pathname)).headers.get('referrer-policy'), 'same-origin')
    const [received] = await arrived()
    assert.deepEqual(received?.to, ['rosa@pharmacy.example'])
    assert.match(received.mail.text ?? '', new RegExp(page.url.pathname), 'the link is in the email')
    assert.doesNotMatch(received.mail.text ?? '', /Saturday|Rosa/, 'words of a stranger are sent to nobody')
    assert.match(
      received.mail.replyTo?.[0]?.address ?? '',
      new RegExp(`^help\\+${number}\\.[0-9a-f]{24}@desk\\.example$`),
    )
    const kept = await db.pool.selectFrom('email_sent').select('body').executeTakeFirstOrThrow()
    assert.doesNotMatch(kept.body, new RegExp(page.url.pathname.split('/')[4] ?? 'x'))

    assert.match(visible(await desk.open('/workspace')), /Tickets 1 waiting/)
    const opened = await desk.open(`/workspace/tickets/${number}`)
    assert.match(visible(opened), /Urgent From Rosa Whitlock, rosa@pharmacy\.example .*Pharmacy FX123/)
    await act(desk, number, { act: 'take' })
    await act(desk, number, { act: 'note', 'note-words': 'Rosa was rude last time' })
    assert.match(visible(await act(desk, number, { act: 'reply', 'reply-words': 'Fixed.\nLook again.' })), /Answered/)
    const replies = await arrived()
    assert.equal(replies.length, 1, 'a note is sent to nobody')
    assert.match(replies[0]?.mail.text ?? '', /> Fixed\.\n> Look again\./)
    const read = await rosa.open(page.url.pathname)
    assert.match(visible(read), /You wrote .* The service desk answered .* Fixed\. Look again\./)
    assert.doesNotMatch(read.body, /rude|Fiona/, 'what is the desk’s stays with the desk')

    const closing = { act: 'close', 'close-words': 'The hours show now.', evidence: '/pharmacies/FX123' }
    assert.match(visible(await act(desk, number, closing)), /The ticket is closed/)
    const [closed] = await arrived()
    assert.match(closed?.mail.text ?? '', /> The hours show now\.[\s\S]*\/pharmacies\/FX123/)
    assert.doesNotMatch(JSON.stringify(server.arrived), /rude/)
    const ended = await rosa.open(page.url.pathname)
    const rated = await mine(rosa, ended, { act: 'no' })
    assert.match(visible(rated), /You told us that it is not settled/)
    const again = await mine(rosa, rated, { act: 'reopen', message: 'Sunday is wrong too' })
    assert.match(visible(again), /Your ticket is open again.*Waits for us.*Sunday is wrong too/)
    assert.deepEqual(
      (await actions(number)).map(({ actor, action }) => `${actor} ${action}`),
      [
        'system:requester raise-ticket',
        'person:desk@nhs.example change-ticket',
        'person:desk@nhs.example note-ticket',
        'person:desk@nhs.example reply-ticket',
        'person:desk@nhs.example close-ticket',
        'system:requester rate-ticket',
        'system:requester reopen-ticket',
      ],
    )
    assert.doesNotMatch(JSON.stringify(await actions(number)), /Rosa|rosa@|Saturday|rude/, 'what must be forgettable')
  })

  test('what is wrong is said beside its field, and what was typed is kept', async () => {
    const page = await ask(visitor(), { category: '', message: ' ', name: '', email: 'nobody', about: 'x'.repeat(61) })
    assert.equal(page.status, 422)
    assert.deepEqual(errorsOf(page), {
      category: 'Select what it is about',
      about: 'Code must be 60 characters or fewer',
      message: 'Enter what you need',
      name: 'Enter your name',
      email: 'Enter an email address in the correct format, like name@example.com',
    })
    for (const message of ['x'.repeat(4_001), 'a\u0000b']) {
      const refused = await ask(visitor(), { message })
      assert.equal(refused.status, 422)
      assert.ok(errorsOf(refused)['message'])
      assert.match(refused.body, /value="rosa@pharmacy\.example"/)
    }
  })

  test('nobody sees a ticket without its key, and pages of the desk are for the desk', async () => {
    const page = await ask(visitor(), { email: 'keys@pharmacy.example' })
    const number = numberOf(page)
    const key = page.url.pathname.split('/')[4] ?? ''
    const other = numberOf(await ask(visitor(), { email: 'other@pharmacy.example' }))
    for (const path of [
      `/help/tickets/${other}/${key}`,
      `/help/tickets/${number}/${key}x`,
      `/help/tickets/${number}/${key.toLowerCase()}`,
      `/help/tickets/0${number}/${key}`,
      '/help/tickets/99999999999999999999/x',
      '/help/tickets/%00/%00',
      `/help/tickets/-1/${key}`,
    ]) {
      assert.ok([400, 404].includes((await visitor().ask(path)).status), path)
    }
    const lead = await as(LEAD)
    for (const path of ['', `/${number}`, '/feedback', '/wishlist', '/wishlist/1']) {
      assert.equal((await lead.ask(`/workspace/tickets${path}`)).status, 403, path)
    }
    assert.doesNotMatch(visible(await lead.open('/workspace')), /Tickets/)
    for (const path of ['/0', '/abc', '/99999999999999999999', '/%00', `/${number}x`]) {
      assert.equal((await desk.ask(`/workspace/tickets${path}`)).status, 404, path)
    }
    assert.equal((await desk.ask(`/workspace/tickets?page=9999&show=x&q=${'%F0%9F%98%80'.repeat(90)}`)).status, 200)
    assert.equal((await visitor().ask(page.url.pathname, { act: 'end' })).status, 403, 'a forged form')
  })

  test('of two at the desk the second is told, and keeps their words', async () => {
    const number = numberOf(await ask(visitor(), { email: 'two@pharmacy.example' }))
    const admin = await as(ADMIN)
    const stale = await admin.open(`/workspace/tickets/${number}`)
    await act(desk, number, { act: 'reply', 'reply-words': 'The first answer' })
    const late = await act(admin, number, { act: 'reply', 'reply-words': 'The second answer' }, stale)
    assert.equal(late.status, 409)
    assert.match(errorsOf(late)['thread'] ?? '', /Somebody has written or changed something/)
    assert.match(late.body, /The first answer[\s\S]*>The second answer<\/textarea>/)
    const change = { act: 'change', severity: 'low', category: 'how-to', link: '2000000001', assigned: ADMIN.email }
    assert.match(
      visible(await act(admin, number, change)),
      /How to do something Urgency Low .*Service 2000000001 With Adi Min/,
    )
    const wrong = await act(admin, number, { ...change, link: 'FZZ99', assigned: '' })
    assert.deepEqual(errorsOf(wrong), { link: 'We know no pharmacy and no service with this code' })
    const stranger = await act(admin, number, { ...change, assigned: LEAD.email })
    assert.deepEqual(errorsOf(stranger), { assigned: 'Select somebody who works on the desk' })
    const evidence = await act(admin, number, { act: 'close', 'close-words': 'x', evidence: 'javascript:alert(1)' })
    assert.match(errorsOf(evidence)['evidence'] ?? '', /Enter a web address/)
  })

  test('queues and searches show what belongs in them, what is late first', async () => {
    const page = await ask(visitor(), { email: 'late@pharmacy.example', about: 'FX999', message: 'An elderberry tree' })
    const number = numberOf(page)
    const listed = async (query: string) => {
      const { body } = await desk.open(`/workspace/tickets?${query}`)
      return [...body.matchAll(/tickets\/(\d+)">/g)].map(([, found]) => Number(found))
    }
    assert.ok(!(await listed('show=overdue')).includes(number))
    started.clock.set('2026-12-16T10:34:00Z')
    desk = await as(DESK)
    assert.ok((await listed('show=overdue')).includes(number))
    assert.match(visible(await desk.open(`/workspace/tickets/${number}`)), /Overdue/)
    for (const q of [String(number), `%23${number}`, 'FX999', 'elderberry', 'late%40pharmacy']) {
      assert.deepEqual(await listed(`q=${q}`), [number], q)
    }
    assert.ok((await listed('q=fx123')).length > 1)
    assert.deepEqual(await listed('q=%27%3B+drop+table+ticket'), [])
    await act(desk, number, { act: 'take' })
    assert.ok((await listed('show=mine')).includes(number))
    await act(desk, number, { act: 'reply', 'reply-words': 'Yes' })
    assert.ok(!(await listed('show=overdue')).includes(number))
    assert.ok((await listed('show=answered')).includes(number))
  })

  test('one mailbox is not flooded: beyond the limit nobody is written to', async () => {
    const given = { email: 'Flood@pharmacy.example' }
    for (let count = 0; count < 4; count += 1) assert.ok(numberOf(await ask(visitor(), given)))
    const refused = await ask(visitor(), { email: 'flood@pharmacy.example' })
    assert.equal(refused.status, 429)
    assert.match(errorsOf(refused)['message'] ?? '', /too many messages/)
    assert.match(refused.body, /Since Monday/)
    assert.equal((await arrived()).filter(({ to }) => /flood/i.test(to[0] ?? '')).length, 4)
  })

  test('a signed-in person is not asked who they are, and finds their tickets', async () => {
    const amina = await as(AMINA)
    const page = await ask(amina, { name: 'Somebody Else', email: 'else@pharmacy.example' })
    assert.match(
      visible(await desk.open(`/workspace/tickets/${numberOf(page)}`)),
      /Amina Khan, amina@nhs\.example \(was signed in\)/,
    )
    const list = await amina.open('/help/tickets')
    assert.match(list.body, new RegExp(`href="${page.url.pathname}"`))
    assert.match(visible(await visitor().open('/help/tickets')), /your ticket is at the link in our email/)
    await arrived()
  })

  test('email raises a ticket, a reply joins its thread once, and machines are never answered', async () => {
    const mail = (id: string, more: readonly string[] = []) => [
      'From: "Idris Calloway" <idris@pharmacy.example>',
      `To: ${HELP}`,
      `Message-ID: <${id}@pharmacy.example>`,
      'Subject: =?utf-8?q?Who_gives_me_acc=C3=A8s=3F?=',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      ...more,
    ]
    assert.equal((await handIn([...mail('a'), '', 'I am new.'], 'wrong')).status, 401)
    const raised = await handIn([...mail('a'), '', 'I am new.', '', 'Idris'])
    assert.equal(raised.outcome, 'raised')
    const number = Number(raised.ticket)
    assert.deepEqual(await handIn([...mail('a'), '', 'I am new.']), { status: 200, outcome: 'repeat', ticket: null })
    const [received] = await arrived()
    assert.deepEqual(received?.to, ['idris@pharmacy.example'])
    const replyTo = received.mail.replyTo?.[0]?.address ?? ''
    assert.match(
      visible(await desk.open(`/workspace/tickets/${number}`)),
      /by email.*Idris Calloway wrote by email .* Who gives me accès\? I am new\. Idris/,
    )

    const quoted = (received.mail.text ?? '').split('\n').map((line) => `> ${line}`)
    const reply = (id: string, words: string, more: readonly string[] = []) => [
      ...mail(id, [...more, 'In-Reply-To: <x>']).map((line) =>
        line.startsWith('To:') ? `To: ${replyTo.toUpperCase()}` : line,
      ),
      '',
      words,
      '',
      'On Thu, 10 Dec 2026 at 10:34, Signpost <no-reply@signpost.example> wrote:',
      ...quoted,
    ]
    await act(desk, number, { act: 'reply', 'reply-words': 'Your owner does.' })
    await arrived()
    const added = await handIn(reply('b', 'Who is that?'))
    assert.deepEqual(added, { status: 200, outcome: 'added', ticket: number })
    assert.deepEqual(await handIn(reply('b', 'Who is that?')), { status: 200, outcome: 'repeat', ticket: number })
    const shown = await desk.open(`/workspace/tickets/${number}`)
    assert.match(visible(shown), /Waits for us.*Who is that\?/)
    assert.doesNotMatch(shown.body, /Anybody who has this link/, 'what it quotes is left out')

    // The token stands in the quotation too, for mail systems that know no plus in an address.
    const plain = reply('c', 'Thanks').map((line) => (line.startsWith('To:') ? `To: ${HELP}` : line))
    assert.equal((await handIn(plain)).outcome, 'added')
    const forged = reply('d', 'Let me in').map((line) => line.replaceAll(/\.[0-9a-f]{24}/gi, `.${'0'.repeat(24)}`))
    assert.equal((await handIn(forged)).outcome, 'raised', 'without the token it is a ticket of its own')
    await arrived()

    for (const header of [
      'Auto-Submitted: auto-replied',
      'Precedence: bulk',
      'List-Id: <x>',
      'X-Auto-Response-Suppress: All',
    ]) {
      assert.equal(
        (await handIn([...mail(header.slice(0, 6), [header]), '', 'Out of office'])).outcome,
        'automatic',
        header,
      )
    }
    const away = await handIn(reply('e', 'I am away', ['Auto-Submitted: auto-replied']))
    assert.deepEqual(away, { status: 200, outcome: 'automatic', ticket: number })
    for (const from of [HELP, 'no-reply@signpost.example', 'nobody']) {
      const ours = mail('f').map((line) => (line.startsWith('From:') ? `From: ${from}` : line))
      assert.equal((await handIn([...ours, '', 'x'])).outcome, 'ignored', from)
    }
    assert.equal(
      (await handIn([...mail('g').map((line) => line.replace('idris', 'mailer-daemon')), '', 'x'])).outcome,
      'automatic',
    )
    assert.deepEqual(await arrived(), [], 'nobody is sent anything')
    const notes = visible(await desk.open(`/workspace/tickets/${number}`))
    assert.match(notes, /An automatic reply by email noted Only for the desk .* I am away/)

    await act(desk, number, { act: 'close', 'close-words': 'Done' })
    assert.equal((await handIn(reply('h', 'Not yet'))).outcome, 'reopened')
    const html = [
      ...mail('i').map((line) => line.replace('text/plain', 'text/html')),
      '',
      '<style>p{}</style><p>Hello &amp; <b>goodbye</b></p><script>alert(1)</script>',
    ]
    const written = await handIn(html)
    assert.match(visible(await desk.open(`/workspace/tickets/${written.ticket}`)), /Hello & goodbye/)
    const odd = await started.app.inject({
      method: 'POST',
      url: '/api/help-desk/email',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'text/plain' },
      payload: 'x',
    })
    assert.equal(odd.statusCode, 415)
    assert.equal((await handIn(['\u0000\u0001', '', '\u0000'])).outcome, 'ignored')
  })

  test('every page asks what is wrong with it, and keeps neither who looks nor who says so', async () => {
    const someone = visitor()
    const page = await someone.open('/pharmacies/FX123/print?from=M33')
    const href = /<a href="(\/help\/feedback[^"]*)"/.exec(page.body)?.[1] ?? assert.fail('no link')
    assert.equal(href, '/help/feedback?page=%2Fpharmacies%2FFX123%2Fprint')
    const secret = await ask(visitor(), { email: 'secret@pharmacy.example' })
    assert.match(secret.body, /href="\/help\/feedback\?page=%2Fhelp%2Ftickets%2F\*%2F\*"/)
    const form = await someone.open(href)
    assert.doesNotMatch(form.body, /Is there something wrong with this page\?<\/a>/)
    assert.deepEqual(errorsOf(await send(someone, form, '/help/feedback', { message: '' })), {
      message: 'Enter what is wrong with the page',
    })
    for (const message of ['The pin is wrong', 'The phone is wrong']) {
      assert.match(visible(await send(someone, form, '/help/feedback', { message })), /Thank you/)
    }
    for (const wrong of [
      '//evil.example',
      'https://evil.example',
      '/x?token=1',
      `/${'x'.repeat(200)}`,
      '/"><script>',
    ]) {
      const shown = await someone.open(`/help/feedback?${new URLSearchParams({ page: wrong, done: 'sent' })}`)
      assert.doesNotMatch(shown.body, /evil|token=1|xxxx|"><script>/, wrong)
    }
    const list = await desk.open('/workspace/tickets/feedback')
    assert.match(visible(list), /\/pharmacies\/FX123\/print : 2/)
    const [id = ''] = /feedback\/\d+(?=")/.exec(list.body) ?? []
    const after = await send(desk, list, id, {})
    assert.match(visible(after), /It is off the list\..*\/pharmacies\/FX123\/print : 1/)
    const again = await desk.ask(`/workspace/tickets/${id}`, {
      _csrf: /name="_csrf" value="([^"]*)"/.exec(list.body)?.[1] ?? '',
    })
    assert.equal(again.status, 404)
  })

  test('a suggestion is seen once the desk lets it, people vote once, and only when they are signed in', async () => {
    const someone = visitor()
    const wish = { title: 'Show car parks', message: 'For people who drive.' }
    const form = await someone.open('/help/wishlist/suggest')
    assert.deepEqual(Object.keys(errorsOf(await send(someone, form, '/help/wishlist/suggest', {}))), [
      'title',
      'message',
    ])
    assert.match(visible(await send(someone, form, '/help/wishlist/suggest', wish)), /looks at your suggestion/)
    assert.doesNotMatch(visible(await someone.open('/help/wishlist')), /car parks/)
    const amina = await as(AMINA)
    const csrf = { _csrf: /name="_csrf" value="([^"]*)"/.exec((await amina.open('/help/ask')).body)?.[1] ?? '' }
    assert.equal((await amina.ask('/help/wishlist/1/vote', csrf)).status, 404, 'nobody votes for what is not shown')

    const at = '/workspace/tickets/wishlist/1'
    const stale = await desk.open(at)
    const decision = { state: 'planned', answer: 'In the spring.', message: 'For people who drive or cycle.' }
    assert.match(visible(await send(desk, stale, at, decision)), /Your decision is kept/)
    const late = await send(desk, stale, at, { state: 'not-doing' })
    assert.equal(late.status, 409)
    assert.match(errorsOf(late)['state'] ?? '', /Somebody else has decided/)
    const list = visible(await someone.open('/help/wishlist'))
    assert.match(
      list,
      /Show car parks Planned For people who drive or cycle\. From the service desk: In the spring\. 0 votes/,
    )
    const out = await someone.ask('/help/wishlist/1/vote', {
      _csrf: /name="_csrf" value="([^"]*)"/.exec(form.body)?.[1] ?? '',
    })
    assert.match(out.headers.get('location') ?? '', /^\/sign-in\?/)

    for (let times = 0; times < 2; times += 1) await amina.open('/help/wishlist/1/vote', { ...csrf, vote: 'yes' })
    assert.match(visible(await amina.open('/help/wishlist')), /1 vote, one of them yours/)
    const list2 = await amina.open('/help/wishlist?sort=new')
    assert.match(visible(await send(amina, list2, '/help/wishlist/1/vote')), /taken your vote back.* 0 votes/)
    await send(desk, await desk.open(at), at, { state: 'refused' })
    assert.doesNotMatch(visible(await someone.open('/help/wishlist')), /car parks/)
  })

  test('long after a ticket was closed, who asked is forgotten, and their link with it', async () => {
    const rosa = visitor()
    const page = await ask(rosa, { email: 'forget@pharmacy.example', name: 'For Getme', message: 'A tamarind' })
    const number = numberOf(page)
    await mine(rosa, page, { act: 'end' })
    await arrived()
    const DAY_MS = 86_400_000
    const now = new Date(started.clock.now().getTime() + 365 * DAY_MS)
    await forgetRequesters(db, { now, keptDays: 365 })
    assert.equal((await rosa.ask(page.url.pathname)).status, 200, 'not a day too early')
    await forgetRequesters(db, { now: new Date(now.getTime() + 1), keptDays: 365 })
    assert.equal((await rosa.ask(page.url.pathname)).status, 404)
    assert.match(
      visible(await desk.open(`/workspace/tickets/${number}`)),
      /From Forgotten.*Whoever asked wrote .* A tamarind/,
    )
    const tables = ['ticket', 'ticket_message', 'email_sent'] as const
    for (const table of tables) {
      const rows = await db.pool.selectFrom(table).selectAll().execute()
      assert.doesNotMatch(JSON.stringify(rows), /forget@|Getme/, table)
    }
  })
})
