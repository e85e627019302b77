import type { APIRequestContext, Page } from '@playwright/test'
import { expect, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  keepPicture,
  pharmacyOf,
  thenTheyAreAskedTo,
  thenTheyAreTold,
  whenTheyFollow,
  whenTheyPress,
  whenTheyTabTo,
} from './profile-manager.steps.ts'

const TODAY = '2026-12-10'

test('a blood pressure check that ends before the shop does is closed then, for everybody', { tag: '@phone' }, async ({
  page,
  request,
}) => {
  const { odsCode, postcode } = await pharmacyOf(request, 'Amina Khan')
  await givenSignedIn(page, 'Amina Khan', `/manage/${odsCode}/services`)
  await whenTheyFollow(page, 'Urgent care services')
  await keepPicture(page, 'urgent-care-services')
  await whenTheyPress(page, 'Change urgent care services')
  await whenTheyAnswer(page, 'NHS Blood Pressure Check', 'Yes')
  await whenTheyAnswer(page, 'Palliative care medicines in stock', 'Yes')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Enter the date you last checked the stock for Palliative care medicines in stock')
  const stock = page.getByRole('group', { name: 'Palliative care medicines in stock' })
  await stock.getByLabel('Day').fill('9')
  await stock.getByLabel('Month').fill('December')
  await stock.getByLabel('Year').fill('2026')
  await whenTheyPress(page, 'Continue')
  await expect(page.getByText(/will say: Palliative care medicines in stock/)).toBeVisible()
  await keepPicture(page, 'urgent-care-effect')
  await whenTheyPress(page, 'Save')
  await thenTheyAreTold(page, /Your urgent care services are saved/)
  expect(await bloodPressureAt(request, { odsCode, postcode }, '17:30'), 'as long as the shop').toBe(true)

  await whenTheyFollow(page, 'Change hours and booking of NHS Blood Pressure Check')
  await page.getByLabel('At other times').check()
  await page.getByLabel('Closes on Monday', { exact: true }).fill('11pm')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, /^NHS Blood Pressure Check on Monday must be within your opening times/)
  await page.getByLabel('Closes on Monday', { exact: true }).fill('5pm')
  await whenTheyPress(page, 'Copy Monday to every weekday')
  await keepPicture(page, 'hours-of-a-service')
  await whenTheyPress(page, 'Continue')
  await expect(page.getByText(/will have opening times of its own/)).toBeVisible()
  await whenTheyPress(page, 'Save')
  await thenTheyAreTold(page, /What you say about this service is saved/)

  await page.goto(`/manage/${odsCode}`)
  const service = page.locator('.nhsuk-expander', { hasText: 'NHS Community Blood Pressure Check service' })
  await service.locator('summary').click()
  await expect(service.getByText(/Today: .* to 5pm/)).toBeVisible()
  expect(await bloodPressureAt(request, { odsCode, postcode }, '16:30')).toBe(true)
  expect(await bloodPressureAt(request, { odsCode, postcode }, '17:30')).toBe(false)
})

test('a pharmacy says what people find there, with the keyboard alone', { tag: '@desktop' }, async ({
  page,
  request,
}) => {
  const { odsCode } = await pharmacyOf(request, 'Amina Khan')
  await givenSignedIn(page, 'Amina Khan', `/manage/${odsCode}/facilities/change`)
  await keepPicture(page, 'facilities')
  const group = (name: string) => page.getByRole('group', { name, exact: true })
  const door = group('Wide entrance door')
  await whenTheyTabTo(page, door.getByRole('radio', { name: 'Not stated' }))
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await expect(door.getByLabel('Yes')).toBeChecked()
  await whenTheyTabTo(page, door.getByLabel('Width of the open door (optional)'))
  await page.keyboard.type('85')
  await page.keyboard.press('Enter')
  await thenTheyAreAskedTo(page, 'Width of the open door must be a whole number between 600 and 2000 millimetres')
  await whenTheyTabTo(page, page.getByRole('alert').getByRole('link'))
  await page.keyboard.press('Enter')
  await expect(door.getByLabel('Width of the open door (optional)')).toBeFocused()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('850')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Yes, 850 millimetres')).toBeVisible()
  await whenTheyTabTo(page, page.getByRole('button', { name: 'Save' }))
  await page.keyboard.press('Enter')
  await thenTheyAreTold(page, 'Your facilities are saved. The public page shows it now.')

  await whenTheyFollow(page, 'Check facilities')
  await whenTheyPress(page, 'Everything is correct')
  await thenTheyAreTold(page, 'Thank you. Facilities: everything is correct.')
})

test('a pharmacy says yes and no to its services', { tag: '@phone' }, async ({ page, request }) => {
  const { odsCode } = await pharmacyOf(request, 'Amina Khan')
  await givenSignedIn(page, 'Amina Khan', `/manage/${odsCode}/services/change`)
  await keepPicture(page, 'services')
  await whenTheyAnswer(page, 'Travel clinic (paid for)', 'Yes')
  await whenTheyPress(page, 'Answer no to the rest')
  await whenTheyPress(page, 'Continue')
  await expect(page.getByText('Travel clinic (paid for)')).toBeVisible()
  await whenTheyPress(page, 'Save')
  await thenTheyAreTold(page, /Your services are saved/)
  await keepPicture(page, 'services-saved')
  await whenTheyPress(page, 'Everything is correct')
  await thenTheyAreTold(page, 'Thank you. Services: everything is correct.')
})

async function whenTheyAnswer(page: Page, service: string, answer: string): Promise<void> {
  await page.getByRole('group', { name: service, exact: true }).getByLabel(answer, { exact: true }).check()
}

/** Whether the open API says that the pharmacy's blood pressure check is open at a minute of today. */
async function bloodPressureAt(
  api: APIRequestContext,
  { odsCode, postcode }: { readonly odsCode: string; readonly postcode: string },
  time: string,
): Promise<boolean | null | undefined> {
  const query = new URLSearchParams({ postcode, type: '148', 'open-at': `${TODAY}T${time}`, limit: '50' })
  const answer = await api.get(`/api/v1/services?${query}`)
  expect(answer.status()).toBe(200)
  const { results } = (await answer.json()) as { results: { odsCode: string; openState: { open: boolean | null } }[] }
  return results.find((result) => result.odsCode.startsWith(odsCode))?.openState.open
}
