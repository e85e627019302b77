import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ChangeLine, changeLines } from './change-lines.ts'

const nine = [{ opens: 540, closes: 1020 }]
const ten = [{ opens: 600, closes: 1020 }]

const CASES: readonly (readonly [
  because: string,
  given: [string, unknown, unknown],
  expected: readonly ChangeLine[],
])[] = [
  [
    'a number that is only spaced otherwise is the same number',
    ['phone', '01632960001', '01632 960 001'],
    [{ what: 'Phone', before: '01632960001', after: '01632 960 001', onlyFormat: true }],
  ],
  [
    'another number is a change',
    ['phone', '01632 960001', '01632 960002'],
    [{ what: 'Phone', before: '01632 960001', after: '01632 960002', onlyFormat: false }],
  ],
  [
    'a capacity is said with its end',
    ['capacity', { status: 'GREEN' }, { status: 'RED', resetAt: '2026-11-27T09:56' }],
    [{ what: 'Capacity', before: 'Green', after: 'Red until 9:56am on Friday 27 November 2026', onlyFormat: false }],
  ],
  [
    'ages are said in years where they are years, otherwise in days; over 129 is no limit',
    [
      'ages',
      [
        [0, 364.25],
        [1826.25, 5843],
      ],
      [[0, 47481.5], [40, 5000], 'old'],
    ],
    [
      {
        what: 'Ages',
        before: 'Birth to under 1 year, 5 years to under 16 years',
        after: 'Any age, 40 days to 5000 days, old',
        onlyFormat: false,
      },
    ],
  ],
  [
    'of endpoints, each that changed is a line',
    [
      'endpoints',
      [
        {
          order: 1,
          transport: 'email',
          format: 'PDF',
          interaction: 'urn:a',
          scenario: 'Primary',
          address: 'a@nhs.example',
        },
        {
          order: 2,
          transport: 'itk',
          format: 'CDA',
          interaction: 'urn:a',
          scenario: 'Copy',
          address: 'https://x.example',
        },
      ],
      [
        {
          order: 1,
          transport: 'email',
          format: 'PDF',
          interaction: 'urn:a',
          scenario: 'Primary',
          address: 'b@nhs.example',
        },
        {
          order: 2,
          transport: 'itk',
          format: 'CDA',
          interaction: 'urn:a',
          scenario: 'Copy',
          address: 'https://x.example',
        },
        { order: 3, transport: 'telephone', address: '01632 960001', comment: 'Ring first' },
      ],
    ],
    [
      {
        what: 'Endpoint 1 (Primary)',
        before: 'email to a@nhs.example, as PDF, for urn:a',
        after: 'email to b@nhs.example, as PDF, for urn:a',
        onlyFormat: false,
      },
      { what: 'Endpoint 3', before: '', after: 'telephone to 01632 960001, comment: Ring first', onlyFormat: false },
    ],
  ],
  [
    'attributes go by their name, and two of one name in their order',
    [
      'attributes',
      [{ name: 'requirebooking', dataType: 'Boolean', value: 'TRUE' }],
      [
        { name: 'requirebooking', dataType: 'Boolean', value: 'TRUE' },
        { name: 'requirebooking', dataType: 'Boolean', value: 'FALSE' },
      ],
    ],
    [{ what: 'Attribute requirebooking, number 2', before: '', after: 'FALSE', onlyFormat: false }],
  ],
  [
    'areas are named where their name is known',
    ['limitedTo', null, ['E54000057', 'E06000001']],
    [{ what: 'Limited to areas', before: '', after: 'Greater Manchester (E54000057), E06000001', onlyFormat: false }],
  ],
  [
    'genders in words',
    ['genders', ['M', 'F', 'I'], ['F']],
    [{ what: 'Genders', before: 'Male, Female, Indeterminate', after: 'Female', onlyFormat: false }],
  ],
  [
    'a capacity of a shape that nobody knows is shown as it is',
    ['capacity', null, { colour: 'mauve' }],
    [{ what: 'Capacity', before: '', after: '{"colour":"mauve"}', onlyFormat: false }],
  ],
  [
    'days in a row that change alike are one line, as in a closure',
    [
      'specified',
      { '2026-12-31': ten },
      { '2026-12-30': [], '2026-12-31': [], '2027-01-01': [], '2027-01-02': [], '2027-01-04': [] },
    ],
    [
      ['on Wednesday 30 December 2026', ''],
      ['on Thursday 31 December 2026', '10am to 5pm'],
      ['from Friday 1 January 2027 to Saturday 2 January 2027', ''],
      ['on Monday 4 January 2027', ''],
    ].map(([when, before = '']) => ({ what: `Opening times ${when}`, before, after: 'Closed', onlyFormat: false })),
  ],
  [
    'closures are said one after the other',
    [
      'closures',
      undefined,
      [
        { from: '2026-08-05T14:37', until: null, writtenTo: '2026-08-12', statutory: [], ended: false },
        { from: '2026-08-20T09:00', until: '2026-08-20T12:00', writtenTo: '2026-08-20', statutory: [], ended: false },
      ],
    ],
    [
      {
        what: 'Closures',
        before: '',
        after:
          'Closed from 2:37pm on Wednesday 5 August 2026, not known until when; ' +
          'Closed from 9am on Thursday 20 August 2026 until midday on Thursday 20 August 2026',
        onlyFormat: false,
      },
    ],
  ],
  [
    'a number that is gone is not a way of writing',
    ['phone', '01632 960001', null],
    [{ what: 'Phone', before: '01632 960001', after: '', onlyFormat: false }],
  ],
  [
    'capitals and commas of an address are a way of writing',
    ['address', ['1 HIGH STREET', 'SALE'], ['1 High Street,', 'Sale']],
    [{ what: 'Address', before: '1 HIGH STREET, SALE', after: '1 High Street,, Sale', onlyFormat: true }],
  ],
  [
    'a postcode without its space is the same',
    ['postcode', 'M337AB', 'M33 7AB'],
    [{ what: 'Postcode', before: 'M337AB', after: 'M33 7AB', onlyFormat: true }],
  ],
  [
    'the capitals of a path matter',
    ['web', 'https://a.example/X', 'https://a.example/x'],
    [{ what: 'Website', before: 'https://a.example/X', after: 'https://a.example/x', onlyFormat: false }],
  ],
  [
    'each weekday that differs is a line, and no other',
    ['weekly', [nine, nine, null, nine, nine, [], []], [ten, nine, nine, nine, nine, [], []]],
    [
      { what: 'Monday opening times', before: '9am to 5pm', after: '10am to 5pm', onlyFormat: false },
      { what: 'Wednesday opening times', before: 'Not known', after: '9am to 5pm', onlyFormat: false },
    ],
  ],
  [
    'each date is a line: new, gone or changed',
    ['specified', { '2026-12-25': [], '2026-12-26': nine }, { '2026-12-24': ten, '2026-12-26': nine }],
    [
      { what: 'Opening times on Thursday 24 December 2026', before: '', after: '10am to 5pm', onlyFormat: false },
      { what: 'Opening times on Friday 25 December 2026', before: 'Closed', after: '', onlyFormat: false },
    ],
  ],
  [
    'each symptom group is a line',
    ['sgsd', { 360: [14_167] }, null],
    [{ what: 'Symptom group 360', before: '14167', after: '', onlyFormat: false }],
  ],
  [
    'a field that is new to us keeps its name',
    ['wait', 1, { most: 2 }],
    [{ what: 'wait', before: '1', after: '{"most":2}', onlyFormat: false }],
  ],
  ['what is equal is no line', ['openAllHours', false, false], []],
]

for (const [because, [field, before, after], expected] of CASES) {
  test(because, () => assert.deepEqual(changeLines(field, before, after), expected))
}
