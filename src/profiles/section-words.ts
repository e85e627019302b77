/**
 * What each section of a profile says, in words and as content: for "check everything", receipts and emails.
 *
 * Beside the sections there is `place`: name, address, map pin and status, which only a decided request changes.
 */
import { isDeepStrictEqual } from 'node:util'
import { type AudienceField, visibleTo } from '#src/rules/audience.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDate } from '#src/rules/clock-time.ts'
import { dayOf, type LocalDate } from '#src/rules/london-time.ts'
import { closureLabel, closureText } from './closure-words.ts'
import { datesInWords, hoursInWords, lowerFirst } from './pages/change-words.ts'
import { CONTACT_FIELDS } from './pages/contact-details.form.ts'
import { statedContract } from './pages/core-hours.ts'
import { statedDelivery } from './pages/delivery-words.ts'
import { statedFacilities } from './pages/facility-words.ts'
import { statedServices } from './pages/offer-words.ts'
import {
  answerText,
  type Difference,
  differencesBetween,
  type Stated,
  statedContact,
  statedWeek,
} from './pages/stated.ts'
import { type Profile, type ProfileKind, type ProfileSection, SECTIONS } from './profile.ts'
import { sectionContent } from './section-content.ts'
import { sectionTitle } from './section-pages.ts'

export const PROFILE_PARTS = [...SECTIONS, 'place'] as const
export type ProfilePart = (typeof PROFILE_PARTS)[number]

/** One value in words, and whether everybody may read it. */
export type PartValue = Stated & { readonly isPublic: boolean }
/** A value that differs, and whether everybody may read it. */
export type PartDifference = Difference & { readonly isPublic: boolean }

/** What people call a part of such a pharmacy's profile: `Standard opening times`. */
export const partTitle = (part: ProfilePart, kind: ProfileKind): string =>
  part === 'place' ? 'Name, address and map pin' : sectionTitle(part, kind)

/** Everything a part says, value by value, as the pharmacy itself reads it. */
export function partValues(profile: Profile, part: ProfilePart, holidays: HolidayCalendar): readonly PartValue[] {
  switch (part) {
    case 'contact':
      return [
        ...statedContact(profile).map((value, index) => ({
          ...value,
          isPublic: isPublic('contact', CONTACT_FIELDS[index]?.key ?? ''),
        })),
        ...statedDelivery(profile).map(open),
      ]
    case 'hours':
      return [...statedWeek(profile).map(open), ...statedContract(profile).filter(isSaid).map(agreed)]
    case 'holidays':
      return (Object.keys(profile.holidays) as LocalDate[]).sort().map((date) =>
        open({
          key: date,
          label: `${holidays.titleOf(dayOf(date)) ?? 'Bank holiday'}, ${formatDate(date)}`,
          text: answerText(profile, date),
        }),
      )
    case 'changes':
      return [
        ...profile.changes.flatMap((change) => [
          open({ key: change.id, label: datesInWords(change), text: hoursAndNote(change) }),
          {
            key: `${change.id}-reason`,
            label: `Reason, ${datesInWords(change)}`,
            text: change.reason,
            isPublic: isPublic('changes', 'reason'),
          },
        ]),
        ...(profile.closures ?? []).flatMap((closure) => [
          open({ key: closure.id, label: closureLabel(closure), text: closureText(closure) }),
          {
            key: `${closure.id}-reason`,
            label: `Reason, ${lowerFirst(closureLabel(closure))}`,
            text: closure.reason,
            isPublic: isPublic('closures', 'reason'),
          },
        ]),
      ]
    case 'services':
      return statedServices(profile).filter(isSaid).map(open)
    case 'facilities':
      return statedFacilities(profile).filter(isSaid).map(open)
    case 'place':
      return statedPlace(profile).map(open)
  }
}

/** What differs in a part between two profiles, in words. */
export function partDifferences(
  before: Profile,
  after: Profile,
  part: ProfilePart,
  holidays: HolidayCalendar,
): readonly PartDifference[] {
  const was = partValues(before, part, holidays)
  const is = partValues(after, part, holidays)
  const hidden = new Set([...was, ...is].filter(({ isPublic }) => !isPublic).map(({ key }) => key))
  return differencesBetween(was, is).map((difference) => ({ ...difference, isPublic: !hidden.has(difference.key) }))
}

/** The parts whose content differs between two profiles. A new profile differs in all that it says. */
export const changedParts = (before: Profile | undefined, after: Profile): readonly ProfilePart[] =>
  PROFILE_PARTS.filter((part) => !before || !isDeepStrictEqual(partContent(before, part), partContent(after, part)))

/** The content of a part, split by who may read it. `hidden` is undefined where everybody may read all of it. */
export function splitContent(
  profile: Profile,
  part: ProfilePart,
): { readonly shown: unknown; readonly hidden: unknown } {
  if (part === 'contact') {
    const { shown, hidden } = splitFields(profile.contact, 'contact')
    return { shown: profile.delivery ? { ...shown, delivery: profile.delivery } : shown, hidden }
  }
  // Which hours were agreed with the NHS is between the pharmacy and those who commission it.
  if (part === 'hours') return { shown: profile.weekly, hidden: profile.contract }
  if (part !== 'changes') return { shown: partContent(profile, part), hidden: undefined }
  const changes = splitAll(profile.changes, 'changes')
  if (!profile.closures) return changes
  const closures = splitAll(profile.closures, 'closures')
  return {
    shown: { changes: changes.shown, closures: closures.shown },
    hidden: { changes: changes.hidden, closures: closures.hidden },
  }
}

function splitAll(list: readonly object[], part: 'changes' | 'closures') {
  const split = list.map((each) => splitFields(each, part))
  return { shown: split.map(({ shown }) => shown), hidden: split.map(({ hidden }) => hidden) }
}

function splitFields(fields: object, part: 'contact' | 'changes' | 'closures') {
  const isShown = ([key]: [string, unknown]) => isPublic(part, key)
  const entries = Object.entries(fields)
  return {
    shown: Object.fromEntries(entries.filter(isShown)),
    hidden: Object.fromEntries(entries.filter((entry) => !isShown(entry))),
  }
}

const isPublic = (part: 'contact' | 'changes' | 'closures', key: string): boolean =>
  visibleTo('public', `profile.${part}.${key}` as AudienceField)

function partContent(profile: Profile, part: ProfilePart): unknown {
  if (part !== 'place') return sectionContent(profile, part satisfies ProfileSection)
  const { name, address, status } = profile
  return { name, address, status }
}

/** Of long lists only what was said: what nobody answered says nothing. */
const isSaid = ({ text }: Stated): boolean => text !== null

const open = (value: Stated): PartValue => ({ ...value, isPublic: true })
/** Agreed hours stand beside the week, day by day, and must not be taken for it. */
const agreed = (value: Stated): PartValue => ({
  ...value,
  key: `agreed-${value.key}`,
  isPublic: visibleTo('public', 'profile.contract'),
})

function hoursAndNote(change: Profile['changes'][number]): string {
  return change.note ? `${hoursInWords(change)}. Public note: ${change.note}` : hoursInWords(change)
}

const STATUS_WORDS: Readonly<Record<Profile['status'], string>> = {
  open: 'Open',
  'temporarily-closed': 'Closed for now',
  closed: 'Closed for good',
  hidden: 'Not shown to the public',
}

function statedPlace({ name, address, status }: Profile): readonly Stated[] {
  const { lines, postcode, position } = address
  return [
    { key: 'name', label: 'Name', text: name },
    { key: 'address', label: 'Address', text: [...lines, postcode].join(', ') },
    {
      key: 'pin',
      label: 'Map pin',
      text: position ? `${position.latitude.toFixed(5)}, ${position.longitude.toFixed(5)}` : null,
    },
    { key: 'status', label: 'Status', text: STATUS_WORDS[status] },
  ]
}
