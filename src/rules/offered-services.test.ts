import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  OFFERED_SERVICES,
  offeredServiceKind,
  offeredServiceNamed,
  SERVICE_GROUPS,
  servicesInGroup,
  stockCheckDueOn,
} from './offered-services.ts'

const named: readonly (readonly [text: string, code: string | undefined, because: string])[] = [
  ['Pharmacy First', 'OWN-PHARMACY-FIRST', 'the name of today'],
  ['CPCS', 'OWN-PHARMACY-FIRST', 'its name until January 2024'],
  ['CPCS+', 'OWN-PHARMACY-FIRST', 'a strand of the old service'],
  ['CPCS++', 'OWN-PHARMACY-FIRST', 'another strand of it'],
  ['Pharm+', 'OWN-PHARMACY-FIRST', 'the oldest name in directory entries'],
  ['pharm +', 'OWN-PHARMACY-FIRST', 'case and spaces do not matter'],
  ['PF++', 'OWN-PHARMACY-FIRST', 'what the names of directory services begin with'],
  ['MUR', 'SRV0261', 'ended in 2021; the review of today is the nearest'],
  ['srv0197', 'SRV0261', 'and so is its code'],
  ['Numsas', 'OWN-URGENT-MEDICINES-SUPPLY', 'the pilot that became urgent medicines supply'],
  ['SRV0560', 'SRV0560', 'a code is a name too'],
  ['hypertension case finding', 'SRV0560', 'a hyphen does not matter'],
  ['NHS Blood Pressure Check Service', 'SRV0560', 'as the NHS website writes it'],
  ['NHS Pharmacy Contraception Service', 'SRV2000', 'as the NHS website writes it'],
  ['Palliative care', 'SRV0559', 'the label in DoS Integration'],
  ['SRV0557', 'OWN-LATERAL-FLOW', 'the code of the test collection it replaced'],
  ['Chlamydia screening & treatment', 'SRV0267', '& is "and"'],
  ['Ｆｌｕ　ｊａｂ', 'SRV0277', 'full-width letters are letters'],
  ['SRV0526', undefined, 'a consultation room is a facility'],
  ['Dermatology', undefined, 'not of a pharmacy'],
  ['', undefined, 'nothing is no name'],
  ['++', undefined, 'punctuation alone is no name'],
]

for (const [text, code, because] of named) {
  test(`“${text}” means ${code ?? 'no service'}: ${because}`, () => {
    assert.equal(offeredServiceNamed(text)?.code, code)
  })
}

test('every service is found by its code, its label and every other name it ever had', () => {
  for (const kind of OFFERED_SERVICES) {
    assert.equal(offeredServiceKind(kind.code), kind)
    for (const name of [kind.code, kind.label, ...kind.oldNames]) assert.equal(offeredServiceNamed(name), kind, name)
  }
})

test('codes and labels are given once, and only codes of our own are provisional', () => {
  assert.equal(new Set(OFFERED_SERVICES.map(({ code }) => code)).size, OFFERED_SERVICES.length)
  assert.equal(new Set(OFFERED_SERVICES.map(({ label }) => label)).size, OFFERED_SERVICES.length)
  for (const { code, provisionalCode } of OFFERED_SERVICES) {
    assert.match(code, provisionalCode ? /^OWN(-[A-Z]+)+$/ : /^(SRV|EPS)\d{4}$/)
  }
})

test('each group has services, and each service is in one', () => {
  const grouped = SERVICE_GROUPS.flatMap((group) => servicesInGroup(group))
  assert.equal(grouped.length, OFFERED_SERVICES.length)
  for (const group of SERVICE_GROUPS) assert.ok(servicesInGroup(group).length > 0, group)
  for (const { group, paid } of OFFERED_SERVICES) assert.equal(paid, group === 'paid')
})

test('the directory knows four services by type and three by Z code', () => {
  const known = OFFERED_SERVICES.filter(({ dosType, zCode }) => dosType !== null || zCode !== null)
  assert.deepEqual(
    known.map(({ code, dosType, zCode }) => [code, dosType, zCode]),
    [
      ['OWN-PHARMACY-FIRST', 132, null],
      ['SRV0560', 148, 14207],
      ['SRV2000', 149, 14210],
      ['SRV0559', null, 14167],
      ['OWN-URGENT-MEDICINES-SUPPLY', 131, null],
    ],
  )
})

test('a look at the stock counts for a quarter', () => {
  assert.equal(stockCheckDueOn('2026-10-01'), '2027-01-01')
})
