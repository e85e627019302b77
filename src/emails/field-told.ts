/** What happened to a field that a lead holds or proposes a value for: to the other side. Text: field-told.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'
import { quoted } from './quoted-words.ts'

export type FieldTold = {
  readonly kind: 'field-told'
  /**
   * `held`, `released`: a hold began or was ended. `waiting`: a pharmacy sent a change of a held field. `proposed`,
   * `withdrawn`, `declined`, `taken`, `agreed`: a value was proposed, and what became of a value.
   */
  readonly what: 'held' | 'released' | 'waiting' | 'proposed' | 'withdrawn' | 'declined' | 'taken' | 'agreed'
  /** Names the hold or value: `hold 7`, `value 12`. */
  readonly about: string
  readonly recipient: string
  readonly name: string | null
  readonly odsCode: string
  readonly pharmacyName: string
  readonly field: string
  /** Why, in the words of whoever did it; empty: they said nothing. */
  readonly words: string
  /** When a hold ends, in words; null: this is not about a hold. */
  readonly until: string | null
  /** The page to open, without the beginning of the address. */
  readonly path: string
}

const render = emailText<{
  name: string | null
  what: FieldTold['what']
  pharmacy: string
  field: string
  words: string
  until: string
  address: string
}>('emails/field-told.njk')

const SUBJECTS: Readonly<Record<FieldTold['what'], string>> = {
  held: 'Held',
  released: 'Not held any more',
  waiting: 'A change waits',
  proposed: 'A value is proposed',
  withdrawn: 'Withdrawn',
  declined: 'Declined',
  taken: 'Taken over',
  agreed: 'Settled',
}

/** Writes the email. Values are on the page and never in it: some are not public. */
export function writeFieldTold(facts: FieldTold, baseUrl: string): Email {
  const { what, about, odsCode, pharmacyName, field } = facts
  return {
    event: `field ${about} ${what}`,
    recipient: facts.recipient,
    subject: oneLine(`${SUBJECTS[what]}: ${field.toLowerCase()} of ${pharmacyName}`),
    text: render({
      name: facts.name === null ? null : oneLine(facts.name),
      what,
      pharmacy: oneLine(`${pharmacyName} (${odsCode})`),
      field,
      words: quoted(facts.words),
      until: facts.until ?? '',
      address: `${baseUrl}${facts.path}`,
    }),
  }
}
