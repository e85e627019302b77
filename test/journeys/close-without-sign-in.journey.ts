import type { Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  keepPicture,
  thenTheyAreAskedTo,
  thenTheyAreTold,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

/** A pharmacy of no other journey. */
const PHARMACY = 'FZ00A'

/** The code that a voice said last, as whoever picks up the phone writes it down. */
async function whenSomebodyAnswersThePhone(page: Page): Promise<string> {
  const phone = await page.context().newPage()
  await expect(async () => {
    await phone.goto('/demo/phone')
    await expect(phone.getByRole('heading', { name: /^Call to/ }).first()).toBeVisible({ timeout: 1000 })
  }).toPass()
  await expectGoodPage(phone)
  const words = (await phone.locator('main').textContent()) ?? ''
  await phone.close()
  return /The code is: ([\d, ]+)\./.exec(words)?.[1]?.replaceAll(/\D/g, '') ?? ''
}

test('a locum without NHSmail closes a dark pharmacy by a call, and opens it again', { tag: '@phone' }, async ({
  page,
}) => {
  await page.goto('/sign-in')
  await whenTheyFollow(page, 'close it with a code')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Enter an ODS code')
  await page.getByLabel('What is the pharmacy’s ODS code?').fill(PHARMACY.toLowerCase())
  await whenTheyPress(page, 'Continue')

  await whenTheyPress(page, 'Send a code')
  await thenTheyAreAskedTo(page, 'Select where we should send the code')
  await page.getByLabel('Phone call to the pharmacy', { exact: true }).check()
  await keepPicture(page, 'close-where-to-send')
  await whenTheyPress(page, 'Send a code')
  await expect(page.getByText('the phone number that ends in')).toBeVisible()
  await page.getByLabel('Code', { exact: true }).fill('12')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Code must be 6 numbers')
  await page.getByLabel('Code', { exact: true }).fill(await whenSomebodyAnswersThePhone(page))
  await whenTheyPress(page, 'Continue')

  await expect(page.getByRole('heading', { level: 1 })).toContainText('Close the pharmacy now')
  await whenTheyPress(page, 'Close the pharmacy now')
  await thenTheyAreAskedTo(page, 'Select why the pharmacy is closed')
  await page.getByLabel('Power or IT failure').check()
  await page.getByLabel('Today').check()
  await page.getByLabel('Time', { exact: true }).first().fill('3pm')
  await page.getByLabel('Your name').fill('Lee Morgan')
  await page.getByLabel('Phone number where the NHS can reach you').fill('07700 900 555')
  await keepPicture(page, 'close-without-sign-in')
  await whenTheyPress(page, 'Close the pharmacy now')
  await thenTheyAreTold(page, 'The pharmacy is closed.')
  await keepPicture(page, 'closed-without-sign-in')

  await whenTheyFollow(page, 'See the public page')
  await expect(page.locator('.signpost-state--large')).toContainText('Closed')
  await page.goBack()

  await whenTheyPress(page, 'Change when it opens')
  await page.getByLabel('I do not know yet').check()
  await whenTheyPress(page, 'Save')
  await thenTheyAreTold(page, 'The time of reopening is changed.')

  await whenTheyPress(page, 'Open again now')
  await thenTheyAreTold(page, 'The closure is over.')
  await whenTheyPress(page, 'Finish')
  await whenTheyFollow(page, 'See the public page')
  await expect(page.locator('.signpost-state--large')).toContainText('Open')
  const refused = await page.goto(`/manage/${PHARMACY}`)
  expect(new URL(refused?.url() ?? '').pathname).toBe('/sign-in')
})
