import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from './bank-holidays.ts'
import type { LocalDate } from './london-time.ts'
import type { OpeningTimes, Session } from './opening-times.ts'
import { checkPlace, QUALITY_RULES, qualityRule } from './quality-rules.ts'
import type { CheckedPlace, CheckedProfile, CheckedService, Checking } from './quality-subject.ts'

const NINE_TO_FIVE: readonly Session[] = [{ opens: 540, closes: 1020 }]
const WEEK = [...Array.from({ length: 5 }, () => NINE_TO_FIVE), [], []]
const HERE = { latitude: 53.424, longitude: -2.318 }
/** Some 2 km north of it. */
const THERE = { latitude: 53.442, longitude: -2.318 }
const TODAY = '2026-12-11'
const CHRISTMAS = ['2026-12-25', '2026-12-26', '2026-12-28', '2027-01-01'] as const satisfies LocalDate[]

const CHECKING: Checking = {
  today: TODAY,
  holidays: holidayCalendar([]),
  centreOf: (postcode) => (postcode.startsWith('M33') ? HERE : undefined),
  hasOdsFile: true,
  hasPostcodes: true,
}
const HOURS: OpeningTimes = { weekly: WEEK, bankHoliday: [], openAllHours: false, specified: {} }

const profile = (given: Partial<CheckedProfile> = {}): CheckedProfile => ({
  odsCode: 'FA002',
  name: 'Hill & Sons',
  kind: 'community',
  status: 'open',
  addressLines: ['1 High Street', 'Sale'],
  postcode: 'M33 7AB',
  position: HERE,
  phone: '01632 960001',
  website: 'https://hill.example',
  weekly: WEEK,
  answeredDays: new Set(CHRISTMAS),
  checks: [{ section: 'Contact details', checkedOn: '2026-11-02' }],
  offered: {},
  isListed: true,
  ...given,
})
const service = (given: Partial<CheckedService> = {}): CheckedService => ({
  uid: 1,
  name: 'Pharmacy: Hill & Sons',
  typeId: 13,
  odsCode: 'FA002',
  status: 'ACTIVE',
  postcode: 'M33 7AB',
  position: HERE,
  phone: '01632 960001',
  hours: HOURS,
  zCodes: [],
  isProjected: true,
  ownValues: [],
  ...given,
})
const ODS = {
  name: 'HILL AND SONS LTD',
  postcode: 'm337ab',
  phone: '01632960001',
  status: 'A',
  closedOn: null,
} as const
const LISTED = {
  ...{ name: 'HILL AND SONS', addressLines: ['1 HIGH STREET', 'SALE'], postcode: 'M33 7AB' },
  ...{ weekly: WEEK, absentSince: null },
}

type Case = {
  readonly profile?: Partial<CheckedProfile> | null
  readonly services?: readonly Partial<CheckedService>[]
  readonly place?: Partial<CheckedPlace>
  readonly checking?: Partial<Checking>
  /** Each finding as `RULE SUBJECT`. */
  readonly finds: readonly string[]
  readonly because: string
}
const alone = { isProjected: false }
const noProfile = { ods: null, listed: null }
const at = (hours: Partial<OpeningTimes>) => ({ hours: { ...HOURS, ...hours } })

const CASES: readonly Case[] = [
  { finds: [], because: 'a good pharmacy breaks no rule, and capitals and & are no difference' },
  // Closed or hidden
  { profile: { status: 'hidden' }, finds: ['closed-still-active uid:1'], because: 'its service is still returned' },
  { profile: { status: 'closed' }, services: [{ status: 'CLOSED' }], finds: [], because: 'closed throughout' },
  {
    profile: { status: 'closed' },
    services: [{ typeId: 19 }],
    finds: [],
    because: 'a service of another kind at that code is not the pharmacy',
  },
  {
    profile: { status: 'hidden', phone: null, website: null },
    services: [],
    finds: [],
    because: 'nobody looks for it',
  },
  // Duplicates
  { services: [{}, { uid: 2 }], finds: ['duplicate-service uid:2'], because: 'the newer of two is the duplicate' },
  {
    services: [{}, { uid: 2, odsCode: 'FA002X' }],
    finds: ['duplicate-service uid:2'],
    because: 'a suffix changes nothing',
  },
  { services: [{}, { uid: 2, status: 'CLOSED' }], finds: [], because: 'one of them is closed' },
  {
    services: [{}, ...[2, 3, 4].map((uid) => ({ uid, typeId: 148, zCodes: [14207] }))],
    finds: ['duplicate-service uid:3', 'duplicate-service uid:4'],
    because: 'of three, two are too many',
  },
  {
    services: [{}, { uid: 2, typeId: 132, name: 'PF++: minor illness' }, { uid: 3, typeId: 132, name: 'Late supply' }],
    finds: [],
    because: 'a pharmacy may have several enhanced services',
  },
  {
    services: [
      {},
      { uid: 2, typeId: 132, name: 'PF++: minor illness' },
      { uid: 3, typeId: 132, name: 'PF++ Minor Illness' },
    ],
    finds: ['duplicate-service uid:3'],
    because: 'the same enhanced service twice',
  },
  {
    profile: null,
    place: noProfile,
    services: [
      { typeId: 100, ...alone },
      { uid: 2, typeId: 100, ...alone },
    ],
    finds: [],
    because: 'surgeries may share five characters',
  },
  // Z codes
  { services: [{ zCodes: [14167] }], finds: [], because: 'palliative stock on the bare code' },
  {
    services: [{}, { uid: 2, typeId: 132, zCodes: [14167, 1] }],
    finds: ['misplaced-z-code uid:2'],
    because: 'palliative stock on another type; a code of something else is none of ours',
  },
  {
    services: [{}, { uid: 2, odsCode: 'FA002X', zCodes: [14167], status: 'ACTIVE', name: 'Late' }],
    finds: ['duplicate-service uid:2', 'misplaced-z-code uid:2'],
    because: 'palliative stock on type 13 with a longer code',
  },
  {
    profile: { kind: 'distance-selling' },
    services: [{ typeId: 134, zCodes: [14167] }],
    finds: [],
    because: 'palliative stock is let pass on 134',
  },
  {
    services: [{ zCodes: [14207] }, { uid: 2, typeId: 149, zCodes: [14207, 14210] }],
    finds: ['misplaced-z-code uid:1', 'misplaced-z-code uid:2'],
    because: 'blood pressure belongs to 148 alone',
  },
  {
    services: [{}, { uid: 2, typeId: 148, zCodes: [14210, 14207] }],
    finds: ['misplaced-z-code uid:2'],
    because: 'contraception belongs to 149 alone',
  },
  {
    services: [{}, { uid: 2, typeId: 148, zCodes: [14210], status: 'CLOSED' }],
    finds: [],
    because: 'closed services send nobody',
  },
  {
    services: [{}, { uid: 2, typeId: 148 }, { uid: 3, typeId: 149, zCodes: [14210] }],
    finds: ['missing-z-code uid:2'],
    because: 'no search finds an active 148 without its code',
  },
  // Hours of services
  {
    services: [at({ weekly: [[{ opens: 600, closes: 540 }], ...WEEK.slice(1)] })],
    finds: ['impossible-hours uid:1'],
    because: 'it ends before it begins',
  },
  {
    services: [
      at({
        specified: {
          '2026-12-25': [
            { opens: 540, closes: 720 },
            { opens: 700, closes: 800 },
          ],
        },
      }),
    ],
    finds: ['impossible-hours uid:1'],
    because: 'two spells of a date overlap',
  },
  {
    services: [at({ weekly: [[{ opens: 1320, closes: 1560 }], ...WEEK.slice(1)] })],
    finds: [],
    because: 'over midnight is possible',
  },
  {
    services: [{ ...at({ weekly: [[{ opens: 5, closes: 5 }], ...WEEK.slice(1)] }), status: 'RETIRED' }, { uid: 2 }],
    finds: [],
    because: 'a retired service tells nobody anything',
  },
  { services: [at({ weekly: WEEK.map(() => []) })], finds: ['blank-hours uid:1'], because: 'open at no time' },
  { services: [at({ weekly: WEEK.map(() => null), openAllHours: true })], finds: [], because: 'open at all times' },
  {
    services: [at({ weekly: WEEK.map(() => null), specified: { '2026-12-25': NINE_TO_FIVE } })],
    finds: [],
    because: 'open on one date',
  },
  // Codes
  {
    services: [{}, { uid: 2, odsCode: 'fa002 UMS', typeId: 131 }],
    finds: ['untidy-code uid:2'],
    because: 'small letters and a blank',
  },
  {
    profile: null,
    place: { ...noProfile, code: 'fa002' },
    services: [{ odsCode: 'fa002', ...alone }],
    finds: ['untidy-code uid:1'],
    because: 'the code is at fault, not the missing profile',
  },
  {
    profile: null,
    place: noProfile,
    services: [alone],
    finds: ['unmatched-service uid:1'],
    because: 'no profile has its code',
  },
  {
    profile: null,
    place: { ...noProfile, code: null },
    services: [{ odsCode: null, ...alone }],
    finds: ['unmatched-service uid:1'],
    because: 'it has no code at all',
  },
  {
    profile: null,
    place: noProfile,
    services: [{ typeId: 100, ...alone }],
    finds: [],
    because: 'a surgery has no profile here',
  },
  {
    profile: null,
    place: noProfile,
    services: [{ ...alone, status: 'CLOSED' }],
    finds: [],
    because: 'closed services need none',
  },
  // Main services and what is offered
  { services: [], finds: ['no-main-service FA002'], because: 'urgent care does not know it' },
  { services: [{ status: 'COMMISSIONING' }], finds: ['no-main-service FA002'], because: 'not active yet' },
  {
    profile: { kind: 'appliance' },
    services: [],
    finds: [],
    because: 'an appliance contractor is not in the directory',
  },
  { profile: { kind: 'distance-selling' }, services: [{ typeId: 134 }], finds: [], because: '134 is its main service' },
  {
    profile: { offered: { SRV0560: true } },
    finds: ['missing-type FA002 type 148'],
    because: 'offered, and no service',
  },
  {
    profile: { offered: { SRV0560: false, SRV0559: true } },
    services: [{ odsCode: 'FA002X' }],
    finds: ['missing-type FA002 type 13'],
    because: 'palliative stock needs a service on the bare code; what is not offered needs none',
  },
  // Places
  {
    profile: { position: null, postcode: 'ZZ1 1ZZ' },
    services: [{ position: null, postcode: 'ZZ1 1ZZ' }],
    place: { ods: { ...ODS, postcode: null }, listed: null },
    finds: ['not-placed FA002'],
    because: 'found once, at the pharmacy that its services follow',
  },
  {
    services: [{ ownValues: ['address'], position: null, postcode: null }],
    finds: ['not-placed uid:1', 'own-values uid:1'],
    because: 'it keeps an address of its own',
  },
  {
    profile: null,
    place: noProfile,
    services: [{ typeId: 100, ...alone, position: null, postcode: null }],
    finds: ['not-placed uid:1'],
    because: 'surgeries must be found as well',
  },
  {
    profile: null,
    place: noProfile,
    services: [{ typeId: -1, ...alone, position: null, postcode: null }],
    finds: [],
    because: 'a region of the directory is nowhere',
  },
  {
    profile: null,
    place: noProfile,
    services: [{ typeId: 100, ...alone, postcode: 'ZZ9 9ZZ' }],
    finds: ['unknown-postcode uid:1'],
    because: 'it is on the map, and its postcode is not',
  },
  {
    profile: { postcode: 'ZZ9 9ZZ' },
    place: { ods: { ...ODS, postcode: null }, listed: null },
    services: [{ postcode: 'ZZ9 9ZZ' }],
    finds: ['unknown-postcode FA002'],
    because: 'found once, at the pharmacy',
  },
  {
    profile: null,
    place: noProfile,
    checking: { hasPostcodes: false },
    services: [{ typeId: 100, ...alone, postcode: 'ZZ9 9ZZ' }],
    finds: [],
    because: 'nobody gave us a postcode file',
  },
  { profile: { position: THERE }, finds: ['pin-far FA002'], because: '2 km from its postcode' },
  { profile: { position: { ...HERE, latitude: 53.428 } }, finds: [], because: '450 m is a large postcode' },
  {
    profile: null,
    place: noProfile,
    services: [{ typeId: 100, ...alone, position: THERE }],
    finds: ['pin-far uid:1'],
    because: 'of any service',
  },
  // Contact
  { profile: { phone: null }, finds: ['missing-phone FA002'], because: 'nobody can ring' },
  {
    profile: { phone: 'ask inside' },
    place: { ods: { ...ODS, phone: null } },
    finds: ['missing-phone FA002'],
    because: 'that is no number',
  },
  { profile: { website: null }, finds: ['missing-website FA002'], because: 'no website' },
  // What professionals told
  { place: { couldNotHelp: 2 }, finds: [], because: 'two people may be mistaken' },
  { place: { couldNotHelp: 3 }, finds: ['could-not-help FA002'], because: 'three are not' },
  {
    services: [{}, { uid: 2, typeId: 132, phone: ' ', ...alone }, { uid: 3, typeId: 131, phone: 'x', ...alone }],
    finds: ['service-phone uid:2', 'service-phone uid:3'],
    because: 'no profile gives these a number',
  },
  { services: [{ phone: null }], finds: [], because: 'the profile will give it one' },
  {
    services: [{ ownValues: ['phone', 'opening times'] }],
    finds: ['own-values uid:1'],
    because: 'it waits for a decision',
  },
  // Hours, holidays and checks of profiles
  {
    profile: { weekly: [null, ...WEEK.slice(1)] },
    finds: ['unknown-hours FA002', 'differs-from-list FA002 monday'],
    because: 'a day is unknown, and the list knows it',
  },
  {
    profile: { weekly: WEEK.map(() => null) },
    place: { listed: null },
    finds: ['unknown-hours FA002'],
    because: 'all are',
  },
  {
    profile: { weekly: WEEK.map(() => []) },
    place: { listed: null },
    finds: ['unknown-hours FA002'],
    because: 'open, and never open',
  },
  {
    profile: { weekly: WEEK.map((_, day) => [{ opens: 540, closes: 1020 + day }]) },
    place: { listed: null },
    finds: ['unknown-hours FA002'],
    because: 'a spreadsheet filled the column downwards',
  },
  { profile: { kind: 'appliance', weekly: WEEK.map(() => null) }, finds: [], because: 'it has no public hours' },
  {
    profile: { answeredDays: new Set(CHRISTMAS.slice(0, 3)) },
    finds: ['blank-holidays FA002'],
    because: 'New Year’s Day is within six weeks',
  },
  {
    profile: { answeredDays: new Set() },
    checking: { today: '2026-10-01' },
    finds: [],
    because: 'Christmas is still far off',
  },
  {
    profile: { checks: [{ section: 'Hours', checkedOn: null }] },
    finds: ['stale-verification FA002'],
    because: 'never checked',
  },
  {
    profile: { checks: [{ section: 'Hours', checkedOn: '2026-06-30' }] },
    finds: ['stale-verification FA002'],
    because: 'two quarters ago',
  },
  {
    profile: { checks: [{ section: 'Hours', checkedOn: '2026-07-01' }] },
    finds: [],
    because: 'in the quarter before this one',
  },
  // Drift
  {
    place: { listed: { ...LISTED, name: 'Vale Chemist' } },
    finds: ['differs-from-list FA002 name'],
    because: 'another name',
  },
  {
    place: { listed: { ...LISTED, addressLines: ['2 High Street'], postcode: 'M33 7AC' } },
    finds: ['differs-from-list FA002 address', 'differs-from-list FA002 postcode'],
    because: 'another address',
  },
  {
    place: { listed: { ...LISTED, weekly: [null, [{ opens: 540, closes: 1080 }], ...WEEK.slice(2)] } },
    finds: ['differs-from-list FA002 tuesday'],
    because: 'a day that the list garbled is not compared',
  },
  { place: { listed: null }, finds: [], because: 'no list ever named it' },
  {
    place: { listed: { ...LISTED, name: 'Old', absentSince: '2026-12-01' } },
    finds: ['absent-from-list FA002 absent'],
    because: 'left out',
  },
  { place: { ods: null }, finds: ['closed-in-ods FA002 absent'], because: 'ODS does not know it' },
  { place: { ods: null }, checking: { hasOdsFile: false }, finds: [], because: 'nobody gave us an ODS file' },
  {
    place: { ods: { ...ODS, status: 'C', closedOn: '2026-12-01' } },
    finds: ['closed-in-ods FA002 closed'],
    because: 'closed in ODS',
  },
  {
    place: { ods: { ...ODS, closedOn: '2027-01-31' } },
    finds: ['closed-in-ods FA002 closing'],
    because: 'closing in ODS',
  },
  { place: { ods: { ...ODS, phone: '(01632) 960 001' } }, finds: [], because: 'the same number, written otherwise' },
  {
    place: { ods: { ...ODS, phone: '01632 960999' } },
    finds: ['differs-from-ods FA002 phone'],
    because: 'another number',
  },
  { place: { ods: { ...ODS, phone: 'n/a' } }, finds: [], because: 'that is no number' },
  {
    profile: { phone: null },
    place: { ods: ODS },
    finds: ['missing-phone FA002'],
    because: 'the missing number is found once',
  },
  {
    place: { ods: { ...ODS, postcode: 'M33 9ZZ' } },
    finds: ['differs-from-ods FA002 postcode'],
    because: 'another postcode',
  },
  { place: { ods: { ...ODS, name: 'Group plc' } }, finds: [], because: 'ODS names the company, the list the shop' },
  {
    profile: { isListed: false },
    place: { ods: { ...ODS, name: 'Group plc' }, listed: null },
    finds: ['differs-from-ods FA002 name'],
    because: 'without a list ODS is all there is',
  },
  {
    profile: { status: 'closed' },
    services: [],
    place: { successors: [{ odsCode: 'FB003', name: 'Vale Chemist', openedOn: '2026-12-01' }] },
    finds: ['successor FA002 FB003'],
    because: 'somebody took over',
  },
  {
    profile: null,
    services: [],
    finds: ['unknown-here FA002'],
    because: 'ODS knows an active pharmacy that we do not',
  },
  { profile: null, services: [], place: { ods: { ...ODS, status: 'P' } }, finds: [], because: 'it is only proposed' },
]

const placeOf = ({ profile: given, services = [{}], place }: Case): CheckedPlace => ({
  code: 'FA002',
  profile: given === null ? null : profile(given),
  services: services.map(service),
  ods: ODS,
  listed: LISTED,
  successors: [],
  ...place,
})

test('each rule finds what it is for, and nothing else', () => {
  for (const given of CASES) {
    const found = checkPlace(placeOf(given), { ...CHECKING, ...given.checking })
    assert.deepEqual(
      found.map(({ rule, subject }) => `${rule} ${subject}`).sort(),
      [...given.finds].sort(),
      given.because,
    )
  }
})

test('every rule is shown to find something', () => {
  const shown = new Set(CASES.flatMap(({ finds }) => finds.map((text) => text.split(' ')[0])))
  assert.deepEqual(
    QUALITY_RULES.map(({ key }) => key).filter((key) => !shown.has(key)),
    [],
  )
})

test('findings of one place have subjects of their own, and say what is wrong in words', () => {
  for (const given of CASES) {
    const found = checkPlace(placeOf(given), { ...CHECKING, ...given.checking })
    assert.equal(new Set(found.map(({ rule, subject }) => `${rule} ${subject}`)).size, found.length, given.because)
    for (const { detail } of found) assert.match(detail, /^[\p{Lu}\d“].{5,}[^.]$/u)
  }
})

test('keys are short and stable, and each rule says why and how', () => {
  const keys = QUALITY_RULES.map(({ key }) => key)
  assert.deepEqual(keys, [...new Set(keys)])
  for (const { key, version, why, fix, name } of QUALITY_RULES) {
    assert.match(key, /^[a-z]+(-[a-z]+)*$/)
    assert.ok(version >= 1)
    assert.match(why, /\.$/)
    assert.match(fix, /\.$/)
    assert.doesNotMatch(name, /\.$/)
  }
  assert.equal(qualityRule('no-such-rule'), undefined)
})
