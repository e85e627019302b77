import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMapPoint } from '#src/rules/map-point.ts'
import type { Postcode } from '#src/rules/postcode.ts'
import { aProfile } from '#test/support/builders.ts'
import {
  type AskedPlace,
  type CentreOf,
  checkAsked,
  distanceFromCentre,
  needsApproval,
  withoutApproval,
  withPlace,
} from './place-change.ts'
import type { ApprovedValue } from './profile.ts'

const point = (text: string) => parseMapPoint(text) ?? assert.fail(text)
const CENTRE = point('378940, 391980')
const centreOf: CentreOf = (postcode) => (postcode === 'M33 7AB' ? CENTRE : undefined)
const profile = aProfile()
const pin = (text: string | null): AskedPlace => ({ kind: 'pin', position: text === null ? null : point(text) })
const address = (postcode: string, text: string | null = null): AskedPlace => ({
  kind: 'address',
  lines: ['9 New Road'],
  postcode: postcode as Postcode,
  position: text === null ? null : point(text),
})

const approvals: [asked: AskedPlace, distance: number | null, waits: boolean, because: string][] = [
  [{ kind: 'name', name: 'Dale' }, null, true, 'a name is always approved'],
  [address('M33 7AB'), 0, true, 'an address is always approved'],
  [address('ZZ9 9ZZ'), null, true, 'an unknown postcode is kept, never dropped'],
  [pin('378940, 392229'), 249, false, 'within 250 metres it is the pharmacy’s own'],
  [pin('378940, 392240'), 260, true, 'beyond, somebody else says yes'],
  [pin(null), 0, false, 'the middle of the postcode'],
]
for (const [asked, distance, waits, because] of approvals) {
  test(`${JSON.stringify(asked).slice(0, 70)} ${waits ? 'waits' : 'is set at once'}: ${because}`, () => {
    const found = distanceFromCentre(profile, asked, centreOf)
    assert.ok(found === distance || Math.abs((found ?? 0) - (distance ?? 0)) <= 1, `${found}`)
    assert.equal(needsApproval(asked, found), waits)
  })
}

test('a pin of a pharmacy whose postcode is not known waits, however near it is', () => {
  const nowhere = aProfile({ address: { lines: ['1'], postcode: 'ZZ9 9ZZ', position: CENTRE } })
  assert.equal(needsApproval(pin('378941, 391980'), distanceFromCentre(nowhere, pin('378941, 391980'), centreOf)), true)
  assert.deepEqual(checkAsked(nowhere, pin(null), centreOf).ok, false, 'and it cannot be put in the middle of it')
})

const marks: [start: ApprovedValue[], asked: AskedPlace, after: ApprovedValue[] | undefined, because: string][] = [
  [[], { kind: 'name', name: 'Dale' }, ['name'], 'a name is marked'],
  [['name'], address('M33 7AB'), ['name', 'address'], 'beside others'],
  [['position'], address('ZZ9 9ZZ'), ['address'], 'a new address ends the mark of the old pin'],
  [[], address('ZZ9 9ZZ', '378940, 392000'), ['address', 'position'], 'unless it brings a pin of its own'],
  [[], pin('378940, 392000'), ['position'], 'a pin is marked'],
  [['position'], pin(null), undefined, 'the middle of the postcode moves along with it: no mark'],
]
for (const [start, asked, after, because] of marks) {
  test(`marks: ${because}`, () => {
    const before = start.length > 0 ? { ...profile, approved: start } : profile
    assert.deepEqual(withPlace(before, asked, centreOf).approved, after)
  })
}

test('an address of an unknown postcode has no point, and one of a known postcode has its middle', () => {
  assert.equal(withPlace(profile, address('ZZ9 9ZZ'), centreOf).address.position, null)
  assert.deepEqual(withPlace(profile, address('M33 7AB'), centreOf).address.position, CENTRE)
})

test('nothing but the place changes, and taking the mark away leaves no trace of it', () => {
  const { address: _, approved, ...rest } = withPlace(profile, pin('378940, 392000'), centreOf)
  const { address: __, ...was } = profile
  assert.deepEqual([rest, approved], [was, ['position']])
  assert.deepEqual(withoutApproval({ ...profile, approved: ['name'] }, 'name'), profile)
})
