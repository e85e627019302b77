/** Every page that an owner, a head office and a directory lead can open, and every form with its errors: no barriers. */
import { expect, expectGoodPage, test } from '#test/support/journeys.ts'
import { givenSignedIn } from './profile-manager.steps.ts'

const PHARMACY = '/manage/FZ0D1'

/** Pages without a form of their own, or whose forms ask for nothing. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  'Amina Khan': [
    '/manage',
    '/manage/training',
    '/manage/access/requests',
    '/account',
    ...[
      '',
      '/address-and-name',
      '/bank-holidays',
      '/check-everything',
      '/closures-and-changes',
      '/closures/who-is-told',
      '/contact-details',
      '/evidence',
      '/facilities',
      '/facilities/change',
      '/history',
      '/history/1',
      '/leave',
      '/opening-times',
      '/opening-times/change',
      '/people',
      '/quality',
      '/queries',
      '/queries/1',
      '/referral-problems',
      '/services',
      '/services/change',
      '/services/SRV0560/change',
      '/standing',
      '/urgent-care-services',
      '/urgent-care-services/change',
    ].map((path) => `${PHARMACY}${path}`),
  ],
  'Dev Patel': ['/manage', '/manage/branches', '/manage/access'],
  'Kofi Mensah': ['/on-call', '/on-call/rota', '/on-call/script', '/on-call/history'],
  'Ivy Stone': [
    '/workspace',
    '/workspace/access-requests',
    '/workspace/as-told',
    '/workspace/changes',
    '/workspace/closures',
    '/workspace/conflicts',
    '/workspace/holds',
    '/workspace/holds/1',
    '/workspace/local-services',
    '/workspace/local-services/new',
    '/workspace/onboarding',
    '/workspace/place-changes',
    '/workspace/proposals/new?ods=FZ0D1&field=weekly',
    '/workspace/queries',
    '/workspace/queries/1',
    '/workspace/quality',
    '/workspace/quality/blank-holidays',
    '/workspace/quality/blank-holidays/owner',
    '/workspace/quality/drift',
    '/workspace/quality/league',
    '/workspace/search-tester',
  ],
}

/** Forms, each sent as it is opened but for `clear`: all of them have something to say about that. */
const FORMS: Readonly<Record<string, readonly { readonly path: string; readonly button: string; clear?: string }[]>> = {
  'Amina Khan': [
    { path: '/manage/access', button: 'Continue' },
    { path: '/manage/missing-pharmacy', button: 'Send request' },
    { path: `${PHARMACY}/missing-service`, button: 'Send request' },
    { path: `${PHARMACY}/contact-details/change`, button: 'Continue', clear: 'Public phone number' },
    { path: `${PHARMACY}/bank-holidays/change`, button: 'Continue' },
    { path: `${PHARMACY}/closures-and-changes/add`, button: 'Continue' },
    { path: `${PHARMACY}/close-now`, button: 'Close now' },
    { path: `${PHARMACY}/closures/plan`, button: 'Plan this closure' },
    { path: `${PHARMACY}/opening-times/core-hours`, button: 'Continue', clear: 'Closes on Monday' },
    { path: `${PHARMACY}/people/invite`, button: 'Send invitation' },
    { path: `${PHARMACY}/closures/who-is-told`, button: 'Add this surgery' },
    { path: `${PHARMACY}/check-everything`, button: 'Submit' },
  ],
  'Kofi Mensah': [{ path: '/on-call/new', button: 'Take the call' }],
  'Fiona Walsh': [{ path: '/on-call/rota/add', button: 'Add the shift' }],
  'Dev Patel': ['holidays', 'change', 'services', 'contact', 'check'].map((kind) => ({
    path: `/manage/branches/new/${kind}`,
    button: 'Continue',
  })),
}

for (const [person, addresses] of Object.entries(PAGES)) {
  test(`${person} meets no barrier on any page`, { tag: '@phone' }, async ({ page }) => {
    test.setTimeout(120_000)
    await givenSignedIn(page, person, addresses[0])
    for (const address of addresses) {
      const answer = await page.goto(address)
      expect(answer?.status(), address).toBe(200)
      await expectGoodPage(page)
    }
  })
}

for (const [person, forms] of Object.entries(FORMS)) {
  test(`${person} is told of mistakes without a barrier`, { tag: '@phone' }, async ({ page }) => {
    test.setTimeout(120_000)
    await givenSignedIn(page, person, '/manage')
    for (const { path, button, clear } of forms) {
      await page.goto(path)
      if (clear) await page.getByLabel(clear, { exact: true }).fill('')
      await page.getByRole('button', { name: button, exact: true }).first().click()
      await expect(page, path).toHaveTitle(/^Error: /)
      await expectGoodPage(page)
    }
  })
}
