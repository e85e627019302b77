/**
 * The fields of a pharmacy's profile about which a lead may ask, which may be held, and for which a value may be
 * proposed. Dated changes and closures can be asked about and are never held: people must not be sent to a shut door.
 */

/** Fields whose value can be held back or proposed. */
export const HELD_FIELDS = [
  'phone',
  'website',
  'email',
  'professionalPhone',
  'professionalEmail',
  'weekly',
  'holidays',
  'services',
  'facilities',
] as const
export type HeldField = (typeof HELD_FIELDS)[number]

/** What a query may be about: those, what can only be asked about, and anything else. */
export const ASKED_FIELDS = [...HELD_FIELDS, 'changes', 'place', 'other'] as const
export type AskedField = (typeof ASKED_FIELDS)[number]

/** Reads the name of a field that may be held; undefined for any other text. */
export const parseHeldField = (text: string): HeldField | undefined => HELD_FIELDS.find((field) => field === text)

/** Reads the name of what a query is about; undefined for any other text. */
export const parseAskedField = (text: string): AskedField | undefined => ASKED_FIELDS.find((field) => field === text)

/** The fields of a DoS service that say what a field of the profile says. */
const SERVICE_FIELDS: Readonly<Record<string, AskedField>> = {
  phone: 'phone',
  web: 'website',
  nonPublicPhone: 'professionalPhone',
  email: 'professionalEmail',
  weekly: 'weekly',
  specified: 'changes',
  bankHoliday: 'holidays',
  closures: 'changes',
  address: 'place',
  postcode: 'place',
  easting: 'place',
  northing: 'place',
  latitude: 'place',
  longitude: 'place',
}

/** What to ask a pharmacy about when this field of one of its DoS services changed. */
export const askedFieldOf = (serviceField: string): AskedField =>
  Object.hasOwn(SERVICE_FIELDS, serviceField) ? (SERVICE_FIELDS[serviceField] ?? 'other') : 'other'

/** The longest hold: what needs longer needs a decision instead. */
export const LONGEST_HOLD_DAYS = 90
/** How far ahead a reply may be asked for. */
export const LONGEST_REPLY_DAYS = 90
/** How many days before the day to reply by somebody is reminded. */
export const REMIND_DAYS_BEFORE = 2

/** How a query ends, in the words of its page. */
export const QUERY_OUTCOMES = {
  right: 'It is right as it is',
  changed: 'The pharmacy has changed it',
  'will-change': 'The pharmacy will change it',
  'no-reply': 'The pharmacy did not reply',
  other: 'Something else',
} as const
export type QueryOutcome = keyof typeof QUERY_OUTCOMES

/** Where a query stands: whose answer is awaited, and whether its day has passed. A reply is due by the end of that day. */
export type QueryState = 'waits-for-pharmacy' | 'overdue' | 'waits-for-lead' | 'closed'

/** Days are London dates in ISO text, which sort as they are. */
export function queryStateOf(
  { turn, replyBy }: { readonly turn: string; readonly replyBy: string },
  today: string,
): QueryState {
  if (turn === 'closed') return 'closed'
  if (turn === 'lead') return 'waits-for-lead'
  return today > replyBy ? 'overdue' : 'waits-for-pharmacy'
}

/** Whether a hold is in force at an instant (UTC ISO text): until it is released, and before its end. */
export const isInForce = (
  { releasedAt, endsAt }: { readonly releasedAt: string | null; readonly endsAt: string },
  at: string,
): boolean => releasedAt === null && Date.parse(at) < Date.parse(endsAt)
