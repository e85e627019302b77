import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openingTimes } from '#test/support/hours.ts'
import { holidayCalendar } from './bank-holidays.ts'
import { GREEN } from './capacity.ts'
import { compileOpeningTimes } from './compiled-hours.ts'
import type { ClinicalProfile, TriageService } from './triage.ts'
import {
  compareStanding,
  GROUPS,
  groupOf,
  homeLabelOf,
  isHome,
  isPromotedElsewhere,
  type Standing,
} from './triage-ranking.ts'

const CLINICAL: ClinicalProfile = {
  genders: new Set(),
  ages: [],
  pairs: new Map(),
  dispositions: new Set(),
  roles: new Set(),
  restricted: false,
  referrals: new Set(),
  limitedTo: null,
  promotedTo: null,
  returnIfOpenMinutes: null,
}

const SERVICE: TriageService = {
  uid: 1,
  typeId: 13,
  odsCode: 'FA001',
  isActive: true,
  easting: 400_000,
  northing: 400_000,
  hours: compileOpeningTimes(openingTimes({ openAllHours: true }), holidayCalendar([])),
  clinical: CLINICAL,
  capacity: GREEN,
}

const service = (given: Partial<TriageService>, profile: Partial<ClinicalProfile> = {}): TriageService => ({
  ...SERVICE,
  ...given,
  clinical: { ...CLINICAL, ...profile },
})

const PLACES: readonly (readonly [
  service: TriageService,
  surgery: string | null,
  group: (typeof GROUPS)[number],
  label: string | null,
  because: string,
])[] = [
  [service({ odsCode: 'A81001', typeId: 100 }), 'A81001', 'home', 'Home', 'its code is the surgery’s'],
  [service({ odsCode: 'A81001' }), 'A81001', 'home', 'Home', 'any type of service can be the surgery’s own'],
  [service({ odsCode: 'A81001' }), null, 'other', null, 'without a surgery nothing is home'],
  [service({ odsCode: null }), null, 'other', null, 'no code is not the code of no surgery'],
  [
    service({ odsCode: 'A81001' }, { restricted: true, referrals: new Set(['A81001']) }),
    'A81001',
    'home',
    'Home',
    'home comes before commissioned',
  ],
  [
    service({}, { restricted: true, referrals: new Set(['A81001']) }),
    'A81001',
    'commissioned-restricted',
    null,
    'the surgery commissions it for its patients only',
  ],
  [service({}, { referrals: new Set(['A81001']) }), 'A81001', 'commissioned', null, 'the surgery commissions it'],
  [service({}, { referrals: new Set(['B82002']) }), 'A81001', 'other', null, 'another surgery commissions it'],
  [
    service({ typeId: 25 }, { referrals: new Set(['A81001']) }),
    'A81001',
    'commissioned',
    'Home OOH',
    'treatment out of hours that the surgery commissions is named, and not moved',
  ],
  [service({ typeId: 25 }), 'A81001', 'other', null, 'the surgery has nothing to do with it'],
]
for (const [given, surgery, group, label, because] of PLACES) {
  test(`a service of group ${group}, labelled ${label}: ${because}`, () => {
    assert.equal(GROUPS[groupOf(given, surgery)], group)
    assert.equal(homeLabelOf(given, surgery), label)
    assert.equal(isHome(given, surgery), group === 'home')
  })
}

const PROMOTED: readonly (readonly [
  promotedTo: readonly string[] | null,
  areas: readonly string[] | null,
  elsewhere: boolean,
  because: string,
])[] = [
  [null, ['ICB1'], false, 'it is not promoted'],
  [['ICB1'], ['LA1', 'ICB1'], false, 'it is promoted here'],
  [['ICB1', 'ICB2'], ['LA2', 'ICB2'], false, 'one of its areas is enough'],
  [['ICB2'], ['LA1', 'ICB1'], true, 'it is promoted elsewhere only'],
  [['ICB2'], null, false, 'an unknown area sinks nobody'],
]
for (const [promotedTo, areas, elsewhere, because] of PROMOTED) {
  test(`promoted to ${promotedTo ?? 'nobody'} and asked from ${areas ?? 'nowhere'}: ${because}`, () => {
    assert.equal(
      isPromotedElsewhere(service({}, { promotedTo: promotedTo && new Set(promotedTo) }), { areas }),
      elsewhere,
    )
  })
}

/** The first comes before the second by one field alone, whatever the later ones say. */
const ORDER: readonly (readonly [first: Partial<Standing>, second: Partial<Standing>, because: string])[] = [
  [{ sunk: 0, rank: 10, group: 3, distanceMetres: 9, uid: 9 }, { sunk: 1, rank: 1, group: 0 }, 'promotion is first'],
  [{ rank: 1, group: 3, distanceMetres: 9, uid: 9 }, { rank: 2, group: 0 }, 'then rank'],
  [{ group: 0, distanceMetres: 9, uid: 9 }, { group: 1 }, 'then what it is to the surgery'],
  [{ distanceMetres: 1, uid: 9 }, { distanceMetres: 1.5 }, 'then distance'],
  [{ uid: 1 }, { uid: 2 }, 'of equals the lower uid'],
]
for (const [first, second, because] of ORDER) {
  test(`of two matches: ${because}`, () => {
    const standing: Standing = { sunk: 0, rank: 1, group: 0, distanceMetres: 0, uid: 1 }
    const [a, b] = [
      { ...standing, ...first },
      { ...standing, ...second },
    ]
    assert.ok(compareStanding(a, b) < 0)
    assert.ok(compareStanding(b, a) > 0)
    assert.equal(compareStanding(a, a), 0)
  })
}
