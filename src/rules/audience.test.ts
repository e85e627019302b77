import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import {
  type Audience,
  type AudienceField,
  type ProfileField,
  type PublicProfile,
  type PublicService,
  publicProfileOf,
  publicServiceOf,
  type ServiceField,
  visibleTo,
} from './audience.ts'

// The table has a row for every field of a record, and none for a field that is gone: the compiler checks it here.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
const everyServiceField: Same<ServiceField, keyof ServiceRecord> = true
type Whole = Exclude<keyof Profile, 'contact' | 'changes' | 'closures'>
type Parts =
  | `contact.${keyof Profile['contact']}`
  | `changes.${keyof Profile['changes'][number]}`
  | `closures.${keyof NonNullable<Profile['closures']>[number]}`
const everyProfileField: Same<ProfileField, Whole | Parts> = true

const SECRET = 'must-not-be-seen'

const cases: readonly (readonly [field: AudienceField, who: readonly Audience[], because: string])[] = [
  ['service.phone', ['public', 'professional', 'urgent-care', 'pharmacy'], 'it is the number for patients'],
  ['service.nonPublicPhone', ['professional', 'urgent-care', 'pharmacy'], 'patients must not be given it'],
  ['service.email', ['professional', 'urgent-care', 'pharmacy'], "a service's email is for professionals"],
  ['service.referralInformation', ['professional', 'urgent-care', 'pharmacy'], 'it says how to refer'],
  ['service.other', ['urgent-care'], 'it holds the clinical profile and the endpoints'],
  [
    'service.other.endpoints',
    ['professional', 'urgent-care', 'pharmacy'],
    'whoever refers must know where a message goes; patients must not',
  ],
  ['service.other.eligibility', ['professional', 'urgent-care', 'pharmacy'], 'whoever refers must know who is taken'],
  ['service.other.capacity', ['professional', 'urgent-care', 'pharmacy'], 'its reason is not written for patients'],
  ['profile.contact.email', ['public', 'professional', 'urgent-care', 'pharmacy'], "it is the pharmacy's public email"],
  ['profile.contact.professionalPhone', ['professional', 'urgent-care', 'pharmacy'], 'it is the non-public number'],
  [
    'profile.changes.reason',
    ['professional', 'urgent-care', 'pharmacy'],
    'it may speak of illness; the note is public',
  ],
  ['profile.ownerName', ['pharmacy'], "it is sometimes a person's name"],
]
for (const [field, who, because] of cases) {
  test(`${field} is for ${who.join(', ')}: ${because}`, () => {
    const seenBy = (['public', 'professional', 'urgent-care', 'pharmacy'] as const).filter((audience) =>
      visibleTo(audience, field),
    )
    assert.deepEqual(seenBy, who)
  })
}

test('a field that is not in the table is seen by nobody', () => {
  assert.equal(visibleTo('pharmacy', 'service.newField' as AudienceField), false)
  assert.equal(visibleTo('pharmacy', 'profile.constructor' as AudienceField), false)
  assert.ok(everyServiceField && everyProfileField)
})

test('the public part of a service has every public fact and no private one', () => {
  const record = aService({ nonPublicPhone: SECRET, email: SECRET, referralInformation: SECRET, other: { a: SECRET } })
  const seen: PublicService<ServiceRecord> = publicServiceOf(record)
  assert.doesNotMatch(JSON.stringify(seen), new RegExp(SECRET))
  const { nonPublicPhone, email, referralInformation, other, ...rest } = record
  assert.deepEqual(seen, rest)
})

test('the public part of a profile has every public fact and no private one', () => {
  const profile = aProfile({
    ownerName: SECRET,
    contact: { phone: '01632 960001', professionalPhone: SECRET, professionalEmail: SECRET },
    changes: [
      { id: 'a', from: '2026-12-14', to: '2026-12-14', sessions: [], reason: SECRET, note: 'Closed for repairs' },
    ],
  })
  const seen: PublicProfile<Profile> = publicProfileOf(profile)
  assert.doesNotMatch(JSON.stringify(seen), new RegExp(SECRET))
  assert.equal(seen.contact.phone, '01632 960001')
  assert.deepEqual(seen.changes, [
    { id: 'a', from: '2026-12-14', to: '2026-12-14', sessions: [], note: 'Closed for repairs' },
  ])
  assert.equal('email' in seen.contact, false, 'what was never said is not said to be empty')
})

test('a whole record is not accepted where a public one is asked for', () => {
  // @ts-expect-error private fields are typed as absent
  const service: PublicService<ServiceRecord> = aService()
  // @ts-expect-error private fields are typed as absent
  const profile: PublicProfile<Profile> = aProfile()
  assert.ok(service && profile)
})
