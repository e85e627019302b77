/** What people do in Profile Manager, in their words. */
import { fileURLToPath } from 'node:url'
import type { APIRequestContext, Browser, Locator, Page } from '@playwright/test'
import { DEMO_PEOPLE } from '#src/demo/people.ts'
import { expect, expectGoodPage } from '#test/support/journeys.ts'

const SCREENSHOTS = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))

/** Keeps a picture of the page for the documentation, when `SCREENSHOTS=yes`: as high as the window, or as is asked. */
export async function keepPicture(page: Page, name: string, height?: number): Promise<void> {
  if (process.env['SCREENSHOTS'] !== 'yes') return
  // By the window: a second person has one of their own.
  const window = page.viewportSize() ?? { width: 320, height: 640 }
  const device = window.width > 600 ? 'desktop' : 'phone'
  if (height) await page.setViewportSize({ ...window, height })
  await page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded()
  await page.screenshot({ path: `${SCREENSHOTS}${name}-${device}.png` })
  if (height) await page.setViewportSize(window)
}

/** Signs in through the real sign-in of NHSmail's stand-in, from the page that was asked for. */
export async function givenSignedIn(page: Page, person: string, address = '/manage'): Promise<void> {
  await page.goto(address)
  await expectGoodPage(page)
  await page.getByLabel('With an NHSmail address').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: new RegExp(person) }).click()
  await expect(page).toHaveURL(new RegExp(`${address}$`))
  await expectGoodPage(page)
}

/** A second person, in a browser of their own. */
export async function givenSomebodyElse(browser: Browser, person: string, address: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await givenSignedIn(page, person, address)
  return page
}

export async function whenTheyOpenTheirPharmacy(page: Page, search: string, name: string): Promise<void> {
  await page.getByLabel('ODS code, name or postcode').fill(search)
  await page.getByRole('button', { name: 'Search' }).click()
  await expectGoodPage(page)
  await page.getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
  await expectGoodPage(page)
}

/** Follows a link of the page and looks at where it leads. */
export async function whenTheyFollow(page: Page, link: string): Promise<void> {
  await page.getByRole('link', { name: link }).click()
  await expectGoodPage(page)
}

/** Presses a button, or a link that looks like one, and looks at where it leads. */
export async function whenTheyPress(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click()
  await expectGoodPage(page)
}

export async function whenTheyEnterTimes(page: Page, day: string, opens: string, closes: string): Promise<void> {
  await page.getByLabel(`Opens on ${day}`, { exact: true }).fill(opens)
  await page.getByLabel(`Closes on ${day}`, { exact: true }).fill(closes)
}

/** The page lists the DoS services that saving will update. */
export async function thenTheySeeWhatItUpdates(page: Page): Promise<void> {
  await expect(page.getByText(/^This updates \d+ DoS services:$/)).toBeVisible()
}

export async function thenTheyAreTold(page: Page, words: string | RegExp): Promise<void> {
  await expect(page.getByRole('alert').getByText(words)).toBeVisible()
}

/** The summary of errors names the problem and leads to its field. */
export async function thenTheyAreAskedTo(page: Page, message: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { name: 'There is a problem' })).toBeVisible()
  const link = page.getByRole('alert').getByRole('link', { name: message })
  const field = (await link.getAttribute('href')) ?? ''
  await expect(page.locator(field)).toHaveCount(1)
  await expect(page).toHaveTitle(/^Error: /)
}

/** What anyone may know of a pharmacy. */
export type Pharmacy = { readonly odsCode: string; readonly name: string; readonly postcode: string }

/** The pharmacy of a person of the fictitious directory, as the open API tells of it. */
export async function pharmacyOf(api: APIRequestContext, person: string): Promise<Pharmacy> {
  const scope = DEMO_PEOPLE.find(({ name }) => name === person)?.grants[0]?.scope ?? ''
  const answer = await api.get(`/api/v1/pharmacies/${scope.replace('ods:', '')}`)
  const { odsCode, name, address } = (await answer.json()) as Pharmacy & { address: { postcode: string } }
  return { odsCode, name, postcode: address.postcode }
}

/** The codes of the pharmacies that a search for open services at a London minute finds near a postcode. */
export async function pharmaciesFoundOpen(api: APIRequestContext, postcode: string, openAt: string): Promise<string[]> {
  const query = new URLSearchParams({ postcode, 'open-at': openAt, status: 'open', limit: '50' })
  const answer = await api.get(`/api/v1/services?${query}`)
  expect(answer.status()).toBe(200)
  const { results } = (await answer.json()) as { results: { odsCode: string }[] }
  return results.map(({ odsCode }) => odsCode.slice(0, 5))
}

const MOST_TABS = 400

/** Goes from where they are to a place on the page, as one does without a mouse. */
export async function whenTheyTabTo(page: Page, place: Locator): Promise<void> {
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    if (await place.evaluate((element) => element === element.ownerDocument.activeElement)) return
    await page.keyboard.press('Tab')
  }
  expect(false, `${place} cannot be reached with the keyboard`).toBe(true)
}
