/** What the desk does to a ticket: the forms of its page -> an act | problems. Reads the database, writes nothing. */
import type { Queryable } from '#src/platform/db/db.ts'
import { type Fields, lineIn } from '#src/platform/http/form-fields.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'
import type { DeskAct } from '../act-on-ticket.ts'
import { parseEvidence, parseFactsForm } from '../ask.form.ts'
import { loadDesk } from '../desk-people.ts'
import { findLink } from '../raise-ticket.ts'
import type { Ticket } from '../ticket-records.ts'
import { parseMessage } from '../typed-words.ts'

type Given = { readonly ticket: Ticket; readonly db: Queryable; readonly me: string; readonly now: Date }

/** Reads what was pressed and typed. */
export async function parseDeskAct(fields: Fields, given: Given): Promise<Result<DeskAct>> {
  const act = lineIn(fields, 'act')
  if (act === 'close') return parseClosing(fields)
  if (act === 'change') return await parseChange(fields, given)
  if (act === 'take') {
    const { category, severity, odsCode, serviceUid } = given.ticket
    return accepted({ act: 'change', facts: { category, severity, odsCode, serviceUid, assignedTo: given.me } })
  }
  if (act !== 'reply' && act !== 'note' && act !== 'reopen') {
    return refused({ field: 'thread', code: 'invalid', message: 'Choose what to do with the ticket' })
  }
  const words = parseMessage(fields[`${act}-words`] ?? '', `${act}-words`, MISSING[act])
  return words.ok ? accepted({ act, words: words.value }) : words
}

const MISSING = {
  reply: 'Enter your answer',
  note: 'Enter your note',
  reopen: 'Enter why you open it again',
} as const

function parseClosing(fields: Fields): Result<DeskAct> {
  const words = parseMessage(fields['close-words'] ?? '', 'close-words', 'Enter what was done')
  const evidence = parseEvidence(lineIn(fields, 'evidence'))
  if (words.ok && evidence.ok) return accepted({ act: 'close', words: words.value, evidence: evidence.value })
  return refused(...(words.ok ? [] : words.problems), ...(evidence.ok ? [] : evidence.problems))
}

async function parseChange(fields: Fields, { db, now }: Given): Promise<Result<DeskAct>> {
  const parsed = parseFactsForm(fields)
  if (!parsed.ok) return parsed
  const { category, severity, link, assigned } = parsed.value
  const { odsCode, serviceUid } = await findLink(db, link)
  if (link !== '' && odsCode === null && serviceUid === null) {
    return refused({ field: 'link', code: 'unknown', message: 'We know no pharmacy and no service with this code' })
  }
  if (assigned !== '' && !(await loadDesk(db, now)).includes(assigned)) {
    return refused({ field: 'assigned', code: 'unknown', message: 'Select somebody who works on the desk' })
  }
  const assignedTo = assigned === '' ? null : `person:${assigned}`
  return accepted({ act: 'change', facts: { category, severity, odsCode, serviceUid, assignedTo } })
}
