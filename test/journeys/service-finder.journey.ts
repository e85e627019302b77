/** A receptionist finds a service for a patient with the keyboard alone, and sees its professional number. */
import type { Locator, Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import { givenSignedIn, keepPicture } from './profile-manager.steps.ts'

/** Fifteen seconds of somebody who presses three keys in a second, which is slow for typing and usual for Tab. */
const MOST_KEYS = 45

/** A keyboard that counts. */
function keyboardOf(page: Page) {
  let keys = 0
  const press = async (key: string): Promise<void> => {
    keys += 1
    await page.keyboard.press(key)
  }
  return {
    press,
    keys: () => keys,
    type: async (text: string): Promise<void> => {
      for (const letter of text) await press(letter)
    },
    tabTo: async (place: Locator): Promise<void> => {
      while (keys <= MOST_KEYS) {
        if (await place.evaluate((element) => element === element.ownerDocument.activeElement)) return
        await press('Tab')
      }
    },
  }
}

test('a receptionist reaches a professional number with few keys', { tag: '@desktop' }, async ({ page }) => {
  await givenSignedIn(page, 'Grace Hill', '/finder')
  const keyboard = keyboardOf(page)
  await test.step('the need is chosen from its first letters, by an everyday word', async () => {
    await keyboard.tabTo(page.getByLabel('What do you need?'))
    await keyboard.type('chem')
    await expect(page.getByRole('option', { name: 'Pharmacy (Chemist)' })).toBeVisible()
    await expectGoodPage(page)
    await keepPicture(page, 'finder-type-ahead')
    await keyboard.press('ArrowDown')
    await keyboard.press('Tab')
    await expect(page.getByLabel('What do you need?')).toHaveValue('Pharmacy')
  })
  await test.step('Enter in the place finds the nearest', async () => {
    await expect(page.getByLabel('Where?')).toBeFocused()
    await keyboard.type('M1')
    await keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pharmacy near M1')
    await expectGoodPage(page)
    await page.getByRole('link', { name: 'Grace Hill' }).scrollIntoViewIfNeeded()
    await keepPicture(page, 'finder-results')
  })
  await test.step('the first result shows its professional number', async () => {
    await keyboard.tabTo(page.locator('#result-1').getByRole('link').first())
    await keyboard.press('Enter')
    await keyboard.tabTo(page.getByRole('button', { name: 'Show professional details' }))
    await keyboard.press('Enter')
    await expect(page.getByText('Professional phone', { exact: true })).toBeVisible()
    await expectGoodPage(page)
    await keepPicture(page, 'finder-service')
  })
  expect(keyboard.keys()).toBeLessThanOrEqual(MOST_KEYS)
})

test('results say who is Red and Amber, why and until when', { tag: '@phone' }, async ({ page }) => {
  await givenSignedIn(page, 'Grace Hill', '/finder')
  await page.goto('/finder/results?need=pharmacy+first&place=M1')
  await expect(page.getByText('Amber: low capacity').first()).toBeVisible()
  await expect(page.getByText(/one pharmacist today/)).toBeVisible()
  await expect(page.getByText('Red: no capacity').first()).toBeVisible()
  await expectGoodPage(page)
  await keepPicture(page, 'finder-results', 2300)
})

test('the practice of a patient is found by words in the middle of its name', { tag: '@desktop' }, async ({ page }) => {
  await givenSignedIn(page, 'Grace Hill', '/finder')
  await page.getByLabel('What do you need?').fill('pharmacy')
  await page.getByLabel('Where?').fill('M1')
  await page.getByText('About the patient, when and how far').click()
  await page.getByRole('combobox', { name: 'GP practice' }).pressSequentially('medcal cen')
  await expect(page.getByRole('option', { name: /Medical Centre/ }).first()).toBeVisible()
  await expect(page.getByRole('listbox', { name: 'Types of service' })).toBeHidden()
  await expectGoodPage(page)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'GP practice' })).toHaveValue(/Medical Centre \(\w+\)$/)
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByText(/^For: patient of .* Medical Centre/)).toBeVisible()
  await expectGoodPage(page)
})

test('suggestions that come late lie over nothing, and are not said to be none', { tag: '@desktop' }, async ({
  page,
}) => {
  await givenSignedIn(page, 'Grace Hill', '/finder')
  const { promise: isTime, resolve: answer } = Promise.withResolvers<void>()
  await page.route('**/finder/types.json?*', async (route) => {
    await isTime
    await route.continue()
  })
  const need = page.getByLabel('What do you need?')
  await need.fill('chem')
  const suggestions = page.getByRole('listbox', { name: 'Types of service' })
  await expect(suggestions).toHaveText('Looking for suggestions')
  await expectGoodPage(page)
  await page.keyboard.press('Tab')
  const answered = page.waitForResponse(/types\.json/)
  answer()
  await (await answered).finished()
  await page.getByText('About the patient, when and how far').click()
  await expect(page.getByRole('combobox', { name: 'GP practice' })).toBeVisible()
  await expect(suggestions).toBeHidden()
  await need.focus()
  await expect(suggestions).toHaveText(/^Pharmacy \(Chemist\)/)
})

test('filters, a comparison and what is kept need no script', { tag: '@phone' }, async ({ page }) => {
  await givenSignedIn(page, 'Grace Hill', '/finder')
  await page.goto('/finder/results?need=pharmacy&place=M1&age=43&role=1&access=step-free')
  await page.getByText(/^\s*Filters: 2 in use/).click()
  await expectGoodPage(page)
  for (const box of [0, 1, 2])
    await page
      .getByRole('checkbox', { name: /^Compare/ })
      .nth(box)
      .check()
  await page.getByRole('button', { name: 'Compare the ticked' }).click()
  await expect(page.getByRole('rowheader')).toHaveCount(3)
  await expectGoodPage(page)
  await keepPicture(page, 'finder-compare', 1000)
  await page.getByRole('link', { name: 'Results' }).click()
  await page.getByRole('button', { name: 'Save this search' }).click()
  await expect(page.getByRole('link', { name: /^Pharmacy within 12 miles \(20 km\) of M1/ })).toBeVisible()
  await expectGoodPage(page)
  await keepPicture(page, 'finder-saved', 1700)
})
