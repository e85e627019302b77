import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isServiceOf, type MatchCandidate, matchServices, type OfferedServices } from './service-matching.ts'

/** The numbers by which DoS keeps statuses, as other systems write them; 4 to 7 stand for any that never match. */
const STATUS: Readonly<Record<number, string>> = {
  1: 'ACTIVE',
  2: 'CLOSED',
  3: 'COMMISSIONING',
  4: 'SUSPENDED',
  7: 'RETIRED',
}
const service = (uid: number, odsCode: string, typeId: number, status: number): MatchCandidate => ({
  uid,
  odsCode,
  typeId,
  status: STATUS[status] ?? 'RETIRED',
})
const pharmacy = service(1, 'FA001', 13, 1)

type Case = {
  readonly odsCode?: string
  readonly status?: string
  readonly services: readonly MatchCandidate[]
  readonly offered?: OfferedServices
  readonly matched: readonly number[]
  readonly reports?: readonly string[]
  readonly because: string
}
const offersBoth: OfferedServices = { SRV0560: true, SRV2000: true }
const offersNothing: OfferedServices = { SRV0559: false, SRV0560: false, SRV2000: false }

const cases: readonly Case[] = [
  { services: [pharmacy], matched: [1], because: 'its own service' },
  { services: [service(1, 'FA001', 19, 1)], matched: [], reports: ['UNMATCHED_PHARMACY'], because: 'no pharmacy type' },
  { services: [service(1, 'FA001', 13, 3)], matched: [], reports: ['UNMATCHED_PHARMACY'], because: 'not yet active' },
  { services: [service(1, 'FA001', 13, 2)], matched: [], reports: ['UNMATCHED_PHARMACY'], because: 'closed' },
  { services: [service(1, 'FA001', 13, 7)], matched: [], reports: ['UNMATCHED_PHARMACY'], because: 'retired' },
  { services: [], matched: [], reports: ['UNMATCHED_PHARMACY'], because: 'there is no service' },
  {
    services: [13, 131, 132, 134, 137, 148, 149].map((type, index) => service(index + 1, `FA001${type}`, type, 1)),
    matched: [1, 2, 3, 4, 5, 6, 7],
    because: 'all seven types, with suffixes',
  },
  {
    services: [pharmacy, service(2, 'FA001A', 149, 3)],
    offered: { SRV2000: true },
    matched: [1, 2],
    because: 'a contraception service that is being commissioned is woken when offered',
  },
  {
    services: [pharmacy, service(2, 'FA001A', 148, 2)],
    offered: { SRV0560: true },
    matched: [1, 2],
    because: 'a closed blood pressure service is woken when offered',
  },
  {
    services: [pharmacy, service(2, 'FA001A', 148, 2)],
    offered: { SRV2000: true },
    matched: [1],
    reports: ['MISSING_SERVICE_TYPE 149'],
    because: 'another offer does not wake it, and the offered type is missing',
  },
  {
    services: [pharmacy, service(2, 'FA001A', 148, 4)],
    offered: { SRV0560: true },
    matched: [1],
    reports: ['MISSING_SERVICE_TYPE 148'],
    because: 'a suspended one is never woken, so it counts as missing',
  },
  {
    services: [service(2, 'FA001A', 148, 2)],
    offered: offersBoth,
    matched: [],
    reports: ['UNMATCHED_PHARMACY'],
    because: 'no service beside it is active',
  },
  {
    services: [service(2, 'FA001A', 148, 1), service(3, 'FA001B', 149, 2)],
    offered: offersBoth,
    matched: [2, 3],
    because: 'any active service will do beside it',
  },
  {
    services: [service(1, 'FA001', 131, 1)],
    offered: { SRV0560: true },
    matched: [1],
    reports: ['MISSING_SERVICE_TYPE 148'],
    because: 'a missing type is reported without a type 13 too',
  },
  {
    services: [service(1, 'FA0011', 13, 1)],
    offered: { SRV0559: true },
    matched: [1],
    reports: ['MISSING_SERVICE_TYPE 13'],
    because: 'palliative stock needs a type 13 on the bare five characters',
  },
  { services: [pharmacy], offered: { SRV0559: true }, matched: [1], because: 'and here it has one' },
  {
    services: [pharmacy, service(2, 'FA0012', 131, 1)],
    status: 'closed',
    matched: [],
    reports: ['HIDDEN_OR_CLOSED 1', 'HIDDEN_OR_CLOSED 2'],
    because: 'a closed pharmacy updates nothing; each service is named',
  },
  {
    services: [pharmacy, service(2, 'FA001A', 148, 2)],
    status: 'hidden',
    offered: { ...offersNothing, SRV0559: true },
    matched: [],
    reports: ['HIDDEN_OR_CLOSED 1'],
    because: 'what is neither active nor offered is not named',
  },
  {
    services: [pharmacy],
    status: 'hidden',
    offered: offersBoth,
    matched: [],
    reports: ['HIDDEN_OR_CLOSED 1'],
    because: 'of a hidden pharmacy nothing is missing',
  },
  { services: [pharmacy], status: 'temporarily-closed', matched: [1], because: 'a temporary closure is an update' },
  {
    services: [pharmacy, service(2, 'FA001A', 148, 1), service(3, 'FA001B', 149, 2)],
    matched: [1, 2],
    because: 'while unanswered, active ones match, sleeping ones do not, and nothing is missing',
  },
  {
    services: [pharmacy, service(2, 'FA001A', 148, 1)],
    offered: offersNothing,
    matched: [1, 2],
    because: 'an active one matches although it is no longer offered: it is to be closed',
  },
  {
    odsCode: '_____',
    services: [pharmacy, service(2, 'FZ999', 13, 1)],
    matched: [],
    reports: ['UNMATCHED_PHARMACY'],
    because: 'no character stands for others',
  },
  {
    odsCode: 'F%%%%',
    services: [pharmacy],
    matched: [],
    reports: ['UNMATCHED_PHARMACY'],
    because: 'no character stands for others',
  },
  {
    odsCode: 'FA00',
    services: [pharmacy],
    matched: [],
    reports: ['UNMATCHED_PHARMACY'],
    because: 'four characters are no pharmacy',
  },
  {
    odsCode: 'fa001',
    services: [service(1, ' Fa001bps\t', 148, 1)],
    matched: [1],
    because: 'case and blanks do not matter on either side',
  },
  { services: [pharmacy, service(2, 'FA0O1', 13, 1)], matched: [1], because: 'the letter O is not a zero' },
  {
    services: [pharmacy, { ...pharmacy, uid: 2, odsCode: null }],
    matched: [1],
    because: 'a service without a code belongs to nobody',
  },
]
for (const { odsCode = 'FA001', status = 'open', services, offered, matched, reports = [], because } of cases) {
  test(`matching: ${because}`, () => {
    const match = matchServices({ odsCode, profileStatus: status, services, ...(offered ? { offered } : {}) })
    assert.deepEqual(match.matched, matched)
    assert.deepEqual(
      match.reports.map((report) => Object.values(report).join(' ')),
      reports,
    )
  })
}

const anyService = fc.record({
  uid: fc.nat(),
  odsCode: fc.constantFrom('FA001', 'FA001BPS', 'FZ999', 'fa001'),
  typeId: fc.constantFrom(13, 19, 131, 132, 134, 137, 148, 149),
  status: fc.constantFrom('ACTIVE', 'CLOSED', 'COMMISSIONING', 'SUSPENDED', 'RETIRED'),
})
const answer = fc.constantFrom(true, false)

test('matched services are always its own, and one of them is active', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyService, { maxLength: 6, selector: ({ uid }) => uid }),
      answer,
      answer,
      (services, SRV0560, SRV2000) => {
        const { matched } = matchServices({
          odsCode: 'FA001',
          profileStatus: 'open',
          services,
          offered: { SRV0560, SRV2000 },
        })
        const found = services.filter(({ uid }) => matched.includes(uid))
        assert.ok(found.every(({ odsCode }) => isServiceOf('FA001', odsCode)))
        assert.ok(matched.length === 0 || found.some(({ status }) => status === 'ACTIVE'))
      },
    ),
  )
})
