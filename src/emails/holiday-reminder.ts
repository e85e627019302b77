/** "Are you open on Christmas Day?": to whoever may answer for pharmacies, all of theirs in one email. Text: holiday-reminder.njk */
import { formatDate } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { pharmacyLine } from './check-reminder.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type HolidayReminder = {
  readonly kind: 'holiday-reminder'
  readonly recipient: string
  /** Null for a mailbox that people share. */
  readonly name: string | null
  /** What this reminder is, such as `holiday 2026-12-25 56 days before`. */
  readonly reminder: string
  /** The holidays asked for, in order. */
  readonly days: readonly { readonly date: LocalDate; readonly title: string }[]
  readonly pharmacies: readonly {
    readonly odsCode: string
    readonly name: string
    readonly postcode: string
    /** Those of the days that are not answered. */
    readonly dates: readonly LocalDate[]
  }[]
}

const render = emailText<{
  name: string | null
  many: boolean
  pharmacies: readonly { readonly heading: string; readonly days: string }[]
  address: string
  contactAddress: string
}>('emails/holiday-reminder.njk')

/** Writes the email. One reminder, one email a recipient. */
export function writeHolidayReminder(facts: HolidayReminder, baseUrl: string): Email {
  const titles = new Map(facts.days.map(({ date, title }) => [date, title]))
  const [first] = facts.pharmacies
  const many = facts.pharmacies.length > 1
  const asked = facts.days.filter(({ date }) => facts.pharmacies.some(({ dates }) => dates.includes(date)))
  const which = many || !first ? `${facts.pharmacies.length} pharmacies are` : `${first.name} is`
  return {
    event: `holiday-reminder ${facts.reminder}`,
    recipient: facts.recipient,
    subject: oneLine(
      `Tell patients if ${which} open on ${asked[0]?.title ?? 'bank holidays'}${moreDays(asked.length)}`,
    ),
    text: render({
      name: facts.name === null ? null : oneLine(facts.name),
      many,
      pharmacies: facts.pharmacies.map((pharmacy) => ({
        heading: pharmacyLine(pharmacy),
        days: pharmacy.dates.map((date) => `${titles.get(date) ?? 'Bank holiday'}, ${formatDate(date)}`).join('\n'),
      })),
      address: many || !first ? `${baseUrl}/manage` : `${baseUrl}/manage/${first.odsCode}/bank-holidays`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}

const moreDays = (count: number): string =>
  count <= 1 ? '' : count === 2 ? ' and 1 more day' : ` and ${count - 1} more days`
