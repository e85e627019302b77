/** What is new at a pharmacy, for those who follow it: closures, dates with other hours, and what was changed lately. Pure. */
import { closureLabel, minuteInWords, spanStateAt } from '#src/profiles/closure-words.ts'
import type { ProfileSection } from '#src/profiles/profile.ts'
import type { PublicProfileView } from '#src/profiles/profile-index.ts'
import { formatDate, formatSessions } from '#src/rules/clock-time.ts'
import { dateOf, instantOf, type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'

export type NewsItem = {
  /** The same for as long as it is the same news. */
  readonly id: string
  readonly odsCode: string
  readonly title: string
  readonly text: string
  /** When it began to be true, or when it was told. UTC. */
  readonly at: Date
}

/** How long a change of a section is news. */
const NEWS_DAYS = 30
const MOST_ITEMS = 50
const DAY_MS = 86_400_000

const SECTION_NEWS: Partial<Readonly<Record<ProfileSection, string>>> = {
  contact: 'Contact details changed',
  hours: 'Opening times changed',
  holidays: 'Bank holiday times changed',
  services: 'Services changed',
  facilities: 'Facilities changed',
}

/** The news of some pharmacies, latest first; nothing of those that are hidden. */
export function newsOf(profiles: Iterable<PublicProfileView>, now: LondonTime): readonly NewsItem[] {
  return [...profiles]
    .filter(({ status }) => status !== 'hidden')
    .flatMap((profile) => [...closureNews(profile, now), ...datedNews(profile, now), ...sectionNews(profile, now)])
    .toSorted((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_ITEMS)
}

/** In force or to come. */
function closureNews(profile: PublicProfileView, now: LondonTime): readonly NewsItem[] {
  return profile.closures
    .filter((closure) => spanStateAt(closure, now) !== 'over')
    .map((closure) =>
      item(profile, `closure-${closure.id}-${closure.until ?? 'unknown'}`, {
        title: closureLabel(closure),
        text: [reopeningOn(closure.until), closure.advice ?? ''].filter((part) => part !== '').join('. '),
        at: beganOrTold(parseLondonMinute(closure.from), profile, now),
      }),
    )
}

/** With its date: who reads a feed may have fetched it yesterday, when “tomorrow” was another day. */
const reopeningOn = (until: string | null): string =>
  until === null ? 'We do not know when it will reopen' : `Expected to reopen at ${minuteInWords(until)}`

function datedNews(profile: PublicProfileView, now: LondonTime): readonly NewsItem[] {
  const today = dateOf(now.day)
  return profile.changes
    .filter(({ to }) => to >= today)
    .map(({ id, from, to, sessions, note }) =>
      item(profile, `change-${id}-${from}-${to}`, {
        title: `${sessions.length === 0 ? 'Closed' : 'Other hours'} on ${formatDate(from)}${to === from ? '' : ` to ${formatDate(to)}`}`,
        text: [sessions.length === 0 ? 'Closed all day' : formatSessions(sessions), note ?? '']
          .filter((part) => part !== '')
          .join('. '),
        at: new Date(profile.sections.changes.changedAt),
      }),
    )
}

function sectionNews(profile: PublicProfileView, now: LondonTime): readonly NewsItem[] {
  const since = instantOf(now).getTime() - NEWS_DAYS * DAY_MS
  return Object.entries(SECTION_NEWS).flatMap(([section, title]) => {
    const { changedAt, fromList } = profile.sections[section as ProfileSection]
    if (fromList || new Date(changedAt).getTime() < since) return []
    return [
      item(profile, `${section}-${changedAt}`, {
        title,
        text: 'See what the pharmacy says now.',
        at: new Date(changedAt),
      }),
    ]
  })
}

function beganOrTold(began: LondonTime | undefined, { sections }: PublicProfileView, now: LondonTime): Date {
  const told = new Date(sections.changes.changedAt)
  const start = began ? instantOf(began) : told
  return start <= instantOf(now) ? start : told
}

function item(
  { odsCode, name }: PublicProfileView,
  id: string,
  { title, ...more }: Pick<NewsItem, 'title' | 'text' | 'at'>,
): NewsItem {
  return {
    id: `${odsCode}-${id}`,
    odsCode,
    title: `${name}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
    ...more,
  }
}
