/** Emails from the transaction that causes them to the mail server that takes them, or does not. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emailJobs, queueEmail } from '#src/emails/email-jobs.ts'
import { type RequestReceived, writeRequestReceived } from '#src/emails/request-received.ts'
import type { Db } from '#src/platform/db/db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import { type Mailer, noMailer } from '#src/platform/mail/mail.ts'
import { smtpMailer } from '#src/platform/mail/smtp.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { type MailServer, startMailServer } from '#test/support/mail-server.ts'

const BASE_URL = 'http://localhost:3000'
const FROM = 'Signpost <no-reply@signpost.example>'
const FACTS: RequestReceived = {
  kind: 'request-received',
  requestId: 7,
  recipient: 'amina.khan@nhsmail.example',
  name: 'Amina Khan',
  pharmacyName: 'Hill & Sons',
  odsCode: 'FZ010',
  message: 'Our <b>blood pressure</b> service is missing.\nPlease add it.\r\nAddress: http://evil.example',
  requestedAt: '2026-12-11T10:34:00.000Z',
}

const silent = createLog('silent')
const closing: { close(): Promise<void> }[] = []
after(async () => {
  for (const each of closing) await each.close()
})

async function mailServer(): Promise<{ server: MailServer; mailer: Mailer }> {
  const server = await startMailServer()
  const mailer = smtpMailer(server.url, FROM)
  closing.push(mailer, server)
  return { server, mailer }
}

const queue = (db: Db, facts = FACTS) => db.transact((tx) => queueEmail(tx, facts))
const jobsOf = (db: Db) => db.pool.selectFrom('job').selectAll().where('queue', '=', 'email').execute()
const sentTo = (db: Db) => db.pool.selectFrom('email_sent').selectAll().execute()

onBothDatabases((_kind, open) => {
  test('sends what was asked, in words for people and for programs', async () => {
    const db = await open()
    const { server, mailer } = await mailServer()
    const clock = fixedClock('2026-12-11T10:34:30Z')
    assert.equal(await queue(db), true)
    await doReadyJobs(db, emailJobs({ db, clock, mailer, baseUrl: BASE_URL }), { log: silent, clock })
    const [{ to, mail } = assert.fail('nothing arrived')] = server.arrived
    assert.deepEqual(to, ['amina.khan@nhsmail.example'])
    assert.equal(mail.subject, 'Your request R00007: a service of Hill & Sons is missing')
    assert.equal(mail.from?.address, 'no-reply@signpost.example')
    assert.match(mail.text ?? '', /You told us on Friday 11 December 2026 at 10:34am that a DoS service of Hill & Sons/)
    assert.match(mail.text ?? '', /^> Our <b>blood pressure<\/b> service is missing\.$/m)
    assert.match(mail.text ?? '', /^http:\/\/localhost:3000\/manage\/FZ010$/m)
    assert.match(mail.html ?? '', /Our &lt;b&gt;blood pressure&lt;\/b&gt; service/)
    assert.match(mail.html ?? '', /<a href="http:\/\/localhost:3000\/manage\/FZ010"/)
    assert.doesNotMatch(mail.html ?? '', /href="http:\/\/evil/, 'what somebody wrote is no link of ours')
    const [row] = await sentTo(db)
    assert.deepEqual(
      [row?.event, row?.recipient, row?.sent_at, row?.body.trim()],
      ['request-received 7', 'amina.khan@nhsmail.example', '2026-12-11T10:34:30.000Z', mail.text?.trim()],
    )
  })

  test('sends each email once, however often it is queued or its job runs', async () => {
    const db = await open()
    const { server, mailer } = await mailServer()
    const clock = fixedClock()
    const handlers = emailJobs({ db, clock, mailer, baseUrl: BASE_URL })
    assert.equal(await queue(db), true)
    assert.equal(await queue(db), false, 'the same event and recipient')
    await doReadyJobs(db, handlers, { log: silent, clock })
    await handlers.email({ id: 1, queue: 'email', payload: FACTS, attempts: 2, maxAttempts: 40 })
    await queue(db, { ...FACTS, recipient: 'ben.okafor@nhsmail.example' })
    await doReadyJobs(db, handlers, { log: silent, clock })
    assert.deepEqual(server.arrived.flatMap(({ to }) => to).sort(), [
      'amina.khan@nhsmail.example',
      'ben.okafor@nhsmail.example',
    ])
    assert.equal(new Set(server.arrived.map(({ mail }) => mail.messageId)).size, 2)
  })

  test('sends nothing when the transaction that caused it failed', async () => {
    const db = await open()
    const failing = db.transact(async (tx) => {
      await queueEmail(tx, FACTS)
      throw new Error('the request was not stored')
    })
    await assert.rejects(failing, /not stored/)
    assert.deepEqual(await jobsOf(db), [])
  })

  test('tries again after a 451, and sends when the server takes it', async () => {
    const db = await open()
    const { server, mailer } = await mailServer()
    const clock = fixedClock('2026-12-11T10:34:00Z')
    const handlers = emailJobs({ db, clock, mailer, baseUrl: BASE_URL })
    await queue(db)
    server.answerWith(451)
    await doReadyJobs(db, handlers, { log: silent, clock })
    const [waiting] = await jobsOf(db)
    assert.equal(waiting?.dead_at, null)
    assert.match(waiting?.last_error ?? '', /451/)
    assert.deepEqual(await sentTo(db), [])
    server.answerWith(0)
    clock.set('2026-12-11T10:35:00Z')
    await doReadyJobs(db, handlers, { log: silent, clock })
    assert.equal(server.arrived.length, 1)
    assert.equal((await sentTo(db)).length, 1)
  })

  test('gives up at once after a 550, and the job says why', async () => {
    const db = await open()
    const { server, mailer } = await mailServer()
    const clock = fixedClock()
    await queue(db)
    server.answerWith(550)
    await doReadyJobs(db, emailJobs({ db, clock, mailer, baseUrl: BASE_URL }), { log: silent, clock })
    const [dead] = await jobsOf(db)
    assert.notEqual(dead?.dead_at, null)
    assert.match(dead?.last_error ?? '', /refused the message \(550\)/)
    assert.deepEqual(await sentTo(db), [])
  })

  test('waits while the mail server is down', async () => {
    const db = await open()
    const { server, mailer } = await mailServer()
    const clock = fixedClock()
    await server.close()
    await queue(db)
    await doReadyJobs(db, emailJobs({ db, clock, mailer, baseUrl: BASE_URL }), { log: silent, clock })
    const [waiting] = await jobsOf(db)
    assert.equal(waiting?.dead_at, null)
    assert.equal(waiting?.attempts, 1)
    assert.match(waiting?.last_error ?? '', /did not take the message/)
  })

  test('without a mail server the email is kept where people can read it', async () => {
    const db = await open()
    const clock = fixedClock()
    await queue(db)
    await doReadyJobs(db, emailJobs({ db, clock, mailer: noMailer, baseUrl: BASE_URL }), { log: silent, clock })
    assert.match((await sentTo(db))[0]?.body ?? '', /^Hello Amina Khan$/m)
  })

  test('an email of an unknown kind is given up, not tried for ever', async () => {
    const db = await open()
    const { email } = emailJobs({ db, clock: fixedClock(), mailer: noMailer, baseUrl: BASE_URL })
    const payload = { kind: 'from-another-version' }
    await assert.rejects(email({ id: 1, queue: 'email', payload, attempts: 1, maxAttempts: 40 }), { name: 'GiveUp' })
  })
})

const subjects: [facts: Partial<RequestReceived>, subject: string, first: RegExp][] = [
  [{}, 'a service of Hill & Sons is missing', /10:34am that a DoS service of Hill & Sons \(FZ010\) is missing\./],
  [{ missing: 'pharmacy' }, 'Hill & Sons is missing', /your pharmacy Hill & Sons \(FZ010\) is missing\./],
  [{ missing: 'pharmacy', odsCode: '' }, 'Hill & Sons is missing', /your pharmacy Hill & Sons is missing\./],
  [{ pharmacyName: 'Hill\r\nBcc: x@y.z' }, 'a service of Hill Bcc: x@y.z is missing', /service of Hill Bcc: x@y\.z/],
]
for (const [facts, subject, first] of subjects) {
  test(`writes about ${JSON.stringify(facts)}`, () => {
    const email = writeRequestReceived({ ...FACTS, ...facts }, BASE_URL)
    assert.equal(email.subject, `Your request R00007: ${subject}`)
    assert.match(email.text, first)
  })
}

test('a pharmacy’s name cannot add headers to an email', async () => {
  const { server, mailer } = await mailServer()
  const subject = 'Hello\r\nBcc: evil@evil.example'
  await mailer.send({ to: 'a@nhs.net', subject, text: 'x', html: '<p>x</p>', messageId: '<1@here>' })
  const [{ to, mail } = assert.fail('nothing arrived')] = server.arrived
  assert.deepEqual(to, ['a@nhs.net'])
  assert.equal(mail.bcc, undefined)
})
