/** The steps of signing in that several tests take. */
import assert from 'node:assert/strict'
import type { Browser, Page } from './browser.ts'

/** Where people reach the product in tests. */
export const BASE_URL = 'http://localhost:3000'
export const SESSION = 'signpost-session'
export const AMINA = { email: 'amina.khan@nhsmail.example', name: 'Amina Khan', about: 'Owns one pharmacy' }

/** From the sign-in page to whatever page comes at the end. */
export async function signIn(browser: Browser, options: { email?: string; returnTo?: string } = {}): Promise<Page> {
  const query = options.returnTo ? `?return=${encodeURIComponent(options.returnTo)}` : ''
  const start = await browser.open(`/sign-in${query}`)
  const choice = await browser.submit(start, '/sign-in', { way: 'nhsmail' })
  assert.match(choice.body, /Who do you want to be/)
  return await browser.submit(choice, '/interaction/', { email: options.email ?? AMINA.email })
}

/** What an answer sets a cookie to, with its attributes; empty when it does not. */
export const cookieLine = (page: Page, name: string) =>
  page.headers.getSetCookie().find((line) => line.startsWith(`${name}=`)) ?? ''

/** Opens an answer of the provider that must sign nobody in, and say what to do. */
export async function expectProblem(browser: Browser, callback: URL, status: number, words: RegExp): Promise<void> {
  const before = browser.cookie(SESSION)
  const page = await browser.ask(callback.href)
  assert.equal(page.status, status)
  assert.match(page.body, words)
  assert.match(page.body, /href="\/sign-in"/, 'the page says how to start again')
  assert.equal(browser.cookie(SESSION), before, 'nobody is signed in by it')
}
