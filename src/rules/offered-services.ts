/**
 * The services that a pharmacy may say it offers: the NHS website's list, with what each means for patients and for the
 * Directory of Services.
 *
 * Codes that begin with OWN are ours: the code of that service was in no source we could read. `provisionalCode` marks
 * them, and the day the NHS code is known it replaces ours here and in the profiles.
 */
import type { LocalDate } from './london-time.ts'
import { localServices } from './offered-services-local.ts'
import { nationalServices } from './offered-services-national.ts'
import { paidServices } from './offered-services-paid.ts'

export const SERVICE_GROUPS = ['core', 'nhs-clinical', 'urgent', 'nhs-local', 'paid'] as const
export type ServiceGroup = (typeof SERVICE_GROUPS)[number]

/** Headings of the groups, for pages. */
export const SERVICE_GROUP_LABELS: Readonly<Record<ServiceGroup, string>> = {
  core: 'Prescriptions and medicines',
  'nhs-clinical': 'NHS clinical services',
  urgent: 'Urgent care',
  'nhs-local': 'NHS services agreed locally',
  paid: 'Services people pay for',
}

export type OfferedServiceKind = {
  /** The NHS website's code (`SRV0560`, `EPS0001`), or one of ours (`OWN-…`) where that is not known. */
  readonly code: string
  readonly label: string
  /** One plain sentence for the public. */
  readonly line: string
  readonly group: ServiceGroup
  readonly paid: boolean
  /** Who it is for, in words: age, sex or registration. Null: anybody who needs it. */
  readonly who: string | null
  /** Whether it can be given by phone, video or post; a distance selling pharmacy may offer no other. */
  readonly remotePossible: boolean
  /** Whether hours of its own make sense. */
  readonly ownHours: boolean
  /** Whether people book it. */
  readonly bookingLink: boolean
  /** Whether it comes and goes with the season, so that a first and last day are asked for. */
  readonly seasonal: boolean
  /** Whether it is a promise to hold stock, which somebody must have looked at. */
  readonly stock: boolean
  /** The type of the DoS services that are this service and nothing else; null: the directory has none. */
  readonly dosType: number | null
  /** The symptom discriminator (of group 360) that says in the directory that this is offered; null: there is none. */
  readonly zCode: number | null
  /** Earlier and other names and codes, all of which `offeredServiceNamed` understands. */
  readonly oldNames: readonly string[]
  readonly provisionalCode: boolean
}

/** The symptom group that all Z codes of pharmacy services belong to. Source: DoS Integration. */
export const Z_CODE_GROUP = 360

/** The whole list, in the order in which pages show it. */
export const OFFERED_SERVICES: readonly OfferedServiceKind[] = [...nationalServices, ...localServices, ...paidServices]

const byCode: ReadonlyMap<string, OfferedServiceKind> = new Map(OFFERED_SERVICES.map((kind) => [kind.code, kind]))

/** What is known of a service; undefined for a code that is not in the list. */
export const offeredServiceKind = (code: string): OfferedServiceKind | undefined => byCode.get(code)

/** The services of one group, in the order of the list. */
export const servicesInGroup = (group: ServiceGroup): readonly OfferedServiceKind[] =>
  OFFERED_SERVICES.filter((kind) => kind.group === group)

/** The text by which two names are compared: letters and digits only, in small letters, `&` read as "and". */
const nameKey = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('&', 'and')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')

/** Names of today come first, so that an old name never hides one. */
const byName: ReadonlyMap<string, OfferedServiceKind> = new Map(
  [
    ...OFFERED_SERVICES.flatMap((kind) => kind.oldNames.map((name) => [nameKey(name), kind] as const)),
    ...OFFERED_SERVICES.flatMap((kind) => [kind.label, kind.code].map((name) => [nameKey(name), kind] as const)),
  ].filter(([key]) => key !== ''),
)

/**
 * The service that a name means, old or new: `Pharmacy First`, `CPCS++`, `pharm +`, `srv0560`. Case, spaces and
 * punctuation do not matter. Undefined when no service has that name.
 */
export const offeredServiceNamed = (text: string): OfferedServiceKind | undefined => byName.get(nameKey(text))

/** How long a look at the stock counts. Ours: once a quarter, as the rest of a profile. */
export const STOCK_CHECK_DAYS = 92

/** The day by which the stock must be looked at again. */
export function stockCheckDueOn(checkedOn: LocalDate): LocalDate {
  return new Date(Date.parse(checkedOn) + STOCK_CHECK_DAYS * 86_400_000).toISOString().slice(0, 10) as LocalDate
}
