/** A contact as pages show it. */
import { formatDateShort } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { dueOn, isDue, type StoredContact } from '../contact-records.ts'

export type ContactView = {
  readonly areaCode: string
  readonly name: string
  readonly isRegion: boolean
  readonly mailbox: string
  readonly phone: Phone | null
  readonly nightPhone: Phone | null
  readonly owner: string
  /** `3 October 2026 by Lea Dowd`, or `Never`. */
  readonly confirmed: string
  readonly isLate: boolean
  /** By when it must be confirmed again; null: now. */
  readonly due: string | null
}
type Phone = { readonly text: string; readonly href: string }

/** The words of a contact on a day. */
export function viewOf(contact: StoredContact, today: LocalDate, nameOf: (actor: string) => string): ContactView {
  const { areaCode, name, level, mailbox, owner, confirmedOn, confirmedBy } = contact
  const by = confirmedBy?.startsWith('person:') ? ` by ${nameOf(confirmedBy)}` : ''
  const isLate = isDue(contact, today)
  const due = dueOn(contact)
  return {
    ...{ areaCode, name, mailbox, owner, isLate },
    isRegion: level === 'region',
    phone: phoneOf(contact.phone),
    nightPhone: phoneOf(contact.nightPhone),
    confirmed: confirmedOn === null ? 'Never' : `${formatDateShort(confirmedOn)}${by}`,
    due: isLate || due === null ? null : formatDateShort(due),
  }
}

/** An extension is said, not dialled. */
const phoneOf = (text: string | null): Phone | null =>
  text === null ? null : { text, href: `tel:${text.replace(/ ext .*/, '').replaceAll(' ', '')}` }
