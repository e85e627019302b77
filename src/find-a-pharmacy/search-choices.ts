/** What a visitor can choose on the page of results: when, and what the pharmacy has. Each choice is an address. Pure. */
import { type LondonTime, weekdayIndex } from '#src/rules/london-time.ts'
import { momentWords } from '#src/rules/opening-words.ts'
import { WANTED_ACCESS } from '#src/rules/wanted-access.ts'
import { WANTED_GROUP_LABELS, WANTED_GROUPS, wantedInGroup } from '#src/rules/wanted-services.ts'
import { type Link, type Opening, openParameter, type Search, searchAddress } from './search-request.ts'
import { eachWant, NOTHING_WANTED } from './wants.ts'

export type Choice = Link & { readonly isCurrent: boolean }

/** The lists that both forms show: of services by group, and of what people need of a building and its staff. */
export type WantLists = {
  readonly groups: readonly {
    readonly label: string
    readonly services: readonly { readonly slug: string; readonly label: string }[]
  }[]
  readonly access: readonly { readonly slug: string; readonly label: string }[]
}

export const WANT_LISTS: WantLists = {
  groups: WANTED_GROUPS.map((group) => ({ label: WANTED_GROUP_LABELS[group], services: wantedInGroup(group) })),
  access: WANTED_ACCESS,
}

/** The filters of the page of results: what is chosen, each with the address without it, and the form's hidden fields. */
export type FilterView = {
  readonly lists: WantLists
  readonly service: string
  readonly access: readonly string[]
  readonly delivery: boolean
  /** Place and time, which the filter form keeps. */
  readonly kept: readonly { readonly name: string; readonly value: string }[]
  readonly chosen: readonly { readonly text: string; readonly remove: string }[]
  /** The search without any of them; null where there is none or one. */
  readonly removeAll: string | null
}

/** What is chosen besides the time. */
export function filterView(search: Search): FilterView {
  const { service, access, delivery } = search.wants
  const chosen = eachWant(search.wants).map(({ text, without }) => ({
    text,
    remove: searchAddress({ ...search, wants: without }),
  }))
  const bare = { ...search, wants: NOTHING_WANTED }
  return {
    lists: WANT_LISTS,
    service: service?.slug ?? '',
    access: access.map(({ slug }) => slug),
    delivery,
    kept: [...new URL(searchAddress(bare), 'http://here').searchParams].map(([name, value]) => ({ name, value })),
    chosen,
    removeAll: chosen.length > 1 ? searchAddress(bare) : null,
  }
}

const EVENING_MINUTE = 20 * 60
const SUNDAY_MINUTE = 11 * 60

/** Any time, now, the time that was asked for, and the times at which an open pharmacy is hard to find. */
export function openingChoices(search: Search, now: LondonTime): readonly Choice[] {
  const { opening } = search
  const sunday = now.day + ((6 - weekdayIndex(now.day) + 7) % 7 || (now.minute < SUNDAY_MINUTE ? 0 : 7))
  const openings: readonly Opening[] = [
    { kind: 'any' },
    { kind: 'now' },
    { kind: 'at', at: { day: now.day + (now.minute < EVENING_MINUTE ? 0 : 1), minute: EVENING_MINUTE } },
    { kind: 'at', at: { day: sunday, minute: SUNDAY_MINUTE } },
    ...(opening.kind === 'at' ? [opening] : []),
  ]
  const current = openParameter(opening)
  const byParameter = new Map(openings.map((choice) => [openParameter(choice), choice]))
  return [...byParameter].map(([parameter, choice]) => ({
    text: choiceWords(choice, now),
    href: searchAddress({ ...search, opening: choice }),
    isCurrent: parameter === current,
  }))
}

function choiceWords(choice: Opening, now: LondonTime): string {
  if (choice.kind === 'any') return 'Any time'
  return choice.kind === 'now' ? 'Open now' : `Open at ${momentWords(choice.at, now)}`
}

/** Searches that ask for one thing less than this one, each in words; last the one that asks for nothing but a pharmacy. */
export function widerSearches(search: Search): readonly { readonly text: string; readonly search: Search }[] {
  const { opening, wants } = search
  const anyTime = { ...search, opening: { kind: 'any' } as const }
  const less = [
    ...(opening.kind === 'any' ? [] : [{ text: 'At any time', search: anyTime }]),
    ...eachWant(wants).map(({ text, without }) => ({
      text: `Without “${text}”`,
      search: { ...search, wants: without },
    })),
  ]
  if (less.length < 2) return less
  return [...less, { text: 'Any pharmacy at any time', search: { ...anyTime, wants: NOTHING_WANTED } }]
}
