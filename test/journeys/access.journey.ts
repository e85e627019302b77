import type { Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  givenSomebodyElse,
  keepPicture,
  thenTheyAreAskedTo,
  thenTheyAreTold,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

/** A pharmacy that nobody looks after yet, and its shared mailbox. */
const UNCLAIMED = 'FZ03L'
const MAILBOX = 'pharmacy.fz03l@nhsmail.example'

/** All that the mailbox shows, once something for this address has arrived. */
async function whenSomebodyReadsTheMailOf(page: Page, recipient: string): Promise<string> {
  const mailbox = await page.context().newPage()
  await expect(async () => {
    await mailbox.goto('/demo/mailbox')
    await expect(mailbox.getByText(`To ${recipient}`).first()).toBeVisible({ timeout: 1000 })
  }).toPass()
  const words = (await mailbox.locator('main').textContent()) ?? ''
  await mailbox.close()
  return words
}

test('a newcomer asks for a pharmacy, reads the code in its shared mailbox, and is in', { tag: '@phone' }, async ({
  page,
}) => {
  await givenSignedIn(page, 'Gus Newman')
  await whenTheyPress(page, 'Ask for access')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Enter your job role')

  await page.getByLabel('Job role').fill('Pharmacy manager')
  await page.getByLabel('Which pharmacies?').fill('FZ03')
  await page.getByLabel('Owner').check()
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'ODS code must be 5 letters and numbers: “FZ03” is not')
  await page.getByLabel('Which pharmacies?').fill(` ${UNCLAIMED.toLowerCase()} `)
  await keepPicture(page, 'ask-for-access')
  await whenTheyPress(page, 'Continue')

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your request')
  await whenTheyPress(page, 'Ask for access')
  await thenTheyAreAskedTo(page, 'Confirm that you are allowed to act for these pharmacies')
  await page.getByLabel('I work for these pharmacies or run them').check()
  await whenTheyPress(page, 'Ask for access')
  await thenTheyAreTold(page, 'We have your request.')
  await page.getByLabel('Code').fill('12345')
  await page.getByRole('button', { name: 'Continue' }).click()
  await thenTheyAreAskedTo(page, 'Enter the 6 numbers of the code')
  await expectGoodPage(page)
  await keepPicture(page, 'enter-the-code')

  const mail = await whenSomebodyReadsTheMailOf(page, MAILBOX)
  const [, code = ''] = /they can ask for a new one:\s*(\d{6})/.exec(mail) ?? []
  await page.getByLabel('Code').fill(code)
  await page.getByRole('button', { name: 'Continue' }).click()
  await thenTheyAreTold(page, 'You can look after this pharmacy now.')
  await expectGoodPage(page)

  await whenTheyFollow(page, 'People and access')
  await expect(page.getByRole('heading', { name: 'Gus Newman (you)' })).toBeVisible()
  await expect(page.getByText('by the pharmacy’s shared mailbox')).toBeVisible()
  await whenTheyFollow(page, 'Leave this pharmacy')
  await expectGoodPage(page)
  await expect(page.getByText('You are the only owner. Make somebody else an owner first.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toHaveCount(0)
})

test('an owner invites a locum, who signs in, accepts and leaves again', { tag: '@phone' }, async ({
  page,
  browser,
}) => {
  await givenSignedIn(page, 'Amina Khan', '/manage/FZ0D1/people')
  await keepPicture(page, 'people-and-access')
  await whenTheyPress(page, 'Invite somebody')
  await page.getByLabel('Email address').fill('gus.newman')
  await whenTheyPress(page, 'Send invitation')
  await thenTheyAreAskedTo(page, 'Enter an email address in the correct format, like name@nhs.net')
  await page.getByLabel('Email address').fill('gus.newman@nhsmail.example')
  await page.getByLabel('Closure only').check()
  await whenTheyPress(page, 'Send invitation')
  await thenTheyAreTold(page, 'Your invitation is on its way.')
  await expectGoodPage(page)

  const gus = await givenSomebodyElse(browser, 'Gus Newman', '/manage')
  await whenTheyFollow(gus, 'Accept or decline')
  await whenTheyPress(gus, 'Accept')
  await thenTheyAreTold(gus, 'You can look after this pharmacy now.')
  await whenTheyFollow(gus, 'Leave this pharmacy')
  await whenTheyPress(gus, 'Leave')
  await thenTheyAreTold(gus, 'You have left the pharmacy.')
  await gus.context().close()

  await page.getByRole('link', { name: 'Change or remove Ellie Tran' }).click()
  await expectGoodPage(page)
  await whenTheyFollow(page, 'Remove their access')
  await whenTheyFollow(page, 'Cancel')
  await expect(page.getByRole('heading', { name: 'Ellie Tran' })).toBeVisible()
})

test('the leader of an area finds who waits for access, and says yes', { tag: '@phone' }, async ({ page }) => {
  await givenSignedIn(page, 'Ivy Stone')
  await page.getByRole('link', { name: 'Workspace', exact: true }).first().click()
  await expectGoodPage(page)
  await expect(page.getByRole('listitem').filter({ hasText: 'Requests for access' })).toContainText('1 waiting')
  await whenTheyFollow(page, 'Requests for access')
  await keepPicture(page, 'requests-for-access')
  await page.getByRole('link', { name: /\(FZ045\)$/ }).click()
  await expectGoodPage(page)
  await expect(page.getByText('Nobody owns the pharmacy’s profile yet.')).toBeVisible()
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Select yes or no')
  await page.getByLabel('No', { exact: true }).check()
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Enter why you say no')
  await page.getByLabel('Yes', { exact: true }).check()
  await keepPicture(page, 'decide-about-access')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreTold(page, 'They have access now.')
  await expectGoodPage(page)
})
