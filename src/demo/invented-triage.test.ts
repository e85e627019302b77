/** What a caller to NHS 111 is told in the fictitious directory: sensible answers to every invented symptom group. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTriageIndex } from '#src/directory/triage/triage-index.ts'
import { buildTriageReference } from '#src/directory/triage/triage-reference.ts'
import { FIRST_OWN_UID } from '#src/profiles/commit-profiles.ts'
import { startTally } from '#src/reference-data/import-summary.ts'
import { parseServiceLine, writeServiceLine } from '#src/reference-data/service-lines.ts'
import { watchCodes } from '#src/reference-data/unlisted-codes.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { parsePostcode } from '#src/rules/postcode.ts'
import { askTriage } from '#src/urgent-care/ask-triage.ts'
import type { TriageRequest } from '#src/urgent-care/triage-request.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { inputFile } from '#test/support/input-files.ts'
import { toUrgentCare } from '#test/support/urgent-care.ts'
import { postcodeAreaOf } from './areas.ts'
import { demoOtherServices } from './other-services.ts'
import { DEMO_PROGRAM } from './people.ts'
import { demoPharmacies } from './pharmacies.ts'
import { inventedCatalogue } from './triage-codes.ts'

const others = demoOtherServices(1)
const services = [
  ...others,
  ...demoPharmacies({ pharmacies: 1200, today: '2026-12-11', holidays: holidayCalendar([]) })
    .flatMap((pharmacy) => pharmacy.services)
    .map((service, index) => ({ ...service, uid: FIRST_OWN_UID + index })),
]
const catalogue = inventedCatalogue()
const reference = buildTriageReference(catalogue)
const index = createTriageIndex()
for (const service of services) index.take(toUrgentCare(service))

/** In a district (`M33`) or a postcode area (`LS`). */
const placeIn = (where: string) => {
  const { postcode, easting, northing, latitude, longitude } =
    others.find(({ postcode }) => postcode?.startsWith(`${where} `) || postcodeAreaOf(postcode ?? '') === where) ??
    assert.fail(where)
  return {
    postcode: parsePostcode(postcode ?? '') ?? assert.fail(),
    easting: easting ?? 0,
    northing: northing ?? 0,
    latitude: latitude ?? 0,
    longitude: longitude ?? 0,
    icbCode: null,
    termination: null,
    localAuthorityCode: null,
  }
}

const ADULT: TriageRequest = {
  version: '1.5',
  ...{ caseRef: null, caseId: 'TEST', postcode: null, surgery: null, age: '40', ageFormat: 'Years' },
  ...{ disposition: null, symptomGroup: null, symptomDiscriminators: [], searchDistance: null },
  ...{ forceSearchDistance: false, gender: 'F', searchDateTime: null },
}

/** The types that are returned, in their order, on a Friday at 10:34 unless the caller says otherwise. */
async function typesFor(district: string, caller: Partial<TriageRequest>) {
  const place = placeIn(district)
  const settings = { catchAllTypes: undefined, legacyCatchAll: false }
  const reply = await askTriage(
    {
      triage: index,
      roads: { distances: () => Promise.resolve(undefined) },
      clock: fixedClock(),
      reference: () => reference,
      gazetteer: { find: () => place, size: 1 },
      settings,
    },
    { role: Number(DEMO_PROGRAM.role), permissions: DEMO_PROGRAM.permissions },
    { ...ADULT, postcode: place.postcode, ...caller },
  )
  assert.ok(reply.ok, JSON.stringify(reply))
  return {
    types: [...new Set(reply.answer.services.map(({ service }) => service.typeId))],
    labels: reply.answer.services.map(({ label }) => label).filter((label) => label !== null),
    isCatchAll: reply.answer.isCatchAll,
  }
}

const calls = (symptomGroup: number, discriminator: number, disposition: number): Partial<TriageRequest> => ({
  symptomGroup: String(symptomGroup),
  symptomDiscriminators: [String(discriminator)],
  disposition: String(disposition),
})

const callers: readonly (readonly [
  who: string,
  district: string,
  caller: Partial<TriageRequest>,
  first: readonly number[],
])[] = [
  ['a sore throat', 'M33', calls(9001, 7001, 8006), [132, 13, 135]],
  ['a sore throat in Leeds, where treatment centres come first', 'LS', calls(9001, 7001, 8006), [135]],
  ['an earache', 'M33', calls(9002, 7012, 8006), [132, 13]],
  ['a sticky eye', 'BS', calls(9003, 7021, 8010), [112, 14]],
  ['a sticky eye in Manchester, where opticians come first', 'M33', calls(9003, 7021, 8010), [14, 112]],
  ['sudden loss of sight', 'M33', calls(9003, 7023, 8002), [112, 105]],
  ['emergency contraception', 'M33', calls(9004, 7031, 8007), [149, 135]],
  ['medicine that runs out', 'M33', calls(9005, 7041, 8008), [131]],
  ['toothache', 'M33', calls(9006, 7051, 8009), [12]],
  ['a tooth knocked out', 'M33', calls(9006, 7053, 8002), [105]],
  ['chest pain', 'M33', calls(9007, 7061, 8001), [105]],
  ['an injured ankle', 'M33', calls(9008, 7072, 8003), [135, 105]],
  ['shingles', 'M33', calls(9009, 7083, 8006), [132]],
  ['a feverish baby', 'M33', { ...calls(9010, 7091, 8002), age: '20', ageFormat: 'Days' }, [105]],
  ['pain on passing water', 'M33', calls(9011, 7101, 8006), [132]],
  ['low mood', 'M33', calls(9012, 7111, 8011), [142]],
  ['a blood pressure check', 'M33', { ...calls(9013, 7121, 8012), age: '60' }, [148]],
  ['a sore throat at night', 'M33', { ...calls(9001, 7002, 8004), searchDateTime: '2026-12-12T02:00:00' }, [25]],
]
for (const [who, district, caller, first] of callers) {
  test(`${who}: first type ${first[0]}`, async () => {
    const { types, isCatchAll } = await typesFor(district, caller)
    assert.equal(isCatchAll, false)
    assert.deepEqual(types.slice(0, first.length), first, String(types))
  })
}

test('a patient of a surgery is sent home: to it, and to those who answer for it out of hours', async () => {
  const hub = others.find(({ typeId }) => typeId === 136) ?? assert.fail()
  const [surgery] = hub.other['referrals'] as readonly string[]
  const district = hub.postcode?.split(' ')[0] ?? ''
  const asked = { ...calls(9011, 7102, 8005), surgery: surgery ?? null }
  const withSurgery = await typesFor(district, asked)
  assert.ok(withSurgery.labels.includes('Home'), String(withSurgery.labels))
  assert.ok(withSurgery.types.includes(136), 'the hub takes patients of its surgeries')
  const without = await typesFor(district, { ...asked, surgery: 'UNK' })
  assert.ok(!without.types.includes(136) && !without.types.includes(100), String(without.types))
})

test('every service is one that an import would take, with codes that the catalogue lists', async () => {
  const tally = startTally(inputFile('services.jsonl', ''), ['UID'])
  const codes = watchCodes(catalogue)
  const types = new Set(catalogue.types.map(({ id }) => id))
  for (const service of services) {
    const reading = parseServiceLine(JSON.stringify(writeServiceLine(service)), (typeId) => types.has(typeId))
    assert.ok(reading.ok, JSON.stringify(reading))
    assert.deepEqual(reading.unknownKeys, [])
    codes.see(reading.record)
  }
  codes.report(tally)
  assert.deepEqual((await tally.finish()).notes, [])
})

test('all that a search can meet is there', () => {
  const has = (test: (other: Readonly<Record<string, unknown>>) => boolean) => services.some(({ other }) => test(other))
  const capacity = (status: string) => has((other) => (other['capacity'] as { status: string }).status === status)
  assert.ok(capacity('RED') && capacity('AMBER') && capacity('GREEN'))
  for (const key of ['limitedTo', 'promotedTo', 'returnIfOpenMinutes', 'attributes', 'hospitalScore']) {
    assert.ok(
      has((other) => other[key] !== undefined),
      key,
    )
  }
  assert.ok(has(({ restricted, referrals }) => restricted === true && (referrals as string[]).length > 1))
  assert.ok(has(({ restricted, referrals }) => restricted === false && (referrals as string[]).length > 1))
})

test('everything invented says so', () => {
  for (const { name } of [...catalogue.symptomGroups, ...catalogue.discriminators, ...catalogue.dispositions]) {
    assert.match(name, / \(invented\)$/)
  }
})
