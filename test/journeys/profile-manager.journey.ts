import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  givenSomebodyElse,
  keepPicture,
  pharmaciesFoundOpen,
  pharmacyOf,
  thenTheyAreAskedTo,
  thenTheyAreTold,
  thenTheySeeWhatItUpdates,
  whenTheyEnterTimes,
  whenTheyFollow,
  whenTheyOpenTheirPharmacy,
  whenTheyPress,
} from './profile-manager.steps.ts'

const TOMORROW_AT_THREE = '2026-12-11T15:00'

test('a pharmacy closes tomorrow afternoon, and everybody knows at once', async ({ page, request }) => {
  const { odsCode, name, postcode } = await pharmacyOf(request, 'Amina Khan')
  expect(await pharmaciesFoundOpen(request, postcode, TOMORROW_AT_THREE)).toContain(odsCode)

  await givenSignedIn(page, 'Amina Khan')
  await whenTheyOpenTheirPharmacy(page, ` ${odsCode.toLowerCase()}`, name)
  await keepPicture(page, 'hub', 1000)
  await whenTheyFollow(page, 'Close or change hours')
  await whenTheyPress(page, 'Change hours on some days')

  await page.getByLabel('Tomorrow, Friday 11 December 2026').check()
  await page.getByLabel('Closed for part of the day').check()
  await page.getByLabel('Closed from').fill('2pm')
  await page.getByLabel('Reason').selectOption('No pharmacist available')
  await page.getByLabel('Public note (optional)').fill('We open again on Monday at 9am.')
  await keepPicture(page, 'close-tomorrow')
  await whenTheyPress(page, 'Continue')

  await thenTheySeeWhatItUpdates(page)
  await expect(page.getByText(/^Open .* to 2pm$/).first()).toBeVisible()
  await keepPicture(page, 'check-before-saving')
  await whenTheyPress(page, 'Save')
  await thenTheyAreTold(page, /Your closure or change is saved\. The public page and \d+ DoS services show it now\./)

  await page.goto(`/pharmacies/${odsCode}`)
  await expectGoodPage(page)
  await expect(page.getByText('We open again on Monday at 9am.')).toBeVisible()
  await keepPicture(page, 'public-page')
  expect(await pharmaciesFoundOpen(request, postcode, TOMORROW_AT_THREE)).not.toContain(odsCode)
})

test('two people change the same hours: both see what the other wrote', { tag: '@phone' }, async ({
  page,
  browser,
  request,
}) => {
  const { odsCode } = await pharmacyOf(request, 'Amina Khan')
  const form = `/manage/${odsCode}/opening-times/change`
  await givenSignedIn(page, 'Amina Khan', form)
  const other = await givenSomebodyElse(browser, 'Ben Okafor', form)

  await whenTheyEnterTimes(other, 'Wednesday', '8', '8pm')
  await whenTheyPress(other, 'Continue')
  await whenTheyPress(other, 'Save')
  await thenTheyAreTold(other, /Your standard opening times are saved/)

  await whenTheyEnterTimes(page, 'Wednesday', '9', 'midday')
  await whenTheyPress(page, 'Continue')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Somebody else changed this too')
  await keepPicture(page, 'conflict')
  const wednesday = page.getByRole('group', { name: 'Wednesday' })
  await expect(wednesday.getByText('You wrote')).toBeVisible()
  await expect(wednesday.getByText('Saved by Ben Okafor at 10:34am')).toBeVisible()

  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Select what to keep for Wednesday')
  await wednesday.getByLabel('8am to 8pm').check()
  await whenTheyPress(page, 'Continue')
  await expect(page.getByText('You have not changed anything.')).toBeVisible()
})

test('a pharmacy answers its bank holidays and confirms them', { tag: '@phone' }, async ({ page, request }) => {
  const { odsCode } = await pharmacyOf(request, 'Amina Khan')
  await givenSignedIn(page, 'Amina Khan', `/manage/${odsCode}/bank-holidays`)
  await expect(page.getByText('2 days need an answer by 31 December')).toBeVisible()
  await whenTheyPress(page, 'Answer bank holidays')

  const christmas = page.getByRole('group', { name: 'Christmas Day, Friday 25 December 2026' })
  await christmas.getByLabel('Closed', { exact: true }).check()
  const boxingDay = page.getByRole('group', { name: 'Boxing Day, Monday 28 December 2026' })
  await boxingDay.getByLabel('Other hours').check()
  await boxingDay.getByLabel(/^Opens/).fill('10')
  await boxingDay.getByLabel(/^Closes/).fill('4pm')
  await keepPicture(page, 'bank-holidays')
  await whenTheyPress(page, 'Continue')
  await thenTheySeeWhatItUpdates(page)
  await whenTheyPress(page, 'Save')

  await whenTheyFollow(page, 'Check bank holidays')
  await whenTheyPress(page, 'Everything is correct')
  await thenTheyAreTold(page, 'Thank you. Bank holidays: everything is correct.')
  // Other journeys check other sections of the same pharmacy.
  await expect(page.getByText(/^\d of 5 sections checked\.$/)).toBeVisible()
})

test('a pharmacy changes its phone number after seeing what follows', { tag: '@desktop' }, async ({
  page,
  request,
}) => {
  const { odsCode } = await pharmacyOf(request, 'Amina Khan')
  await givenSignedIn(page, 'Amina Khan', `/manage/${odsCode}/contact-details`)
  await whenTheyPress(page, 'Change contact details')
  await page.getByLabel('Public phone number').fill('nought one six')
  await page.getByLabel('Professional email address').fill('marigold@nhsmail.example')
  await whenTheyPress(page, 'Continue')
  await thenTheyAreAskedTo(page, 'Enter a public phone number in the right format, like 0161 496 0000')
  await expect(page.getByLabel('Professional email address')).toHaveValue('marigold@nhsmail.example')

  await page.getByLabel('Public phone number').fill('+44 1632 960 999')
  await whenTheyPress(page, 'Continue')
  await thenTheySeeWhatItUpdates(page)
  await page.goBack()
  await expect(page.getByLabel('Public phone number')).toHaveValue('+44 1632 960 999')
  await whenTheyPress(page, 'Continue')
  await whenTheyPress(page, 'Save')
  await thenTheyAreTold(page, /Your contact details are saved/)

  await page.goto(`/pharmacies/${odsCode}`)
  await expect(page.getByText('01632 960 999').first()).toBeVisible()
  await expect(page.getByText('marigold@nhsmail.example')).toHaveCount(0)
})
