import type { APIRequestContext, Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  keepPicture,
  thenTheyAreAskedTo,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

test(
  'somebody without NHSmail signs in with a code, and out everywhere',
  { tag: '@phone' },
  async ({ page, browser, request }, info) => {
    const email = `hana.${info.workerIndex}.${info.retry}@chemist.example`

    await page.goto('/manage')
    await expectGoodPage(page)
    await keepPicture(page, 'sign-in')
    await whenTheyPress(page, 'Continue')
    await thenTheyAreAskedTo(page, 'Select how you sign in')
    await page.getByLabel('With a different email address').check()
    await whenTheyPress(page, 'Continue')
    await whenTheyEnter(page, 'What is your email address?', 'amina.khan@nhs.net')
    await thenTheyAreAskedTo(page, 'This is an NHSmail address. Sign in with NHSmail instead')
    await whenTheyEnter(page, 'What is your email address?', email)
    await expect(page.getByText(`We sent a code to ${email}`)).toBeVisible()
    await keepPicture(page, 'sign-in-code')

    await whenTheyEnter(page, 'Code', '')
    await thenTheyAreAskedTo(page, 'Enter the code from the email')
    const first = await codeIn(request, email, 1)
    await whenTheyEnter(page, 'Code', wrong(first))
    await thenTheyAreAskedTo(page, 'This is not the code we sent. Check the email and try again: you have 4 tries left')
    for (let guess = 2; guess <= 5; guess += 1) {
      await page.getByLabel('Code', { exact: true }).fill(wrong(first))
      await page.getByRole('button', { name: 'Continue' }).click()
    }
    await expectGoodPage(page)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ask for a new code')
    await whenTheyPress(page, 'Send a new code')
    await expect(page.getByRole('alert').getByText('We sent you a new code')).toBeVisible()
    await whenTheyEnter(page, 'Code', await codeIn(request, email, 2))

    await whenTheyEnter(page, 'Full name', '')
    await thenTheyAreAskedTo(page, 'Enter a full name')
    await page.getByLabel('Job role').fill('Dispenser')
    await whenTheyEnter(page, 'Full name', 'Hana Brown')
    await expect(page, 'a newcomer has no pharmacy yet').toHaveURL(/\/manage\/access$/)

    const elsewhere = await (await browser.newContext()).newPage()
    await elsewhere.goto('/account')
    await elsewhere.getByLabel('With a different email address').check()
    await whenTheyPress(elsewhere, 'Continue')
    await whenTheyEnter(elsewhere, 'What is your email address?', email)
    await whenTheyEnter(elsewhere, 'Code', await codeIn(request, email, 3))
    await expect(elsewhere).toHaveURL(/\/account$/)
    await expect.poll(() => mailbox(request, email)).toContain('New sign-in to your Signpost account')

    await whenTheyFollow(page, 'Hana Brown')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account')
    await expect(page.getByText('This one')).toBeVisible()
    await keepPicture(page, 'account')
    await whenTheyFollow(page, 'Change your name or job role')
    await whenTheyPress(page, 'Save')
    await whenTheyPress(page, 'Sign out everywhere')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You have signed out')
    await elsewhere.goto('/account')
    await expect(elsewhere.getByText('You were signed out')).toBeVisible()
    await expect(elsewhere.getByLabel('With a different email address'), 'their last choice').toBeChecked()
    await expectGoodPage(elsewhere)
  },
)

/** Fills one field and sends its form, from wherever in it they are. */
async function whenTheyEnter(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(text)
  await whenTheyPress(page, 'Continue')
}

const mailbox = async (request: APIRequestContext, email: string): Promise<string> =>
  (await request.get(`/demo/mailbox?to=${encodeURIComponent(email)}`)).text()

/** The latest code for this address, once so many have come. */
async function codeIn(request: APIRequestContext, email: string, count: number): Promise<string> {
  const codes = async () =>
    (await mailbox(request, email))
      .split('<h2')
      .filter((part) => part.includes('Your code to sign in') && part.includes(email))
      .flatMap((part) => />(\d{6})</.exec(part)?.[1] ?? [])
  await expect.poll(async () => (await codes()).length).toBe(count)
  tried.push(...(await codes()).filter((code) => !tried.includes(code)))
  return tried.at(-1) ?? ''
}
const tried: string[] = []

test('somebody who reads for long is warned before they are signed out, and stays', async ({ page }) => {
  const warning = page.getByRole('alert').filter({ hasText: 'You will be signed out soon' })
  if (test.info().project.name !== 'desktop') {
    await givenSignedIn(page, 'Amina Khan')
    await expect(warning, 'without script nothing warns, and nothing that cannot work is shown').toBeHidden()
    return
  }
  await page.clock.install()
  await givenSignedIn(page, 'Amina Khan')
  await page.clock.fastForward('24:00')
  await expect(warning).toBeHidden()
  await page.clock.fastForward('02:00')
  await expect(warning).toBeVisible()
  await whenTheyPress(page, 'Stay signed in')
  await expect(warning).toBeHidden()
  await page.clock.fastForward('26:00')
  await expect(warning).toBeVisible()
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Stay signed in' }).click()
  await expect(page.getByText('You are signed out. What you typed is still here')).toBeVisible()
  await expectGoodPage(page)
})

const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
