/**
 * What a profile becomes when a section is restored to an earlier version. Pure; `today` is the London date.
 *
 * A restore is a new change by the rules of today: what they refuse stays as it is now and is told, the rest is
 * restored. Days that are over stay as they were lived. Name, address and map pin are not restored: they are asked for.
 */
import { isDeepStrictEqual } from 'node:util'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import type { Problem, Result } from '#src/rules/problems.ts'
import {
  type ContactAnswers,
  decideAddChange,
  decideSetContact,
  decideSetContract,
  decideSetWeekly,
  holidaysToAnswer,
} from './decide.ts'
import { decideSetDelivery } from './decide-delivery.ts'
import { decideSetFacilities, decideSetServices } from './decide-services.ts'
import { CONTACT_FIELDS, contactFields, parseContactForm } from './pages/contact-details.form.ts'
import type { DatedChange, Profile, ProfileSection } from './profile.ts'

/** In the order in which they are restored: services must lie within the hours. */
export const RESTORABLE_SECTIONS: readonly ProfileSection[] = [
  'contact',
  'hours',
  'holidays',
  'changes',
  'services',
  'facilities',
]

/** The version to go back to: its words, and the London date on which it was saved. */
export type EarlierVersion = { readonly profile: Profile; readonly savedOn: LocalDate }

export type RestoreContext = { readonly today: LocalDate; readonly holidays: HolidayCalendar }

/** The profile as it would be, and what of the earlier version the rules of today refuse. */
export type Restored = { readonly profile: Profile; readonly refused: readonly Problem[] }

/** Restores the sections, each as far as the rules of today allow. */
export function decideRestore(
  profile: Profile,
  earlier: EarlierVersion,
  sections: readonly ProfileSection[],
  context: RestoreContext,
): Restored {
  return RESTORABLE_SECTIONS.filter((section) => sections.includes(section)).reduce<Restored>(
    (restored, section) => {
      const next = restoreSection(restored.profile, earlier, section, context)
      return { profile: next.profile, refused: [...restored.refused, ...next.refused] }
    },
    { profile, refused: [] },
  )
}

function restoreSection(
  profile: Profile,
  earlier: EarlierVersion,
  section: ProfileSection,
  context: RestoreContext,
): Restored {
  switch (section) {
    case 'contact':
      return restoreContact(profile, earlier.profile)
    case 'hours':
      return restoreHours(profile, earlier.profile)
    case 'holidays':
      return restoreHolidays(profile, earlier, context)
    case 'changes':
      return restoreChanges(profile, earlier.profile, context.today)
    case 'services':
      return restoreServices(profile, earlier.profile, context.today)
    case 'facilities':
      return restoreFacilities(profile, earlier.profile)
  }
}

/** A value that was not given then is removed, not forgotten: so the services of the directory lose it too. */
function restoreContact(profile: Profile, earlier: Profile): Restored {
  const told = restoreContacts(profile, earlier)
  const { delivery } = earlier
  if (isDeepStrictEqual(profile.delivery, delivery)) return told
  if (!delivery) return { ...told, profile: withoutDelivery(told.profile) }
  return settled(told.profile, decideSetDelivery(told.profile, delivery), told.refused)
}

const withoutDelivery = ({ delivery: _, ...profile }: Profile): Profile => profile

function restoreContacts(profile: Profile, { contact }: Profile): Restored {
  if (isDeepStrictEqual(profile.contact, contact)) return { profile, refused: [] }
  const read = parseContactForm(
    { ...contactFields(contact), 'confirm-same-phone': 'yes' },
    profile.contact,
    profile.kind,
  )
  const refused = read.ok ? [] : read.problems
  const isRefused = new Set(refused.map(({ field }) => field))
  const answers = CONTACT_FIELDS.map(({ key, name }) => [
    key,
    (isRefused.has(name) ? profile : { contact }).contact[key] ?? null,
  ])
  return settled(profile, decideSetContact(profile, Object.fromEntries(answers) as ContactAnswers), refused)
}

function restoreHours(profile: Profile, { weekly, contract }: Profile): Restored {
  const timed = settled(
    profile,
    isDeepStrictEqual(profile.weekly, weekly) ? same(profile) : decideSetWeekly(profile, weekly),
  )
  if (!contract || isDeepStrictEqual(profile.contract, contract)) return timed
  return settled(timed.profile, decideSetContract(timed.profile, contract), timed.refused)
}

/** Days that were not asked about when the version was saved keep the answer they have. */
function restoreHolidays(profile: Profile, earlier: EarlierVersion, { today, holidays }: RestoreContext): Restored {
  const askedThen = new Set(holidaysToAnswer(earlier.savedOn, holidays).map(({ date }) => date))
  const answers = { ...profile.holidays }
  for (const { date } of holidaysToAnswer(today, holidays)) {
    const answer = earlier.profile.holidays[date]
    if (answer) answers[date] = answer
    else if (askedThen.has(date)) delete answers[date]
  }
  return { profile: { ...profile, holidays: answers }, refused: [] }
}

/** From today on the changes of then, in their order; before today those that were lived. */
function restoreChanges(profile: Profile, earlier: Profile, today: LocalDate): Restored {
  const wanted = earlier.changes.filter(({ to }) => to >= today)
  const known = (change: DatedChange) => profile.changes.some((candidate) => isDeepStrictEqual(candidate, change))
  const judged = wanted.map((change) => ({
    change,
    decided: known(change) ? same(profile) : decideAddChange(profile, fromToday(change, today), { today }),
  }))
  const allowed = judged.filter(({ decided }) => decided.ok).map(({ change }) => change)
  const refused = judged.flatMap(({ decided }) => (decided.ok ? [] : decided.problems))
  if (isDeepStrictEqual(comingOf(profile.changes, today), comingOf(allowed, today))) return { profile, refused }
  const kept = allowed.filter(known)
  const inPlace = [
    ...profile.changes.flatMap((change) =>
      kept.some((other) => isDeepStrictEqual(other, change)) ? [change] : pastOf(change, today),
    ),
    ...allowed.filter((change) => !known(change)).map((change) => fromToday(change, today)),
  ]
  const isInOrder = isDeepStrictEqual(comingOf(inPlace, today), comingOf(allowed, today))
  const changes = isInOrder
    ? inPlace
    : [...profile.changes.flatMap((change) => pastOf(change, today)), ...comingOf(allowed, today)]
  return { profile: { ...profile, changes }, refused }
}

const comingOf = (changes: readonly DatedChange[], today: LocalDate): readonly DatedChange[] =>
  changes.filter(({ to }) => to >= today).map((change) => fromToday(change, today))

const fromToday = (change: DatedChange, today: LocalDate): DatedChange =>
  change.from < today ? { ...change, from: today } : change

/** The days of a change before today, under a name of their own when the rest of it may come back. */
function pastOf(change: DatedChange, today: LocalDate): readonly DatedChange[] {
  if (change.to < today) return [change]
  if (change.from >= today) return []
  return [{ ...change, id: `${change.id}-before-${today}`, to: dateOf(dayOf(today) - 1) }]
}

function restoreServices(profile: Profile, earlier: Profile, today: LocalDate): Restored {
  const then = earlier.services ?? {}
  if (isDeepStrictEqual(profile.services ?? {}, then)) return { profile, refused: [] }
  const left = Object.entries(profile.services ?? {}).filter(([code]) => Object.hasOwn(then, code))
  const start: Profile = { ...profile, services: Object.fromEntries(left) }
  return Object.entries(then).reduce<Restored>(
    ({ profile: now, refused }, [code, answer]) =>
      settled(now, decideSetServices(now, { [code]: answer }, { today }), refused),
    { profile: start, refused: [] },
  )
}

function restoreFacilities(profile: Profile, earlier: Profile): Restored {
  const then = earlier.facilities ?? {}
  if (isDeepStrictEqual(profile.facilities ?? {}, then)) return { profile, refused: [] }
  const left = Object.entries(profile.facilities ?? {}).filter(([id]) => Object.hasOwn(then, id))
  const start: Profile = { ...profile, facilities: Object.fromEntries(left) }
  return Object.entries(then).reduce<Restored>(
    ({ profile: now, refused }, [id, answer]) => settled(now, decideSetFacilities(now, { [id]: answer }), refused),
    { profile: start, refused: [] },
  )
}

const same = (profile: Profile): Result<Profile> => ({ ok: true, value: profile })

const settled = (profile: Profile, decided: Result<Profile>, refused: readonly Problem[] = []): Restored =>
  decided.ok ? { profile: decided.value, refused } : { profile, refused: [...refused, ...decided.problems] }
