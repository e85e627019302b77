/** A quarter ends and its report is frozen: what comes late stands apart, and files and letters can be had. Runs last. */
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import { givenSignedIn, keepPicture, whenTheyPress } from './profile-manager.steps.ts'

const REPORT = '/reports/verification?quarter=2026-27-Q3'
/** In the area that Ivy Stone leads; nobody checks it before the quarter ends. */
const LATE = 'FZ0D1'

test('a frozen quarter stays as it was, and what was checked late is shown apart', { tag: '@phone' }, async ({
  page,
  request,
}) => {
  const late = (await (await request.get(`/test/quarter-ends/${LATE}`)).json()) as { readonly name: string }
  await givenSignedIn(page, 'Ivy Stone', '/reports')
  await page.goto(REPORT)
  await expectGoodPage(page)
  await expect(page.getByText(/Its figures were frozen on 1 January 2027 at 12:40am and do not change/)).toBeVisible()
  await expect(page.getByRole('heading', { name: /^Late: 1 checked what was missing/ })).toBeVisible()
  await expect(page.getByText(`${late.name}, ${LATE}: 4 January 2027`)).toBeVisible()
  await keepPicture(page, 'quarterly-verification', 1300)

  for (const name of ['Spreadsheet (XLSX)', 'CSV', 'PDF to read or print']) {
    const address = await page.getByRole('link', { name, exact: true }).getAttribute('href')
    const file = await page.request.get(address ?? '')
    expect(file.status(), name).toBe(200)
    expect(file.headers()['content-disposition'], name).toContain('attachment; filename="verification-2026-27-Q3')
    expect((await file.body()).length, name).toBeGreaterThan(1000)
  }
  await page
    .getByRole('link', { name: /^Remedial draft/ })
    .first()
    .click()
  await expectGoodPage(page)
  await expect(page.getByLabel('The letter')).toHaveValue(/^DRAFT\. This is no notice until/)
  await keepPicture(page, 'draft-of-a-letter')
  await page.getByLabel('The letter').fill('')
  await whenTheyPress(page, 'Download as text')
  await expect(page.getByRole('link', { name: 'Enter the letter' })).toBeVisible()
})
