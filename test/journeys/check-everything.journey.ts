/** A quarter's check when nothing changed, what stands in its way when something did, and what its receipt is worth. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import { temporaryFolder } from '#test/support/postgres-cluster.ts'
import {
  givenSignedIn,
  keepPicture,
  thenTheyAreAskedTo,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

/** Ben Okafor's second pharmacy: it has answered for everything. */
const READY = '/manage/FZ02B'
/** His first: bank holidays are not answered. */
const NOT_READY = '/manage/FZ0D1'
const QUICK_MS = 60_000
const MOST_CLICKS = 5

test('nothing changed: from the hub to the receipt in a few clicks', async ({ page }) => {
  await givenSignedIn(page, 'Ben Okafor', READY)
  const started = Date.now()
  const clicks = ['Check everything', 'Everything is correct']
  for (const button of clicks) await whenTheyPress(page, button)
  expect(clicks.length).toBeLessThanOrEqual(MOST_CLICKS)
  expect(Date.now() - started).toBeLessThan(QUICK_MS)

  await expect(page).toHaveURL(/\/receipts\/SP-2026-27-Q3-FZ02B-\d{4}\?done=check$/)
  await expect(page.getByRole('alert')).toContainText('You confirmed your contact details')
  await expect(page.getByText('Submitted by')).toBeVisible()
  await keepPicture(page, 'receipt')
  await whenTheyFollow(page, 'All evidence of this pharmacy')
  await expect(page.getByRole('heading', { name: 'October to December 2026' })).toBeVisible()
  await keepPicture(page, 'evidence')
  await page.goto(READY)
  await expect(page.getByText('All 5 sections are checked.')).toBeVisible()
})

test('something is missing: the page says what, and the rest is confirmed', { tag: '@phone' }, async ({ page }) => {
  await givenSignedIn(page, 'Ben Okafor', `${NOT_READY}/check-everything`)
  await keepPicture(page, 'check-everything')
  await expect(page.getByText(/Tell us if you are open on Christmas Day/)).toBeVisible()
  await whenTheyPress(page, 'Submit')
  await thenTheyAreAskedTo(page, 'Tell us if your contact details are correct')
  await thenTheyAreAskedTo(page, 'Confirm that you have read these details')
  await keepPicture(page, 'check-everything-errors')

  for (const group of await page.getByRole('group', { name: /^Are your / }).all()) {
    await group.getByLabel('Correct', { exact: true }).check()
  }
  await page.getByRole('group', { name: 'Are your contact details correct?' }).getByLabel('Change').check()
  await page.getByLabel('I have read these details').check()
  await whenTheyPress(page, 'Submit')
  await expect(page).toHaveURL(`${NOT_READY}/contact-details/change`)
  await page.goto(`${NOT_READY}/check-everything`)
  await expect(
    page.getByText(/Nothing has changed since Ben Okafor checked it on 10 December 2026/).first(),
  ).toBeVisible()
})

test('a receipt is verified by anybody, on a page and offline, and a tampered one is refused', {
  tag: '@desktop',
}, async ({ page, browser, request }) => {
  await givenSignedIn(page, 'Ben Okafor', `${READY}/check-everything`)
  await whenTheyPress(page, 'Everything is correct')
  const address = await page.getByRole('link', { name: /\/verify\/SP-/ }).getAttribute('href')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download signed file (JSON)' }).click()
  const file = join(temporaryFolder('receipt'), 'receipt.json')
  await (await download).saveAs(file)
  const text = readFileSync(file, 'utf8')

  const anybody = await (await browser.newContext()).newPage()
  await anybody.goto(address ?? '')
  await expectGoodPage(anybody)
  await expect(anybody.getByText('This receipt is genuine')).toBeVisible()
  await expect(anybody.getByText('Ben Okafor')).toHaveCount(0)
  await keepPicture(anybody, 'verify-genuine')

  await thenItIsVerifiedAs(anybody, text, 'This receipt is genuine')
  const tampered = text.replace('"act":"checked"', '"act":"changed"')
  await thenItIsVerifiedAs(anybody, tampered, 'This receipt is not genuine')
  await keepPicture(anybody, 'verify-tampered')
  await anybody.goto('/verify')
  await whenTheyPress(anybody, 'Check file')
  await thenTheyAreAskedTo(anybody, 'Choose the file of a receipt, or paste what is in it')

  const keys = join(temporaryFolder('keys'), 'keys.json')
  writeFileSync(keys, await (await request.get('/.well-known/signpost-receipt-keys.json')).text())
  expect(verifiedOffline(text, keys)).toMatch(/^GENUINE\n/)
  expect(verifiedOffline(tampered, keys)).toMatch(/^NOT GENUINE\n/)
})

async function thenItIsVerifiedAs(page: Page, receipt: string, verdict: string): Promise<void> {
  await page.goto('/verify')
  await expectGoodPage(page)
  await page.getByLabel('Or paste what is in it').fill(receipt)
  await whenTheyPress(page, 'Check file')
  await expect(page.getByText(verdict)).toBeVisible()
}

const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
const COMMANDS = fileURLToPath(new URL('../../src/signpost.ts', import.meta.url))

/** What the command says, on a machine without our database. */
function verifiedOffline(receipt: string, keys: string): string {
  const file = join(temporaryFolder('offline'), 'receipt.json')
  writeFileSync(file, receipt)
  const env = { ...process.env, DATA_DIR: temporaryFolder('none'), DATABASE_URL: '' }
  const { stdout, stderr } = spawnSync(NODE, [COMMANDS, 'verify-receipt', file, '--keys', keys], {
    env,
    encoding: 'utf8',
  })
  return stdout + stderr
}
