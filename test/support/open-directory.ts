/** A small directory for tests of the open data: a few services and pharmacies, each with facts that nobody may show. */
import type { z } from 'zod'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { type Profile, SECTIONS, type Sections } from '#src/profiles/profile.ts'
import { issueReceipts } from './receipts.ts'
import type { StartedApp } from './start-app.ts'
import { storeServices } from './stored-services.ts'

/** When everything in it was stored. */
export const NOW = '2026-12-11T10:34:00.000Z'
/** Stands for every fact that no public answer may hold. */
export const SECRET = 'SECRET-MARKER'

const nineToSix = [{ opens: 540, closes: 1080 }]
const week = [nineToSix, nineToSix, nineToSix, nineToSix, nineToSix, [], []]

/** An Active type 13 service of FZ001, at the place of the postcode ZZ33 7AB, open nine to six. */
export const service = (uid: number, changes: Partial<ServiceRecord> = {}): ServiceRecord => ({
  uid,
  name: `Service ${uid}`,
  publicName: null,
  typeId: 13,
  odsCode: 'FZ001',
  status: 'ACTIVE',
  address: ['1 High Street', 'Sale'],
  postcode: 'ZZ33 7AB',
  easting: 378_000,
  northing: 392_000,
  latitude: 53.43,
  longitude: -2.32,
  phone: '0161 496 0001',
  web: 'https://fz001.example',
  nonPublicPhone: `${SECRET} phone`,
  email: `${SECRET}@example.nhs.uk`,
  publicInformation: null,
  referralInformation: `${SECRET} referral`,
  hours: { weekly: week, bankHoliday: null, openAllHours: false, specified: {} },
  other: { endpoints: [{ address: SECRET }], [`${SECRET}Key`]: 1 },
  ...changes,
})

const profile = (odsCode: string, changes: Partial<Profile> = {}): Profile => ({
  odsCode,
  name: `Pharmacy ${odsCode}`,
  ownerName: `${SECRET} owner`,
  kind: 'community',
  status: 'open',
  address: {
    lines: ['1 High Street', 'Sale'],
    postcode: 'ZZ33 7AB',
    position: { latitude: 53.43, longitude: -2.32, easting: 378_000, northing: 392_000 },
  },
  contact: {
    phone: '0161 496 0001',
    website: 'https://fz001.example',
    email: 'hello@fz001.example',
    professionalPhone: `${SECRET} other phone`,
    professionalEmail: `${SECRET}@example.nhs.uk`,
  },
  weekly: week,
  holidays: {
    '2026-12-25': { answer: 'closed' },
    '2026-12-28': { answer: 'usual' },
    '2027-01-01': { answer: 'other', sessions: [{ opens: 1320, closes: 1560 }] },
  },
  changes: [{ id: 'a', from: '2026-12-14', to: '2026-12-14', sessions: [], reason: `${SECRET} reason`, note: null }],
  commissioning: { parentCode: null, icbCode: null, healthAndWellbeingBoard: null },
  ...changes,
})

const YES = { offered: true, hours: null, byAppointment: false, bookingLink: null, from: null, to: null }
const MORNINGS = [...Array.from({ length: 5 }, () => [{ opens: 540, closes: 720 }]), [], []]

/** What FZ001 says of its services: some of now, one of next year, and one that it does not offer. */
const SERVICES: NonNullable<Profile['services']> = {
  'OWN-PHARMACY-FIRST': { ...YES, hours: MORNINGS, bookingLink: 'https://fz001.example/book' },
  SRV0277: { ...YES, byAppointment: true, from: '2027-09-01', to: '2028-03-31' },
  SRV0559: { ...YES, stockCheckedOn: '2026-12-01' },
  SRV0514: { ...YES, offered: false },
}
const FACILITIES: NonNullable<Profile['facilities']> = {
  '28': { has: false },
  'wide-door': { has: true, measure: 900 },
  languages: { has: true, note: 'Urdu and Polish' },
}

const sections = Object.fromEntries(
  SECTIONS.map((section) => [
    section,
    { source: 'list', changedAt: NOW, changedBy: `person:${SECRET}@example.nhs.uk`, checkedAt: null, checkedBy: null },
  ]),
) as Sections

const saveProfile = (db: Db, one: Profile) =>
  db.transact((tx) =>
    commitProfiles(tx, [{ before: undefined, profile: one, sections }], {
      actor: `person:${SECRET}@example.nhs.uk`,
      action: 'test',
      recordedAt: NOW,
      decides: true,
      issueReceipts,
      onMeeting: 'take',
    }),
  )

/** Stores the directory. */
export async function fillOpenDirectory(db: Db): Promise<void> {
  await db.pool
    .insertInto('postcode')
    .values([{ postcode_key: 'ZZ337AB', latitude: 53.43, longitude: -2.32, source: 'test' }])
    .execute()
  await storeServices(db, [
    service(101),
    service(102, { typeId: 131, odsCode: 'FZ001UMS' }),
    service(103, { typeId: 134, odsCode: 'FZ002', latitude: 53.4301 }),
    service(104, { status: 'CLOSED' }),
    service(105, { odsCode: 'FZ003', latitude: null, longitude: null, postcode: 'ZZ99 9ZZ' }),
    service(106, { odsCode: null, typeId: 40, latitude: 53.5, hours: { ...service(0).hours, openAllHours: true } }),
    service(107, { odsCode: 'FZ004', latitude: 53.6, hours: { ...service(0).hours, weekly: Array(7).fill(null) } }),
  ])
  await saveProfile(db, profile('FZ001', { services: SERVICES, facilities: FACILITIES }))
  await saveProfile(db, profile('FZ009', { status: 'hidden' }))
  await saveProfile(db, profile('FZ008', { status: 'temporarily-closed' }))
}

export type Answered = Awaited<ReturnType<StartedApp['app']['inject']>>
/** The answer as JSON, held against the form it must have. */
export const read = <Form extends z.ZodType>(form: Form, answer: Answered): z.infer<Form> => form.parse(answer.json())
