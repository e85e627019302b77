import { FOOTER_LINKS } from '#src/footer-pages/footer-pages.ts'
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'

test('a visitor reads what the footer leads to', { tag: '@phone' }, async ({ page }) => {
  for (const { href, text } of [...FOOTER_LINKS, { href: '/help/what-moved', text: 'What moved where' }]) {
    await test.step(text, async () => {
      await page.goto(href)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(text)
      await expectGoodPage(page)
    })
  }
})

test('a visitor who mistyped an address is told so and shown the way', { tag: '@phone' }, async ({ page }) => {
  const answer = await page.goto('/pharmacy/next-door')
  expect(answer?.status()).toBe(404)
  await expectGoodPage(page)
  await page.getByLabel('Postcode, town or area').fill('M1')
  await page.getByRole('button', { name: 'Find a pharmacy' }).click()
  await expect(page).toHaveURL(/\/pharmacies\?place=M1/)
})
