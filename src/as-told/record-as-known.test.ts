import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { serviceChange } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { aService } from '#test/support/builders.ts'
import { differencesOf, type LoggedChange, recordAsKnown } from './record-as-known.ts'

/** What the ledger keeps of a save: through JSON, as the database does. */
function logged(seq: number, at: string, before: ServiceRecord | undefined, after: ServiceRecord): LoggedChange {
  const { uid, fields, ...values } = serviceChange(before, after)
  const kept = JSON.parse(JSON.stringify({ before: values.before, after: values.after }))
  return { seq, uid, recordedAt: at, fields, ...kept, actor: 'person:amina@nhs.example', action: 'save' }
}

const BORN = '2026-01-05T09:00:00.000Z'
const EDITED = '2026-05-03T13:05:00.000Z'
const first = aService()
const second = aService({ phone: '01632 960 002', other: { capacity: { status: 'RED' } } })
const history = [logged(1, BORN, undefined, first), logged(2, EDITED, first, second)]

describe('the record as it was known', () => {
  const cases: readonly [because: string, at: string, phone: string | null][] = [
    ['a moment before it came, nothing was known', '2026-01-05T08:59:59.999Z', null],
    ['from the very moment it came, it was known', BORN, '01632 960001'],
    ['until a change, what was before holds', '2026-05-03T13:04:59.999Z', '01632 960001'],
    ['from the change on, the new holds', EDITED, '01632 960 002'],
    ['and still does', '2026-12-01T00:00:00.000Z', '01632 960 002'],
  ]
  for (const [because, at, phone] of cases) {
    test(because, () => {
      const known = recordAsKnown(history, new Date(at))
      assert.equal(known.known ? known.record.phone : null, phone)
    })
  }

  test('says when it came where it was not there yet, and nothing of a service that never was', () => {
    assert.deepEqual(recordAsKnown(history, new Date(0)), { known: false, why: 'not-yet', from: BORN })
    assert.deepEqual(recordAsKnown([], new Date(0)), { known: false, why: 'not-yet', from: null })
  })

  test('says "unknown" where what is kept does not fit together, and never guesses', () => {
    const after = new Date('2027-01-01')
    assert.equal(knownOf([history[1] as LoggedChange], after), 'gap', 'its beginning is missing')
    const other = aService({ phone: '01632 960 999' })
    const hole = [history[0] as LoggedChange, logged(3, EDITED, other, second)]
    assert.equal(knownOf(hole, after), 'gap', 'a change found what was never written')
    assert.equal(knownOf(hole, new Date(BORN)), 'known', 'before the hole all is well')
  })

  test('a service that was stored anew stands with its new record, and that is said', () => {
    const anew = [...history, logged(3, '2026-06-01T00:00:00.000Z', undefined, aService({ name: 'Other' }))]
    const known = recordAsKnown(anew, new Date('2026-07-01'))
    assert.ok(known.known)
    assert.deepEqual([known.record.name, known.replacedAt], ['Other', '2026-06-01T00:00:00.000Z'])
  })

  test('a change with an earlier clock and a later number counts from when the one before it did', () => {
    const waited = [...history, logged(3, '2026-05-03T13:04:00.000Z', second, first)]
    const known = recordAsKnown(waited, new Date('2026-05-03T13:04:30.000Z'))
    assert.ok(known.known)
    assert.equal(known.last.seq, 1)
  })

  test('knows when the capacity came to be another', () => {
    const at = (moment: string) => {
      const known = recordAsKnown(history, new Date(moment))
      return known.known ? known.capacityChangedAt : undefined
    }
    assert.deepEqual([at(BORN), at(EDITED)], [null, EDITED])
  })

  test('whatever was saved in whatever order, every moment gives back the record that was stored then', () => {
    fc.assert(
      fc.property(fc.array(anEdit, { minLength: 1, maxLength: 25 }), (edits) => {
        const copies: ServiceRecord[] = []
        const changes: LoggedChange[] = []
        for (const [index, edit] of edits.entries()) {
          const before = copies.at(-1)
          const after = structuredClone(edit(before ?? aService()))
          copies.push(after)
          changes.push(logged(index + 1, momentOf(index), before, after))
        }
        for (const [index, copy] of copies.entries()) {
          const known = recordAsKnown(changes, new Date(momentOf(index)))
          assert.ok(known.known)
          assert.deepEqual(differencesOf(known.record, copy), [])
          assert.deepEqual(withoutNulls(known.record), withoutNulls(copy))
        }
      }),
      { numRuns: 150 },
    )
  })
})

const momentOf = (index: number): string => new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString()

const knownOf = (changes: readonly LoggedChange[], at: Date): string => {
  const known = recordAsKnown(changes, at)
  return known.known ? 'known' : known.why
}

/** A key of `other` that is null says the same as one that is missing. */
const withoutNulls = ({ other, ...record }: ServiceRecord): object => ({
  ...record,
  other: Object.fromEntries(Object.entries(other).filter(([, value]) => value !== null)),
})

type Edit = (record: ServiceRecord) => ServiceRecord

const sessions = fc.constantFrom([], [{ opens: 540, closes: 1020 }], [{ opens: 0, closes: 1440 }], null)
const text = fc.constantFrom(null, '', '01632 960 001', 'ÿ “quoted”', '__proto__')
const capacity = fc.constantFrom(null, { status: 'GREEN' }, { status: 'RED', resetAt: '2026-05-03T18:00' })
const spell = { from: '2026-05-03T14:00', until: null, writtenTo: '2026-05-17', statutory: [], ended: false } as const

const anEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ phone: text, web: text, nonPublicPhone: text, referralInformation: text }).map(
    (values): Edit =>
      (record) => ({ ...record, ...values }),
  ),
  fc.constantFrom('ACTIVE', 'COMMISSIONING', 'CLOSED').map(
    (status): Edit =>
      (record) => ({ ...record, status: status as ServiceRecord['status'] }),
  ),
  fc.tuple(fc.nat(6), sessions).map(
    ([day, hours]): Edit =>
      (record) => ({
        ...record,
        hours: { ...record.hours, weekly: record.hours.weekly.map((old, index) => (index === day ? hours : old)) },
      }),
  ),
  fc.tuple(sessions, fc.boolean()).map(
    ([bankHoliday, openAllHours]): Edit =>
      (record) => ({ ...record, hours: { ...record.hours, bankHoliday, openAllHours } }),
  ),
  fc
    .dictionary(
      fc.constantFrom('2026-12-25', '2026-12-28'),
      sessions.filter((hours) => hours !== null),
    )
    .map(
      (specified): Edit =>
        (record) => ({ ...record, hours: { ...record.hours, specified } }),
    ),
  fc.tuple(fc.constantFrom('capacity', 'sgsd', 'unknownKey'), capacity).map(
    ([key, value]): Edit =>
      (record) => ({ ...record, other: { ...record.other, [key]: value } }),
  ),
  fc.constantFrom('capacity', 'sgsd', 'unknownKey').map(
    (key): Edit =>
      (record) => ({
        ...record,
        other: Object.fromEntries(Object.entries(record.other).filter(([name]) => name !== key)),
      }),
  ),
  fc.boolean().map(
    (closed): Edit =>
      (record) => {
        const { closures: _, ...open } = record
        return closed ? { ...open, closures: [spell] } : open
      },
  ),
  fc.constant((record: ServiceRecord) => ({ ...record, latitude: null, longitude: null })),
)
