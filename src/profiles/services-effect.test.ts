import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { NOT_OFFERED } from './decide-services.ts'
import type { StoredService } from './load-profiles.ts'
import type { ServiceAnswer } from './profile.ts'
import { type ServiceEffect, servicesEffect } from './services-effect.ts'

const today = '2026-12-11'
const yes: ServiceAnswer = { ...NOT_OFFERED, offered: true }
const no = NOT_OFFERED
const shorter = [[{ opens: 540, closes: 720 }], [], [], [], [], [], []]

const main = (given: Partial<ServiceRecord> = {}) => aService(given)
const pressure = (given: Partial<ServiceRecord> = {}) =>
  aService({ uid: 3, typeId: 148, odsCode: 'FX123BPS', name: 'Blood pressure at Hill', ...given })
const first = () => aService({ uid: 2, typeId: 132, odsCode: 'FX123PF1', name: 'Pharmacy First at Hill' })

type Told = readonly (readonly [code: ServiceEffect['code'], uid: number | null, text: RegExp])[]
const cases: readonly (readonly [
  because: string,
  before: Record<string, ServiceAnswer> | undefined,
  after: Record<string, ServiceAnswer>,
  services: readonly ServiceRecord[],
  told: Told,
])[] = [
  ['nothing answered, nothing to tell', undefined, {}, [main(), pressure()], []],
  ['a service that the directory does not know', undefined, { SRV0257: yes }, [main()], []],
  [
    'offering opens a closed service and gives it its code',
    undefined,
    { SRV0560: yes },
    [main(), pressure({ status: 'CLOSED' })],
    [
      ['opens', 3, /will find “Blood pressure at Hill” for NHS Blood Pressure Check/],
      ['gains-code', 3, /“Blood pressure at Hill” will say: .+ 360=14207/],
    ],
  ],
  [
    'no longer offering closes it',
    { SRV0560: yes },
    { SRV0560: no },
    [main(), pressure({ other: { sgsd: { 360: [14207] } } })],
    [['closes', 3, /will no longer find “Blood pressure at Hill”/]],
  ],
  [
    'offered already, and in the directory',
    { SRV0560: yes },
    { SRV0560: { ...yes, byAppointment: true } },
    [main(), pressure({ other: { sgsd: { 360: [14207] } } })],
    [],
  ],
  [
    'offered, and the directory has no such service',
    undefined,
    { SRV0560: yes, SRV2000: no },
    [main()],
    [['missing', null, /saved, but NHS 111 cannot find NHS Blood Pressure Check.+no service of this kind/]],
  ],
  [
    'palliative stock beside a service on a longer code only',
    undefined,
    { SRV0559: { ...yes, stockCheckedOn: today } },
    [main({ odsCode: 'FX1234' })],
    [['missing', null, /cannot find Palliative care medicines in stock/]],
  ],
  [
    'offered by a pharmacy that the directory does not show at all',
    undefined,
    { SRV2000: yes },
    [main({ status: 'CLOSED' })],
    [['missing', null, /no active service/]],
  ],
  [
    'palliative stock is told by a code on the pharmacy itself',
    undefined,
    { SRV0559: { ...yes, stockCheckedOn: today } },
    [main()],
    [['gains-code', 2_000_000_001, /Palliative care medicines in stock \(Z code 360=14167\)/]],
  ],
  [
    'and taken off it',
    undefined,
    { SRV0559: no },
    [main({ other: { sgsd: { 360: [14167] } } })],
    [['loses-code', 2_000_000_001, /will no longer say: Palliative/]],
  ],
  [
    'hours of its own',
    undefined,
    { 'OWN-PHARMACY-FIRST': { ...yes, hours: shorter } },
    [main(), first()],
    [['hours', 2, /“Pharmacy First at Hill” will have opening times of its own/]],
  ],
  [
    'a type that cannot be closed from here has no hours instead',
    undefined,
    { 'OWN-PHARMACY-FIRST': no },
    [main(), first()],
    [['hours', 2, /will have no opening times/]],
  ],
  [
    'from a day to come until another',
    undefined,
    { SRV0560: { ...yes, from: '2027-01-02', to: '2027-03-31' } },
    [main(), pressure()],
    [
      ['closes', 3, /no longer find/],
      ['later', null, /Before 2 January 2027 NHS 111 will not find NHS Blood Pressure Check/],
      ['later', null, /After 31 March 2027/],
    ],
  ],
]

for (const [because, before, after, records, told] of cases) {
  test(`the effect of answers on services is told: ${because}`, () => {
    const services = records.map((record): StoredService => ({ record, overrides: {}, profileOds: null }))
    const was = before && aProfile({ services: before })
    const effects = servicesEffect(was ?? aProfile(), aProfile({ services: after }), services, today)
    assert.deepEqual(
      effects.map(({ code, uid }) => [code, uid]),
      told.map(([code, uid]) => [code, uid]),
    )
    for (const [index, { text }] of effects.entries()) assert.match(text, told[index]?.[2] ?? /^never$/)
  })
}
