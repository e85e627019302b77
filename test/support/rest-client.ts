/** A directory of a few services behind the real app, and a client of its REST API with an account. */
import assert from 'node:assert/strict'
import { saveApiAccount } from '#src/accounts/save-api-account.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { importServices } from '#src/reference-data/import-services.ts'
import { pageDatabase, testLog } from './databases.ts'
import { fixedClock } from './fixed-clock.ts'
import { inputFile } from './input-files.ts'
import { servicesJsonl } from './service-lines.ts'
import { type StartedApp, startApp } from './start-app.ts'

export const BASE = '/app/controllers/api/v1.0/services/'
/** Where `ZZ1 1AA` is. */
export const ORIGIN = { easting: 429_067, northing: 433_934 }
export const METRES_PER_MILE = 1609.344

const GAZETTEER = `postcode,easting,northing,latitude,longitude
ZZ1 1AA,${ORIGIN.easting},${ORIGIN.northing},53.80111,-1.56022
`

/** A reference file with names, as far as REST answers show them. */
export const REFERENCE = {
  types: [-1, 6, 13, 14, 46, 100].map((id) => ({ id, name: id === 13 ? 'Pharmacy' : `Type ${id}`, rank: 1, limit: 2 })),
  pairs: { 1004: [4027], 1011: [4003, 4052] },
  symptomGroups: [{ id: 1011, name: 'Ankle or Foot Injury' }],
  discriminators: [{ id: 4003, name: 'Assessment, minor' }],
  dispositions: [
    { id: 1028, timeframe: 720, name: 'Contact pharmacist' },
    { id: 1132, timeframe: null },
  ],
  roles: [{ id: 1, name: 'User' }, 2],
}

export type RestClient = StartedApp & {
  readonly db: Db
  /** Asks for what follows the base. Without an account: as nobody. */
  get(path: string, account?: Account | null): Promise<RestAnswer>
  /** Ids of the services that are returned. */
  ids(path: string, account?: Account): Promise<readonly string[]>
}
export type Account = { readonly username: string; readonly password: string }
export type RestAnswer = {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, unknown>>
}

/** Role 1; and one with role 2; and one that may ask twice a minute. */
export const FINDER: Account = { username: 'finder', password: 'right: horse' }
export const OTHER_ROLE: Account = { username: 'other-role', password: 'battery' }
export const TWICE: Account = { username: 'twice', password: 'staple' }

/** How the header says it. */
export const basic = ({ username, password }: Account): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

/** Imports the services at 08:34, which is when their capacity is taken to be set, and starts the app at 10:34. */
export async function startDirectory(
  lines: readonly object[],
  settings: Readonly<Record<string, string>> = {},
  day = '2026-12-11',
): Promise<RestClient> {
  const clock = fixedClock(`${day}T08:34:00Z`)
  const db = await openDb({ ...(await pageDatabase()), log: testLog })
  await importLines(db, lines, clock)
  clock.set(`${day}T10:34:00Z`)
  const started = await startApp(db, { clock, settings })
  const by = { by: 'command:client create', now: clock.now(), pepper: started.config.secretsPepper }
  for (const [account, role, perMinute] of [
    [FINDER, '1', '0'],
    [OTHER_ROLE, '2', '0'],
    [TWICE, '1', '2'],
  ] as const) {
    const saved = await saveApiAccount(db, { api: 'urgent-care', ...account, role, perMinute }, by)
    assert.ok(saved.ok)
  }
  await started.memory.apiAccounts.refresh()

  const get: RestClient['get'] = async (path, account = FINDER) => {
    const headers = account ? { authorization: basic(account) } : {}
    const answer = await started.app.inject({ url: `${BASE}${path}`, headers })
    return { status: answer.statusCode, body: answer.body, headers: answer.headers }
  }
  return {
    ...started,
    db,
    get,
    async ids(path, account) {
      const { status, body } = await get(path, account)
      assert.equal(status, 200, body)
      return (JSON.parse(body) as Answered).success.services.map(({ id }) => id)
    },
    close: () => started.close().finally(() => db.close()),
  }
}

/** As the command would. */
export async function importLines(db: Db, lines: readonly object[], clock: Clock): Promise<void> {
  const summary = await importServices(
    {
      path: inputFile('services.jsonl', servicesJsonl(lines)),
      referencePath: inputFile('reference.json', JSON.stringify(REFERENCE)),
      gazetteerPath: inputFile('gazetteer.csv', GAZETTEER),
    },
    { db, clock, progress: () => {} },
  )
  assert.equal(summary.refused, 0)
}

export type Answered = {
  readonly success: {
    readonly code: number
    readonly transactionId: string
    readonly servicesReturnedAreCatchAll: string
    readonly serviceCount: number
    readonly services: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[]
  }
}
