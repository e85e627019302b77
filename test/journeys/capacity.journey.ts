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

const SERVICE = 'Pharmacy Enhanced: Pharmacy First: Okafor Pharmacy, London'

test('a pharmacy is Red for a while: 111 sends nobody, the area sees it, and Green brings people back', {
  tag: '@phone',
}, async ({ page, browser }) => {
  await test.step('a call to 111 is sent to it', async () => {
    await whenSomebodyCalls111(page)
    await expect(returned(page)).toHaveCount(1)
  })
  await test.step('they open the capacity of the service', async () => {
    await givenSignedIn(page, 'Amina Khan', '/manage/FZ0D1')
    await page.getByRole('link', { name: 'Capacity', exact: true }).click()
    await expectGoodPage(page)
    await whenTheyFollow(page, `Set capacity of ${SERVICE}`)
    await keepPicture(page, 'set-capacity')
  })
  await test.step('Red asks for a reason, and whether the pharmacy is closed', async () => {
    await page.getByLabel('Red', { exact: true }).check()
    await whenTheyPress(page, 'Set capacity')
    await thenTheyAreAskedTo(page, 'Select yes if the pharmacy is closed')
    await thenTheyAreAskedTo(page, 'Select a reason')
  })
  await test.step('they set Red for 15 minutes', async () => {
    await page.getByLabel('No, it is open').check()
    await page.getByLabel('Go back to Green in').selectOption('15 minutes')
    await page.getByLabel('Reason').selectOption('Very busy')
    await whenTheyPress(page, 'Set capacity')
    await thenTheyAreTold(page, 'This service is set to Red until 10:49am.')
    await expect(page.getByText('Until 10:49am, 15 minutes left').first()).toBeVisible()
    await keepPicture(page, 'capacity-of-a-service')
  })
  await test.step('111 does not send people there any more', async () => {
    const call = await page.context().newPage()
    await whenSomebodyCalls111(call)
    await expect(returned(call)).toHaveCount(0)
    await call.close()
  })
  await test.step('the service desk sees it on the board', async () => {
    const board = await givenSomebodyElse(browser, 'Fiona Walsh', '/capacity')
    await expect(board.getByRole('heading', { name: SERVICE })).toBeVisible()
    await expectGoodPage(board)
    await board.setViewportSize({ width: 320, height: 1200 })
    await keepPicture(board, 'capacity-board')
    await board.context().close()
  })
  await test.step('Green brings people back', async () => {
    await page.getByLabel('Green', { exact: true }).check()
    await whenTheyPress(page, 'Set capacity')
    await thenTheyAreTold(page, 'This service is set to Green.')
    await whenSomebodyCalls111(page)
    await expect(returned(page)).toHaveCount(1)
  })
})

/** The service in the list of those to send the caller to. */
const returned = (page: Page) => page.getByRole('strong').filter({ hasText: SERVICE })

/** With a sore throat, next to the pharmacy. */
async function whenSomebodyCalls111(page: Page): Promise<void> {
  await page.goto('/demo/111')
  await page.getByRole('link', { name: 'Sore throat, woman of 34' }).click()
  await expect(page.getByRole('heading', { name: /^\d+ services?$/ })).toBeVisible()
}
