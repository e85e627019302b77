import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSomebodyElse,
  keepPicture,
  thenTheyAreAskedTo,
  thenTheyAreTold,
  whenTheyFollow,
} from './profile-manager.steps.ts'

/** Amina's pharmacy. */
const PHARMACY = 'FZ0D1'

test('a visitor finds by service and access, and a pharmacy hears what a visitor finds wrong', {
  tag: '@phone',
}, async ({ page, browser }) => {
  await page.goto('/')
  await page.getByLabel('Postcode, town or area').fill('M33')
  await page.getByText('Choose a service, access or delivery').click()
  await page.getByLabel('What do you need?').selectOption('Sore throat')
  await page.getByLabel('Step-free access').check()
  await expectGoodPage(page)
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sore throat: pharmacies near M33')
  await expect(page.getByText('Who it is for: Aged 5 and over.')).toBeVisible()
  await expect(page.locator('#result-1')).toBeVisible()
  await expectGoodPage(page)
  await keepPicture(page, 'filtered-results')
  await whenTheyFollow(page, 'Remove: Step-free access')
  await expect(page).toHaveURL(/\/pharmacies\?place=M33&service=sore-throat$/)

  await page.goto(`/pharmacies/${PHARMACY}`)
  await whenTheyFollow(page, 'Tell us if something on this page is wrong')
  await page.getByRole('button', { name: 'Send' }).click()
  await thenTheyAreAskedTo(page, 'Select what is wrong')
  await page.getByLabel('The opening times are wrong').check()
  await page.getByLabel('What is right? (optional)').fill('It closes at 5pm on Saturdays')
  await keepPicture(page, 'tell-us-it-is-wrong')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Thank you')
  await expectGoodPage(page)

  const amina = await givenSomebodyElse(browser, 'Amina Khan', `/manage/${PHARMACY}`)
  await whenTheyFollow(amina, 'Somebody says that the public page is wrong: answer')
  await expect(amina.getByText('“It closes at 5pm on Saturdays”')).toBeVisible()
  await expectGoodPage(amina)
  await keepPicture(amina, 'what-visitors-say')
  await amina.getByRole('button', { name: /^It is put right now/ }).click()
  await expectGoodPage(amina)
  await thenTheyAreTold(
    amina,
    'Thank you. If whoever told us gave an email address, we tell them that it is put right.',
  )
})
