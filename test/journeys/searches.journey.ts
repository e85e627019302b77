import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import { givenSignedIn, keepPicture } from './profile-manager.steps.ts'

test('somebody at the service desk finds the search that a caller rings up about', { tag: '@desktop' }, async ({
  page,
}) => {
  await givenSignedIn(page, 'Fiona Walsh')
  await page.getByRole('link', { name: 'Searches by NHS 111' }).click()
  await expect(page.getByRole('heading', { name: 'The newest 50 searches' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 3 })).toHaveCount(50)
  await expectGoodPage(page)

  await page.getByRole('link', { name: 'Older searches' }).click()
  await expect(page.getByRole('heading', { level: 3 })).toHaveCount(12)
  await expectGoodPage(page)
  await page.getByRole('link', { name: 'Back to the newest' }).click()

  await page.getByLabel('Case reference or case ID').fill('ha-2026-1042')
  await page.getByRole('group', { name: 'From' }).getByLabel('Day').fill('10')
  await page.getByRole('group', { name: 'From' }).getByLabel('Month').fill('December')
  await page.getByRole('group', { name: 'From' }).getByLabel('Year').fill('2026')
  await page.getByLabel('Time, From').fill('10:30')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByRole('heading', { level: 3 })).toHaveText('Thursday 10 December 2026, 10:33:00')
  await expect(page.getByText('Nothing matched: 2 services as a catch-all')).toBeVisible()
  await expect(page.getByText('22 years')).toBeVisible()
  await expectGoodPage(page)
  await keepPicture(page, 'searches')
})

test('tests and monitoring are kept apart until they are asked for, and a wrong date is explained', {
  tag: '@phone',
}, async ({ page }) => {
  await givenSignedIn(page, 'Fiona Walsh', '/reports/searches')
  await page.getByLabel('Case reference or case ID').fill('TEST')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'No searches found' })).toBeVisible()
  await expectGoodPage(page)
  await page.getByLabel('Include tests and monitoring').check()
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByRole('heading', { level: 3 })).toHaveText('Thursday 10 December 2026, 10:32:00')

  await page.getByRole('group', { name: 'To' }).getByLabel('Day').fill('31')
  await page.getByRole('group', { name: 'To' }).getByLabel('Month').fill('2')
  await page.getByRole('group', { name: 'To' }).getByLabel('Year').fill('2026')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByRole('link', { name: 'The end must be a real date, such as 11 12 2026' })).toBeVisible()
  await expectGoodPage(page)
})

test('a pharmacy is not shown what was searched for', { tag: '@phone' }, async ({ page }) => {
  await givenSignedIn(page, 'Amina Khan')
  await expect(page.getByRole('link', { name: 'Searches by NHS 111' })).toHaveCount(0)
  const answer = await page.goto('/reports/searches')
  expect(answer?.status()).toBe(403)
  await expectGoodPage(page)
})
