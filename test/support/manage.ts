/** Profile Manager for page tests: the real app, one pharmacy with five DoS services, and people to sign in as. */
import assert from 'node:assert/strict'
import { saveServices } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { type Browser, openBrowser, type Page, signInAs } from './browser.ts'
import { aProfile, aService, UNCHECKED, USUAL_WEEK } from './builders.ts'
import type { FixedClock } from './fixed-clock.ts'
import { type StartedApp, startApp } from './start-app.ts'

export const AMINA = { email: 'amina@nhs.example', name: 'Amina Khan', grants: [{ role: 'owner', scope: 'ods:FX123' }] }
export const BEN = { email: 'ben@nhs.example', name: 'Ben Okafor', grants: [{ role: 'editor', scope: 'ods:FX123' }] }
export type Person = Parameters<typeof signInAs>[1]

/** Four services that match the pharmacy, the third with a phone and a Monday of its own, and one that does not match. */
export const FIVE_SERVICES: readonly ServiceRecord[] = [
  aService(),
  aService({ uid: 2_000_000_002, typeId: 131, odsCode: 'FX123UMS', name: 'Urgent medicines' }),
  aService({
    uid: 2_000_000_003,
    typeId: 132,
    odsCode: 'FX123BPS',
    name: 'Minor illness',
    phone: '01632 960777',
    hours: {
      weekly: [[{ opens: 600, closes: 960 }], ...USUAL_WEEK.slice(1)],
      bankHoliday: null,
      openAllHours: false,
      specified: {},
    },
  }),
  aService({ uid: 2_000_000_004, typeId: 137, odsCode: 'FX123CAS', name: 'Clinical assessment' }),
  aService({ uid: 2_000_000_005, typeId: 132, odsCode: 'FX123OLD', name: 'Old service', status: 'CLOSED' }),
]

const IMPORT = {
  actor: 'command:import pharmaceutical-list',
  action: 'import',
  recordedAt: '2026-11-01T09:00:00.000Z',
  decides: false,
  onMeeting: 'keep',
} as const

export type Manager = StartedApp & {
  readonly db: Db
  /** A browser in which this person is signed in. */
  as(person: { readonly email: string; readonly name?: string; readonly grants: readonly object[] }): Promise<Browser>
}

/** Stores a pharmacy as an import would. */
export async function storePharmacy(db: Db, profile: Profile, services: readonly ServiceRecord[] = []): Promise<void> {
  if (services.length > 0) await db.transact((tx) => saveServices(tx, services, IMPORT))
  await db.transact((tx) => commitProfiles(tx, [{ before: undefined, profile, sections: UNCHECKED }], IMPORT))
}

/** Starts the app on `db` with the pharmacy FX123 and its services. */
export async function startManager(
  db: Db,
  given: { readonly profile?: Partial<Profile>; readonly clock?: FixedClock } = {},
): Promise<Manager> {
  await storePharmacy(db, aProfile(given.profile), FIVE_SERVICES)
  const started = await startApp(db, given.clock ? { clock: given.clock } : {})
  return {
    ...started,
    db,
    as: async (person) => {
      const browser = openBrowser(started.app, started.config.baseUrl)
      await signInAs(browser, person as Person, { db, clock: started.clock })
      return browser
    },
  }
}

/** What the fields of the form at `action` say now: as a browser would send them when nothing is touched. */
export function filledIn(page: Page, action: string): Record<string, string> {
  const form = page.body.split('<form').find((part) => new RegExp(`^[^>]*action="[^"]*${action}"`).test(part))
  assert.ok(form, `${page.url} has no form for ${action}:\n${visible(page)}`)
  const html = form.split('</form>')[0] ?? ''
  const fields: Record<string, string> = {}
  for (const [, attributes = ''] of html.matchAll(/<input([^>]*)>/g)) {
    const name = attribute(attributes, 'name')
    const isChoice = /type="(checkbox|radio)"/.test(attributes)
    if (name && (!isChoice || /\schecked\b/.test(attributes))) fields[name] = attribute(attributes, 'value') ?? ''
  }
  for (const [, name = '', text = ''] of html.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/textarea>/g)) {
    fields[name] = unescaped(text)
  }
  for (const [, name = '', options = ''] of html.matchAll(/<select[^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g)) {
    const chosen = /<option value="([^"]*)"[^>]*\sselected/.exec(options)?.[1] ?? ''
    fields[name] = unescaped(chosen)
  }
  return fields
}

/** Sends the form at `action` with what it says, but for `changed`; an undefined value is a box that was unticked. */
export function send(
  browser: Browser,
  page: Page,
  action: string,
  changed: Readonly<Record<string, string | undefined>> = {},
): Promise<Page> {
  const fields = { ...filledIn(page, action), ...changed }
  const target = new RegExp(`<form[^>]*action="([^"]*${action})"`).exec(page.body)?.[1] ?? page.url.pathname
  const sent = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined)
  return browser.open(target, Object.fromEntries(sent))
}

/** The words of a page's main part, as somebody reads them. */
export function visible(page: Page): string {
  const main = /<main[\s\S]*<\/main>/.exec(page.body)?.[0] ?? page.body
  return unescaped(main.replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, ' ').replaceAll(/<[^>]+>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** The messages of the error summary, by the field they lead to. */
export function errorsOf(page: Page): Record<string, string> {
  const summary = /<div class="nhsuk-error-summary"[\s\S]*?<\/ul>/.exec(page.body)?.[0] ?? ''
  const links = [...summary.matchAll(/<a href="#([^"]*)">([\s\S]*?)<\/a>/g)]
  return Object.fromEntries(links.map(([, field = '', text = '']) => [field, unescaped(text).trim()]))
}

const attribute = (text: string, name: string): string | undefined => {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(text)?.[1]
  return value === undefined ? undefined : unescaped(value)
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
