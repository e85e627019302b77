import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Profile } from '#src/profiles/profile.ts'
import { type Postcode, parsePostcode } from '#src/rules/postcode.ts'
import { aProfile, UNCHECKED, USUAL_WEEK } from '#test/support/builders.ts'
import { type ImportContext, withListed } from './imported-profile.ts'
import type { ListedPharmacy } from './pharmaceutical-list-rows.ts'

const ON: ImportContext = {
  recordedAt: '2026-11-20T09:00:00.000Z',
  today: '2026-11-20',
  actor: 'command:import pharmaceutical-list',
}
const DELIVERY = { how: 'Free, by post.', orderBy: 840, workingDays: 2, premisesNumber: '1099999' }

/** The list calls a distance seller a community pharmacy, at another address and with other hours. */
const LISTED: ListedPharmacy = {
  odsCode: 'FX123',
  name: 'Hill & Sons',
  ownerName: null,
  kind: 'community',
  addressLines: ['9 Mill Lane', 'Sale'],
  postcode: parsePostcode('M33 7AB') as Postcode,
  weekly: [[{ opens: 480, closes: 1080 }], ...USUAL_WEEK.slice(1)],
  healthAndWellbeingBoard: null,
}

const owned = { ...UNCHECKED.contact, source: 'pharmacy' } as const

const CASES: readonly (readonly [typeof UNCHECKED, readonly string[], string])[] = [
  [UNCHECKED, ['9 Mill Lane', 'Sale'], 'nobody owns the section: the list gives the address'],
  [{ ...UNCHECKED, contact: owned }, ['1 High Street', 'Sale'], 'the pharmacy said it: nothing of the section changes'],
]
for (const [sections, lines, because] of CASES) {
  test(`an import never takes away how a distance seller delivers: ${because}`, () => {
    const profile: Profile = aProfile({ kind: 'distance-selling', delivery: DELIVERY })
    const imported = withListed({ profile, sections, kept: [] }, LISTED, ON).profile
    assert.deepEqual(imported.delivery, DELIVERY)
    assert.deepEqual(imported.address.lines, lines)
    assert.equal(imported.kind, 'distance-selling')
  })
}
