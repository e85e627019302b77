import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facilityKind } from './facilities.ts'
import { OFFERED_SERVICES, offeredServiceKind } from './offered-services.ts'
import { WANTED_ACCESS, wantedAccess } from './wanted-access.ts'
import { WANTED_SERVICES, wantedServiceNamed } from './wanted-services.ts'

test('everything that can be looked for is a service or a facility of the lists, under one name each', () => {
  const codes = WANTED_SERVICES.flatMap(({ codes: each }) => each)
  assert.deepEqual(
    codes.filter((code) => !offeredServiceKind(code)),
    [],
  )
  const ids = WANTED_ACCESS.flatMap(({ facilities }) => facilities)
  assert.deepEqual(
    ids.filter((id) => !facilityKind(id)),
    [],
  )
  for (const list of [WANTED_SERVICES, WANTED_ACCESS]) {
    for (const key of ['slug', 'label'] as const) {
      const names = list.map((each) => each[key])
      assert.equal(new Set(names).size, names.length)
    }
  }
  assert.ok(
    WANTED_SERVICES.every(({ slug }) => /^[a-z][a-z0-9-]*$/.test(slug) && wantedServiceNamed(slug)?.slug === slug),
  )
  assert.equal(wantedAccess('STEP-FREE')?.label, 'Step-free access')
  assert.equal(wantedAccess('lift'), undefined)
})

test('the ages of the seven conditions are those of the service', () => {
  const { who } = OFFERED_SERVICES.find(({ code }) => code === 'OWN-PHARMACY-FIRST') ?? assert.fail()
  const ages = WANTED_SERVICES.filter(({ codes, slug }) => codes.length === 1 && slug !== 'pharmacy-first')
    .filter(({ codes }) => codes[0] === 'OWN-PHARMACY-FIRST')
    .map((each) => each.who?.toLowerCase().replace('.', '') ?? '')
  assert.equal(ages.length, 7)
  for (const age of ages) assert.ok(who?.toLowerCase().includes(age), age)
})

const NAMES: readonly (readonly [text: string, slug: string | undefined, because: string])[] = [
  ['sore-throat', 'sore-throat', 'an address of ours'],
  ['Flu jab', 'flu', 'an old name'],
  ['CPCS', 'pharmacy-first', 'the service of which a condition is a part'],
  ['SRV0560', 'blood-pressure', 'a code of the NHS website'],
  ['Emergency contraception (NHS)', 'morning-after', 'one of several services that will do'],
  ['Care homes', undefined, 'patients do not look for it'],
  ['', undefined, 'nothing'],
  ['__proto__', undefined, 'no name'],
]
for (const [text, slug, because] of NAMES) {
  test(`“${text}” is ${slug ?? 'unknown'}: ${because}`, () => assert.equal(wantedServiceNamed(text)?.slug, slug))
}
