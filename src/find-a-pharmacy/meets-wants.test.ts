import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Profile, ServiceAnswer } from '#src/profiles/profile.ts'
import { publicView } from '#src/profiles/profile-index.ts'
import { type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { meetsWants, wantedFacts } from './meets-wants.ts'
import { readWants } from './wants.ts'

/** Friday. */
const MORNING = '2026-12-11T10:34'
const at = (text: string): LondonTime => parseLondonMinute(text) ?? assert.fail(text)
const answer = (given: Partial<ServiceAnswer> = {}): ServiceAnswer => ({
  ...{ offered: true, hours: null, byAppointment: false, bookingLink: null, from: null, to: null },
  ...given,
})
const wantsOf = (text: string) => {
  const query = new URLSearchParams(text)
  const read = readWants({
    service: query.get('service') ?? '',
    access: query.getAll('access'),
    delivery: query.get('delivery') ?? '',
  })
  return read.ok ? read.value : assert.fail(text)
}

const BP = 'SRV0560'
const PF = 'OWN-PHARMACY-FIRST'
/** Fridays from 9am to 10am, and from 10pm to 2am on Saturday. */
const FRIDAY = [
  [],
  [],
  [],
  [],
  [
    { opens: 540, closes: 600 },
    { opens: 1320, closes: 1560 },
  ],
  [],
  [],
]
const online = { kind: 'distance-selling' } as const

type Case = readonly [
  profile: Partial<Profile>,
  wants: string,
  when: string | null,
  types: readonly number[],
  meets: boolean,
  because: string,
]
const CASES: readonly Case[] = [
  [{ services: { [BP]: answer() } }, 'service=blood-pressure', null, [], true, 'it says so'],
  [{ services: { [BP]: answer({ offered: false }) } }, 'service=blood-pressure', null, [148], false, 'it says no'],
  [{}, 'service=blood-pressure', null, [], false, 'nobody has said'],
  [{}, 'service=blood-pressure', null, [13, 148], true, 'the directory of services has it'],
  [{ services: { [BP]: answer({ to: '2026-12-10' }) } }, 'service=blood-pressure', null, [], false, 'it has ended'],
  [{ services: { [BP]: answer({ from: '2027-01-01' }) } }, 'service=blood-pressure', null, [], false, 'it is to come'],
  [{ services: { [BP]: answer({ hours: FRIDAY }) } }, 'service=blood-pressure', null, [], true, 'any time will do'],
  [
    { services: { [BP]: answer({ hours: FRIDAY }) } },
    'service=blood-pressure',
    MORNING,
    [],
    false,
    'not at that minute',
  ],
  [
    ...[{ services: { [BP]: answer({ hours: FRIDAY }) } }, 'service=blood-pressure', '2026-12-11T09:59', []],
    ...[true, 'its own hours'],
  ] as unknown as Case,
  [
    ...[{ services: { [BP]: answer({ hours: FRIDAY }) } }, 'service=blood-pressure', '2026-12-12T01:59', []],
    ...[true, 'they pass midnight'],
  ] as unknown as Case,
  [{ services: { SRV0530: answer() } }, 'service=morning-after', null, [], true, 'one of several services'],
  [{ ...online, services: { [BP]: answer() } }, 'service=blood-pressure', null, [], false, 'not by post'],
  [{ ...online, services: { [PF]: answer() } }, 'service=sore-throat', null, [], true, 'by video'],
  [{ ...online, services: { [PF]: answer() } }, 'service=earache', null, [], false, 'somebody has to look at an ear'],
  [{ facilities: { '35': { has: true } } }, 'access=step-free', null, [], true, 'it says so'],
  [{ facilities: { '35': { has: false } } }, 'access=step-free', null, [], false, 'it says no'],
  [{}, 'access=step-free', null, [], false, 'nobody has said'],
  [{ facilities: { '35': { has: true } } }, 'access=step-free&access=parking', null, [], false, 'all of them'],
  [{ facilities: { languages: { has: true } } }, 'access=languages', null, [], true, 'staff or an interpreter'],
  [online, 'access=step-free', null, [], true, 'nobody goes there'],
  [online, 'access=large-print', null, [], false, 'that comes by post, and it has not said so'],
  [{ services: { SRV0522: answer() } }, 'delivery=yes', null, [], true, 'it delivers'],
  [{}, 'delivery=yes', null, [], false, 'nobody has said'],
  [online, 'delivery=yes', null, [], true, 'that is what it does'],
  [{ services: { [BP]: answer() } }, 'service=blood-pressure&access=parking', null, [], false, 'both are wanted'],
]
for (const [given, wants, when, types, meets, because] of CASES) {
  test(`${wants}${when ? ` at ${when}` : ''}: ${meets ? 'yes' : 'no'}, because ${because}`, () => {
    const profile = publicView(aProfile(given), UNCHECKED)
    const asked = { wants: wantsOf(wants), at: at(when ?? MORNING), onlyOpen: when !== null }
    assert.equal(meetsWants(asked, (_, typeId) => types.includes(typeId))(profile), meets)
  })
}

test('a row says when the wanted service is given, how it is booked, and what was noted of access', () => {
  const facts = (given: Partial<Profile>, wants: string) =>
    wantedFacts(publicView(aProfile(given), UNCHECKED), { wants: wantsOf(wants), at: at(MORNING) })
  const weekdays = Array.from({ length: 7 }, (_, day) => (day === 1 ? [{ opens: 540, closes: 720 }] : []))
  const link = 'https://book.example.org/'
  const services = { [BP]: answer({ hours: weekdays, byAppointment: true, bookingLink: link }) }
  assert.deepEqual(facts({ services }, 'service=blood-pressure'), [
    { text: 'NHS Blood Pressure Check: Tuesday 9am to midday; by appointment only', booking: link },
  ])
  assert.deepEqual(facts({ services: { [BP]: answer() } }, 'service=blood-pressure'), [])
  const facilities = { languages: { has: true, note: 'Polish and Urdu' } }
  assert.deepEqual(facts({ facilities }, 'access=languages'), [
    { text: 'Staff who speak other languages: Polish and Urdu', booking: null },
  ])
})
