/**
 * The form of every answer, for the OpenAPI document and for the tests that hold real answers against it. The answers
 * themselves are written without it: validating ten services would cost more than finding them.
 */
import { z } from 'zod'
import { FACILITY_GROUPS } from '#src/rules/facilities.ts'
import { SERVICE_GROUPS } from '#src/rules/offered-services.ts'

const londonMinute = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
  .meta({ description: 'London wall clock, to the minute', examples: ['2026-12-11T18:00'] })
const instant = z.iso.datetime().meta({ description: 'UTC' })
const date = z.iso.date()
const clockPair = z.tuple([z.string().regex(/^\d\d:\d\d$/), z.string().regex(/^\d\d:\d\d$/)])
const sessions = z.array(clockPair).meta({
  description:
    'Opening and closing times. 24:00 is midnight; an end before its start is on the next day. Empty: closed.',
})
const known = z.enum(['weekly', 'bankHoliday', 'specified', 'openAllHours'])

const openState = z
  .union([
    z.strictObject({ open: z.literal(true), until: londonMinute.nullable(), because: known }),
    z.strictObject({ open: z.literal(false), opensAt: londonMinute.nullable(), because: known }),
    z.strictObject({ open: z.null(), opensAt: londonMinute.nullable(), because: z.literal('unknown') }),
  ])
  .meta({
    description: 'Whether it is open. Null: not known, so check before you travel. until null: no end in sight.',
  })

export const servicesAnswerForm = z.strictObject({
  results: z.array(
    z.strictObject({
      uid: z.int(),
      odsCode: z.string().nullable(),
      name: z.string(),
      typeId: z.int(),
      distanceMetres: z.int().meta({ description: 'Great circle, whole metres' }),
      latitude: z.number(),
      longitude: z.number(),
      openState,
      phone: z.string().nullable(),
      web: z.string().nullable(),
      address: z.string().meta({ description: 'The lines, joined by commas, without the postcode' }),
      postcode: z.string().nullable(),
    }),
  ),
})

const standing = z.strictObject({
  checkedAt: instant.nullable().meta({ description: 'When the pharmacy last said that this is right' }),
  changedAt: instant,
  note: z.string().nullable().meta({ description: 'Where the words come from, when not from the pharmacy' }),
})

const offeredService = z.strictObject({
  code: z.string().meta({ description: 'The NHS website’s code of the service', examples: ['SRV0560'] }),
  codeIsProvisional: z.boolean().meta({ description: 'True: the code is ours (OWN-…), until the NHS code is known' }),
  name: z.string(),
  description: z.string(),
  group: z.enum(SERVICE_GROUPS),
  paidFor: z.boolean().meta({ description: 'Whether people pay the pharmacy for it' }),
  who: z.string().nullable().meta({ description: 'Whom it is for; null: anybody who needs it' }),
  offered: z.boolean().meta({ description: 'Whether it is offered today' }),
  from: date.nullable().meta({ description: 'First day; null: no such limit' }),
  to: date.nullable().meta({ description: 'Last day; null: no such limit' }),
  weekly: z
    .array(sessions.nullable())
    .length(7)
    .nullable()
    .meta({ description: 'When it is given, Monday first; null: whenever the pharmacy is open' }),
  byAppointment: z.boolean(),
  bookingLink: z.url().nullable(),
})

const facility = z.strictObject({
  id: z.string().meta({ description: 'A number is the NHS website’s; the others are ours' }),
  name: z.string(),
  group: z.enum(FACILITY_GROUPS),
  has: z.boolean(),
  measure: z.strictObject({ value: z.int(), unit: z.string() }).nullable(),
  note: z.string().nullable(),
})

export const pharmacyAnswerForm = z.strictObject({
  odsCode: z.string(),
  name: z.string(),
  status: z.enum(['open', 'temporarily-closed', 'closed']),
  kind: z.enum(['community', 'distance-selling', 'appliance', 'lps']),
  address: z.strictObject({ lines: z.array(z.string()), postcode: z.string() }),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  phone: z.string().nullable(),
  website: z.string().nullable(),
  email: z.string().nullable(),
  delivery: z
    .strictObject({
      area: z.literal('England'),
      how: z.string().nullable(),
      orderBy: z
        .string()
        .nullable()
        .meta({ description: 'Clock time, such as 14:00: what is ordered by then on a working day is sent that day' }),
      workingDays: z.int().nullable().meta({ description: 'Usual time from sending to arrival' }),
      premisesNumber: z.string().nullable().meta({ description: 'Registration number of the premises at the GPhC' }),
    })
    .nullable()
    .meta({ description: 'Null for every pharmacy that is not distance selling' }),
  openState,
  weekly: z.array(sessions.nullable()).length(7).meta({
    description: 'Monday first; null where not given. Of a distance selling pharmacy the hours in which it is staffed',
  }),
  bankHolidays: z.array(
    z.strictObject({
      date,
      name: z.string(),
      note: z.string().nullable().meta({ description: 'Why the holiday is kept on another day' }),
      answer: z.enum(['closed', 'usual', 'other']).nullable().meta({ description: 'Null: the pharmacy has not said' }),
      sessions: sessions.nullable(),
    }),
  ),
  specified: z.record(date, sessions).meta({ description: 'Dates whose hours replace the week' }),
  closures: z
    .array(
      z.strictObject({
        from: londonMinute,
        until: londonMinute.nullable().meta({ description: 'When it is expected to reopen; null: nobody knows' }),
        services: z.array(z.int()).nullable().meta({ description: 'Uids of what is closed; null: the whole pharmacy' }),
        advice: z.string().nullable().meta({ description: 'What patients should do meanwhile' }),
      }),
    )
    .meta({
      description: 'Closures out of turn, in force and to come. The open states and specified dates have them in',
    }),
  services: z.array(
    z.strictObject({
      uid: z.int(),
      name: z.string(),
      typeId: z.int(),
      typeName: z.string().nullable(),
      openState,
    }),
  ),
  offeredServices: z.array(offeredService).nullable().meta({
    description:
      'What the pharmacy says it offers. Null: it has not said anything; a service that is not in the list is not stated',
  }),
  facilities: z.array(facility).nullable().meta({
    description: 'Null: the pharmacy has not said anything; an item that is not in the list is not stated',
  }),
  sections: z.record(z.enum(['contact', 'hours', 'holidays', 'changes', 'services', 'facilities']), standing),
})

export const changesAnswerForm = z.strictObject({
  changes: z.array(
    z.strictObject({
      cursor: z.string(),
      at: instant,
      uid: z.int(),
      odsCode: z.string().nullable(),
      fields: z.array(z.string()).meta({ description: 'Names of the changed fields; created: the service is new' }),
    }),
  ),
  next: z.string().meta({ description: 'The cursor to ask with next, also when nothing came' }),
})

export const problemForm = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: 'What is wrong and what to do' }),
  errors: z
    .array(z.strictObject({ field: z.string(), message: z.string() }))
    .optional()
    .meta({ description: 'One entry for each parameter to put right' }),
  reference: z.string().optional().meta({ description: 'Ours to look up, when the fault is ours' }),
})
