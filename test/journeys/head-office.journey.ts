import type { Page } from '@playwright/test'
import { LARGEST_GROUP } from '#src/demo/pharmacies.ts'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  keepPicture,
  thenTheyAreAskedTo,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

test('a head office answers Christmas for 300 branches, follows it, and takes it back', { tag: '@phone' }, async ({
  page,
}) => {
  // Half a minute on a machine that does nothing else.
  test.setTimeout(120_000)
  await givenSignedIn(page, 'Dev Patel')
  await whenTheyFollow(page, 'Change many pharmacies at once')
  await whenTheyFollow(page, 'Bank holidays')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Answer at least one bank holiday')
  await thenTheyAreAskedTo(page, 'Select which pharmacies')
  await answerOn(page, 'Christmas Day', 'Closed')
  await answerOn(page, 'Boxing Day', 'Different hours')
  await page.getByLabel('Those that I list').check()
  await page.getByLabel('ODS codes').fill([...(await codesOfBranches(page)), 'FZ999', 'FZ998', 'FZ0D1'].join(' '))
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Enter hours for Boxing Day, Monday 28 December 2026, like 10am to 2pm')
  await keepPicture(page, 'change-many-pharmacies')
  await page.locator('#hours-2026-12-28').fill('11am to 1pm')
  await whenTheyPress(page, 'Continue')

  await expect(page.getByText('300 will change')).toBeVisible()
  await expect(page.getByText('3 cannot be changed')).toBeVisible()
  await keepPicture(page, 'look-at-each-pharmacy')
  await page.getByLabel('Leave out FZ998').check()
  await whenTheyPress(page, 'Leave out those I ticked')
  await expect(page.getByText('2 cannot be changed')).toBeVisible()
  await whenTheyFollow(page, 'Next page')
  await whenTheyPress(page, 'Change 300 pharmacies')
  await thenTheyAreAskedTo(page, 'Select when to make the change')
  await page.getByLabel('Now').check()
  await whenTheyPress(page, 'Change 300 pharmacies')

  await thenItIs(page, 'Made')
  await keepPicture(page, 'many-pharmacies-changed')
  await expect(page.getByText('300 changed', { exact: true })).toBeVisible()
  await whenTheyFollow(page, 'Show only the 2 to look at')
  await expect(page.getByText('You do not have access to a pharmacy with this ODS code')).toHaveCount(2)
  const results = await page.request.get(`${new URL(page.url()).pathname}/results.csv`)
  expect((await results.text()).match(/,Changed,/g)).toHaveLength(300)

  await whenTheyPress(page, 'Undo this change')
  await thenItIs(page, 'Undone')
  await expect(page.getByText('300 changed back')).toBeVisible()
  await expectGoodPage(page)
})

test('a file changes branches later, and until then nobody has to make it', { tag: '@desktop' }, async ({ page }) => {
  await givenSignedIn(page, 'Dev Patel', '/manage/branches')
  await whenTheyFollow(page, 'Contact details')
  await page.locator('input[type=file]').setInputFiles({
    name: 'websites.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      'ODS code,Website\nFZ001,www.example.com/fz001\nFZ002,nowhere\nFZ003,https://example.com/a/long/way/to/FZ003\n',
    ),
  })
  await whenTheyPress(page, 'Send the file')
  await expect(page.getByText('1 line of the file cannot be used')).toBeVisible()
  await keepPicture(page, 'look-at-each-pharmacy')
  await page.getByLabel('Later').check()
  await page.getByLabel('Day', { exact: true }).fill('20')
  await page.getByLabel('Month', { exact: true }).fill('12')
  await page.getByLabel('Year', { exact: true }).fill('2026')
  await page.getByLabel('Time').fill('6am')
  await whenTheyPress(page, 'Change 2 pharmacies')
  await expect(page.getByText('On 20 December 2026 at 6am')).toBeVisible()
  await whenTheyPress(page, 'Cancel this change')
  await expect(page.getByText('Cancelled')).toBeVisible()
  for (const kind of ['Closure or dated change', 'Services', 'Check everything']) {
    await page.goto('/manage/branches')
    await whenTheyFollow(page, kind)
    await whenTheyPress(page, 'Continue')
    await thenTheyAreAskedTo(page, 'Select which pharmacies')
  }
})

/** The codes of all branches, as the pages of "your pharmacies" list them. */
async function codesOfBranches(page: Page): Promise<readonly string[]> {
  const codes = new Set<string>()
  for (let at = 1; codes.size < LARGEST_GROUP.branches && at <= LARGEST_GROUP.branches; at++) {
    const html = await (await page.request.get(`/manage?page=${at}`)).text()
    for (const [, code = ''] of html.matchAll(/href="\/manage\/([A-Z0-9]{5})"/g)) codes.add(code)
  }
  return [...codes]
}

async function answerOn(page: Page, holiday: string, answer: string): Promise<void> {
  const day = page.getByRole('group', { name: new RegExp(`^${holiday}, .* 2026$`) })
  await day.getByLabel(answer, { exact: true }).check()
}

/** Follows the change as somebody without script does, until it is as far as that. */
async function thenItIs(page: Page, state: string): Promise<void> {
  await expect(async () => {
    const again = page.getByRole('link', { name: 'Show how far it is now' })
    if (await again.isVisible()) await again.click()
    await expect(page.getByText(state, { exact: true })).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 45_000 })
  await expectGoodPage(page)
}
