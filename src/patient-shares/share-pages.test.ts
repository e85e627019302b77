/** Sending details to a patient as a professional does it: the real app, its outbox, its sweep, and where an address lies. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import { type Mailer, MailRefused } from '#src/platform/mail/mail.ts'
import { simulatedPhone } from '#src/platform/phone/simulated-phone.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { formOf, openBrowser, signInAs } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { errorsOf, storePharmacy, visible } from '#test/support/manage.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'
import { shareJobs } from './deliver-share.ts'
import { forgetShares } from './forget-shares.ts'

const SEND = '/finder/services/2000000001/send'
const PATIENT = 'patient.of.ours@mail.example'
const MARKS = /PRIVATE|01632 960999/

describe('sending to a patient', () => {
  let db: OpenDb
  let started: StartedApp
  let browser: Browser
  /** What the mail server got, or why it takes nothing. */
  const mail: { got: { to: string; text: string }[]; fault: Error | null } = { got: [], fault: null }
  const lines: string[] = []
  const mailer: Mailer = {
    send: async (message) => {
      if (mail.fault) throw mail.fault
      mail.got.push(message)
    },
    close: async () => {},
  }
  const work = () => {
    const { clock, config } = started
    const deps = { db, clock, mailer, baseUrl: config.baseUrl, phone: simulatedPhone({ db, clock }) }
    return doReadyJobs(db, shareJobs(deps), { log: createLog('trace', (line) => lines.push(line)), clock })
  }
  const press = (fields: Readonly<Record<string, string>>): Promise<Page> =>
    browser.open(SEND).then((page) => browser.submit(page, SEND, { 'part-address': 'yes', ...fields }))
  const sendTo = async (email: string): Promise<Page> =>
    browser.submit(await press({ means: 'email', 'patient-email': email }), '/send/now', { consent: 'yes' })
  /** Every text that any table of the database holds. */
  const everything = async (): Promise<string> => {
    const tables = ['job', 'audit', 'email_sent', 'patient_share', 'phone_simulated', 'draft'] as const
    const rows = await Promise.all(tables.map((table) => db.pool.selectFrom(table).selectAll().execute()))
    return JSON.stringify(rows)
  }

  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    const service = aService({
      nonPublicPhone: '01632 960999',
      email: 'PRIVATE@nhs.example',
      referralInformation: 'PRIVATE referral',
      publicInformation: 'PRIVATE clinical words',
    })
    await storePharmacy(db, aProfile({ ownerName: 'PRIVATE owner' }), [
      service,
      aService({ uid: 2_000_000_009, odsCode: null, name: 'Walk-in', typeId: 14, status: 'CLOSED' }),
    ])
    started = await startApp(db, { phone: { href: null }, settings: { RATE_LIMIT_SHARES_RECIPIENT_DAY: '2' } })
    browser = openBrowser(started.app, started.config.baseUrl)
    const grants = [{ role: 'professional', scope: '' }] as const
    await signInAs(browser, { email: 'ivy@nhs.example', grants }, { db, clock: started.clock })
  })
  after(async () => {
    await started.close()
    await db.close()
  })

  const wrong: readonly (readonly [fields: Record<string, string>, errors: Record<string, RegExp>, because: string])[] =
    [
      [{ 'part-address': '' }, { 'part-address': /at least one/, means: /how the patient/ }, 'nothing is chosen'],
      [{ means: 'email' }, { 'patient-email': /Enter an email/ }, 'no address'],
      [
        { means: 'email', 'patient-email': 'a@b.example, c@d.example' },
        { 'patient-email': /correct/ },
        'two addresses',
      ],
      [{ means: 'text', 'patient-mobile': '01632 960001' }, { 'patient-mobile': /mobile/ }, 'no mobile'],
      [{ means: 'pigeon' }, { means: /how the patient/ }, 'a means that is not offered'],
    ]
  for (const [fields, errors, because] of wrong) {
    test(`says what is wrong: ${because}`, async () => {
      const page = await press(fields)
      assert.equal(page.status, 422)
      const found = errorsOf(page)
      assert.deepEqual(Object.keys(found), Object.keys(errors))
      for (const [field, words] of Object.entries(errors)) assert.match(found[field] ?? '', words)
    })
  }

  test('what is previewed is what is sent; the address is forgotten at once, and stands nowhere else', async () => {
    const preview = await press({ means: 'email', 'patient-email': PATIENT, 'part-hours': 'yes' })
    assert.match(visible(preview), /exactly what the patient gets[\s\S]*1 High Street[\s\S]*Today, Friday 11 December/)
    assert.doesNotMatch(preview.body, MARKS)
    const unticked = await browser.submit(preview, '/send/now')
    assert.match(errorsOf(unticked)['consent'] ?? '', /has agreed/)
    const sent = await browser.submit(preview, '/send/now', { consent: 'yes' })
    assert.match(visible(sent), /on its way[\s\S]*On its way Email to p…@mail\.example, 10:34am today/i)
    await browser.submit(preview, '/send/now', { consent: 'yes' })
    assert.equal(await work(), 1, 'pressing twice sends once')

    const [message] = mail.got.splice(0)
    assert.equal(message?.to, PATIENT)
    const shown = visible(preview).replaceAll(/\s+/g, ' ')
    assert.ok(shown.includes((message?.text ?? '').replaceAll(/\s+/g, ' ').trim()), 'the very words of the preview')
    assert.doesNotMatch(message?.text ?? '', MARKS)
    const kept = await everything()
    assert.doesNotMatch(kept + lines.join(), /patient\.of\.ours/)
    assert.match(kept, /share with a patient[\s\S]*email[\s\S]*S-[0-9A-F]{8}/)
    assert.match(visible(await browser.open('/finder/sent')), /Sent Email to p…@mail\.example/)
  })

  test('the way back from the preview keeps what was chosen, and no address is in it', async () => {
    const preview = await press({ means: 'email', 'patient-email': PATIENT, 'part-hours': 'yes' })
    const back = /href="([^"]*)"[^>]*>\s*Change what to send/.exec(preview.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    assert.doesNotMatch(back, /patient/)
    const form = await browser.open(back)
    const ticked = [...form.body.matchAll(/<input[^>]* name="([^"]+)"[^>]* checked>/g)].map(([, name]) => name)
    assert.deepEqual(ticked, ['part-address', 'part-hours', 'means'])
    assert.deepEqual(errorsOf(form), {})
  })

  test('a failure is tried again, then shown to the sender, and carries the address nowhere', async () => {
    mail.fault = new Error(`451 try later <${PATIENT}>`)
    await sendTo('other.patient@mail.example')
    await work()
    assert.match(visible(await browser.open('/finder/sent')), /Trying again Email to o…@mail\.example/)
    mail.fault = new MailRefused('550 no such user <other.patient@mail.example>')
    started.clock.set('2026-12-11T10:35:00Z')
    await work()
    mail.fault = null
    assert.match(
      visible(await browser.open('/finder/sent')),
      /Not sent Email to o…@mail\.example[\s\S]*refused the address/,
    )
    assert.doesNotMatch((await everything()) + lines.join(), /other\.patient|patient\.of\.ours/)
  })

  test('one address is sent so much and no more, in clear words', async () => {
    await sendTo(PATIENT)
    const page = await sendTo(PATIENT.toUpperCase())
    assert.equal(page.status, 429)
    assert.match(
      errorsOf(page)['consent'] ?? '',
      /sent to this email address 2 times in the last 24 hours, which is the most\. You can print/,
    )
  })

  test('what waited for hours, because no worker ran, is not sent any more, and its address goes', async () => {
    await sendTo('late.patient@mail.example')
    const then = started.clock.now()
    started.clock.set(new Date(then.getTime() + 6 * 3_600_000).toISOString())
    await work()
    started.clock.set(then.toISOString())
    assert.deepEqual(mail.got.splice(0), [], 'the times of today would come tomorrow')
    assert.doesNotMatch(await everything(), /late\.patient/)
    assert.match(visible(await browser.open('/finder/sent')), /Not sent Email to l…@mail\.example/)
  })

  test('details that changed since the preview are shown again first', async () => {
    const preview = await press({ means: 'text', 'patient-mobile': '07700 900982' })
    assert.match(visible(preview), /From Signpost[\s\S]*We delete the number within 24 hours/)
    const page = await browser.submit(preview, '/send/now', { consent: 'yes', seen: 'other' })
    assert.match(errorsOf(page)['consent'] ?? '', /have changed/)
    await browser.submit(preview, '/send/now', { consent: 'yes' })
    await work()
    const text = await db.pool.selectFrom('phone_simulated').select('words').executeTakeFirstOrThrow()
    assert.match(text.words, /^From Signpost[\s\S]*Not for you\? Delete it, ref S-[\s\S]*1 High Street/)
    assert.doesNotMatch(text.words, MARKS)
  })

  test('paper and the square show public facts; the square leads to the public page', async () => {
    const sheet = await press({ means: 'print', 'part-phone': 'yes' })
    assert.match(visible(sheet), /1 High Street[\s\S]*01632 960001[\s\S]*\/pharmacies\/FX123/)
    const square = await press({ means: 'qr' })
    assert.match(square.body, /<svg[\s\S]*\/pharmacies\/FX123/)
    const open = await openBrowser(started.app, started.config.baseUrl).open('/pharmacies/FX123/print')
    assert.match(visible(open), /Print or scan[\s\S]*9am to 5pm/)
    for (const heading of ['How to get there', 'On a map']) {
      assert.equal(visible(open).split(heading).length, 2, `“${heading}” stands there once`)
    }
    for (const page of [sheet, square, open]) assert.doesNotMatch(page.body, MARKS)
  })

  test('nothing is sent of a service that is closed, nor by whoever may not use the finder', async () => {
    assert.match(visible(await browser.open('/finder/services/2000000009/send')), /not active/)
    const nobody = openBrowser(started.app, started.config.baseUrl)
    await signInAs(nobody, { email: 'new@nhs.example', grants: [] }, { db, clock: started.clock })
    assert.match(visible(await nobody.open(SEND)), /cannot see this page/)
  })

  test('before a day is over all of it is forgotten but the audit', async () => {
    const late = await press({ means: 'email', 'patient-email': PATIENT })
    started.clock.set('2026-12-12T10:10:00Z')
    const unsent = await browser.ask(`${SEND}/now`, { 'patient-email': PATIENT, ...formOf(late, '/send/now').hidden })
    assert.match(unsent.headers.get('location') ?? '', /sign-in/, 'the session is over')
    assert.ok((await forgetShares(db, started.clock.now())) >= 3)
    const { email_sent, texts, shares } = await db.pool
      .selectNoFrom(({ selectFrom }) => [
        selectFrom('email_sent')
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .as('email_sent'),
        selectFrom('phone_simulated')
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .as('texts'),
        selectFrom('patient_share')
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .as('shares'),
      ])
      .executeTakeFirstOrThrow()
    assert.deepEqual([email_sent, texts, shares].map(Number), [0, 0, 0])
    assert.doesNotMatch(await everything(), /patient\.of\.ours|900982|…/)
  })
})
