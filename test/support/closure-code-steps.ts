/** Closing without signing in, in tests: the real product, a real mail server, and a telephone that rings nowhere. */
import assert from 'node:assert/strict'
import { loadOwners } from '#src/access/members.ts'
import { codeDigits } from '#src/accounts/one-time-codes.ts'
import { TELL_OF_CODE, tellOfCode } from '#src/closures/by-code/tell-of-use.ts'
import { phonePage } from '#src/demo/phone.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { doReadyJobs, type JobHandler } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import { smtpMailer } from '#src/platform/mail/smtp.ts'
import type { Phone } from '#src/platform/phone/phone.ts'
import { phoneJobs } from '#src/platform/phone/phone-jobs.ts'
import { simulatedPhone } from '#src/platform/phone/simulated-phone.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { type Browser, openBrowser, type Page } from './browser.ts'
import { aProfile, aService } from './builders.ts'
import { pageDatabase } from './databases.ts'
import { startMailServer } from './mail-server.ts'
import { storePharmacy } from './manage.ts'
import { BASE_URL } from './sign-in-steps.ts'
import { type StartedApp, startApp } from './start-app.ts'

/** A Friday morning. */
const NOW = Date.parse('2026-12-11T10:34:00.000Z')
export const HOME = '/close-without-sign-in'

/** Starts the product. Every case takes a pharmacy of its own (`aPharmacy`), so that limits do not meet. */
export async function startClosureCodeSteps(settings: Readonly<Record<string, string>> = {}) {
  const db: OpenDb = await openDb({ ...(await pageDatabase()), log: createLog('error') })
  const started: StartedApp = await startApp(db, {
    phone: { href: null },
    settings: { SHARED_MAILBOX_DOMAINS: 'nhs.example', ...settings },
    mountMore: (pages) => phonePage(pages, { db }),
  })
  const server = await startMailServer()
  const mailer = smtpMailer(server.url, 'Signpost <no-reply@signpost.example>')
  const { clock, config } = started
  let pharmacies = 0

  /** Does what the worker does. */
  const work = async (phone: Phone = simulatedPhone({ db, clock })): Promise<void> => {
    const codeOf = (codeId: string) => codeDigits(codeId, config.secretsPepper)
    const secrets = { codeOf, linkKeyOf: () => assert.fail('no link is asked for') }
    const handlers: Record<string, JobHandler> = {
      ...emailJobs({ db, clock, mailer, baseUrl: BASE_URL, secrets }),
      ...phoneJobs({ phone, clock, codeOf }),
      [TELL_OF_CODE]: (job) =>
        tellOfCode(
          {
            db,
            sharedMailboxDomains: config.sharedMailboxDomains,
            ownersOf: (tx, odsCode) => loadOwners(tx, odsCode, clock.now()),
          },
          job,
        ),
    }
    // One after the other: they arrive in the order in which they were sent.
    await doReadyJobs(db, handlers, { log: createLog('silent'), clock, concurrency: 1 })
  }
  const mailTo = async (address: string) => {
    await work()
    return server.arrived.filter(({ to }) => to.includes(address)).map(({ mail }) => mail)
  }
  const mailboxOf = (odsCode: string) => `pharmacy.${odsCode.toLowerCase()}@nhs.example`
  const codeInMailbox = async (odsCode: string): Promise<string> => {
    const mail = (await mailTo(mailboxOf(odsCode))).findLast(({ subject }) => subject?.startsWith('A code to close'))
    return /^(\d{6})$/m.exec(mail?.text ?? '')?.[1] ?? assert.fail(`no code arrived for ${odsCode}`)
  }
  const onPhone = async () => {
    await work()
    return await db.pool.selectFrom('phone_simulated').selectAll().orderBy('sent_at').orderBy('id').execute()
  }
  /** A pharmacy with a shared mailbox, a landline, and a mobile for colleagues. */
  const aPharmacy = async (given: Partial<Profile> = {}): Promise<string> => {
    pharmacies += 1
    const odsCode = given.odsCode ?? `FY${String(pharmacies).padStart(3, '0')}`
    const contact = {
      phone: '01632 960001',
      professionalPhone: `07700 900${String(100 + pharmacies)}`,
      professionalEmail: mailboxOf(odsCode),
    }
    const service = aService({ uid: 2_000_000_100 + pharmacies, odsCode })
    await storePharmacy(db, aProfile({ odsCode, contact, ...given }), [service])
    return odsCode
  }
  const browser = (from = '203.0.113.1'): Browser =>
    openBrowser(started.app, BASE_URL, new Map(), { 'x-forwarded-for': from })
  /** From the short address to the page that asks for the code. */
  const askForCode = async (visitor: Browser, odsCode: string, channel = 'mailbox'): Promise<Page> =>
    await visitor.submit(await visitor.open(`/close/${odsCode}`), `${HOME}/`, { channel })
  const enter = (visitor: Browser, page: Page, code: string): Promise<Page> =>
    visitor.submit(page, `${HOME}/code`, { code })
  return {
    db,
    started,
    server,
    work,
    mailTo,
    mailboxOf,
    codeInMailbox,
    onPhone,
    aPharmacy,
    browser,
    askForCode,
    enter,
    /** From nothing to the page that closes the pharmacy. */
    comeIn: async (visitor: Browser, odsCode: string): Promise<Page> =>
      await enter(visitor, await askForCode(visitor, odsCode), await codeInMailbox(odsCode)),
    close: (visitor: Browser, page: Page, given: Readonly<Record<string, string>> = {}): Promise<Page> =>
      visitor.submit(page, `${HOME}/pharmacy`, { ...FILLED_IN, ...given }),
    /** Minutes after the test's morning. */
    at: (minutes: number): void => clock.set(new Date(NOW + minutes * 60_000).toISOString()),
    stop: async (): Promise<void> => {
      await started.close()
      await mailer.close()
      await server.close()
      await db.close()
    },
  }
}

/** The form of closing, as a locum fills it in. */
export const FILLED_IN = {
  reason: 'Power or IT failure',
  'until-when': 'unknown',
  advice: 'Go to Boots on the High Street',
  name: 'Lee Morgan',
  phone: '07700 900 555',
}
