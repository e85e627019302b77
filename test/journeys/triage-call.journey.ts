import { expect, expectGoodPage, test } from '#test/support/journeys.ts'

test('anybody tries a call to NHS 111 and sees who can help, and why others cannot', async ({ page }) => {
  await test.step('the page offers example calls', async () => {
    await page.goto('/demo/111')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Try a call to NHS 111')
    await expectGoodPage(page)
  })
  await test.step('an example is answered in order', async () => {
    await page.getByRole('link', { name: 'Sore throat, woman of 34' }).click()
    await expect(page.getByRole('heading', { name: /^\d+ services?$/ })).toBeVisible()
    await expect(page.getByRole('heading', { name: 'Why others were not returned' })).toBeVisible()
    await expectGoodPage(page)
  })
  await test.step('a reason names the nearest services', async () => {
    const reason = page.locator('details', { hasText: 'They do not see people with this symptom' })
    await reason.locator('summary').click()
    await expect(reason.getByText('more, further away')).toBeVisible()
  })
  await test.step('what is missing is said', async () => {
    await page.goto('/demo/111')
    await page.getByRole('button', { name: 'Ask the directory' }).click()
    await expect(page.getByRole('alert')).toContainText('Enter an age')
    await expectGoodPage(page)
    await page.getByRole('textbox', { name: 'Age' }).fill('34')
    await page.getByRole('button', { name: 'Ask the directory' }).click()
    await expect(page.getByRole('alert')).toContainText('Choose what is wrong')
  })
  await test.step('where nobody takes callers from that system, it names emergency departments', async () => {
    await page.getByLabel('What is wrong').selectOption({ label: 'Blood pressure: check is due' })
    await page.getByLabel('Who is asking').selectOption({ label: 'Non HCP' })
    await page.getByRole('button', { name: 'Ask the directory' }).click()
    await expect(page.getByText('(Catch-all)').first()).toBeVisible()
  })
})
