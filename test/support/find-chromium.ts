import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/**
 * The browser of the journeys: `CHROMIUM`, else the first on the path, else the one Playwright installed. Throws when
 * there is none, saying what to do.
 */
export function findChromium(): string {
  const { CHROMIUM, PATH = '' } = process.env
  if (CHROMIUM) return CHROMIUM
  const onPath = PATH.split(':').flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const candidates = [...onPath, chromium.executablePath()]
  const found = candidates.find((path) => existsSync(path))
  if (!found) throw new Error('Chromium is missing: run test/install-tools.sh, or set CHROMIUM to where it is')
  return found
}
