/** A receptionist hands the public details of a service to a patient: by email, after two mistakes, on paper, as a square. */
import type { Page } from '@playwright/test'
import { expect, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  keepPicture,
  thenTheyAreAskedTo,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

const PATIENT = 'sam.patient@mail.example'

/** From the page of the service, by one of the ways of the form. */
async function whenTheyChoose(page: Page, way: string): Promise<void> {
  await page.getByRole('radio', { name: way, exact: true }).check()
  await whenTheyPress(page, 'Continue')
}

test('a receptionist sends a patient where to go', { tag: '@phone' }, async ({ page }) => {
  await givenSignedIn(page, 'Grace Hill', '/finder')
  await page.goto('/finder/results?need=pharmacy&place=M1')
  await page.locator('#result-1').getByRole('link').first().click()
  await whenTheyFollow(page, 'Send the public details to a patient')
  const form = page.url()
  const address = page.getByLabel('The patient’s email address')
  await page.getByRole('radio', { name: 'Email', exact: true }).check()
  await address.fill('sam.patient@')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Enter an email address in the correct format, like name@example.com')
  await expect(address).toHaveValue('sam.patient@')
  await address.fill(PATIENT)
  await whenTheyPress(page, 'Continue')
  await expect(page.getByRole('group', { name: 'The words of the email' })).toContainText('Opening times')
  await keepPicture(page, 'share-preview')
  await whenTheyPress(page, 'Send')
  await thenTheyAreAskedTo(page, 'Confirm that the patient has agreed')
  await page.getByRole('checkbox', { name: /^The patient has agreed/ }).check()
  await whenTheyPress(page, 'Send')
  await expect(page.getByText('Email to s…@mail.example')).toBeVisible()
  for (const [way, heading] of [
    ['Print on paper', 'Print for a patient'],
    ['Show a QR code', 'Show a QR code'],
  ] as const) {
    await page.goto(form)
    await whenTheyChoose(page, way)
    await expect(page.getByRole('heading', { level: 1 })).toContainText(heading)
  }
})
