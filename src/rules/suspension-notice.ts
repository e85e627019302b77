/**
 * What a notice of suspension of services to the ICB says: the approved particulars, field by field, in words. Pure.
 *
 * Source: the approved particulars for notifying a temporary suspension of pharmaceutical services (NHS England; Community
 * Pharmacy England, guidance on business continuity).
 */
import { formatDate, formatTime } from './clock-time.ts'
import type { ClosureEnd } from './closure-states.ts'
import { dateOf, toLondon } from './london-time.ts'

/** Every particular in the order of the notice. `most`: how long somebody may make it; undefined: only the facts write it. */
export const NOTICE_FIELDS = [
  { key: 'contractor', label: 'Contractor name', most: 200 },
  { key: 'pharmacy', label: 'Pharmacy name' },
  { key: 'odsCode', label: 'ODS code' },
  { key: 'address', label: 'Address' },
  { key: 'phone', label: 'Pharmacy phone number', most: 60 },
  { key: 'closed', label: 'What is closed' },
  { key: 'starts', label: 'Closed from' },
  { key: 'reopens', label: 'Reopening' },
  { key: 'length', label: 'Expected length' },
  { key: 'reason', label: 'Reason', most: 1000 },
  { key: 'limitImpact', label: 'What we do to limit the impact on patients', most: 1000 },
  { key: 'reopenActions', label: 'What we do to reopen', most: 1000 },
  { key: 'completedBy', label: 'Completed by', most: 200 },
  { key: 'completedPhone', label: 'Contact phone number', most: 60 },
  { key: 'completedEmail', label: 'Contact email address', most: 254 },
  { key: 'date', label: 'Date of this notice' },
] as const satisfies readonly { readonly key: string; readonly label: string; readonly most?: number }[]

export type NoticeField = (typeof NOTICE_FIELDS)[number]['key']
type Written = Extract<(typeof NOTICE_FIELDS)[number], { readonly most: number }>
/** The particulars that a person may put into words of their own. */
export type EditableField = Written['key']
export const EDITABLE_FIELDS: readonly EditableField[] = NOTICE_FIELDS.flatMap((field) =>
  'most' in field ? [field.key] : [],
)

/** Each particular in words; an empty text is one that is missing. */
export type NoticeWords = Readonly<Record<NoticeField, string>>
/** What a person wrote in place of what the facts say. */
export type EditedWords = Readonly<Partial<Record<EditableField, string>>>

/** What the notice is written from. Instants in milliseconds; null is unknown. */
export type NoticeFacts = {
  readonly contractor: string | null
  readonly pharmacy: string
  readonly odsCode: string
  readonly address: string
  readonly phone: string | null
  /** Nobody visits it: nothing hangs on its door. */
  readonly isRemote: boolean
  /** Names of the services that are closed; null: the whole pharmacy. */
  readonly services: readonly string[] | null
  readonly startsAt: number
  readonly expectedAt: number | null
  readonly endedAt: number | null
  readonly end: ClosureEnd | null
  /** One of `change-reasons.ts`. */
  readonly reason: string
  readonly completedBy: string | null
  readonly completedPhone: string | null
  readonly completedEmail: string | null
  readonly writtenAt: number
}

/** The notice, with the words of a person before those of the facts. Never throws. */
export function suspensionNotice(facts: NoticeFacts, edited: EditedWords = {}): NoticeWords {
  return {
    contractor: facts.contractor ?? '',
    pharmacy: facts.pharmacy,
    odsCode: facts.odsCode,
    address: facts.address,
    phone: facts.phone ?? '',
    closed: closedWords(facts.services),
    starts: momentOf(facts.startsAt),
    reopens: reopeningWords(facts),
    length: lengthOf(facts),
    reason: facts.reason,
    limitImpact: limitImpactWords(facts),
    reopenActions: reopenWords(facts),
    completedBy: facts.completedBy ?? '',
    completedPhone: facts.completedPhone ?? '',
    completedEmail: facts.completedEmail ?? '',
    date: momentOf(facts.writtenAt),
    ...edited,
  }
}

/** The labels of the particulars that nobody has given yet. The pharmacy's own phone number counts, whoever completes it. */
export const missingFields = (words: NoticeWords): readonly string[] =>
  NOTICE_FIELDS.filter(({ key }) => words[key].trim() === '').map(({ label }) => label)

/** Whether two versions say the same but for their date: the second tells nobody anything. */
export const saysTheSame = (a: NoticeWords, b: NoticeWords): boolean =>
  NOTICE_FIELDS.every(({ key }) => key === 'date' || a[key] === b[key])

/** `10:34am on Friday 11 December 2026`, in London. */
export function momentOf(instant: number): string {
  const { day, minute } = toLondon(new Date(instant))
  return `${formatTime(minute)} on ${formatDate(dateOf(day))}`
}

const MINUTE_MS = 60_000
const HOUR_MINUTES = 60
const DAY_MINUTES = 1440

/** `45 minutes`, `3 hours 26 minutes`, `5 days 2 hours`: the two largest parts. */
export function lengthWords(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / MINUTE_MS))
  if (minutes >= 2 * DAY_MINUTES) {
    return together(counted(Math.floor(minutes / DAY_MINUTES), 'day'), hoursOf(minutes % DAY_MINUTES))
  }
  return minutes < HOUR_MINUTES
    ? counted(minutes, 'minute')
    : together(hoursOf(minutes), counted(minutes % HOUR_MINUTES, 'minute'))
}

const hoursOf = (minutes: number): string => counted(Math.floor(minutes / HOUR_MINUTES), 'hour')
const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`
const together = (whole: string, rest: string): string => (rest.startsWith('0 ') ? whole : `${whole} ${rest}`)

const closedWords = (services: readonly string[] | null): string =>
  services === null ? 'The whole pharmacy' : `These services only: ${services.join('; ')}`

function reopeningWords({ startsAt, expectedAt, endedAt, end }: NoticeFacts): string {
  if (end === 'cancelled') return 'Cancelled: the closure did not take place'
  if (end && endedAt !== null) return `Reopened at ${momentOf(endedAt)}`
  if (expectedAt === null) return 'Not known yet: we tell you as soon as it is'
  return `Expected at ${momentOf(Math.max(startsAt, expectedAt))}`
}

function lengthOf({ startsAt, expectedAt, endedAt, end }: NoticeFacts): string {
  if (end === 'cancelled') return 'None'
  if (end && endedAt !== null) return `${lengthWords(endedAt - startsAt)} (it is over)`
  return expectedAt === null ? 'Not known yet' : lengthWords(expectedAt - startsAt)
}

function reopenWords({ end, reason }: NoticeFacts): string {
  if (end) return end === 'cancelled' ? 'Not needed: the closure did not take place.' : 'Done: the closure is over.'
  return REOPEN_ACTIONS.get(reason) ?? OTHERWISE
}

function limitImpactWords({ services, reason, end, isRemote }: NoticeFacts): string {
  if (end === 'cancelled') return 'Not needed: the closure did not take place.'
  if (end) {
    return 'While it was closed, the Directory of Services and our public page said so, and NHS 111 sent nobody to us for it.'
  }
  // True of a closure to come too: the same words hold when it has begun.
  const shown =
    services === null
      ? 'While we are closed, the Directory of Services, our public page and our capacity status say so, and NHS 111 sends nobody to us.'
      : 'The pharmacy stays open. While the services named above are closed, the Directory of Services says so, and NHS 111 sends nobody to us for them.'
  const door = services === null && !isRemote ? ' The notice for our door names nearby pharmacies that are open.' : ''
  const own = LIMITS.get(reason)
  return `${shown}${door}${own ? ` ${own}` : ''}`
}

const LIMITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'Fire, flood or other damage':
      'Prescriptions that wait for collection are kept safe, or passed on where patients ask.',
    'Security or safety incident':
      'Prescriptions that wait for collection are kept safe, or passed on where patients ask.',
    'Power or IT failure': 'Urgent prescriptions can be released to another pharmacy.',
  }),
)

const OTHERWISE = 'We are dealing with the cause, and reopen as soon as it is safe.'
const REOPEN_ACTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'No pharmacist available': 'We are looking for a pharmacist: our own, locums and agencies.',
    'Staff shortage or illness': 'We are looking for cover: our own staff, locums and agencies.',
    'Power or IT failure': 'We have reported the failure and follow our business continuity plan.',
    'Fire, flood or other damage': 'We are making the premises safe, and check medicines and fridges before we reopen.',
    'Security or safety incident': 'We are making the premises safe for patients and staff before we reopen.',
    'Building work': 'The work is planned to be finished by the time of reopening.',
    'Staff training': 'The training ends before the time of reopening.',
    'Local event or holiday': 'We reopen at the time given above.',
  }),
)
