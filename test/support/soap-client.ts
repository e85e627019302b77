/** A directory of a few services behind the real app, and a client of its SOAP web services with an account. */
import assert from 'node:assert/strict'
import { XMLParser } from 'fast-xml-parser'
import { saveApiAccount } from '#src/accounts/save-api-account.ts'
import type { Db } from '#src/platform/db/db.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { importServices } from '#src/reference-data/import-services.ts'
import type { RoadProvider } from '#src/urgent-care/road-distances.ts'
import { pageDatabase, testLog } from './databases.ts'
import { type FixedClock, fixedClock } from './fixed-clock.ts'
import { inputFile } from './input-files.ts'
import { aServiceLine, servicesJsonl } from './service-lines.ts'
import { type StartedApp, startApp } from './start-app.ts'

export const WEB_SERVICES = '/app/api/webservices'
export const SOAP = 'http://www.w3.org/2003/05/soap-envelope'
export const DOS = 'https://nww.pathwaysdos.nhs.uk/app/api/webservices'

/** Where `ZZ1 1AA` is, and how far away other places are: grid metres. */
export const ORIGIN = { easting: 400_000, northing: 400_000 }
export const km = (east: number, north = 0): { readonly easting: number; readonly northing: number } => ({
  easting: ORIGIN.easting + Math.round(east * 1000),
  northing: ORIGIN.northing + Math.round(north * 1000),
})

/** A Wednesday; 10:00 on London clocks. */
export const WEDNESDAY = '2026-08-05T09:00:00Z'

/** The acceptance vectors' service S: a pharmacy 10 km east, open all hours, for everybody. */
export const serviceLine = (uid: number, given: object = {}): Readonly<Record<string, unknown>> =>
  aServiceLine({
    uid,
    name: `Service ${uid}`,
    odsCode: null,
    ...km(10),
    ...{ latitude: undefined, longitude: undefined },
    openAllHours: true,
    weekly: [[], [], [], [], [], [], []],
    sgsd: { 1011: [4003] },
    dispositions: [1008],
    roles: [1],
    ...given,
  })

/** An emergency department north of the place, that no symptom leads to. */
export const emergencyDepartment = (uid: number, north: number, given: object = {}) =>
  serviceLine(uid, { typeId: 40, name: `ED ${uid}`, ...km(0, north), sgsd: {}, ...given })

/** The vectors' directory: S is 1001, the emergency departments are 2001, 2002 and 2003. */
export const BASE = [
  serviceLine(1001, { name: 'Pharm: Test' }),
  emergencyDepartment(2001, 10),
  emergencyDepartment(2002, 20, { typeId: 105 }),
  emergencyDepartment(2003, 30),
]

export const REFERENCE = {
  types: [
    { id: 13, name: 'Pharmacy', rank: 2 },
    { id: 25, name: 'Out of hours', rank: 1 },
    { id: 40, name: 'Emergency Department (ED) Catch-All', rank: 10 },
    { id: 46, name: 'Urgent Care', rank: 1 },
    { id: 100, name: 'GP Practice', rank: 1, limit: 1 },
    { id: 105, name: 'Emergency Department (ED)', rank: 10 },
  ],
  pairs: { 1011: [4003] },
  dispositions: [{ id: 1008, timeframe: 360 }],
  roles: [{ id: 1, name: 'Call handler' }],
} satisfies Readonly<Record<string, unknown>>

/** Each place that searches are made from, `[east, north]` in km from ORIGIN. */
export type Places = Readonly<Record<string, readonly [east: number, north: number]>>

export type SoapAnswer = {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** What is asked for, beside what `BASE` asks; null leaves a field out. */
export type CaseChange = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | null>>

export type SoapClient = StartedApp & {
  readonly db: Db
  readonly clock: FixedClock
  /** Posts an envelope as it is. */
  post(envelope: string | Buffer, contentType?: string): Promise<SoapAnswer>
  /** A CheckCapacitySummary of the account `u1`, version 1.5, but for what is changed. */
  ask(change?: CaseChange, how?: How): Promise<SoapAnswer>
}

/** `version` null leaves the header out. */
export type How = {
  readonly version?: string | null
  readonly username?: string
  readonly password?: string
  readonly contentType?: string
}

const CASE: CaseChange = {
  caseRef: 'r-1',
  caseId: 'TEST',
  postcode: 'ZZ1 1AA',
  surgery: 'UNK',
  age: 22,
  ageFormat: 'Years',
  disposition: 1008,
  symptomGroup: 1011,
  symptomDiscriminatorList: [4003],
  forceSearchDistance: false,
  gender: 'F',
}

export const element = (name: string, content: string): string => `<d:${name}>${content}</d:${name}>`
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The envelope of an operation; `version` null leaves the header out. */
export function envelope(operation: string, content: string, version: string | null = '1.5'): string {
  const header = version === null ? '' : `<e:Header>${element('serviceVersion', version)}</e:Header>`
  return `<e:Envelope xmlns:e="${SOAP}" xmlns:d="${DOS}">${header}<e:Body>${element(operation, content)}</e:Body></e:Envelope>`
}

export const userInfo = (username = 'u1', password = 'p'): string =>
  element('userInfo', element('username', escapeText(username)) + element('password', escapeText(password)))

/** The envelope that `ask` posts. */
export function summaryEnvelope(change: CaseChange = {}, { version, username, password }: How = {}): string {
  const fields = Object.entries({ ...CASE, ...change })
    .filter(([, value]) => value !== null)
    .map(([name, value]) =>
      element(
        name,
        Array.isArray(value)
          ? value.map((item) => element('int', escapeText(String(item)))).join('')
          : escapeText(String(value)),
      ),
    )
  return envelope(
    'CheckCapacitySummary',
    userInfo(username, password) + element('c', fields.join('')),
    version === undefined ? '1.5' : version,
  )
}

export type DirectoryOptions = {
  readonly reference?: object
  readonly settings?: Readonly<Record<string, string>>
  readonly places?: Places
  readonly roads?: RoadProvider
  readonly now?: string
}

/** Imports the services, starts the app and makes the accounts: `u1` (role 1), and others by what they may not do. */
export async function startSoap(
  lines: readonly object[],
  { reference = REFERENCE, settings = {}, places = {}, roads, now = WEDNESDAY }: DirectoryOptions = {},
): Promise<SoapClient> {
  const clock = fixedClock(now)
  const db = await openDb({ ...(await pageDatabase()), log: testLog })
  const summary = await importServices(
    {
      path: inputFile('services.jsonl', servicesJsonl(lines)),
      referencePath: inputFile('reference.json', JSON.stringify(reference)),
      gazetteerPath: inputFile('gazetteer.csv', gazetteerOf({ 'ZZ1 1AA': [0, 0], ...places })),
    },
    { db, clock, progress: () => {} },
  )
  assert.equal(summary.refused, 0, JSON.stringify(summary))
  const started = await startApp(db, { clock, settings, ...(roads ? { roads } : {}) })
  const by = { by: 'command:client create', now: clock.now(), pepper: started.config.secretsPepper }
  for (const account of ACCOUNTS) {
    const saved = await saveApiAccount(db, { api: 'urgent-care', password: 'p', role: '1', ...account }, by)
    assert.ok(saved.ok, JSON.stringify(saved))
  }
  await started.memory.apiAccounts.refresh()
  const post: SoapClient['post'] = async (payload, contentType = 'application/soap+xml; charset=utf-8') => {
    const headers = contentType === '' ? {} : { 'content-type': contentType }
    const answer = await started.app.inject({ method: 'POST', url: WEB_SERVICES, payload, headers })
    return { status: answer.statusCode, contentType: String(answer.headers['content-type']), body: answer.body }
  }
  return {
    ...started,
    clock,
    db,
    post,
    ask: (change, how = {}) => post(summaryEnvelope(change, how), how.contentType),
    close: () => started.close().finally(() => db.close()),
  }
}

const ACCOUNTS = [
  { username: 'u1' },
  { username: 'by-road', permissions: ['webService', 'roadDistance'] },
  { username: 'no-permission', permissions: ['roadDistance'] },
  { username: 'once', perMinute: '1' },
  { username: 'other-role', role: '2' },
] as const

/** Latitude and longitude are about right, and used by nothing but distances by road. */
const gazetteerOf = (places: Places): string =>
  `postcode,easting,northing,latitude,longitude\n${Object.entries(places)
    .map(([postcode, [east, north]]) => {
      const { easting, northing } = km(east, north)
      return `${postcode},${easting},${northing},${53.4966 + north / 111.2},${-2.0015 + east / 66.2}\n`
    })
    .join('')}`

const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, ignoreDeclaration: true })

/** The parsed answer, prefixes included, as Python clients index it. */
export const parsed = ({ body }: SoapAnswer): Tree => parser.parse(body) as Tree
export type Tree = { readonly [name: string]: Tree } & string

/** The number and text of a fault; fails when it is none. */
export function faultIn(answer: SoapAnswer): { readonly number: string; readonly text: string } {
  assert.equal(answer.status, 500, answer.body)
  const fault = parsed(answer)['env:Envelope']?.['env:Body']?.['env:Fault']
  return {
    number: String(fault?.['env:Code']?.['env:Value']),
    text: String(fault?.['env:Reason']?.['env:Text']),
  }
}

/** The body of a CheckCapacitySummary answer; fails when it is a fault. */
export function summaryIn(answer: SoapAnswer): Tree {
  assert.equal(answer.status, 200, answer.body)
  const response = parsed(answer)['env:Envelope']?.['env:Body']?.['ns1:CheckCapacitySummaryResponse']
  assert.ok(response, answer.body)
  return response
}

/** The items of an answer in their order. */
export function itemsIn(answer: SoapAnswer, item = 'serviceCareSummaryDestination'): readonly Tree[] {
  const result: unknown = summaryIn(answer)['ns1:CheckCapacitySummaryResult']?.[`ns1:${item}`]
  return result === undefined ? [] : ([result].flat() as unknown as readonly Tree[])
}

export const uidsIn = (answer: SoapAnswer): string =>
  itemsIn(answer)
    .map((item) => item['ns1:id'])
    .join(' ')
