import { existsSync } from 'node:fs'
import { join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** The browser of the journeys: `CHROMIUM`, else the first on the path. Throws when there is none, saying what to do. */
export function findChromium(): string {
  const { CHROMIUM, PATH = '' } = process.env
  if (CHROMIUM) return CHROMIUM
  const candidates = PATH.split(':').flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const found = candidates.find((path) => existsSync(path))
  if (!found) throw new Error('Chromium is missing: run test/install-tools.sh, or set CHROMIUM to where it is')
  return found
}
