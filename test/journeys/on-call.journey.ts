import type { Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  givenSomebodyElse,
  keepPicture,
  thenTheyAreAskedTo,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

test('on call acts for a pharmacy whose mailbox gets a code, and its owner sees so', { tag: '@desktop' }, async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000)
  await givenSignedIn(page, 'Kofi Mensah', '/on-call')
  await expect(page.getByText('The service desk answers until 5pm today')).toBeVisible()
  await whenTheyFollow(page, 'Rota and handover')
  await expect(page.getByText('Bank holiday', { exact: true }).first()).toBeVisible()
  await keepPicture(page, 'on-call-rota')
  await page.goto('/on-call/script')
  await expectGoodPage(page)
  await expect(page.getByText(/On Friday 25 December, Christmas Day, and on Monday 28 December/)).toBeVisible()
  await keepPicture(page, 'on-call-script')

  await page.goto('/on-call')
  await whenTheyPress(page, 'Take a call')
  await whenTheyPress(page, 'Take the call')
  await thenTheyAreAskedTo(page, 'Enter why you take the call although the service desk is open')
  await page.getByLabel('Caller’s name').fill('Sam Lee')
  await page.getByLabel('Where you can ring them back').fill('07700 900 333')
  await page.getByLabel('Pharmacy', { exact: true }).fill('FZ0D1')
  await page.getByLabel('Why do you take the call all the same?').fill('The line of the service desk is down')
  await whenTheyPress(page, 'Take the call')
  await whenTheyPress(page, 'Act for them')
  await thenTheyAreAskedTo(page, 'Select whether they have tried the tool')
  await page.getByLabel('No', { exact: true }).check()
  await page.getByLabel('Nobody is at the pharmacy').check()
  await whenTheyPress(page, 'Act for them')
  await whenTheyPress(page, 'Send a code')
  const call = new URL(page.url()).pathname
  await page.getByLabel('The code that they read out').fill(await codeFor(page, 'A code for your call about'))
  await whenTheyPress(page, 'Check the code')
  await page.getByLabel('Why do you act for the pharmacy?').fill('A burst pipe: nobody can go in')
  await page.getByLabel('In 2 hours').check()
  await whenTheyPress(page, 'Continue')
  await whenTheyPress(page, 'Close it')
  await page.getByLabel('They do not know').check()
  await page.getByLabel('Fire, flood or other damage').check()
  await whenTheyPress(page, 'Close it')
  await expect(page.getByText(/“I have told 111 and the public page that .* has been closed since/)).toBeVisible()
  await keepPicture(page, 'on-call-acting')
  await page.goto('/pharmacies/FZ0D1')
  await expect(page.getByLabel('Acting for a pharmacy').getByText('A burst pipe')).toBeVisible()
  await expectGoodPage(page)

  const amina = await givenSomebodyElse(browser, 'Amina Khan', await noticeFor(page))
  await whenTheyPress(amina, 'I have seen this')
  await amina.context().close()
  await page.goto(call)
  await expect(
    page.getByRole('listitem').filter({ hasText: 'Owners' }).getByText('Acknowledged', { exact: true }),
  ).toBeVisible()
  await whenTheyPress(page, 'Reopen now')
  await whenTheyPress(page, 'End the call')
  await expect(page.getByLabel('Acting for a pharmacy')).toHaveCount(0)
  await page.goto('/on-call/history?pharmacy=FZ0D1')
  await expect(page.getByText('1 call', { exact: true })).toBeVisible()
  await expectGoodPage(page)
})

/** What the pattern finds in the newest email of the mailbox page whose subject begins so. */
async function emailWith(page: Page, subject: string, pattern: RegExp, to = ''): Promise<string> {
  const find = async (): Promise<string> => {
    const html = await (await page.request.get(`/demo/mailbox?to=${encodeURIComponent(to)}`)).text()
    return (
      html
        .split('<h2')
        .filter((part) => part.includes(subject))
        .flatMap((part) => pattern.exec(part)?.[1] ?? [])[0] ?? ''
    )
  }
  await expect.poll(find, { timeout: 20_000 }).not.toBe('')
  return await find()
}

const codeFor = (page: Page, subject: string): Promise<string> => emailWith(page, subject, />(\d{6})</)

/** Where the email to the owner leads. */
const noticeFor = (page: Page): Promise<string> =>
  emailWith(page, 'The emergency desk acted for', /(\/on-call\/notices\/\d+)/, 'amina.khan@nhsmail.example')
