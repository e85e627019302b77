/**
 * Invented triage codes: symptom groups with their discriminators, dispositions, roles and ranks of types. The real ones
 * are licensed and never shipped; these numbers mean nothing elsewhere.
 */
import type { Disposition } from '#src/directory/triage/triage-reference.ts'
import { Z_CODE_GROUP } from '#src/rules/offered-services.ts'
import { typeNameOf } from '#src/rules/service-types.ts'
import { inventedAreas } from './areas.ts'

type Group = readonly [id: number, name: string, discriminators: readonly (readonly [id: number, name: string])[]]

const GROUPS: readonly Group[] = [
  [
    9001,
    'Sore throat',
    [
      [7001, 'For less than a week'],
      [7002, 'With a fever'],
      [7003, 'Cannot swallow'],
    ],
  ],
  [
    9002,
    'Earache',
    [
      [7011, 'In a child'],
      [7012, 'In an adult'],
    ],
  ],
  [
    9003,
    'Eye problem',
    [
      [7021, 'Red or sticky eye'],
      [7022, 'Something in the eye'],
      [7023, 'Sudden loss of sight'],
    ],
  ],
  [
    9004,
    'Emergency contraception',
    [
      [7031, 'Within three days'],
      [7032, 'Within five days'],
    ],
  ],
  [
    9005,
    'Repeat prescription',
    [
      [7041, 'Medicine runs out today'],
      [7042, 'Needed in the next few days'],
    ],
  ],
  [
    9006,
    'Toothache',
    [
      [7051, 'Pain in a tooth'],
      [7052, 'Swollen face'],
      [7053, 'Tooth knocked out'],
    ],
  ],
  [
    9007,
    'Chest pain',
    [
      [7061, 'Now'],
      [7062, 'Earlier today, gone again'],
    ],
  ],
  [
    9008,
    'Ankle or foot injury',
    [
      [7071, 'Can stand on it'],
      [7072, 'Cannot stand on it'],
      [7073, 'With a deep cut'],
    ],
  ],
  [
    9009,
    'Rash, bite or sting',
    [
      [7081, 'Itching rash'],
      [7082, 'Infected bite'],
      [7083, 'Shingles'],
    ],
  ],
  [
    9010,
    'Fever in a child',
    [
      [7091, 'Younger than three months'],
      [7092, 'Three months or older'],
    ],
  ],
  [
    9011,
    'Pain on passing water',
    [
      [7101, 'In a woman under 65'],
      [7102, 'In anybody else'],
    ],
  ],
  [
    9012,
    'Low mood or anxiety',
    [
      [7111, 'Needs to talk today'],
      [7112, 'In danger now'],
    ],
  ],
  [
    9013,
    'Blood pressure',
    [
      [7121, 'Check is due'],
      [7122, 'High reading at home'],
    ],
  ],
]

/** Services are found by these without a triage: three are national and real, the others stand for those of an ICB. */
const Z_CODES: Group = [
  Z_CODE_GROUP,
  'Services by what they do',
  [
    [14167, 'Palliative care stock'],
    [14207, 'Blood pressure check'],
    [14210, 'Contraception'],
    [14501, 'Falls advice'],
    [14502, 'Warm space'],
  ],
]
const ALL_GROUPS: readonly Group[] = [...GROUPS, Z_CODES]

/** `timeframe` in minutes. */
const DISPOSITIONS: readonly (readonly [id: number, name: string, timeframe: Disposition['timeframe']])[] = [
  [8001, 'Go to an emergency department at once', 0],
  [8002, 'Go to an emergency department within 1 hour', 60],
  [8003, 'Be seen at an urgent treatment centre within 4 hours', 240],
  [8004, 'Speak to a surgery within 2 hours', 120],
  [8005, 'Be seen by a surgery within 24 hours', 1440],
  [8006, 'Speak to a pharmacist within 12 hours', 720],
  [8007, 'Emergency contraception within 12 hours', 720],
  [8008, 'Medicine within 2 hours', 120],
  [8009, 'See a dentist within 24 hours', 1440],
  [8010, 'See an optician within 24 hours', 1440],
  [8011, 'Speak to a mental health nurse within 4 hours', 240],
  [8012, 'Have blood pressure checked within 7 days', 10_080],
  [8013, 'Find a service', null],
]

/** Ids as the web services know them. */
const ROLES: readonly (readonly [id: number, name: string])[] = [
  [1, 'Public Facing'],
  [2, 'HCP Registered'],
  [23, 'Pathways Referral'],
  [126, 'HCP Unregistered'],
  [127, 'HCP GP'],
  [128, 'Non HCP'],
]

/** National ranks: who is asked first when several can help. */
const RANKS: readonly (readonly [typeId: number, rank: number])[] = [
  [142, 1],
  [149, 1],
  [112, 2],
  [132, 2],
  [137, 2],
  [148, 2],
  [13, 3],
  [131, 3],
  [14, 4],
  [136, 5],
  [12, 5],
  [100, 6],
  [25, 6],
  [134, 7],
  [135, 7],
  [105, 9],
  [40, 10],
]

const CATCH_ALL = { types: [105], km: 60 }

const invented = (name: string): string => `${name} (invented)`

/** All that a triage search needs beside services, as a reference file says it; types under the names of the complete list. */
export const inventedCatalogue = () => ({
  types: RANKS.map(([id, rank]) => ({ id, name: typeNameOf(id) ?? '', rank })).sort((a, b) => a.id - b.id),
  pairs: Object.fromEntries(
    ALL_GROUPS.map(([id, , discriminators]) => [String(id), discriminators.map(([each]) => each)]),
  ),
  symptomGroups: ALL_GROUPS.map(([id, name]) => ({ id, name: invented(name) })),
  discriminators: ALL_GROUPS.flatMap(([, , list]) => list.map(([id, name]) => ({ id, name: invented(name) }))),
  dispositions: DISPOSITIONS.map(([id, name, timeframe]) => ({ id, name: invented(name), timeframe })),
  roles: ROLES.map(([id, name]) => ({ id, name })),
  catchAllTypes: CATCH_ALL.types,
  catchAllKm: CATCH_ALL.km,
  ...inventedAreas(),
})
