/**
 * What a pharmacy may say of its building and of help on the spot. Each item has three answers: has it, has it not, or
 * not stated.
 *
 * Ids that are numbers are the NHS website's; the others are ours. Disabled parking has two numbers there (2 under
 * accessibility, 30 under parking) and is kept once, as 30.
 */

export const FACILITY_GROUPS = ['parking', 'getting-in', 'inside', 'communication', 'family', 'other'] as const
export type FacilityGroup = (typeof FACILITY_GROUPS)[number]

/** Headings of the groups, for pages. */
export const FACILITY_GROUP_LABELS: Readonly<Record<FacilityGroup, string>> = {
  parking: 'Parking and getting here',
  'getting-in': 'Getting in',
  inside: 'Inside the pharmacy',
  communication: 'Hearing, reading and languages',
  family: 'Babies and children',
  other: 'Other facilities',
}

/** A number a pharmacy may add. Whole numbers, both limits included. */
export type FacilityMeasure = {
  /** What is measured, as a field label: "Width of the entrance door". */
  readonly label: string
  /** In the plural, as people read it: "millimetres". */
  readonly unit: string
  readonly min: number
  readonly max: number
}

export type FacilityKind = {
  readonly id: string
  readonly label: string
  readonly group: FacilityGroup
  /** One sentence that tells the pharmacy when to answer yes. */
  readonly hint: string
  readonly measure: FacilityMeasure | null
  /** What there is to say, and to be glad of, where it is missing: "No step at the entrance". Null for most. */
  readonly absence: string | null
  /** Earlier and other names and codes, for imports and searches. */
  readonly oldNames: readonly string[]
}

type Said = Partial<Pick<FacilityKind, 'measure' | 'absence' | 'oldNames'>>

const facility = (id: string, group: FacilityGroup, label: string, hint: string, said: Said = {}): FacilityKind => ({
  id,
  label,
  group,
  hint,
  measure: null,
  absence: null,
  oldNames: [],
  ...said,
})

const millimetres = (label: string, min: number, max: number): FacilityMeasure => ({
  label,
  unit: 'millimetres',
  min,
  max,
})

/**
 * The whole list, in the order in which pages show it. Measures are optional.
 * Source: NHS website facilities; our own items answer what an audit of 48 pharmacies by Healthwatch found missing.
 */
export const FACILITIES: readonly FacilityKind[] = [
  facility('28', 'parking', 'Car parking', 'Customers can park at the pharmacy or right beside it.'),
  facility('30', 'parking', 'Disabled parking', 'There is a marked bay for blue badge holders.', {
    oldNames: ['Disabled parking (accessibility)', '2'],
  }),
  facility('29', 'parking', 'Cycle parking', 'There is a stand to lock a bicycle to.'),
  facility('step-free-bus-stop', 'parking', 'Step-free way from a bus stop', 'Kerbs are lowered all the way.', {
    measure: { label: 'Distance from the bus stop', unit: 'metres', min: 0, max: 2000 },
  }),
  facility('drive-through', 'parking', 'Drive-through', 'Prescriptions can be collected from a car.'),
  facility('7', 'getting-in', 'Wheelchair access', 'A person can come in and be served in a wheelchair.', {
    oldNames: ['Disabled access'],
  }),
  facility('35', 'getting-in', 'Step-free access', 'There are no steps from the pavement to the counter.'),
  facility('entrance-step', 'getting-in', 'Step at the entrance', 'There is at least one step at the door.', {
    measure: millimetres('Height of the highest step', 10, 400),
    absence: 'No step at the entrance',
  }),
  facility('fixed-ramp', 'getting-in', 'Fixed ramp', 'A ramp is always in place.'),
  facility('portable-ramp', 'getting-in', 'Portable ramp', 'Staff put out a ramp when somebody asks.'),
  facility('wide-door', 'getting-in', 'Wide entrance door', 'The open door leaves at least 800 millimetres.', {
    measure: millimetres('Width of the open door', 600, 2000),
  }),
  facility('automatic-door', 'getting-in', 'Automatic door', 'The door opens by itself or at a button.', {
    oldNames: ['Power door'],
  }),
  facility(
    'low-bell',
    'getting-in',
    'Bell at wheelchair height',
    'A person in a wheelchair can ring or call for help.',
    {
      oldNames: ['Entry phone at wheelchair height'],
    },
  ),
  facility('flush-mat', 'getting-in', 'Level doormat', 'The mat at the door lies flush with the floor.'),
  facility('146', 'inside', 'Consultation room', 'You can talk to a pharmacist in private.', {
    oldNames: ['Private consultation room', 'SRV0526'],
  }),
  facility(
    'room-for-wheelchair',
    'inside',
    'Consultation room with space to turn a wheelchair',
    'A wheelchair can turn round in the room.',
    {
      measure: millimetres('Turning space', 1000, 4000),
    },
  ),
  facility('second-room', 'inside', 'More than one consultation room', 'Two people can be seen in private at a time.', {
    measure: { label: 'Number of rooms', unit: 'rooms', min: 2, max: 10 },
    oldNames: ['Two consultation rooms'],
  }),
  facility('low-counter', 'inside', 'Lowered counter', 'Part of the counter is low and kept clear.', {
    measure: millimetres('Height of the low part', 600, 1000),
  }),
  facility('seating', 'inside', 'Seating', 'There are seats for people who wait.'),
  facility('3', 'inside', 'Accessible toilet', 'Customers may use a toilet that is fit for wheelchairs.', {
    oldNames: ['Disabled toilet', 'Disabled WC'],
  }),
  facility(
    'gender-neutral-toilet',
    'inside',
    'Gender-neutral toilet',
    'Customers may use a toilet that is for everybody.',
  ),
  facility('assistance-dogs', 'inside', 'Water for assistance dogs', 'Assistance dogs are welcome and get water.'),
  facility('quiet-hour', 'inside', 'Quiet hour', 'At set times lights are low and there is no music.'),
  facility('4', 'communication', 'Induction loop', 'There is a hearing loop at the counter.', {
    oldNames: ['Hearing loop'],
  }),
  facility(
    'loop-tested',
    'communication',
    'Hearing loop tested',
    'The loop was tested in the last 12 months and staff know how to use it.',
  ),
  facility('6', 'communication', 'Sign language service', 'A sign language interpreter can be arranged.', {
    oldNames: ['Signing service', 'Signing service available'],
  }),
  facility(
    'bsl-video',
    'communication',
    'British Sign Language by video',
    'An interpreter can join by video at once.',
    {
      oldNames: ['BSL video relay'],
    },
  ),
  facility('1', 'communication', 'Braille translation service', 'Written information can be given in braille.'),
  facility('5', 'communication', 'Text relay', 'You can call using Relay UK.', {
    oldNames: ['RNID typetalk', 'Typetalk'],
  }),
  facility('21', 'communication', 'Translation services', 'An interpreter can be arranged for other languages.'),
  facility('languages', 'communication', 'Staff who speak other languages', 'Say which languages in the note.', {
    oldNames: ['Multi-lingual staff', 'SRV0524', 'Languages spoken'],
  }),
  facility('large-print', 'communication', 'Large-print labels', 'Medicine labels can be printed large.'),
  facility('easy-read', 'communication', 'Easy-read leaflets', 'There are leaflets in short words with pictures.'),
  facility('15', 'family', 'Baby changing', 'There is a place to change a baby.', {
    oldNames: ['Baby changing facility'],
  }),
  facility('17', 'family', 'Parent and child parking', 'There is a marked bay for people with small children.'),
  facility('18', 'family', 'Parent and baby room', 'There is a room to feed a baby in private.'),
  facility('16', 'family', 'Children’s play area', 'There is something for children to do.', {
    oldNames: ["Children's play area"],
  }),
  facility('19', 'family', 'Pram park', 'There is a place to leave a pram.'),
  facility(
    'appointment-booking',
    'other',
    'Consultations by appointment',
    'People can book a time for a consultation.',
    {
      oldNames: ['SRV0520', 'Appointment booking available', 'Appointment booking available for consultations'],
    },
  ),
  facility(
    'no-booking-needed',
    'other',
    'Consultations without an appointment',
    'People can walk in for a consultation.',
    {
      oldNames: ['SRV0521', 'Booking not required', 'Appointment booking for consultations not required'],
    },
  ),
  facility(
    'collection-locker',
    'other',
    'Collection point open 24 hours',
    'Prescriptions can be collected at any hour.',
    {
      oldNames: ['24-hour collection locker'],
    },
  ),
  facility('inhaler-recycling', 'other', 'Inhaler recycling', 'Used inhalers can be handed in.', {
    oldNames: ['SRV0523'],
  }),
]

const byId: ReadonlyMap<string, FacilityKind> = new Map(FACILITIES.map((kind) => [kind.id, kind]))

/** What is known of a facility; undefined for an id that is not in the list. */
export const facilityKind = (id: string): FacilityKind | undefined => byId.get(id)

/** The facilities of one group, in the order of the list. */
export const facilitiesInGroup = (group: FacilityGroup): readonly FacilityKind[] =>
  FACILITIES.filter((kind) => kind.group === group)
