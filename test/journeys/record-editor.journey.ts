import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import {
  givenSignedIn,
  givenSomebodyElse,
  keepPicture,
  thenTheyAreAskedTo,
  whenTheyFollow,
  whenTheyPress,
} from './profile-manager.steps.ts'

const PHARMACY = 'FZ0D1'

test('a clinical change is tried before it is sent, and NHS 111 is told of it when a second person agrees', {
  tag: '@phone',
}, async ({ page: ivy, browser }) => {
  test.setTimeout(120_000)
  await givenSignedIn(ivy, 'Ivy Stone', '/workspace/services')
  await ivy.goto(`/workspace/services?q=${PHARMACY}`)
  await ivy.getByRole('link', { name: /^Pharmacy: / }).click()
  const service = new URL(ivy.url()).pathname
  const uid = service.split('/').at(-1) ?? ''
  await whenTheyFollow(ivy, 'See or change the clinical profile')
  await keepPicture(ivy, 'clinical-profile')

  // The pair is refused while it is none, and kept as it was typed.
  await whenTheyFollow(ivy, 'Change symptom groups and discriminators')
  await keepPicture(ivy, 'clinical-pairs')
  await whenTheyFollow(ivy, 'Add more')
  await ivy.getByLabel('The pairs to add').fill('9011 7101\n9011 7999')
  await whenTheyPress(ivy, 'Add these lines')
  await thenTheyAreAskedTo(ivy, 'Line 2 cannot be added: Discriminator 7999 does not go with symptom group 9011')
  await keepPicture(ivy, 'clinical-pairs-refused')
  await ivy.getByLabel('The pairs to add').fill('9011 7101')
  await whenTheyPress(ivy, 'Add these lines')
  await expect(ivy.getByText('1 pair added to your draft.')).toBeVisible()

  // The search is tried: only she sees the answer.
  await ivy.goto(`${service}/try`)
  await ivy.getByLabel('Symptom group').fill('9011')
  await ivy.getByLabel('Symptom discriminators').fill('7101')
  await ivy.getByLabel('Female', { exact: true }).check()
  await whenTheyPress(ivy, 'Try the search')
  const outcome = ivy.locator('#outcome + dl')
  await expect(outcome).toContainText(/Now\s+Not returned/)
  await expect(outcome).toContainText(/With your change\s+Returned\s+Returned as number \d+ of \d+/)
  await keepPicture(ivy, 'try-the-search')
  const call = new URL(ivy.url()).search

  await ivy.goto(`${service}/check`)
  await expectGoodPage(ivy)
  await ivy.getByLabel('Why do you change it?').fill('The pharmacist is trained for it since Monday')
  await whenTheyPress(ivy, 'Send to a second person')
  await expect(ivy.getByText('Sent. A second person must agree before it is published.')).toBeVisible()
  await ivy.goto(`/workspace/search-tester${call}&service=${uid}`)
  await expect(ivy.getByText('Not returned', { exact: true }).first()).toBeVisible()

  // The second person tries the same, agrees, and it is what everybody is told.
  const fiona = await givenSomebodyElse(browser, 'Fiona Walsh', '/workspace/approvals')
  await fiona.getByRole('link', { name: new RegExp(uid) }).click()
  await expectGoodPage(fiona)
  const change = fiona.url()
  await fiona.goto(`${change}/try${call}`)
  await expect(fiona.locator('#outcome + dl')).toContainText(/With this change\s+Returned/)
  await expectGoodPage(fiona)
  await fiona.setViewportSize({ width: 1280, height: 900 })
  await keepPicture(fiona, 'try-the-search')
  await fiona.goto(change)
  await fiona.getByLabel('Yes, publish it now').check()
  await keepPicture(fiona, 'approve-clinical-change')
  await whenTheyPress(fiona, 'Send answer')
  await expect(fiona.getByText('Approved and published.')).toBeVisible()
  await fiona.goto(`/workspace/search-tester${call}&service=${uid}`)
  await expect(fiona.getByText(/Returned as number \d+ of \d+/)).toBeVisible()
  await expectGoodPage(fiona)

  // What an ICB keeps for itself has somebody who answers for it.
  await ivy.goto('/workspace/local-services')
  await expectGoodPage(ivy)
  await keepPicture(ivy, 'local-services')
  await whenTheyFollow(ivy, 'Falls advice line')
  await whenTheyPress(ivy, 'The record is right')
  await expect(ivy.getByText('Saved that the record is right.')).toBeVisible()
})
