import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAgesForm } from './ages.form.ts'

const years = { 'from-unit': 'years', 'to-unit': 'years' }
for (const [fields, expected, because] of [
  [{ group: '2' }, [1826.25, 5843], 'a usual group, as it is stored everywhere'],
  [{ ...years, from: '5', to: '15' }, [1826.25, 5843], 'the same in years'],
  [{ from: '0', 'from-unit': 'days', to: '364.25', 'to-unit': 'days' }, [0, 364.25], 'days with decimals'],
  [{ from: '2', 'from-unit': 'months', to: '1', 'to-unit': 'years' }, [60.875, 729.5], 'two units'],
  [{ ...years, from: '', to: '' }, 'from: Enter the youngest age', 'nothing entered'],
  [{ ...years, from: '5', to: '' }, 'to: Enter the oldest age', 'no end'],
  [{ ...years, from: '15', to: '5' }, 'from: The youngest age must be younger than the oldest', 'wrong way round'],
  [{ ...years, from: '5', to: '130' }, 'to: Ages must be 129 years or younger', 'too old'],
  [
    { ...years, from: '1.5', to: '5' },
    'from: Youngest age must be a whole number of years. Use days for parts',
    'parts',
  ],
  [{ ...years, from: '-1', to: '5' }, 'from: Youngest age must be a number', 'below nothing'],
  [
    { from: '1', 'from-unit': 'weeks', to: '5', 'to-unit': 'years' },
    'from: Youngest age must be in years, months or days',
    'no unit',
  ],
  [{ ...years, group: '1', from: '5' }, 'group: Choose an age group or enter ages, not both', 'both'],
  [{ group: '7' }, 'group: Choose an age group', 'no such group'],
] as const) {
  test(`${JSON.stringify(fields)} is ${expected}: ${because}`, () => {
    const read = parseAgesForm(fields as Record<string, string>)
    if (read.ok) assert.deepEqual(read.value, expected)
    else assert.equal(`${read.problems[0]?.field}: ${read.problems[0]?.message}`, expected)
  })
}
