import type { Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import { keepPicture } from './profile-manager.steps.ts'

async function whenTheySearch(page: Page, place: string, when: 'Any time' | 'Now'): Promise<void> {
  await page.goto('/')
  await page.getByLabel('Postcode, town or area').fill(place)
  await page.getByLabel(when, { exact: true }).check()
  await page.getByRole('button', { name: 'Search' }).click()
}

async function thenTheySee(page: Page, heading: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
  await expectGoodPage(page)
}

/** Only where script runs; without it nothing of the map is on the page. */
async function thenTheMapShowsTheList(page: Page): Promise<void> {
  const map = page.getByRole('region', { name: 'Map' })
  if ((page.viewportSize()?.width ?? 0) < 400) {
    await expect(map).toBeHidden()
    return
  }
  const rows = page.locator('[id^=result-]')
  const pins = map.getByRole('button', { name: /^\d+: / })
  await expect(pins).toHaveCount(await rows.count())
  await expectGoodPage(page)
  await pins.nth(2).press('Enter')
  const name = (await rows.nth(2).getByRole('link').first().textContent()) ?? ''
  await expect(map.getByRole('link', { name })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(pins.nth(2)).toBeFocused()
}

test('a visitor finds a pharmacy that is open now, and reads its page', async ({ page }) => {
  await page.goto('/')
  await thenTheySee(page, 'Find a pharmacy')
  await keepPicture(page, 'find-a-pharmacy')
  await whenTheySearch(page, 'm33', 'Now')
  await thenTheySee(page, 'Pharmacies open now near M33')
  const first = page.locator('#result-1')
  await expect(first).toContainText(/Open (until|24 hours)/)
  await expect(first).toContainText(/miles? \(/)
  await keepPicture(page, 'results')
  await page.getByRole('link', { name: 'Show 10 more pharmacies' }).click()
  await expect(page.locator('#result-20')).toBeVisible()

  await thenTheMapShowsTheList(page)

  const link = first.getByRole('link').first()
  const name = await link.textContent()
  await link.click()
  await thenTheySee(page, name ?? '')
  await expect(page.getByText(/^Open (until|24 hours)/)).toBeVisible()
  await expect(page.getByRole('row', { name: /^Thursday \(today\)/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /^Christmas Day/ })).toContainText(/Friday 25 December 2026/)
})

test('a visitor asks about another day, corrects a mistake, and is told what is not known', async ({ page }) => {
  await page.goto('/')
  await page.getByLabel('Postcode, town or area').fill('Manchster')
  await page.getByLabel('On another day or at another time').check()
  await page.getByLabel('Day', { exact: true }).fill('29')
  await page.getByLabel('Month').fill('Feb')
  await page.getByLabel('Year').fill('2027')
  await page.getByLabel('Time', { exact: true }).fill('11')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page).toHaveTitle(/^Error: Find a pharmacy/)
  await page.getByRole('link', { name: 'The date must be a real date' }).click()
  await expect(page.getByLabel('Day', { exact: true })).toBeFocused()
  await expectGoodPage(page)

  await page.getByLabel('Day', { exact: true }).fill('25')
  await page.getByLabel('Month').fill('December')
  await page.getByLabel('Year').fill('2026')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByText('We do not know a place called “Manchster”').first()).toBeVisible()
  await expectGoodPage(page)

  await page.getByRole('link', { name: 'Manchester', exact: true }).click()
  await thenTheySee(page, 'Pharmacies open at 11am on Friday 25 December near Manchester')
  await expect(page.getByRole('heading', { name: 'Hours not confirmed' })).toBeVisible()
  await page.getByRole('link', { name: 'Any time' }).click()
  await thenTheySee(page, 'Pharmacies near Manchester')
})

test('a visitor with a postcode that is not in the directory is shown what is near it', { tag: '@phone' }, async ({
  page,
}) => {
  await whenTheySearch(page, 'M33 7ZZ', 'Any time')
  await thenTheySee(page, 'Pharmacies near M33')
  await expect(page.getByText('We do not know exactly where M33 7ZZ is')).toBeVisible()
  await page.getByRole('link', { name: 'Change your search' }).click()
  await expect(page.getByLabel('Postcode, town or area')).toHaveValue('M33')
})

test('a visitor who names a place that there is twice chooses one', { tag: '@phone' }, async ({ page }) => {
  await whenTheySearch(page, 'Richmond', 'Any time')
  await thenTheySee(page, 'Which Richmond do you mean?')
  await keepPicture(page, 'choose-place')
  await page.getByRole('link', { name: 'Richmond, North Yorkshire' }).click()
  await thenTheySee(page, 'Pharmacies near Richmond, North Yorkshire')
})

test('a visitor with an old link to a pharmacy is helped', { tag: '@phone' }, async ({ page }) => {
  const answer = await page.goto('/pharmacies/ZZ999')
  expect(answer?.status()).toBe(404)
  await thenTheySee(page, 'We cannot find that pharmacy')
  await page.getByLabel('Postcode, town or area').fill('EH1 1AA')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByRole('link', { name: 'EH1 1AA is in Scotland' })).toBeVisible()
  await expectGoodPage(page)
})
