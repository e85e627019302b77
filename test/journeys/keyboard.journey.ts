/** The main journeys of a pharmacy with the keyboard alone: no mouse, no touch, nothing that only a pointer reaches. */
import type { Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import { whenTheyTabTo } from './profile-manager.steps.ts'

const PHARMACY = '/manage/FZ02B'

/** Signs in as somebody does who has no mouse. */
async function givenSignedInByKeyboard(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await whenTheyTabTo(page, page.getByLabel('With an NHSmail address'))
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await whenTheyGoThrough(page, 'button', /Ben Okafor/)
  await expect(page).toHaveURL(new RegExp(`${address}$`))
}

/** Reaches a link or button with Tab, presses Enter, and looks at where that leads. */
async function whenTheyGoThrough(page: Page, role: 'link' | 'button', name: string | RegExp): Promise<void> {
  const place = page.getByRole(role, { name, exact: typeof name === 'string' })
  await whenTheyTabTo(page, place)
  await page.keyboard.press('Enter')
  await page.waitForLoadState()
  await expectGoodPage(page)
}

test('everything is checked, from signing in to the receipt', { tag: '@desktop' }, async ({ page }) => {
  await givenSignedInByKeyboard(page, PHARMACY)
  await whenTheyGoThrough(page, 'button', 'Check everything')
  await whenTheyGoThrough(page, 'button', 'Everything is correct')
  await expect(page).toHaveURL(/\/receipts\/SP-2026-27-Q3-FZ02B-\d{4}/)
})

test('opening times are changed, after a mistake', { tag: '@desktop' }, async ({ page }) => {
  await givenSignedInByKeyboard(page, `${PHARMACY}/opening-times`)
  await whenTheyGoThrough(page, 'button', 'Change standard opening times')
  const closes = page.getByLabel('Closes on Monday', { exact: true })
  await whenTheyTabTo(page, closes)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('when we like')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('Enter a closing time for Monday')
  await whenTheyTabTo(page, page.getByRole('alert').getByRole('link').first())
  await page.keyboard.press('Enter')
  await expect(closes).toBeFocused()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('6:45pm')
  await page.keyboard.press('Enter')
  await expect(page.getByText('What you are changing')).toBeVisible()
  await whenTheyGoThrough(page, 'button', 'Save')
  await expect(page.getByText(/Your standard opening times are saved/)).toBeVisible()
})

test('the pharmacy closes for tomorrow', { tag: '@desktop' }, async ({ page }) => {
  await givenSignedInByKeyboard(page, `${PHARMACY}/closures-and-changes/add`)
  await whenTheyTabTo(page, page.getByRole('radio', { name: /^Today/ }))
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('radio', { name: /^Tomorrow/ })).toBeChecked()
  await whenTheyTabTo(page, page.getByRole('radio', { name: 'Closed all day' }))
  await page.keyboard.press('Space')
  await whenTheyTabTo(page, page.getByLabel('Reason'))
  await page.keyboard.type('Staff training')
  await whenTheyGoThrough(page, 'button', 'Continue')
  await expect(page.getByText('What you are changing')).toBeVisible()
  await whenTheyGoThrough(page, 'button', 'Save')
  await expect(page.getByRole('alert')).toContainText('saved')
})
