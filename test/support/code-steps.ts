/** Signing in with codes in tests: the real product, and a real mail server that the codes arrive at. */
import assert from 'node:assert/strict'
import { codeDigits } from '#src/accounts/one-time-codes.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import { smtpMailer } from '#src/platform/mail/smtp.ts'
import { type Browser, openBrowser, type Page } from './browser.ts'
import { pageDatabase } from './databases.ts'
import { startMailServer } from './mail-server.ts'
import { BASE_URL } from './sign-in-steps.ts'
import { type StartedApp, startApp } from './start-app.ts'

const NOW = Date.parse('2026-12-11T10:34:00.000Z')

export type CodeSteps = Awaited<ReturnType<typeof startCodeSteps>>

/** Starts the product and a mail server. Every case takes an address of its own (`anew`), so that limits do not meet. */
export async function startCodeSteps() {
  const db: OpenDb = await openDb({ ...(await pageDatabase()), log: createLog('error') })
  const started: StartedApp = await startApp(db)
  const server = await startMailServer()
  const mailer = smtpMailer(server.url, 'Signpost <no-reply@signpost.example>')
  const { clock } = started
  let people = 0

  /** Does what the worker does, and says what arrived for this address. */
  const mailTo = async (address: string) => {
    const secrets = {
      codeOf: (codeId: string) => codeDigits(codeId, started.config.secretsPepper),
      linkKeyOf: () => assert.fail('no link is asked for'),
    }
    const jobs = emailJobs({ db, clock, mailer, baseUrl: BASE_URL, secrets })
    // One after the other: they arrive in the order in which they were sent.
    await doReadyJobs(db, jobs, { log: createLog('silent'), clock, concurrency: 1 })
    return server.arrived.filter(({ to }) => to.includes(address)).map(({ mail }) => mail)
  }
  const codeSentTo = async (address: string): Promise<string> => {
    const mail = (await mailTo(address)).findLast(({ subject }) => subject === 'Your code to sign in to Signpost')
    return /^(\d{6})$/m.exec(mail?.text ?? '')?.[1] ?? assert.fail(`no code arrived for ${address}`)
  }
  /** From the choice to the page that asks for the code. */
  const askForCode = async (from: Browser, email: string, returnTo = '/about'): Promise<Page> => {
    const choice = await from.open(`/sign-in?return=${encodeURIComponent(returnTo)}`)
    const address = await from.submit(choice, '/sign-in', { way: 'email' })
    return await from.submit(address, '/sign-in/email', { email })
  }
  const signInWithCode = async (from: Browser, email: string, returnTo?: string): Promise<Page> => {
    const page = await askForCode(from, email, returnTo)
    return await from.submit(page, '/sign-in/email/code', { code: await codeSentTo(email) })
  }
  const anew = (): string => {
    people += 1
    return `person-${people}@chemist.example`
  }
  return {
    db,
    started,
    mailTo,
    codeSentTo,
    askForCode,
    signInWithCode,
    anew,
    /** Minutes after the test's morning. */
    at: (minutes: number): void => clock.set(new Date(NOW + minutes * 60_000).toISOString()),
    browser: (userAgent = 'Firefox/145.0 (Linux)'): Browser =>
      openBrowser(started.app, BASE_URL, new Map(), { 'user-agent': userAgent }),
    /** Somebody who has signed in before, said who they are, and signed out. */
    aRegular: async (from: Browser): Promise<string> => {
      const email = anew()
      const details = await signInWithCode(from, email)
      await from.submit(details, '/account/details', { name: 'Hana Brown', 'job-role': 'Dispenser' })
      await from.submit(await from.open('/about'), '/sign-out')
      return email
    },
    close: async (): Promise<void> => {
      await started.close()
      await mailer.close()
      await server.close()
      await db.close()
    },
  }
}
