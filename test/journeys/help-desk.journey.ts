import type { Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSomebodyElse,
  keepPicture,
  thenTheyAreAskedTo,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

test('a ticket is raised signed out, answered and closed by the desk, and opened again', { tag: '@phone' }, async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000)
  await page.goto('/help')
  await whenTheyFollow(page, 'Ask the service desk')
  await whenTheyPress(page, 'Send')
  await thenTheyAreAskedTo(page, 'Select what it is about')
  await expectGoodPage(page)
  await page.getByLabel('A change does not show where it should').check()
  await page.getByLabel('Pharmacy or service, if you know its code (optional)').fill('FZ0D1')
  await page
    .getByLabel('Your message')
    .fill('Our Saturday hours changed on Monday.\nThe sat nav still has the old ones.')
  await page.getByLabel('Your name').fill('Rosa Whitlock')
  await page.getByLabel('Your email address').fill('rosa@pharmacy.example')
  await keepPicture(page, 'help-ask')
  await whenTheyPress(page, 'Send')
  await expect(page.getByText('We have sent you its number and this link by email.')).toBeVisible()
  const number = /Ticket (\d+)/.exec((await page.locator('h1').textContent()) ?? '')?.[1] ?? ''
  expect(await emailTo(page, 'rosa@pharmacy.example')).toContain(new URL(page.url()).pathname)

  const fiona = await givenSomebodyElse(browser, 'Fiona Walsh', '/workspace')
  await whenTheyFollow(fiona, 'Tickets')
  await keepPicture(fiona, 'tickets')
  await fiona.goto(`/workspace/tickets/${number}`)
  await whenTheyPress(fiona, 'Give it to me')
  await fiona.getByLabel('Answer', { exact: true }).fill('We have told the maker of the maps.')
  await whenTheyPress(fiona, 'Send the answer')
  await fiona.getByText('Close the ticket', { exact: true }).first().click()
  await fiona.getByLabel('What was done?').fill('The maps have the new hours.')
  await fiona.getByLabel('What shows that it is done (optional)').fill('/pharmacies/FZ0D1')
  await whenTheyPress(fiona, 'Close the ticket')
  await keepPicture(fiona, 'ticket')

  await page.goto(new URL(page.url()).pathname)
  await expect(page.getByText('We have told the maker of the maps.')).toBeVisible()
  await expectGoodPage(page)
  await whenTheyPress(page, 'No, it is not')
  await page.getByLabel('What is not settled?').fill('Sunday is wrong too.')
  await whenTheyPress(page, 'Open it again')
  await expect(page.getByText('Your ticket is open again.')).toBeVisible()
  await keepPicture(page, 'own-ticket')
  await fiona.reload()
  await expect(fiona.getByText('Sunday is wrong too.')).toBeVisible()
  await fiona.context().close()

  await whenTheyFollow(page, 'Is there something wrong with this page?')
  await expect(page.getByText('The page: /help/tickets/*/*')).toBeVisible()
  await expectGoodPage(page)
  await page.goto('/help/wishlist')
  await expectGoodPage(page)
  await keepPicture(page, 'wishlist')
})

/** What the mailbox page has for somebody, once the worker has sent it. */
async function emailTo(page: Page, recipient: string): Promise<string> {
  const find = async () => (await page.request.get(`/demo/mailbox?to=${encodeURIComponent(recipient)}`)).text()
  await expect.poll(find, { timeout: 20_000 }).toContain('We have your message')
  return await find()
}
