/** "What changed in your area": each morning, to DoS leads and whoever else asked for it. Text: daily-digest.njk */
import { formatDate } from '#src/rules/clock-time.ts'
import { type LocalDate, parseLocalDate } from '#src/rules/london-time.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type DailyDigest = {
  readonly kind: 'daily-digest'
  readonly recipient: string
  /** Null for somebody who has never signed in. */
  readonly name: string | null
  /** The ICB by its ODS code; null: all of England. */
  readonly area: string | null
  /** The London days it is about, the last one last: yesterday, and for some the days off before it. */
  readonly days: readonly LocalDate[]
  /** Changed fields of services, by name and number, most first. Changes of spelling alone are not among them. */
  readonly counts: readonly { readonly what: string; readonly count: number }[]
  /** The changes that matter most, each in a line, without a number or text that is not public. */
  readonly top: readonly string[]
  readonly closures: {
    /** Pharmacies that are closed now, or some of their services. */
    readonly inForce: number
    /** Closures that began on those days, each in a line, and how many more there are. */
    readonly begun: readonly string[]
    readonly more: number
  }
}

type Link = { readonly day: string; readonly page: string; readonly csv: string }
type View = Omit<DailyDigest, 'days' | 'area'> & {
  readonly where: string
  readonly when: string
  readonly total: number
  readonly links: readonly Link[]
  readonly settingAddress: string
}

const render = emailText<View>('emails/daily-digest.njk')

/** Writes the email: one a person, area and day. */
export function writeDailyDigest(facts: DailyDigest, baseUrl: string): Email {
  const { area, days, counts, closures } = facts
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const where = area ?? 'England'
  const last = days.at(-1) ?? ''
  const when = days.map(inWords).join(', ')
  const what = total === 0 ? 'nothing changed' : `${inDigits(total)} change${total === 1 ? '' : 's'}`
  return {
    event: `daily-digest ${where} ${last}`,
    recipient: facts.recipient,
    subject: oneLine(`Directory of Services, ${where}, ${inWords(last)}: ${what}`),
    text: render({
      ...facts,
      name: facts.name === null ? null : oneLine(facts.name),
      where,
      when,
      total,
      counts: counts.map((each) => ({ what: oneLine(each.what), count: each.count })),
      top: facts.top.map(oneLine),
      closures: { ...closures, begun: closures.begun.map(oneLine) },
      links: days.map((day) => linkOf(baseUrl, day, area)),
      settingAddress: `${baseUrl}/account/daily-email`,
    }),
  }
}

function linkOf(baseUrl: string, date: LocalDate | '', area: string | null): Link {
  const query = new URLSearchParams({ date, ...(area !== null && { area }) })
  const page = `${baseUrl}/reports/daily-changes`
  return { day: inWords(date), page: `${page}?${query}`, csv: `${page}.csv?${query}` }
}

const inWords = (date: string): string => {
  const day = parseLocalDate(date)
  return day ? formatDate(day) : ''
}
const inDigits = (count: number): string => count.toLocaleString('en-GB')
