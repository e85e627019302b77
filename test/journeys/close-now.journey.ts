import type { APIRequestContext, Page } from '@playwright/test'
import { DEMO_PROGRAM } from '#src/demo/people.ts'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  keepPicture,
  type Pharmacy,
  pharmaciesFoundOpen,
  pharmacyOf,
  thenTheyAreTold,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

test('a locum closes in two taps, nobody is sent there, and one tap opens it again', { tag: '@phone' }, async ({
  page,
  request,
}) => {
  const pharmacy = await pharmacyOf(request, 'Carla Reyes')
  await test.step('before: 111 and the public find it', async () => {
    expect(await servicesThat111IsSentTo(page, pharmacy)).toBeGreaterThan(0)
    expect(await capacityForProfessionals(request, pharmacy)).not.toBe('RED')
    await thenThePublicReads(page, pharmacy, /^Open until/)
  })
  await test.step('from the hub they close now', async () => {
    await givenSignedIn(page, 'Carla Reyes', `/manage/${pharmacy.odsCode}`)
    await keepPicture(page, 'hub-with-close-now')
    await whenTheyPress(page, 'Close now')
    await keepPicture(page, 'close-now')
    await whenTheyPress(page, 'No pharmacist available')
    await thenTheyAreTold(page, 'You are closed. NHS 111 and the public page show it now.')
    await keepPicture(page, 'closed-now')
  })
  await test.step('111 sends nobody, and the public is told', async () => {
    expect(await servicesThat111IsSentTo(page, pharmacy)).toBe(0)
    expect(await capacityForProfessionals(request, pharmacy)).toBe('RED')
    expect(await pharmaciesFoundOpen(request, pharmacy.postcode, '2026-12-10T10:35')).not.toContain(pharmacy.odsCode)
    await thenThePublicReads(page, pharmacy, 'Closed now. We do not know when it will reopen')
    await expect(page.getByText('Please use another pharmacy.')).toBeVisible()
    await expect(page.getByRole('heading', { name: 'Pharmacies nearby' })).toBeVisible()
    await keepPicture(page, 'closed-public-page')
  })
  await test.step('they say when they reopen', async () => {
    await page.goto(`/manage/${pharmacy.odsCode}`)
    await expectGoodPage(page)
    await keepPicture(page, 'hub-while-closed')
    await whenTheyFollow(page, 'See this closure')
    await whenTheyPress(page, 'Change the expected time')
    await page.getByLabel('Today', { exact: true }).check()
    await page.getByLabel('Time', { exact: true }).fill('1pm')
    await whenTheyPress(page, 'Save')
    await thenThePublicReads(page, pharmacy, 'Closed now. Expected to reopen at 1pm today')
  })
  await test.step('one tap opens it again, as before', async () => {
    await page.goto(`/manage/${pharmacy.odsCode}`)
    await whenTheyPress(page, 'Reopen now')
    await thenTheyAreTold(page, 'You are open again. NHS 111 and the public page show it now.')
    expect(await servicesThat111IsSentTo(page, pharmacy)).toBeGreaterThan(0)
    expect(await capacityForProfessionals(request, pharmacy)).not.toBe('RED')
    await thenThePublicReads(page, pharmacy, /^Open until/)
  })
})

async function thenThePublicReads(page: Page, { odsCode }: Pharmacy, words: string | RegExp): Promise<void> {
  await page.goto(`/pharmacies/${odsCode}`)
  await expectGoodPage(page)
  await expect(page.locator('.signpost-state--large')).toHaveText(words)
}

/** With a sore throat, next to the pharmacy: how many of its services NHS 111 is sent to. */
async function servicesThat111IsSentTo(page: Page, { name }: Pharmacy): Promise<number> {
  await page.goto('/demo/111')
  await page.getByRole('link', { name: 'Sore throat, woman of 34' }).click()
  await expect(page.getByRole('heading', { name: /^\d+ services?$/ })).toBeVisible()
  return page.getByRole('strong').filter({ hasText: name }).count()
}

/** What professionals are told of its capacity, who find it whatever that is. */
async function capacityForProfessionals(api: APIRequestContext, { odsCode, postcode }: Pharmacy): Promise<string> {
  const { username, password } = DEMO_PROGRAM
  const path = `byServiceType/0/${encodeURIComponent(postcode)}/5/0/0/0/0/13/20`
  const answer = await api.get(`/app/controllers/api/v1.0/services/${path}`, {
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
  })
  expect(answer.status()).toBe(200)
  type Found = { odsCode: string; capacity: { status: { rag: string } } }
  const { success } = (await answer.json()) as { success: { services: Found[] } }
  return success.services.find((service) => service.odsCode === odsCode)?.capacity.status.rag ?? 'not found'
}
