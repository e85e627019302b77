/** The emails about access, as they arrive at a mail server: the code works, and nothing of it is kept here. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { saveAsk } from '#src/access/ask-access.ts'
import { tryCode } from '#src/access/decide-request.ts'
import { saveInvitation } from '#src/access/invitations.ts'
import { isMailboxLinkKey, mailboxLinkKey } from '#src/access/mailbox-link.ts'
import { grantRole } from '#src/accounts/grants.ts'
import { codeDigits } from '#src/accounts/one-time-codes.ts'
import { grantsOf } from '#src/accounts/sessions.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { smtpMailer } from '#src/platform/mail/smtp.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { aProfile } from '#test/support/builders.ts'
import { onBothDatabases, testLog } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { startMailServer } from '#test/support/mail-server.ts'
import { storePharmacy } from '#test/support/manage.ts'

const PEPPER = 'p'.repeat(32)
const BASE_URL = 'http://localhost:3000'
const MAILBOX = 'pharmacy.fx123@nhs.net'
const EVIL_NAME = 'Hill\r\nBcc: evil@evil.example <b>&'
const closing: { close(): Promise<void> }[] = []
after(async () => {
  for (const each of closing) await each.close()
})

onBothDatabases((_kind, open) => {
  test('the code that arrives opens the pharmacy, and neither code nor link is kept in any table', async () => {
    const db = await open()
    const clock = fixedClock()
    const server = await startMailServer()
    const mailer = smtpMailer(server.url, 'Signpost <no-reply@signpost.example>')
    closing.push(mailer, server)
    await storePharmacy(db, aProfile({ name: EVIL_NAME, contact: { professionalEmail: MAILBOX } }))
    const now = clock.now()
    const person = { email: 'gus@nhs.net', name: 'Gus', created_at: now.toISOString() }
    const { id: personId } = await db.pool.insertInto('person').values(person).returning('id').executeTakeFirstOrThrow()
    const gus = { personId, email: person.email, name: person.name, grants: [] }
    const deps = {
      ...{ db, clock, pepper: PEPPER, baseUrl: BASE_URL, mailboxHref: null },
      holidays: () => holidayCalendar([]),
      sharedMailboxDomains: ['nhs.net'],
    }
    const ask = { name: '<i>Gus</i>\r\nBcc: evil@evil.example', jobRole: 'http://evil.example', role: 'owner' } as const
    const asked = await saveAsk(deps, gus, { ...ask, odsCodes: ['FX123'] })
    assert.ok(asked.ok)
    const [requestId = 0] = asked.value
    const secrets = {
      codeOf: (codeId: string) => codeDigits(codeId, PEPPER),
      linkKeyOf: (codeId: string) => mailboxLinkKey(codeId, PEPPER),
    }
    const handlers = emailJobs({ db, clock, mailer, baseUrl: BASE_URL, secrets })
    await doReadyJobs(db, handlers, { log: testLog, clock })

    const mail = server.arrived.find(({ to }) => to[0] === MAILBOX)?.mail ?? assert.fail('nothing arrived')
    assert.equal(mail.bcc, undefined)
    assert.equal(mail.subject, 'gus@nhs.net asks for access to Hill Bcc: evil@evil.example <b>& (FX123): a code')
    const code = /^(\d{6})$/m.exec(mail.text ?? '')?.[1] ?? assert.fail(mail.text)
    const [, linkId, linkKey = ''] = /\/confirm-access\/(\d+)\/(\S+)$/m.exec(mail.text ?? '') ?? []
    assert.equal(Number(linkId), requestId)
    assert.match(mail.html ?? '', new RegExp(`<a href="${BASE_URL}/confirm-access/${requestId}/${linkKey}"`))
    assert.doesNotMatch(mail.html ?? '', /<i>|<b>|href="http:\/\/evil/, 'what somebody wrote is text')

    const { code_id: codeId } = await db.pool.selectFrom('access_request').select('code_id').executeTakeFirstOrThrow()
    assert.ok(codeId && isMailboxLinkKey(linkKey, codeId, PEPPER))
    const kept = JSON.stringify([
      await db.pool.selectFrom('email_sent').selectAll().execute(),
      await db.pool.selectFrom('job').selectAll().execute(),
      await db.pool.selectFrom('one_time_code').selectAll().execute(),
      await db.pool.selectFrom('audit').selectAll().execute(),
    ])
    assert.ok(!kept.includes(linkKey), 'the link is nowhere')
    assert.doesNotMatch(kept, new RegExp(`\\b${code}\\b`), 'the code is nowhere')

    const tried = await tryCode(deps, gus, { requestId, code })
    assert.equal(tried?.outcome, 'approved')
    assert.deepEqual(await grantsOf(db.pool, gus.email, now), [{ role: 'owner', scope: 'ods:FX123' }])
    await doReadyJobs(db, handlers, { log: testLog, clock })
    const told = server.arrived.filter(({ to }) => to[0] === gus.email).map(({ mail: { subject } }) => subject)
    assert.deepEqual(
      told.map((subject) => subject?.slice(0, 23)),
      ['You asked for access to', 'You have access to Hill'],
    )
  })

  test('an invitation that arrives leads to a page and carries nothing that acts', async () => {
    const db = await open()
    const clock = fixedClock()
    const server = await startMailServer()
    const mailer = smtpMailer(server.url, 'Signpost <no-reply@signpost.example>')
    closing.push(mailer, server)
    await storePharmacy(db, aProfile())
    const now = clock.now()
    await grantRole(db, { email: 'amina@nhs.net', role: 'owner', scope: 'ods:FX123' }, { by: 'command:test', now })
    const grants = await grantsOf(db.pool, 'amina@nhs.net', now)
    const amina = { personId: 1, email: 'amina@nhs.net', name: 'Amina', grants }
    const invite = { email: 'cy@nhs.net', role: 'closure-only', lastDay: '2026-12-18' } as const
    const saved = await saveInvitation({ db, clock }, amina, 'FX123', invite)
    assert.ok(saved.ok)
    await doReadyJobs(db, emailJobs({ db, clock, mailer, baseUrl: BASE_URL }), { log: testLog, clock })
    const [{ to, mail } = assert.fail('nothing arrived')] = server.arrived
    assert.deepEqual(to, ['cy@nhs.net'])
    assert.equal(mail.subject, 'You are invited to look after Hill & Sons (FX123)')
    const links = [...(mail.text ?? '').matchAll(/http\S+/g)].map(([link]) => link)
    assert.deepEqual(links, [`${BASE_URL}/manage/invitations/${saved.value}`, `${BASE_URL}/contact`])
    assert.match(
      mail.text ?? '',
      /Your access will last until the end of 18 December 2026\.\nInvited by: amina@nhs\.net/,
    )
  })
})
