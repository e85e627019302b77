/** Who is told what became of an edit: its author, whoever decided, and whoever changed the same fields. */
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { RecordEditTold } from '#src/emails/record-edit-told.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { type ServiceField, visibleTo } from '#src/rules/audience.ts'
import { changeLines, nameOf } from '#src/rules/change-lines.ts'
import type { FieldMeeting } from '#src/rules/field-conflicts.ts'
import { fieldOf, type ServiceEdit } from './service-edit.ts'
import { lastChangersOf } from './service-edit-store.ts'
import { loadApprovers } from './who-approves.ts'

export type Telling = {
  readonly what: RecordEditTold['what']
  /** The record as it is, before the edit. */
  readonly record: ServiceRecord
  readonly by: Actor
  readonly note: string | null
  /** The fields that somebody else changed too. */
  readonly conflicts?: readonly FieldMeeting[]
}

/** Tells those who can agree that an edit waits for one of them. */
export async function askApprovers(tx: Tx, edit: ServiceEdit, asking: Pick<Telling, 'record' | 'by'>, now: Date) {
  const { emails } = await loadApprovers(tx, edit, now)
  await queueTold(tx, edit, { ...asking, what: 'waiting', note: null }, { emails, names: [] })
}

/** Queues the emails; the same address is written to once. */
export async function tellOfEdit(tx: Tx, edit: ServiceEdit, telling: Telling): Promise<void> {
  const { by, what, conflicts = [] } = telling
  const names = conflicts.map(({ field }) => field)
  const others =
    what === 'conflict' && edit.uid !== null ? await lastChangersOf(tx, edit.uid, names) : [auditNameOf(by)]
  const people = [...new Set([edit.author, ...others])].filter((actor) => actor.startsWith('person:'))
  const emails = people.map((actor) => actor.slice('person:'.length))
  await queueTold(tx, edit, telling, { emails, names })
}

async function queueTold(
  tx: Tx,
  edit: ServiceEdit,
  { record, by, note, what }: Telling,
  { emails, names }: { readonly emails: readonly string[]; readonly names: readonly string[] },
): Promise<void> {
  const known = await tx
    .selectFrom('person')
    .select(['email', 'name'])
    .where('email', '=', (value) => value.fn.any(value.val([...emails, edit.author.slice('person:'.length)])))
    .execute()
  const nameBy = new Map(known.map(({ email, name }) => [email, name]))
  const author = edit.author.slice('person:'.length)
  for (const recipient of emails) {
    await queueEmail(tx, {
      kind: 'record-edit-told',
      editId: edit.id,
      version: edit.version,
      what,
      recipient,
      name: nameBy.get(recipient) ?? null,
      isAuthor: recipient === author,
      uid: edit.uid,
      serviceName: record.name || String(edit.proposed.name ?? ''),
      author: nameBy.get(author) ?? author,
      decidedBy: by.name,
      fields: fieldsOf(edit, record, names),
      note,
    })
  }
}

/** Only what everybody may see travels by email, see `rules/audience.ts`; of the rest the name. */
function fieldsOf({ base, proposed }: ServiceEdit, record: ServiceRecord, only: readonly string[]) {
  const fields = Object.keys(proposed).filter((field) => only.length === 0 || only.includes(field))
  return fields.map((field) => {
    if (!isPublic(field)) return { field: nameOf(field), values: null }
    const inWords = (value: unknown) => changeLines(field, null, value).map(({ after }) => after)
    const values = { before: base[field], proposed: proposed[field], now: fieldOf(record, field) }
    const words = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, inWords(value).join('; ')]))
    return { field: nameOf(field), values: words as { before: string; proposed: string; now: string } }
  })
}

const HOURS: readonly string[] = ['weekly', 'bankHoliday', 'specified', 'openAllHours']

/** Never throws: a field that the table of audiences does not name is nobody's. */
const isPublic = (field: string): boolean =>
  visibleTo('public', `service.${(HOURS.includes(field) ? 'hours' : field) as ServiceField}`)
