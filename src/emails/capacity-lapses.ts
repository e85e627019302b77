/** "Is it still Red?": to whoever set a Red or Amber that is about to end. Text: capacity-lapses.njk */
import { formatDateShort, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type CapacityLapses = {
  readonly kind: 'capacity-lapses'
  readonly recipient: string
  /** Of the history, the first of those that lapse together. */
  readonly settingId: number
  /** UTC ISO text: when they turn Green. */
  readonly resetAt: string
  readonly services: readonly { readonly uid: number; readonly name: string; readonly status: string }[]
}

const render = emailText<{
  many: boolean
  when: string
  services: readonly string[]
  address: string
}>('emails/capacity-lapses.njk')

/** Writes the email. One for each time that somebody sets services; not worth sending when they are Green already. */
export function writeCapacityLapses(facts: CapacityLapses, baseUrl: string): Email {
  const { day, minute } = toLondon(new Date(facts.resetAt))
  const [first] = facts.services
  const many = facts.services.length > 1
  const what = many || !first ? `${facts.services.length} services turn` : `${first.name} turns`
  return {
    event: `capacity-lapses ${facts.settingId}`,
    recipient: facts.recipient,
    subject: oneLine(`${what} Green at ${formatTime(minute)}`),
    text: render({
      many,
      when: `${formatTime(minute)} on ${formatDateShort(dateOf(day))}`,
      services: facts.services.map(({ name, status }) => `${oneLine(name)}: ${STATUS_WORDS[status] ?? status}`),
      address: many || !first ? `${baseUrl}/capacity` : `${baseUrl}/capacity/${first.uid}`,
    }),
    uselessAfter: facts.resetAt,
  }
}

const STATUS_WORDS: Readonly<Record<string, string>> = { RED: 'Red', AMBER: 'Amber', GREEN: 'Green' }
