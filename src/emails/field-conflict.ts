/** Two values for one field of a profile: to both people, who see both and choose. Text: field-conflict.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type FieldConflict = {
  readonly kind: 'field-conflict'
  readonly valueId: number
  readonly recipient: string
  readonly name: string | null
  /** Whether the reader chooses for the pharmacy, or asked for the value that is not in the profile. */
  readonly side: 'pharmacy' | 'lead'
  readonly odsCode: string
  readonly pharmacyName: string
  readonly field: string
  /** Null: the field is not public, and its values stand on the page alone. */
  readonly rows: readonly ConflictRow[] | null
  /** The DoS services that say what the field says. */
  readonly services: readonly { readonly name: string; readonly uid: number }[]
}

export type ConflictRow = {
  readonly label: string
  readonly before: string
  readonly yours: string
  readonly theirs: string
}

const render = emailText<{
  name: string | null
  side: FieldConflict['side']
  pharmacy: string
  field: string
  rows: readonly ConflictRow[] | null
  services: readonly { name: string; uid: number }[]
  more: number
  reference: string
  address: string
}>('emails/field-conflict.njk')

/** As many services as a reader takes in. */
const MOST_SERVICES = 10

/** The reference that pages and emails give a value. */
export const valueReference = (id: number): string => `V${String(id).padStart(5, '0')}`

/** Writes the email. */
export function writeFieldConflict(facts: FieldConflict, baseUrl: string): Email {
  const { valueId, side, odsCode, pharmacyName, field, services } = facts
  return {
    event: `field-conflict ${valueId}`,
    recipient: facts.recipient,
    subject: oneLine(`Two values to choose from: ${field.toLowerCase()} of ${pharmacyName}`),
    text: render({
      name: facts.name === null ? null : oneLine(facts.name),
      side,
      pharmacy: oneLine(`${pharmacyName} (${odsCode})`),
      field,
      rows: facts.rows?.map(lineByLine) ?? null,
      services: services.slice(0, MOST_SERVICES).map(({ name, uid }) => ({ name: oneLine(name), uid })),
      more: Math.max(0, services.length - MOST_SERVICES),
      reference: valueReference(valueId),
      address:
        side === 'lead'
          ? `${baseUrl}/workspace/conflicts/${valueId}`
          : `${baseUrl}/manage/${odsCode}/queries/values/${valueId}`,
    }),
  }
}

const lineByLine = ({ label, before, yours, theirs }: ConflictRow): ConflictRow => ({
  label: oneLine(label),
  before: oneLine(before),
  yours: oneLine(yours),
  theirs: oneLine(theirs),
})
