/** Queries in words, for both sides. */
import type { Queryable } from '#src/platform/db/db.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { QUERY_OUTCOMES, queryStateOf } from '#src/rules/asked-fields.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { loadMessages, type Query } from '../queries.ts'

export type Tag = { readonly text: string; readonly colour: string }
export type Row = {
  readonly address: string | null
  readonly title: string
  readonly lines: readonly string[]
  readonly tag: Tag | null
}
export type MessageView = {
  readonly who: string
  readonly side: string
  readonly colour: string
  readonly when: string
  readonly words: string
}

/** Where a query stands, in the words of whoever reads it. */
export function queryTag(query: Pick<Query, 'turn' | 'replyBy'>, today: LocalDate, side: 'lead' | 'pharmacy'): Tag {
  switch (queryStateOf(query, today)) {
    case 'closed':
      return { text: 'Closed', colour: 'grey' }
    case 'overdue':
      return { text: 'Overdue', colour: 'red' }
    case 'waits-for-lead':
      return { text: side === 'lead' ? 'Answered' : 'You have answered', colour: 'green' }
    case 'waits-for-pharmacy':
      return { text: side === 'lead' ? 'Waits for the pharmacy' : 'Answer this', colour: 'yellow' }
  }
}

const LONGEST_EXCERPT = 160
const excerpt = (words: string): string =>
  words.length > LONGEST_EXCERPT ? `${words.slice(0, LONGEST_EXCERPT).trimEnd()}…` : words

/** A query in a list. */
export const queryRow = (query: Query, today: LocalDate, side: 'lead' | 'pharmacy'): Row => ({
  address: side === 'lead' ? `/workspace/queries/${query.id}` : `/manage/${query.odsCode}/queries/${query.id}`,
  title:
    side === 'lead'
      ? `${query.pharmacyName}, ${query.odsCode}: ${fieldLabel(query.field, 'community').toLowerCase()}`
      : fieldLabel(query.field, 'community'),
  lines: [
    excerpt(query.question),
    query.outcome ? QUERY_OUTCOMES[query.outcome] : `Reply by ${formatDateShort(query.replyBy)}`,
  ],
  tag: queryTag(query, today, side),
})

/** The thread of a query, and how it was closed; null while it is open. */
export async function queryThread(
  db: Queryable,
  query: Query,
): Promise<{ readonly messages: readonly MessageView[]; readonly closed: string | null }> {
  const messages = await loadMessages(db, query.id)
  const nameOf = await loadNames(db, [...messages.map(({ person }) => person), query.closedBy])
  const closed =
    query.closedAt && query.outcome
      ? `${QUERY_OUTCOMES[query.outcome]}. Closed by ${nameOf(query.closedBy ?? '')} on ${formatMomentIn(query.closedAt)}.`
      : null
  return {
    messages: messages.map(({ side, person, writtenAt, words }) => ({
      who: nameOf(person),
      side: side === 'lead' ? 'Directory team' : 'Pharmacy',
      colour: side === 'lead' ? 'blue' : 'grey',
      when: formatMomentIn(writtenAt),
      words,
    })),
    closed,
  }
}
