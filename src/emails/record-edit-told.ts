/** What became of an edit of a service's record: to its author, and whoever else it concerns; and that one waits for them. Text: record-edit-told.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type RecordEditTold = {
  readonly kind: 'record-edit-told'
  readonly editId: number
  /** Of the edit: each outcome of it is told once. */
  readonly version: number
  readonly what: 'waiting' | 'approved' | 'declined' | 'conflict'
  readonly recipient: string
  /** Null when we do not know it. */
  readonly name: string | null
  /** Whether the recipient wrote the edit; otherwise they decided it, or changed the same fields. */
  readonly isAuthor: boolean
  /** Null for a new service. */
  readonly uid: number | null
  readonly serviceName: string
  readonly author: string
  readonly decidedBy: string
  /** The values only where everybody may see them; what else there is stands on the page. */
  readonly fields: readonly {
    readonly field: string
    readonly values: { readonly before: string; readonly proposed: string; readonly now: string } | null
  }[]
  /** In the words of whoever decided. */
  readonly note: string | null
}

const render = emailText<{
  name: string | null
  what: RecordEditTold['what']
  isAuthor: boolean
  service: string
  author: string
  decidedBy: string
  fields: RecordEditTold['fields']
  note: string
  reference: string
  address: string
}>('emails/record-edit-told.njk')

const SUBJECTS: Readonly<Record<RecordEditTold['what'], string>> = {
  waiting: 'Agree to a change',
  approved: 'Approved and published',
  declined: 'Not approved',
  conflict: 'Choose what is right',
}

/** The reference that pages and emails give an edit. */
export const editReference = (editId: number): string => `R${String(editId).padStart(5, '0')}`

/** Writes the email. One outcome of one version, one email a recipient. */
export function writeRecordEditTold(facts: RecordEditTold, baseUrl: string): Email {
  const { editId, version, what, uid, note } = facts
  const service = oneLine(uid === null ? facts.serviceName : `${facts.serviceName} (${uid})`)
  return {
    event: `record-edit ${editId} ${version} ${what}`,
    recipient: facts.recipient,
    subject: oneLine(`${SUBJECTS[what]}: the record of ${service}`),
    text: render({
      name: facts.name === null ? null : oneLine(facts.name),
      what,
      isAuthor: facts.isAuthor,
      service,
      author: oneLine(facts.author),
      decidedBy: oneLine(facts.decidedBy),
      fields: facts.fields.map(({ field, values }) => ({
        field: oneLine(field),
        values: values && {
          before: oneLine(values.before),
          proposed: oneLine(values.proposed),
          now: oneLine(values.now),
        },
      })),
      note: note === null ? '' : quote(note),
      reference: editReference(editId),
      address: `${baseUrl}/workspace/approvals/${editId}`,
    }),
  }
}

/** Marks every line, so that what somebody wrote cannot pass for what we say. */
const quote = (text: string): string =>
  text
    .trim()
    .split(/\r\n|\r|\n|\u2028|\u2029/)
    .map((line) => `> ${line}`)
    .join('\n')
