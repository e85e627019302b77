import type { Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  givenSomebodyElse,
  keepPicture,
  pharmacyOf,
  thenTheyAreAskedTo,
  thenTheyAreTold,
  thenTheySeeWhatItUpdates,
  whenTheyEnterTimes,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

const NO_POINT =
  'Enter a grid reference like SJ 78940 91980, or latitude and longitude like 53.42400, -2.31800, in Great Britain'

async function whenTheyChangeMonday(page: Page, opens: string, closes: string): Promise<void> {
  await whenTheyEnterTimes(page, 'Monday', opens, closes)
  await whenTheyPress(page, 'Continue')
  await whenTheyPress(page, 'Save')
}

test('a manager takes back a change of opening hours that was a mistake', { tag: '@phone' }, async ({
  page,
  request,
}) => {
  const { odsCode } = await pharmacyOf(request, 'Hana Brown')
  await givenSignedIn(page, 'Ben Okafor', `/manage/${odsCode}/opening-times/change`)
  await whenTheyChangeMonday(page, '5am', '6am')
  await page.goto(`/manage/${odsCode}`)
  await whenTheyFollow(page, 'History')
  const newest = page.locator('.nhsuk-card').first()
  await expect(newest.getByRole('heading')).toHaveText('Changed: Standard opening times')
  await expect(newest.getByText('5am to 6am')).toBeVisible()
  await keepPicture(page, 'history')

  await page.getByText('Show only one section or person').click()
  await page.getByLabel('Section', { exact: true }).selectOption('Standard opening times')
  await whenTheyPress(page, 'Show')
  await page
    .getByRole('link', { name: /^See this version/ })
    .nth(1)
    .click()
  await expectGoodPage(page)
  await whenTheyFollow(page, 'Restore: Standard opening times')
  await thenTheySeeWhatItUpdates(page)
  await keepPicture(page, 'restore')
  await whenTheyPress(page, 'Restore')
  await thenTheyAreTold(page, 'Restored. The public page shows it now.')
  await expect(page.locator('.nhsuk-card').first().getByRole('heading')).toContainText('Restored from version')
  await page.goto(`/manage/${odsCode}/standing`)
  await expect(page.getByRole('heading', { name: /^This quarter: October to December 2026/ })).toBeVisible()
  await expectGoodPage(page)
  await keepPicture(page, 'standing')
})

test('a map pin far from its postcode is asked for, and a lead approves it', { tag: '@phone' }, async ({
  page,
  request,
  browser,
}) => {
  const { odsCode } = await pharmacyOf(request, 'Amina Khan')
  await givenSignedIn(page, 'Amina Khan', `/manage/${odsCode}/address-and-name`)
  const words = await page
    .getByText(/easting \d+, northing \d+/)
    .first()
    .textContent()
  const [, easting, northing] = /easting (\d+), northing (\d+)/.exec(words ?? '') ?? []
  await whenTheyFollow(page, 'The map pin is in the wrong place')
  await page.getByLabel('At the place that I enter below').check()
  await page.getByLabel('Grid reference, or latitude and longitude').fill('behind the church')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, NO_POINT)
  await page.getByLabel('Grid reference, or latitude and longitude').fill(`${easting}, ${Number(northing) + 600}`)
  await page.getByLabel('Why is it right?').fill('The entrance is inside the health centre.')
  await whenTheyPress(page, 'Continue')
  await whenTheyPress(page, 'Send request')
  await thenTheyAreTold(page, /We have your request/)
  await keepPicture(page, 'address-and-name')

  const ivy = await givenSomebodyElse(browser, 'Ivy Stone', '/workspace')
  await whenTheyFollow(ivy, 'Names, addresses and map pins')
  await ivy.getByRole('link', { name: new RegExp(odsCode) }).click()
  await expect(ivy.getByText('Map pin moves by')).toBeVisible()
  await expectGoodPage(ivy)
  await keepPicture(ivy, 'place-change-decision')
  await whenTheyPress(ivy, 'Send answer')
  await thenTheyAreAskedTo(ivy, 'Select whether this is right')
  await ivy.getByLabel('Yes, correct it now').check()
  await whenTheyPress(ivy, 'Send answer')
  await thenTheyAreTold(ivy, 'Approved. The public page')

  await page.goto(`/manage/${odsCode}/address-and-name`)
  await expect(page.getByText(`northing ${Number(northing) + 600}`).first()).toBeVisible()
  await whenTheyFollow(page, 'The map pin is in the wrong place')
  await page.getByLabel('In the middle of').check()
  await whenTheyPress(page, 'Continue')
  await whenTheyPress(page, 'Save map pin')
  await thenTheyAreTold(page, /The map pin is moved/)
})
