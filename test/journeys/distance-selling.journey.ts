/** A distance selling pharmacy's quarter: it reads, changes its staffed hours, says how it delivers, and has its receipt. */
import type { Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  keepPicture,
  thenTheyAreAskedTo,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

/** Imran Rahman's online pharmacy. */
const HUB = '/manage/FZ03G'

test('an online pharmacy changes its staffed hours and says how it delivers', { tag: '@phone' }, async ({ page }) => {
  await givenSignedIn(page, 'Imran Rahman', HUB)
  await thenNobodyIsAskedToTravel(page)
  await expect(page.getByRole('heading', { name: 'Staffed hours' })).toBeVisible()
  await keepPicture(page, 'distance-selling-hub')

  await page.goto(`${HUB}/opening-times`)
  await whenTheyPress(page, 'Change staffed hours')
  await thenNobodyIsAskedToTravel(page)
  await page.getByLabel('Staffed from on Monday', { exact: true }).fill('8am')
  await whenTheyPress(page, 'Continue')
  await expect(page.getByText('Distance Selling').first()).toBeVisible()
  await whenTheyPress(page, 'Save')
  await expect(page.getByRole('alert')).toContainText('Your staffed hours are saved')

  await whenTheyDeliver(page)
  await page.goto('/pharmacies/FZ03G')
  await expectGoodPage(page)
  await thenNobodyIsAskedToTravel(page)
  await expect(page.getByText('Free, by Royal Mail Tracked 24.')).toBeVisible()
  await expect(page.getByText(/What you order by 3pm/)).toBeVisible()
  await page.getByRole('heading', { name: 'How you get your medicines' }).scrollIntoViewIfNeeded()
  await keepPicture(page, 'distance-selling-public-page')
})

test('an online pharmacy is asked about help at a distance, and checks its quarter', { tag: '@phone' }, async ({
  page,
}) => {
  await givenSignedIn(page, 'Imran Rahman', `${HUB}/services/change`)
  await expect(page.getByRole('group', { name: /New Medicine Service/ })).toBeVisible()
  await expect(page.getByText('Needle and syringe exchange')).toHaveCount(0)
  await thenNobodyIsAskedToTravel(page)
  await page.goto(`${HUB}/facilities/change`)
  await expectGoodPage(page)
  await expect(page.getByText('Large-print labels').first()).toBeVisible()
  await expect(page.getByText('Wheelchair access')).toHaveCount(0)
  await keepPicture(page, 'distance-selling-facilities')

  await page.goto(`${HUB}/check-everything`)
  await thenNobodyIsAskedToTravel(page)
  await whenTheyPress(page, 'Everything is correct')
  await expect(page.getByRole('alert')).toContainText('You confirmed your contact details, staffed hours')
  await keepPicture(page, 'distance-selling-receipt')
})

async function whenTheyDeliver(page: Page): Promise<void> {
  await page.goto(`${HUB}/contact-details`)
  await expectGoodPage(page)
  await whenTheyFollow(page, 'Change how you deliver')
  await page.getByLabel('How you deliver').fill('Free, by Royal Mail Tracked 24. Or walk in and collect.')
  await page.getByLabel('Order by (optional)').fill('3pm')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, /Take out “walk in”: how you deliver must not ask/)
  await keepPicture(page, 'distance-selling-delivery-error')
  await page.getByLabel('How you deliver').fill('Free, by Royal Mail Tracked 24.')
  await whenTheyPress(page, 'Continue')
  await expectGoodPage(page)
  await whenTheyPress(page, 'Save')
  await expect(page.getByRole('alert')).toContainText('How you deliver is saved')
  await keepPicture(page, 'distance-selling-contact')
}

async function thenNobodyIsAskedToTravel(page: Page): Promise<void> {
  const words = await page.getByRole('main').innerText()
  expect(words.replaceAll(/ha(?:s|ve) no visitors/g, '')).not.toMatch(/visit|walk|opening (?:times|hours)|travel/i)
}
