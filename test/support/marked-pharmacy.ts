/**
 * A pharmacy and its services, one of each thing that the product keeps, in which every private value is marked with its
 * field (`marked-database.ts`): what a walk through all answers looks for.
 */
import { saveServices } from '#src/directory/save-services.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { aProfile, aService } from './builders.ts'
import { FIVE_SERVICES, storePharmacy } from './manage.ts'
import { fillOtherTables, type Given, secret, secretPhone } from './marked-database.ts'

/** A Friday morning. */
export const NOW = '2026-12-11T10:34:00.000Z'
const LATER = '2026-12-12T10:34:00.000Z'
/** Of the service that everything is about. */
export const UID = 2_000_000_001
/** Why it is closed. Of a list of words, so it cannot be a marker; nothing public has these words. */
export const CLOSURE_REASON = CHANGE_REASONS[3]

/** A surgery that asked to be told, and the ICB's mailbox for closures. */
export const LISTENER = 'surgery@gp.example'
export const SUSPENSIONS = 'closures@icb.example'

/** Whose pharmacy it is. */
export const OWNER = {
  email: `${secret('owner.email')}@nhs.example`,
  name: secret('owner.name'),
  grants: [{ role: 'owner', scope: 'ods:FX123' }],
} as const

/** What exists, by the name that a parameter of an address has. */
export const THERE_IS: Readonly<Record<string, string>> = {
  odsCode: 'FX123',
  uid: String(UID),
  code: 'QOP',
  areaCode: 'QOP',
  number: '1001',
  version: '1',
  changeId: 'a',
  closureId: 'c1',
  id: '1',
  kind: 'contact',
  rule: 'q1',
  section: 'name',
  member: '1',
  callId: '1',
  requestId: '1',
  findingId: '1',
  listenerId: '1',
  noticeId: '1',
  noteId: '1',
  shiftId: '1',
  seq: '1',
  invitationId: '1',
}

/** What a rule of the table asks for, or what decides whether the row is shown. */
const GIVEN: Given = {
  capacity_setting: { status: 'RED', reset_at: '2026-12-11T16:00:00.000Z', record_reset: NOW },
  closure_listener: { email: LISTENER, kind: 'surgery', confirmed_at: NOW },
  suspension_contact: { icb_code: 'QOP', email: SUSPENSIONS, tell_within_minutes: 60, edit_days: 1 },
  dos_contact: { area_code: 'QOP' },
  on_call_shift: { ends_at: LATER },
  dos_contact_correction: { answer: null, answered_by: null },
  field_hold: { field: 'phone', ends_at: LATER, released_by: null },
  field_query: { field: 'phone' },
  asked_value: { field: 'phone', kind: 'waiting' },
  wish: { decided_by: null },
  quality_exemption: { ended_by: null },
  ticket: { state: 'answered', closed_by: null, category: 'something-else' },
  ticket_message: { kind: 'note' },
  page_feedback: { done_by: null },
  wrong_report: { what: 'hours', answered_by: null },
  job: { dead_at: NOW },
}

const PROFILE: Profile = aProfile({
  ownerName: secret('ownerName'),
  contact: {
    phone: '01632 960001',
    website: 'https://hill.example',
    email: 'hello@hill.example',
    professionalPhone: secretPhone('professionalPhone'),
    professionalEmail: `${secret('professionalEmail')}@nhs.example`,
  },
  changes: [
    {
      id: 'a',
      from: '2026-12-14',
      to: '2026-12-14',
      sessions: [],
      reason: secret('changes.reason'),
      note: 'Shut for the day',
    },
  ],
  commissioning: { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null },
})

const PRIVATE_FACTS = {
  nonPublicPhone: secretPhone('nonPublicPhone'),
  email: `${secret('service.email')}@nhs.example`,
  referralInformation: secret('referralInformation'),
  publicInformation: 'Come in',
  other: {
    genders: ['M', 'F'],
    ages: [[0, 47_481.5]],
    roles: [1, 2],
    capacity: { status: 'AMBER', notes: secret('capacity.notes') },
    endpoints: [
      {
        order: 1,
        transport: 'itk',
        address: `https://${secret('endpoint.address')}/in`,
        comment: secret('comment'),
      },
      { order: 2, transport: 'telno', address: secretPhone('endpointPhone') },
    ],
    attributes: [{ name: secret('attribute.name'), value: secret('attribute.value') }],
    hospitalScore: { total: 1, note: secret('hospitalScore.note'), updatedAt: NOW },
    [secret('unknownKey')]: secret('unknownValue'),
  },
} as const

/** Stores them as an import brings them, then changed, so that there is a before and an after. */
export async function storeMarkedPharmacy(db: Db): Promise<void> {
  const place = { postcode_key: 'M337AB', latitude: 53.424, longitude: -2.318, source: 'test', icb_code: 'QOP' }
  await db.pool.insertInto('postcode').values(place).execute()
  const context = { actor: `person:${OWNER.email}`, action: 'import', recordedAt: NOW }
  await db.transact((tx) => saveServices(tx, FIVE_SERVICES, context))
  await storePharmacy(db, aProfile({ odsCode: 'FB003', name: 'Other Pharmacy' }))
  const services = FIVE_SERVICES.map((service) => aService({ ...service, ...PRIVATE_FACTS }))
  await db.transact((tx) => saveServices(tx, services, context))
  await storePharmacy(db, PROFILE)
  await fillOtherTables(db, GIVEN, NOW)
}
