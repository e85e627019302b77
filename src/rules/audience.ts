/**
 * What each audience may see of a profile and of a DoS service: the one table. Every mapper to a page, an API, a feed or
 * a log asks here, and nothing else decides. A non-public number that leaks is the worst fault this system can have.
 */
export const AUDIENCES = ['public', 'professional', 'urgent-care', 'pharmacy'] as const
export type Audience = (typeof AUDIENCES)[number]

const EVERYONE = ['public', 'professional', 'urgent-care', 'pharmacy'] as const
const NOT_PUBLIC = ['professional', 'urgent-care', 'pharmacy'] as const
const URGENT_CARE = ['urgent-care'] as const
const PHARMACY = ['pharmacy'] as const
const NOBODY = [] as const

/**
 * Who sees which field of a DoS service record. `other` holds the clinical profile, endpoints and capacity; `asGiven` is
 * for writing the record back as it came.
 */
const SERVICE_FIELDS = {
  uid: EVERYONE,
  name: EVERYONE,
  publicName: EVERYONE,
  typeId: EVERYONE,
  odsCode: EVERYONE,
  status: EVERYONE,
  address: EVERYONE,
  postcode: EVERYONE,
  easting: EVERYONE,
  northing: EVERYONE,
  latitude: EVERYONE,
  longitude: EVERYONE,
  phone: EVERYONE,
  web: EVERYONE,
  publicInformation: EVERYONE,
  hours: EVERYONE,
  closures: NOT_PUBLIC,
  nonPublicPhone: NOT_PUBLIC,
  email: NOT_PUBLIC,
  referralInformation: NOT_PUBLIC,
  other: URGENT_CARE,
  asGiven: NOBODY,
} as const satisfies Record<string, readonly Audience[]>

/**
 * Who sees which part of a service's `other`, where that is more than may see it whole: whom it takes, where messages
 * for it go, and how busy it is.
 */
const SERVICE_PARTS = {
  eligibility: NOT_PUBLIC,
  endpoints: NOT_PUBLIC,
  capacity: NOT_PUBLIC,
} as const satisfies Record<string, readonly Audience[]>

/** Who sees which field of a profile; `contact.`, `changes.` and `closures.` are its parts. The owner is sometimes a person's name. */
const PROFILE_FIELDS = {
  odsCode: EVERYONE,
  name: EVERYONE,
  kind: EVERYONE,
  status: EVERYONE,
  address: EVERYONE,
  delivery: EVERYONE,
  weekly: EVERYONE,
  holidays: EVERYONE,
  services: EVERYONE,
  facilities: EVERYONE,
  commissioning: EVERYONE,
  'contact.phone': EVERYONE,
  'contact.website': EVERYONE,
  'contact.email': EVERYONE,
  'contact.professionalPhone': NOT_PUBLIC,
  'contact.professionalEmail': NOT_PUBLIC,
  'changes.id': EVERYONE,
  'changes.from': EVERYONE,
  'changes.to': EVERYONE,
  'changes.sessions': EVERYONE,
  'changes.note': EVERYONE,
  'changes.reason': NOT_PUBLIC,
  'closures.id': EVERYONE,
  'closures.from': EVERYONE,
  'closures.until': EVERYONE,
  'closures.writtenTo': EVERYONE,
  'closures.statutory': EVERYONE,
  'closures.ended': EVERYONE,
  'closures.services': EVERYONE,
  'closures.advice': EVERYONE,
  'closures.reason': NOT_PUBLIC,
  ownerName: PHARMACY,
  contract: PHARMACY,
  approved: PHARMACY,
} as const satisfies Record<string, readonly Audience[]>

export type ServiceField = keyof typeof SERVICE_FIELDS
export type ProfileField = keyof typeof PROFILE_FIELDS
export type ServicePart = keyof typeof SERVICE_PARTS
export type AudienceField = `service.${ServiceField}` | `service.other.${ServicePart}` | `profile.${ProfileField}`

const FIELDS: ReadonlyMap<string, readonly Audience[]> = new Map<string, readonly Audience[]>([
  ...Object.entries(SERVICE_FIELDS).map(([field, audiences]) => [`service.${field}`, audiences] as const),
  ...Object.entries(SERVICE_PARTS).map(([part, audiences]) => [`service.other.${part}`, audiences] as const),
  ...Object.entries(PROFILE_FIELDS).map(([field, audiences]) => [`profile.${field}`, audiences] as const),
])

/** Whether an audience may see a field. A field that is not in the table is seen by nobody. */
export const visibleTo = (audience: Audience, field: AudienceField): boolean =>
  FIELDS.get(field)?.includes(audience) ?? false

type SeenByPublic<Table extends Record<string, readonly Audience[]>> = {
  [Field in keyof Table]: 'public' extends Table[Field][number] ? Field : never
}[keyof Table]
type PublicServiceField = SeenByPublic<typeof SERVICE_FIELDS>
type PrivateServiceField = Exclude<ServiceField, PublicServiceField>

/** A service without its private fields. They are typed as absent, so that a whole record is not accepted in its place. */
export type PublicService<Service> = Pick<Service, PublicServiceField & keyof Service> & {
  readonly [Field in PrivateServiceField]?: never
}

const publicServiceFields = (Object.keys(SERVICE_FIELDS) as ServiceField[]).filter((field) =>
  visibleTo('public', `service.${field}`),
)

/** The public facts of a DoS service: without the non-public number, the email, the referral text and `other`. */
export function publicServiceOf<Service extends Partial<Record<PublicServiceField, unknown>>>(
  record: Service,
): PublicService<Service> {
  return pick(record, publicServiceFields) as PublicService<Service>
}

type ContactField = 'phone' | 'website' | 'email'
type ChangeField = 'id' | 'from' | 'to' | 'sessions' | 'note'
type ClosureField = 'id' | 'from' | 'until' | 'writtenTo' | 'statutory' | 'ended' | 'services' | 'advice'
type WholeField = 'odsCode' | 'name' | 'kind' | 'status' | 'address' | 'weekly' | 'holidays' | 'commissioning'
type ProfileShape = Record<WholeField | 'ownerName', unknown> & {
  readonly services?: unknown
  readonly facilities?: unknown
  readonly delivery?: unknown
  readonly contact: Partial<Record<ContactField | 'professionalPhone' | 'professionalEmail', unknown>>
  readonly changes: readonly Record<ChangeField | 'reason', unknown>[]
  readonly closures?: readonly Record<ClosureField | 'reason', unknown>[]
}

/** A profile without its private fields, which are typed as absent. */
export type PublicProfile<Profile extends ProfileShape> = Pick<
  Profile,
  (WholeField | 'services' | 'facilities' | 'delivery') & keyof Profile
> & {
  readonly ownerName?: never
  readonly contract?: never
  readonly approved?: never
  readonly contact: Pick<Profile['contact'], ContactField & keyof Profile['contact']> & {
    readonly professionalPhone?: never
    readonly professionalEmail?: never
  }
  readonly changes: readonly (Pick<Profile['changes'][number], ChangeField> & { readonly reason?: never })[]
  readonly closures: readonly (Pick<NonNullable<Profile['closures']>[number], ClosureField> & {
    readonly reason?: never
  })[]
}

const publicFieldsUnder = (prefix: string): readonly string[] =>
  (Object.keys(PROFILE_FIELDS) as ProfileField[])
    .filter((field) => visibleTo('public', `profile.${field}`) && field.startsWith(prefix))
    .map((field) => field.slice(prefix.length))
    .filter((field) => !field.includes('.'))

const wholeFields = publicFieldsUnder('')
const contactFields = publicFieldsUnder('contact.')
const changeFields = publicFieldsUnder('changes.')
const closureFields = publicFieldsUnder('closures.')

/** The public facts of a profile: without the owner, the professional contacts and the reasons of dated changes and closures. */
export function publicProfileOf<Profile extends ProfileShape>(profile: Profile): PublicProfile<Profile> {
  return {
    ...pick(profile, wholeFields),
    contact: pick(profile.contact, contactFields),
    changes: profile.changes.map((change) => pick(change, changeFields)),
    closures: (profile.closures ?? []).map((closure) => pick(closure, closureFields)),
  } as unknown as PublicProfile<Profile>
}

function pick(from: object, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([field]) => fields.includes(field)))
}
