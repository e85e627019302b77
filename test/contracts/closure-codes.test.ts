/** The codes for closing without signing in: how they arrive, for how long they are good, and how many there are. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { PhoneRefused } from '#src/platform/phone/phone.ts'
import { simulatedPhone } from '#src/platform/phone/simulated-phone.ts'
import { type Browser, openBrowser } from '#test/support/browser.ts'
import { HOME, startClosureCodeSteps } from '#test/support/closure-code-steps.ts'
import { errorsOf, visible } from '#test/support/manage.ts'
import { BASE_URL } from '#test/support/sign-in-steps.ts'

const steps = await startClosureCodeSteps({ TRUSTED_PROXIES: '1' })
const { db, started, at, browser, aPharmacy, askForCode, enter, codeInMailbox } = steps
const { onPhone } = steps
after(() => steps.stop())

const CODE = 'signpost-closure-code'
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
const isIn = async (visitor: Browser) => (await visitor.ask(`${HOME}/pharmacy`)).status === 200

describe('by telephone', () => {
  test('a text goes to the mobile for colleagues, and a voice to the number of the public page', async () => {
    at(0)
    const odsCode = await aPharmacy()
    for (const [minute, channel, recipient, way, shown] of [
      [
        0,
        'text-professional',
        /^07700 900 \d{3}$/,
        'text',
        /We sent a code to the phone number that ends in 1\d\d \. It works/,
      ],
      [
        1,
        'call-public',
        /^01632 960 001$/,
        'call',
        /We are calling the phone number that ends in 001 \. A voice reads the code 3 times/,
      ],
      [2, 'call-professional', /^07700 900 \d{3}$/, 'call', /We are calling the phone number that ends in 1\d\d/],
    ] as const) {
      at(minute)
      const visitor = browser()
      const asked = await askForCode(visitor, odsCode, channel)
      assert.match(visible(asked), shown)
      assert.doesNotMatch(asked.body, /07700/, 'the number itself is shown to nobody')
      const message = (await onPhone()).at(-1) ?? assert.fail('nothing rang')
      assert.match(message.recipient, recipient)
      assert.equal(message.way, way)
      const code = /(\d{6}|\d(?:, \d){5})/.exec(message.words)?.[1]?.replaceAll(', ', '') ?? ''
      const form = await enter(visitor, asked, code)
      assert.equal(form.url.pathname, `${HOME}/pharmacy`, channel)
      const last = (await db.pool.selectFrom('audit').select('actor').orderBy('seq', 'desc').limit(1).execute())[0]
      assert.equal(last?.actor, `phone:${odsCode}`)
    }
    assert.match(visible(await browser().open('/demo/phone')), /Text message to 07700 900/)
  })

  test('neither the outbox nor anything else but the telephone holds the code', async () => {
    at(0)
    const odsCode = await aPharmacy()
    await askForCode(browser(), odsCode, 'text-professional')
    const said = (await onPhone()).find(({ words }) => words.includes(odsCode))?.words ?? ''
    const code = /\b\d{6}\b/.exec(said)?.[0] ?? assert.fail('no code')
    for (const table of ['job', 'one_time_code', 'closure_code', 'audit'] as const) {
      const rows = await db.pool.selectFrom(table).selectAll().execute()
      assert.doesNotMatch(JSON.stringify(rows), new RegExp(`\\b${code}\\b`), table)
    }
  })

  test('a provider that is down is tried again, one that refuses is not, and a late message is given up', async () => {
    at(0)
    const odsCode = await aPharmacy()
    let tries = 0
    const down = {
      sendText: async () => {
        tries += 1
        throw new Error('no line')
      },
      callAndSay: async () => {},
    }
    await askForCode(browser(), odsCode, 'text-professional')
    await steps.work(down)
    const jobs = () =>
      db.pool
        .selectFrom('job')
        .selectAll()
        .where('queue', '=', 'phone')
        .where('done_at', 'is', null)
        .orderBy('id')
        .execute()
    assert.deepEqual(
      (await jobs()).map(({ attempts, last_error }) => [attempts, last_error]),
      [[1, 'no line']],
    )
    at(1)
    await steps.work(simulatedPhone({ db, clock: started.clock }))
    assert.equal((await jobs()).length, 0, 'the second try went through')
    await askForCode(browser(), odsCode, 'text-professional')
    await steps.work({ ...down, sendText: async () => Promise.reject(new PhoneRefused('barred')) })
    assert.deepEqual(
      (await jobs()).map(({ attempts, last_error, dead_at }) => [attempts, last_error, dead_at !== null]),
      [[1, 'barred', true]],
    )
    at(2)
    await askForCode(browser(), odsCode, 'text-professional')
    at(13)
    await steps.work()
    assert.match((await jobs()).at(-1)?.last_error ?? '', /ran out/)
    assert.equal(tries, 1)
  })
})

describe('the code', () => {
  test('works in the browser that asked for it and in no other, and once', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const mine = browser()
    const asked = await askForCode(mine, odsCode)
    const code = await codeInMailbox(odsCode)
    const stranger = browser()
    const token = await stranger.open(HOME)
    const refused = await stranger.open(`${HOME}/code`, {
      _csrf: /name="_csrf" value="([^"]+)"/.exec(token.body)?.[1] ?? '',
      code,
    })
    assert.equal(refused.status, 400)
    assert.match(visible(refused), /Use the browser where you asked for the code/)
    const twin = mine.copy()
    assert.equal((await enter(mine, asked, code)).status, 200)
    const replayed = await enter(twin, asked, code)
    assert.equal(replayed.status, 422)
    assert.match(visible(replayed), /This code was used before/)
    assert.deepEqual([await isIn(mine), await isIn(twin), await isIn(stranger)], [true, false, false])
  })

  test('of two browsers that send it at once one is let in', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const mine = browser()
    const asked = await askForCode(mine, odsCode)
    const code = await codeInMailbox(odsCode)
    const twin = mine.copy()
    const answers = await Promise.all([enter(mine, asked, code), enter(twin, asked, code)])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422])
    const sessions = await db.pool.selectFrom('closure_session').selectAll().where('ods_code', '=', odsCode).execute()
    assert.equal(sessions.length, 1)
  })

  test('is not good after 10 minutes, after a later one, or after 5 wrong guesses', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const visitor = browser()
    const asked = await askForCode(visitor, odsCode)
    const first = await codeInMailbox(odsCode)
    at(10)
    assert.match(visible(await enter(visitor, asked, first)), /This code has run out/)
    const again = await visitor.submit(asked, '/new-code')
    assert.match(visible(again), /We sent a new code/)
    const second = await codeInMailbox(odsCode)
    assert.match(visible(await enter(visitor, again, first)), /not the code we sent.*4 tries left/)
    for (const left of ['3 tries', '2 tries', '1 try']) {
      const page = await enter(visitor, again, wrong(second))
      assert.equal(page.status, 422)
      assert.match(errorsOf(page)['code'] ?? '', new RegExp(`you have ${left} left`))
    }
    assert.match(visible(await enter(visitor, again, wrong(second))), /Ask for a new code/)
    assert.match(visible(await enter(visitor, again, second)), /Ask for a new code/)
    assert.equal(await isIn(visitor), false)
  })

  for (const [typed, message] of [
    ['', 'Enter the code'],
    ['12345', 'Code must be 6 numbers'],
    ['abcdef', 'Code must be 6 numbers'],
  ] as const) {
    test(`typed as ${JSON.stringify(typed)}: ${message}`, async () => {
      at(0)
      const visitor = browser()
      const page = await enter(visitor, await askForCode(visitor, await aPharmacy()), typed)
      assert.deepEqual([page.status, errorsOf(page)], [422, { code: message }])
    })
  }

  test('of sign-in is none of these, and these are none of sign-in', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const visitor = browser()
    const asked = await askForCode(visitor, odsCode)
    const code = await codeInMailbox(odsCode)
    visitor.setCookie('signpost-code', visitor.cookie(CODE) ?? '')
    const signIn = await visitor.open('/sign-in/email/code')
    assert.equal(signIn.status, 400, 'this browser asked for no code to sign in')
    const form = await visitor.open('/sign-in/email')
    const tried = await visitor.open('/sign-in/email/code', {
      _csrf: /name="_csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '',
      code,
    })
    assert.equal(tried.status, 400)
    assert.equal((await enter(visitor, asked, code)).status, 200)
  })
})

describe('floods', () => {
  test('five codes an hour from one network for one pharmacy, and a colleague elsewhere still gets theirs', async () => {
    at(0)
    const odsCode = await aPharmacy()
    for (let each = 0; each < 5; each += 1)
      assert.equal((await askForCode(browser('198.51.100.1'), odsCode)).status, 200)
    const sixth = await askForCode(browser('198.51.100.1'), odsCode)
    assert.equal(sixth.status, 429)
    assert.match(visible(sixth), /You cannot have another code yet/)
    const colleague = browser('198.51.100.2')
    const page = await askForCode(colleague, odsCode)
    assert.equal((await enter(colleague, page, await codeInMailbox(odsCode))).status, 200)
  })

  test('nobody elsewhere takes a code away by asking for another', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const locum = browser('198.51.100.11')
    const page = await askForCode(locum, odsCode)
    const code = await codeInMailbox(odsCode)
    await askForCode(browser('198.51.100.12'), odsCode)
    assert.equal((await enter(locum, page, code)).url.pathname, `${HOME}/pharmacy`)
  })

  test('ten an hour and thirty a day for one pharmacy, wherever they come from, at once or not', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const flood = async (hour: number) => {
      at(hour * 61)
      const asked = Array.from({ length: 12 }, (_, each) => askForCode(browser(`192.0.2.${hour * 20 + each}`), odsCode))
      return (await Promise.all(asked)).filter(({ status }) => status === 200).length
    }
    assert.deepEqual([await flood(0), await flood(1), await flood(2), await flood(3)], [10, 10, 10, 0])
    const sent = await db.pool.selectFrom('closure_code').selectAll().where('ods_code', '=', odsCode).execute()
    assert.equal(sent.length, 30)
    at(60 * 25)
    assert.equal((await askForCode(browser('192.0.2.201'), odsCode)).status, 200, 'the next day')
  })

  test('what is not on record counts too, and no number of browsers helps', async () => {
    at(0)
    const odsCode = await aPharmacy({ contact: {} })
    const statuses: number[] = []
    for (let each = 0; each < 12; each += 1)
      statuses.push((await askForCode(browser(`192.0.2.${each}`), odsCode)).status)
    assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 422), 429, 429])
  })

  test('thirty an hour from one network, whatever the pharmacies', async () => {
    at(0)
    let last = 200
    let sent = 0
    while (last === 200 && sent < 40) {
      last = (await askForCode(browser('2001:db8:1:2::'.concat(String(sent + 1))), await aPharmacy())).status
      if (last === 200) sent += 1
    }
    assert.deepEqual([sent, last], [30, 429])
  })
})

test('where there is no telephone, none is offered', async () => {
  const { startApp } = await import('#test/support/start-app.ts')
  const odsCode = await aPharmacy()
  const without = await startApp(db, { settings: { SHARED_MAILBOX_DOMAINS: 'nhs.example' } })
  const page = await openBrowser(without.app, BASE_URL).open(`/close/${odsCode}`)
  assert.match(page.body, /value="mailbox"/)
  assert.doesNotMatch(page.body, /value="(call|text)-/)
  await without.close()
})
