/**
 * Browser journeys, on a phone without script and on a wide screen with it. A journey without a tag runs on both; one
 * tagged `@phone` or `@desktop` only there, where it is more at risk.
 */
import { defineConfig } from '@playwright/test'
import { findChromium } from './test/support/find-chromium.ts'

const FAR_FROM_OUTSIDE = '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1'

export default defineConfig({
  testDir: 'test/journeys',
  testMatch: '**/*.journey.ts',
  outputDir: 'test-results',
  // One browser at a time: each project has a server of its own beside it, and there are two cores.
  workers: 1,
  // Long, because the other tests run at the same time; who is quick waits for nothing.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: process.env['SIGNPOST_JOURNEYS_JSON'] ?? 'test-results/journeys.json' }]],
  use: {
    launchOptions: { executablePath: findChromium(), args: [FAR_FROM_OUTSIDE] },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    screenshot: 'only-on-failure',
  },
  projects: [
    {
      name: 'phone without script',
      grepInvert: /@desktop/,
      use: { viewport: { width: 320, height: 640 }, javaScriptEnabled: false },
    },
    { name: 'desktop', grepInvert: /@phone/, use: { viewport: { width: 1280, height: 900 } } },
  ],
})
