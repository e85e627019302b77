/**
 * What NHS 111 and pharmacy finders ask, over HTTP among 60,000 services: REST byServiceType and SOAP
 * CheckCapacitySummary, parsed, authenticated and audited, beside a bare route of the same size. Run alone:
 * `node test/bench/urgent-care.bench.ts`
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { saveApiAccount } from '#src/accounts/save-api-account.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { importPostcodes } from '#src/reference-data/import-postcodes.ts'
import { mergedCatalogue, readReference, storeCatalogue } from '#src/reference-data/reference-file.ts'
import type { DatabaseAddress } from '#test/support/databases.ts'
import { type BenchCall, benchCalls, benchDirectory } from './bench-data.ts'
import { type Figure, median, printFigures } from './figures.ts'
import { filledEmbedded } from './filled-database.ts'
import { averageBody, type LoadRequest, type LoadResult, putUnderLoad, startBareRoute, startProduct } from './load.ts'

const ROUNDS = 3
const SECONDS = 8
const CONNECTIONS = 16
const SAMPLE = 500
const PASSWORD = 'bench-password'
export const PEPPER = 'bench-pepper-bench-pepper-bench-pepper'
/** What finders look for: mostly pharmacies, sometimes several kinds at once. */
const TYPES = ['13', '13', '13,134', '12', '14', '100', '13,14', '105,40']
const PER_TYPE = 5

/** Measures both interfaces. */
export async function measureUrgentCare(): Promise<readonly Figure[]> {
  const directory = benchDirectory()
  // The Isles of Scilly have no emergency department within 60 km: nothing found is a fault, and right.
  const calls = benchCalls(directory).calls.filter(({ postcode }) => !postcode.startsWith('TR21 '))
  const address = await filledEmbedded(directory)
  await addWhatProgramsNeed(address, directory.folder, new Set(calls.map(({ role }) => role)))
  const product = await startProduct(address, { SECRETS_PEPPER: PEPPER })
  const figures = [
    ...(await measure('REST byServiceType', 25, product.baseUrl, calls.map(restRequest))),
    ...(await measure('SOAP CheckCapacitySummary 1.5', 18, product.baseUrl, calls.map(soapRequest))),
  ]
  await product.child.kill()
  return figures
}

/** Ours and a bare route in turn, round by round, so that a busy machine slows both alike. */
async function measure(
  name: string,
  wantedShare: number,
  baseUrl: string,
  requests: readonly LoadRequest[],
): Promise<readonly Figure[]> {
  const bytes = await averageBody(baseUrl, requests.slice(0, SAMPLE))
  const bare = await startBareRoute(bytes)
  // As many different requests as ours: sending them costs time as well.
  const toBare = requests.map((_, index) => ({ path: `/api/v1/services?question=${index}` }))
  const rounds: { ours: LoadResult; theirs: LoadResult }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const plan = { connections: CONNECTIONS, seconds: SECONDS }
    const theirs = await putUnderLoad({ ...plan, baseUrl: bare.baseUrl, requests: toBare })
    const ours = await putUnderLoad({ ...plan, baseUrl, requests })
    rounds.push({ ours, theirs })
  }
  await bare.child.kill()
  const of = (figure: (round: (typeof rounds)[0]) => number) => median(rounds.map(figure))
  return [
    { what: `${name}: a bare route of ${bytes} bytes`, figure: of(({ theirs }) => theirs.perSecond), unit: '/s' },
    { what: `${name}: answers`, figure: of(({ ours }) => ours.perSecond), unit: '/s' },
    {
      what: `${name}: the same, of the bare route`,
      figure: of(({ ours, theirs }) => (100 * ours.perSecond) / theirs.perSecond),
      unit: '%',
      wanted: `at least ${wantedShare}`,
    },
    {
      what: `${name}: p99 at ${CONNECTIONS} connections`,
      figure: of(({ ours }) => ours.p99Ms),
      unit: 'ms',
      wanted: 'below 10',
    },
    { what: `${name}: answers that failed`, figure: of(({ ours }) => ours.failures), unit: '', wanted: '0' },
  ]
}

/** Codes, postcodes, and an account for each referral role. */
export async function addWhatProgramsNeed(
  address: DatabaseAddress,
  folder: string,
  roles: Iterable<number>,
): Promise<void> {
  const db = await openDb({ ...address, log: createLog('warn') })
  const clock = { now: () => new Date() }
  const at = clock.now().toISOString()
  const reference = await readReference(join(folder, 'reference.json'))
  await db.transact((tx) =>
    storeCatalogue(tx, mergedCatalogue(undefined, reference), { actor: 'system:bench', action: 'fill', at }),
  )
  await importPostcodes(join(folder, 'gazetteer.csv'), { db, clock, progress: () => {} }, 'gazetteer')
  for (const role of roles) {
    const asked = { api: 'urgent-care', username: accountOf(role), password: PASSWORD, role: String(role) }
    const saved = await saveApiAccount(db, asked, { by: 'system:bench', now: clock.now(), pepper: PEPPER })
    assert.ok(saved.ok)
  }
  await db.close()
}

const accountOf = (role: number): string => `bench-${role}`

const GROUPS: readonly (readonly [years: number, group: number])[] = [
  [1, 4],
  [5, 3],
  [16, 2],
]

function restRequest({ postcode, age, gender, role }: BenchCall, index: number): LoadRequest {
  const years = age.format === 'Years' ? age.value : 0
  const group = GROUPS.find(([below]) => years < below)?.[1] ?? 1
  const types = TYPES[index % TYPES.length]
  const credentials = Buffer.from(`${accountOf(role)}:${PASSWORD}`).toString('base64')
  return {
    path:
      '/app/controllers/api/v1.0/services/byServiceType/' +
      `case-${index}/${encodeURIComponent(postcode)}/0/0/${group}/${gender}/0/${types}/${PER_TYPE}`,
    headers: { authorization: `Basic ${credentials}` },
  }
}

const NAMESPACE = 'https://nww.pathwaysdos.nhs.uk/app/api/webservices'

/** A question of NHS 111 as version 1.5 puts it. */
export function soapRequest(question: BenchCall, index: number): LoadRequest {
  const { postcode, surgery, age, disposition, sg, sds, gender, role, time } = question
  const element = (name: string, content: string | number) => `<web:${name}>${content}</web:${name}>`
  const discriminators = sds.map((discriminator) => element('int', discriminator)).join('')
  const asked = [
    element('caseRef', `reference-${index}`),
    element('caseId', `case-${index}`),
    element('postcode', postcode),
    element('surgery', surgery ?? 'UNK'),
    element('age', age.value),
    element('ageFormat', age.format),
    disposition === null ? '' : element('disposition', disposition),
    element('symptomGroup', sg),
    element('symptomDiscriminatorList', discriminators),
    element('forceSearchDistance', 'false'),
    element('gender', gender),
    element('searchDateTime', `${time}:00`),
  ]
  const user = element('userInfo', element('username', accountOf(role)) + element('password', PASSWORD))
  const body = element('CheckCapacitySummary', user + element('c', asked.join('')))
  const header = element('serviceVersion', '1.5')
  return {
    path: '/app/api/webservices',
    method: 'POST',
    headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
    body:
      `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:web="${NAMESPACE}">` +
      `<soap:Header>${header}</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`,
  }
}

if (import.meta.main) printFigures(await measureUrgentCare())
