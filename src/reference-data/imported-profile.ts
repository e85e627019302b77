/**
 * A profile as the NHS's files make it. Pure.
 *
 * Provenance is per section: a section that a pharmacy edited or confirmed is never changed, the difference is told.
 * A name, address or point that was corrected on request stays too, until a list says the same (`profiles/place-change.ts`).
 * Everything else follows one order of precedence, so that files may come in any order: name, address and hours from
 * the pharmaceutical list before the directory of services; contact details from the directory of services before ODS.
 */
import { isDeepStrictEqual } from 'node:util'
import { isApproved, withoutApproval } from '#src/profiles/place-change.ts'
import {
  type ApprovedValue,
  type Profile,
  type ProfileSection,
  SECTIONS,
  type Sections,
} from '#src/profiles/profile.ts'
import { parsePhone } from '#src/rules/contact-details.ts'
import { formatListedHours } from '#src/rules/listed-hours.ts'
import { type LocalDate, WEEKDAYS } from '#src/rules/london-time.ts'
import { postcodeKey } from '#src/rules/postcode.ts'
import type { ListedPharmacy } from './pharmaceutical-list-rows.ts'
import { sameWords } from './readable-words.ts'
import type { OdsRecord, Position } from './reference-store.ts'

/** A profile in the making, with the differences that were not taken over, in words. */
export type Draft = { readonly profile: Profile; readonly sections: Sections; readonly kept: readonly string[] }

export type ImportContext = {
  /** UTC ISO text. */
  readonly recordedAt: string
  /** London date. */
  readonly today: LocalDate
  /** `command:import ods`. */
  readonly actor: string
}

/** Whether a person edited or confirmed the section, so that no import may change it. */
export function isOwned(sections: Sections, section: ProfileSection): boolean {
  const { source, checkedAt } = sections[section]
  return source !== 'list' || checkedAt !== null
}

/** The sections of a profile that an import creates: from a list, not yet checked. */
export function newSections({ recordedAt, actor }: ImportContext): Sections {
  const standing = {
    source: 'list',
    changedAt: recordedAt,
    changedBy: actor,
    checkedAt: null,
    checkedBy: null,
  } as const
  return Object.fromEntries(SECTIONS.map((section) => [section, standing])) as Sections
}

/**
 * Replaces the words of a section, or keeps them and says what differs when a person owns the section. `change` holds
 * the profile with the new words; `differences` is empty when they say the same.
 */
export function withSection(
  draft: Draft,
  section: ProfileSection,
  change: { readonly profile: Profile; readonly differences: readonly string[] },
  { recordedAt, actor }: ImportContext,
): Draft {
  if (change.differences.length === 0) return draft
  if (isOwned(draft.sections, section)) return { ...draft, kept: [...draft.kept, ...change.differences] }
  const standing = { ...draft.sections[section], changedAt: recordedAt, changedBy: actor }
  return { ...draft, profile: change.profile, sections: { ...draft.sections, [section]: standing } }
}

/** As `withSection` for a value that may have been corrected on request: then it stays until the list says the same. */
function withPlaceValue(
  draft: Draft,
  value: ApprovedValue,
  change: { readonly profile: Profile; readonly differences: readonly string[] },
  context: ImportContext,
): Draft {
  if (!isApproved(draft.profile, value)) return withSection(draft, 'contact', change, context)
  if (change.differences.length > 0) return { ...draft, kept: [...draft.kept, ...change.differences] }
  return { ...draft, profile: withoutApproval(draft.profile, value) }
}

/** A pharmacy that the list names for the first time. */
export function newListedProfile(listed: ListedPharmacy, context: ImportContext): Draft {
  const profile: Profile = {
    odsCode: listed.odsCode,
    name: listed.name,
    ownerName: listed.ownerName,
    kind: listed.kind ?? 'community',
    status: 'open',
    address: { lines: listed.addressLines, postcode: listed.postcode, position: null },
    contact: {},
    weekly: listed.weekly,
    holidays: {},
    changes: [],
    commissioning: {
      parentCode: null,
      icbCode: null,
      healthAndWellbeingBoard: listed.healthAndWellbeingBoard,
      onPharmaceuticalList: true,
    },
  }
  return { profile, sections: newSections(context), kept: [] }
}

/** What the list says of a pharmacy that has a profile. */
export function withListed(draft: Draft, listed: ListedPharmacy, context: ImportContext): Draft {
  const named = withPlaceValue(draft, 'name', listedName(draft.profile, listed), context)
  const placed = withPlaceValue(named, 'address', listedAddress(named.profile, listed), context)
  const timed = withSection(placed, 'hours', listedHours(placed.profile, listed), context)
  const { profile } = timed
  return {
    ...timed,
    profile: {
      ...profile,
      ownerName: listed.ownerName ?? profile.ownerName,
      kind: kindAfter(profile, listed),
      commissioning: {
        ...profile.commissioning,
        healthAndWellbeingBoard: listed.healthAndWellbeingBoard ?? profile.commissioning.healthAndWellbeingBoard,
        onPharmaceuticalList: true,
      },
    },
  }
}

/** The list does not mark distance sellers: it calls them Community. */
function kindAfter({ kind }: Profile, listed: ListedPharmacy): Profile['kind'] {
  if (listed.kind === null) return kind
  return kind === 'distance-selling' && listed.kind === 'community' ? kind : listed.kind
}

function listedName(profile: Profile, { name }: ListedPharmacy) {
  if (sameWords(profile.name, name)) return { profile, differences: [] }
  return { profile: { ...profile, name }, differences: [`name: “${profile.name}”; the list says “${name}”`] }
}

function listedAddress(profile: Profile, listed: ListedPharmacy) {
  const { lines, postcode, position } = profile.address
  const samePostcode = postcodeKey(postcode) === postcodeKey(listed.postcode)
  if (samePostcode && sameWords(lines.join(' '), listed.addressLines.join(' '))) return { profile, differences: [] }
  const address = {
    lines: listed.addressLines,
    postcode: listed.postcode,
    position: samePostcode ? position : null,
  }
  const said = [...listed.addressLines, listed.postcode].join(', ')
  return {
    profile: samePostcode ? { ...profile, address } : withoutApproval({ ...profile, address }, 'position'),
    differences: [`address: “${[...lines, postcode].join(', ')}”; the list says “${said}”`],
  }
}

function listedHours(profile: Profile, { weekly }: ListedPharmacy) {
  const differences = WEEKDAYS.flatMap((day, index) => {
    const [now, said] = [profile.weekly[index] ?? null, weekly[index] ?? null]
    return isDeepStrictEqual(now, said) ? [] : [`${day}: ${hoursText(now)}; the list says ${hoursText(said)}`]
  })
  return { profile: { ...profile, weekly }, differences }
}

const hoursText = (hours: Profile['weekly'][number]): string => (hours === null ? 'unknown' : formatListedHours(hours))

/** Whether ODS says that the organisation closed before today. */
export const hasClosed = (ods: OdsRecord | undefined, today: LocalDate): boolean =>
  ods?.status === 'C' && ods.closedOn !== null && ods.closedOn < today

/** What ODS adds: phone where there is none, ICB, parent, and a closure that has come. */
export function withOds(draft: Draft, ods: OdsRecord | undefined, context: ImportContext): Draft {
  if (!ods) return draft
  const phoned = withSection(draft, 'contact', odsPhone(draft.profile, ods), context)
  const { profile } = phoned
  return {
    ...phoned,
    profile: {
      ...profile,
      status: hasClosed(ods, context.today) ? 'closed' : profile.status,
      commissioning: {
        ...profile.commissioning,
        icbCode: ods.icbOdsCode ?? profile.commissioning.icbCode,
        parentCode: ods.parentCode ?? profile.commissioning.parentCode,
      },
    },
  }
}

function odsPhone(profile: Profile, { phone }: OdsRecord) {
  const parsed = phone === null ? undefined : parsePhone(phone)
  if (!parsed?.ok || (profile.contact.phone ?? null) !== null) return { profile, differences: [] }
  return {
    profile: { ...profile, contact: { ...profile.contact, phone: parsed.value } },
    differences: [`phone: none; ODS says ${parsed.value}`],
  }
}

/** Gives a pharmacy without a point that of its postcode, whoever owns its address: a point is not something people say. */
export function withPosition(draft: Draft, positions: ReadonlyMap<string, Position>): Draft {
  const { address } = draft.profile
  const position = address.position ?? positions.get(postcodeKey(address.postcode))
  if (!position || position === address.position) return draft
  return { ...draft, profile: { ...draft.profile, address: { ...address, position } } }
}
