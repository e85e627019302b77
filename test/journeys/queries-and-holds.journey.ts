import type { Page } from '@playwright/test'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  givenSomebodyElse,
  keepPicture,
  thenTheyAreAskedTo,
  thenTheyAreTold,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

const PHARMACY = 'FZ0D1'

async function whenThePharmacySetsItsWebsite(page: Page, website: string): Promise<void> {
  await page.goto(`/manage/${PHARMACY}/contact-details/change`)
  await expectGoodPage(page)
  // What another journey left in the form is made right.
  await page.getByLabel('Public phone number').fill('01632 960001')
  await page.getByLabel('Website').fill(website)
  await whenTheyPress(page, 'Continue')
  await whenTheyPress(page, 'Save')
}

test('a lead asks, holds and proposes; a pharmacy answers, and decides between two values', { tag: '@phone' }, async ({
  page: ivy,
  browser,
}) => {
  test.setTimeout(120_000)
  // A question is answered.
  await givenSignedIn(ivy, 'Ivy Stone', '/workspace/changes')
  await keepPicture(ivy, 'recent-changes')
  await ivy.goto(`/workspace/queries/new?ods=${PHARMACY}&field=website`)
  await whenTheyPress(ivy, 'Ask the pharmacy')
  await thenTheyAreAskedTo(ivy, 'Enter your question')
  await ivy.getByLabel('Your question').fill('Does your website still take orders?')
  await keepPicture(ivy, 'ask-pharmacy')
  await whenTheyPress(ivy, 'Ask the pharmacy')
  await thenTheyAreTold(ivy, 'The pharmacy is asked. We have told its editors by email.')
  const amina = await givenSomebodyElse(browser, 'Amina Khan', `/manage/${PHARMACY}`)
  await keepPicture(amina, 'hub-with-question')
  await whenTheyFollow(amina, 'Answer a question about website')
  await amina.getByLabel('Your answer').fill('Yes, it does.')
  await keepPicture(amina, 'pharmacy-query')
  await whenTheyPress(amina, 'Send answer')
  await thenTheyAreTold(amina, 'Your answer is sent.')
  await ivy.goto('/workspace/queries')
  await whenTheyFollow(ivy, `${PHARMACY}: website`)
  await expect(ivy.getByText('Yes, it does.')).toBeVisible()
  await ivy.getByLabel('It is right as it is').check()
  await keepPicture(ivy, 'query-thread')
  await whenTheyPress(ivy, 'Close the question')
  await thenTheyAreTold(ivy, 'The question is closed.')

  // A hold is put and ended, and what waited is saved.
  await ivy.goto(`/workspace/holds/new?ods=${PHARMACY}&field=website`)
  await ivy.getByLabel('Why do you hold it?').fill('The page asks for card details')
  await whenTheyPress(ivy, 'Hold the field')
  await thenTheyAreTold(ivy, 'The field is held.')
  await whenThePharmacySetsItsWebsite(amina, 'www.held.example')
  await thenTheyAreTold(amina, /It waits, because the directory team holds: website/)
  await whenTheyFollow(amina, 'Your change of website waits')
  await keepPicture(amina, 'waiting-change')
  await ivy.goto('/workspace/holds')
  await whenTheyFollow(ivy, `${PHARMACY}: website`)
  await keepPicture(ivy, 'hold')
  await whenTheyPress(ivy, 'End the hold now')
  await thenTheyAreTold(ivy, 'The hold has ended.')
  await amina.goto(`/pharmacies/${PHARMACY}`)
  await expect(amina.getByRole('link', { name: 'held.example' })).toBeVisible()

  // A proposal meets the pharmacy's own change, and a person chooses.
  await ivy.goto(`/workspace/proposals/new?ods=${PHARMACY}&field=website`)
  await ivy.getByLabel('What should the website be?').fill('www.proposed.example')
  await ivy.getByLabel('Why is it right?').fill('It is on their door')
  await keepPicture(ivy, 'propose-value')
  await whenTheyPress(ivy, 'Propose it')
  await thenTheyAreTold(ivy, 'The pharmacy has your proposal.')
  await whenThePharmacySetsItsWebsite(amina, 'www.own.example')
  await thenTheyAreTold(amina, 'Your contact details are saved')
  await whenTheyFollow(amina, 'Choose between two values for website')
  await keepPicture(amina, 'conflict-of-values')
  await ivy.goto('/workspace/conflicts')
  await keepPicture(ivy, 'conflicts')
  await whenTheyFollow(ivy, `${PHARMACY}: website`)
  await expect(ivy.getByText('www.own.example')).toBeVisible()
  await whenTheyPress(amina, 'Use what is proposed')
  await thenTheyAreTold(amina, 'Saved.')
  await amina.goto(`/pharmacies/${PHARMACY}`)
  await expect(amina.getByRole('link', { name: 'proposed.example' })).toBeVisible()
})
