/** What every journey has: a Signpost of its own, a way to sign in, and the promises that hold on every page. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, test as base, expect, type Page } from '@playwright/test'

export { expect } from '@playwright/test'

/** Thursday 10 December 2026, 10:34 in London: a working day before a working day, two weeks before Christmas. */
export const JOURNEY_NOW = '2026-12-10T10:34:00Z'

const SERVER = fileURLToPath(new URL('journey-server.ts', import.meta.url))
const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
const SERVER_STARTS_WITHIN_MS = 120_000

type Signpost = { readonly baseUrl: string }

/** `signpost` is one server for each project; journeys of one project share it, one after the other. */
export const test = base.extend<{ baseURL: string }, { signpost: Signpost }>({
  signpost: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from its pattern.
    async ({}, use) => {
      const server = spawn(NODE, [SERVER, JOURNEY_NOW], { stdio: ['pipe', 'pipe', 'inherit'] })
      const exited = once(server, 'exit')
      const [line] = await once(createInterface({ input: server.stdout }), 'line')
      await use(JSON.parse(String(line)) as Signpost)
      server.stdin.end()
      const [code] = await exited
      expect(code, 'the server logged an error that no journey expected, or could not stop').toBe(0)
    },
    { scope: 'worker', timeout: SERVER_STARTS_WITHIN_MS },
  ],
  baseURL: async ({ signpost }, use) => {
    await use(signpost.baseUrl)
  },
})

/** What must be true of every page: no known barrier (WCAG 2.2 AA), and nothing to scroll sideways for. */
export async function expectGoodPage(page: Page): Promise<void> {
  // A title can be read before the page below it has come.
  await page.waitForLoadState()
  const { content, screen } = await widths(page)
  expect(content, `${page.url()} must fit its screen`).toBeLessThanOrEqual(screen)
  expect(await barriersOn(page), `barriers on ${page.url()}`).toEqual([])
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function barriersOn(page: Page): Promise<string[]> {
  const { copy, hasAxe } = await copyWithScript(page)
  // Without `axeSource` the builder brings axe, which takes far longer than asking it; with it, axe must be there.
  const axe = new AxeBuilder(hasAxe ? { page: copy, axeSource: 'void axe' } : { page: copy })
  const { violations } = await axe
    .options({ resultTypes: ['violations'] })
    .withTags(RULES)
    .setLegacyMode()
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

/** A page that is on its way to another has no content for a moment: then it is the other that is looked at. */
async function contentOf(page: Page): Promise<string> {
  try {
    return await page.content()
  } catch (error) {
    if (!/navigating/.test(String(error))) throw error
    await page.waitForLoadState()
    return page.content()
  }
}

const copies = new WeakMap<Browser, Map<string, Page>>()

/**
 * axe cannot work where scripts are off, so it reads a copy of what the visitor sees, without the page's own scripts.
 * Each origin has one page for its copies: its document is written anew for each, and axe stays in its window.
 */
async function copyWithScript(page: Page): Promise<{ copy: Page; hasAxe: boolean }> {
  const html = (await contentOf(page)).replaceAll(/<script\b[\s\S]*?<\/script>/g, '')
  const browser = page.context().browser()
  if (!browser) throw new Error('journeys run in a browser of their own')
  const { origin } = new URL(page.url())
  const byOrigin = copies.get(browser) ?? new Map<string, Page>()
  copies.set(browser, byOrigin)
  const kept = byOrigin.get(origin)
  const copy = kept ?? (await openEmptyPage(browser, origin))
  byOrigin.set(origin, copy)
  const size = page.viewportSize()
  if (size) await copy.setViewportSize(size)
  await copy.evaluate(`history.replaceState(null, '', ${JSON.stringify(page.url())})`)
  await copy.setContent(html)
  return { copy, hasAxe: kept !== undefined }
}

async function openEmptyPage(browser: Browser, origin: string): Promise<Page> {
  const opened = await browser.newPage({ javaScriptEnabled: true })
  await opened.route(`${origin}/`, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: '' }))
  await opened.goto(`${origin}/`)
  await opened.unroute(`${origin}/`)
  return opened
}

/** Asked of the layout engine and not of a script in the page, so that it works where scripts are off. */
async function widths(page: Page): Promise<{ content: number; screen: number }> {
  const session = await page.context().newCDPSession(page)
  const { cssContentSize, cssLayoutViewport } = await session.send('Page.getLayoutMetrics')
  await session.detach()
  return { content: Math.floor(cssContentSize.width), screen: cssLayoutViewport.clientWidth }
}
